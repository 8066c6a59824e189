//! `test_queues.py`: a module for each class of tests.

mod lifo_queue;
mod priority_queue;
mod queue_basic;
mod queue_get;
mod queue_join;
mod queue_put;
mod queue_shutdown;

use std::rc::Rc;

use executor::{JoinHandle, spawn_fallible};
use queue::{BaseQueue, PutError, Shutdown, Store};

/// `create_task(queue.get())`
fn spawn_get<S: Store + 'static>(queue: &Rc<BaseQueue<S>>) -> JoinHandle<S::Item, Shutdown> {
    let queue = queue.clone();
    spawn_fallible(async move { queue.get().await })
}

/// `create_task(queue.put(item))`
fn spawn_put<S: Store + 'static>(
    queue: &Rc<BaseQueue<S>>,
    item: S::Item,
) -> JoinHandle<(), PutError<S::Item>> {
    let queue = queue.clone();
    spawn_fallible(async move { queue.put(item).await })
}
