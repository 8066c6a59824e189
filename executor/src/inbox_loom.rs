//! loom models of the inbox: the real code, in every order in which its threads can meet.
//!
//! A test with real threads shows one order of events out of millions, and the one that loses a wake
//! may come once in a week. loom takes the place of the scheduler: it runs a model again and again
//! until it has tried every interleaving, and what each load of an atomic may see. A wake that
//! is lost is a loop that sleeps for ever, which loom calls a deadlock.
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test -p executor --lib --release inbox_loom
//! ```
//!
//! Two things are different from real life. loom's `wait_timeout` knows no time and never ends by itself:
//! here a thread of its own is the clock, see [`time_is_over`]. And loom's threads are coroutines of
//! one real thread, so that `waker_wake` would take them for the loop's own thread: the models call
//! `post`, as it does on a foreign thread.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread;

use super::{Inbox, post};
use crate::waker::TaskId;

const EXECUTOR: u16 = 1;

fn ticket(slot: u32) -> TaskId {
    TaskId::new(EXECUTOR, 0, slot)
}

fn claimed() -> Arc<Inbox> {
    let inbox = Arc::new(Inbox::default());
    assert!(inbox.claim(EXECUTOR));
    inbox
}

/// What the loop does between two passes, as `Core::run_once` does it: park, and collect.
fn next_letters(inbox: &Inbox, time: Option<Duration>) -> Vec<TaskId> {
    let mut letters = Vec::new();
    inbox.park(time);
    if inbox.has_mail() {
        inbox.collect(&mut letters);
    }
    letters
}

/// Ends a parking that has a time limit, or one for no reason, as condition variables may.
fn time_is_over(inbox: &Inbox) {
    inbox.arrived.notify_one();
}

#[test]
fn every_post_ends_a_parking() {
    loom::model(|| {
        let inbox = claimed();
        for slot in 1..=2 {
            let inbox = inbox.clone();
            thread::spawn(move || inbox.post(ticket(slot)));
        }
        let mut seen = Vec::new();
        while seen.len() < 2 {
            seen.append(&mut next_letters(&inbox, None));
        }
        seen.sort_by_key(|ticket| ticket.slot());
        assert_eq!(seen, [ticket(1), ticket(2)], "each once");
        assert!(!inbox.has_mail());
    });
}

#[test]
fn a_time_limit_that_runs_out_meanwhile_loses_nothing() {
    loom::model(|| {
        let inbox = claimed();
        let (clock, poster) = (inbox.clone(), inbox.clone());
        thread::spawn(move || time_is_over(&clock));
        thread::spawn(move || poster.post(ticket(1)));
        let limit = Some(Duration::from_secs(1));
        let mut parkings = 0;
        while next_letters(&inbox, limit).is_empty() {
            parkings += 1;
        }
        assert!(parkings <= 1, "only the clock ends a parking without a letter");
        assert!(!inbox.letters.lock().unwrap().parked);
    });
}

/// A ticket that is in the box already is not put in twice. What was done before the second post
/// must be seen by the poll that the first one leads to; otherwise that wake is lost.
#[test]
fn what_happened_before_a_post_is_seen_by_the_poll_after_it() {
    loom::model(|| {
        let inbox = claimed();
        let done = Arc::new(AtomicUsize::new(0));
        let (poster, progress) = (inbox.clone(), done.clone());
        thread::spawn(move || {
            for step in 1..=3 {
                progress.store(step, Ordering::Relaxed);
                poster.post(ticket(1));
            }
        });
        // The task: it waits for the third step, and is polled once a letter.
        let mut polled = 0;
        while polled < 3 {
            for _ in next_letters(&inbox, None) {
                polled = done.load(Ordering::Relaxed);
            }
        }
    });
}

/// Wakes of two tasks, one of them twice, from two threads.
#[test]
fn a_storm_of_wakes_reaches_both_tasks() {
    loom::model(|| {
        let inbox = claimed();
        for slots in [&[1, 1][..], &[2]] {
            let inbox = inbox.clone();
            thread::spawn(move || slots.iter().for_each(|&slot| inbox.post(ticket(slot))));
        }
        let mut woken = [false; 2];
        while woken != [true; 2] {
            for ticket in next_letters(&inbox, None) {
                woken[ticket.slot() as usize - 1] = true;
            }
        }
    });
}

