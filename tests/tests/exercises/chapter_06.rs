//! Checks of chapter 6.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use crate::exercise_06::{
    Inbox, Mailbox, Poster, inbox, losing_orders, losing_orders_under_one_lock,
};

/// Time enough for anything that can happen at all.
const LONG: Duration = Duration::from_secs(5);
/// Time enough to see that something does not happen.
const SHORT: Duration = Duration::from_millis(100);

/// Runs it on a thread of its own, so that a sleep for ever does not stop the checks.
fn elsewhere<T: Send + 'static>(
    run: impl FnOnce() -> T + Send + 'static,
) -> Receiver<thread::Result<T>> {
    let (sender, receiver) = channel();
    thread::spawn(move || sender.send(catch_unwind(AssertUnwindSafe(run))));
    receiver
}

/// What it returned, or its own panic.
fn result<T>(receiver: &Receiver<thread::Result<T>>, otherwise: &str) -> T {
    match receiver.recv_timeout(LONG) {
        Ok(Ok(value)) => value,
        Ok(Err(panic)) => resume_unwind(panic),
        Err(_) => panic!("{otherwise}"),
    }
}

#[test]
fn exercise_1_a_letter_is_there_already() {
    let mailbox = Mailbox::new(|| panic!("there is a letter: no sleep, and so no gap"));
    mailbox.post(1);
    mailbox.post(2);
    let letters = result(&elsewhere(move || mailbox.park()), "it sleeps beside two letters");
    assert_eq!(letters, [1, 2], "all letters, first to last");
}

#[test]
fn exercise_1_a_letter_comes_in_the_gap() {
    let mailbox = Arc::new_cyclic(|mailbox: &Weak<Mailbox>| {
        let mailbox = mailbox.clone();
        Mailbox::new(move || {
            let mailbox = mailbox.upgrade().expect("it is parked");
            let post = elsewhere(move || mailbox.post(7));
            // If `park` lets it in, the letter is in the box now. If not, this is in vain.
            let _ = post.recv_timeout(SHORT);
        })
    });
    let parked = mailbox.clone();
    let parked = elsewhere(move || parked.park());
    let letters = match parked.recv_timeout(LONG) {
        Ok(letters) => letters.unwrap_or_else(|panic| resume_unwind(panic)),
        Err(_) => panic!("it sleeps, and there are letters in the box: {}", mailbox.len()),
    };
    assert_eq!(letters, [7], "the letter that came in the gap");
}

#[test]
fn exercise_1_a_notification_for_nothing() {
    let (in_gap, gap) = channel();
    let in_gap = Mutex::new(in_gap);
    let mailbox = Arc::new(Mailbox::new(move || in_gap.lock().unwrap().send(()).unwrap()));
    let parked = mailbox.clone();
    let parked = elsewhere(move || parked.park());
    let mut patience = 50;
    while gap.recv_timeout(SHORT).is_err() {
        patience -= 1;
        assert!(patience > 0, "it sleeps, and has not called the gap");
        match parked.try_recv() {
            Ok(Ok(letters)) => panic!("there was no letter, but it came back with {letters:?}"),
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => {}
        }
    }
    thread::sleep(SHORT);
    mailbox.disturb();
    if let Ok(Ok(letters)) = parked.recv_timeout(SHORT) {
        panic!("there was no letter, but it came back with {letters:?}");
    }
    mailbox.post(3);
    assert_eq!(result(&parked, "it sleeps beside a letter"), [3]);
}

/// All orders of these steps in which N comes before P, and L before S, and in which a wake is lost.
fn lost() -> Vec<String> {
    let orders = ["NPLS", "NLPS", "NLSP", "LNPS", "LNSP", "LSNP"];
    let lost = |order: &&&str| {
        let (mut letter, mut seen, mut asleep) = (false, false, false);
        for step in order.chars() {
            match step {
                'N' if asleep => asleep = !letter, // woken, it looks, and sleeps again
                'P' => letter = true,
                'L' => seen = letter,
                'S' => asleep = !seen,
                _ => {}
            }
        }
        asleep
    };
    orders.iter().filter(lost).map(|order| order.to_string()).collect()
}

fn sorted(orders: Vec<&'static str>) -> Vec<String> {
    let mut orders: Vec<String> = orders.into_iter().map(String::from).collect();
    orders.sort();
    orders.dedup();
    orders
}

fn compare(answer: Vec<String>, mut right: Vec<String>) {
    right.sort();
    let wrong: Vec<&String> = answer.iter().filter(|order| !right.contains(order)).collect();
    assert!(wrong.is_empty(), "in these orders no wake is lost, or they are no orders: {wrong:?}");
    assert_eq!(answer.len(), right.len(), "how many orders lose it: yours, and there are");
}

#[test]
fn exercise_2_orders() {
    compare(sorted(losing_orders()), lost());
}

#[test]
fn exercise_2_orders_under_one_lock() {
    let together = lost().into_iter().filter(|order| order.contains("LS")).collect();
    compare(sorted(losing_orders_under_one_lock()), together);
}

/// Two threads share an inbox only if one of them has its loop's end.
fn park(
    inbox: Inbox,
    gap: impl Fn() + Send + 'static,
) -> Receiver<thread::Result<(Inbox, Vec<u32>)>> {
    elsewhere(move || {
        let letters = inbox.park(&gap);
        (inbox, letters)
    })
}

#[test]
fn exercise_3_a_letter_comes_in_the_gap() {
    let (poster, inbox) = inbox();
    let keep = poster.clone();
    let once = OnceLock::new();
    let gap = move || {
        if once.set(()).is_ok() {
            poster.post(7);
        }
    };
    let (_, letters) = result(&park(inbox, gap), "it sleeps: the ring in the gap was not heard");
    assert_eq!(letters, [7]);
    drop(keep);
}

#[test]
fn exercise_3_a_post_never_waits() {
    let (poster, inbox) = inbox();
    let post = elsewhere(move || (1..=3).for_each(|letter| poster.post(letter)));
    result(&post, "post waits, though the bell was rung already");
    let (_, letters) = result(&park(inbox, || {}), "it sleeps beside three letters");
    assert_eq!(letters, [1, 2, 3]);
}

#[test]
fn exercise_3_a_ring_for_letters_that_are_taken_already() {
    let (poster, inbox) = inbox();
    poster.post(1);
    let (inbox, letters) = result(&park(inbox, || {}), "it sleeps beside a letter");
    assert_eq!(letters, [1]);
    let parked = park(inbox, || {});
    if let Ok(Ok((_, letters))) = parked.recv_timeout(SHORT) {
        panic!("there was no letter, but it came back with {letters:?}");
    }
    let later: Poster = poster.clone();
    later.post(2);
    assert_eq!(result(&parked, "it sleeps beside a letter").1, [2]);
}
