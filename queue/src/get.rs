//! `get`: waiting for an item; and the items as a stream.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use executor::{Called, Line, Place, QueueStep};
use futures_lite::Stream;

use crate::error::Shutdown;
use crate::queue::BaseQueue;
use crate::store::Store;

/// The future of [`get`](BaseQueue::get).
#[must_use = "nothing is taken unless this is awaited"]
pub struct Get<'a, S: Store> {
    queue: &'a BaseQueue<S>,
    place: Option<Place>,
    location: &'static Location<'static>,
}

impl<'a, S: Store> Get<'a, S> {
    #[track_caller]
    pub(crate) fn new(queue: &'a BaseQueue<S>) -> Get<'a, S> {
        Get { queue, place: None, location: Location::caller() }
    }

    fn poll_get(&mut self, cx: &mut Context<'_>) -> Poll<Result<S::Item, Shutdown>> {
        let queue = self.queue;
        let line = (Line::Get, queue.number);
        if self.place.is_some() {
            ready!(queue.getters.poll(&mut self.place, line, cx));
        }
        if let Some(item) = queue.pop(self.location) {
            return Poll::Ready(Ok(item));
        }
        if queue.is_shut_down() {
            return Poll::Ready(Err(Shutdown));
        }
        // Not, or again not: somebody may have come in between. Then again, at the tail.
        let poll = queue.getters.poll(&mut self.place, line, cx);
        queue.report(QueueStep::Empty, self.location);
        poll.map(|_| unreachable!("it is new in line"))
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
        let getters = &self.queue.getters;
        if self.place.is_some() {
            if getters.leave(&mut self.place) == Some(Called::Woken) && !self.queue.is_empty() {
                getters.wake_first();
            }
            self.queue.publish();
        }
    }
}

/// The stream of [`stream`](BaseQueue::stream).
#[must_use = "nothing is taken unless this is polled"]
pub struct Items<'a, S: Store> {
    next: Get<'a, S>,
}

impl<'a, S: Store> Items<'a, S> {
    #[track_caller]
    pub(crate) fn new(queue: &'a BaseQueue<S>) -> Items<'a, S> {
        Items { next: Get::new(queue) }
    }
}

impl<S: Store> Stream for Items<'_, S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        // A `Get` that has given its item is as good as new.
        self.next.poll_get(cx).map(Result::ok)
    }
}
