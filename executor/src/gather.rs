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
use std::task::{Context, Poll, Waker};

use crate::body::{End, Outcome};
use crate::error::JoinError;
use crate::executor::Core;
use crate::join::{JoinHandle, Joiner};
use crate::task::State;
use crate::trace::StepKind;
use crate::waits::{Wait, waits_for, waits_no_longer};
use crate::waker::{TaskId, current, expect_current};

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
    location: &'static Location<'static>,
}

/// One gather that has begun to wait: a row of `Core::gathers`.
pub(crate) struct Gathering {
    /// The children. Cancelling the gather cancels them.
    pub(crate) children: Vec<TaskId>,
    /// Children that have not been counted yet: each has a callback, or its call is in the ready queue.
    left: u32,
    fails_fast: bool,
    /// The first child that did not end well. Never set unless the gather fails fast.
    failed: Option<u32>,
    /// Who awaits the gather. `None` once it has been woken, or its future dropped.
    waker: Option<Waker>,
    /// Its future has been dropped: the row is kept only for the callbacks.
    dropped: bool,
}

impl<T, E> Children<T, E> {
    #[track_caller]
    fn new(handles: impl IntoIterator<Item = JoinHandle<T, E>>, fails_fast: bool) -> Self {
        let location = Location::caller();
        Children { handles: handles.into_iter().collect(), fails_fast, row: None, location }
    }
}

impl<T: 'static, E: 'static> Children<T, E> {
    /// Ready when one has failed (which?), or all have ended.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<Option<u32>> {
        let core = expect_current("gather");
        core.at(self.location);
        let row = match self.row {
            None => self.begin(core),
            Some((run, row)) if run == core.run => row,
            // Its executor is gone, and all tasks with it.
            Some(_) => return Poll::Ready(None),
        };
        let mut waker = Some(cx.waker().clone());
        let mut gathers = core.gathers.borrow_mut();
        if gathers[row].has_ended() {
            return Poll::Ready(gathers[row].failed);
        }
        std::mem::swap(&mut gathers[row].waker, &mut waker);
        drop(gathers);
        if let Some(old) = &waker {
            waits_no_longer(Wait::Gather(row), old);
        }
        waits_for(Wait::Gather(row), cx.waker());
        Poll::Pending
    }

    /// Leaves a callback at every child that has not ended. Those that have count at once, and may
    /// decide the gather.
    fn begin(&mut self, core: &Core) -> u32 {
        let children = self.handles.iter().map(|handle| handle.0);
        let alive = (0..).zip(children.clone()).filter(|&(_, task)| core.is_alive(task));
        let failed = children.clone().position(|task| core.has_failed(task));
        let gather = core.gathers.borrow_mut().insert(Gathering {
            children: children.collect(),
            left: alive.clone().count() as u32,
            fails_fast: self.fails_fast,
            failed: failed.map(|index| index as u32).filter(|_| self.fails_fast),
            waker: None,
            dropped: false,
        });
        for (index, task) in alive {
            core.add_joiner(task.slot(), Joiner::Child { gather, index });
        }
        self.row = Some((core.run, gather));
        gather
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
        let Some(core) = current().filter(|core| core.run == run) else { return };
        let mut gathers = core.gathers.borrow_mut();
        gathers[row].dropped = true;
        let waker = gathers[row].waker.take();
        if gathers[row].left == 0 {
            gathers.remove(row);
        }
        drop(gathers);
        if let Some(waker) = waker {
            waits_no_longer(Wait::Gather(row), &waker);
        }
    }
}

impl Gathering {
    fn has_ended(&self) -> bool {
        self.failed.is_some() || self.left == 0
    }
}

impl Core {
    /// Whether a task has ended, and not well.
    fn has_failed(&self, task: TaskId) -> bool {
        let mut tasks = self.tasks.borrow_mut();
        tasks.find(task).is_none_or(|row| !row.is_alive() && row.state != State::Done(End::Ok))
    }

    /// The gather of a callback, which child it stands at, and what task that is.
    pub(crate) fn child_of(&self, joiner: u32) -> (u32, u32, TaskId) {
        let Joiner::Child { gather, index } = self.joiners.borrow()[joiner] else {
            unreachable!("only children make such calls")
        };
        (gather, index, self.gathers.borrow()[gather].children[index as usize])
    }

    /// The call of a child that has ended. asyncio: `gather`'s `_done_callback`.
    #[doc(alias = "_done_callback")]
    pub(crate) fn child_ended(&self, joiner: u32) {
        let (gather, index, child) = self.child_of(joiner);
        self.note(StepKind::CallChild { gather, child });
        self.joiners.borrow_mut().remove(joiner);
        let mut gathers = self.gathers.borrow_mut();
        let gathering = &mut gathers[gather];
        gathering.left -= 1;
        if gathering.dropped {
            if gathering.left == 0 {
                gathers.remove(gather);
            }
            return;
        }
        // After a failure it hears of the other children, but does not care.
        if gathering.fails_fast && gathering.failed.is_none() && self.has_failed(child) {
            gathering.failed = Some(index);
        }
        let waker = if gathering.has_ended() { gathering.waker.take() } else { None };
        drop(gathers);
        if let Some(waker) = waker {
            self.call_waker(waker);
        }
    }
}
