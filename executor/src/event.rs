//! `Event`, and the waiting line that it shares with the queue. asyncio: `Event`, `Future`.
//!
//! Everything that can be awaited here, timers and tasks apart, is a line of [`Waiters`]: who has to wait stands
//! at the tail, and whoever has something wakes the first. A waiter that was cancelled *before* its
//! wake-up is passed over; one that is dropped *after* it has used it up, and may have to pass it on.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::list::{Chain, Rows};
use crate::ready::call_foreign;
use crate::trace::at;
use crate::waits::{Line, Wait, waits_for, waits_no_longer};
use crate::waker::{TaskId, current, running};

/// A flag that tasks can wait for. asyncio: `Event`.
///
/// ```
/// use executor::{Event, spawn};
/// use std::rc::Rc;
///
/// executor::run(async {
///     let start = Rc::new(Event::new());
///     let runner = spawn({
///         let start = start.clone();
///         async move { start.wait().await }
///     });
///     start.set();
///     runner.await.unwrap();
/// });
/// ```
#[derive(Debug)]
#[doc(alias = "asyncio.Event")]
pub struct Event {
    flag: Cell<bool>,
    waiters: Waiters,
}

impl Event {
    /// An event that is not set.
    pub fn new() -> Event {
        Event { flag: Cell::new(false), waiters: Waiters::new(Line::Event, 0) }
    }

    /// Sets the flag, and wakes all who wait for it, in the order in which they came.
    #[track_caller]
    pub fn set(&self) {
        at(Location::caller());
        if !self.flag.replace(true) {
            self.waiters.wake_all();
        }
    }

    /// Clears the flag. Who was woken before goes on all the same.
    pub fn clear(&self) {
        self.flag.set(false);
    }

    /// Whether the flag is set.
    pub fn is_set(&self) -> bool {
        self.flag.get()
    }

    /// Waits until the flag is set; if it is, goes on at once, without giving way.
    ///
    /// Once woken it does not look again: if the flag is cleared meanwhile, it goes on.
    #[track_caller]
    pub fn wait(&self) -> WaitForEvent<'_> {
        WaitForEvent { event: self, place: None, location: Location::caller() }
    }
}

impl Default for Event {
    fn default() -> Event {
        Event::new()
    }
}

/// The future of [`Event::wait`].
#[derive(Debug)]
#[must_use = "this does nothing unless it is awaited"]
pub struct WaitForEvent<'a> {
    event: &'a Event,
    place: Option<Place>,
    location: &'static Location<'static>,
}

impl Future for WaitForEvent<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let event = self.event;
        if self.place.is_none() && event.flag.get() {
            return Poll::Ready(());
        }
        at(self.location);
        if self.place.is_some() {
            return event.waiters.poll(&mut self.place, cx);
        }
        self.place = event.waiters.enter(cx);
        Poll::Pending
    }
}

impl Drop for WaitForEvent<'_> {
    fn drop(&mut self) {
        self.event.waiters.leave(&mut self.place);
    }
}

/// A number for whoever has waiting lines, so that reports and traces can tell them apart: the queues
/// of a run are numbered from 0, in the order in which they are made. Outside a run it is 0.
pub fn next_number() -> u32 {
    current().map_or(0, |core| core.numbers.replace(core.numbers.get().wrapping_add(1)))
}

/// A waiting line: first come, first woken. asyncio: a `deque` of `Future`s.
#[derive(Debug)]
pub struct Waiters {
    /// Whether anybody stands in line: mostly nobody does, and then nothing else needs to be looked at.
    any: Cell<bool>,
    line: RefCell<Waiting>,
    /// What those who stand here wait for.
    wait: Wait,
}

#[derive(Debug, Default)]
struct Waiting {
    rows: Rows<Waiter>,
    line: Chain,
}

#[derive(Debug)]
enum Waiter {
    /// It stands in line.
    Waiting(Waker),
    /// It was woken, and has not been polled yet.
    Woken,
    /// It was its turn, but its wait had been cancelled before.
    PassedOver,
}

