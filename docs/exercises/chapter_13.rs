//! Exercises of chapter 13, "A queue like asyncio's".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_13`

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use executor::{Line, LineKind, Place};

/// **Exercise 1.** Tasks 1, 2 and 5 stand in line for an item, in this order. In one turn task 3 puts the items 1 and 2, and
/// cancels task 1. In the same pass, behind it, task 4 has its turn and gets an item. 10 ms later task 3 puts item 3.
/// Which tasks get the items 1, 2 and 3?
pub fn who_gets_them() -> [u32; 3] {
    todo!("exercise 1 of docs/exercises/chapter_13.rs: [who gets 1, who gets 2, who gets 3]")
}

/// **Exercise 2.** Puts the items into a queue that holds at most `workers` items; so many workers take them and do
/// `work(item).await`, each one item at a time. Ends when all work is done, and all workers have ended.
pub async fn crew<T, W>(workers: usize, items: Vec<T>, work: W)
where
    T: 'static,
    W: AsyncFn(T) + Clone + 'static,
{
    todo!("exercise 2 of docs/exercises/chapter_13.rs: stream, task_done; put, join, shutdown")
}

/// **Exercise 3.** A semaphore in this chapter's manner: so many permits, and a line. Whoever finds a permit takes it, past the line.
pub struct Semaphore {
    pub permits: Cell<usize>,
    line: Line,
}

impl Semaphore {
    pub fn new(permits: usize) -> Semaphore {
        Semaphore { permits: Cell::new(permits), line: Line::new(LineKind::Get, 0) }
    }

    /// Takes a permit, as soon as there is one.
    pub fn acquire(&self) -> Acquire<'_> {
        Acquire { semaphore: self, place: None }
    }

    /// Gives a permit back, and wakes the longest waiter.
    pub fn release(&self) {
        self.permits.set(self.permits.get() + 1);
        self.wake_first();
    }

    fn wake_first(&self) {
        if let Some(waiter) = self.line.pop() {
            waiter.wake();
        }
    }
}

pub struct Acquire<'a> {
    semaphore: &'a Semaphore,
    place: Option<Place>,
}

impl Future for Acquire<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let semaphore = self.semaphore;
        ready!(semaphore.line.poll(&mut self.place, cx));
        match semaphore.permits.get() {
            0 => {
                semaphore.line.enter(&mut self.place, cx);
                Poll::Pending
            }
            permits => {
                semaphore.permits.set(permits - 1);
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Acquire<'_> {
    /// It may stand in line still; it may have been woken, and not know it.
    fn drop(&mut self) {
        if self.place.is_some() {
            todo!("exercise 3 of docs/exercises/chapter_13.rs: Line::leave says which it is")
        }
    }
}
