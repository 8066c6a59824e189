//! What a task waits for, when that changes behind its back: futures that are given up, dropped by
//! somebody else, or polled by another task from now on. To cancel it must end the task that is meant, and
//! no other; and the report on a program that can't go on must be written.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use executor::{
    Clock, Event, Executor, JoinError, RunError, current_task, gather, gather_all, sleep, spawn,
    timeout, yield_now,
};
use futures_lite::future::{or, poll_once};
use queue::Queue;

use crate::alone::alone;
use crate::common::{ms, passes, virtual_run};

/// A task begins to await another, gives that up in the same poll, and then waits for something that
/// the executor knows nothing of. To cancel it must end it, and must not touch the other.
#[test]
fn a_handle_that_was_given_up_is_not_waited_for() {
    virtual_run(async {
        let other = spawn(sleep(ms(5)));
        let awaited = other.clone();
        let task = spawn(async move {
            or(async { awaited.await.is_ok() }, async { true }).await;
            pending::<()>().await
        });
        yield_now().await;
        task.cancel();
        assert_eq!(timeout(ms(1), task).await, Ok(Err(JoinError::Cancelled)), "it did not end");
        assert_eq!(other.await, Ok(()), "it was cancelled too");
    });
}

/// The same with a gather. Its row is free by then, or another's.
#[test]
fn a_gather_that_was_given_up_is_not_waited_for() {
    virtual_run(async {
        let task = spawn(async move {
            or(async { gather([spawn(yield_now())]).await.is_ok() }, async { true }).await;
            pending::<()>().await
        });
        passes(5).await;
        task.cancel();
        assert_eq!(timeout(ms(1), task).await, Ok(Err(JoinError::Cancelled)), "it did not end");
    });
}

/// A task awaits another by a handle that somebody else takes away and drops. Who awaits it no longer
/// can't be woken by its end, so the request must not be passed on.
#[test]
fn a_handle_that_somebody_else_drops_is_not_waited_for() {
    virtual_run(async {
        let other = spawn(sleep(ms(5)));
        let shared = Rc::new(RefCell::new(Some(other.clone())));
        let task = spawn(poll_fn({
            let shared = shared.clone();
            move |cx| match &mut *shared.borrow_mut() {
                Some(handle) => Pin::new(handle).poll(cx).map(|_| ()),
                None => Poll::Pending,
            }
        }));
        yield_now().await;
        shared.take();
        task.cancel();
        assert_eq!(timeout(ms(1), task).await, Ok(Err(JoinError::Cancelled)), "it did not end");
        assert_eq!(other.await, Ok(()), "it was cancelled too");
    });
}

/// A handle goes from one task to another in the middle of being awaited: now that one waits.
#[test]
fn a_handle_that_changes_hands_is_waited_for_by_its_new_owner() {
    virtual_run(async {
        let other = spawn(sleep(ms(5)));
        let shared = Rc::new(RefCell::new(other));
        let awaiting = || {
            let shared = shared.clone();
            spawn(poll_fn(move |cx| {
                Pin::new(&mut *shared.borrow_mut()).poll(cx).map(|end| end.is_ok())
            }))
        };
        let (old, new) = (awaiting(), awaiting());
        passes(2).await;
        old.cancel();
        assert_eq!(timeout(ms(1), old).await, Ok(Err(JoinError::Cancelled)), "it did not end");
        assert_eq!(new.await, Ok(true), "it was cancelled too");
    });
}

/// A wait is cancelled, passed over, and then goes on in another task: what it waited for has happened.
#[test]
fn a_wait_that_was_passed_over_is_over_for_its_new_owner() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let waits: Pin<Box<dyn Future<Output = ()>>> = Box::pin({
            let event = event.clone();
            async move { event.wait().await }
        });
        let shared = Rc::new(RefCell::new(waits));
        let polling = || {
            let shared = shared.clone();
            spawn(poll_fn(move |cx| shared.borrow_mut().as_mut().poll(cx)))
        };
        let old = polling();
        yield_now().await;
        old.cancel();
        event.set();
        assert_eq!(timeout(ms(1), polling()).await, Ok(Ok(())), "it was not woken");
        assert_eq!(old.await, Err(JoinError::Cancelled));
    });
}

