//! compio: io_uring, or else epoll, whichever it finds at run time.

use std::time::Duration;

use compio_runtime::{JoinHandle, Runtime as CompioRuntime};

use super::{Needs, Runtime, Timers, Unwrapped};

#[derive(Clone)]
pub struct Compio;

impl Runtime for Compio {
    const NAME: &'static str = "compio";

    type Handle<T: 'static> = Unwrapped<JoinHandle<T>>;

    fn run<F>(_: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        let runtime = CompioRuntime::new().expect("a compio runtime");
        let main = runtime.enter(|| Compio.spawn(body(Compio)));
        runtime.block_on(main)
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        Unwrapped(compio_runtime::spawn(future))
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        compio_runtime::spawn(future).detach();
    }
}

impl Timers for Compio {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
        compio_runtime::time::sleep(duration)
    }

    async fn timeout<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
        compio_runtime::time::timeout(duration, future).await.ok()
    }
}
