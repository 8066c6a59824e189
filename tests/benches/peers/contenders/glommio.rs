//! glommio: one executor on io_uring. Where the kernel (or a container) gives no io_uring, it can't
//! be made, panics, and is left out with that reason.
//!
//! Its `spawn_local` polls the new task at once, inside the call: a task that is ready never sees the
//! ready queue, and a tree of tasks is walked by recursion. That is what its users write, so it
//! counts; `spawn_local_into` only queues the task, as everybody else does, and takes part too.

use std::time::Duration;

use glommio::timer::Timer;
use glommio::{GlommioError, LocalExecutorBuilder, Task, TaskQueueHandle};

use super::{Needs, Runtime, Timers};

#[derive(Clone)]
pub struct Glommio;

impl Runtime for Glommio {
    const NAME: &'static str = "glommio";

    type Handle<T: 'static> = Task<T>;

    fn run<F>(_: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        run(async move { body(Glommio).await })
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        glommio::spawn_local(future)
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        glommio::spawn_local(future).detach();
    }
}

#[derive(Clone)]
pub struct GlommioQueued;

impl Runtime for GlommioQueued {
    const NAME: &'static str = "glommio queued";

    type Handle<T: 'static> = Task<T>;

    fn run<F>(_: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        run(async move { body(GlommioQueued).await })
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        glommio::spawn_local_into(future, TaskQueueHandle::default()).expect("the first queue")
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        self.spawn(future).detach();
    }
}

/// What is given to glommio's `run` is a task already.
fn run<F: Future>(body: F) -> F::Output {
    LocalExecutorBuilder::default().make().expect("no io_uring here").run(body)
}

impl Timers for Glommio {
    async fn sleep(duration: Duration) {
        Timer::new(duration).await;
    }

    async fn timeout<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
        let body = async { Ok::<_, GlommioError<()>>(future.await) };
        glommio::timer::timeout(duration, body).await.ok()
    }
}
