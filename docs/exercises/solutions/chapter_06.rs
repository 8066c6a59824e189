//! Solutions of chapter 6, "Going to sleep without missing a wake-up".

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
        let mut letters = self.letters.lock().unwrap();
        while letters.is_empty() {
            (self.gap)();
            letters = self.arrived.wait(letters).unwrap();
        }
        std::mem::take(&mut letters)
    }
}

/// **Exercise 2.** Somebody has turned `post` round: it notifies (N) first, and posts the letter (P) then. The loop
/// looks (L), and if it saw nothing, sleeps (S). When it is woken, it looks again at once, and if there is nothing,
/// sleeps again.
///
/// Which orders lose the wake, so that the loop sleeps though the letter is there? Write them like `"NPLS"` (which does
/// not lose it), all of them, one after the other as you like.
pub fn losing_orders() -> Vec<&'static str> {
    vec!["NLPS", "NLSP", "LNPS", "LNSP", "LSNP"]
}

/// The same when L and S are one step, under one lock: nothing comes in between them.
pub fn losing_orders_under_one_lock() -> Vec<&'static str> {
    vec!["NLSP", "LSNP"]
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
        self.letters.lock().unwrap().push(letter);
        // If it is full, a ring is waiting to be heard already: that is enough. If nobody is there to hear it, never mind.
        let _ = self.bell.try_send(());
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
        loop {
            let letters = std::mem::take(&mut *self.letters.lock().unwrap());
            if !letters.is_empty() {
                return letters;
            }
            gap();
            // It may have been rung for letters that we have taken already: so look again.
            self.heard.recv().expect("a poster is there");
        }
    }
}
