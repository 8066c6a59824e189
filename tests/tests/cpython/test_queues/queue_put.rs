//! `QueuePutTests`

use std::rc::Rc;

use executor::{Event, JoinError, gather, now, pass, sleep, spawn, yield_now};
use queue::{Queue, TryPutError};

use super::{spawn_get, spawn_put};
use crate::common::{ms, passes, virtual_run};

/// With room, `put` does not wait.
#[test]
fn test_blocking_put() {
    virtual_run(async {
        let queue = Queue::new(0);
        queue.put(1).await.unwrap();
        assert_eq!(queue.get().await, Ok(1));
        assert_eq!(pass(), 1);
    });
}

/// `put` waits until, some time later, an item is taken out.
#[test]
fn test_blocking_put_wait() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        let started = Rc::new(Event::new());
        let putter = spawn({
            let (queue, started) = (queue.clone(), started.clone());
            async move {
                started.set();
                queue.put(1).await.unwrap();
                queue.put(2).await.unwrap();
            }
        });
        started.wait().await;
        assert!(!putter.is_finished());

        drop(spawn(async move {
            sleep(ms(10)).await;
            assert_eq!(queue.try_get(), Ok(1));
        }));
        putter.await.unwrap();
        assert_eq!(now().as_millis(), 10);
    });
}

/// `put_nowait` puts. No loop is needed.
#[test]
fn test_nonblocking_put() {
    let queue = Queue::new(0);
    queue.try_put(1).unwrap();
    assert_eq!(queue.try_get(), Ok(1));
}

/// A reader is cancelled *after* a put has woken it. The item is not lost: whoever gets next, gets it.
#[test]
fn test_get_cancel_drop_one_pending_reader() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let reader = spawn_get(&queue);
        passes(1).await;

        queue.try_put(1).unwrap();
        queue.try_put(2).unwrap();
        reader.cancel();
        assert_eq!(reader.await, Err(JoinError::Cancelled));
        assert_eq!(spawn_get(&queue).await, Ok(1), "if it is 2, then 1 was dropped");
    });
}

/// The same with three readers of whom the first is cancelled: the other two get the two items. (CPython
/// leaves open who gets which. Here, as there, it is this way round: the second was woken by the
/// second put, the third only by the first one when it was dropped.)
#[test]
fn test_get_cancel_drop_many_pending_readers() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let readers = [spawn_get(&queue), spawn_get(&queue), spawn_get(&queue)];
        passes(1).await;

        queue.try_put(1).unwrap();
        queue.try_put(2).unwrap();
        readers[0].cancel();
        let [first, second, third] = readers;
        assert_eq!(first.await, Err(JoinError::Cancelled));
        assert_eq!(third.await, Ok(2));
        assert_eq!(second.await, Ok(1));
    });
}

/// A writer is cancelled after a get has woken it. It has put nothing; trying again works.
#[test]
fn test_put_cancel_drop() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        queue.try_put(1).unwrap();
        let writer = spawn_put(&queue, 2);
        passes(1).await;

        assert_eq!(queue.try_get(), Ok(1));
        writer.cancel();
        assert_eq!(writer.await, Err(JoinError::Cancelled));
        assert!(queue.is_empty());
        spawn_put(&queue, 2).await.unwrap();
        assert_eq!(queue.try_get(), Ok(2));
        assert!(queue.is_empty());
    });
}

/// `put_nowait` says that the queue is full, and gives the item back.
#[test]
fn test_nonblocking_put_exception() {
    let queue = Queue::new(1);
    queue.try_put(1).unwrap();
    assert_eq!(queue.try_put(2), Err(TryPutError::Full(2)));
}

/// Despite the name nobody is cancelled: a put in a task and a get here, which had to wait. When it goes
/// on the task is done.
#[test]
fn test_put_cancelled() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let putter = spawn_put(&queue, 1);
        assert_eq!(queue.get().await, Ok(1));
        assert!(putter.is_finished());
        assert_eq!(putter.await, Ok(()));
    });
}

/// The last of three putters is cancelled. The second gets in all the same, one pass after there is room.
#[test]
fn test_put_cancelled_race() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        let [a, b, c] = ['a', 'b', 'X'].map(|item| spawn_put(&queue, item));
        passes(1).await;
        assert!(a.is_finished());
        assert!(!b.is_finished());

        c.cancel();
        passes(1).await;
        assert!(c.is_finished());
        assert_eq!(queue.try_get(), Ok('a'));
        passes(1).await;
        assert_eq!(queue.try_get(), Ok('b'));
        b.await.unwrap();
    });
}

/// A getter that waits gets what is put.
#[test]
fn test_put_with_waiting_getters() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let getter = spawn_get(&queue);
        passes(1).await;
        queue.put('a').await.unwrap();
        assert_eq!(getter.await, Ok('a'));
    });
}

/// Four putters, a queue of two, and somebody who empties it once without waiting: each item taken out
/// wakes one putter, so all come to their ends.
#[test]
fn test_why_are_putters_waiting() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(2));
        let getter = spawn({
            let queue = queue.clone();
            async move {
                yield_now().await;
                for _ in 0..queue.len() {
                    queue.try_get().unwrap();
                }
            }
        });
        let putters = [0, 1, 2, 3].map(|item| spawn_put(&queue, item));
        gather(putters).await.unwrap();
        getter.await.unwrap();
        assert_eq!([queue.try_get(), queue.try_get()], [Ok(2), Ok(3)]);
    });
}

/// A putter that is cancelled stands in line no longer: the next one is woken. (CPython looks into the line.)
#[test]
fn test_cancelled_puts_not_being_held_in_self_putters() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        queue.try_put(1).unwrap();
        let (cancelled, next) = (spawn_put(&queue, 2), spawn_put(&queue, 3));
        passes(1).await;
        cancelled.cancel();
        assert_eq!(cancelled.await, Err(JoinError::Cancelled));

        assert_eq!(queue.try_get(), Ok(1));
        passes(1).await;
        assert!(next.is_finished());
        assert_eq!(next.await, Ok(()));
        assert_eq!(queue.try_get(), Ok(3));
    });
}

/// A putter is out of the line, since it was woken, and then it is cancelled. Leaving the line a second
/// time is no error, and takes nobody else out.
#[test]
fn test_cancelled_put_silence_value_error_exception() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        queue.try_put(1).unwrap();
        let putter = spawn_put(&queue, 2);
        passes(1).await;

        queue.try_get().unwrap();
        putter.cancel();
        assert_eq!(putter.await, Err(JoinError::Cancelled));
    });
}
