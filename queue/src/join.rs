//! `join`: waiting until every item is done. asyncio: `Queue.join`.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use executor::{Place, QueueStep};

use crate::queue::BaseQueue;
use crate::store::Store;

/// The future of [`join`](BaseQueue::join).
#[must_use = "this does nothing unless it is awaited"]
pub struct Join<'a, S: Store> {
    pub(crate) queue: &'a BaseQueue<S>,
    pub(crate) place: Option<Place>,
    pub(crate) location: &'static Location<'static>,
}

impl<S: Store> Future for Join<'_, S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let queue = self.queue;
        // Once woken it does not look again: items that were put meanwhile are not waited for.
        if self.place.is_some() || queue.unfinished.get() == 0 {
            return queue.joiners.poll(&mut self.place, cx);
        }
        queue.joiners.enter(&mut self.place, cx);
        queue.report(QueueStep::Join, self.location);
        Poll::Pending
    }
}

impl<S: Store> Drop for Join<'_, S> {
    fn drop(&mut self) {
        let queue = self.queue;
        if self.place.is_some() {
            queue.leave(&queue.joiners, &mut self.place, || false);
        }
    }
}
