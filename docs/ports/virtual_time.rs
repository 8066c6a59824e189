//! A virtual clock for smol's executor: time stands still while anything is ready, and then jumps.
//!
//! Its timers are kept as smol's own are (`async-io`, `reactor.rs`): in a map that is sorted by deadline, and then by
//! the order in which they were armed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::time::Duration;

use smol::{LocalExecutor, Task};

#[derive(Default)]
pub struct VirtualTime {
    now: Cell<Duration>,
    armed: Cell<u64>,
    timers: RefCell<BTreeMap<(Duration, u64), Waker>>,
}

impl VirtualTime {
    /// Since the clock was made.
    pub fn now(&self) -> Duration {
        self.now.get()
    }

    /// A sleep of no time is ready at once, as smol's `Timer` is. A sleep that is dropped leaves its timer behind,
    /// which then wakes nobody: enough for the founding program, whose sleepers are dropped only at the end.
    pub async fn sleep(&self, duration: Duration) {
        let deadline = self.now() + duration;
        let number = self.armed.replace(self.armed.get() + 1);
        poll_fn(|cx| {
            if self.now() >= deadline {
                return Poll::Ready(());
            }
            self.timers.borrow_mut().insert((deadline, number), cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Runs the executor until main has ended: asyncio's `_run_once` without the snapshot. Whatever is ready has
    /// its turn, one after the other; when nothing is, time goes on.
    pub fn run<T>(&self, executor: &LocalExecutor<'_>, main: Task<T>) -> T {
        while !main.is_finished() {
            if !executor.try_tick() {
                self.jump();
            }
        }
        smol::block_on(main)
    }

    /// On to the next deadline. Wakes everybody for whom this is the time, in the order of the map.
    fn jump(&self) {
        let mut timers = self.timers.borrow_mut();
        let Some(&(deadline, _)) = timers.keys().next() else {
            panic!("nothing is ready, and nobody sleeps: the program can't go on");
        };
        self.now.set(deadline);
        let later = timers.split_off(&(deadline, u64::MAX));
        let due = std::mem::replace(&mut *timers, later);
        drop(timers);
        due.into_values().for_each(Waker::wake);
    }
}
