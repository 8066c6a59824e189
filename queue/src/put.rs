//! `put`: waiting for room. asyncio: `Queue.put`.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use executor::{Place, QueueStep};

use crate::error::PutError;
use crate::queue::BaseQueue;
use crate::store::Store;

/// The future of [`put`](BaseQueue::put).
#[must_use = "nothing is put unless this is awaited"]
pub struct Put<'a, S: Store> {
    pub(crate) queue: &'a BaseQueue<S>,
    /// `None` when it has been put.
    pub(crate) item: Option<S::Item>,
    pub(crate) place: Option<Place>,
    pub(crate) location: &'static Location<'static>,
}

impl<S: Store> Put<'_, S> {
    fn poll_put(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), PutError<S::Item>>> {
        let queue = self.queue;
        ready!(queue.putters.poll(&mut self.place, cx));
        if queue.is_full() && !queue.is_shut_down() {
            // Not, or again not: somebody may have come in between. Then again, at the tail.
            queue.putters.enter(&mut self.place, cx);
            queue.report(QueueStep::Full, self.location);
            return Poll::Pending;
        }
        let item = self.item.take().expect("a Put was polled after its end");
        if queue.is_shut_down() {
            return Poll::Ready(Err(PutError::Shutdown(item)));
        }
        queue.push(item, self.location);
        Poll::Ready(Ok(()))
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
        let queue = self.queue;
        if self.place.is_some() {
            queue.leave(&queue.putters, &mut self.place, || !queue.is_full());
        }
    }
}
