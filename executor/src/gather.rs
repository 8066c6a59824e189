//! `gather`: awaiting many tasks. asyncio: `gather`, `gather(…, return_exceptions=True)`.
//!
//! It gathers *tasks*, not futures: they run whether or not anyone awaits them, and when one fails the others
//! go on. (A `join` of futures polls its children inside one task; dropping it drops them.)
//!
//! A gather is a row in a table, with a callback at each child. When a child ends, its callback becomes a call
//! in the ready queue; the call counts, and the last one wakes the task that awaits the gather:
//!
//! ```text
//!   pass p      the last child ends          its callback goes to the ready queue
//!   pass p+1    the call: none are left      the awaiting task goes to the ready queue
//!   pass p+2    the awaiting task goes on
//! ```

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::body::{End, Outcome};
use crate::error::JoinError;
use crate::executor::{Core, Tables};
use crate::join::JoinHandle;
use crate::line::Entry;
use crate::task::Activity;
use crate::trace::StepKind;
use crate::waits::{Wait, Waiter};
use crate::waker::{TaskId, current_run, expect_current};

/// Awaits all tasks; gives their outputs in the order of the handles, or the first failure.
///
/// If a task fails, panics or is cancelled, that is the result at once; the others go on, detached. Tasks
/// that have ended before count at once: if all have, this does not wait at all.
///
/// Cancelling the task that awaits this cancels every task of it.
///
/// ```
/// use executor::{gather, spawn};
///
/// let squares = executor::run(async {
///     let tasks = [1, 2, 3].map(|n| spawn(async move { n * n }));
///     gather(tasks).await
/// });
/// assert_eq!(squares, Ok(vec![1, 4, 9]));
/// ```
#[doc(alias = "asyncio.gather")]
#[track_caller]
pub fn gather<T, E>(handles: impl IntoIterator<Item = JoinHandle<T, E>>) -> Gather<T, E> {
    Gather(Children::new(handles, true))
}

/// Awaits the ends of all tasks, and gives every outcome in its place:
/// `gather(…, return_exceptions=True)`.
///
/// ```
/// use executor::{JoinError, gather_all, spawn, yield_now};
///
/// executor::run(async {
///     let tasks = [1, 2].map(|n| spawn(async move { yield_now().await; n }));
///     tasks[1].cancel();
///     assert_eq!(gather_all(tasks).await, [Ok(1), Err(JoinError::Cancelled)]);
/// });
/// ```
#[doc(alias = "return_exceptions")]
#[track_caller]
pub fn gather_all<T, E>(handles: impl IntoIterator<Item = JoinHandle<T, E>>) -> GatherAll<T, E> {
    GatherAll(Children::new(handles, false))
}

/// The future of [`gather`](gather()).
#[derive(Debug)]
#[must_use = "the tasks go on by themselves, but their ends are seen only if this is awaited"]
pub struct Gather<T, E>(Children<T, E>);

/// The future of [`gather_all`].
#[derive(Debug)]
#[must_use = "the tasks go on by themselves, but their ends are seen only if this is awaited"]
pub struct GatherAll<T, E>(Children<T, E>);

impl<T: 'static, E: 'static> Future for Gather<T, E> {
    type Output = Result<Vec<T>, JoinError<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_end(cx).map(|failed| match failed {
            Some(child) => Err(self.0.outcome_of(child).err().expect("it failed")),
            None => self.0.outcomes().collect(),
        })
    }
}

impl<T: 'static, E: 'static> Future for GatherAll<T, E> {
    type Output = Vec<Result<T, JoinError<E>>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_end(cx).map(|_| self.0.outcomes().collect())
    }
}

/// The handles of a gather, and the row in which it waits.
#[derive(Debug)]
struct Children<T, E> {
    handles: Vec<JoinHandle<T, E>>,
    fails_fast: bool,
    /// Run and row. `None` before the first poll.
    row: Option<(u32, u32)>,
    has_ended: bool,
    location: &'static Location<'static>,
}

/// One gather that has begun to wait: a row of `Tables::gathers`.
pub(crate) struct Gathering {
    /// The children. Cancelling the gather cancels them.
    pub(crate) children: Vec<TaskId>,
    /// Children that have not been counted yet: each has a callback, or its call is in the ready queue.
    left: u32,
    fails_fast: bool,
    /// The first child that did not end well. Never set unless the gather fails fast.
    failed: Option<u32>,
    /// Who awaits the gather. `None` before the first poll is over, and once it has been woken.
    waiter: Option<Waiter>,
    /// Its future has been dropped. As in asyncio its callbacks stay: their calls take their passes, and a child's
    /// failure counts as seen. So the row stays until the last child has ended.
    dropped: bool,
}

impl<T, E> Children<T, E> {
    #[track_caller]
    fn new(handles: impl IntoIterator<Item = JoinHandle<T, E>>, fails_fast: bool) -> Self {
        let location = Location::caller();
        let handles = handles.into_iter().collect();
        Children { handles, fails_fast, row: None, has_ended: false, location }
    }
}

