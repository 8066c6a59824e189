//! Code of the user that does its worst: the loop must go on, whole.
//!
//! Code of the user runs in six places: in `poll`, in destructors, in the wakers of other people, in `clone`
//! of an outcome, in `Ord` of an item, in observers. In each of them it may panic, and it may call back into the executor:
//! spawn, wake, cancel, drop handles. The rule: a panic is the outcome of the task in which it
//! happened, or it ends quietly (an observer's ends the run); everybody else goes on; every future is dropped exactly once.
//!
//! ```text
//! random        all of it at once, in random programs
//! destructors   those that panic, and those that call back
//! others        wakers that panic, clones, comparisons, and a closed stderr
//! foreign       wakers whose `clone` or `drop` panics, and wakers that call back
//! observers     those that panic, and those that call back, at every step
//! waits         what a task waits for, when that changes behind its back
//! ```
//!
//! Where a mistake of the executor would end the whole process, or hang it, the test runs in a process
//! of its own: [`alone::alone`].

#[path = "../alone/mod.rs"]
mod alone;
#[path = "../common/mod.rs"]
mod common;
mod destructors;
mod foreign;
mod observers;
mod others;
mod random;
mod waits;

use std::any::Any;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};

use executor::JoinError;

/// A panic that the panic hook does not hear of, so that the output stays readable.
fn panic_on_purpose() -> ! {
    resume_unwind(Box::new("on purpose"))
}

/// What a panic says, whether that is a literal or was formatted.
fn message(panic: &(dyn Any + Send)) -> &str {
    let literal = panic.downcast_ref::<&str>().copied();
    literal.or(panic.downcast_ref::<String>().map(String::as_str)).unwrap_or_default()
}

/// What the panic said with which a task ended.
fn panic_of<T>(end: Result<T, JoinError>) -> String {
    match end {
        Err(JoinError::Panicked(panic)) => panic.message().to_string(),
        Err(other) => panic!("no panic, but {other}"),
        Ok(_) => panic!("no panic, but a value"),
    }
}

/// A destructor that panics.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic_on_purpose()
    }
}

/// A future that drops something of its own when it is dropped, after all that `future` has. In an `async`
/// block a panic would drop it on its way out; here it is dropped by whoever drops the future.
fn drop_at_the_end<D: Unpin, F: Future>(last: D, future: F) -> impl Future<Output = F::Output> {
    struct DropAtTheEnd<D, F> {
        future: Pin<Box<F>>,
        _last: D,
    }

    impl<D: Unpin, F: Future> Future for DropAtTheEnd<D, F> {
        type Output = F::Output;

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
            self.future.as_mut().poll(cx)
        }
    }

    DropAtTheEnd { future: Box::pin(future), _last: last }
}
