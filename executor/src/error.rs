//! How things end when they do not end well. asyncio: exceptions, and `CancelledError`.

use std::any::Any;
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// Why a task gave no value: what awaiting its [`JoinHandle`](crate::JoinHandle) says then.
///
/// asyncio raises these where the task is awaited: an exception of its own, or `CancelledError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinError<E = Infallible> {
    /// The task returned this error. Only tasks made by [`spawn_fallible`](crate::spawn_fallible) can.
    Failed(E),
    /// The task was cancelled, or the executor on which it ran is gone.
    Cancelled,
    /// The task panicked.
    Panicked(Panic),
}

impl<E: fmt::Display> fmt::Display for JoinError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JoinError::Failed(error) => write!(f, "the task failed: {error}"),
            JoinError::Cancelled => f.write_str("the task was cancelled"),
            JoinError::Panicked(panic) => write!(f, "the task panicked: {}", panic.message()),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for JoinError<E> {}

/// A task's panic: its message, and what it was thrown with.
#[derive(Clone)]
pub struct Panic(Rc<Thrown>);

struct Thrown {
    message: String,
    /// Empty once somebody has taken it.
    payload: Cell<Option<Box<dyn Any + Send>>>,
}

impl Panic {
    pub(crate) fn new(payload: Box<dyn Any + Send>) -> Panic {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let message = text.unwrap_or("(a panic without a message)").to_string();
        Panic(Rc::new(Thrown { message, payload: Cell::new(Some(payload)) }))
    }

    /// What the panic said.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the panic was thrown with, to go on with it by [`std::panic::resume_unwind`]. If a clone of
    /// this has given it away already, it is the message.
    pub fn into_payload(self) -> Box<dyn Any + Send> {
        self.0.payload.take().unwrap_or_else(|| Box::new(self.0.message.clone()))
    }
}

impl fmt::Debug for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Panic").field(&self.message()).finish()
    }
}

/// Runs code of the user whose panic is nobody's concern: the panic hook has reported it.
pub(crate) fn quietly(action: impl FnOnce()) {
    let Err(payload) = catch_unwind(AssertUnwindSafe(action)) else { return };
    // What it was thrown with may panic when it is dropped, and so on. Somewhere it has to end.
    std::mem::forget(catch_unwind(AssertUnwindSafe(|| drop(payload))));
}

/// Two panics are equal if they are the same one.
impl PartialEq for Panic {
    fn eq(&self, other: &Panic) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Panic {}

/// Why a run gave no value: see [`Executor::try_run`](crate::Executor::try_run).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// Nothing is ready, no timer is armed, and the clock is a virtual one: nothing can ever happen
    /// again. The text lists who waits for what.
    Stuck(String),
    /// The main future was cancelled, through [`current_task`](crate::current_task) for instance.
    Cancelled,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Stuck(report) => f.write_str(report),
            RunError::Cancelled => f.write_str("the main future was cancelled"),
        }
    }
}

impl std::error::Error for RunError {}
