//! async-executor, in its two single-threaded forms: `LocalExecutor` keeps a table of its tasks,
//! `StaticLocalExecutor` lives for ever and does without. Where something sleeps, async-io has the
//! timers, as in smol.

use std::rc::Rc;
use std::time::Duration;

use async_executor::{LocalExecutor, StaticLocalExecutor, Task};
use async_io::Timer;
use futures_lite::FutureExt;

use super::{Needs, Runtime, Timers};

#[derive(Clone)]
pub struct Local(Rc<LocalExecutor<'static>>);

impl Runtime for Local {
    const NAME: &'static str = "LocalExecutor";

    type Handle<T: 'static> = Task<T>;

    fn run<F>(needs: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        let local = Local(Rc::new(LocalExecutor::new()));
        let main = local.spawn(body(local.clone()));
        block_on(needs, local.0.run(main))
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        self.0.spawn(future)
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        self.0.spawn(future).detach();
    }
}

/// Each run leaks an executor, by design: a few hundred bytes.
#[derive(Clone)]
pub struct Static(&'static StaticLocalExecutor);

impl Runtime for Static {
    const NAME: &'static str = "StaticLocalExecutor";

    type Handle<T: 'static> = Task<T>;

    fn run<F>(needs: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        let local = Static(LocalExecutor::new().leak());
        let main = local.spawn(body(local.clone()));
        block_on(needs, local.0.run(main))
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        self.0.spawn(future)
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        self.0.spawn(future).detach();
    }
}

fn block_on<F: Future>(needs: Needs, future: F) -> F::Output {
    if needs == Needs::Timers {
        async_io::block_on(future)
    } else {
        futures_lite::future::block_on(future)
    }
}

impl Timers for Local {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
        sleep(duration)
    }

    fn timeout<F: Future>(
        duration: Duration,
        future: F,
    ) -> impl Future<Output = Option<F::Output>> {
        timeout(duration, future)
    }
}

impl Timers for Static {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
        sleep(duration)
    }

    fn timeout<F: Future>(
        duration: Duration,
        future: F,
    ) -> impl Future<Output = Option<F::Output>> {
        timeout(duration, future)
    }
}

async fn sleep(duration: Duration) {
    Timer::after(duration).await;
}

/// As elsewhere, the time begins with the call, and the timer is armed only if the body is not ready.
async fn timeout<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
    let timer = Timer::after(duration);
    let in_time = async { Some(future.await) };
    let too_late = async {
        timer.await;
        None
    };
    in_time.or(too_late).await
}
