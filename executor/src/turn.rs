//! A task's turn: its future is polled, and then either has to wait or has come to its end.
//!
//! asyncio calls this `Task.__step`. One rule of CPython's decides most of what happens at the edges: a
//! request to cancel is looked at *before* the poll, and *after* it. Before: the future is dropped
//! instead of polled. After: a wait that has just begun is interrupted, and a value that was returned is
//! thrown away; an error stands.

use std::mem::ManuallyDrop;
use std::task::{Context, Poll};

use crate::body::{Body, End};
use crate::executor::{Core, MAIN};
use crate::ready::{Call, Ready};
use crate::task::{Activity, CANCELLED, INTERRUPTED, WOKEN};
use crate::trace::StepKind;
use crate::waker::TaskId;

impl Core {
    /// A task's turn. The only place from which futures are polled. asyncio: `Task.__step`.
    #[doc(alias = "__step")]
    pub(crate) fn poll(&self, slot: u32) {
        let mut tables = self.tables.borrow_mut();
        let row = &mut tables.tasks[slot];
        row.activity = Activity::Running;
        row.clear(INTERRUPTED);
        let (task, cancelled) = (row.id, row.has(CANCELLED));
        let mut body = row.body.take().expect("a task that is queued has its body");
        drop(tables);

        self.current.set(Some(task));
        if cancelled {
            self.at_its_line(task);
            let end = body.contents().cancel();
            self.note(StepKind::Dropped { task });
            self.complete(task, body, end);
        } else {
            self.note(StepKind::Poll { task });
            // Our wakers own nothing: there is nothing to drop.
            let waker = ManuallyDrop::new(task.waker());
            match body.contents().poll(&mut Context::from_waker(&waker)) {
                Poll::Pending => self.pending(task, body),
                Poll::Ready(end) => {
                    self.note(StepKind::Ready { task });
                    self.complete(task, body, end);
                }
            }
        }
        self.current.set(None);
    }

    /// The future has to wait; or has been woken already, and gives way only.
    fn pending(&self, task: TaskId, body: Body) {
        let mut tables = self.tables.borrow_mut();
        let row = &mut tables.tasks[task.slot()];
        row.body = Some(body);
        row.activity = Activity::Idle;
        let cancelled = row.has(CANCELLED);
        if row.has(WOKEN) {
            row.clear(WOKEN);
            row.activity = Activity::Queued;
            tables.push(Ready::Poll(task.slot()));
        }
        drop(tables);
        self.note(StepKind::Pending { task });
        // It was cancelled while it ran, by itself or by what it called: so this wait is.
        if cancelled {
            self.interrupt(task.slot());
        }
    }

    /// The task has come to its end: who awaits it goes on in the next pass.
    fn complete(&self, task: TaskId, mut body: Body, mut end: End) {
        let mut tables = self.tables.borrow_mut();
        // It was cancelled while it ran, and returned without waiting. An error stands, a value does not.
        if end == End::Ok && tables.tasks[task.slot()].has(CANCELLED) {
            drop(tables);
            end = body.contents().cancel();
            tables = self.tables.borrow_mut();
        }
        let row = &mut tables.tasks[task.slot()];
        row.body = Some(body);
        row.activity = Activity::Done(end);
        let joiners = std::mem::take(&mut row.joiners);
        let unused = row.handles == 0;
        if task.slot() == MAIN {
            tables.push(Ready::Call(Call::Stop));
        }
        drop(tables);
        self.note(StepKind::Complete { task, end });
        self.notify(task, joiners);
        if unused {
            self.free_if_unused(task);
        }
    }
}
