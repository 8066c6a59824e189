//! Exercises of chapter 18, "What we left out, and where to go from here".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_18`

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use executor::{sleep, spawn};

/// **Exercise 1.** asyncio's `to_thread`: runs `work` on a thread of its own, and is ready with what it returns. The loop goes on
/// meanwhile. (A thread per call will do. If `work` panics, so may whoever awaits it.)
///
/// What do the thread and the future share? One of them leaves a value, the other a waker, and either may be first.
pub async fn in_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    todo!(
        "exercise 1 of docs/exercises/chapter_18.rs: std::thread::spawn, and std::future::poll_fn"
    )
}

/// **Exercise 2.** A context variable. `scope(value, future)` is a future in which `current()` is `Some(value)`, also after
/// each of its waits. Outside it is what it was before: `None`, or the value of a scope further out.
pub async fn scope<F: Future>(value: u32, future: F) -> F::Output {
    todo!(
        "exercise 2 of docs/exercises/chapter_18.rs: std::pin::pin!, poll_fn, and a thread_local! Cell, set round each poll"
    )
}

/// The value of the scope in which this is called.
pub fn current() -> Option<u32> {
    todo!("exercise 2 of docs/exercises/chapter_18.rs: what does the thread_local! hold now?")
}

/// **Exercise 3.** Something with a goodbye: when it is dropped, `bye` is to be called on what it holds, which takes 10 ms. It
/// may be dropped by a cancellation, in the middle of anything.
pub struct Connection {
    pub log: Log,
}

/// What was said, in this order.
pub type Log = Rc<RefCell<Vec<&'static str>>>;

/// Says goodbye.
pub async fn bye(log: Log) {
    sleep(Duration::from_millis(10)).await;
    log.borrow_mut().push("bye");
}

impl Drop for Connection {
    fn drop(&mut self) {
        todo!("exercise 3 of docs/exercises/chapter_18.rs: who can wait, if this can't?")
    }
}
