//! `JoinHandle`: awaiting a task's end, from any number of places. asyncio: `await task`.
//!
//! When a task ends, everybody who awaits it is woken in the order in which they began to wait, and goes on in
//! the next pass. Cancelling a task that awaits another cancels that other: see `cancel.rs`.

use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::io::Write;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::body::{Body, End, Outcome};
use crate::cancel::TaskRef;
use crate::error::JoinError;
use crate::executor::Core;
use crate::list::Chain;
use crate::ready::{Call, Ready};
use crate::task::{QUEUED, RETRIEVED, State};
use crate::waits::{Wait, waits_for, waits_no_longer};
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
    /// The row of `Core::joiners` in which this handle waits. `None` while it does not.
    place: Option<u32>,
    /// How to clone the outcome, left here by the first `clone()` of the handle: only that one knows that
    /// the types can be cloned. `None` on handles that have no clones.
    clone_outcome: Cell<Option<CloneOutcome<T, E>>>,
}

const POLLED_AFTER_ITS_END: &str = "a JoinHandle was polled after it had given the outcome";

type CloneOutcome<T, E> = fn(&Outcome<T, E>) -> Outcome<T, E>;

/// Who is to be told when a task ends.
pub(crate) enum Joiner {
    /// A handle that is awaited.
    Handle(Waker),
    /// A gather of which the task is the child with this index.
    Child { gather: u32, index: u32 },
}

impl<T, E> JoinHandle<T, E> {
    pub(crate) fn new(task: TaskId) -> JoinHandle<T, E> {
        JoinHandle { task: TaskRef::new(task), place: None, clone_outcome: Cell::new(None) }
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
        let outcome = match self.core() {
            Some(core) => core.outcome(self.task.0, self.clone_outcome.get()),
            None => Some(Err(JoinError::Cancelled)),
        };
        if outcome.is_some() {
            self.place = None;
        }
        outcome
    }

    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<Outcome<T, E>> {
        if let Some(outcome) = self.take() {
            return Poll::Ready(outcome);
        }
        let core = expect_current("JoinHandle");
        assert!(
            core.current.get() != Some(self.task.0),
            "a task awaits itself, and would wait for ever"
        );
        core.await_end(self.task.0, &mut self.place, cx.waker());
        waits_for(Wait::Task(self.task.0.slot()), cx.waker());
        Poll::Pending
    }
}

impl<T: 'static, E: 'static> Future for JoinHandle<T, E> {
    type Output = Result<T, JoinError<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_end(cx)
    }
}

impl<T: Clone, E: Clone> Clone for JoinHandle<T, E> {
    /// Another handle of the same task; from now on, awaiting a handle gives a clone of the outcome.
    fn clone(&self) -> JoinHandle<T, E> {
        self.clone_outcome.set(Some(Clone::clone));
        if let Some(core) = self.core()
            && let Some(row) = core.tasks.borrow_mut().find(self.task.0)
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
        let Some(core) = self.core() else { return };
        if let Some(place) = self.place.take().filter(|_| core.is_alive(self.task.0)) {
            core.leave(self.task.0, place);
        }
        core.forget_handle(self.task.0);
    }
}

impl<T, E> Unpin for JoinHandle<T, E> {}

impl<T, E> fmt::Debug for JoinHandle<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("id", &self.id()).finish_non_exhaustive()
    }
}

impl Core {
    /// Puts a waker in the line of those who await this task, or a new one in its place.
    fn await_end(&self, task: TaskId, place: &mut Option<u32>, waker: &Waker) {
        let mut joiner = Joiner::Handle(waker.clone());
        match *place {
            None => *place = Some(self.add_joiner(task.slot(), joiner)),
            Some(place) => {
                std::mem::swap(&mut self.joiners.borrow_mut()[place], &mut joiner);
                if let Joiner::Handle(old) = &joiner {
                    waits_no_longer(Wait::Task(task.slot()), old);
                }
            }
        }
    }

    /// Stands somebody at the end of the line of those who are told when a task ends.
    #[doc(alias = "add_done_callback")]
    pub(crate) fn add_joiner(&self, slot: u32, joiner: Joiner) -> u32 {
        let (mut joiners, mut tasks) = (self.joiners.borrow_mut(), self.tasks.borrow_mut());
        let place = joiners.insert(joiner);
        joiners.push_back(&mut tasks[slot].joiners, place);
        place
    }

