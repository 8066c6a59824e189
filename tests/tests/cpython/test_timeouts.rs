//! `test_timeouts.py`: `TimeoutTests`

use std::future::pending;

use executor::{
    Clock, Elapsed, Executor, Instant, JoinError, current_task, now, pass, sleep, spawn, timeout,
    yield_now,
};

use crate::common::{Log, OnDrop, ms, seconds, virtual_run};

/// A body that takes too long is given up when its time is over.
#[test]
fn test_timeout_basic() {
    virtual_run(async {
        assert_eq!(timeout(ms(10), sleep(seconds(10))).await, Err(Elapsed));
        assert_eq!(now().as_nanos(), 10_000_000);
    });
}

/// The same with a point in time. (There is no `timeout_at`: subtract what the time is now.)
#[test]
fn test_timeout_at_basic() {
    virtual_run(async {
        sleep(ms(5)).await;
        let deadline = Instant::from_nanos(15_000_000);
        assert_eq!(timeout(deadline - now(), sleep(seconds(10))).await, Err(Elapsed));
        assert_eq!(now(), deadline);
    });
}

/// Two timeouts of one deadline, one in the other: only the outer one says that it has expired. What is
/// inside is dropped, and says nothing any more.
#[test]
fn test_nested_timeouts() {
    virtual_run(async {
        let log = Log::new();
        let result = timeout(ms(10), async {
            let _cleanup = OnDrop(|| log.add("dropped"));
            let result = timeout(ms(10), sleep(seconds(10))).await;
            log.add("the inner one expired");
            result
        });
        assert_eq!(result.await, Err(Elapsed));
        assert_eq!(log.take(), ["dropped"]);
    });
}

/// What waits inside sees that it is given up. (In asyncio by an exception; here it is dropped.)
#[test]
fn test_waiter_cancelled() {
    virtual_run(async {
        let log = Log::new();
        let body = async {
            let _cleanup = OnDrop(|| log.add("dropped"));
            sleep(seconds(10)).await;
        };
        assert_eq!(timeout(ms(10), body).await, Err(Elapsed));
        assert_eq!(log.take(), ["dropped"]);
    });
}

/// A body that is in time: nothing expires, and no time is lost.
#[test]
fn test_timeout_not_called() {
    virtual_run(async {
        assert_eq!(timeout(seconds(10), sleep(ms(10))).await, Ok(()));
        assert_eq!(now().as_millis(), 10);
    });
}

/// No time at all: the body runs until it waits for the first time.
#[test]
fn test_timeout_zero() {
    virtual_run(async {
        let log = Log::new();
        let body = async {
            log.add("starts");
            sleep(seconds(10)).await;
        };
        assert_eq!(timeout(ms(0), body).await, Err(Elapsed));
        assert_eq!(now().as_nanos(), 0);
        assert_eq!(log.take(), ["starts"]);
    });
}

/// No time at all is less than one pass.
#[test]
fn test_timeout_zero_sleep_zero() {
    virtual_run(async {
        assert_eq!(timeout(ms(0), yield_now()).await, Err(Elapsed));
        assert_eq!(now().as_nanos(), 0);
    });
}

/// A deadline that is past: as if there were no time at all. (Durations are never negative.)
#[test]
fn test_timeout_in_the_past_sleep_zero() {
    virtual_run(async {
        sleep(seconds(11)).await;
        let before = now();
        assert_eq!(timeout(Instant::ZERO - now(), yield_now()).await, Err(Elapsed));
        assert_eq!(now(), before);
    });
}

/// The body's own error comes out as it is.
#[test]
fn test_foreign_exception_passed() {
    virtual_run(async {
        let body = async { Err::<(), _>("KeyError") };
        assert_eq!(timeout(ms(10), body).await, Ok(Err("KeyError")));
        assert_eq!(pass(), 1);
    });
}

/// The body fails while it is being given up: that wins over the timeout. (In asyncio an exception in a
/// `finally`; here a panic in a destructor.)
#[test]
fn test_foreign_exception_on_timeout() {
    virtual_run(async {
        let task = spawn(timeout(ms(10), async {
            let _cleanup = OnDrop(|| panic!("ZeroDivisionError"));
            sleep(seconds(1)).await;
        }));
        let Err(JoinError::Panicked(panic)) = task.await else { panic!("it was to panic") };
        assert_eq!(panic.message(), "ZeroDivisionError");
        assert_eq!(now().as_millis(), 10);
    });
}

/// A cancellation from elsewhere is a cancellation, not a timeout.
#[test]
fn test_foreign_cancel_doesnt_timeout_if_not_expired() {
    virtual_run(async {
        let task = spawn(timeout(seconds(10), async {
            current_task().cancel();
            sleep(seconds(10)).await;
        }));
        assert_eq!(task.await, Err(JoinError::Cancelled));
        assert_eq!(now().as_nanos(), 0);
    });
}

/// A task in which a timeout expires is not a cancelled task.
#[test]
fn test_outer_task_is_not_cancelled() {
    virtual_run(async {
        let task = spawn(async { timeout(ms(1), sleep(seconds(10))).await });
        assert_eq!(task.await, Ok(Err(Elapsed)));
    });
}

/// The body keeps the processor busy for longer than the outer timeout, but not the inner one: the outer
/// one expires, when at last there is a chance.
#[test]
fn test_nested_timeouts_concurrent() {
    let clock = Clock::virtual_time();
    Executor::new(clock.clone()).run(async {
        let inner = timeout(ms(100), async {
            clock.advance(ms(10));
            sleep(seconds(1)).await;
        });
        assert_eq!(timeout(ms(2), inner).await, Err(Elapsed));
        assert_eq!(now().as_millis(), 10);
    });
}

/// An inner timeout in which the loop is busy. If both have expired by then, the outer one wins. If only the
/// inner one has, what comes after it is interrupted by the outer one in its time.
#[test]
fn test_nested_timeouts_loop_busy() {
    for (busy, inner_expires) in [(100, false), (50, true)] {
        let clock = Clock::virtual_time();
        Executor::new(clock.clone()).run(async {
            let log = Log::new();
            let body = async {
                let inner = timeout(ms(10), async {
                    clock.advance(ms(busy));
                    sleep(seconds(1)).await;
                });
                log.add(inner.await);
                pending::<()>().await;
            };
            assert_eq!(timeout(ms(100), body).await, Err(Elapsed));
            assert_eq!(now().as_millis(), 100);
            let expected = if inner_expires { vec![Err(Elapsed)] } else { vec![] };
            assert_eq!(log.take(), expected);
        });
    }
}

/// Where no task runs there can be no timeout. (asyncio raises a `RuntimeError`.)
#[test]
#[should_panic = "`timeout` was used outside a running executor: call it from a task"]
fn test_timeout_without_task() {
    drop(timeout(ms(10), pending::<()>()));
}