/// A timeout round a queue's `get` is put aside, and the task waits at the same queue without it. The timeout
/// expires when somebody is about to put an item. The item must still find who waits for it.
#[test]
fn a_timeout_put_aside_does_not_stand_in_the_way_of_a_wake_up() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let putter = spawn({
            let queue = queue.clone();
            async move {
                sleep(ms(5)).await;
                queue.try_put("late").unwrap();
            }
        });
        yield_now().await;
        let mut aside = pin!(timeout(ms(5), queue.get()));
        assert!(poll_once(aside.as_mut()).await.is_none());
        queue.try_put("early").unwrap();
        assert_eq!(queue.try_get(), Ok("early"));
        assert_eq!(timeout(ms(9), queue.get()).await, Ok(Ok("late")));
        putter.await.unwrap();
    });
}

/// The report on a program that can't go on names what each task waits for: also if a task has given
/// up a timer, or a gather, and waits for something unknown.
#[test]
fn a_report_knows_what_was_given_up() {
    alone("waits::a_report_knows_what_was_given_up", || {
        let stuck = Executor::new(Clock::virtual_time()).try_run(async {
            drop(spawn(async {
                or(async { gather([spawn(yield_now())]).await.is_ok() }, async { true }).await;
                pending::<()>().await
            }));
            or(sleep(ms(1)), async {}).await;
            pending::<()>().await
        });
        assert!(matches!(stuck, Err(RunError::Stuck(_))), "{stuck:?}");
    });
}

/// The same if others have taken over what a task waited for, and it is gone by now.
#[test]
fn a_report_knows_what_changed_hands() {
    alone("waits::a_report_knows_what_changed_hands", || {
        let stuck = Executor::new(Clock::virtual_time()).try_run(async {
            let sleeping = Rc::new(RefCell::new(Some(Box::pin(sleep(ms(1))))));
            let children = gather([spawn(passes(3))]);
            let gathering = Rc::new(RefCell::new(Some(Box::pin(children))));
            for turn in 1..=2 {
                let (sleeping, gathering) = (sleeping.clone(), gathering.clone());
                drop(spawn(poll_fn(move |cx| {
                    // Both tasks poll them, one after the other.
                    if let Some(sleep) = &mut *sleeping.borrow_mut() {
                        assert!(sleep.as_mut().poll(cx).is_pending());
                    }
                    Poll::<()>::Pending
                })));
                drop(spawn(poll_fn(move |cx| {
                    if let Some(gather) = &mut *gathering.borrow_mut() {
                        assert!(gather.as_mut().poll(cx).is_pending(), "turn {turn}");
                    }
                    Poll::<()>::Pending
                })));
                yield_now().await;
            }
            drop((sleeping.take(), gathering.take()));
            pending::<()>().await
        });
        assert!(matches!(stuck, Err(RunError::Stuck(_))), "{stuck:?}");
    });
}

/// Handles outlive their run. In the next one they stand for tasks that were cancelled, even though that
/// run has tasks in the same rows, which are left alone.
#[test]
fn a_gather_of_tasks_of_an_earlier_run() {
    let mut old = None;
    virtual_run(async { old = Some([spawn(async { 1 }), spawn(async { 2 })]) });
    virtual_run(async {
        let others = [spawn(sleep(ms(5))), spawn(sleep(ms(5)))];
        let gathering = spawn(gather_all(old.take().expect("from the run before")));
        yield_now().await;
        gathering.cancel();
        let end = timeout(ms(1), gathering).await.expect("there is nothing to wait for");
        let cancelled = || Err(JoinError::Cancelled);
        assert!(end == Err(JoinError::Cancelled) || end == Ok(vec![cancelled(), cancelled()]));
        assert_eq!(gather(others).await, Ok(vec![(), ()]), "others were cancelled");
    });
}

/// Running, it asks for its own end, and returns without waiting: asyncio's task is cancelled then, and
/// so is main.
#[test]
fn a_task_that_cancels_itself_and_returns_is_cancelled() {
    virtual_run(async {
        let task = spawn(async {
            current_task().cancel();
            5
        });
        assert_eq!(task.await, Err(JoinError::Cancelled));
    });
    let main = Executor::new(Clock::virtual_time()).try_run(async {
        current_task().cancel();
        5
    });
    assert_eq!(main, Err(RunError::Cancelled));
}
