//! The inbox: how other threads wake a task, and how the loop sleeps until they do.
//!
//! A waker used on the executor's own thread puts the task into the ready queue. On any other thread it
//! posts the task's ticket here, and the loop collects the tickets at the start of its next pass. asyncio
//! calls this `call_soon_threadsafe`; its self-pipe is our condition variable.
//!
//! The race that everybody gets wrong once: the loop looks, finds nothing, and *then* a wake comes, and
//! then the loop falls asleep. Here the last look and falling asleep happen under one lock, and so does
//! posting: a wake comes before the look, or finds the loop asleep and notifies it.
//!
//! Boxes are static, and an executor has one while it runs. So a waker may be used when
//! its executor is long gone: the box then has another owner, or none, and the ticket is thrown away.

// loom, a model checker, runs the same code through every order in which its threads can meet.
#[cfg(loom)]
use loom as threads;
#[cfg(not(loom))]
use std as threads;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use threads::hint::spin_loop;
use threads::sync::atomic::{AtomicBool, AtomicU32, AtomicU64};
use threads::sync::{Condvar, Mutex, MutexGuard};

use crate::waker::TaskId;

/// How many executors can run at the same time, each on a thread of its own.
const BOXES: usize = if cfg!(loom) { 1 } else { 256 };

/// A look at the flag costs a nanosecond, falling asleep and being woken some thousands: when another
/// thread is about to answer, looking some more times is the faster way to wait. Where there is one core, the
/// other thread waits for this one meanwhile: so not many more.
const SPINS: usize = if cfg!(loom) { 1 } else { 4 };

/// How many tasks of an executor can be told apart by whether they have a letter in the box.
const MARKS: usize = if cfg!(loom) { 2 } else { 1024 };

#[cfg(not(loom))]
static INBOXES: [Inbox; BOXES] = [const { Inbox::new() }; BOXES];
/// The marks of all boxes: see [`mark`].
#[cfg(not(loom))]
static ALL_MARKS: [[AtomicU64; MARKS]; BOXES] =
    [const { [const { AtomicU64::new(0) }; MARKS] }; BOXES];
/// How many runs there were.
#[cfg(not(loom))]
static NEXT: AtomicU32 = AtomicU32::new(0);

// loom makes its statics anew for every interleaving.
#[cfg(loom)]
loom::lazy_static! {
    static ref INBOXES: [Inbox; BOXES] = Default::default();
    static ref ALL_MARKS: [[AtomicU64; MARKS]; BOXES] = Default::default();
    static ref NEXT: AtomicU32 = AtomicU32::new(0);
}

/// One executor's inbox.
#[cfg_attr(loom, derive(Default))]
pub(crate) struct Inbox {
    letters: Mutex<Letters>,
    /// Whether there may be letters: a look at it is cheaper than the lock. Set and cleared under the
    /// lock, so it is never clear while there are any.
    mail: AtomicBool,
    arrived: Condvar,
}

#[derive(Default)]
struct Letters {
    /// The executor that this box belongs to. `None` while nobody runs here.
    owner: Option<u16>,
    tickets: Vec<TaskId>,
    /// The loop waits for `arrived`. Never set while there are letters.
    parked: bool,
}

impl Inbox {
    #[cfg(not(loom))]
    const fn new() -> Inbox {
        let letters = Letters { owner: None, tickets: Vec::new(), parked: false };
        Inbox {
            letters: Mutex::new(letters),
            mail: AtomicBool::new(false),
            arrived: Condvar::new(),
        }
    }

    /// Makes this the box of an executor, unless it is another's.
    pub(crate) fn claim(&self, executor: u16) -> bool {
        let mut letters = self.lock();
        let free = letters.owner.is_none();
        if free {
            letters.owner = Some(executor);
            // A ticket that was thrown away has left its mark up, and in 65,535 runs it may come back.
            for mark in marks(executor) {
                mark.store(0, Ordering::Relaxed);
            }
        }
        free
    }

    /// Gives the box up: what is in it, and what will come, is thrown away.
    pub(crate) fn release(&self) {
        let mut letters = self.lock();
        *letters = Letters::default();
        self.mail.store(false, Ordering::Release);
    }

    /// Wakes a task of this box's owner: at once if the loop is parked, else in its next pass.
    #[doc(alias = "call_soon_threadsafe")]
    pub(crate) fn post(&self, ticket: TaskId) {
        if mark(ticket).swap(ticket.bits(), Ordering::AcqRel) == ticket.bits() {
            return;
        }
        let mut letters = self.lock();
        if letters.owner != Some(ticket.executor()) {
            return;
        }
        letters.tickets.push(ticket);
        self.mail.store(true, Ordering::Release);
        let parked = std::mem::take(&mut letters.parked);
        // The loop takes the lock when it wakes up: so let go of it first.
        drop(letters);
        if parked {
            self.arrived.notify_one();
        }
    }

    /// Whether there may be letters.
    #[inline]
    pub(crate) fn has_mail(&self) -> bool {
        self.mail.load(Ordering::Acquire)
    }

