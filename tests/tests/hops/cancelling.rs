//! `t.cancel()`, by what *t* waits for: how many passes until its future is dropped (in asyncio: until the
//! `CancelledError` is raised in it), and how many until who awaits *t* goes on.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;

use executor::{
    Elapsed, Event, JoinError, JoinHandle, current_task, gather, gather_all, pass, sleep, spawn,
    spawn_fallible, timeout, yield_now,
};
use queue::Queue;

use crate::common::{Log, OnDrop, ms, passes, seconds, virtual_run};

/// The passes from `cancel()` to the two effects.
#[derive(Debug, PartialEq)]
struct Passes {
    dropped: u64,
    joined: u64,
}

/// Cancels a task with this body, so many passes after it was spawned.
async fn cancel_in(body: impl Future + 'static, passes_before: usize) -> Passes {
    let dropped = Rc::new(Cell::new(0));
    let task = spawn({
        let dropped = dropped.clone();
        let on_drop = OnDrop(move || dropped.set(pass()));
        async move {
            body.await;
            drop(on_drop);
        }
    });
    passes(passes_before).await;
    let cause = pass();
    assert!(task.cancel());
    assert_eq!(task.await, Err(JoinError::Cancelled));
    Passes { dropped: dropped.get() - cause, joined: pass() - cause }
}

/// The same, when it has long begun to wait.
async fn cancel(body: impl Future + 'static) -> Passes {
    cancel_in(body, 5).await
}

/// A task that sleeps for longer than any experiment takes.
fn sleeper() -> JoinHandle<()> {
    spawn(sleep(seconds(99)))
}

/// A finished task: nothing happens, and `cancel` says so.
#[test]
fn finished() {
    virtual_run(async {
        let task = spawn(async { 1 });
        passes(1).await;
        assert!(!task.cancel());
        assert_eq!(task.await, Ok(1));
    });
}

/// Not started: no line of the body runs. Dropped +1, joiner +2.
#[test]
fn not_started() {
    virtual_run(async {
        let log = Log::new();
        let body = {
            let log = log.clone();
            async move { log.add("runs") }
        };
        assert_eq!(cancel_in(body, 0).await, Passes { dropped: 1, joined: 2 });
        assert_eq!(log.take(), [""; 0]);
    });
}

/// Ready, between two yields: at its turn. +1, and the joiner one after.
#[test]
fn ready_between_two_yields() {
    virtual_run(async {
        assert_eq!(cancel(passes(99)).await, Passes { dropped: 1, joined: 2 });
    });
}

/// Ready, because it was woken before: it keeps its place, and the value that it was woken with is lost.
#[test]
fn ready_because_it_was_woken() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let log = Log::new();
        let [first, second] = ["first", "second"].map(|name| {
            let (event, log) = (event.clone(), log.clone());
            spawn(async move {
                let _dropped = OnDrop(|| log.add(name));
                event.wait().await;
            })
        });
        passes(1).await;
        event.set();
        first.cancel();
        assert_eq!(second.await, Ok(()));
        assert_eq!(log.take(), ["first", "second"]);
        assert_eq!(first.await, Err(JoinError::Cancelled));
    });
}

/// Ready, and its turn is yet to come in this very pass: then it is dropped in this pass.
#[test]
fn ready_behind_the_canceller() {
    virtual_run(async {
        let dropped = Rc::new(Cell::new(0));
        let victim = Rc::new(Cell::new(None::<JoinHandle<()>>));
        let canceller = spawn({
            let victim = victim.clone();
            async move {
                let victim = victim.take().expect("it has been spawned by now");
                victim.cancel();
                pass()
            }
        });
        victim.set(Some(spawn({
            let on_drop = OnDrop({
                let dropped = dropped.clone();
                move || dropped.set(pass())
            });
            async move { drop(on_drop) }
        })));
        assert_eq!(canceller.await, Ok(dropped.get()));
    });
}