    /// Takes somebody out of that line again.
    fn leave(&self, task: TaskId, place: u32) {
        let (mut joiners, mut tasks) = (self.joiners.borrow_mut(), self.tasks.borrow_mut());
        joiners.unlink(&mut tasks[task.slot()].joiners, place);
        let joiner = joiners.remove(place);
        drop((joiners, tasks));
        if let Joiner::Handle(waker) = joiner {
            waits_no_longer(Wait::Task(task.slot()), &waker);
        }
    }

    /// The task has ended: tells everybody who awaits it, in the order in which they came. Those who
    /// await it directly are woken; a gather gets a call, and hears of it in the next pass.
    pub(crate) fn notify(&self, slot: u32, mut line: Chain) {
        while !line.is_empty() {
            let mut joiners = self.joiners.borrow_mut();
            let Some(place) = joiners.pop_front(&mut line) else { return };
            if let Joiner::Child { .. } = joiners[place] {
                drop(joiners);
                self.tasks.borrow_mut()[slot].set(RETRIEVED);
                self.push(Ready::Call(Call::Child(place)));
            } else if let Joiner::Handle(waker) = joiners.remove(place) {
                drop(joiners);
                self.call_waker(waker);
            }
        }
    }

    /// The outcome of a task, if it has ended, for one of its handles. The last one takes it out,
    /// and the row with it; as long as there are others, each gets a clone.
    fn outcome<T: 'static, E: 'static>(
        &self,
        task: TaskId,
        clone: Option<CloneOutcome<T, E>>,
    ) -> Option<Outcome<T, E>> {
        let mut tasks = self.tasks.borrow_mut();
        let row = tasks.find(task).expect(POLLED_AFTER_ITS_END);
        if row.is_alive() {
            return None;
        }
        if row.handles == 1 && !row.has(QUEUED) {
            let body = tasks.remove(task.slot());
            drop(tasks);
            let mut body = body.expect("a task that is done has its body");
            let outcome = body.take();
            body.free(&mut self.blocks.borrow_mut());
            return Some(outcome.expect(POLLED_AFTER_ITS_END));
        }
        row.set(RETRIEVED);
        let clone = clone.filter(|_| row.handles > 1);
        // The body is out of the table while user code clones.
        let mut body = row.body.take().expect("a task that is done has its body");
        drop(tasks);
        let outcome = match clone {
            Some(clone) => catch_unwind(AssertUnwindSafe(|| body.outcome()?.as_ref().map(clone))),
            None => Ok(body.take()),
        };
        self.tasks.borrow_mut()[task.slot()].body = Some(body);
        Some(outcome.unwrap_or_else(|panic| resume_unwind(panic)).expect(POLLED_AFTER_ITS_END))
    }

    /// A handle is gone. If it was the last one, nobody can ask for the outcome any more.
    fn forget_handle(&self, task: TaskId) {
        let mut tasks = self.tasks.borrow_mut();
        let Some(row) = tasks.find(task) else { return };
        if row.handles < u16::MAX {
            row.handles -= 1;
        }
        drop(tasks);
        self.free_if_unused(task.slot());
    }

    /// Frees the row of a task that is done, when nothing can ask for it any more.
    pub(crate) fn free_if_unused(&self, slot: u32) {
        let tasks = self.tasks.borrow();
        let row = &tasks[slot];
        if row.is_alive() || row.handles > 0 || row.has(QUEUED) {
            return;
        }
        drop(tasks);
        self.report_unseen_end(slot);
        let body = self.tasks.borrow_mut().remove(slot);
        self.discard(body);
    }

    /// Drops what is left of a task.
    pub(crate) fn discard(&self, body: Option<Body>) {
        if let Some(mut body) = body {
            body.contents().clear();
            body.free(&mut self.blocks.borrow_mut());
        }
    }

    /// asyncio: "Task exception was never retrieved".
    pub(crate) fn report_unseen_end(&self, slot: u32) {
        let tasks = self.tasks.borrow();
        let row = &tasks[slot];
        let what = match row.state {
            State::Done(End::Failed) => "failed",
            State::Done(End::Panicked) => "panicked",
            _ => return,
        };
        if !row.has(RETRIEVED) {
            let name = tasks.name(TaskId::new(self.number, row.generation, slot));
            drop(tasks);
            // There may be nobody to read it. That is no reason to fail.
            let never = "and nobody awaited it: its end was never retrieved";
            let _ = writeln!(std::io::stderr(), "executor: {name} {what}, {never}");
        }
    }
}
