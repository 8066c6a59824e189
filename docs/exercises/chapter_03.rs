//! Exercises of chapter 3, "`block_on` in forty lines".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_03`

use std::pin::{Pin, pin};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// **Exercise 1.** A `block_on` without `park`: a lock and a condition variable.
pub fn block_on<F: Future>(future: F) -> F::Output {
    todo!(
        "exercise 1 of docs/exercises/chapter_03.rs: as in stages/s03_block_on.rs, with a `Bell` for the `Sleeper`"
    )
}

/// Whether it has rung since somebody listened. `wake` rings it; the loop listens while the future is pending.
#[derive(Default)]
pub struct Bell {
    rung: Mutex<bool>,
    condition: Condvar,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        todo!(
            "exercise 1 of docs/exercises/chapter_03.rs: it has rung; notify the thread that listens"
        )
    }
}

impl Bell {
    /// Sleeps until it rings, or returns at once if it has rung already.
    fn listen(&self) {
        todo!(
            "exercise 1 of docs/exercises/chapter_03.rs: wait while it has not rung; then it has not rung any more"
        )
    }
}

/// **Exercise 2.** A value that is sent once, to a future: `Some(value)`, or `None` if the sender was dropped without
/// sending it.
pub fn one_shot<T>() -> (Sender<T>, Receiver<T>) {
    todo!("exercise 2 of docs/exercises/chapter_03.rs: both ends, and what they share")
}

pub struct Sender<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

pub struct Receiver<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

struct Shared<T> {
    value: Option<T>,
    waker: Option<Waker>,
    sender_is_gone: bool,
}

impl<T> Sender<T> {
    /// Uses the sender up.
    pub fn send(self, value: T) {
        todo!(
            "exercise 2 of docs/exercises/chapter_03.rs: put the value down, and wake who waits, holding no lock"
        )
    }
}

// And when a sender is dropped?

impl<T> Future for Receiver<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        todo!(
            "exercise 2 of docs/exercises/chapter_03.rs: look, and leave the waker, under one lock"
        )
    }
}
