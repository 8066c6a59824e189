//! A task's turn: its future is polled, and then either has to wait or has come to its end.
//!
//! asyncio calls this `Task.__step`. One rule of CPython's decides most of what happens at the edges: a
//! request to cancel is looked at *before* the poll, and *after* it. Before: the future is dropped
//! instead of polled. After: a wait that has just begun is interrupted, and a value that was returned is
//! thrown away; an error stands.

use std::task::{Context, Poll};

use crate::body::{Body, End};
use crate::executor::{Core, MAIN};
use crate::ready::{Call, Ready};
use crate::task::{CANCELLED, INTERRUPTED, QUEUED, State};
use crate::trace::StepKind;
use crate::waits::Wait;
use crate::waker::TaskId;

impl Core {
    /// A task's turn. The only place from which futures are polled. asyncio: `Task.__step`.
    #[doc(alias = "__step")]
    pub(crate) fn poll(&self, slot: u32) {
        let mut tasks = self.tasks.borrow_mut();
        let row = &mut tasks[slot];
        row.clear(QUEUED);
        if !row.is_alive() {
            // It woke itself and then came to its end: the entry is left over.
            drop(tasks);
            return self.free_if_unused(slot);
        }
        row.clear(INTERRUPTED);
        row.state = State::Running;
        row.waits = Wait::Nothing;
        let cancelled = row.has(CANCELLED);
        let task = TaskId::new(self.number, row.generation, slot);
        let mut body = row.body.take().expect("a task that is alive and not running has its body");
        drop(tasks);

        self.current.set(Some(task));
        self.waits.borrow_mut().clear();
        if cancelled {
            self.at_its_line(task);
            let end = body.contents().cancel();
            self.note(StepKind::Dropped { task });
            self.complete(task, body, end);
        } else {
            self.note(StepKind::Poll { task });
            match body.contents().poll(&mut Context::from_waker(&task.waker())) {
                Poll::Pending => self.pending(task, body),
                Poll::Ready(end) => {
                    self.note(StepKind::Ready { task });
                    self.complete(task, body, end);
                }
            }
        }
        self.current.set(None);
    }

    /// The future has to wait. What for, its leaves have told us.
    fn pending(&self, task: TaskId, body: Body) {
        let mut tasks = self.tasks.borrow_mut();
        let row = &mut tasks[task.slot()];
        row.body = Some(body);
        row.state = State::Idle;
        row.waits = Wait::all(&self.waits.borrow());
        let cancelled = row.has(CANCELLED);
        drop(tasks);
        self.note(StepKind::Pending { task });
        // It was cancelled while it ran, by itself or by what it called: so this wait is.
        if cancelled {
            self.interrupt(task.slot());
        }
    }

    /// The task has come to its end: who awaits it goes on in the next pass.
    fn complete(&self, task: TaskId, mut body: Body, mut end: End) {
        let slot = task.slot();
        // It was cancelled while it ran, and returned without waiting. An error stands, a value does not.
        if end == End::Ok && self.tasks.borrow()[slot].has(CANCELLED) {
            end = body.contents().cancel();
        }
        let mut tasks = self.tasks.borrow_mut();
        let row = &mut tasks[slot];
        row.body = Some(body);
        row.state = State::Done(end);
        let joiners = std::mem::take(&mut row.joiners);
        let unused = row.handles == 0;
        drop(tasks);
        self.note(StepKind::Complete { task, end });
        if slot == MAIN {
            self.push(Ready::Call(Call::Stop));
        }
        self.notify(slot, joiners);
        if unused {
            self.free_if_unused(slot);
        }
    }
}
