//! Checks of chapter 3.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use crate::exercise_03::{block_on, one_shot};
use crate::wakes::Wakes;

/// Runs it on another thread, and does not wait for ever.
fn within_ten_seconds<T: Send + 'static>(
    what: &str,
    run: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || sender.send(run()).expect("somebody waits for it"));
    match receiver.recv_timeout(Duration::from_secs(10)) {
        Ok(output) => output,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: still asleep after 10 seconds"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match thread.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("it has sent"),
        },
    }
}

/// A future that is pending once, has itself woken meanwhile as `wake` does it, and gives the number of its polls.
fn woken_by(wake: fn(std::task::Waker)) -> impl Future<Output = u32> {
    let mut polls = 0;
    std::future::poll_fn(move |context| {
        polls += 1;
        if polls == 1 {
            wake(context.waker().clone());
            return Poll::Pending;
        }
        // Gives a second wake the time to come.
        thread::sleep(Duration::from_millis(20));
        Poll::Ready(polls)
    })
}

#[test]
fn exercise_1_returns_what_is_ready() {
    assert_eq!(within_ten_seconds("a future that is ready", || block_on(async { 42 })), 42);
}

#[test]
fn exercise_1_is_woken_early_twice_and_late() {
    let early = || block_on(woken_by(|waker| waker.wake()));
    assert_eq!(within_ten_seconds("woken before it sleeps", early), 2, "polls");
    let twice = || {
        block_on(woken_by(|waker| {
            waker.wake_by_ref();
            waker.wake();
        }))
    };
    assert_eq!(within_ten_seconds("woken twice", twice), 2, "polls");
    let late = || {
        block_on(woken_by(|waker| {
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(50));
                waker.wake();
            });
        }))
    };
    assert_eq!(within_ten_seconds("woken by another thread", late), 2, "polls: it has to sleep");
}

#[test]
fn exercise_1_does_not_listen_to_unpark() {
    let polls = within_ten_seconds("unparked before", || {
        thread::current().unpark();
        block_on(woken_by(|waker| {
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(20));
                waker.wake();
            });
        }))
    });
    assert_eq!(polls, 2, "polls: the token of `unpark` is somebody else's");
}

#[test]
fn exercise_2_is_there_already_or_comes_later() {
    let wakes = Wakes::new();
    let (sender, receiver) = one_shot();
    sender.send("early");
    assert_eq!(wakes.poll(pin!(receiver)), Poll::Ready(Some("early")));
    let (sender, receiver) = one_shot();
    let mut receiver = pin!(receiver);
    assert_eq!(wakes.poll(receiver.as_mut()), Poll::Pending);
    assert_eq!(wakes.count(), 0, "nothing was sent yet");
    sender.send("late");
    assert_eq!(wakes.count(), 1, "it was sent: who waits is woken");
    assert_eq!(wakes.poll(receiver.as_mut()), Poll::Ready(Some("late")));
}

#[test]
fn exercise_2_wakes_who_polled_last() {
    let (first, second) = (Wakes::new(), Wakes::new());
    let (sender, receiver) = one_shot();
    let mut receiver = pin!(receiver);
    assert_eq!(first.poll(receiver.as_mut()), Poll::Pending);
    assert_eq!(second.poll(receiver.as_mut()), Poll::Pending);
    sender.send(1);
    assert_eq!(
        (first.count(), second.count()),
        (0, 1),
        "wakes of the first waker, and of the second"
    );
}

#[test]
fn exercise_2_tells_that_the_sender_is_gone() {
    let wakes = Wakes::new();
    let (sender, receiver) = one_shot::<u32>();
    let mut receiver = pin!(receiver);
    assert_eq!(wakes.poll(receiver.as_mut()), Poll::Pending);
    drop(sender);
    assert_eq!(
        wakes.count(),
        1,
        "the sender was dropped: nothing will come, and who waits is to know"
    );
    assert_eq!(wakes.poll(receiver.as_mut()), Poll::Ready(None));
}

#[test]
fn exercise_2_from_another_thread() {
    static ROUNDS: AtomicU32 = AtomicU32::new(0);
    within_ten_seconds("a thousand values from another thread", || {
        for round in 0..1000 {
            let (sender, receiver) = one_shot();
            let thread = thread::spawn(move || sender.send(round));
            assert_eq!(futures::executor::block_on(receiver), Some(round));
            thread.join().unwrap();
            ROUNDS.fetch_add(1, Ordering::Relaxed);
        }
    });
    assert_eq!(ROUNDS.load(Ordering::Relaxed), 1000);
}
