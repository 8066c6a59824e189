//! `QueueShutdownTests`, `LifoQueueShutdownTests`, `PriorityQueueShutdownTests`: each test for all three kinds.

use std::rc::Rc;

use executor::{JoinError, JoinHandle, spawn};
use queue::{
    BaseQueue, LifoQueue, PriorityQueue, PutError, Queue, Shutdown, Store, TaskDoneError,
    TryGetError, TryPutError,
};

use super::{spawn_get, spawn_put};
use crate::common::{passes, virtual_run};

/// Runs a test, an `async fn` of one queue, with each kind of queue of this size.
macro_rules! run_with_each_kind {
    ($test:ident, maxsize: $maxsize:expr) => {
        virtual_run(async {
            $test(Rc::new(Queue::new($maxsize))).await;
            $test(Rc::new(LifoQueue::new($maxsize))).await;
            $test(Rc::new(PriorityQueue::new($maxsize))).await;
        })
    };
}

/// Every way of putting and getting says that the queue is shut down, at once.
async fn assert_shut_down<S: Store<Item = &'static str>>(queue: &BaseQueue<S>) {
    assert_eq!(queue.put("data").await, Err(PutError::Shutdown("data")));
    assert_eq!(queue.try_put("data"), Err(TryPutError::Shutdown("data")));
    assert_eq!(queue.get().await, Err(Shutdown));
    assert_eq!(queue.try_get(), Err(TryGetError::Shutdown));
}

/// `create_task(queue.join())`
fn spawn_join<S: Store + 'static>(queue: &Rc<BaseQueue<S>>) -> JoinHandle<()> {
    let queue = queue.clone();
    spawn(async move { queue.join().await })
}

/// Of an empty queue: a `get` that waits ends one pass later with the error; `join` does not wait.
#[test]
fn test_shutdown_empty() {
    async fn test<S: Store<Item = &'static str> + 'static>(queue: Rc<BaseQueue<S>>) {
        let getter = spawn_get(&queue);
        passes(1).await;
        queue.shutdown(false);
        assert_eq!(queue.len(), 0);
        queue.join().await;

        passes(1).await;
        assert!(getter.is_finished());
        assert_eq!(getter.await, Err(JoinError::Failed(Shutdown)));
        assert_shut_down(&queue).await;
    }
    run_with_each_kind!(test, maxsize: 0);
}

/// Of a queue with an item: a `put` that waits ends with the error, the item can still be got, then nothing
/// can any more; `join` wants its `task_done`.
#[test]
fn test_shutdown_nonempty() {
    async fn test<S: Store<Item = &'static str> + 'static>(queue: Rc<BaseQueue<S>>) {
        queue.try_put("data").unwrap();
        let joiner = spawn_join(&queue);
        let putter = spawn_put(&queue, "data2");
        passes(1).await;
        assert!(!putter.is_finished());
        queue.shutdown(false);
        assert_eq!(queue.len(), 1);

        passes(1).await;
        assert!(putter.is_finished());
        assert_eq!(putter.await, Err(JoinError::Failed(PutError::Shutdown("data2"))));
        assert_eq!(queue.get().await, Ok("data"));

        passes(1).await;
        assert!(!joiner.is_finished());
        assert_shut_down(&queue).await;

        queue.task_done().unwrap();
        passes(1).await;
        assert!(joiner.is_finished());
        assert_eq!(joiner.await, Ok(()));
        assert_eq!(queue.task_done(), Err(TaskDoneError));
    }
    run_with_each_kind!(test, maxsize: 1);
}

/// At once: the item is dropped and counts as done, so `join` goes on one pass later.
#[test]
fn test_shutdown_immediate() {
    async fn test<S: Store<Item = &'static str> + 'static>(queue: Rc<BaseQueue<S>>) {
        queue.try_put("data").unwrap();
        let joiner = spawn_join(&queue);
        queue.shutdown(true);
        assert_eq!(queue.len(), 0);

        passes(1).await;
        assert!(joiner.is_finished());
        assert_eq!(joiner.await, Ok(()));
        assert_shut_down(&queue).await;
        assert_eq!(queue.task_done(), Err(TaskDoneError));
    }
    run_with_each_kind!(test, maxsize: 0);
}

/// At once, while one of two items is being worked on: that one still has to be done.
#[test]
fn test_shutdown_immediate_with_unfinished() {
    async fn test<S: Store<Item = &'static str> + 'static>(queue: Rc<BaseQueue<S>>) {
        queue.try_put("data").unwrap();
        queue.try_put("data").unwrap();
        let joiner = spawn_join(&queue);
        assert_eq!(queue.get().await, Ok("data"));
        queue.shutdown(true);
        assert_eq!(queue.len(), 0);

        passes(1).await;
        assert!(!joiner.is_finished());
        assert_shut_down(&queue).await;

        queue.task_done().unwrap();
        assert_eq!(queue.task_done(), Err(TaskDoneError));
        passes(1).await;
        assert!(joiner.is_finished());
        assert_eq!(joiner.await, Ok(()));
    }
    run_with_each_kind!(test, maxsize: 0);
}
