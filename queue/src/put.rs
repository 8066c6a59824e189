//! `put`: waiting for room.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use executor::{Called, Line, Place, QueueStep};

use crate::error::PutError;
use crate::queue::BaseQueue;
use crate::store::Store;

/// The future of [`put`](BaseQueue::put).
#[must_use = "nothing is put unless this is awaited"]
pub struct Put<'a, S: Store> {
    queue: &'a BaseQueue<S>,
    /// `None` when it has been put.
    item: Option<S::Item>,
    place: Option<Place>,
    location: &'static Location<'static>,
}

impl<'a, S: Store> Put<'a, S> {
    #[track_caller]
    pub(crate) fn new(queue: &'a BaseQueue<S>, item: S::Item) -> Put<'a, S> {
        Put { queue, item: Some(item), place: None, location: Location::caller() }
    }

    fn poll_put(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), PutError<S::Item>>> {
        let queue = self.queue;
        let line = (Line::Put, queue.number);
        if self.place.is_some() {
            ready!(queue.putters.poll(&mut self.place, line, cx));
        }
        if queue.is_full() && !queue.is_shut_down() {
            // Not, or again not: somebody may have come in between. Then again, at the tail.
            let poll = queue.putters.poll(&mut self.place, line, cx);
            queue.report(QueueStep::Full, self.location);
            return poll.map(|_| unreachable!("it is new in line"));
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
        let putters = &self.queue.putters;
        if self.place.is_some() {
            if putters.leave(&mut self.place) == Some(Called::Woken) && !self.queue.is_full() {
                putters.wake_first();
            }
            self.queue.publish();
        }
    }
}
