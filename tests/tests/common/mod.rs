//! What several of the tests need. None needs all of it.

#![allow(dead_code)]

pub mod child;
pub mod sources;

use std::cell::RefCell;
use std::io::Write;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use executor::{Clock, Executor, yield_now};

/// Says a line that is seen even if the test passes: the harness shows no `println!` then.
pub fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("standard error");
}

/// A test can't do its work here: says so on a reader's machine, and fails where all has to be there.
pub fn skip(what: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "CI must not skip {what}");
    say(&format!("skipped: {what}"));
}

/// So many milliseconds.
pub const fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// So many seconds.
pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Runs a future on a virtual clock: at once, and always in the same order.
pub fn virtual_run<F: Future>(future: F) -> F::Output {
    Executor::new(Clock::virtual_time()).run(future)
}

/// Gives way so many times. Whoever is ready has had as many turns then.
pub async fn passes(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// What happened, in that order. All clones write into the same log.
#[derive(Debug)]
pub struct Log<T = &'static str>(Rc<RefCell<Vec<T>>>);

impl<T> Log<T> {
    pub fn new() -> Log<T> {
        Log(Rc::default())
    }

    pub fn add(&self, event: T) {
        self.0.borrow_mut().push(event);
    }

    /// Everything since the last `take`.
    pub fn take(&self) -> Vec<T> {
        self.0.take()
    }
}

impl<T> Clone for Log<T> {
    fn clone(&self) -> Log<T> {
        Log(self.0.clone())
    }
}

/// Calls a function when it is dropped: a destructor to look at.
pub struct OnDrop<F: FnMut()>(pub F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// A waker that is not ours: it notes when it was used, in a run on this thread, and wakes nobody.
#[derive(Default)]
pub struct Mark {
    wakes: AtomicU64,
    pass: AtomicU64,
}

impl Mark {
    pub fn new() -> Arc<Mark> {
        Arc::default()
    }

    /// Polls a future in the name of this waker. Returns whether it has to wait.
    pub fn is_pending<F: Future>(self: &Arc<Mark>, future: Pin<&mut F>) -> bool {
        let waker = Waker::from(self.clone());
        future.poll(&mut Context::from_waker(&waker)).is_pending()
    }

    /// How often it was used.
    pub fn wakes(&self) -> u64 {
        self.wakes.load(Ordering::Relaxed)
    }

    /// The pass in which it was used last; 0 if never.
    pub fn pass(&self) -> u64 {
        self.pass.load(Ordering::Relaxed)
    }
}

impl Wake for Mark {
    fn wake(self: Arc<Mark>) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
        self.pass.store(executor::pass(), Ordering::Relaxed);
    }
}
