//! For the checks: a waker that counts, and a way to poll with it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};

#[derive(Default)]
pub struct Wakes(AtomicU32);

impl Wakes {
    pub fn new() -> Arc<Wakes> {
        Arc::default()
    }

    /// How often it was woken.
    pub fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// Polls a future once, with a waker that counts here.
    pub fn poll<F: Future + ?Sized>(self: &Arc<Wakes>, future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(&Waker::from(self.clone())))
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Wakes>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