impl<T: 'static, E: 'static> Children<T, E> {
    /// Ready when one has failed (which?), or all have ended.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        let core = expect_current("gather");
        assert!(!self.has_ended, "a gather was polled after it had given its outcome");
        core.at(self.location);
        let (run, row) = *self.row.get_or_insert_with(|| {
            let children = self.handles.iter().map(|handle| handle.id()).collect();
            (core.run, core.tables.borrow_mut().gather(children, self.fails_fast))
        });
        if run != core.run {
            // Its executor is gone, and all tasks with it.
            self.has_ended = true;
            return Poll::Ready(None);
        }
        let mut tables = core.tables.borrow_mut();
        if tables.gathers[row].has_ended() {
            self.has_ended = true;
            return Poll::Ready(tables.gathers[row].failed);
        }
        // One waits no longer before another begins to: it may be the same.
        let old = tables.gathers[row].waiter.take();
        drop(tables);
        drop(old);
        let waker = cx.waker().clone();
        let mut tables = core.tables.borrow_mut();
        let waiter = tables.waiter(waker, Wait::Gather(row));
        tables.gathers[row].waiter = Some(waiter);
        Poll::Pending
    }

    /// All outcomes, in the order of the handles.
    fn outcomes(&mut self) -> impl Iterator<Item = Outcome<T, E>> {
        self.handles.drain(..).map(|mut handle| handle.take().expect("all have ended"))
    }

    fn outcome_of(&mut self, index: u32) -> Outcome<T, E> {
        self.handles.swap_remove(index as usize).take().expect("it has ended")
    }
}

impl<T, E> Drop for Children<T, E> {
    fn drop(&mut self) {
        let Some((run, row)) = self.row else { return };
        let Some(core) = current_run(run) else { return };
        let mut tables = core.tables.borrow_mut();
        let gathering = &mut tables.gathers[row];
        gathering.dropped = true;
        let waiter = gathering.waiter.take();
        tables.remove_unused_gather(row);
        drop(tables);
        drop(waiter);
    }
}

impl Gathering {
    fn has_ended(&self) -> bool {
        self.failed.is_some() || self.left == 0
    }
}

impl Tables {
    /// A gather of these tasks. It leaves a callback at every child that has not ended. Those that have
    /// count at once, and may decide it.
    fn gather(&mut self, children: Vec<TaskId>, fails_fast: bool) -> u32 {
        let failed = children.iter().position(|&task| fails_fast && self.has_failed(task));
        let failed = failed.map(|index| index as u32);
        let gathering = Gathering {
            children: Vec::new(),
            left: 0,
            fails_fast,
            failed,
            waiter: None,
            dropped: false,
        };
        let gather = self.gathers.insert(gathering);
        for (index, &task) in (0..).zip(&children) {
            if self.tasks.is_alive(task) {
                self.add_joiner(task, Entry::Child { gather, index });
                self.gathers[gather].left += 1;
            }
        }
        self.gathers[gather].children = children;
        gather
    }

    /// Which child of which gather a callback is for.
    pub(crate) fn child(&self, row: u32) -> (u32, u32) {
        match self.waiters[row] {
            Entry::Child { gather, index } => (gather, index),
            _ => unreachable!("the row of a callback is a child's"),
        }
    }

    /// Whether a task has ended, and not well.
    fn has_failed(&self, task: TaskId) -> bool {
        let row = self.tasks.get(task);
        row.is_none_or(|row| !row.is_alive() && row.activity != Activity::Done(End::Ok))
    }

    fn remove_unused_gather(&mut self, gather: u32) {
        if self.gathers[gather].dropped && self.gathers[gather].left == 0 {
            self.gathers.remove(gather);
        }
    }

    /// A child has ended. Who awaits the gather is to be woken if that was the last one, or the first
    /// to fail; after a failure the gather hears of the others, but does not care.
    fn count_child(&mut self, gather: u32, index: u32) -> Option<Waiter> {
        let child = self.gathers[gather].children[index as usize];
        let has_failed = self.has_failed(child);
        let gathering = &mut self.gathers[gather];
        gathering.left -= 1;
        if gathering.fails_fast && gathering.failed.is_none() && has_failed {
            gathering.failed = Some(index);
        }
        let waiter = if gathering.has_ended() { gathering.waiter.take() } else { None };
        self.remove_unused_gather(gather);
        waiter
    }
}

impl Core {
    /// The call of a child that has ended. asyncio: `gather`'s `_done_callback`.
    #[doc(alias = "_done_callback")]
    pub(crate) fn child_ended(&self, row: u32) {
        let mut tables = self.tables.borrow_mut();
        let (gather, index) = tables.child(row);
        tables.waiters.remove(row);
        let child = tables.gathers[gather].children[index as usize];
        drop(tables);
        self.note(StepKind::CallChild { gather, child });
        let waiter = self.tables.borrow_mut().count_child(gather, index);
        if let Some(waiter) = waiter {
            waiter.wake();
        }
    }
}
