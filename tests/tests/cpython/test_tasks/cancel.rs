//! `BaseTaskTests`: cancelling.

use std::future::pending;
use std::rc::Rc;

use executor::{
    Event, JoinError, JoinHandle, current_task, now, sleep, spawn, spawn_fallible, yield_now,
};

use crate::common::{Log, OnDrop, passes, seconds, virtual_run};

/// A task that waits until it is cancelled.
fn waiter() -> JoinHandle<()> {
    spawn(async { Event::new().wait().await })
}

/// Twice is as good as once: both requests are accepted. (That `cancelling()` counts them has no counterpart.)
#[test]
fn test_cancelling() {
    virtual_run(async {
        let task = spawn(sleep(seconds(10)));
        assert!(task.cancel());
        assert!(task.cancel());
        assert_eq!(task.await, Err(JoinError::Cancelled));
    });
}

/// A task that sleeps is cancelled; it has no value then, no time has passed, and later requests are refused.
#[test]
fn test_cancel() {
    virtual_run(async {
        let task = spawn(async {
            sleep(seconds(10)).await;
            12
        });
        passes(1).await;
        assert!(task.cancel());
        let after = task.clone();
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert!(after.is_finished());
        assert!(!after.cancel());
        assert_eq!(now().as_nanos(), 0);
    });
}

/// The same between two bare yields, where the task waits for nothing.
#[test]
fn test_cancel_yield() {
    virtual_run(async {
        let task = spawn(async {
            yield_now().await;
            yield_now().await;
            12
        });
        passes(1).await;
        assert!(task.cancel());
        let after = task.clone();
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert!(!after.cancel());
    });
}

/// What a task awaits is cancelled, not the task itself. In asyncio the `CancelledError` is raised where it is
/// awaited, and leaves the task; here it is the value of the `await`, and `?` sends it on.
#[test]
fn test_cancel_inner_future() {
    virtual_run(async {
        let inner = waiter();
        let outer = spawn_fallible({
            let inner = inner.clone();
            async move {
                inner.await?;
                Ok(12)
            }
        });
        passes(1).await;
        assert!(inner.cancel());
        assert_eq!(outer.await, Err(JoinError::Failed(JoinError::Cancelled)));
        assert_eq!(inner.outcome(), Some(Err(JoinError::Cancelled)));
    });
}

/// Both at once are no trouble.
#[test]
fn test_cancel_both_task_and_inner_future() {
    virtual_run(async {
        let inner = waiter();
        let outer = spawn({
            let inner = inner.clone();
            async move { inner.await.is_ok() }
        });
        passes(1).await;
        assert!(inner.cancel());
        assert!(outer.cancel());
        assert_eq!(outer.await, Err(JoinError::Cancelled));
        assert_eq!(inner.await, Err(JoinError::Cancelled));
    });
}

/// A task that cancels itself goes on until it waits: that wait is cancelled at once.
#[test]
fn test_cancel_current_task() {
    virtual_run(async {
        let log = Log::new();
        let task = spawn({
            let log = log.clone();
            async move {
                assert!(current_task().cancel());
                log.add("goes on");
                sleep(seconds(100)).await;
                log.add("slept");
            }
        });
        let after = task.clone();
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert_eq!(log.take(), ["goes on"]);
        assert_eq!(now().as_nanos(), 0);
        assert!(!after.cancel());
    });
}

/// A task that cancels itself and returns before it waits has no value either: it is cancelled.
#[test]
fn test_cancel_at_end() {
    virtual_run(async {
        let task = spawn(async {
            assert!(current_task().cancel());
            12
        });
        let after = task.clone();
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert!(!after.cancel());
    });
}

/// A task that has cancelled itself and then awaits another: the other is cancelled, and so on.
#[test]
fn test_cancel_awaited_task() {
    virtual_run(async {
        let nested_outcome = Log::new();
        let innermost = waiter();
        let nested = spawn({
            let innermost = innermost.clone();
            async move { innermost.await.is_ok() }
        });
        let task = spawn({
            let (nested, outcome) = (nested.clone(), nested_outcome.clone());
            async move {
                yield_now().await;
                current_task().cancel();
                outcome.add(nested.await);
            }
        });
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert_eq!(nested.await, Err(JoinError::Cancelled));
        assert_eq!(innermost.await, Err(JoinError::Cancelled));
        assert_eq!(nested_outcome.take(), [], "it was dropped there");
    });
}

/// What a task awaits is cancelled with it. (asyncio looks at the task's `_fut_waiter`.)
#[test]
fn test_task_cancel_waiter_future() {
    virtual_run(async {
        let inner = waiter();
        let task = spawn({
            let inner = inner.clone();
            async move { inner.await.is_ok() }
        });
        passes(1).await;
        assert!(task.cancel());
        passes(1).await;
        assert_eq!(inner.outcome(), Some(Err(JoinError::Cancelled)));
        assert_eq!(task.await, Err(JoinError::Cancelled));
    });
}

/// Cancelling goes through nested futures, from the inside out. (In asyncio each sees the exception; here
/// each is dropped.)
#[test]
fn test_yield_future_passes_cancel() {
    virtual_run(async {
        let log = Log::new();
        let inner = {
            let log = log.clone();
            async move {
                let _cleanup = OnDrop(|| log.add("inner"));
                pending::<()>().await;
                log.add("got past the wait");
            }
        };
        let outer = {
            let log = log.clone();
            async move {
                let _cleanup = OnDrop(|| log.add("outer"));
                inner.await;
                log.add("got past inner");
            }
        };
        let task = spawn(outer);
        passes(1).await;
        task.cancel();
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert_eq!(log.take(), ["inner", "outer"]);
    });
}

/// Cleaning up after a cancellation fails: then the task has not ended cancelled, but with that failure.
/// (In asyncio an `except` that raises; here a destructor that panics.)
#[test]
fn test_baseexception_during_cancel() {
    virtual_run(async {
        let task = spawn(async {
            let _cleanup = OnDrop(|| panic!("in the cleanup"));
            sleep(seconds(10)).await;
        });
        passes(1).await;
        task.cancel();
        assert!(!task.is_finished());
        let Err(JoinError::Panicked(panic)) = task.await else { panic!("it was to panic") };
        assert_eq!(panic.message(), "in the cleanup");
    });
}

/// A task that has failed already can't be cancelled, and nobody is surprised by the attempt.
#[test]
fn test_tb_logger_not_called_after_cancel() {
    virtual_run(async {
        let task = spawn_fallible(async { Err::<(), _>("TypeError") });
        let task = Rc::new(task);
        sleep(seconds(1)).await;
        assert!(!task.cancel());
        assert_eq!(task.outcome(), Some(Err(JoinError::Failed("TypeError"))));
    });
}
