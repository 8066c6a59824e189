//! A waiting line: first come, first woken. asyncio: a `deque` of `Future`s.
//!
//! Everything that can be awaited here, timers and gathers apart, is a line: who has to wait stands at the
//! tail, and whoever has something wakes the first. The lines of all events, queues and tasks are
//! chains through one table, `Tables::waiters`.
//!
//! A waiter that was cancelled *before* its wake-up is passed over; one that is dropped *after* it has used
//! the wake-up, and may have to pass it on. Should a waiter that was passed over be polled all the same (it
//! may be another task's by now), its wait is over.

use std::cell::Cell;
use std::task::{Context, Poll, Waker};

use crate::executor::{Core, Tables};
use crate::list::Chain;
use crate::task::INTERRUPTED;
use crate::waits::{LineKind, Wait, Waiter, call};
use crate::waker::{OnThisThread, TaskId, current, current_run, outside};

/// A row of `Tables::waiters`.
#[derive(Debug)]
pub(crate) enum Entry {
    /// Somebody waits.
    Waiting(Waiter),
    /// It was woken, and does not know it yet.
    Woken,
    /// It would have been woken, but its wait had been cancelled: it stands in line no more.
    #[allow(dead_code, reason = "its task waits as long as the waiter exists")]
    PassedOver(Waiter),
    /// A gather is to hear that the task has ended which is its child with this index. It stands in the line of
    /// the task's joiners; when that has ended, a call names it, and removes it.
    Child { gather: u32, index: u32 },
}

/// A waiting line of an event or a queue.
#[derive(Debug)]
pub struct Line {
    chain: Cell<Chain>,
    /// The run whose table the chain goes through. In another run nobody stands in line.
    run: Cell<u32>,
    wait: Wait,
}

/// One's place in a line, from the first poll to the end of the wait. Who has one gives it back by
/// [`Line::leave`], of the same line, when he is dropped.
#[derive(Debug)]
pub struct Place {
    row: u32,
    run: u32,
    here: OnThisThread,
}

impl Line {
    /// A line in which nobody stands. Reports tell it by its kind, and the number of its owner.
    pub fn new(kind: LineKind, number: u32) -> Line {
        let wait = Wait::Line(kind, number);
        Line { chain: Cell::default(), run: Cell::new(0), wait }
    }

    /// Stands at the end of the line.
    ///
    /// # Panics
    /// Outside a running executor.
    pub fn enter(&self, place: &mut Option<Place>, cx: &mut Context<'_>) {
        let Some(core) = current() else { outside(self.function()) };
        if self.run.replace(core.run) != core.run {
            self.chain.set(Chain::default());
        }
        let waker = cx.waker().clone();
        let mut chain = self.chain.get();
        let mut tables = core.tables.borrow_mut();
        let waiter = tables.waiter(waker, self.wait);
        let row = tables.enter(&mut chain, Entry::Waiting(waiter));
        self.chain.set(chain);
        *place = Some(Place { row, run: core.run, here: OnThisThread::default() });
    }

    /// Waits in line. Ready when one has been woken, and has no place any more; or had none before.
    #[inline]
    pub fn poll(&self, place: &mut Option<Place>, cx: &mut Context<'_>) -> Poll<()> {
        if place.is_none() { Poll::Ready(()) } else { self.poll_place(place, cx) }
    }

    fn poll_place(&self, place: &mut Option<Place>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(Place { row, run, .. }) = *place
            && let Some(core) = current_run(run)
        {
            let mut tables = core.tables.borrow_mut();
            if let Entry::Waiting(_) = tables.waiters[row] {
                drop(tables);
                core.wait_on(row, cx.waker(), self.wait);
                return Poll::Pending;
            }
            let entry = tables.waiters.remove(row);
            drop(tables);
            drop(entry);
        }
        *place = None;
        Poll::Ready(())
    }

    /// Leaves the line, if one is in it. `true` if one had been woken, and did not know it.
    pub fn leave(&self, place: &mut Option<Place>) -> bool {
        let Some(Place { row, run, .. }) = place.take() else { return false };
        let Some(core) = current_run(run) else { return false };
        let mut chain = self.chain.get();
        let entry = core.tables.borrow_mut().leave(&mut chain, row);
        self.chain.set(chain);
        matches!(entry, Entry::Woken)
    }

