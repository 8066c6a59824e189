//! `spawn`: from a future to a task. asyncio: `create_task`.
//!
//! The new task goes behind everything that is ready; its first poll is in the next pass. Python's
//! tasks may fail with an exception. The Rust counterpart is a future whose output is a `Result`,
//! spawned with `spawn_fallible`: then `Err` is what an exception is in asyncio, and makes `gather` fail.

use std::convert::Infallible;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::body::Body;
use crate::executor::Core;
use crate::join::JoinHandle;
use crate::ready::Ready;
use crate::task::CANCELLED;
use crate::trace::StepKind;
use crate::waker::{TaskId, expect_current};

/// Makes a task of a future. It is polled first in the next pass, behind everything that is ready.
///
/// Dropping the handle detaches the task: it goes on, and a panic in it is reported on stderr.
///
/// ```
/// executor::run(async {
///     let task = executor::spawn(async { 6 * 7 });
///     assert_eq!(task.await, Ok(42));
/// });
/// ```
///
/// # Panics
/// Outside a running executor. While an executor ends, and cancels the tasks that are left, a new one
/// is cancelled as well: its future is dropped, and not polled.
#[doc(alias = "create_task")]
#[track_caller]
pub fn spawn<T: 'static>(future: impl Future<Output = T> + 'static) -> JoinHandle<T> {
    spawn_as(Infallibly { future }, None)
}

/// [`spawn`] for a task with a name, which reports and traces show: `create_task(…, name=…)`.
///
/// # Panics
/// Outside a running executor.
#[track_caller]
pub fn spawn_named<T: 'static>(
    name: impl Into<String>,
    future: impl Future<Output = T> + 'static,
) -> JoinHandle<T> {
    spawn_as(Infallibly { future }, Some(name.into()))
}

/// [`spawn`] for a task that may fail: `Err` counts as an exception does in asyncio. Awaiting the handle
/// gives [`JoinError::Failed`](crate::JoinError::Failed), and a [`gather`](crate::gather()) fails at once.
///
/// ```
/// use executor::{JoinError, gather, spawn_fallible};
///
/// executor::run(async {
///     let tasks = ["1", "2", "x"].map(|text| spawn_fallible(async { text.parse::<i32>() }));
///     let error = gather(tasks).await.unwrap_err();
///     assert_eq!(error.to_string(), "the task failed: invalid digit found in string");
/// });
/// ```
///
/// # Panics
/// Outside a running executor.
#[track_caller]
pub fn spawn_fallible<T: 'static, E: 'static>(
    future: impl Future<Output = Result<T, E>> + 'static,
) -> JoinHandle<T, E> {
    spawn_as(future, None)
}

/// [`spawn_fallible`] for a task with a name.
///
/// # Panics
/// Outside a running executor.
#[track_caller]
pub fn spawn_fallible_named<T: 'static, E: 'static>(
    name: impl Into<String>,
    future: impl Future<Output = Result<T, E>> + 'static,
) -> JoinHandle<T, E> {
    spawn_as(future, Some(name.into()))
}

#[track_caller]
fn spawn_as<T: 'static, E: 'static>(
    future: impl Future<Output = Result<T, E>> + 'static,
    name: Option<String>,
) -> JoinHandle<T, E> {
    let core = expect_current("spawn");
    core.at(Location::caller());
    let body = Body::new(future, &mut core.tables.borrow_mut().blocks);
    JoinHandle::new(core.spawn(body, name.map(String::into_boxed_str)))
}

impl Core {
    /// Enters a task into the table, and into the ready queue.
    pub(crate) fn spawn(&self, body: Body, name: Option<Box<str>>) -> TaskId {
        let mut tables = self.tables.borrow_mut();
        let task = tables.tasks.add(body, name);
        if self.closing.get() {
            tables.tasks[task.slot()].set(CANCELLED);
        }
        tables.push(Ready::Poll(task.slot()));
        drop(tables);
        self.note(StepKind::Spawn { task });
        task
    }
}

pin_project! {
    /// A future that can't fail, as a task holds it.
    struct Infallibly<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Infallibly<F> {
    type Output = Result<F::Output, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().future.poll(cx).map(Ok)
    }
}
