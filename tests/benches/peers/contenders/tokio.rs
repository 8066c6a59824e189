//! tokio on one thread, in its two ways: a local current-thread runtime, and a `LocalSet` on one.
//! Both spawn with `spawn_local`.
//!
//! Its virtual time (`start_paused`) makes every later look at tokio's clock in the same process
//! dearer: the workloads on virtual time come last.

use std::time::Duration;

use tokio::runtime::{Builder, LocalOptions};
use tokio::task::JoinHandle;
use tokio::task::coop::unconstrained;

use super::{Needs, Runtime, Timers, Unwrapped, VirtualTime};

#[derive(Clone)]
pub struct CurrentThread;

impl Runtime for CurrentThread {
    const NAME: &'static str = "tokio";

    type Handle<T: 'static> = Unwrapped<JoinHandle<T>>;

    fn run<F>(needs: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        let runtime = builder(needs).build_local(LocalOptions::default()).expect("a tokio runtime");
        let main = runtime.spawn_local(body(CurrentThread));
        runtime.block_on(main).expect("no panic")
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        Unwrapped(tokio::task::spawn_local(future))
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        drop(tokio::task::spawn_local(future));
    }

    async fn join_all<T: 'static>(handles: Vec<Self::Handle<T>>) -> Vec<T> {
        one_after_another(handles).await
    }
}

#[derive(Clone)]
pub struct LocalSet;

impl Runtime for LocalSet {
    const NAME: &'static str = "tokio LocalSet";

    type Handle<T: 'static> = Unwrapped<JoinHandle<T>>;

    fn run<F>(needs: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        let runtime = builder(needs).build().expect("a tokio runtime");
        let tasks = tokio::task::LocalSet::new();
        let main = tasks.spawn_local(body(LocalSet));
        tasks.block_on(&runtime, main).expect("no panic")
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        Unwrapped(tokio::task::spawn_local(future))
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        drop(tokio::task::spawn_local(future));
    }

    async fn join_all<T: 'static>(handles: Vec<Self::Handle<T>>) -> Vec<T> {
        one_after_another(handles).await
    }
}

fn builder(needs: Needs) -> Builder {
    let mut builder = Builder::new_current_thread();
    if needs != Needs::Tasks {
        builder.enable_time();
    }
    if needs == Needs::VirtualTime {
        builder.start_paused(true);
    }
    builder
}

/// Without a budget: a task that has used it up would poll its next sleeps, but not arm them.
fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
    unconstrained(tokio::time::sleep(duration))
}

/// Under tokio's cooperative budget a `join_all` of many handles takes quadratic time: this doesn't.
async fn one_after_another<T>(handles: Vec<Unwrapped<JoinHandle<T>>>) -> Vec<T> {
    let mut outputs = Vec::with_capacity(handles.len());
    for handle in handles {
        outputs.push(handle.await);
    }
    outputs
}

impl Timers for CurrentThread {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
        sleep(duration)
    }

    async fn timeout<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
        tokio::time::timeout(duration, future).await.ok()
    }
}

impl Timers for LocalSet {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
        sleep(duration)
    }

    async fn timeout<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
        tokio::time::timeout(duration, future).await.ok()
    }
}

impl VirtualTime for CurrentThread {}
impl VirtualTime for LocalSet {}
