//! Solutions of chapter 18, "What we left out, and where to go from here".

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use executor::{sleep, spawn};

/// What thread and future share. Both are under one lock, so that neither can miss the other: see chapter 6.
struct Shared<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

pub async fn in_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let shared = Arc::new(Mutex::new(Shared { value: None, waker: None }));
    let on_thread = shared.clone();
    thread::spawn(move || {
        let value = work();
        let mut shared = on_thread.lock().unwrap();
        shared.value = Some(value);
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    poll_fn(|context| {
        let mut shared = shared.lock().unwrap();
        match shared.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                shared.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    })
    .await
}

thread_local! {
    static CURRENT: Cell<Option<u32>> = const { Cell::new(None) };
}

pub async fn scope<F: Future>(value: u32, future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let outside = CURRENT.replace(Some(value));
        let poll = future.as_mut().poll(context);
        CURRENT.set(outside);
        poll
    })
    .await
}

pub fn current() -> Option<u32> {
    CURRENT.get()
}

pub struct Connection {
    pub log: Log,
}

pub type Log = Rc<RefCell<Vec<&'static str>>>;

pub async fn bye(log: Log) {
    sleep(Duration::from_millis(10)).await;
    log.borrow_mut().push("bye");
}

/// A task can wait. Nobody waits for it, though: if main ends before it, it is cancelled like any other.
impl Drop for Connection {
    fn drop(&mut self) {
        drop(spawn(bye(self.log.clone())));
    }
}
