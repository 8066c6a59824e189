//! `join`: waiting until every item is done.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use executor::{Line, Place, QueueStep};

use crate::queue::BaseQueue;
use crate::store::Store;

/// The future of [`join`](BaseQueue::join).
#[must_use = "this does nothing unless it is awaited"]
pub struct Join<'a, S: Store> {
    queue: &'a BaseQueue<S>,
    place: Option<Place>,
    location: &'static Location<'static>,
}

impl<'a, S: Store> Join<'a, S> {
    #[track_caller]
    pub(crate) fn new(queue: &'a BaseQueue<S>) -> Join<'a, S> {
        Join { queue, place: None, location: Location::caller() }
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
        let new = self.place.is_none();
        let poll = queue.joiners.poll(&mut self.place, (Line::Join, queue.number), cx);
        if new {
            queue.report(QueueStep::Join, self.location);
        }
        poll.map(|_| ())
    }
}

impl<S: Store> Drop for Join<'_, S> {
    fn drop(&mut self) {
        if self.place.is_some() {
            self.queue.joiners.leave(&mut self.place);
            self.queue.publish();
        }
    }
}
