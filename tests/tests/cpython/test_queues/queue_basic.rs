//! `QueueBasicTests`

use std::rc::Rc;

use executor::spawn;
use queue::Queue;

use crate::common::{Log, passes, virtual_run};

/// Empty before a put, not after it, and empty again after the get.
#[test]
fn test_empty() {
    virtual_run(async {
        let queue = Queue::new(0);
        assert!(queue.is_empty());
        queue.put(1).await.unwrap();
        assert!(!queue.is_empty());
        assert_eq!(queue.get().await, Ok(1));
        assert!(queue.is_empty());
    });
}

/// Without a limit a queue is never full; with a limit of one it is, after one put.
#[test]
fn test_full() {
    virtual_run(async {
        let unlimited = Queue::new(0);
        unlimited.put(1).await.unwrap();
        assert!(!unlimited.is_full());

        let queue = Queue::new(1);
        assert!(!queue.is_full());
        queue.put(1).await.unwrap();
        assert!(queue.is_full());
    });
}

/// First in, first out.
#[test]
fn test_order() {
    virtual_run(async {
        let queue = Queue::new(0);
        for item in [1, 3, 2] {
            queue.put(item).await.unwrap();
        }
        let items = [queue.get().await, queue.get().await, queue.get().await];
        assert_eq!(items, [Ok(1), Ok(3), Ok(2)]);
    });
}

/// Of three puts into a queue of two the third waits; one get and one pass later it is through.
#[test]
fn test_maxsize() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(2));
        assert_eq!(queue.maxsize(), 2);
        let log = Log::new();
        let putter = spawn({
            let (queue, log) = (queue.clone(), log.clone());
            async move {
                for item in 0..3 {
                    queue.put(item).await.unwrap();
                    log.add(item);
                }
            }
        });

        passes(2).await;
        assert_eq!(log.take(), [0, 1], "and waits with 2");
        assert_eq!(queue.get().await, Ok(0));

        passes(1).await;
        assert_eq!(log.take(), [2]);
        assert_eq!(queue.get().await, Ok(1));
        assert_eq!(queue.get().await, Ok(2));
        assert!(putter.is_finished());
        assert_eq!(putter.await, Ok(()));
    });
}
