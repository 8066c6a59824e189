//! The executor of this workspace.

use std::time::Duration;

use executor::{Clock, Executor, JoinHandle};

use super::{Needs, Runtime, Timers, Unwrapped, VirtualTime};

#[derive(Clone)]
pub struct Ours;

impl Runtime for Ours {
    const NAME: &'static str = "ours";

    type Handle<T: 'static> = Unwrapped<JoinHandle<T>>;

    fn run<F>(needs: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        let clock = match needs {
            Needs::Tasks | Needs::Timers => Clock::system(),
            Needs::VirtualTime => Clock::virtual_time(),
        };
        // What is given to `run` is a task already, as in asyncio.
        executor_on(clock).run(async move { body(Ours).await })
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        Unwrapped(executor::spawn(future))
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        drop(executor::spawn(future));
    }

    async fn join_all<T: 'static>(handles: Vec<Self::Handle<T>>) -> Vec<T> {
        let handles = handles.into_iter().map(|handle| handle.0);
        executor::gather(handles).await.expect("no task of a benchmark fails")
    }

    fn yield_now() -> impl Future<Output = ()> {
        executor::yield_now()
    }
}

#[cfg(not(could_observe))]
fn executor_on(clock: Clock) -> Executor {
    Executor::new(clock)
}

/// For `--notes`: this program has an observer, and could use it.
#[cfg(could_observe)]
fn executor_on(clock: Clock) -> Executor {
    struct Nobody;
    impl executor::Observer for Nobody {
        fn step(&mut self, _: &executor::Step, _: &executor::State<'_>) {}
    }
    let executor = Executor::new(clock);
    match std::env::var_os("OBSERVE") {
        Some(_) => executor.observed_by(std::rc::Rc::new(std::cell::RefCell::new(Nobody))),
        None => executor,
    }
}

impl Timers for Ours {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
        executor::sleep(duration)
    }

    async fn timeout<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
        executor::timeout(duration, future).await.ok()
    }
}

impl VirtualTime for Ours {}
