//! Exercises of chapter 2, "A future is a paused function".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_02`

use std::pin::Pin;
use std::task::{Context, Poll};

/// **Exercise 1.** A future that is pending as often as its number says, and then ready with the text "go".
/// As nobody else would have it polled again, it wakes itself each time: `context.waker().wake_by_ref()`.
pub struct Countdown(pub u32);

impl Future for Countdown {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        todo!("exercise 1 of docs/exercises/chapter_02.rs: one less at each poll, and a wake")
    }
}

/// **Exercise 2.** What the compiler makes of this function, by hand:
///
/// ```text
/// async fn sum(a: Number, b: Number) -> u32 {
///     a.await + b.await
/// }
/// ```
///
/// `a` first, to its end; `b` is not polled before. Both boxes can be polled as they are: `self.a.as_mut().poll(context)`.
/// What else has to be kept while the function is paused?
pub struct Sum {
    a: Number,
    b: Number,
}

/// A future that gives a number.
pub type Number = Pin<Box<dyn Future<Output = u32>>>;

pub fn sum(a: Number, b: Number) -> Sum {
    Sum { a, b }
}

impl Future for Sum {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        todo!(
            "exercise 2 of docs/exercises/chapter_02.rs: poll a; when it has ended, keep what it gave, and poll b"
        )
    }
}

/// **Exercise 3.** Two at a time: each poll polls both futures that have not ended, `a` first. Ready when both have ended,
/// with what they gave. A future that has ended must not be polled again.
pub struct Join {
    a: Number,
    b: Number,
}

pub fn join(a: Number, b: Number) -> Join {
    Join { a, b }
}

impl Future for Join {
    type Output = (u32, u32);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<(u32, u32)> {
        todo!(
            "exercise 3 of docs/exercises/chapter_02.rs: poll whichever has not ended, and keep what it gives"
        )
    }
}
