//! The ready queue: what runs next, in which order. asyncio: `_ready`.
//!
//! An entry is one of two things: *poll this task*, or *call this*. Calls are what asyncio gives to
//! `call_soon`: a timer that has fired, a child of a `gather` that has ended. A call never runs a task;
//! it wakes one, which then stands at the tail and is polled in the next pass. That is why a sleeper goes
//! on one pass after its timer, and `gather` two passes after its last child.

use crate::executor::Core;
use crate::task::{INTERRUPTED, QUEUED};
use crate::waker::Ticket;
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

impl Core {
    /// Puts an entry behind all others. The only place that does.
    #[doc(alias = "call_soon")]
    #[cfg_attr(debug_assertions, inline(never))]
    pub(crate) fn push(&self, entry: Ready) {
        self.ready.borrow_mut().push_back(entry);
    }

    /// Makes a task ready, unless it is already, or gone. Every waker of ours ends up here.
    #[cfg_attr(debug_assertions, inline(never))]
    pub(crate) fn wake(&self, ticket: Ticket) {
        let mut tasks = self.tasks.borrow_mut();
        let Some(row) = tasks.find(ticket) else { return };
        if !row.is_alive() || row.has(QUEUED) {
            return;
        }
        row.set(QUEUED);
        drop(tasks);
        self.push(Ready::Poll(ticket.slot()));
    }

    /// Whether what this task waits for was cancelled, so that it can't be woken by it any more.
    pub(crate) fn is_interrupted(&self, ticket: Ticket) -> bool {
        self.tasks.borrow_mut().find(ticket).is_some_and(|row| row.has(INTERRUPTED))
    }

    /// The turn of an entry that is a call.
    pub(crate) fn call(&self, call: Call) {
        match call {
            Call::Timer(timer) => self.timer_fired(timer),
            Call::Child(joiner) => self.child_ended(joiner),
            Call::Stop => self.stopped.set(true),
        }
    }
}
