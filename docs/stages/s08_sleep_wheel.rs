//! Stage 8: sleep, with a wheel. Stage 7 with another structure under its timers: a hierarchical timer
//! wheel, in which arming and cancelling are a few instructions, however many timers there are.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::ptr;
use std::rc::Rc;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// The table of tasks, the timers, who is ready, and where other threads say whom to wake.
struct Executor {
    /// Its place in the list of all inboxes.
    number: usize,
    inbox: &'static Inbox,
    clock: RefCell<Clock>,
    timers: RefCell<Timers<Rc<Alarm>>>,
    tasks: RefCell<Vec<Task>>,
    /// Whose turn it is, first to last.
    ready: RefCell<VecDeque<Ready>>,
    /// The number of the pass that is running.
    pass: Cell<u32>,
    /// What happens in this pass, as it is printed.
    line: RefCell<String>,
}

/// A turn.
enum Ready {
    /// Poll this task.
    Poll(Ticket),
    /// This timer is due: call what it is there for. asyncio: a `TimerHandle` in `_ready`.
    Call(Timer),
}

/// What time it is, in nanoseconds from the start.
enum Clock {
    /// A number that jumps from deadline to deadline. Chapter 9 is about it.
    Virtual(u64),
    System(Instant),
}

const SECOND: u64 = 1_000_000_000;

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
            clock: RefCell::new(Clock::Virtual(0)),
            timers: RefCell::default(),
            tasks: RefCell::default(),
            ready: RefCell::default(),
            pass: Cell::default(),
            line: RefCell::default(),
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

    /// One pass, in four steps. asyncio: `_run_once`.
    fn run_once(&self) {
        self.pass.set(self.pass.get() + 1);
        // 1. Nobody is ready: sleep until the first deadline, or until there is a letter.
        if self.ready.borrow().is_empty() {
            self.park();
        }
        // 2. Whom other threads have woken goes behind those who are ready.
        for ticket in self.inbox.collect() {
            self.wake(ticket);
        }
        // 3. Timers that are due go behind them, in the order of their deadlines.
        let now = self.now();
        while let Some(timer) = self.timers.borrow_mut().pop_due(now) {
            self.ready.borrow_mut().push_back(Ready::Call(timer));
        }
        // 4. Who is ready now has a turn. Who becomes ready meanwhile has it in the next pass.
        let ntodo = self.ready.borrow().len(); // the snapshot
        for _ in 0..ntodo {
            let next = self.ready.borrow_mut().pop_front();
            match next.expect("a turn takes one entry, and no others leave") {
                Ready::Poll(ticket) => self.poll(ticket),
                Ready::Call(timer) => self.call(timer),
            }
        }
        self.print_pass();
    }

    /// Sleeps until the first deadline, or until there is a letter. The virtual clock jumps there.
    fn park(&self) {
        let deadline = self.timers.borrow().next_deadline();
        match (&mut *self.clock.borrow_mut(), deadline) {
            (Clock::Virtual(now), Some(deadline)) => *now = deadline,
            (clock, _) => {
                self.inbox.park(deadline.map(|deadline| deadline.saturating_sub(clock.now())))
            }
        }
    }

    fn now(&self) -> u64 {
        self.clock.borrow().now()
    }

    /// A timer's turn: wakes the task that sleeps, which has its own turn in the next pass.
    fn call(&self, timer: Timer) {
        let alarm = self.timers.borrow_mut().take(timer);
        // It may have been cancelled while it stood in the ready queue.
        if let Some(alarm) = alarm {
            self.note("timer");
            alarm.rung.set(true);
            alarm.waker.borrow().wake_by_ref();
        }
    }

    fn note(&self, what: &str) {
        if what.is_empty() {
            return; // a task without a name is not worth a note
        }
        let mut line = self.line.borrow_mut();
        line.push(' ');
        line.push_str(what);
    }

    fn print_pass(&self) {
        let line = std::mem::take(&mut *self.line.borrow_mut());
        if !line.is_empty() {
            let timers = self.timers.borrow();
            let (seconds, pass) = (self.now() / SECOND, self.pass.get());
            println!("  {seconds} s  pass {pass:2}:{line:11}  timers: {}", timers.len());
        }
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
        self.note(task.name);
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
        self.ready.borrow_mut().push_back(Ready::Poll(ticket));
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

    /// Sleeps until there is a letter, or until the time is over; `None` is for ever.
    fn park(&self, nanoseconds: Option<u64>) {
        let letters = lock(&self.letters);
        if letters.is_empty() {
            // Why it woke up is all the same: the loop looks at the letters, and at the clock.
            match nanoseconds {
                None => drop(self.arrived.wait(letters)),
                Some(time) => drop(self.arrived.wait_timeout(letters, Duration::from_nanos(time))),
            }
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

impl Clock {
    fn now(&self) -> u64 {
        match self {
            Clock::Virtual(now) => *now,
            Clock::System(start) => start.elapsed().as_nanos() as u64, // for 584 years
        }
    }
}

/// Timers by deadline, in a wheel of eleven levels. A tick is a nanosecond.
struct Timers<T> {
    /// A row for each timer; `None` if the row is free.
    rows: Vec<Option<Row<T>>>,
    free: Vec<usize>,
    levels: Box<[Level; LEVELS]>,
    /// The wheel's own time: the deadline that came last. No slot holds anything earlier.
    cursor: u64,
    /// How many there ever were.
    armed: u64,
}

/// Eleven digits of six bits hold the 64 bits of a deadline.
const LEVELS: usize = 11;
const DIGIT: u32 = 6;
const SLOTS: usize = 1 << DIGIT;

#[derive(Clone, Copy)]
struct Level {
    /// Which slots hold anything: bit n is slot n.
    occupied: u64,
    slots: [Slot; SLOTS],
}

/// A line of rows, linked by their indexes.
#[derive(Clone, Copy)]
struct Slot {
    first: Option<usize>,
    last: Option<usize>,
}

const EMPTY: Slot = Slot { first: None, last: None };

struct Row<T> {
    deadline: u64,
    /// Tells it from other owners of the row, before and after.
    number: u64,
    /// It stands in a slot: it is not due yet.
    scheduled: bool,
    before: Option<usize>,
    behind: Option<usize>,
    /// What to call when it is due.
    value: T,
}

/// Names one timer: a row, and which of the row's owners.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Timer {
    row: usize,
    number: u64,
}

/// What happens when the wheel turns.
#[derive(Debug, PartialEq)]
enum Turn {
    /// The timers of this slot went to lower levels.
    Cascade { level: usize, slot: usize },
    /// This timer's deadline has come. It stands in no slot any more.
    Due(Timer),
}

impl<T> Default for Timers<T> {
    fn default() -> Timers<T> {
        let level = Level { occupied: 0, slots: [EMPTY; SLOTS] };
        let levels = Box::new([level; LEVELS]);
        Timers { rows: Vec::new(), free: Vec::new(), levels, cursor: 0, armed: 0 }
    }
}

impl<T> Timers<T> {
    /// Adds a timer. asyncio: `call_at`.
    fn arm(&mut self, deadline: u64, value: T) -> Timer {
        assert!(deadline >= self.cursor, "a wheel does not turn back");
        let number = self.armed;
        self.armed += 1;
        let new = Row { deadline, number, scheduled: true, before: None, behind: None, value };
        let row = self.free.pop().unwrap_or(self.rows.len());
        if row == self.rows.len() {
            self.rows.push(Some(new));
        } else {
            self.rows[row] = Some(new);
        }
        self.place(row);
        Timer { row, number }
    }

    /// Cancels a timer, whether it is due or not. It is gone at once.
    fn cancel(&mut self, timer: Timer) {
        self.take(timer);
    }

    /// What a timer is there for, to be called; `None` if it was cancelled. It is gone then.
    fn take(&mut self, Timer { row, number }: Timer) -> Option<T> {
        let owner = self.rows[row].as_ref().filter(|owner| owner.number == number)?;
        if owner.scheduled {
            self.unlink(row);
        }
        self.free.push(row);
        self.rows[row].take().map(|row| row.value)
    }

    fn next_deadline(&self) -> Option<u64> {
        let (level, slot) = self.first_slot()?;
        self.earliest(level, slot)
    }

    /// Takes the next timer whose deadline has come.
    fn pop_due(&mut self, now: u64) -> Option<Timer> {
        loop {
            if let Turn::Due(timer) = self.turn(now)? {
                return Some(timer);
            }
        }
    }

    /// Moves the cursor to the next deadline, if it has come. Its timer stands in level 0 then, and is
    /// due; or in a higher level, and first has to cascade.
    fn turn(&mut self, now: u64) -> Option<Turn> {
        let (level, slot) = self.first_slot()?;
        let deadline = self.earliest(level, slot)?;
        if deadline > now {
            return None;
        }
        self.cursor = deadline;
        if level > 0 {
            self.cascade(level, slot);
            return Some(Turn::Cascade { level, slot });
        }
        let row = self.levels[0].slots[slot].first?;
        self.unlink(row);
        self.row(row).scheduled = false;
        Some(Turn::Due(Timer { row, number: self.row(row).number }))
    }

    /// The cursor has come into the range of this slot: its timers go where they belong now, to lower
    /// levels. First to last, so that equal deadlines keep their order.
    fn cascade(&mut self, level: usize, slot: usize) {
        let mut next = self.levels[level].slots[slot].first;
        self.levels[level].slots[slot] = EMPTY;
        self.levels[level].occupied &= !(1 << slot);
        while let Some(row) = next {
            next = self.row(row).behind;
            self.place(row);
        }
    }

    /// Puts a row at the end of the line where its deadline belongs.
    fn place(&mut self, row: usize) {
        let (level, slot) = position(self.cursor, self.row(row).deadline);
        let last = self.levels[level].slots[slot].last;
        self.row(row).before = last;
        self.row(row).behind = None;
        match last {
            Some(last) => self.row(last).behind = Some(row),
            None => self.levels[level].slots[slot].first = Some(row),
        }
        self.levels[level].slots[slot].last = Some(row);
        self.levels[level].occupied |= 1 << slot;
    }

    /// Takes a row out of its line. Where that is, its deadline says.
    fn unlink(&mut self, row: usize) {
        let &mut Row { deadline, before, behind, .. } = self.row(row);
        let (level, slot) = position(self.cursor, deadline);
        match before {
            Some(before) => self.row(before).behind = behind,
            None => self.levels[level].slots[slot].first = behind,
        }
        match behind {
            Some(behind) => self.row(behind).before = before,
            None => self.levels[level].slots[slot].last = before,
        }
        if self.levels[level].slots[slot].first.is_none() {
            self.levels[level].occupied &= !(1 << slot);
        }
    }

    /// The slot that comes first: all that waits in a level is due before all that waits in a higher one.
    fn first_slot(&self) -> Option<(usize, usize)> {
        let level = self.levels.iter().position(|level| level.occupied != 0)?;
        Some((level, self.levels[level].occupied.trailing_zeros() as usize))
    }

    /// The earliest deadline in a slot. In level 0 all of a slot are equal; above, look at each.
    fn earliest(&self, level: usize, slot: usize) -> Option<u64> {
        let deadline = |row: usize| self.rows[row].as_ref().map(|row| row.deadline);
        let behind = |&row: &usize| self.rows[row].as_ref()?.behind;
        let line = std::iter::successors(self.levels[level].slots[slot].first, behind);
        line.take(if level == 0 { 1 } else { usize::MAX }).filter_map(deadline).min()
    }

    fn row(&mut self, row: usize) -> &mut Row<T> {
        self.rows[row].as_mut().expect("a row that is not free")
    }

    fn len(&self) -> usize {
        self.rows.iter().flatten().filter(|row| row.scheduled).count()
    }
}

/// The highest digit in which a deadline differs from the cursor: which one it is, and its value.
fn position(cursor: u64, deadline: u64) -> (usize, usize) {
    let differs = cursor ^ deadline;
    let level = (differs | 1).ilog2() / DIGIT; // `| 1`: if nothing differs, it is digit 0
    let slot = deadline >> (level * DIGIT) & (SLOTS as u64 - 1);
    (level as usize, slot as usize)
}

/// What a sleeper waits for: somebody rings. asyncio: the future that `sleep` makes.
struct Alarm {
    rung: Cell<bool>,
    /// Whom to wake.
    waker: RefCell<Waker>,
}

/// Sleeps. The time counts from the first poll: a future is lazy.
fn sleep(seconds: u64) -> Sleep {
    Sleep { seconds, timer: None }
}

struct Sleep {
    seconds: u64,
    /// Since the first poll.
    timer: Option<(Timer, Rc<Alarm>)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let waker = context.waker().clone();
        match &self.timer {
            None => {
                let alarm = Rc::new(Alarm { rung: Cell::new(false), waker: RefCell::new(waker) });
                let deadline = executor().now() + self.seconds * SECOND;
                let timer = executor().timers.borrow_mut().arm(deadline, alarm.clone());
                self.timer = Some((timer, alarm));
            }
            Some((_, alarm)) if alarm.rung.get() => return Poll::Ready(()),
            // Each time: who polls us today may not be who polled us yesterday.
            Some((_, alarm)) => drop(alarm.waker.replace(waker)),
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    /// asyncio's `sleep` says the same: `finally: h.cancel()`.
    fn drop(&mut self) {
        if let Some((timer, _)) = self.timer.take() {
            executor().timers.borrow_mut().cancel(timer);
        }
    }
}

/// Gives a future so much time and no more. A timer is armed, and mostly it is for nothing.
async fn timeout<F: Future>(seconds: u64, future: F) -> Option<F::Output> {
    let mut time = pin!(sleep(seconds));
    let mut future = pin!(future);
    poll_fn(|context| {
        if time.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Gives way: whoever is ready now has a turn first. asyncio: `sleep(0)`.
async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Three tasks sleep, one of them twice; a fourth arms a timer for nothing.
async fn sleepers() {
    spawn("A", sleep(2));
    spawn("B", async {
        sleep(1).await;
        sleep(2).await;
    });
    spawn("C", async {
        assert!(timeout(5, yield_now()).await.is_some());
    });
    sleep(4).await;
}

/// Requests, one after the other, each with a time limit; none is ever late.
async fn requests() {
    spawn("other", sleep(10)); // it is due before all those limits
    yield_now().await;
    for number in 1..=250 {
        timeout(60, yield_now()).await;
        if [1, 50, 99, 100, 101, 150, 200, 250].contains(&number) {
            let timers = executor().timers.borrow();
            println!("  after request {number:3}        timers: {}", timers.len());
        }
    }
}

/// Runs a program from pass 1 and time 0 on.
fn demonstrate(title: &str, name: &'static str, program: impl Future<Output = ()> + 'static) {
    println!("{title}");
    let system = std::env::args().any(|argument| argument == "--system");
    let clock = if system { Clock::System(Instant::now()) } else { Clock::Virtual(0) };
    executor().clock.replace(clock);
    executor().pass.set(0);
    spawn(name, program);
    run();
}

/// Timers in a kitchen: where they stand, and how they come up.
fn kitchen() {
    let mut timers = Timers::default();
    println!("five timers, and where they stand:");
    for (name, deadline) in
        [("tea", 12), ("egg", 70), ("cake", 100), ("bread", 5000), ("toast", 70)]
    {
        timers.arm(deadline, name);
        let (level, slot) = position(timers.cursor, deadline);
        println!("  {name:5}  {deadline:4} ticks: level {level}, slot {slot}");
    }
    println!("the wheel turns:");
    while let Some(turn) = timers.turn(u64::MAX) {
        print!("  cursor {:4}: ", timers.cursor);
        match turn {
            Turn::Due(timer) => println!("{} is due", timers.take(timer).expect("nobody cancels")),
            Turn::Cascade { level: from, slot } => {
                println!("level {from}, slot {slot} cascades");
                for Row { value: name, deadline, .. } in timers.rows.iter().flatten() {
                    let (level, slot) = position(timers.cursor, *deadline);
                    if level < from {
                        println!("               {name:5}  to level {level}, slot {slot}");
                    }
                }
            }
        }
    }
}

fn main() {
    kitchen();
    demonstrate("four sleepers:", "main", sleepers());
    demonstrate("requests with a time limit:", "", requests());
}

#[cfg(test)]
#[allow(dead_code)]
#[path = "s07_sleep_heap.rs"]
mod s07;

#[cfg(test)]
mod tests {
    use std::iter::from_fn;

    use super::*;

    #[test]
    fn level_and_slot_are_the_highest_digit_that_differs() {
        assert_eq!(position(0, 63), (0, 63));
        assert_eq!(position(0, 64), (1, 1));
        assert_eq!(position(63, 64), (1, 1), "one tick, but the second digit changes");
        assert_eq!(position(64, 65), (0, 1));
        assert_eq!(position(0, u64::MAX), (10, 15), "four bits are left for the eleventh digit");
        assert_eq!(position(7, 7), (0, 7), "now");
    }

    #[test]
    fn equal_deadlines_keep_their_order_through_a_cascade() {
        let mut timers = Timers::default();
        for (deadline, name) in [(100, "b"), (70, "a"), (100, "c"), (9, "tea")] {
            timers.arm(deadline, name);
        }
        assert_eq!(timers.pop_due(99).and_then(|timer| timers.take(timer)), Some("tea"));
        assert_eq!(timers.pop_due(99).and_then(|timer| timers.take(timer)), Some("a"));
        assert_eq!(timers.cursor, 70);
        timers.arm(100, "d"); // b and c have cascaded; d comes straight to level 0
        let names = from_fn(|| timers.pop_due(100).and_then(|timer| timers.take(timer)));
        assert!(names.eq(["b", "c", "d"]));
    }

    #[test]
    fn the_ends_of_u64() {
        let mut timers = Timers::default();
        timers.arm(u64::MAX, "last");
        timers.arm(0, "first");
        assert_eq!(timers.next_deadline(), Some(0));
        let names = from_fn(|| timers.pop_due(u64::MAX).and_then(|timer| timers.take(timer)));
        assert!(names.eq(["first", "last"]));
    }

    #[test]
    fn a_number_of_an_earlier_owner_names_nothing() {
        let mut timers = Timers::default();
        let first = timers.arm(1, "first");
        timers.cancel(first);
        let second = timers.arm(2, "second");
        assert_eq!((first.row, timers.take(first)), (second.row, None));
        assert_eq!(timers.take(second), Some("second"));
    }

    /// The wheel does what the heap of stage 7 does, whatever is armed and cancelled.
    #[test]
    fn the_wheel_is_equal_to_the_heap() {
        // How far ahead deadlines are: ties and a single level; some levels; all of them.
        for bits in [2, 6, 9, 14, 30, 50, 63] {
            for seed in 0..20 {
                compare(&mut Random(seed), bits, 1000);
            }
        }
    }

    fn compare(random: &mut Random, bits: u32, operations: u64) {
        let (mut heap, mut wheel) = (s07::Timers::default(), Timers::default());
        let (mut armed, mut due, mut now) = (Vec::new(), Vec::new(), 0u64);
        for operation in 0..operations {
            match random.below(6) {
                0..=2 => {
                    let deadline = now.saturating_add(random.bits(bits));
                    armed.push((heap.arm(deadline, operation), wheel.arm(deadline, operation)));
                }
                3 if !armed.is_empty() => {
                    let any = random.below(armed.len() as u64) as usize;
                    let (in_heap, in_wheel) = armed.swap_remove(any);
                    heap.cancel(&in_heap);
                    wheel.cancel(in_wheel);
                }
                4 => {
                    now = now.saturating_add(random.bits(bits) / 4);
                    let mut from_heap: Vec<_> = from_fn(|| heap.pop_due(now)).collect();
                    from_heap.retain(|timer| !timer.is_cancelled());
                    let from_wheel: Vec<_> = from_fn(|| wheel.pop_due(now)).collect();
                    assert_eq!(from_heap.len(), from_wheel.len());
                    due.extend(from_heap.into_iter().zip(from_wheel));
                }
                // Some operations later, they are called: some of them have been cancelled meanwhile.
                _ => {
                    for (in_heap, in_wheel) in due.drain(..) {
                        assert_eq!(heap.take(&in_heap), wheel.take(in_wheel));
                    }
                }
            }
            heap.sweep();
            assert_eq!(heap.next_deadline(), wheel.next_deadline());
        }
    }

    /// A linear congruential generator (Knuth's MMIX): its high bits are random enough.
    struct Random(u64);

    impl Random {
        fn bits(&mut self, bits: u32) -> u64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            self.0 >> (64 - bits)
        }

        fn below(&mut self, limit: u64) -> u64 {
            (self.bits(32) * limit) >> 32
        }
    }
}
