//! `JoinHandle`: awaiting a task's end, from any number of places. asyncio: `await task`.
//!
//! When a task ends, everybody who awaits it is woken in the order in which they began to wait, and goes on in
//! the next pass. Cancelling a task that awaits another cancels that other: see `cancel.rs`.

use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::io::Write;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::body::{Body, End, Outcome};
use crate::cancel::TaskRef;
use crate::error::JoinError;
use crate::executor::{Core, Tables};
use crate::line::Entry;
use crate::list::Chain;
use crate::ready::{Call, Ready};
use crate::task::{Activity, RETRIEVED};
use crate::waits::Wait;
use crate::waker::{TaskId, expect_current};

/// A task's end, to be awaited: `Ok` with its output, or why there is none. asyncio: `Task`.
///
/// Dropping the handle detaches the task; it goes on. If the output can be cloned, so can the
/// handle, and each clone can be awaited. A handle outlives its executor; it then says that the
/// task was cancelled, for its outcome went with the executor.
///
/// # Panics
/// When it is polled after it has given the outcome, as futures may, and when a task awaits itself.
#[must_use = "a task goes on without its handle, but nobody sees how it ends: await it, or `drop` it"]
#[doc(alias = "Task")]
pub struct JoinHandle<T, E = Infallible> {
    task: TaskRef,
    progress: Progress,
    /// How to clone the outcome, left here by the first `clone()` of the handle: only that one knows that
    /// the types can be cloned. `None` on handles that have no clones.
    clone_outcome: Cell<Option<CloneOutcome<T, E>>>,
}

/// How far a handle has come.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    New,
    /// It stands in line, in this row of `Tables::waiters`.
    Waits(u32),
    /// It has taken the outcome, and nobody else will ask for it.
    Over,
}

const POLLED_AFTER_ITS_END: &str = "a JoinHandle was polled after it had given the outcome";

type CloneOutcome<T, E> = fn(&Outcome<T, E>) -> Outcome<T, E>;

impl<T, E> JoinHandle<T, E> {
    pub(crate) fn new(task: TaskId) -> JoinHandle<T, E> {
        let task = TaskRef::new(task);
        JoinHandle { task, progress: Progress::New, clone_outcome: Cell::new(None) }
    }
}

/// A handle can do all that a [`TaskRef`] can: `cancel`, `is_finished`, `id`, `name`.
impl<T, E> Deref for JoinHandle<T, E> {
    type Target = TaskRef;

    fn deref(&self) -> &TaskRef {
        &self.task
    }
}

impl<T: 'static, E: 'static> JoinHandle<T, E> {
    /// The task's outcome, if it has ended, without waiting for it or taking it away.
    /// asyncio: `Task.result()`, `Task.exception()`.
    #[doc(alias("result", "exception"))]
    pub fn outcome(&self) -> Option<Result<T, JoinError<E>>>
    where
        T: Clone,
        E: Clone,
    {
        self.clone().take()
    }

    /// The outcome of a task, if it has ended: cloned if there are more handles, else taken out.
    pub(crate) fn take(&mut self) -> Option<Outcome<T, E>> {
        let Some(core) = self.core() else { return Some(Err(JoinError::Cancelled)) };
        assert!(self.progress != Progress::Over, "{POLLED_AFTER_ITS_END}");
        let outcome = core.outcome(self.task.0, self.clone_outcome.get())?;
        // If there are clones, the last one to ask has freed the row.
        let has_clones = self.clone_outcome.get().is_some();
        let is_over = !has_clones || core.tables.borrow().tasks.get(self.task.0).is_none();
        self.progress = if is_over { Progress::Over } else { Progress::New };
        Some(outcome)
    }

    fn wait(&mut self, core: &Core, waker: &Waker) {
        let task = self.task.0;
        assert!(core.current.get() != Some(task), "a task awaits itself, and would wait for ever");
        let wait = Wait::Task(task.slot());
        if let Progress::Waits(row) = self.progress {
            return core.wait_on(row, waker, wait);
        }
        let waker = waker.clone();
        let mut tables = core.tables.borrow_mut();
        let waiter = tables.waiter(waker, wait);
        self.progress = Progress::Waits(tables.add_joiner(task, Entry::Waiting(waiter)));
    }
}

impl<T: 'static, E: 'static> Future for JoinHandle<T, E> {
    type Output = Result<T, JoinError<E>>;

    /// The caller of this is the line of the `.await`.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(outcome) = self.take() {
            return Poll::Ready(outcome);
        }
        let core = expect_current("JoinHandle");
        core.at(Location::caller());
        self.wait(core, cx.waker());
        Poll::Pending
    }
}

impl<T: Clone, E: Clone> Clone for JoinHandle<T, E> {
    /// Another handle of the same task; from now on, awaiting a handle gives a clone of the outcome.
    fn clone(&self) -> JoinHandle<T, E> {
        self.clone_outcome.set(Some(Clone::clone));
        if let Some(core) = self.core()
            && let Some(row) = core.tables.borrow_mut().tasks.find(self.task.0)
        {
            row.handles = row.handles.saturating_add(1);
        }
        let clone = JoinHandle::new(self.task.0);
        clone.clone_outcome.set(Some(Clone::clone));
        clone
    }
}

impl<T, E> Drop for JoinHandle<T, E> {
    fn drop(&mut self) {
        if self.progress != Progress::Over
            && let Some(core) = self.core()
        {
            core.forget_handle(self.task.0, self.progress);
        }
    }
}

