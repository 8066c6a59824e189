//! Checks of chapter 7.

use std::time::Duration;

use executor::{Clock, Executor, now};

use crate::exercise_07::{
    Every, Timers, a_photo_finish, limits, passes_of_a_photo_finish, passes_of_the_limits,
    passes_of_the_sleepers, sleepers,
};
use crate::turns::passes;

#[test]
fn exercise_1_the_sleepers() {
    let answer = passes_of_the_sleepers();
    assert_eq!(answer, passes(sleepers()).unwrap(), "your passes, and those of the run");
}

#[test]
fn exercise_1_the_limits() {
    let answer = passes_of_the_limits();
    assert_eq!(answer, passes(limits()).unwrap(), "your passes, and those of the run");
}

#[test]
fn exercise_1_a_photo_finish() {
    let answer = passes_of_a_photo_finish();
    assert_eq!(answer, passes(a_photo_finish()).unwrap(), "your passes, and those of the run");
}

/// What is due until this time, in its order.
fn due(timers: &mut Timers, now: u64) -> Vec<u64> {
    std::iter::from_fn(|| timers.pop_due(now)).collect()
}

#[test]
fn exercise_2_equal_deadlines_in_the_order_of_arming() {
    let mut timers = Timers::default();
    for deadline in [30, 10, 20, 20, 20, 10] {
        timers.arm(deadline);
    }
    timers.sweep();
    assert_eq!(timers.next_deadline(), Some(10));
    assert_eq!(due(&mut timers, 9), [0; 0], "none is due at 9");
    assert_eq!(due(&mut timers, 20), [1, 5, 2, 3, 4]);
    assert_eq!(due(&mut timers, 99), [0]);
    assert_eq!(timers.next_deadline(), None);
}

#[test]
fn exercise_2_a_cancelled_timer_is_a_mark() {
    let mut timers = Timers::default();
    let [first, second, third] = [1, 2, 3].map(|deadline| timers.arm(deadline));
    timers.cancel(second);
    timers.sweep();
    assert_eq!(timers.entries(), 3, "the dead one is not at the head: it stays");
    timers.cancel(first);
    timers.sweep();
    assert_eq!(timers.entries(), 1, "both have come to the head, and are thrown out");
    assert_eq!(timers.next_deadline(), Some(3));
    assert_eq!(due(&mut timers, 3), [third]);
    timers.cancel(third);
    timers.sweep();
    assert_eq!((timers.entries(), timers.next_deadline()), (0, None));
}

#[test]
fn exercise_2_the_dead_are_never_too_many() {
    let mut timers = Timers::default();
    timers.arm(1);
    let mut most = 0;
    for _ in 0..1000 {
        let limit = timers.arm(60);
        timers.sweep();
        timers.cancel(limit);
        most = most.max(timers.entries());
    }
    assert_eq!(most, 101 - 1, "as in asyncio: with 101 entries, and 99 of them dead, they go");
}

#[test]
fn exercise_2_does_what_a_sorted_list_does() {
    let mut timers = Timers::default();
    let mut list: Vec<(u64, u64)> = Vec::new();
    let (mut random, mut now) = (7u64, 0);
    for step in 0..20_000 {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let number = random >> 33;
        match number % 8 {
            0..=3 => {
                let deadline = now + number / 8 % 200;
                list.push((deadline, timers.arm(deadline)));
                list.sort();
            }
            4..=6 if !list.is_empty() => {
                let (_, timer) = list.remove(number as usize / 8 % list.len());
                timers.cancel(timer);
            }
            _ => now += number / 8 % 5,
        }
        timers.sweep();
        let first = list.first().map(|(deadline, _)| *deadline);
        assert_eq!(timers.next_deadline(), first, "the first deadline after {step} operations");
        let expected = list.iter().take_while(|(deadline, _)| *deadline <= now);
        let expected: Vec<u64> = expected.map(|(_, number)| *number).collect();
        list.drain(..expected.len());
        assert_eq!(due(&mut timers, now), expected, "what is due after {step} operations");
    }
}

#[test]
fn exercise_3_does_not_drift() {
    let clock = Clock::virtual_time();
    let work = clock.clone();
    let times = Executor::new(clock).run(async move {
        let mut every = Every::new(Duration::from_secs(1));
        let mut times = Vec::new();
        for busy in [0, 100, 1300, 0, 2500, 0, 0, 0] {
            every.tick().await;
            times.push(now().as_millis());
            work.advance(Duration::from_millis(busy));
        }
        times
    });
    // The third tick keeps it busy for 1.3 s, the fifth for 2.5 s: it is late for what comes meanwhile.
    assert_eq!(
        times,
        [1000, 2000, 3000, 4300, 5000, 7500, 7500, 8000],
        "when the ticks were, in ms"
    );
}
