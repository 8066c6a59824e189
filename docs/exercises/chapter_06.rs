//! Exercises of chapter 6, "Going to sleep without missing a wake-up".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_06`

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex};

/// **Exercise 1.** A box for letters, and a loop that sleeps while it is empty.
pub struct Mailbox {
    letters: Mutex<Vec<u32>>,
    arrived: Condvar,
    /// Happens between the look and the sleep.
    gap: Box<dyn Fn() + Send + Sync>,
}

impl Mailbox {
    pub fn new(gap: impl Fn() + Send + Sync + 'static) -> Mailbox {
        Mailbox { letters: Mutex::default(), arrived: Condvar::new(), gap: Box::new(gap) }
    }

    pub fn post(&self, letter: u32) {
        self.letters.lock().unwrap().push(letter);
        self.arrived.notify_one();
    }

    /// Notifies for nothing, as the system may do, too.
    pub fn disturb(&self) {
        self.arrived.notify_one();
    }

    pub fn len(&self) -> usize {
        self.letters.lock().unwrap().len()
    }

    /// Sleeps until there is a letter, and then takes all letters out. Each time that it has looked, seen nothing, and
    /// is about to sleep, it calls the gap: `(self.gap)()`.
    pub fn park(&self) -> Vec<u32> {
        todo!("exercise 1 of docs/exercises/chapter_06.rs: how long has the lock to be held?")
    }
}

/// **Exercise 2.** Somebody has turned `post` round: it notifies (N) first, and posts the letter (P) then. The loop
/// looks (L), and if it saw nothing, sleeps (S). When it is woken, it looks again at once, and if there is nothing,
/// sleeps again.
///
/// Which orders lose the wake, so that the loop sleeps though the letter is there? Write them like `"NPLS"` (which does
/// not lose it), all of them, one after the other as you like.
pub fn losing_orders() -> Vec<&'static str> {
    todo!(
        "exercise 2 of docs/exercises/chapter_06.rs: N before P, and L before S: there are six orders"
    )
}

/// The same when L and S are one step, under one lock: nothing comes in between them.
pub fn losing_orders_under_one_lock() -> Vec<&'static str> {
    todo!(
        "exercise 2 of docs/exercises/chapter_06.rs: there are three orders; the lock does not save all of them"
    )
}

/// **Exercise 3.** The other cure: a bell that remembers that it was rung. Two ends of an inbox; the poster's end can
/// be cloned.
pub fn inbox() -> (Poster, Inbox) {
    // Room for one ring that nobody has heard yet.
    let (bell, heard) = sync_channel(1);
    let letters = Arc::default();
    (Poster { letters: Arc::clone(&letters), bell }, Inbox { letters, heard })
}

#[derive(Clone)]
pub struct Poster {
    letters: Arc<Mutex<Vec<u32>>>,
    bell: SyncSender<()>,
}

impl Poster {
    /// Never waits, even if the bell was rung before, and nobody has heard it yet.
    pub fn post(&self, letter: u32) {
        todo!("exercise 3 of docs/exercises/chapter_06.rs: first the letter; and there is try_send")
    }
}

pub struct Inbox {
    letters: Arc<Mutex<Vec<u32>>>,
    heard: Receiver<()>,
}

impl Inbox {
    /// Sleeps until there is a letter, and then takes all letters out. Calls `gap` between a look that saw nothing and
    /// the sleep. It holds no lock there: a poster can come in.
    pub fn park(&self, gap: &dyn Fn()) -> Vec<u32> {
        todo!(
            "exercise 3 of docs/exercises/chapter_06.rs: a ring may be for letters that were taken before"
        )
    }
}
