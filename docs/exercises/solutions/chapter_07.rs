//! Solutions of chapter 7, "Sleep, version one: a heap".

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
    vec!["main", "A B", "", "B", "", "main A"]
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
    vec!["main", "A", "", "main late", "", "main"]
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
    vec!["main", "A", "", "main late", "", "main"]
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
        self.alive.remove(&number);
    }

    /// Cleans up as asyncio does at the beginning of each pass: above 100 entries, with more than half of them dead,
    /// all the dead ones go; else only those at the head.
    pub fn sweep(&mut self) {
        if self.heap.len() > 100 && self.alive.len() * 2 < self.heap.len() {
            self.heap.retain(|Reverse((_, number))| self.alive.contains(number));
        }
        while self.heap.peek().is_some_and(|Reverse((_, number))| !self.alive.contains(number)) {
            self.heap.pop();
        }
    }

    /// The first deadline of a timer that is alive. Called after `sweep`.
    pub fn next_deadline(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse((deadline, _))| *deadline)
    }

    /// The next timer that is alive, and whose deadline has come. It is not in the heap any more.
    pub fn pop_due(&mut self, now: u64) -> Option<u64> {
        while self.next_deadline()? <= now {
            let Reverse((_, number)) = self.heap.pop()?;
            if self.alive.remove(&number) {
                return Some(number);
            }
        }
        None
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
        sleep_until(self.next).await;
        self.next = self.next + self.period;
    }
}
