//! `QueueGetTests`

use std::rc::Rc;

use executor::{Elapsed, Event, JoinError, gather, now, pass, sleep, spawn, timeout};
use queue::{Queue, TryGetError};

use super::{spawn_get, spawn_put};
use crate::common::{ms, passes, virtual_run};

/// With an item there, `get` does not wait.
#[test]
fn test_blocking_get() {
    virtual_run(async {
        let queue = Queue::new(0);
        queue.try_put(1).unwrap();
        assert_eq!(queue.get().await, Ok(1));
        assert_eq!(pass(), 1);
    });
}

/// `get` wakes a waiting putter, who goes on in the next pass. (CPython looks at the putter's future.)
#[test]
fn test_get_with_putters() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        queue.try_put(1).unwrap();
        let putter = spawn_put(&queue, 2);
        passes(1).await;
        assert!(!putter.is_finished());

        assert_eq!(queue.get().await, Ok(1));
        passes(1).await;
        assert!(putter.is_finished());
        assert_eq!(putter.await, Ok(()));
    });
}

/// `get` waits until, some time later, an item is put.
#[test]
fn test_blocking_get_wait() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let started = Rc::new(Event::new());
        let getter = spawn({
            let (queue, started) = (queue.clone(), started.clone());
            async move {
                started.set();
                queue.get().await
            }
        });
        started.wait().await;
        assert!(!getter.is_finished());

        drop(spawn(async move {
            sleep(ms(10)).await;
            queue.try_put(1).unwrap();
        }));
        assert_eq!(getter.await, Ok(Ok(1)));
        assert_eq!(now().as_millis(), 10);
    });
}

/// `get_nowait` gives an item that is there. No loop is needed.
#[test]
fn test_nonblocking_get() {
    let queue = Queue::new(0);
    queue.try_put(1).unwrap();
    assert_eq!(queue.try_get(), Ok(1));
}

/// `get_nowait` says that there is none.
#[test]
fn test_nonblocking_get_exception() {
    let queue = Queue::<i32>::new(0);
    assert_eq!(queue.try_get(), Err(TryGetError::Empty));
}

/// The first of two getters is cancelled. It does not swallow the item: the second gets it.
#[test]
fn test_get_cancelled_race() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let first = spawn_get(&queue);
        let second = spawn_get(&queue);

        passes(1).await;
        assert!(first.cancel());
        passes(1).await;
        assert!(first.is_finished());
        queue.put('a').await.unwrap();
        passes(1).await;
        assert!(second.is_finished());
        assert_eq!(second.await, Ok('a'));
        assert_eq!(first.await, Err(JoinError::Cancelled));
    });
}

/// Two puts into a queue of one, of which the second has to wait, arrive in their order.
#[test]
fn test_get_with_waiting_putters() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        let putters = [spawn_put(&queue, 'a'), spawn_put(&queue, 'b')];
        assert_eq!(queue.get().await, Ok('a'));
        assert_eq!(queue.get().await, Ok('b'));
        gather(putters).await.unwrap();
    });
}

/// One producer and one consumer over a queue of one come to their ends; neither forgets the other.
#[test]
fn test_why_are_getters_waiting() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        let producer = spawn({
            let queue = queue.clone();
            async move {
                for item in 0..5 {
                    queue.put(item).await.unwrap();
                }
            }
        });
        let consumer = spawn(async move {
            for item in 0..5 {
                assert_eq!(queue.get().await, Ok(item));
            }
        });
        gather([producer, consumer]).await.unwrap();
    });
}

/// A getter whose timeout has expired stands in line no longer: the next in line is woken in its place.
/// (CPython looks into the line.)
#[test]
fn test_cancelled_getters_not_being_held_in_self_getters() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(5));
        assert_eq!(timeout(ms(100), queue.get()).await, Err(Elapsed));

        let next = spawn_get(&queue);
        passes(1).await;
        queue.try_put(1).unwrap();
        passes(1).await;
        assert!(next.is_finished());
        assert_eq!(next.await, Ok(1));
    });
}
