//! Checks of chapter 2.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use crate::exercise_02::{Countdown, Number, join, sum};
use crate::wakes::Wakes;

#[test]
fn exercise_1_counts_down_and_wakes_itself() {
    let wakes = Wakes::new();
    let mut countdown = pin!(Countdown(3));
    for poll in 1..=3 {
        assert_eq!(wakes.poll(countdown.as_mut()), Poll::Pending, "poll {poll} of Countdown(3)");
        assert_eq!(wakes.count(), poll, "after poll {poll} it has been woken so often");
    }
    assert_eq!(wakes.poll(countdown.as_mut()), Poll::Ready("go"), "poll 4 of Countdown(3)");
    assert_eq!(wakes.count(), 3, "what is ready needs no wake");
}

/// Gives this number at its second poll. Counts its polls.
fn number(number: u32, polls: &Rc<Cell<u32>>) -> Number {
    let polls = polls.clone();
    Box::pin(std::future::poll_fn(move |_| {
        polls.set(polls.get() + 1);
        assert!(polls.get() <= 2, "{number} was polled after it had ended");
        if polls.get() == 2 { Poll::Ready(number) } else { Poll::Pending }
    }))
}

#[test]
fn exercise_2_awaits_one_after_the_other() {
    let wakes = Wakes::new();
    let (a, b) = (Rc::default(), Rc::default());
    let mut sum = sum(number(40, &a), number(2, &b));
    let mut polls = Vec::new();
    for _ in 0..3 {
        let poll = wakes.poll(pin!(&mut sum));
        polls.push((poll, a.get(), b.get()));
    }
    let expected = [(Poll::Pending, 1, 0), (Poll::Pending, 2, 1), (Poll::Ready(42), 2, 2)];
    assert_eq!(
        polls, expected,
        "for each poll: what it returned, how often a was polled so far, and b"
    );
}

#[test]
fn exercise_3_polls_both_each_time() {
    let wakes = Wakes::new();
    let (a, b) = (Rc::default(), Rc::default());
    let first = Box::pin(std::future::ready(40));
    let mut join_ready = join(first, number(2, &b));
    assert_eq!(wakes.poll(pin!(&mut join_ready)), Poll::Pending, "a is ready, b is not");
    assert_eq!(wakes.poll(pin!(&mut join_ready)), Poll::Ready((40, 2)));
    b.set(0);
    let mut join = join(number(40, &a), number(2, &b));
    assert_eq!(wakes.poll(pin!(&mut join)), Poll::Pending);
    assert_eq!((a.get(), b.get()), (1, 1), "the first poll polls each of them once");
    assert_eq!(wakes.poll(pin!(&mut join)), Poll::Ready((40, 2)), "two polls are enough for both");
}
