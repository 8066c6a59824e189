//! The two small tools that the workloads wait with, the same for every contender.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// One slot for one waiting task. `set` before `wait` is not lost.
#[derive(Clone, Default)]
pub struct Signal(Rc<Slot>);

#[derive(Default)]
struct Slot {
    set: Cell<bool>,
    waiter: Cell<Option<Waker>>,
}

impl Signal {
    pub fn set(&self) {
        self.0.set.set(true);
        if let Some(waiter) = self.0.waiter.take() {
            waiter.wake();
        }
    }

    /// Waits for the next `set`, and takes it.
    pub fn wait(&self) -> Wait<'_> {
        Wait(&self.0)
    }
}

pub struct Wait<'a>(&'a Slot);

impl Future for Wait<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0.set.take() {
            return Poll::Ready(());
        }
        self.0.waiter.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

/// Counts events down; at zero the one who waits goes on.
#[derive(Clone, Default)]
pub struct Countdown {
    left: Rc<Cell<usize>>,
    zero: Signal,
}

impl Countdown {
    pub fn from(events: usize) -> Countdown {
        let countdown = Countdown::default();
        countdown.left.set(events);
        countdown
    }

    pub fn down(&self) {
        self.left.set(self.left.get() - 1);
        if self.left.get() == 0 {
            self.zero.set();
        }
    }

    pub fn wait(&self) -> Wait<'_> {
        self.zero.wait()
    }
}