impl<T, E> fmt::Debug for JoinHandle<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("id", &self.id()).finish_non_exhaustive()
    }
}

impl Tables {
    /// Stands somebody at the end of the line of those who are told when a task ends.
    #[doc(alias = "add_done_callback")]
    pub(crate) fn add_joiner(&mut self, task: TaskId, entry: Entry) -> u32 {
        let mut joiners = self.tasks[task.slot()].joiners;
        let row = self.enter(&mut joiners, entry);
        self.tasks[task.slot()].joiners = joiners;
        row
    }
}

impl Core {
    /// The task has ended: tells everybody who awaits it, in the order in which they came. Those who
    /// await it directly are woken; a gather gets a call, and hears of it in the next pass.
    pub(crate) fn notify(&self, task: TaskId, mut joiners: Chain) {
        while !joiners.is_empty() {
            let mut tables = self.tables.borrow_mut();
            let Some(row) = tables.waiters.pop_front(&mut joiners) else { return };
            if let Entry::Child { .. } = tables.waiters[row] {
                // Whoever was told before may have dropped the last handle: then the row is another's.
                if let Some(ended) = tables.tasks.find(task) {
                    ended.set(RETRIEVED);
                }
                tables.push(Ready::Call(Call::Child(row)));
                continue;
            }
            let Entry::Waiting(waiter) = tables.waiters.remove(row) else {
                unreachable!("only `notify` wakes joiners")
            };
            drop(tables);
            waiter.wake();
        }
    }

    /// The outcome of a task, if it has ended, for one of its handles. The last one takes it out,
    /// and the row with it; as long as there are others, each gets a clone.
    fn outcome<T: 'static, E: 'static>(
        &self,
        task: TaskId,
        clone: Option<CloneOutcome<T, E>>,
    ) -> Option<Outcome<T, E>> {
        let mut tables = self.tables.borrow_mut();
        // If it is not there, this is another run, whose number is the same.
        let Some(row) = tables.tasks.find(task) else { return Some(Err(JoinError::Cancelled)) };
        if row.is_alive() {
            return None;
        }
        row.set(RETRIEVED);
        let is_last = row.handles == 1;
        // When the run ends bodies are dropped first.
        let Some(mut body) = row.body.take() else { return Some(Err(JoinError::Cancelled)) };
        let outcome = match clone.filter(|_| !is_last) {
            None => Ok(body.take()),
            Some(clone) => {
                // The body is out of the table while user code clones.
                drop(tables);
                let cloned = catch_unwind(AssertUnwindSafe(|| body.outcome()?.as_ref().map(clone)));
                tables = self.tables.borrow_mut();
                cloned
            }
        };
        if is_last {
            tables.tasks.remove(task.slot());
            body.free(&mut tables.blocks);
        } else {
            tables.tasks[task.slot()].body = Some(body);
        }
        drop(tables);
        Some(outcome.unwrap_or_else(|panic| resume_unwind(panic)).expect(POLLED_AFTER_ITS_END))
    }

    /// A handle is gone. If it was the last one, nobody can ask for the outcome any more.
    fn forget_handle(&self, task: TaskId, progress: Progress) {
        let mut tables = self.tables.borrow_mut();
        let Some(row) = tables.tasks.find(task) else { return };
        if row.handles < u16::MAX {
            row.handles -= 1;
        }
        // Who has been told of the end stands in line no more.
        let waiter = match progress {
            Progress::Waits(place) if row.is_alive() => {
                let mut joiners = row.joiners;
                let entry = tables.leave(&mut joiners, place);
                tables.tasks[task.slot()].joiners = joiners;
                Some(entry)
            }
            _ => None,
        };
        drop(tables);
        drop(waiter);
        self.free_if_unused(task);
    }

    /// Frees the row of a task that is done, when nothing can ask for it any more.
    pub(crate) fn free_if_unused(&self, task: TaskId) {
        let mut tables = self.tables.borrow_mut();
        let row = &tables.tasks[task.slot()];
        if row.id == task && !row.is_alive() && row.handles == 0 {
            let unseen = tables.unseen_end(task);
            let body = tables.tasks.remove(task.slot());
            drop(tables);
            // When the run ends bodies are dropped first.
            let Some(body) = body else { return };
            report(unseen);
            self.discard(body);
        }
    }

    /// Drops what is left of a task.
    pub(crate) fn discard(&self, mut body: Body) {
        body.contents().clear();
        body.free(&mut self.tables.borrow_mut().blocks);
    }
}

impl Tables {
    /// What asyncio logs as "Task exception was never retrieved", if that is how a task ends.
    pub(crate) fn unseen_end(&self, task: TaskId) -> Option<String> {
        let row = &self.tasks[task.slot()];
        let what = match row.activity {
            Activity::Done(End::Failed) => "failed",
            Activity::Done(End::Panicked) => "panicked",
            _ => return None,
        };
        let seen = row.has(RETRIEVED);
        (!seen).then(|| {
            format!(
                "executor: {} {what}, and nobody awaited it: its end was never retrieved",
                self.tasks.name(task)
            )
        })
    }
}

/// Says so on stderr. There may be nobody to read it, which is no reason to fail.
pub(crate) fn report(unseen: Option<String>) {
    if let Some(unseen) = unseen {
        let _ = writeln!(std::io::stderr(), "{unseen}");
    }
}