    /// Takes the first out of the line whose wait has not been cancelled: to be woken.
    #[inline]
    pub fn pop(&self) -> Option<Waiter> {
        if self.is_empty() { None } else { self.pop_first() }
    }

    /// Whether nobody stands in line.
    pub fn is_empty(&self) -> bool {
        self.chain.get().is_empty()
    }

    /// Who stands in line, first to last; `None` for who is no task of this executor.
    pub fn tasks(&self) -> Vec<Option<TaskId>> {
        let Some(core) = current_run(self.run.get()) else { return Vec::new() };
        let tables = core.tables.borrow();
        let task = |(_, entry): (u32, &Entry)| match entry {
            Entry::Waiting(waiter) => waiter.task(),
            Entry::Woken | Entry::PassedOver(_) | Entry::Child { .. } => None,
        };
        tables.waiters.chained(self.chain.get()).map(task).collect()
    }

    /// How many stand in line.
    pub fn len(&self) -> usize {
        let Some(core) = current_run(self.run.get()) else { return 0 };
        core.tables.borrow().waiters.chained(self.chain.get()).count()
    }

    /// By what function one comes to stand here.
    fn function(&self) -> &'static str {
        match self.wait {
            Wait::Line(LineKind::Get, _) => "Queue::get",
            Wait::Line(LineKind::Put, _) => "Queue::put",
            Wait::Line(LineKind::Join, _) => "Queue::join",
            _ => "Event::wait",
        }
    }

    fn pop_first(&self) -> Option<Waiter> {
        let core = current_run(self.run.get())?;
        let mut tables = core.tables.borrow_mut();
        let mut chain = self.chain.get();
        let waiter = loop {
            let Some(row) = tables.waiters.pop_front(&mut chain) else { break None };
            let is_interrupted = tables.is_interrupted(row);
            let entry = std::mem::replace(&mut tables.waiters[row], Entry::Woken);
            let Entry::Waiting(waiter) = entry else {
                unreachable!("who is woken or passed over stands in line no more")
            };
            if !is_interrupted {
                break Some(waiter);
            }
            tables.waiters[row] = Entry::PassedOver(waiter);
        };
        self.chain.set(chain);
        waiter
    }
}

impl Core {
    /// Somebody still waits in this row, and is polled: then whoever polls now is the one to wake.
    pub(crate) fn wait_on(&self, row: u32, waker: &Waker, wait: Wait) {
        if let Entry::Waiting(waiter) = &self.tables.borrow().waiters[row]
            && waiter.will_wake(waker)
        {
            return;
        }
        let waker = waker.clone();
        let mut tables = self.tables.borrow_mut();
        if !matches!(tables.waiters[row], Entry::Waiting(_)) {
            // To clone a foreign waker is code of somebody else's: meanwhile this one was woken.
            drop(tables);
            return call(&waker);
        }
        let waiter = tables.waiter(waker, wait);
        let old = std::mem::replace(&mut tables.waiters[row], Entry::Waiting(waiter));
        drop(tables);
        drop(old);
    }
}

impl Tables {
    /// Stands somebody at the end of a line.
    #[inline]
    pub(crate) fn enter(&mut self, chain: &mut Chain, entry: Entry) -> u32 {
        let row = self.waiters.insert(entry);
        self.waiters.push_back(chain, row);
        row
    }

    /// Whether somebody waits in this row, but that wait was cancelled.
    fn is_interrupted(&self, row: u32) -> bool {
        let Entry::Waiting(waiter) = &self.waiters[row] else { return false };
        let task = waiter.task().and_then(|task| self.tasks.get(task));
        task.is_some_and(|row| row.has(INTERRUPTED))
    }

    /// Takes somebody out of a line, wherever he stands in it.
    pub(crate) fn leave(&mut self, chain: &mut Chain, row: u32) -> Entry {
        self.waiters.unlink(chain, row);
        self.waiters.remove(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    #[test]
    fn a_line_is_empty_while_nobody_stands_in_it() {
        crate::run(async {
            let (line, mut place) = (Line::new(LineKind::Event, 0), None);
            assert_eq!((line.is_empty(), line.len()), (true, 0));
            poll_fn(|cx| {
                line.enter(&mut place, cx);
                Poll::Ready(())
            })
            .await;
            assert_eq!((line.is_empty(), line.len()), (false, 1));
            assert!(!line.leave(&mut place), "nobody has been woken");
            assert_eq!((line.is_empty(), line.len()), (true, 0));
        });
    }
}
