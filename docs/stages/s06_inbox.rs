//! Stage 6: an inbox. Stage 5 with wakes from other threads, and a loop that sleeps while nothing is
//! ready. Falling asleep is here twice: first as it is wrong, then as it is right.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::ptr;
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// The table of tasks, who is ready, and where other threads say whom to wake.
struct Executor {
    /// Its place in the list of all inboxes.
    number: usize,
    inbox: &'static Inbox,
    /// How it falls asleep.
    park: Cell<fn(&Inbox)>,
    tasks: RefCell<Vec<Task>>,
    /// Whose turn it is, first to last.
    ready: RefCell<VecDeque<Ticket>>,
    /// The number of the pass that is running.
    pass: Cell<u32>,
}

/// A row of the table.
struct Task {
    generation: usize,
    name: &'static str,
    /// `None` while it is polled, and when it has come to its end.
    future: Option<Pin<Box<dyn Future<Output = ()>>>>,
    /// It stands in the ready queue. Never set twice: a task has one place in it at most.
    queued: bool,
    ended: bool,
}

thread_local! {
    static EXECUTOR: &'static Executor = Box::leak(Box::new(Executor::new()));
}

/// This thread's executor.
fn executor() -> &'static Executor {
    EXECUTOR.with(|executor| *executor)
}

/// Makes a task of a future. It is polled for the first time when its turn comes.
fn spawn(name: &'static str, future: impl Future<Output = ()> + 'static) -> Ticket {
    executor().spawn(name, Box::pin(future))
}

/// Runs passes until all tasks have ended.
fn run() {
    while executor().tasks.borrow().iter().any(|task| !task.ended) {
        executor().run_once();
    }
}

impl Executor {
    fn new() -> Executor {
        let (number, inbox) = Inbox::open();
        Executor {
            number,
            inbox,
            park: Cell::new(Inbox::park),
            tasks: RefCell::default(),
            ready: RefCell::default(),
            pass: Cell::default(),
        }
    }

    fn spawn(&self, name: &'static str, future: Pin<Box<dyn Future<Output = ()>>>) -> Ticket {
        let mut tasks = self.tasks.borrow_mut();
        let slot = tasks.iter().position(|task| task.ended).unwrap_or(tasks.len());
        let generation = tasks.get(slot).map_or(0, |task| (task.generation + 1) & Ticket::MASK);
        let task = Task { generation, name, future: Some(future), queued: false, ended: false };
        if slot == tasks.len() {
            tasks.push(task);
        } else {
            tasks[slot] = task;
        }
        drop(tasks);
        let ticket = Ticket { executor: self.number, generation, slot };
        self.wake(ticket);
        ticket
    }

    /// One pass, in three steps.
    fn run_once(&self) {
        // 1. Nobody is ready: sleep until there is a letter.
        if self.ready.borrow().is_empty() {
            self.park.get()(self.inbox);
        }
        // 2. Whom other threads have woken goes behind those who are ready.
        for ticket in self.inbox.collect() {
            self.wake(ticket);
        }
        // 3. Who is ready now has a turn. Who becomes ready meanwhile has it in the next pass.
        let ntodo = self.ready.borrow().len(); // the snapshot
        self.start_pass();
        for _ in 0..ntodo {
            let next = self.ready.borrow_mut().pop_front();
            self.poll(next.expect("a turn takes one entry, and no others leave"));
        }
        println!();
    }

    fn start_pass(&self) {
        self.pass.set(self.pass.get() + 1);
        print!("  pass {}:", self.pass.get());
    }

    /// A task's turn. The only place from which futures are polled.
    fn poll(&self, ticket: Ticket) {
        let mut tasks = self.tasks.borrow_mut();
        let task = &mut tasks[ticket.slot];
        if task.ended || task.generation != ticket.generation {
            return; // it woke itself in its last turn: this entry was left over
        }
        // Before the poll: who wakes it from now on, itself included, puts it back into the queue.
        task.queued = false;
        print!(" {}", task.name);
        let mut future = task.future.take().expect("it is not polled now");
        // The table is free while the future runs, for it may spawn and wake.
        drop(tasks);
        match future.as_mut().poll(&mut Context::from_waker(&ticket.waker())) {
            Poll::Pending => self.tasks.borrow_mut()[ticket.slot].future = Some(future),
            Poll::Ready(()) => {
                drop(future);
                self.tasks.borrow_mut()[ticket.slot].ended = true;
            }
        }
    }

    /// Puts a task at the end of the ready queue, unless it stands there already, or is gone. Nobody is
    /// polled here. Returns whether it did.
    fn wake(&self, ticket: Ticket) -> bool {
        let mut tasks = self.tasks.borrow_mut();
        let task = match tasks.get_mut(ticket.slot) {
            Some(task) if task.generation == ticket.generation => task,
            _ => return false,
        };
        if task.ended || task.queued {
            return false;
        }
        task.queued = true;
        self.ready.borrow_mut().push_back(ticket);
        true
    }
}

