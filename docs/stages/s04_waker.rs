//! Stage 4: the waker by hand. The same `block_on`, but its waker is a number: a ticket for a row of
//! a table. Whoever calls `wake` hands the ticket in.

use std::pin::{Pin, pin};
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Runs a future to its end on this thread. Says how often it was polled, too.
fn block_on<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let sleeper = Sleeper::new();
    let waker = sleeper.ticket.waker();
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

/// Names one sleeper: a row of the table, and which of the row's owners, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ticket {
    generation: usize,
    slot: usize,
}

impl Ticket {
    /// Half of the bits for each.
    const HALF: u32 = usize::BITS / 2;
    const MASK: usize = (1 << Ticket::HALF) - 1;

    fn to_number(self) -> usize {
        self.generation << Ticket::HALF | self.slot
    }

    fn from_number(number: usize) -> Ticket {
        Ticket { generation: number >> Ticket::HALF, slot: number & Ticket::MASK }
    }

    fn waker(self) -> Waker {
        // SAFETY: the four functions keep the contract of `RawWaker`. They may be called on any thread,
        // at any time, as often as one likes: they take the data as a number, and never follow it.
        unsafe { Waker::from_raw(raw_waker(ptr::without_provenance(self.to_number()))) }
    }
}

/// What the standard library knows of our wakers: four functions.
static VTABLE: RawWakerVTable =
    RawWakerVTable::new(waker_clone, waker_wake, waker_wake_by_ref, waker_drop);

fn raw_waker(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

/// A number needs no counting.
fn waker_clone(data: *const ()) -> RawWaker {
    raw_waker(data)
}

fn waker_wake(data: *const ()) {
    waker_wake_by_ref(data);
}

fn waker_wake_by_ref(data: *const ()) {
    wake(Ticket::from_number(data.addr()));
}

/// A number needs no freeing.
fn waker_drop(_: *const ()) {}

/// A row: the thread that sleeps in one `block_on`.
struct Row {
    generation: usize,
    /// `None` while the row is free.
    thread: Option<Thread>,
    /// Somebody has called `wake` since the last poll began.
    woken: bool,
}

static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

fn rows() -> MutexGuard<'static, Vec<Row>> {
    ROWS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks the ticket up. If its owner is gone, nothing happens. Returns whether it was there.
fn wake(ticket: Ticket) -> bool {
    let mut rows = rows();
    let Some(row) = rows.get_mut(ticket.slot) else { return false };
    match &row.thread {
        Some(thread) if row.generation == ticket.generation => {
            row.woken = true;
            thread.unpark();
            true
        }
        _ => false,
    }
}

/// Owns a row of the table while a `block_on` lasts.
struct Sleeper {
    ticket: Ticket,
}

impl Sleeper {
    /// Takes the first free row, or a new one.
    fn new() -> Sleeper {
        let mut rows = rows();
        let slot = rows.iter().position(|row| row.thread.is_none()).unwrap_or(rows.len());
        if slot == rows.len() {
            rows.push(Row { generation: 0, thread: None, woken: false });
        }
        let row = &mut rows[slot];
        row.thread = Some(thread::current());
        row.woken = false;
        Sleeper { ticket: Ticket { generation: row.generation, slot } }
    }

    /// `park` may return for other reasons than ours: so it is the flag that counts.
    fn sleep(&self) {
        while !std::mem::take(&mut rows()[self.ticket.slot].woken) {
            thread::park();
        }
    }
}

impl Drop for Sleeper {
    /// The next owner of the row has another generation: the tickets of this one are stale from now on.
    fn drop(&mut self) {
        let row = &mut rows()[self.ticket.slot];
        row.thread = None;
        row.generation = (row.generation + 1) & Ticket::MASK;
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

/// The waker with which the current future is polled, taken out into the open.
async fn my_waker() -> Waker {
    std::future::poll_fn(|context| Poll::Ready(context.waker().clone())).await
}

/// Shows a waker: its data, and what that says.
fn tell(waker: &Waker) {
    let number = waker.data().addr();
    println!("  data {number:#018x}: {:?}", Ticket::from_number(number));
}

fn main() {
    println!("the answer:");
    let (answer, polls) = block_on(Answer::default());
    println!("  {answer}, after {polls} polls");

    println!("the waker of that row's next owner, and a clone of it:");
    let (waker, _) = block_on(my_waker());
    tell(&waker);
    tell(&waker.clone());

    println!("it has outlived its block_on; used now, on another thread:");
    let ticket = Ticket::from_number(waker.data().addr());
    thread::spawn(move || waker.wake()).join().unwrap();
    println!("  its owner is there: {}", wake(ticket));

    println!("used while the row's next owner waits:");
    let future = async {
        tell(&my_waker().await);
        wake(ticket);
        Answer::default().await
    };
    let (answer, polls) = block_on(future);
    println!("  {answer}, after {polls} polls");

    println!("the same, if a ticket were a slot and nothing else:");
    let future = async {
        wake_whoever_has(ticket.slot);
        Answer::default().await
    };
    let (answer, polls) = block_on(future);
    println!("  {answer}, after {polls} polls");

    println!("two sleepers at the same time, on two threads:");
    let sleeper = Sleeper::new();
    tell(&sleeper.ticket.waker());
    tell(&thread::spawn(|| block_on(my_waker()).0).join().unwrap());
}

/// A waker without a generation: it wakes whoever has the row today.
fn wake_whoever_has(slot: usize) {
    let generation = rows()[slot].generation;
    wake(Ticket { generation, slot });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_a_number() {
        for (generation, slot) in [(0, 0), (0, 7), (7, 0), (Ticket::MASK, Ticket::MASK)] {
            let ticket = Ticket { generation, slot };
            assert_eq!(Ticket::from_number(ticket.to_number()), ticket);
            assert_eq!(ticket.waker().data().addr(), ticket.to_number());
        }
    }

    #[test]
    fn one_wake_one_poll() {
        assert_eq!(block_on(Answer::default()), (42, 2));
        assert_eq!(block_on(async {}), ((), 1));
    }

    #[test]
    fn a_stale_ticket_wakes_nobody() {
        let (waker, _) = block_on(my_waker());
        let ticket = Ticket::from_number(waker.data().addr());
        assert!(!wake(ticket));
        let future = async {
            waker.wake();
            Answer::default().await
        };
        assert_eq!(block_on(future), (42, 2));
    }

    #[test]
    fn a_wake_before_the_sleep_is_not_lost() {
        let future = async {
            my_waker().await.wake();
            Answer::default().await
        };
        assert_eq!(block_on(future).0, 42);
    }
}
