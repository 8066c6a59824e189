//! Solutions of chapter 13, "A queue like asyncio's".

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use executor::{Line, LineKind, Place, gather, spawn};
use futures_lite::StreamExt;
use queue::Queue;

/// Task 4 comes in between and takes item 1. Task 1 was woken for an item; when it is dropped there still is one, so it wakes the next
/// in line. That is task 5, for task 2 was woken, too, and has its turn before: it takes item 2. Task 5 finds nothing, and waits again.
pub fn who_gets_them() -> [u32; 3] {
    [4, 2, 5]
}

pub async fn crew<T, W>(workers: usize, items: Vec<T>, work: W)
where
    T: 'static,
    W: AsyncFn(T) + Clone + 'static,
{
    let queue = Rc::new(Queue::new(workers));
    let tasks: Vec<_> = (0..workers)
        .map(|_| {
            let (queue, work) = (queue.clone(), work.clone());
            spawn(async move {
                let mut items = queue.stream();
                while let Some(item) = items.next().await {
                    work(item).await;
                    queue.task_done().expect("one for each item");
                }
            })
        })
        .collect();
    for item in items {
        let _ = queue.put(item).await;
    }
    queue.join().await;
    queue.shutdown(false);
    gather(tasks).await.expect("no worker fails");
}

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
        let was_woken = self.semaphore.line.leave(&mut self.place);
        if was_woken && self.semaphore.permits.get() > 0 {
            self.semaphore.wake_first();
        }
    }
}
