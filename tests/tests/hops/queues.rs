//! Events and queues.

use std::rc::Rc;

use executor::{Event, pass, spawn};
use queue::Queue;

use crate::common::{Log, passes, virtual_run};
use crate::hops;

/// `Event.set` -> `wait()` resumes: +1, all waiters in their order; they do not look again, so a set and a
/// clear in one step wake them.
#[test]
fn event_set_to_waiter() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let log = Log::new();
        for name in ["first", "second"] {
            let (event, log) = (event.clone(), log.clone());
            drop(spawn(async move {
                event.wait().await;
                log.add((name, pass()));
            }));
        }
        passes(1).await;
        let set = pass();
        event.set();
        event.clear();
        passes(1).await;
        assert_eq!(log.take(), [("first", set + 1), ("second", set + 1)]);
    });
}

/// `put` with room, `get` with items, `join` with nothing unfinished: 0, even if others wait. Who does not
/// have to wait overtakes those who do.
#[test]
fn put_get_and_join_that_need_not_wait() {
    let straight_on = hops(async |ruler| {
        let queue = Queue::new(0);
        ruler.cause();
        queue.join().await;
        queue.put(1).await.unwrap();
        queue.get().await.unwrap();
    });
    assert_eq!(straight_on, 0);

    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let waiter = spawn({
            let queue = queue.clone();
            async move { queue.get().await.unwrap() }
        });
        passes(1).await;
        queue.put("for whoever comes first").await.unwrap();
        assert_eq!(queue.get().await, Ok("for whoever comes first"));
        passes(1).await;
        assert!(!waiter.is_finished(), "it was woken, and found nothing");
        queue.put("for the waiter").await.unwrap();
        assert_eq!(waiter.await, Ok("for the waiter"));
    });
}

/// `put` -> the `get` that has waited longest resumes: +1, one for each put. If the item is gone by then, it
/// waits again, at the tail.
#[test]
fn put_to_blocked_get() {
    let resumes = hops(async |ruler| {
        let queue = Rc::new(Queue::new(0));
        drop(spawn({
            let queue = queue.clone();
            async move {
                ruler.cause();
                queue.put(1).await.unwrap();
            }
        }));
        queue.get().await.unwrap();
    });
    assert_eq!(resumes, 1);

    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let log = Log::new();
        for name in ["first", "second"] {
            let (queue, log) = (queue.clone(), log.clone());
            drop(spawn(async move { log.add((name, queue.get().await.unwrap())) }));
        }
        passes(1).await;
        queue.try_put('x').unwrap();
        queue.try_get().unwrap();
        passes(1).await;
        queue.try_put('a').unwrap();
        queue.try_put('b').unwrap();
        passes(1).await;
        assert_eq!(log.take(), [("second", 'a'), ("first", 'b')]);
    });
}

/// `get` -> the `put` that has waited longest resumes: +1. If the room is gone by then, it waits again, at
/// the tail.
#[test]
fn get_to_blocked_put() {
    let resumes = hops(async |ruler| {
        let queue = Rc::new(Queue::new(1));
        queue.try_put(1).unwrap();
        drop(spawn({
            let queue = queue.clone();
            async move {
                ruler.cause();
                queue.get().await.unwrap();
            }
        }));
        queue.put(2).await.unwrap();
    });
    assert_eq!(resumes, 1);

    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        queue.try_put("full").unwrap();
        for name in ["first", "second"] {
            let queue = queue.clone();
            drop(spawn(async move { queue.put(name).await.unwrap() }));
        }
        passes(1).await;
        queue.try_get().unwrap();
        queue.try_put("overtakes").unwrap();
        passes(1).await;
        let mut items = Vec::new();
        for _ in 0..3 {
            items.push(queue.get().await.unwrap());
        }
        assert_eq!(items, ["overtakes", "second", "first"]);
    });
}

/// Last `task_done` -> `join()` resumes: +1. It does not count again: what is put meanwhile does not matter.
#[test]
fn last_task_done_to_join() {
    let resumes = hops(async |ruler| {
        let queue = Rc::new(Queue::new(0));
        queue.try_put(1).unwrap();
        drop(spawn({
            let queue = queue.clone();
            async move {
                ruler.cause();
                queue.task_done().unwrap();
                queue.try_put(2).unwrap();
            }
        }));
        queue.join().await;
    });
    assert_eq!(resumes, 1);
}

/// `shutdown` -> blocked `get` and `put` raise: +1, getters first, then putters, each in their order. `join` is
/// woken only if nothing is unfinished then.
#[test]
fn shutdown_to_blocked_get_and_put() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        let log = Log::new();
        for name in ["get 1", "get 2", "get 3"] {
            let (queue, log) = (queue.clone(), log.clone());
            drop(spawn(async move {
                let result = queue.get().await;
                log.add((name, result.is_ok(), pass()));
            }));
        }
        passes(1).await;
        // An item for the first getter. Before its turn come three who find the queue full.
        for name in ["put 1", "put 2", "put 3"] {
            let (queue, log) = (queue.clone(), log.clone());
            drop(spawn(async move {
                let result = queue.put(name).await;
                log.add((name, result.is_ok(), pass()));
            }));
        }
        queue.try_put("item").unwrap();
        let joiner = spawn({
            let queue = queue.clone();
            async move { queue.join().await }
        });
        passes(1).await;
        let shutdown = pass();
        assert_eq!(log.take(), [("get 1", true, shutdown)]);

        // Now two getters wait, and two putters: the first putter has been woken by the getter.
        queue.shutdown(false);
        passes(1).await;
        let raised = ["put 1", "get 2", "get 3", "put 2", "put 3"];
        assert_eq!(log.take(), raised.map(|name| (name, false, shutdown + 1)));
        assert!(!joiner.is_finished(), "the item is not done");
        queue.task_done().unwrap();
        passes(1).await;
        assert!(joiner.is_finished());
    });
}
