//! Destructors that panic, and destructors that call back into the executor.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;

use executor::{JoinError, JoinHandle, current_task, gather_all, spawn, timeout, yield_now};
use queue::Queue;

use crate::alone::alone;
use crate::common::{Log, OnDrop, ms, passes, virtual_run};
use crate::{Bomb, drop_at_the_end, message, panic_of, panic_on_purpose};

/// As in Python a `finally` that raises: the task's end is that panic, whatever it would have been.
#[test]
fn a_destructor_that_panics_is_the_end_of_its_task() {
    virtual_run(async {
        let returned = spawn(drop_at_the_end(Bomb, async {}));
        let cancelled = spawn(drop_at_the_end(Bomb, pending()));
        let never_polled = spawn(drop_at_the_end(Bomb, async {}));
        never_polled.cancel();
        yield_now().await;
        cancelled.cancel();
        for end in gather_all([returned, cancelled, never_polled]).await {
            assert_eq!(panic_of(end), "on purpose");
        }
    });
}

/// Neither panic gets out, and the second is the one that counts.
#[test]
fn a_poll_that_panics_and_a_destructor_that_does_too() {
    virtual_run(async {
        let task = spawn(drop_at_the_end(Bomb, async { resume_unwind(Box::new("in poll")) }));
        assert_eq!(panic_of::<()>(task.await), "on purpose");
    });
}

/// The future's destructor panics, and so does that of the value that it has returned.
#[test]
fn a_value_and_a_future_that_both_panic_when_dropped() {
    alone("destructors::a_value_and_a_future_that_both_panic_when_dropped", || {
        virtual_run(async {
            let task = spawn(drop_at_the_end(Bomb, async { Bomb }));
            let Err(JoinError::Panicked(panic)) = task.await else { panic!("no panic?") };
            assert_eq!(panic.message(), "on purpose");
        });
    });
}

/// What a panic was thrown with has a destructor too.
#[test]
fn a_panic_that_panics_when_dropped() {
    alone("destructors::a_panic_that_panics_when_dropped", || {
        virtual_run(async {
            // The destructor's panic takes the place of the first one, which is dropped.
            let task = spawn(drop_at_the_end(Bomb, async { resume_unwind(Box::new(Bomb)) }));
            assert_eq!(panic_of::<()>(task.await), "on purpose");
            // Nobody takes this one, so the executor has to drop it.
            drop(spawn(async { resume_unwind(Box::new(Bomb)) }));
            passes(3).await;
        });
    });
}

/// A value that nobody takes, or takes too late, is dropped by the executor.
#[test]
fn an_outcome_that_panics_when_dropped_disturbs_nobody() {
    let mut kept = None;
    virtual_run(async {
        drop(spawn(async { Bomb }));
        let cancels_itself = spawn(async {
            current_task().cancel();
            Bomb
        });
        kept = Some(spawn(async { Bomb }));
        passes(2).await;
        let Err(JoinError::Panicked(_)) = cancels_itself.await else {
            panic!("the value was dropped, and its panic is the end")
        };
    });
}

/// Values that hold the handles of other tasks, which have ended, too: at the end of the run those may be gone before.
#[test]
fn outcomes_that_hold_handles_at_the_end_of_a_run() {
    alone("destructors::outcomes_that_hold_handles_at_the_end_of_a_run", || {
        let mut kept = None;
        virtual_run(async {
            let held = [spawn(async {}), spawn(async {})];
            kept = Some(spawn(async { held }));
            let asked = spawn(async {});
            let asks = OnDrop(move || assert_eq!(asked.outcome(), Some(Err(JoinError::Cancelled))));
            std::mem::forget(spawn(async { asks }));
            passes(2).await;
        });
    });
}

/// At the end of a run every task is dropped, even if the one before has panicked at that.
#[test]
fn destructors_that_panic_while_the_run_ends() {
    let log = Log::new();
    let bomb = |name| {
        let log = log.clone();
        drop_at_the_end(
            OnDrop(move || {
                log.add(name);
                panic_on_purpose()
            }),
            pending::<()>(),
        )
    };
    virtual_run(async {
        drop(spawn(bomb("waits")));
        yield_now().await;
        drop(spawn(bomb("never polled")));
    });
    assert_eq!(log.take(), ["waits", "never polled"]);
}

#[test]
fn a_main_future_that_panics_in_its_destructor() {
    let main = drop_at_the_end(Bomb, async { 5 });
    let end = catch_unwind(AssertUnwindSafe(|| virtual_run(main)));
    assert_eq!(message(&*end.unwrap_err()), "on purpose");
    // This thread can run another one.
    assert_eq!(virtual_run(async { 6 }), 6);
}

