//! What a task waits for: the column of the task table that cancellation, reports and debuggers look at.
//!
//! Whoever has to wait leaves a [`Waiter`] with what he waits for: whom to wake. As long as it lies there the
//! task waits for that; when it is used, or taken back, no more. So nobody can forget to say so.
//! asyncio's counterparts are a done-callback on a future, and `Task._fut_waiter`. A Python task awaits
//! one future at a time; a Rust future may poll several at once, and then the column says just that.

use std::task::Waker;

use crate::error::quietly;
use crate::executor::{Core, Tables};
use crate::waker::{OnThisThread, TaskId, running};

/// What a task waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Nothing of ours: it is not waiting, or for something that the executor knows nothing of.
    #[default]
    Nothing,
    /// A timer, by its number.
    Timer(u32),
    /// A place in a waiting line: what line it is, and the number of its owner.
    Line(LineKind, u32),
    /// The end of another task, by the number of its row.
    Task(u32),
    /// A gather, by its number.
    Gather(u32),
    /// More than one thing: how many waiters say so.
    Several(u32),
}

/// The kinds of waiting lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// For an event to be set.
    Event,
    /// For an item of a queue.
    Get,
    /// For room in a queue.
    Put,
    /// For the items of a queue to be done.
    Join,
}

impl Wait {
    /// Whether it is exactly one thing, and one that the executor knows.
    pub(crate) fn is_one(self) -> bool {
        !matches!(self, Wait::Nothing | Wait::Several(_))
    }
}

/// A waker that may be somebody else's: to drop it, then, is code of theirs, and a panic in it is not this loop's
/// concern.
#[derive(Debug)]
pub(crate) struct QuietWaker(pub(crate) Waker);

impl Drop for QuietWaker {
    fn drop(&mut self) {
        if TaskId::of(&self.0).is_none() {
            let waker = std::mem::replace(&mut self.0, Waker::noop().clone());
            quietly(|| drop(waker));
        }
    }
}

/// Whom to wake. While it exists, that task waits. (Inside the executor it is dropped only when no table is
/// borrowed, for the waker may be somebody else's.)
#[derive(Debug)]
#[must_use = "who was taken out of a line is to be woken"]
pub struct Waiter(QuietWaker, OnThisThread);

impl Waiter {
    /// The task to wake. `None` if it is somebody else's: a combinator's, for instance.
    pub(crate) fn task(&self) -> Option<TaskId> {
        TaskId::of(&self.0.0)
    }

    pub(crate) fn will_wake(&self, waker: &Waker) -> bool {
        self.0.0.will_wake(waker)
    }

    /// Wakes it.
    pub fn wake(self) {
        match ours(&self.0.0) {
            Some((core, task)) => {
                // What dropping it would do is done there, and our wakers own nothing.
                std::mem::forget(self);
                core.wake_waiter(task);
            }
            None => call_foreign(&self.0.0),
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        if let Some((core, task)) = ours(&self.0.0)
            && let Some(row) = core.tables.borrow_mut().tasks.find(task)
        {
            row.waits_no_longer();
        }
    }
}

impl Tables {
    /// Somebody waits. The only place where waiters are made.
    #[inline]
    pub(crate) fn waiter(&mut self, waker: Waker, wait: Wait) -> Waiter {
        if let Some(row) = TaskId::of(&waker).and_then(|task| self.tasks.find(task)) {
            row.begins_to_wait(wait);
        }
        Waiter(QuietWaker(waker), OnThisThread::default())
    }
}

impl Core {
    /// What the task of a waker waits for.
    pub(crate) fn waits_of(&self, waker: &Waker) -> Wait {
        let Some(task) = TaskId::of(waker) else { return Wait::Nothing };
        self.tables.borrow_mut().tasks.find(task).map_or(Wait::Nothing, |row| row.waits)
    }
}

/// The task of a waker, and the executor, if that is the one which is running here.
fn ours(waker: &Waker) -> Option<(&'static Core, TaskId)> {
    let task = TaskId::of(waker)?;
    Some((running(task.executor())?, task))
}

/// Calls a waker. If it is somebody else's it may panic at that, which is not this loop's concern: the
/// panic hook has reported it, and who else is to be woken is woken.
#[inline]
pub(crate) fn call(waker: &Waker) {
    match ours(waker) {
        Some((core, task)) => core.wake(task),
        None => call_foreign(waker),
    }
}

#[cold]
fn call_foreign(waker: &Waker) {
    quietly(|| waker.wake_by_ref());
}
