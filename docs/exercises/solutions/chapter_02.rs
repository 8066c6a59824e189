//! Solutions of chapter 2, "A future is a paused function".

use std::pin::Pin;
use std::task::{Context, Poll};

pub struct Countdown(pub u32);

impl Future for Countdown {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        if self.0 == 0 {
            return Poll::Ready("go");
        }
        self.0 -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

pub struct Sum {
    a: Number,
    b: Number,
    /// What `a` gave: the value that the expression `a.await + b.await` keeps across its second pause.
    first: Option<u32>,
}

/// A future that gives a number.
pub type Number = Pin<Box<dyn Future<Output = u32>>>;

pub fn sum(a: Number, b: Number) -> Sum {
    Sum { a, b, first: None }
}

impl Future for Sum {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        let first = match self.first {
            Some(first) => first,
            None => match self.a.as_mut().poll(context) {
                Poll::Ready(first) => first,
                Poll::Pending => return Poll::Pending,
            },
        };
        self.first = Some(first);
        self.b.as_mut().poll(context).map(|second| first + second)
    }
}

pub struct Join {
    a: Half,
    b: Half,
}

/// A future, or what it gave.
enum Half {
    Runs(Number),
    Ended(u32),
}

pub fn join(a: Number, b: Number) -> Join {
    Join { a: Half::Runs(a), b: Half::Runs(b) }
}

impl Half {
    fn poll(&mut self, context: &mut Context<'_>) -> Option<u32> {
        if let Half::Runs(future) = self
            && let Poll::Ready(number) = future.as_mut().poll(context)
        {
            *self = Half::Ended(number);
        }
        match self {
            Half::Runs(_) => None,
            Half::Ended(number) => Some(*number),
        }
    }
}

impl Future for Join {
    type Output = (u32, u32);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<(u32, u32)> {
        let (a, b) = (self.a.poll(context), self.b.poll(context));
        a.zip(b).map_or(Poll::Pending, Poll::Ready)
    }
}
