//! A task begins to wait for something, gives that up in the same turn, and waits for something else: what `or`,
//! `select` and `poll_once` do all day. Then the task must count as waiting for the second thing only.

mod common;

use std::future::pending;
use std::pin::pin;
use std::rc::Rc;

use executor::{
    Clock, Event, Executor, JoinError, RunError, gather, now, sleep, spawn, timeout, yield_now,
};
use futures::channel::oneshot;
use futures_lite::future::{or, poll_once};

use common::{passes, seconds, virtual_run};

/// The report on a run that is stuck in this future.
fn report(future: impl Future) -> String {
    match Executor::new(Clock::virtual_time()).try_run(future) {
        Err(RunError::Stuck(report)) => report,
        Err(RunError::Cancelled) => panic!("nobody cancels it"),
        Ok(_) => panic!("it can't go on"),
    }
}

/// The report on a run that is stuck does not look for a timer which is gone.
#[test]
fn a_sleep_given_up_is_not_in_the_report() {
    let report = report(async {
        assert!(poll_once(sleep(seconds(1))).await.is_none());
        pending::<()>().await;
    });
    assert!(report.contains("task 0 waits for something outside this executor"), "{report}");
}

/// Nor for a gather.
#[test]
fn a_gather_given_up_is_not_in_the_report() {
    let report = report(async {
        let children = [1, 2].map(|count| spawn(sleep(seconds(count))));
        assert!(poll_once(gather(children)).await.is_none());
        pending::<()>().await;
    });
    assert!(report.contains("task 0 waits for something outside this executor"), "{report}");
}

/// What is asked again before it is ready is one wait, and not several.
#[test]
fn a_wait_that_is_asked_again_is_in_the_report_once() {
    let report = report(async {
        let event = Event::new();
        let mut waiting = pin!(event.wait());
        assert!(poll_once(waiting.as_mut()).await.is_none());
        waiting.await;
    });
    assert!(report.contains("task 0 waits for event 0 to be set"), "{report}");
}

/// A task that has looked at another, and then waits for something foreign, can be cancelled; and the other,
/// which it does not wait for, is left alone.
#[test]
fn a_task_given_up_is_not_cancelled() {
    virtual_run(async {
        let worker = spawn(async {
            sleep(seconds(5)).await;
            "worked"
        });
        let waiter = spawn({
            let worker = worker.clone();
            async move {
                let (_sender, receiver) = oneshot::channel::<()>();
                let _ = poll_once(worker).await;
                receiver.await
            }
        });
        passes(2).await;
        waiter.cancel();
        passes(1).await;
        assert!(waiter.is_finished(), "at its next turn");
        assert_eq!(waiter.await, Err(JoinError::Cancelled));
        assert_eq!(worker.await, Ok("worked"));
    });
}

/// The same for a gather, whose row is gone by the time of the cancellation.
#[test]
fn a_gather_given_up_is_not_cancelled() {
    virtual_run(async {
        let child = spawn(sleep(seconds(1)));
        let waiter = spawn({
            let child = child.clone();
            async move {
                assert!(poll_once(gather([child])).await.is_none());
                pending::<()>().await;
            }
        });
        sleep(seconds(2)).await;
        waiter.cancel();
        passes(1).await;
        assert!(waiter.is_finished(), "at its next turn");
        assert_eq!(waiter.await, Err(JoinError::Cancelled));
        assert_eq!(child.await, Ok(()));
    });
}

/// A handle that is polled, kept, and put aside counts as awaited: that the task waits for something foreign now,
/// nobody can see. So the request to cancel goes to the other task, and the waiter ends when that has ended.
#[test]
fn a_handle_put_aside_counts_as_awaited() {
    virtual_run(async {
        let worker = spawn(sleep(seconds(5)));
        let waiter = spawn({
            let mut worker = worker.clone();
            async move {
                assert!(poll_once(&mut worker).await.is_none());
                pending::<()>().await;
                drop(worker);
            }
        });
        passes(2).await;
        waiter.cancel();
        assert_eq!(waiter.await, Err(JoinError::Cancelled));
        assert_eq!(worker.await, Err(JoinError::Cancelled));
        assert_eq!(now().as_millis(), 0);
    });
}

/// A plain `await` after an `or` is a plain `await`: cancelling it cancels the task that is awaited now.
#[test]
fn what_is_awaited_after_an_or_is_cancelled() {
    virtual_run(async {
        let (loser, awaited) = (spawn(sleep(seconds(3))), spawn(sleep(seconds(5))));
        let waiter = spawn({
            let (loser, awaited) = (loser.clone(), awaited.clone());
            async move {
                or(async { loser.await.is_ok() }, async { true }).await;
                awaited.await.is_ok()
            }
        });
        passes(2).await;
        waiter.cancel();
        assert_eq!(waiter.await, Err(JoinError::Cancelled));
        assert_eq!(awaited.await, Err(JoinError::Cancelled));
        assert_eq!(loser.await, Ok(()));
    });
}

/// A timeout is put aside while the task awaits another. When it expires, that other task is no concern of it.
#[test]
fn a_timeout_put_aside_cancels_nothing() {
    virtual_run(async {
        let worker = spawn(async {
            sleep(seconds(5)).await;
            "worked"
        });
        let mut aside = pin!(timeout(seconds(1), pending::<()>()));
        assert!(poll_once(aside.as_mut()).await.is_none());
        yield_now().await;
        assert_eq!(worker.await, Ok("worked"));
        assert_eq!(now().as_millis(), 5000);
        assert!(aside.await.is_err(), "it has expired in the meantime");
    });
}

/// A future that a task waits in is taken away and dropped by another task; then the first one is cancelled.
#[test]
fn a_wait_taken_away_by_another_task() {
    virtual_run(async {
        let child = spawn(sleep(seconds(1)));
        let shared = Rc::new(std::cell::RefCell::new(Some(Box::pin(gather([child.clone()])))));
        let waiter = spawn({
            let shared = shared.clone();
            std::future::poll_fn(move |cx| match shared.borrow_mut().as_mut() {
                Some(gather) => gather.as_mut().poll(cx).map(|_| ()),
                None => std::task::Poll::Pending,
            })
        });
        passes(1).await;
        drop(shared.take());
        sleep(seconds(2)).await;
        waiter.cancel();
        passes(1).await;
        assert!(waiter.is_finished(), "at its next turn");
        assert_eq!(waiter.await, Err(JoinError::Cancelled));
        assert_eq!(child.await, Ok(()));
    });
}
