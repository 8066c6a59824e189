//! The queue and the event of the model: who is woken by what. `tests/oracle/refqueue.py`, line for line.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use super::schedule::{Loop, Signal, wait};

#[derive(Debug)]
pub enum Refused {
    Full,
    Empty,
    ShutDown,
}

type Waiters = RefCell<VecDeque<Rc<Signal>>>;

/// Never hands an item over: it wakes a waiter, who looks again.
pub struct Queue {
    eventloop: Rc<Loop>,
    maxsize: usize,
    items: RefCell<VecDeque<u64>>,
    getters: Waiters,
    putters: Waiters,
    unfinished: Cell<usize>,
    all_done: Event,
    closed: Cell<bool>,
}

impl Queue {
    pub fn new(eventloop: &Rc<Loop>, maxsize: usize) -> Queue {
        Queue {
            eventloop: eventloop.clone(),
            maxsize,
            items: RefCell::default(),
            getters: Waiters::default(),
            putters: Waiters::default(),
            unfinished: Cell::new(0),
            all_done: Event::new(eventloop),
            closed: Cell::new(false),
        }
    }

    pub fn qsize(&self) -> usize {
        self.items.borrow().len()
    }

    fn is_full(&self) -> bool {
        0 < self.maxsize && self.maxsize <= self.qsize()
    }

    fn is_empty(&self) -> bool {
        self.qsize() == 0
    }

    pub async fn put(&self, item: u64) -> Result<(), Refused> {
        // Who lost the room waits again, at the tail.
        while self.is_full() && !self.closed.get() {
            self.wait_in(&self.putters, || !self.is_full()).await;
        }
        self.put_nowait(item)
    }

    pub fn put_nowait(&self, item: u64) -> Result<(), Refused> {
        if self.closed.get() {
            return Err(Refused::ShutDown);
        }
        if self.is_full() {
            return Err(Refused::Full);
        }
        self.items.borrow_mut().push_back(item);
        self.unfinished.set(self.unfinished.get() + 1);
        self.all_done.clear();
        wake_next(&self.getters);
        Ok(())
    }

    pub async fn get(&self) -> Result<u64, Refused> {
        while self.is_empty() && !self.closed.get() {
            self.wait_in(&self.getters, || !self.is_empty()).await;
        }
        self.get_nowait()
    }

    pub fn get_nowait(&self) -> Result<u64, Refused> {
        let item = self.items.borrow_mut().pop_front();
        let Some(item) = item else {
            return Err(if self.closed.get() { Refused::ShutDown } else { Refused::Empty });
        };
        wake_next(&self.putters);
        Ok(item)
    }

    async fn wait_in(&self, waiters: &Waiters, available: impl Fn() -> bool) {
        let signal = Signal::new(&self.eventloop);
        waiters.borrow_mut().push_back(signal.clone());
        let mut waiting = Waiting { signal: signal.clone(), waiters, available, resumed: false };
        wait(signal).await;
        waiting.resumed = true;
    }

    pub fn task_done(&self) -> bool {
        let Some(unfinished) = self.unfinished.get().checked_sub(1) else {
            return false;
        };
        self.unfinished.set(unfinished);
        if unfinished == 0 {
            self.all_done.set();
        }
        true
    }

    pub async fn join(&self) {
        if self.unfinished.get() > 0 {
            self.all_done.wait().await; // does not look again afterwards
        }
    }

    pub fn shutdown(&self, immediate: bool) {
        self.closed.set(true);
        if immediate {
            let thrown_away = self.items.take().len();
            self.unfinished.set(self.unfinished.get().saturating_sub(thrown_away));
            if self.unfinished.get() == 0 {
                self.all_done.set();
            }
        }
        for waiters in [&self.getters, &self.putters] {
            for signal in waiters.take() {
                signal.set();
            }
        }
    }
}

/// Python's `finally` in `wait_in`.
struct Waiting<'a, F: Fn() -> bool> {
    signal: Rc<Signal>,
    waiters: &'a Waiters,
    available: F,
    resumed: bool,
}

impl<F: Fn() -> bool> Drop for Waiting<'_, F> {
    fn drop(&mut self) {
        if self.resumed {
            return;
        }
        remove(&mut self.waiters.borrow_mut(), &self.signal);
        // We had been woken: pass it on.
        if self.signal.is_set() && (self.available)() {
            wake_next(self.waiters);
        }
    }
}

fn wake_next(waiters: &Waiters) {
    let mut waiters = waiters.borrow_mut();
    while let Some(signal) = waiters.pop_front() {
        if signal.set() {
            return;
        } // else it was cancelled: skipped
    }
}

fn remove(waiters: &mut VecDeque<Rc<Signal>>, signal: &Rc<Signal>) {
    waiters.retain(|other| !Rc::ptr_eq(other, signal));
}

pub struct Event {
    eventloop: Rc<Loop>,
    flag: Cell<bool>,
    waiters: Waiters,
}

impl Event {
    pub fn new(eventloop: &Rc<Loop>) -> Event {
        Event { eventloop: eventloop.clone(), flag: Cell::new(false), waiters: Waiters::default() }
    }

    pub fn is_set(&self) -> bool {
        self.flag.get()
    }

    pub fn set(&self) {
        self.flag.set(true);
        for signal in self.waiters.borrow().iter() {
            signal.set();
        }
    }

    pub fn clear(&self) {
        self.flag.set(false);
    }

    /// Looks at the flag once: a set and a clear in one step wake too.
    pub async fn wait(&self) {
        if self.is_set() {
            return;
        }
        let signal = Signal::new(&self.eventloop);
        self.waiters.borrow_mut().push_back(signal.clone());
        let _waiting = Leave { signal: signal.clone(), waiters: &self.waiters };
        wait(signal).await;
    }
}

/// Python's `finally` in `wait`.
struct Leave<'a> {
    signal: Rc<Signal>,
    waiters: &'a Waiters,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        remove(&mut self.waiters.borrow_mut(), &self.signal);
    }
}
