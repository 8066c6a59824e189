//! Stage 2: a future is a paused function. One `async fn`, and the same written by hand.
//!
//! There is no executor yet: `main` polls, and looks at what comes back.

use std::mem::size_of_val;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// The compiler makes a future of this.
async fn climb(floors: u32) -> u32 {
    println!("    at the foot");
    let mut steps = 0;
    for floor in 1..=floors {
        pause().await;
        steps += 20;
        println!("    floor {floor}, {steps} steps");
    }
    steps
}

/// The future that we make of it: what the function knows while it is paused, one variant per place.
enum Climb {
    /// It was called, and not polled yet. It knows its arguments.
    Start { floors: u32 },
    /// It waits at its `.await`. It knows its locals, and what it waits for.
    Paused { floors: u32, steps: u32, floor: u32, pause: Pause },
    /// It has returned.
    Done,
}

fn climb_by_hand(floors: u32) -> Climb {
    Climb::Start { floors }
}

impl Future for Climb {
    type Output = u32;

    /// Goes on where it stopped, as far as it can.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        loop {
            match &mut *self {
                Climb::Start { floors } => {
                    let floors = *floors;
                    println!("    at the foot");
                    *self = Climb::next_floor(floors, 0, 1);
                }
                Climb::Paused { floors, steps, floor, pause } => {
                    if Pin::new(pause).poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    let (floors, steps, floor) = (*floors, *steps + 20, *floor);
                    println!("    floor {floor}, {steps} steps");
                    if floor == floors {
                        *self = Climb::Done;
                        return Poll::Ready(steps);
                    }
                    *self = Climb::next_floor(floors, steps, floor + 1);
                }
                Climb::Done => panic!("polled after it has returned"),
            }
        }
    }
}

impl Climb {
    /// The head of the loop, and the call of `pause`.
    fn next_floor(floors: u32, steps: u32, floor: u32) -> Climb {
        Climb::Paused { floors, steps, floor, pause: pause() }
    }
}

/// A leaf: it is pending once, then ready. It wakes nobody; that is chapter 3.
struct Pause {
    paused: bool,
}

fn pause() -> Pause {
    Pause { paused: false }
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.paused {
            return Poll::Ready(());
        }
        self.paused = true;
        Poll::Pending
    }
}

/// Its local has to outlive the pause, so it lies in the future. Says where.
async fn keeps_a_kilobyte() -> usize {
    let kilobyte = [1_u8; 1024];
    pause().await;
    kilobyte.as_ptr().addr()
}

/// Its local is gone before the pause, so it lies on the stack.
async fn uses_a_kilobyte() -> u32 {
    let sum = [1_u8; 1024].iter().map(|&byte| u32::from(byte)).sum();
    pause().await;
    sum
}

/// Polls a future until it is ready, and tells what each poll returns.
fn poll_and_tell(future: impl Future<Output = u32>) -> u32 {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    loop {
        polls += 1;
        println!("  poll {polls}");
        match future.as_mut().poll(&mut context) {
            Poll::Pending => println!("  = Pending"),
            Poll::Ready(output) => {
                println!("  = Ready({output})");
                return output;
            }
        }
    }
}

fn main() {
    println!("async fn:");
    let future = climb(2); // prints nothing
    poll_and_tell(future);

    println!("by hand:");
    let future = climb_by_hand(2);
    poll_and_tell(future);

    println!("what a pause keeps:");
    let mut future = pin!(keeps_a_kilobyte());
    let size = size_of_val(&*future);
    let start = (&raw const *future).addr();
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    if let Poll::Ready(local) = future.as_mut().poll(&mut context) {
        let inside = (start..start + size).contains(&local);
        println!("  a local kept across it: the future has over 1024 bytes: {}", size > 1024);
        println!("  and the local lies inside the future: {inside}");
    }
    let size = size_of_val(&uses_a_kilobyte());
    println!("  a local gone before it: the future has over 1024 bytes: {}", size > 1024);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Polls to the end: how many polls, and the output.
    fn drive(future: impl Future<Output = u32>) -> (u32, u32) {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        for polls in 1..100 {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return (polls, output);
            }
        }
        panic!("never ready");
    }

    #[test]
    fn both_take_the_same_polls_and_return_the_same() {
        for floors in 1..5 {
            assert_eq!(drive(climb(floors)), (floors + 1, 20 * floors));
            assert_eq!(drive(climb_by_hand(floors)), (floors + 1, 20 * floors));
        }
    }

    #[test]
    fn what_is_kept_across_a_pause_is_in_the_future() {
        assert!(size_of_val(&keeps_a_kilobyte()) > 1024);
        assert!(size_of_val(&uses_a_kilobyte()) < 64);
    }

    #[test]
    #[should_panic(expected = "polled after it has returned")]
    fn a_future_that_has_returned_is_not_polled() {
        let mut future = climb_by_hand(1);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..3 {
            let _ = Pin::new(&mut future).poll(&mut context);
        }
    }
}
