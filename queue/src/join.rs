//! `join`: waiting until every item is done.

use std::pin::Pin;
use std::task::{Context, Poll};

use executor::{Line, Place};

use crate::queue::BaseQueue;
use crate::store::Store;

/// The future of [`join`](BaseQueue::join).
#[must_use = "this does nothing unless it is awaited"]
pub struct Join<'a, S: Store> {
    queue: &'a BaseQueue<S>,
    place: Option<Place>,
}

impl<'a, S: Store> Join<'a, S> {
    pub(crate) fn new(queue: &'a BaseQueue<S>) -> Join<'a, S> {
        Join { queue, place: None }
    }
}

impl<S: Store> Future for Join<'_, S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let queue = self.queue;
        if self.place.is_none() && queue.unfinished() == 0 {
            return Poll::Ready(());
        }
        // Once woken it does not look again: items that were put meanwhile are not waited for.
        queue.joiners.poll(&mut self.place, (Line::Join, queue.number), cx).map(|_| ())
    }
}

impl<S: Store> Drop for Join<'_, S> {
    fn drop(&mut self) {
        self.queue.joiners.leave(&mut self.place);
    }
}
