//! `put`: waiting for room.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use executor::{Called, Line, Place};

use crate::error::{PutError, TryPutError};
use crate::queue::BaseQueue;
use crate::store::Store;

/// The future of [`put`](BaseQueue::put).
#[must_use = "nothing is put unless this is awaited"]
pub struct Put<'a, S: Store> {
    queue: &'a BaseQueue<S>,
    /// `None` when it has been put.
    item: Option<S::Item>,
    place: Option<Place>,
}

impl<'a, S: Store> Put<'a, S> {
    pub(crate) fn new(queue: &'a BaseQueue<S>, item: S::Item) -> Put<'a, S> {
        Put { queue, item: Some(item), place: None }
    }

    fn poll_put(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), PutError<S::Item>>> {
        let queue = self.queue;
        let line = (Line::Put, queue.number);
        if self.place.is_some() {
            ready!(queue.putters.poll(&mut self.place, line, cx));
        }
        let item = self.item.take().expect("a Put was polled after its end");
        match queue.try_put(item) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(TryPutError::Shutdown(item)) => Poll::Ready(Err(PutError::Shutdown(item))),
            Err(TryPutError::Full(item)) => {
                self.item = Some(item);
                // Woken, and yet no room: somebody came in between. Again, at the tail.
                queue
                    .putters
                    .poll(&mut self.place, line, cx)
                    .map(|_| unreachable!("it is new in line"))
            }
        }
    }
}

impl<S: Store> Future for Put<'_, S> {
    type Output = Result<(), PutError<S::Item>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_put(cx)
    }
}

impl<S: Store> Unpin for Put<'_, S> {}

impl<S: Store> Drop for Put<'_, S> {
    /// Woken, but dropped before it could use the room: the next one can.
    fn drop(&mut self) {
        let putters = &self.queue.putters;
        if putters.leave(&mut self.place) == Some(Called::Woken) && !self.queue.is_full() {
            putters.wake_first();
        }
    }
}