/// Blocked in a sleep, a get, a put, a join, a wait: dropped +1, joiner +2.
#[test]
fn blocked_in_a_future() {
    const LEAF: Passes = Passes { dropped: 1, joined: 2 };
    virtual_run(async {
        let (empty, full) = (Rc::new(Queue::<i32>::new(0)), Rc::new(Queue::new(1)));
        full.try_put(1).unwrap();
        assert_eq!(cancel(sleep(seconds(99))).await, LEAF);
        assert_eq!(cancel(async move { empty.get().await }).await, LEAF);
        let queue = full.clone();
        assert_eq!(cancel(async move { queue.put(2).await }).await, LEAF);
        assert_eq!(cancel(async move { full.join().await }).await, LEAF);
        assert_eq!(cancel(async { Event::new().wait().await }).await, LEAF);
        assert_eq!(cancel(timeout(seconds(50), sleep(seconds(99)))).await, LEAF);
        assert_eq!(cancel(pending::<()>()).await, LEAF, "somebody else's future");
    });
}

/// ... and what it waited for is cancelled *now*: a put in the same step passes it over.
#[test]
fn blocked_in_a_future_which_is_cancelled_now() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let [first, second] = [(); 2].map(|()| {
            let queue = queue.clone();
            spawn(async move { (queue.get().await.unwrap(), pass()) })
        });
        passes(1).await;
        let cause = pass();
        first.cancel();
        queue.try_put('a').unwrap();
        assert_eq!(second.await, Ok(('a', cause + 1)));
        assert_eq!(first.await, Err(JoinError::Cancelled));
    });
}

/// Blocked in `await u`: *u* ends at +1, *t* is dropped at +2, its joiner goes on at +3.
#[test]
fn blocked_in_a_task() {
    virtual_run(async {
        let u = sleeper();
        let body = {
            let u = u.clone();
            async move { u.await.is_ok() }
        };
        assert_eq!(cancel(body).await, Passes { dropped: 2, joined: 3 });
        assert_eq!(u.await, Err(JoinError::Cancelled));
    });
}

/// Blocked in a chain of n awaits: 1+n, 2+n.
#[test]
fn blocked_in_a_chain_of_tasks() {
    virtual_run(async {
        for n in 2..=5 {
            let mut chain = sleeper();
            for _ in 1..n {
                chain = spawn(async move { chain.await.unwrap() });
            }
            let expected = Passes { dropped: 1 + n, joined: 2 + n };
            assert_eq!(cancel(async move { chain.await.is_ok() }).await, expected);
        }
    });
}

/// Blocked in `gather`: the children are cancelled in their order, +1; *t* is dropped at +3, its joiner goes on
/// at +4. The same with `return_exceptions`.
#[test]
fn blocked_in_gather() {
    const GATHER: Passes = Passes { dropped: 3, joined: 4 };
    let log = Log::new();
    let children = || {
        ["first", "second"].map(|name| {
            let log = log.clone();
            spawn(async move {
                let _dropped = OnDrop(|| log.add(name));
                sleep(seconds(99)).await;
            })
        })
    };
    virtual_run(async {
        assert_eq!(cancel(gather(children())).await, GATHER);
        assert_eq!(log.take(), ["first", "second"]);
        assert_eq!(cancel(gather_all(children())).await, GATHER);
        assert_eq!(log.take(), ["first", "second"]);
    });
}

/// Blocked in a `gather` whose children are all done: refused. *t* goes on by the gather, whose result is lost.
#[test]
fn blocked_in_gather_whose_children_are_done() {
    virtual_run(async {
        let child = spawn(passes(5));
        let dropped = Rc::new(Cell::new(0));
        let task = spawn({
            let (child, dropped) = (child.clone(), dropped.clone());
            async move {
                let _dropped = OnDrop(|| dropped.set(pass()));
                gather([child]).await
            }
        });
        while !child.is_finished() {
            yield_now().await;
        }
        // It ended in this pass. The gather's call is in the next one, and wakes the task for the one after.
        let ended = pass();
        assert!(task.cancel());
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert_eq!(dropped.get() - ended, 2);
    });
}