/// One's place in a line, from the first poll to the end of the wait.
#[derive(Debug)]
pub struct Place(u32);

impl Waiters {
    /// A line in which nobody stands. Reports tell it by what line it is, and the number of its owner.
    pub fn new(line: Line, number: u32) -> Waiters {
        let wait = Wait::Line(line, number);
        Waiters { any: Cell::new(false), line: RefCell::default(), wait }
    }

    /// Stands at the end of the line.
    pub fn enter(&self, cx: &mut Context<'_>) -> Option<Place> {
        let waiter = Waiter::Waiting(cx.waker().clone());
        let mut waiting = self.line.borrow_mut();
        let Waiting { rows, line } = &mut *waiting;
        let row = rows.insert(waiter);
        rows.push_back(line, row);
        drop(waiting);
        self.any.set(true);
        waits_for(self.wait, cx.waker());
        Some(Place(row))
    }

    /// Waits in line. Ready when one has been woken, and has no place any more; or had none before.
    pub fn poll(&self, place: &mut Option<Place>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(Place(row)) = *place else { return Poll::Ready(()) };
        let mut waiter = Waiter::Waiting(cx.waker().clone());
        let mut waiting = self.line.borrow_mut();
        let Waiter::Waiting(_) = waiting.rows[row] else {
            waiting.rows.remove(row);
            *place = None;
            return Poll::Ready(());
        };
        std::mem::swap(&mut waiting.rows[row], &mut waiter);
        drop(waiting);
        if let Waiter::Waiting(old) = &waiter {
            waits_no_longer(self.wait, old);
        }
        waits_for(self.wait, cx.waker());
        Poll::Pending
    }

    /// Leaves the line, if one is in it. `true` if one had been woken, and did not know it.
    pub fn leave(&self, place: &mut Option<Place>) -> bool {
        let Some(Place(row)) = place.take() else { return false };
        let mut waiting = self.line.borrow_mut();
        let Waiting { rows, line } = &mut *waiting;
        if let Waiter::Waiting(_) = rows[row] {
            rows.unlink(line, row);
            self.any.set(!line.is_empty());
        }
        let waiter = rows.remove(row);
        drop(waiting);
        if let Waiter::Waiting(waker) = &waiter {
            waits_no_longer(self.wait, waker);
        }
        matches!(waiter, Waiter::Woken)
    }

    /// The tasks that stand in line, first to last.
    pub fn tasks(&self) -> Vec<TaskId> {
        let waiting = self.line.borrow();
        let waker = |(_, waiter): (u32, &Waiter)| match waiter {
            Waiter::Waiting(waker) => TaskId::of(waker),
            Waiter::Woken | Waiter::PassedOver => None,
        };
        waiting.rows.chained(waiting.line).filter_map(waker).collect()
    }

    /// Wakes the first in line whose wait has not been cancelled. `false` if there is none.
    #[inline]
    pub fn wake_first(&self) -> bool {
        self.any.get() && self.call_first()
    }

    /// Wakes all who stand in line now, in their order.
    pub fn wake_all(&self) {
        let most = self.line.borrow().rows.len();
        for _ in 0..most {
            if !self.wake_first() {
                return;
            }
        }
    }

    fn call_first(&self) -> bool {
        loop {
            let mut waiting = self.line.borrow_mut();
            let Waiting { rows, line } = &mut *waiting;
            let Some(row) = rows.pop_front(line) else { return false };
            self.any.set(!line.is_empty());
            let Waiter::Waiting(waker) = std::mem::replace(&mut rows[row], Waiter::Woken) else {
                unreachable!("it stood in line")
            };
            drop(waiting);
            if wake(waker) {
                return true;
            }
            self.line.borrow_mut().rows[row] = Waiter::PassedOver;
        }
    }
}

/// Wakes a waiter, unless it is a task whose wait was cancelled before.
fn wake(waker: Waker) -> bool {
    match TaskId::of(&waker).and_then(|task| Some((task, running(task.executor())?))) {
        Some((task, core)) => core.wake_waiter(task),
        None => {
            call_foreign(waker);
            true
        }
    }
}
