//! `Event`: a flag that tasks can wait for. asyncio: `Event`.

use std::cell::Cell;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::line::{Line, Place};
use crate::trace::{StepKind, note};
use crate::waits::LineKind;
use crate::waker::{current, expect_current};

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
    /// Those of a run are numbered from 0. Outside a run it is 0.
    number: u32,
    waiters: Line,
}

impl Event {
    /// An event that is not set.
    pub fn new() -> Event {
        let number =
            current().map_or(0, |core| core.events.replace(core.events.get().wrapping_add(1)));
        Event { flag: Cell::new(false), number, waiters: Line::new(LineKind::Event, number) }
    }

    /// Sets the flag, and wakes all who wait for it, in the order in which they came.
    #[track_caller]
    pub fn set(&self) {
        self.set_at(Location::caller());
    }

    /// Apart from `set`, so that the note below has this line for the executor's, not the user's.
    fn set_at(&self, user: &'static Location<'static>) {
        if self.flag.replace(true) {
            return;
        }
        note(user, StepKind::SetEvent { event: self.number });
        for _ in 0..self.waiters.len() {
            let Some(waiter) = self.waiters.pop() else { return };
            waiter.wake();
        }
    }

    /// Clears the flag. Who was woken before goes on all the same.
    #[track_caller]
    pub fn clear(&self) {
        self.clear_at(Location::caller());
    }

    fn clear_at(&self, user: &'static Location<'static>) {
        if self.flag.replace(false) {
            note(user, StepKind::ClearEvent { event: self.number });
        }
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
        expect_current("Event::wait").at(self.location);
        if self.place.is_some() {
            return event.waiters.poll(&mut self.place, cx);
        }
        event.waiters.enter(&mut self.place, cx);
        note(self.location, StepKind::WaitForEvent { event: event.number });
        Poll::Pending
    }
}

impl Drop for WaitForEvent<'_> {
    fn drop(&mut self) {
        self.event.waiters.leave(&mut self.place);
    }
}
