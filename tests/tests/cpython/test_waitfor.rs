//! `test_waitfor.py`: `AsyncioWaitForTest`. Since CPython 3.12 `wait_for` is a `timeout`, and so it is here.

use std::rc::Rc;
use std::time::Duration;

use executor::{Elapsed, Event, JoinError, JoinHandle, now, sleep, spawn, timeout, yield_now};

use crate::common::{Log, OnDrop, ms, passes, seconds, virtual_run};

/// Longer than any test.
const FOR_EVER: Duration = Duration::MAX;

/// A task that sleeps for long, and logs its start and that it is given up.
fn sleeper(log: &Log) -> JoinHandle<&'static str> {
    let log = log.clone();
    spawn(async move {
        log.add("runs");
        let _cleanup = OnDrop(|| log.add("given up"));
        sleep(FOR_EVER).await;
        "done"
    })
}

/// No time is time enough for what is there already.
#[test]
fn test_wait_for_timeout_less_then_0_or_0_future_done() {
    virtual_run(async {
        let task = spawn(async { "done" });
        yield_now().await;
        assert!(task.is_finished());
        assert_eq!(timeout(ms(0), task).await, Ok(Ok("done")));
    });
}

/// With no time a task that runs is cancelled, and has ended before the timeout does.
#[test]
fn test_wait_for_timeout_less_then_0_or_0() {
    virtual_run(async {
        let log = Log::new();
        let task = sleeper(&log);
        passes(1).await;
        assert_eq!(log.take(), ["runs"]);
        assert_eq!(timeout(ms(0), task.clone()).await, Err(Elapsed));
        assert_eq!(log.take(), ["given up"]);
        assert_eq!(task.outcome(), Some(Err(JoinError::Cancelled)));
    });
}

/// A task that takes too long is cancelled, and has ended before the timeout does.
#[test]
fn test_wait_for() {
    virtual_run(async {
        let log = Log::new();
        let task = sleeper(&log);
        assert_eq!(timeout(ms(100), task.clone()).await, Err(Elapsed));
        assert_eq!(log.take(), ["runs", "given up"]);
        assert_eq!(task.outcome(), Some(Err(JoinError::Cancelled)));
        assert_eq!(now().as_millis(), 100);
    });
}

/// Without a timeout it is an `await`. (There is no `None` here, but a timeout that never comes.)
#[test]
fn test_wait_for_blocking() {
    virtual_run(async {
        assert_eq!(timeout(FOR_EVER, async { "done" }).await, Ok("done"));
        assert_eq!(timeout(FOR_EVER, sleep(seconds(1))).await, Ok(()));
        assert_eq!(now().as_millis(), 1000);
    });
}

/// What comes in time counts, though the timer is running.
#[test]
fn test_wait_for_race_condition() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        drop(spawn({
            let event = event.clone();
            async move { event.set() }
        }));
        assert_eq!(timeout(ms(200), event.wait()).await, Ok(()));
        assert_eq!(now().as_nanos(), 0);
    });
}

/// Cancels a task that awaits another within this time: the other is cancelled, too.
fn cancel_wait_for(time: Duration) {
    virtual_run(async {
        let task = spawn(async { Event::new().wait().await });
        let wait = spawn(timeout(time, task.clone()));
        passes(1).await;
        wait.cancel();
        assert_eq!(wait.await, Err(JoinError::Cancelled));
        assert_eq!(task.outcome(), Some(Err(JoinError::Cancelled)));
    });
}

/// Without a timeout.
#[test]
fn test_cancel_blocking_wait_for() {
    cancel_wait_for(FOR_EVER);
}

/// With one.
#[test]
fn test_cancel_wait_for() {
    cancel_wait_for(seconds(60));
}

/// The inner task takes one pass, so it has ended when the outer one is cancelled. The outer one is cancelled
/// all the same: it does not run to its end.
#[test]
fn test_wait_for_issue86296() {
    virtual_run(async {
        let log = Log::new();
        let inner = spawn(async { "done" });
        let outer = spawn({
            let (inner, log) = (inner.clone(), log.clone());
            async move {
                log.add(timeout(seconds(100), inner).await);
                sleep(seconds(1)).await;
                log.add(Err(Elapsed));
            }
        });
        assert!(!outer.is_finished());
        passes(1).await;
        outer.cancel();
        assert_eq!(outer.await, Err(JoinError::Cancelled));
        assert!(inner.is_finished());
        assert_eq!(inner.await, Ok("done"));
        assert_eq!(log.take(), [Ok(Ok("done"))], "but not its end");
    });
}
