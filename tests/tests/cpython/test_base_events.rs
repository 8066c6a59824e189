//! `test_base_events.py`: the loop and its timers. (There are no bare callbacks here: tasks stand for them.)

use std::rc::Rc;

use executor::{Clock, Executor, Instant, gather, now, pass, sleep, sleep_until, spawn};

use crate::common::{Log, ms, passes, seconds};

/// What is made ready in a pass, is left for the next pass. (`_run_once` runs a snapshot.)
#[test]
#[allow(non_snake_case)] // its name in CPython
fn test__run_once_schedule_handle() {
    let log = Log::new();
    Executor::new(Clock::virtual_time()).run({
        let log = log.clone();
        async move {
            let parent = spawn(async move {
                let child = log.clone();
                let child = spawn(async move { child.add(("child", pass())) });
                log.add(("parent", pass()));
                child.await.unwrap();
            });
            parent.await.unwrap();
        }
    });
    assert_eq!(log.take(), [("parent", 2), ("child", 3)]);
}

/// `call_soon`: behind what is ready, in the next pass, in the order of the calls.
#[test]
fn test_call_soon() {
    let log = Log::new();
    Executor::new(Clock::virtual_time()).run({
        let log = log.clone();
        async move {
            for name in ["first", "second", "third"] {
                let log = log.clone();
                drop(spawn(async move { log.add((name, pass())) }));
            }
            log.add(("here", pass()));
            passes(1).await;
        }
    });
    assert_eq!(log.take(), [("here", 1), ("first", 2), ("second", 2), ("third", 2)]);
}

/// `call_later`: when the time has come, and not before.
#[test]
fn test_call_later() {
    let clock = Clock::virtual_time();
    Executor::new(clock.clone()).run(async {
        let log = Log::new();
        drop(spawn({
            let log = log.clone();
            async move {
                sleep(seconds(10)).await;
                log.add(now().as_millis());
            }
        }));
        sleep(ms(9_999)).await;
        assert_eq!(log.take(), []);
        sleep(ms(2)).await;
        assert_eq!(log.take(), [10_000]);
    });
}

/// `call_at`: never before its time, to the nanosecond, on a real clock too.
#[test]
fn test_time_and_call_at() {
    for clock in [Clock::virtual_time(), Clock::system()] {
        Executor::new(clock).run(async {
            for nanos in [1, 999, 1_000, 100_001, 2_000_000] {
                let deadline = Instant::from_nanos(now().as_nanos() + nanos);
                sleep_until(deadline).await;
                assert!(now() >= deadline, "{:?} is before {deadline:?}", now());
            }
        });
    }
}

/// Deadlines that are past when they are set come up in the order of the deadlines, not of the calls.
#[test]
fn test_call_later_negative_delays() {
    Executor::new(Clock::virtual_time()).run(async {
        sleep(seconds(10)).await;
        let log = Rc::new(Log::new());
        let sleepers = [9, 3, 7].map(|second| {
            let log = log.clone();
            spawn(async move {
                sleep_until(Instant::ZERO + seconds(second)).await;
                log.add(second);
            })
        });
        gather(sleepers).await.unwrap();
        assert_eq!(log.take(), [3, 7, 9]);
    });
}