/// A ticket that is thrown away may come back when the numbers of executors do. It is a new task's then, and
/// that one's wakes are not lost.
#[test]
fn a_ticket_that_was_thrown_away_comes_back() {
    loom::model(|| {
        let inbox = claimed();
        inbox.release();
        inbox.post(ticket(1));
        assert!(inbox.claim(EXECUTOR));
        let poster = inbox.clone();
        thread::spawn(move || poster.post(ticket(1)));
        while next_letters(&inbox, None).is_empty() {}
    });
}

#[test]
fn one_box_has_one_owner() {
    loom::model(|| {
        let inbox = Arc::new(Inbox::default());
        let other = inbox.clone();
        let other = thread::spawn(move || other.claim(2));
        let mine = inbox.claim(1);
        assert!(mine != other.join().unwrap());
    });
}

/// One executor ends and another takes its box, while wakes for both are under way. The new owner
/// sees its own letters, all of them, and nobody else's.
#[test]
fn a_new_owner_of_the_box_gets_its_own_letters_and_no_others() {
    loom::model(|| {
        let (old, new) = (ticket(1), TaskId::new(EXECUTOR + 1, 0, 1));
        let inbox = claimed();
        let (late, next) = (inbox.clone(), inbox.clone());
        thread::spawn(move || late.post(old));
        let next = thread::spawn(move || {
            while !next.claim(EXECUTOR + 1) {
                thread::yield_now();
            }
            let poster = next.clone();
            thread::spawn(move || poster.post(new));
            let mut letters = Vec::new();
            while letters.is_empty() {
                letters = next_letters(&next, None);
            }
            assert_eq!(letters, [new]);
            next.release();
        });
        inbox.release();
        next.join().unwrap();
    });
}

/// Not the inbox alone: the whole loop, with its passes, its tasks and its end.
#[test]
fn a_run_sees_the_wake_of_another_thread() {
    loom::model(|| {
        let (poster, _polls) = crate::run(woken_from_outside(None));
        poster.join().unwrap();
    });
}

/// A run ends while somebody still wakes its task; the next run, in the same box, has a task in the
/// same row. It is not disturbed, and its own wake is not lost.
#[test]
fn a_run_is_not_disturbed_by_wakes_for_the_one_before() {
    loom::model(|| {
        let late = crate::run(async {
            let task = this_task().await;
            thread::spawn(move || post(task))
        });
        let (poster, polls) = crate::run(woken_from_outside(None));
        assert!(polls <= 2, "polled again, though nobody had woken it");
        // loom drops its statics with the first thread, so the others have to end before.
        late.join().unwrap();
        poster.join().unwrap();
    });
}

/// A task ends while somebody still wakes it, and another one gets its row: that one has another generation, is
/// not disturbed, and its own wake is not lost.
#[test]
fn a_task_is_not_disturbed_by_wakes_for_the_one_before_it_in_its_row() {
    loom::model(|| {
        let (poster, polls) = crate::run(async {
            let old = crate::spawn(this_task()).await.expect("it returns");
            let new = crate::spawn(woken_from_outside(Some(old)));
            assert_eq!((new.id().slot(), new.id().generation()), (old.slot(), 1));
            new.await.expect("it returns")
        });
        assert!(polls <= 2, "polled again, though nobody had woken it");
        poster.join().unwrap();
    });
}

/// A run is over while others still wake its tasks, and nobody runs after it: nothing happens.
#[test]
fn wakes_for_a_run_that_is_over_go_nowhere() {
    loom::model(|| {
        let threads = crate::run(async {
            let task = this_task().await;
            [(); 2].map(|()| thread::spawn(move || post(task)))
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let number = crate::inbox::number(0);
        assert!(crate::inbox::inbox_of(number).letters.lock().unwrap().tickets.is_empty());
    });
}

/// Waits for a thread that wakes somebody else first, then does something and wakes this task; counts the polls.
async fn woken_from_outside(first: Option<TaskId>) -> (thread::JoinHandle<()>, u32) {
    let done = Arc::new(AtomicBool::new(false));
    let (task, flag) = (this_task().await, done.clone());
    let poster = thread::spawn(move || {
        first.map(post);
        flag.store(true, Ordering::Relaxed);
        post(task);
    });
    let mut polls = 0;
    poll_fn(|_| {
        polls += 1;
        if_true(done.load(Ordering::Relaxed))
    })
    .await;
    (poster, polls)
}

async fn this_task() -> TaskId {
    poll_fn(|cx| Poll::Ready(TaskId::of(cx.waker()).expect("a waker of ours"))).await
}

fn if_true(condition: bool) -> Poll<()> {
    if condition { Poll::Ready(()) } else { Poll::Pending }
}
