//! The ready queue: what runs next, in which order. asyncio: `_ready`.
//!
//! An entry is one of two things: *poll this task*, or *call this*. Calls are what asyncio gives to
//! `call_soon`: a timer that has fired, a child of a `gather` that has ended. A call never runs a task;
//! it wakes one, which then stands at the tail and is polled in the next pass. That is why a sleeper goes
//! on one pass after its timer, and `gather` two passes after its last child.

use crate::executor::{Core, Tables};
use crate::task::{Activity, WOKEN};
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
    /// A child of a gather has ended: the row of `Tables::waiters` says which.
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
}

impl Tables {
    /// Puts an entry behind all others. The only place that does.
    #[doc(alias = "call_soon")]
    #[inline]
    pub(crate) fn push(&mut self, entry: Ready) {
        self.ready.next.push(entry);
    }
}

impl Core {
    /// Makes a task ready, unless it is already, or gone. Every waker of ours ends up here.
    pub(crate) fn wake(&self, task: TaskId) {
        self.wake_task(task, false);
    }

    /// The same, by a waiter that is used up: the task waits for it no longer.
    pub(crate) fn wake_waiter(&self, task: TaskId) {
        self.wake_task(task, true);
    }

    #[inline]
    fn wake_task(&self, task: TaskId, has_waited: bool) {
        let mut tables = self.tables.borrow_mut();
        let Some(row) = tables.tasks.find(task) else { return };
        if has_waited {
            row.waits_no_longer();
        }
        let queued = match row.activity {
            Activity::Idle => {
                row.activity = Activity::Queued;
                tables.push(Ready::Poll(task.slot()));
                true
            }
            // It goes to the tail when its turn is over.
            Activity::Running if !row.has(WOKEN) => {
                row.set(WOKEN);
                true
            }
            Activity::Running | Activity::Queued => false,
            Activity::Done(_) => return,
        };
        drop(tables);
        self.note(StepKind::Wake { task, queued });
    }

    /// The turn of an entry that is a call.
    pub(crate) fn call(&self, call: Call) {
        self.user.set(None);
        match call {
            Call::Timer(timer) => self.timer_fired(timer),
            Call::Child(row) => self.child_ended(row),
            Call::Stop => self.stop(),
        }
    }
}
