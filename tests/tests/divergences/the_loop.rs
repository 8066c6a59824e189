//! Passes, and timers.

use executor::{Clock, Executor, Instant, gather, now, pass, sleep, sleep_until, spawn, yield_now};

use crate::common::{Log, Mark, ms, seconds, virtual_run};

/// Row 1. A timer's call runs in pass d. It wakes the sleeper, who stands behind everything then, and goes on in
/// d+1. What the call of the next timer does in d comes before that.
#[test]
fn a_timers_call_is_one_pass_before_its_sleeper() {
    virtual_run(async {
        let log = Log::new();
        let sleeper = spawn({
            let log = log.clone();
            async move {
                sleep(seconds(1)).await;
                log.add(("sleeper", pass()));
            }
        });
        let mark = Mark::new();
        let mut timer = Box::pin(sleep(seconds(1)));
        yield_now().await;
        assert!(mark.is_pending(timer.as_mut()));
        sleeper.await.unwrap();
        assert_eq!(mark.wakes(), 1);
        assert_eq!(log.take(), [("sleeper", mark.pass() + 1)]);
    });
}

/// Row 2. A pass runs what was ready when it began. A task that always makes itself ready keeps nobody waiting,
/// and what it spawns has its turn in the next pass.
#[test]
fn a_pass_is_a_snapshot() {
    virtual_run(async {
        let log = Log::new();
        let greedy = spawn({
            let log = log.clone();
            async move {
                for _ in 0..3 {
                    let child = log.clone();
                    log.add(("greedy", pass()));
                    drop(spawn(async move { child.add(("child", pass())) }));
                    yield_now().await;
                }
            }
        });
        let modest = spawn({
            let log = log.clone();
            async move { log.add(("modest", pass())) }
        });
        gather([greedy, modest]).await.unwrap();
        let expected = [
            ("greedy", 2),
            ("modest", 2),
            ("child", 3),
            ("greedy", 3),
            ("child", 4),
            ("greedy", 4),
            ("child", 5),
        ];
        assert_eq!(log.take(), expected);
    });
}

/// Row 2. Timers that are due go behind what is ready, which can be seen only if somebody keeps the processor busy:
/// then a pass has both.
#[test]
fn timers_come_behind_what_is_ready() {
    let clock = Clock::virtual_time();
    let log = Log::new();
    Executor::new(clock.clone()).run(async {
        let sleeper = spawn({
            let log = log.clone();
            async move {
                sleep(ms(10)).await;
                log.add(("sleeper", pass()));
            }
        });
        yield_now().await;
        let ready = ["first", "second"].map(|name| {
            let log = log.clone();
            spawn(async move {
                log.add((name, pass()));
                yield_now().await;
                log.add((name, pass()));
            })
        });
        clock.advance(ms(20));
        gather(ready).await.unwrap();
        sleeper.await.unwrap();
    });
    // The timer is due in pass 3, behind the two. Its sleeper stands behind them in pass 4, too.
    let expected = [("first", 3), ("second", 3), ("first", 4), ("second", 4), ("sleeper", 4)];
    assert_eq!(log.take(), expected);
}

/// Row 3. Equal deadlines come up in the order of arming, though they were armed at times that lie far apart,
/// and have come to one place of the wheel in different ways.
#[test]
fn equal_deadlines_come_up_in_arming_order() {
    virtual_run(async {
        let deadline = Instant::from_nanos(3_000_000_007);
        let log = Log::new();
        let mut sleepers = Vec::new();
        for number in 0..200 {
            let log = log.clone();
            sleepers.push(spawn(async move {
                sleep_until(deadline).await;
                log.add((number, now()));
            }));
            // From seconds to nanoseconds away, in steps that are no multiples of anything.
            yield_now().await;
            sleep((deadline - now()) / 7).await;
        }
        assert!(now() < deadline);
        gather(sleepers).await.unwrap();
        assert!(log.take().into_iter().eq((0..200).map(|number| (number, deadline))));
    });
}
