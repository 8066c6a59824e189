//! Exercises of chapter 7, "Sleep, version one: a heap".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_07`

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::time::Duration;

use executor::{Event, Instant, now, sleep, sleep_until, spawn, timeout};

use crate::turns::turn;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// **Exercise 1.** Which turns are in which pass? `turn` writes a name down, whenever somebody comes past it. Timers
/// write nothing: a pass in which only timers have a turn is an empty string.
pub async fn sleepers() {
    turn("main");
    drop(spawn(async {
        turn("A");
        sleep(ms(20)).await;
        turn("A");
    }));
    drop(spawn(async {
        turn("B");
        sleep(ms(10)).await;
        turn("B");
    }));
    sleep(ms(20)).await;
    turn("main");
}

/// A string for each pass, with the names in their order, such as `"A main"`.
pub fn passes_of_the_sleepers() -> Vec<&'static str> {
    todo!(
        "exercise 1 of docs/exercises/chapter_07.rs: of two timers that are due at once, which was armed first?"
    )
}

/// A sleep that is too long for its time limit, beside two that have none.
pub async fn limits() {
    drop(spawn(async {
        turn("A");
        if timeout(ms(10), sleep(ms(20))).await.is_err() {
            turn("late");
        }
    }));
    turn("main");
    sleep(ms(10)).await;
    turn("main");
    sleep(ms(10)).await;
    turn("main");
}

pub fn passes_of_the_limits() -> Vec<&'static str> {
    todo!("exercise 1 of docs/exercises/chapter_07.rs: which timers are left after 10 ms?")
}

/// main sets the event at the very moment at which A's time is over.
pub async fn a_photo_finish() {
    let event = std::rc::Rc::new(Event::new());
    let finish = event.clone();
    drop(spawn(async move {
        turn("A");
        match timeout(ms(10), finish.wait()).await {
            Ok(()) => turn("in time"),
            Err(_) => turn("late"),
        }
    }));
    turn("main");
    sleep(ms(10)).await;
    turn("main");
    event.set();
    sleep(ms(10)).await;
    turn("main");
}

pub fn passes_of_a_photo_finish() -> Vec<&'static str> {
    todo!("exercise 1 of docs/exercises/chapter_07.rs: what does a timeout look at first?")
}

/// **Exercise 2.** A heap of timers with lazy cancellation. A timer is a number; they count from 0.
#[derive(Default)]
pub struct Timers {
    /// By (deadline, number).
    heap: BinaryHeap<Reverse<(u64, u64)>>,
    /// Those of the heap that are not cancelled.
    alive: HashSet<u64>,
    armed: u64,
}

impl Timers {
    pub fn arm(&mut self, deadline: u64) -> u64 {
        let number = self.armed;
        self.armed += 1;
        self.heap.push(Reverse((deadline, number)));
        self.alive.insert(number);
        number
    }

    /// Does nothing if the timer was due, or cancelled, before.
    pub fn cancel(&mut self, number: u64) {
        todo!("exercise 2 of docs/exercises/chapter_07.rs: a mark, and nothing else")
    }

    /// Cleans up as asyncio does at the beginning of each pass: above 100 entries, with more than half of them dead,
    /// all the dead ones go; else only those at the head.
    pub fn sweep(&mut self) {
        todo!(
            "exercise 2 of docs/exercises/chapter_07.rs: there is BinaryHeap::retain, and BinaryHeap::peek"
        )
    }

    /// The first deadline of a timer that is alive. Called after `sweep`.
    pub fn next_deadline(&self) -> Option<u64> {
        todo!(
            "exercise 2 of docs/exercises/chapter_07.rs: what can stand at the head after a sweep?"
        )
    }

    /// The next timer that is alive, and whose deadline has come. It is not in the heap any more.
    pub fn pop_due(&mut self, now: u64) -> Option<u64> {
        todo!(
            "exercise 2 of docs/exercises/chapter_07.rs: dead ones may come to the head while you take others"
        )
    }

    /// How many entries the heap has, the dead ones included.
    pub fn entries(&self) -> usize {
        self.heap.len()
    }
}

/// **Exercise 3.** Once every period: `every.tick().await` is over one period after `every` was made, then two periods
/// after that moment, and so on. Whoever is late for one tick is not late for the next. (asyncio has no such thing, and
/// a loop around `sleep(period)` drifts.)
pub struct Every {
    period: Duration,
    next: Instant,
}

impl Every {
    pub fn new(period: Duration) -> Every {
        Every { period, next: now() + period }
    }

    pub async fn tick(&mut self) {
        todo!("exercise 3 of docs/exercises/chapter_07.rs: not `sleep`, but `sleep_until`")
    }
}
