//! monoio with its legacy driver (epoll).

use std::time::Duration;

use monoio::task::JoinHandle;
use monoio::{LegacyDriver, RuntimeBuilder};

use super::{Needs, Runtime, Timers};

const RUNTIME: &str = "a monoio runtime";

#[derive(Clone)]
pub struct Monoio;

impl Runtime for Monoio {
    const NAME: &'static str = "monoio";

    type Handle<T: 'static> = JoinHandle<T>;

    fn run<F>(needs: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        let main = async move { monoio::spawn(body(Monoio)).await };
        let builder = RuntimeBuilder::<LegacyDriver>::new();
        if needs == Needs::Timers {
            builder.enable_timer().build().expect(RUNTIME).block_on(main)
        } else {
            builder.build().expect(RUNTIME).block_on(main)
        }
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        monoio::spawn(future)
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        drop(monoio::spawn(future));
    }
}

impl Timers for Monoio {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
        monoio::time::sleep(duration)
    }

    async fn timeout<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
        monoio::time::timeout(duration, future).await.ok()
    }
}
