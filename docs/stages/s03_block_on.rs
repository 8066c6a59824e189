//! Stage 3: `block_on`. Poll a future; while it is pending, sleep; whoever has what it waits for
//! wakes the thread up.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Runs a future to its end on this thread. Says how often it was polled, too.
fn block_on<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let sleeper = Arc::new(Sleeper { thread: thread::current(), woken: AtomicBool::new(false) });
    let waker = Waker::from(sleeper.clone());
    let mut context = Context::from_waker(&waker);
    let mut polls = 0;
    loop {
        polls += 1;
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return (output, polls);
        }
        sleeper.sleep();
    }
}

/// A thread that sleeps in `block_on`, and what its wakers wake.
struct Sleeper {
    thread: Thread,
    /// Somebody has called `wake` since the last poll began.
    woken: AtomicBool,
}

impl Sleeper {
    /// `park` may return for other reasons than ours: so it is the flag that counts.
    fn sleep(&self) {
        while !self.woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// The same without a waker: it asks, and asks, and asks.
fn block_on_busily<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    loop {
        polls += 1;
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return (output, polls);
        }
    }
}

/// What another thread works out. The first poll starts the thread: a future is lazy.
#[derive(Default)]
struct Answer {
    started: bool,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    answer: Option<u32>,
    /// Whom to wake when there is an answer.
    waker: Option<Waker>,
}

impl Future for Answer {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        let mut shared = self.shared.lock().unwrap();
        if let Some(answer) = shared.answer {
            return Poll::Ready(answer);
        }
        // Each time: who polls us today may not be who polled us yesterday.
        shared.waker = Some(context.waker().clone());
        drop(shared);
        if !self.started {
            self.started = true;
            let shared = self.shared.clone();
            thread::spawn(move || work(&shared));
        }
        Poll::Pending
    }
}

/// What the other thread does: first the answer, then the wake.
fn work(shared: &Mutex<Shared>) {
    thread::sleep(Duration::from_millis(50)); // it thinks
    let mut shared = shared.lock().unwrap();
    shared.answer = Some(42);
    let waker = shared.waker.take();
    drop(shared);
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A future that throws its waker away: nobody will know whom to wake.
struct Deaf<F>(F);

impl<F: Future + Unpin> Future for Deaf<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<F::Output> {
        Pin::new(&mut self.0).poll(&mut Context::from_waker(Waker::noop()))
    }
}

fn main() {
    println!("a future that ignores its waker, in a busy loop:");
    let (answer, polls) = block_on_busily(Deaf(Answer::default()));
    println!("  {answer}, after over 1000 polls: {}", polls > 1000);

    println!("the same, in a loop that sleeps:");
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(block_on(Deaf(Answer::default()))));
    match receiver.recv_timeout(Duration::from_millis(500)) {
        Ok((answer, polls)) => println!("  {answer}, after {polls} polls"),
        Err(_) => println!("  still asleep, long after the answer was there"),
    }

    println!("a future that keeps its waker, in the loop that sleeps:");
    let (answer, polls) = block_on(Answer::default());
    println!("  {answer}, after {polls} polls");

    println!("two of them, one after the other:");
    let (answers, polls) = block_on(async { (Answer::default().await, Answer::default().await) });
    println!("  {answers:?}, after {polls} polls");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wake_one_poll() {
        assert_eq!(block_on(Answer::default()), (42, 2));
        assert_eq!(block_on(async {}), ((), 1));
    }

    #[test]
    fn a_busy_loop_needs_no_waker() {
        assert_eq!(block_on_busily(Deaf(Answer::default())).0, 42);
    }

    #[test]
    fn a_wake_before_the_sleep_is_not_lost() {
        let mut woken = false;
        let future = std::future::poll_fn(|context| {
            if woken {
                return Poll::Ready(());
            }
            woken = true;
            context.waker().wake_by_ref();
            Poll::Pending
        });
        assert_eq!(block_on(future), ((), 2));
    }

    #[test]
    fn somebody_elses_unpark_is_no_wake() {
        thread::current().unpark();
        assert_eq!(block_on(Answer::default()), (42, 2));
    }
}