/// Where other threads say whom to wake. asyncio: `call_soon_threadsafe`, and the loop's self-pipe.
struct Inbox {
    /// The thread whose executor reads the letters.
    owner: ThreadId,
    /// A letter is a ticket: the task that is to be woken.
    letters: Mutex<Vec<Ticket>>,
    /// Notified after each letter.
    arrived: Condvar,
}

/// The inboxes of all executors, by their numbers.
static INBOXES: Mutex<Vec<&'static Inbox>> = Mutex::new(Vec::new());

impl Inbox {
    /// A new inbox for an executor of this thread, and its number.
    fn open() -> (usize, &'static Inbox) {
        let inbox: &'static Inbox = Box::leak(Box::new(Inbox::new()));
        let mut inboxes = lock(&INBOXES);
        inboxes.push(inbox);
        (inboxes.len() - 1, inbox)
    }

    fn new() -> Inbox {
        let owner = thread::current().id();
        Inbox { owner, letters: Mutex::default(), arrived: Condvar::new() }
    }

    /// Asks the owner to wake a task. Called on other threads.
    fn post(&self, ticket: Ticket) {
        lock(&self.letters).push(ticket);
        self.arrived.notify_one();
    }

    /// Takes all letters out, first to last.
    fn collect(&self) -> Vec<Ticket> {
        std::mem::take(&mut lock(&self.letters))
    }

    /// How not to fall asleep: look, and then sleep until a letter arrives.
    fn look_then_sleep(&self) {
        let empty = lock(&self.letters).is_empty();
        if empty {
            gap();
            // It would sleep for ever. Here it gives up after a while.
            let letters = lock(&self.letters);
            let (letters, wait) = self.arrived.wait_timeout(letters, PATIENCE).unwrap();
            if wait.timed_out() {
                println!(
                    "    loop    sleeps, {PATIENCE:?} later, though letters are here: {}",
                    letters.len()
                );
            }
        }
    }

