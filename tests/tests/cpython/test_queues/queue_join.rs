//! `QueueJoinTests`, `LifoQueueJoinTests`, `PriorityQueueJoinTests`: each test for all three kinds.

use std::cell::Cell;
use std::rc::Rc;

use executor::{gather, pass, spawn};
use queue::{BaseQueue, LifoQueue, PriorityQueue, Queue, Store, TaskDoneError};

use crate::common::virtual_run;

/// More `task_done` than items is an error.
#[test]
fn test_task_done_underflow() {
    fn test<S: Store<Item = u32>>(queue: BaseQueue<S>) {
        assert_eq!(queue.task_done(), Err(TaskDoneError));
        queue.try_put(1).unwrap();
        assert_eq!(queue.task_done(), Ok(()));
        assert_eq!(queue.task_done(), Err(TaskDoneError));
    }
    test(Queue::new(0));
    test(LifoQueue::new(0));
    test(PriorityQueue::new(0));
}

/// Two workers share a hundred items. `join` returns when all of them are done, and not before.
#[test]
fn test_task_done() {
    async fn test<S: Store<Item = u32> + 'static>(queue: BaseQueue<S>) {
        let queue = Rc::new(queue);
        for item in 0..100 {
            queue.try_put(item).unwrap();
        }
        let (sum, running) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(true)));
        let workers = [(); 2].map(|()| {
            let (queue, sum, running) = (queue.clone(), sum.clone(), running.clone());
            spawn(async move {
                while running.get() {
                    sum.set(sum.get() + queue.get().await.unwrap());
                    queue.task_done().unwrap();
                }
            })
        });
        queue.join().await;
        assert_eq!(sum.get(), (0..100).sum());

        // The workers wait for one more item each.
        running.set(false);
        queue.try_put(0).unwrap();
        queue.try_put(0).unwrap();
        gather(workers).await.unwrap();
    }
    virtual_run(async {
        test(Queue::new(0)).await;
        test(LifoQueue::new(0)).await;
        test(PriorityQueue::new(0)).await;
    });
}

/// `join` of a queue into which nothing was put returns at once, and does so again.
#[test]
fn test_join_empty_queue() {
    async fn test<S: Store<Item = u32>>(queue: BaseQueue<S>) {
        queue.join().await;
        queue.join().await;
    }
    virtual_run(async {
        test(Queue::new(0)).await;
        test(LifoQueue::new(0)).await;
        test(PriorityQueue::new(0)).await;
        assert_eq!(pass(), 1);
    });
}
