//! What a task waits for: what its leaf futures say, poll by poll.
//!
//! A leaf that returns `Pending` says what it has registered with, and a leaf that is dropped takes that
//! back. So when a poll ends, what has been said is what the task waits for. Cancellation acts on it, and
//! reports and debuggers show it. asyncio's counterpart is `Task._fut_waiter`: a Python task
//! awaits one future at a time, but a Rust future may poll several at once.

use std::task::Waker;

use crate::waker::{TaskId, current};

/// What a task waits for: what its last poll has registered with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wait {
    /// Nothing of ours: it is not waiting, or for something that the executor knows nothing of.
    #[default]
    Nothing,
    /// A timer, by its number.
    Timer(u32),
    /// A place in a waiting line: what line it is, and the number of its owner.
    Line(Line, u32),
    /// The end of another task, by the number of its row.
    Task(u32),
    /// A gather, by its number.
    Gather(u32),
    /// More than one thing, or something inside a combinator that has wakers of its own.
    Several,
}

/// The kinds of waiting lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
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
    /// All of these at once.
    pub(crate) fn all(waits: &[Wait]) -> Wait {
        match *waits {
            [] => Wait::Nothing,
            [wait] => wait,
            _ => Wait::Several,
        }
    }
}

/// A leaf future says what the current task waits for, as it returns `Pending`.
#[inline]
pub(crate) fn waits_for(wait: Wait, waker: &Waker) {
    let Some(core) = current() else { return };
    let ours = core.current.get().is_some_and(|task| TaskId::of(waker) == Some(task));
    // With a waker of its own, it is somebody else who polls the leaf: a combinator.
    core.waits.borrow_mut().push(if ours { wait } else { Wait::Several });
}

/// A leaf future that has waited, with this waker, is dropped.
pub(crate) fn waits_no_longer(wait: Wait, waker: &Waker) {
    let (Some(core), Some(task)) = (current(), TaskId::of(waker)) else { return };
    if core.current.get() == Some(task) {
        let mut waits = core.waits.borrow_mut();
        if let Some(index) = waits.iter().position(|&said| said == wait) {
            waits.remove(index);
        }
    } else if let Some(row) = core.tasks.borrow_mut().find(task)
        && row.waits == wait
    {
        row.waits = Wait::Nothing;
    }
}
