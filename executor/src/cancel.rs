//! Cancelling: a request, a chain, a drop. asyncio: `Task.cancel`.
//!
//! `cancel` runs no code of the task. It is a request, and takes effect in three places:
//!
//! 1. *Now*, on what the task waits for. A wait for a timer, an event or a queue is interrupted:
//!    nobody can wake it any more, and the task is made ready. A wait for another task, or for a gather,
//!    passes the request on, along the whole chain; the task then goes on when those have ended.
//! 2. *At the task's own turn*: its future is dropped, instead of polled.
//! 3. *After a poll during which it came*: the wait which that poll began is interrupted at once.
//!
//! asyncio throws a `CancelledError` into the coroutine at 2, which may catch it. Rust drops the future:
//! a request can't be refused, or lost.

use std::panic::Location;

use crate::executor::Core;
use crate::ready::Ready;
use crate::task::{Activity, CANCELLED, INTERRUPTED};
use crate::trace::StepKind;
use crate::waits::Wait;
use crate::waker::{OnThisThread, TaskId, expect_current, running};

/// The task whose turn it is: `asyncio.current_task()`.
///
/// # Panics
/// Outside a running executor, and where no task is running: in a foreign waker, for instance.
///
/// ```
/// use executor::{Clock, Executor, RunError, current_task, yield_now};
///
/// let executor = Executor::new(Clock::virtual_time());
/// let result = executor.try_run(async {
///     current_task().cancel();
///     yield_now().await;
///     unreachable!("a task that has cancelled itself runs until it waits");
/// });
/// assert_eq!(result, Err(RunError::Cancelled));
/// ```
#[track_caller]
pub fn current_task() -> TaskRef {
    let task = expect_current("current_task").current.get();
    TaskRef::new(task.expect("`current_task` was called where no task is running"))
}

/// Names a task, and can cancel it, but does not await it. A [`JoinHandle`](crate::JoinHandle) is one, too.
#[derive(Clone, Debug)]
pub struct TaskRef(pub(crate) TaskId, OnThisThread);

impl TaskRef {
    pub(crate) fn new(task: TaskId) -> TaskRef {
        TaskRef(task, OnThisThread::default())
    }

    /// The task's number.
    pub fn id(&self) -> TaskId {
        self.0
    }

    /// The name it was spawned with, or `task` and its number.
    #[doc(alias = "get_name")]
    pub fn name(&self) -> String {
        match self.core() {
            Some(core) => core.tables.borrow().tasks.name(self.0),
            None => format!("task {}", self.id()),
        }
    }

    /// Asks the task to end: its future is dropped at its next turn. Returns `false` if it has ended
    /// already. What the task waits for is cancelled at once; if that is another task, that is asked too.
    ///
    /// The task's end, [`JoinError::Cancelled`](crate::JoinError::Cancelled), can be seen when it has
    /// happened, not before.
    #[doc(alias = "Task.cancel")]
    #[track_caller]
    pub fn cancel(&self) -> bool {
        let Some(core) = self.core() else { return false };
        core.at(Location::caller());
        core.cancel(self.0)
    }

    /// Whether the task has ended, in whatever way.
    #[doc(alias = "done")]
    pub fn is_finished(&self) -> bool {
        self.core().is_none_or(|core| !core.is_alive(self.0))
    }

    /// The executor of this task, if it is the one that is running here.
    pub(crate) fn core(&self) -> Option<&'static Core> {
        running(self.0.executor())
    }
}

impl Core {
    /// Asks a task to end. Returns whether it had not ended yet.
    pub(crate) fn cancel(&self, task: TaskId) -> bool {
        let alive = self.is_alive(task);
        if self.request(task) {
            self.interrupt(task.slot());
        }
        alive
    }

    /// Notes the request. Returns whether it is a new one: an old one has been passed on already.
    fn request(&self, task: TaskId) -> bool {
        let mut tables = self.tables.borrow_mut();
        let row = tables.tasks.find(task).filter(|row| row.is_alive() && !row.has(CANCELLED));
        let Some(row) = row else { return false };
        row.set(CANCELLED);
        drop(tables);
        self.note(StepKind::CancelRequested { task });
        true
    }

    /// Cancels what this task waits for; a chain of tasks is followed to its end. No recursion, for
    /// chains may be long.
    pub(crate) fn interrupt(&self, slot: u32) {
        let mut next = Some(slot);
        let mut later = Vec::new();
        while let Some(slot) = next {
            let wait = self.interrupt_one(slot);
            let tables = self.tables.borrow();
            match wait {
                Wait::Task(awaited) => later.push(tables.tasks[awaited].id),
                // In the order of the children: the first one is on top.
                Wait::Gather(gather) => later.extend(tables.gathers[gather].children.iter().rev()),
                _ => {}
            }
            drop(tables);
            let requested = std::iter::from_fn(|| later.pop()).find(|&task| self.request(task));
            next = requested.map(TaskId::slot);
        }
    }

    /// Cancels what one task waits for, unless that is for others to end: then says what it is.
    fn interrupt_one(&self, slot: u32) -> Wait {
        let mut tables = self.tables.borrow_mut();
        let row = &mut tables.tasks[slot];
        let (task, wait) = (row.id, row.waits);
        if row.activity != Activity::Idle {
            return Wait::Nothing;
        }
        if !matches!(wait, Wait::Task(_) | Wait::Gather(_)) {
            row.set(INTERRUPTED);
            row.activity = Activity::Queued;
            tables.push(Ready::Poll(slot));
            drop(tables);
            self.note(StepKind::Interrupted { task });
        }
        wait
    }
}
