//! The ready queue: what runs next, in which order. asyncio: `_ready`.
//!
//! An entry is one of two things: *poll this task*, or *call this*. Calls are what asyncio gives to
//! `call_soon`: a timer that has fired, a child of a `gather` that has ended. A call never runs a task;
//! it wakes one, which then stands at the tail and is polled in the next pass. That is why a sleeper goes
//! on one pass after its timer, and `gather` two passes after its last child.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

use crate::executor::Core;
use crate::task::{INTERRUPTED, QUEUED, Row};
use crate::trace::StepKind;
use crate::waker::TaskId;
use crate::wheel::TimerId;

/// An entry of the ready queue.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ready {
    /// It is this task's turn. A task has one entry at most.
    Poll(u32),
    /// Call this.
    Call(Call),
}

/// What asyncio calls a `Handle`.
#[derive(Clone, Copy, Debug)]
#[doc(alias = "Handle")]
pub(crate) enum Call {
    /// A timer is due. If it was disarmed after it came here, this does nothing.
    Timer(TimerId),
    /// A child of a gather has ended: a row of `Core::joiners`.
    Child(u32),
    /// Main has ended.
    Stop,
}

/// The queue, in two parts: what has its turn in this pass, and what will have it in the next.
///
/// ```text
///                    turn                             push
///                      ▼                                ▼
///    now   [done][done][ C ][ D ]        next   [ E ][ F ]        order: C D E F
/// ```
///
/// So the snapshot rule is in the shape: whatever is pushed while a pass runs lands in `next`.
#[derive(Debug, Default)]
pub(crate) struct ReadyQueue {
    now: Vec<Ready>,
    /// The first entry of `now` that has not had its turn.
    turn: usize,
    next: Vec<Ready>,
}

impl ReadyQueue {
    /// The next pass: what is ready now is what has its turn in it.
    pub(crate) fn start_pass(&mut self) {
        self.now.clear();
        self.turn = 0;
        std::mem::swap(&mut self.now, &mut self.next);
    }

    /// The next entry of this pass.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Ready> {
        let entry = self.now.get(self.turn).copied();
        self.turn += 1;
        entry
    }

    /// Whether nothing is ready, between two passes.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.next.is_empty()
    }

    /// All entries, in the order of their turns.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Ready> {
        self.now.iter().skip(self.turn).chain(&self.next)
    }

    /// How many have their turn in the pass that is running.
    pub(crate) fn left(&self) -> usize {
        self.now.len().saturating_sub(self.turn)
    }

    #[inline]
    fn push(&mut self, entry: Ready) {
        self.next.push(entry);
    }
}

impl Core {
    /// Puts an entry behind all others. The only place that does.
    #[doc(alias = "call_soon")]
    pub(crate) fn push(&self, entry: Ready) {
        self.ready.borrow_mut().push(entry);
    }

    /// Makes a task ready, unless it is already, or gone. Every waker of ours ends up here.
    pub(crate) fn wake(&self, ticket: TaskId) {
        let mut tasks = self.tasks.borrow_mut();
        let Some(row) = tasks.find(ticket) else { return };
        if !row.is_alive() {
            return;
        }
        let queued = row.has(QUEUED);
        row.set(QUEUED);
        drop(tasks);
        if !queued {
            self.push(Ready::Poll(ticket.slot()));
        }
        self.note(StepKind::Wake { task: ticket, queued: !queued });
    }

    /// The same for a waiter: `false`, and nothing happens, if its wait was cancelled before.
    pub(crate) fn wake_waiter(&self, ticket: TaskId) -> bool {
        let interrupted = |row: &mut Row| row.has(INTERRUPTED);
        if self.tasks.borrow_mut().find(ticket).is_some_and(interrupted) {
            return false;
        }
        self.wake(ticket);
        true
    }

    /// Calls a waker that somebody has left here.
    pub(crate) fn call_waker(&self, waker: Waker) {
        match TaskId::of(&waker) {
            Some(task) if task.executor() == self.number => self.wake(task),
            _ => call_foreign(waker),
        }
    }

    /// The turn of an entry that is a call.
    pub(crate) fn call(&self, call: Call) {
        self.user.set(None);
        match call {
            Call::Timer(timer) => self.timer_fired(timer),
            Call::Child(joiner) => self.child_ended(joiner),
            Call::Stop => {
                self.stopped.set(true);
                self.note(StepKind::CallStop);
            }
        }
    }
}

/// Calls a waker that is not of this loop: a combinator's, another loop's. Its panic is not this
/// loop's: the panic hook has reported it, and who else is to be woken is woken.
pub(crate) fn call_foreign(waker: Waker) {
    std::mem::forget(catch_unwind(AssertUnwindSafe(|| waker.wake())));
}