    /// Sleeps until there is a letter. Looking and falling asleep is one thing: nobody can post in
    /// between, because the lock is held from the look on, and `wait` lets go of it when it sleeps.
    fn park(&self) {
        let mut letters = lock(&self.letters);
        // A condition variable may wake up for no reason: so look again.
        while letters.is_empty() {
            gap();
            letters = self.arrived.wait(letters).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Names one task of one executor: a row of its table, and which of the row's owners, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ticket {
    executor: usize,
    generation: usize,
    slot: usize,
}

impl Ticket {
    /// A quarter of the bits for the executor, a quarter for the generation, half for the slot.
    const QUARTER: u32 = usize::BITS / 4;
    const MASK: usize = (1 << Ticket::QUARTER) - 1;

    fn to_number(self) -> usize {
        let Ticket { executor, generation, slot } = self;
        executor << (3 * Ticket::QUARTER) | generation << (2 * Ticket::QUARTER) | slot
    }

    fn from_number(number: usize) -> Ticket {
        Ticket {
            executor: number >> (3 * Ticket::QUARTER),
            generation: number >> (2 * Ticket::QUARTER) & Ticket::MASK,
            slot: number & ((1 << (2 * Ticket::QUARTER)) - 1),
        }
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

/// On the executor's own thread: into the ready queue. On any other: a letter.
fn waker_wake_by_ref(data: *const ()) {
    let ticket = Ticket::from_number(data.addr());
    let inbox = lock(&INBOXES)[ticket.executor];
    if inbox.owner == thread::current().id() {
        executor().wake(ticket);
    } else {
        inbox.post(ticket);
    }
}

/// A number needs no freeing.
fn waker_drop(_: *const ()) {}

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

/// How long the replay waits for what should not happen.
const PATIENCE: Duration = Duration::from_millis(500);

thread_local! {
    /// What is to happen in this thread's next gap.
    static GAP: Cell<Option<Box<dyn FnOnce()>>> = const { Cell::new(None) };
}

/// Between the last look and falling asleep. Nothing happens here, but in a replay.
fn gap() {
    if let Some(happens) = GAP.take() {
        happens();
    }
}

/// Replays the race: another thread wakes a task just when the loop has looked, and does not sleep yet.
fn replay() {
    let answer = Arc::new(OnceLock::new());
    let (ask, asked) = mpsc::channel::<Waker>();
    let (tell_back, has_returned) = mpsc::channel();
    let answer_there = answer.clone();
    thread::spawn(move || {
        let waker = asked.recv().unwrap();
        answer_there.set(42).unwrap();
        waker.wake();
        let _ = tell_back.send(()); // if anybody listens still
    });
    spawn("asker", async move {
        let waker = my_waker().await;
        let happens = move || {
            println!("    loop    looks: no letter");
            println!("    thread  has the answer, and calls wake");
            ask.send(waker).unwrap();
            match has_returned.recv_timeout(PATIENCE) {
                Ok(()) => println!("    thread  wake has returned"),
                Err(_) => println!("    thread  is in wake, still, and waits for the lock"),
            }
            println!("    loop    falls asleep");
        };
        GAP.set(Some(Box::new(happens)));
        let answer = poll_fn(|_| answer.get().map_or(Poll::Pending, |answer| Poll::Ready(*answer)));
        print!(" has {}", answer.await);
    });
    run();
}

/// The waker with which the current future is polled, taken out into the open.
async fn my_waker() -> Waker {
    poll_fn(|context| Poll::Ready(context.waker().clone())).await
}

/// Each demonstration starts with pass 1. Returns the executor.
fn title(title: &str) -> &'static Executor {
    println!("{title}");
    executor().pass.set(0);
    executor()
}

fn main() {
    let executor = title("look, then sleep; a wake comes in between:");
    executor.park.set(Inbox::look_then_sleep);
    replay();

    let executor = title("the same; the last look and falling asleep are one thing:");
    executor.park.set(Inbox::park);
    replay();

    title("one question after another, each to a thread of its own:");
    spawn("asker", async {
        for _ in 0..3 {
            print!(" has {}", Answer::default().await);
        }
    });
    run();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    const TICKET: Ticket = Ticket { executor: 0, generation: 0, slot: 0 };

    /// A letter that another thread posts in the next gap. Says how long `park` slept.
    fn letter_in_the_gap(inbox: &Arc<Inbox>, park: fn(&Inbox), wait: bool) -> Duration {
        let poster = inbox.clone();
        GAP.set(Some(Box::new(move || {
            let post = thread::spawn(move || poster.post(TICKET));
            if wait {
                post.join().unwrap();
            }
        })));
        let start = Instant::now();
        park(inbox);
        start.elapsed()
    }

    #[test]
    fn look_then_sleep_loses_a_wake() {
        let inbox = Arc::new(Inbox::new());
        let slept = letter_in_the_gap(&inbox, Inbox::look_then_sleep, true);
        assert!(slept >= PATIENCE, "only the time limit ended the sleep");
        assert_eq!(inbox.collect(), [TICKET], "and the letter was there");
    }

    #[test]
    fn park_does_not_lose_it() {
        let inbox = Arc::new(Inbox::new());
        letter_in_the_gap(&inbox, Inbox::park, false); // or it would sleep for ever
        assert_eq!(inbox.collect(), [TICKET]);
    }

    #[test]
    fn a_letter_that_is_there_already_is_seen() {
        let inbox = Inbox::new();
        inbox.post(TICKET);
        inbox.park();
        inbox.look_then_sleep();
        assert_eq!(inbox.collect(), [TICKET]);
        assert!(inbox.collect().is_empty());
    }

    #[test]
    fn a_ticket_is_a_number() {
        let slot = (1 << (2 * Ticket::QUARTER)) - 1;
        let last = Ticket { executor: Ticket::MASK, generation: Ticket::MASK, slot };
        for ticket in [TICKET, Ticket { executor: 1, generation: 2, slot: 3 }, last] {
            assert_eq!(Ticket::from_number(ticket.to_number()), ticket);
        }
        assert_eq!(last.to_number(), usize::MAX);
    }

    #[test]
    fn a_storm_of_wakes_reaches_everybody() {
        for name in ["A", "B", "C", "D"] {
            spawn(name, async {
                for _ in 0..5 {
                    assert_eq!(Answer::default().await, 42);
                }
            });
        }
        run();
    }

    #[test]
    fn a_busy_loop_reads_its_letters_too() {
        let answer = Arc::new(OnceLock::new());
        let there = answer.clone();
        let reader = spawn(
            "reader",
            poll_fn(move |_| there.get().map_or(Poll::Pending, |()| Poll::Ready(()))),
        );
        let waker = reader.waker();
        let done = answer.clone();
        spawn("spinner", async move {
            let mut thread = Some(thread::spawn(move || {
                answer.set(()).unwrap();
                waker.wake();
            }));
            poll_fn(|context| {
                if let Some(thread) = thread.take() {
                    thread.join().unwrap();
                }
                context.waker().wake_by_ref();
                if done.get().is_some() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        });
        run();
    }

    #[test]
    fn two_executors_wake_each_other() {
        let (mine, theirs) = (mpsc::channel(), mpsc::channel());
        let there = thread::spawn(move || play(mine.0, theirs.1));
        play(theirs.0, mine.1);
        there.join().unwrap();
    }

    /// Sends this task's waker, and is woken by who has got it; ten times.
    fn play(to: mpsc::Sender<(u32, Waker)>, from: mpsc::Receiver<(u32, Waker)>) {
        spawn("player", async move {
            for round in 0..10 {
                to.send((round, my_waker().await)).unwrap();
                let waker = poll_fn(|_| match from.try_recv() {
                    Ok((their_round, waker)) => {
                        assert_eq!(their_round, round);
                        Poll::Ready(waker)
                    }
                    Err(_) => Poll::Pending,
                });
                waker.await.wake();
            }
        });
        run();
    }
}
