//! async-local-executor: a slot map of boxed tasks. It has no timers.

use async_local_executor::JoinHandle;

use super::{Needs, Runtime};

#[derive(Clone)]
pub struct AsyncLocalExecutor;

impl Runtime for AsyncLocalExecutor {
    const NAME: &'static str = "async-local-executor";

    type Handle<T: 'static> = JoinHandle<T>;

    fn run<F>(_: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        // What is given to `block_on` is a task already.
        async_local_executor::block_on(body(AsyncLocalExecutor))
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        async_local_executor::spawn_local(future)
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        drop(async_local_executor::spawn_local(future));
    }
}
