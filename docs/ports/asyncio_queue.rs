//! asyncio's queue for any loop, as short as it goes: all that it needs is wakers.
//!
//! What decides the order is here: nothing is handed over, `put` wakes the longest waiter, and who looks and finds
//! nothing waits at the tail. What is missing is what makes it right in every program: a getter that is dropped stays
//! in line, and one that is polled without a reason stands in it twice. See chapter 13.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

pub struct AsyncioQueue<T> {
    items: RefCell<VecDeque<T>>,
    getters: RefCell<VecDeque<Waker>>,
}

impl<T> AsyncioQueue<T> {
    pub fn new() -> AsyncioQueue<T> {
        AsyncioQueue { items: RefCell::default(), getters: RefCell::default() }
    }

    pub fn put(&self, item: T) {
        self.items.borrow_mut().push_back(item);
        let longest_waiter = self.getters.borrow_mut().pop_front();
        if let Some(waker) = longest_waiter {
            waker.wake();
        }
    }

    pub async fn get(&self) -> T {
        poll_fn(|context| {
            if let Some(item) = self.items.borrow_mut().pop_front() {
                return Poll::Ready(item);
            }
            self.getters.borrow_mut().push_back(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}
