//! `get`: waiting for an item; and the items as a stream. asyncio: `Queue.get`.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use executor::{Place, QueueStep};
use futures_lite::Stream;

use crate::error::Shutdown;
use crate::queue::BaseQueue;
use crate::store::Store;

/// The future of [`get`](BaseQueue::get).
#[must_use = "nothing is taken unless this is awaited"]
pub struct Get<'a, S: Store> {
    pub(crate) queue: &'a BaseQueue<S>,
    pub(crate) place: Option<Place>,
    pub(crate) location: &'static Location<'static>,
}

impl<S: Store> Get<'_, S> {
    fn poll_get(&mut self, cx: &mut Context<'_>) -> Poll<Result<S::Item, Shutdown>> {
        let queue = self.queue;
        ready!(queue.getters.poll(&mut self.place, cx));
        if let Some(item) = queue.pop(self.location) {
            return Poll::Ready(Ok(item));
        }
        if queue.is_shut_down() {
            return Poll::Ready(Err(Shutdown));
        }
        // Not, or again not: somebody may have come in between. Then again, at the tail.
        queue.getters.enter(&mut self.place, cx);
        queue.report(QueueStep::Empty, self.location);
        Poll::Pending
    }
}

impl<S: Store> Future for Get<'_, S> {
    type Output = Result<S::Item, Shutdown>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_get(cx)
    }
}

impl<S: Store> Drop for Get<'_, S> {
    /// Woken, but dropped before it could take the item: the next one can.
    fn drop(&mut self) {
        let queue = self.queue;
        if self.place.is_some() {
            queue.leave(&queue.getters, &mut self.place, || !queue.is_empty());
        }
    }
}

/// The stream of [`stream`](BaseQueue::stream).
#[must_use = "nothing is taken unless this is polled"]
pub struct Items<'a, S: Store> {
    pub(crate) next: Get<'a, S>,
}

impl<S: Store> Stream for Items<'_, S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        // A `Get` that has given its item is as good as new.
        self.next.poll_get(cx).map(Result::ok)
    }
}
