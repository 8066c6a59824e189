//! What can go wrong. Where there is an item, the error gives it back. asyncio: `QueueFull`, `QueueEmpty`,
//! `QueueShutDown`.

use std::fmt;

/// The queue is shut down, and empty: `asyncio.QueueShutDown` from `get`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "QueueShutDown")]
pub struct Shutdown;

/// Why an item was not put: [`put`](crate::BaseQueue::put).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PutError<T> {
    /// The queue is shut down. Here is the item.
    Shutdown(T),
}

/// Why an item was not put at once: [`try_put`](crate::BaseQueue::try_put).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TryPutError<T> {
    /// The queue holds `maxsize` items: `asyncio.QueueFull`. Here is the item.
    Full(T),
    /// The queue is shut down. Here is the item.
    Shutdown(T),
}

/// Why there was no item at once: [`try_get`](crate::BaseQueue::try_get).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryGetError {
    /// The queue holds nothing now: `asyncio.QueueEmpty`.
    Empty,
    /// The queue is shut down, and empty: nothing will come.
    Shutdown,
}

/// [`task_done`](crate::BaseQueue::task_done) was called more often than there were items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskDoneError;

const SHUT_DOWN: &str = "the queue is shut down";

impl<T> PutError<T> {
    /// The item that was not put.
    pub fn into_item(self) -> T {
        let PutError::Shutdown(item) = self;
        item
    }
}

impl<T> TryPutError<T> {
    /// The item that was not put.
    pub fn into_item(self) -> T {
        match self {
            TryPutError::Full(item) | TryPutError::Shutdown(item) => item,
        }
    }
}

impl fmt::Display for Shutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the queue is shut down and empty: no item will come")
    }
}

impl<T> fmt::Display for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHUT_DOWN)
    }
}

impl<T> fmt::Display for TryPutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryPutError::Full(_) => "the queue is full: `put` would wait for room",
            TryPutError::Shutdown(_) => SHUT_DOWN,
        })
    }
}

impl fmt::Display for TryGetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TryGetError::Empty => f.write_str("the queue is empty: `get` would wait for an item"),
            TryGetError::Shutdown => Shutdown.fmt(f),
        }
    }
}

impl fmt::Display for TaskDoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`task_done` was called more often than items were put")
    }
}

// Items need not be printable for an error to be.
impl<T> fmt::Debug for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shutdown(..)")
    }
}

impl<T> fmt::Debug for TryPutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryPutError::Full(_) => "Full(..)",
            TryPutError::Shutdown(_) => "Shutdown(..)",
        })
    }
}

impl std::error::Error for Shutdown {}
impl<T> std::error::Error for PutError<T> {}
impl<T> std::error::Error for TryPutError<T> {}
impl std::error::Error for TryGetError {}
impl std::error::Error for TaskDoneError {}
