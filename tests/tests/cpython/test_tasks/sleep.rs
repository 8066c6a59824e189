//! `BaseTaskTests` and `SleepTests`: sleeping.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;

use executor::{Clock, Executor, JoinError, RunError, now, sleep, spawn, yield_now};

use crate::common::{ms, passes, seconds, virtual_run};

/// Two halves make a whole: time has moved on by exactly the sum.
#[test]
fn test_sleep() {
    virtual_run(async {
        let sleeper = spawn(async {
            sleep(ms(50)).await;
            assert_eq!(now().as_nanos(), 50_000_000);
            sleep(ms(50)).await;
            "yeah"
        });
        assert_eq!(sleeper.await, Ok("yeah"));
        assert_eq!(now().as_nanos(), 100_000_000);
    });
}

/// One pass after a sleeper is cancelled its timer is gone. (asyncio looks at the `TimerHandle`. Here the
/// clock tells: with a timer left it would move on, without one the run is stuck at once.)
#[test]
fn test_sleep_cancel() {
    let clock = Clock::virtual_time();
    let result = Executor::new(clock.clone()).try_run(async {
        let sleeper = spawn(sleep(seconds(10)));
        passes(1).await;
        assert!(sleeper.cancel());
        passes(1).await;
        assert!(sleeper.is_finished());
        pending::<()>().await
    });
    assert!(matches!(result, Err(RunError::Stuck(_))));
    assert_eq!(clock.now().as_nanos(), 0);
}

/// A long sleep, cancelled after a tenth of a second: who awaits it goes on then.
#[test]
fn test_task_cancel_sleeping_task() {
    virtual_run(async {
        let sleeper = spawn(sleep(seconds(5000)));
        drop(spawn({
            let sleeper = sleeper.clone();
            async move {
                sleep(ms(100)).await;
                assert!(sleeper.cancel());
            }
        }));
        assert_eq!(sleeper.await, Err(JoinError::Cancelled));
        assert_eq!(now().as_millis(), 100);
    });
}

/// Giving way lets run what was made ready before, and no more than that.
#[test]
fn test_sleep_zero() {
    virtual_run(async {
        let result = Rc::new(Cell::new(0));
        let increment = |by: u32| {
            let result = result.clone();
            spawn(async move { result.set(result.get() + by) })
        };
        drop(increment(1));
        assert_eq!(result.get(), 0);
        yield_now().await;
        assert_eq!(result.get(), 1);
        drop(increment(10));
        assert_eq!(result.get(), 1);
        yield_now().await;
        assert_eq!(result.get(), 11);
    });
}
