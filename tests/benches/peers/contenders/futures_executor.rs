//! futures-executor's `LocalPool`: tasks in a `FuturesUnordered`. It has no timers.

use futures_executor::{LocalPool as Pool, LocalSpawner};
use futures_util::future::RemoteHandle;
use futures_util::task::LocalSpawnExt;

use super::{Needs, Runtime};

#[derive(Clone)]
pub struct LocalPool(LocalSpawner);

impl Runtime for LocalPool {
    const NAME: &'static str = "LocalPool";

    type Handle<T: 'static> = RemoteHandle<T>;

    fn run<F>(_: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static,
    {
        let mut pool = Pool::new();
        let spawner = LocalPool(pool.spawner());
        let main = spawner.spawn(body(spawner.clone()));
        pool.run_until(main)
    }

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static,
    {
        self.0.spawn_local_with_handle(future).expect("the pool is there")
    }

    fn forget(&self, future: impl Future<Output = ()> + 'static) {
        self.0.spawn_local(future).expect("the pool is there");
    }
}