/// Running, for it cancels itself: it goes on; the next thing it waits for is cancelled at once, +1.
#[test]
fn running() {
    virtual_run(async {
        let task = spawn(async {
            let dropped = Rc::new(Cell::new(0));
            let cause = pass();
            current_task().cancel();
            let _dropped = OnDrop(move || {
                dropped.set(pass());
                assert_eq!(dropped.get() - cause, 1);
            });
            sleep(seconds(99)).await;
        });
        assert_eq!(task.await, Err(JoinError::Cancelled));
    });
}

/// Running, and it returns without waiting: it ends *cancelled*. An error, however, wins.
#[test]
fn running_and_it_returns() {
    virtual_run(async {
        let returns = spawn_fallible(async {
            current_task().cancel();
            Ok::<_, &str>(1)
        });
        assert_eq!(returns.await, Err(JoinError::Cancelled));

        let fails = spawn_fallible(async {
            current_task().cancel();
            Err::<(), _>("fails")
        });
        assert_eq!(fails.await, Err(JoinError::Failed("fails")));
    });
}

/// Twice is once, as far as the schedule goes.
#[test]
fn twice() {
    virtual_run(async {
        let dropped = Rc::new(Cell::new(0));
        let task = spawn({
            let dropped = dropped.clone();
            async move {
                let _dropped = OnDrop(|| dropped.set(pass()));
                sleep(seconds(99)).await;
            }
        });
        passes(1).await;
        let cause = pass();
        assert!(task.cancel());
        assert!(task.cancel());
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert_eq!((dropped.get() - cause, pass() - cause), (1, 2));
    });
}

/// What a task has spawned, and does not await, is not cancelled with it.
#[test]
fn children_are_not_cancelled() {
    virtual_run(async {
        let children = Log::new();
        let parent = spawn({
            let children = children.clone();
            async move {
                children.add(spawn(sleep(ms(1))));
                sleep(seconds(99)).await;
            }
        });
        passes(1).await;
        parent.cancel();
        assert_eq!(parent.await, Err(JoinError::Cancelled));
        for child in children.take() {
            assert_eq!(child.await, Ok(()));
        }
    });
}

/// A getter is woken by a put, and cancelled before its turn: at its turn, +1, it hands the wake-up on, and the
/// next getter goes on at +2, counted from the put. Putters likewise.
#[test]
fn woken_before_and_the_wake_up_is_handed_on() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        let [first, second] = [(); 2].map(|()| {
            let queue = queue.clone();
            spawn(async move { (queue.get().await.unwrap(), pass()) })
        });
        passes(1).await;
        let put = pass();
        queue.try_put('a').unwrap();
        first.cancel();
        assert_eq!(second.await, Ok(('a', put + 2)));
        assert_eq!(first.await, Err(JoinError::Cancelled));

        queue.try_put('b').unwrap();
        let [first, second] = ['c', 'd'].map(|item| {
            let queue = queue.clone();
            spawn(async move {
                queue.put(item).await.unwrap();
                pass()
            })
        });
        passes(1).await;
        let get = pass();
        queue.try_get().unwrap();
        first.cancel();
        assert_eq!(second.await, Ok(get + 2));
        assert_eq!(first.await, Err(JoinError::Cancelled));
        assert_eq!(queue.try_get(), Ok('d'));
    });
}

/// An outside cancel wins over a timeout that has expired in the same pass.
#[test]
fn in_the_pass_of_a_timeout() {
    virtual_run(async {
        // Two timers of one deadline: first the canceller's, which is woken, then the timeout's. Both act in the
        // pass after, the canceller first.
        let log = Log::new();
        let victim = Rc::new(Cell::new(None::<JoinHandle<()>>));
        let canceller = spawn({
            let victim = victim.clone();
            async move {
                sleep(seconds(5)).await;
                assert!(victim.take().expect("it has been spawned").cancel());
            }
        });
        let task = spawn({
            let log = log.clone();
            async move { log.add(timeout(seconds(5), sleep(seconds(99))).await) }
        });
        victim.set(Some(task.clone()));
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert_eq!(log.take(), [] as [Result<(), Elapsed>; 0]);
        canceller.await.unwrap();
    });
}