/// Whoever waits for room or for an item is woken by a shutdown, and the count of unfinished items is
/// right, even if the destructor of an item panics.
#[test]
fn an_item_that_panics_when_a_shutdown_drops_it() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        queue.try_put(Some(Bomb)).unwrap();
        let putter = spawn({
            let queue = queue.clone();
            async move { queue.put(None).await.is_err() }
        });
        let joiner = spawn({
            let queue = queue.clone();
            async move { queue.join().await }
        });
        yield_now().await;
        let shutdown = catch_unwind(AssertUnwindSafe(|| queue.shutdown(true)));
        assert_eq!(message(&*shutdown.unwrap_err()), "on purpose");
        assert_eq!(timeout(ms(1), joiner).await, Ok(Ok(())), "nothing is unfinished any more");
        assert_eq!(timeout(ms(1), putter).await, Ok(Ok(true)), "the putter was not woken");
    });
}

/// A task's own waker, used while its future is dropped, and long after that from here and from another
/// thread: it does nothing, and the task that has the row now is not polled because of it.
#[test]
fn waking_oneself_from_the_destructor_and_after_the_end() {
    virtual_run(async {
        let (waker, task) = waker_of_a_task_that_wakes_itself_when_dropped().await;
        task.cancel();
        assert_eq!(task.await, Err(JoinError::Cancelled));
        waker.wake_by_ref();

        let polls = Rc::new(Cell::new(0));
        let next = spawn(count_polls(polls.clone()));
        passes(2).await;
        for _ in 0..3 {
            waker.wake_by_ref();
            thread::scope(|scope| drop(scope.spawn(|| waker.wake_by_ref())));
            yield_now().await;
        }
        assert_eq!(polls.get(), 1);
        drop(next);
    });
}

async fn waker_of_a_task_that_wakes_itself_when_dropped() -> (Waker, JoinHandle<()>) {
    let waker = Rc::new(RefCell::new(None));
    let task = spawn({
        let waker = waker.clone();
        let wake = {
            let waker = waker.clone();
            move || waker.borrow().iter().for_each(Waker::wake_by_ref)
        };
        drop_at_the_end(OnDrop(wake), async move {
            poll_fn(|cx| {
                *waker.borrow_mut() = Some(cx.waker().clone());
                Poll::Pending
            })
            .await
        })
    });
    yield_now().await;
    let waker = waker.borrow().clone();
    (waker.expect("it was polled"), task)
}

async fn count_polls(polls: Rc<Cell<u32>>) {
    poll_fn(|_| {
        polls.set(polls.get() + 1);
        Poll::Pending
    })
    .await
}

/// A destructor may spawn. The task runs like any other; at the end of the run, when the tasks that
/// are left are cancelled, it is dropped with them.
#[test]
fn spawning_from_a_destructor() {
    let log = Log::new();
    // Each task that is dropped spawns another one, so many times.
    fn chain(log: &Log<String>, name: &'static str, more: u32) -> impl Future<Output = ()> + use<> {
        let log = log.clone();
        let at_drop = {
            let log = log.clone();
            move || {
                log.add(format!("{name} {more} dropped"));
                if more > 0 {
                    drop(spawn(chain(&log, name, more - 1)));
                }
            }
        };
        drop_at_the_end(OnDrop(at_drop), async move {
            log.add(format!("{name} {more} runs"));
            pending().await
        })
    }
    virtual_run(async {
        let task = spawn(chain(&log, "first", 1));
        yield_now().await;
        task.cancel();
        passes(2).await;
        assert_eq!(log.take(), ["first 1 runs", "first 1 dropped", "first 0 runs"]);
        drop(spawn(chain(&log, "last", 5)));
        yield_now().await;
        assert_eq!(log.take(), ["last 5 runs"]);
    });
    let end = log.take();
    // Its end was asked for, and it had its turn for that; what it spawned then had none any more.
    assert_eq!(end[..2], ["first 0 dropped", "last 5 dropped"]);
    assert_eq!(end.iter().filter(|event| event.contains("last 4 dropped")).count(), 1);
    assert!(!end.iter().any(|event| event.contains("last 3 runs")), "{end:?}");
}

/// A destructor that asks for the end of others, while the loop is about to drop them as well.
#[test]
fn cancelling_each_other_from_destructors() {
    let handles: Rc<RefCell<Vec<JoinHandle<()>>>> = Rc::default();
    let drops = Rc::new(Cell::new(0));
    virtual_run(async {
        for _ in 0..3 {
            let (handles, drops) = (handles.clone(), drops.clone());
            let at_drop = {
                let handles = handles.clone();
                move || {
                    drops.set(drops.get() + 1);
                    for handle in &*handles.borrow() {
                        handle.cancel();
                    }
                    // The last one takes all handles along, its own among them.
                    drop((drops.get() == 3).then(|| handles.take()));
                }
            };
            let task = spawn(drop_at_the_end(OnDrop(at_drop), pending()));
            handles.borrow_mut().push(task);
        }
        yield_now().await;
        handles.borrow()[1].cancel();
        passes(2).await;
        assert_eq!(drops.get(), 3);
    });
    assert_eq!(drops.get(), 3);
}