    /// Takes all letters, in the order in which they came; `tickets` is empty and lends its memory.
    pub(crate) fn collect(&self, tickets: &mut Vec<TaskId>) {
        let mut letters = self.lock();
        std::mem::swap(&mut letters.tickets, tickets);
        self.mail.store(false, Ordering::Release);
        drop(letters);
        for &ticket in tickets.iter() {
            mark(ticket).swap(0, Ordering::AcqRel);
        }
    }

    /// Sleeps until there is mail, or until the time is over; `None` is for ever.
    pub(crate) fn park(&self, time: Option<Duration>) {
        for _ in 0..SPINS {
            if self.has_mail() {
                return;
            }
            spin_loop();
        }
        let mut letters = self.lock();
        if letters.tickets.is_empty() {
            letters.parked = true;
            letters = match time {
                None => self.arrived.wait(letters).unwrap_or_else(PoisonError::into_inner),
                Some(time) => {
                    let wait = self.arrived.wait_timeout(letters, time);
                    wait.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        // Condition variables may wake up for no reason: then the loop looks, and parks again.
        letters.parked = false;
    }

    fn lock(&self) -> MutexGuard<'_, Letters> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Finds a box for an executor that starts. Runs are counted, and the count decides which box it is.
///
/// # Panics
/// If 256 executors are running.
pub(crate) fn open() -> (u32, &'static Inbox) {
    // Others may start at the same time and take boxes: so look at each more than once.
    for _ in 0..4 * BOXES {
        let run = NEXT.fetch_add(1, Ordering::Relaxed);
        let inbox = inbox_of(number(run));
        if inbox.claim(number(run)) {
            return (run, inbox);
        }
    }
    panic!("{BOXES} executors are running in this process: no more can run at the same time")
}

/// The number by which tickets name the executor of a run. It comes back after 65,535 runs; 0 is nobody's.
pub(crate) fn number(run: u32) -> u16 {
    (run % u32::from(u16::MAX)) as u16 + 1
}

/// Posts a ticket to whichever executor it belongs to, if it still runs.
#[inline(never)] // so that a wake at home stays short
pub(crate) fn post(ticket: TaskId) {
    inbox_of(ticket.executor()).post(ticket);
}

fn marks(executor: u16) -> &'static [AtomicU64; MARKS] {
    &ALL_MARKS[usize::from(executor) % BOXES]
}

/// Whose letter is in the box, or about to be put in: the last ticket for each mark. A mark goes up before the
/// letter is put in, and down after it was taken out, before anybody is polled; both are swaps. So whoever
/// finds it up has done what he did before a poll that is still to come, and need do no more.
fn mark(ticket: TaskId) -> &'static AtomicU64 {
    &marks(ticket.executor())[ticket.slot() as usize % MARKS]
}

fn inbox_of(executor: u16) -> &'static Inbox {
    &INBOXES[usize::from(executor) % BOXES]
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn ticket(slot: u32) -> TaskId {
        TaskId::new(7, 0, slot)
    }

    fn collected(inbox: &Inbox) -> Vec<u32> {
        let mut tickets = Vec::new();
        inbox.collect(&mut tickets);
        tickets.into_iter().map(TaskId::slot).collect()
    }

    #[test]
    fn the_next_executor_has_the_next_number_and_the_next_box() {
        assert_eq!([0, 1, 65_534, 65_535].map(number), [1, 2, 65_535, 1], "0 is nobody's");
        let is_same = |one, other| std::ptr::eq(inbox_of(one), inbox_of(other));
        assert!(!is_same(1, 2) && !is_same(255, 256) && is_same(1, 257));
    }

    #[test]
    fn letters_come_in_their_order_and_each_once() {
        let inbox = Inbox::new();
        assert!(inbox.claim(7) && !inbox.claim(8), "one owner at a time");
        [1, 1, 2, 1].into_iter().for_each(|slot| inbox.post(ticket(slot)));
        inbox.park(None); // returns at once
        assert_eq!(collected(&inbox), [1, 2]);
        assert!(!inbox.has_mail());
        inbox.post(ticket(1));
        assert_eq!(collected(&inbox), [1], "again, once the first letter was taken out");
        let same_mark = [1, 1 + MARKS as u32];
        same_mark.iter().for_each(|&slot| inbox.post(ticket(slot)));
        assert_eq!(collected(&inbox), same_mark, "marks are shared, letters are not");
    }

    #[test]
    fn letters_for_somebody_else_are_thrown_away() {
        let inbox = Inbox::new();
        inbox.post(ticket(1));
        assert!(inbox.claim(7) && !inbox.has_mail(), "the box was nobody's");
        inbox.post(ticket(2));
        inbox.release();
        assert!(inbox.claim(8) && !inbox.has_mail());
        inbox.post(ticket(3));
        assert!(collected(&inbox).is_empty());
    }
}

#[cfg(all(test, loom))]
#[path = "inbox_loom.rs"]
mod inbox_loom;
