//! Stage 7: sleep, with a heap. Stage 6 with a clock and timers, kept as asyncio keeps them: the loop
//! sleeps until the first deadline, and a timer goes through the ready queue as a call.

use std::cell::{Cell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};
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
    Call(Timer<Rc<Alarm>>),
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
        self.timers.borrow_mut().sweep();
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
    fn call(&self, timer: Timer<Rc<Alarm>>) {
        let alarm = self.timers.borrow_mut().take(&timer);
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
            println!("  {seconds} s  pass {pass:2}:{line:11}  {}", timers.describe());
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

/// Timers by deadline, in a heap. asyncio: `_scheduled`.
pub struct Timers<T> {
    /// The head is the one that is due first. Cancelled ones stay where they are until they come to the
    /// head, or until there are too many of them.
    heap: BinaryHeap<Reverse<Timer<T>>>,
    /// How many of those are cancelled. asyncio: `_timer_cancelled_count`.
    cancelled: usize,
    /// How many there ever were.
    armed: u64,
}

/// The heap has it, and so has whoever may cancel it.
pub type Timer<T> = Rc<TimerHandle<T>>;

pub struct TimerHandle<T> {
    deadline: u64,
    /// Of two with the same deadline, the one with the smaller number is due first.
    number: u64,
    /// It stands in the heap: it is not due yet.
    scheduled: Cell<bool>,
    /// What to call when it is due. `None` once it is called, or cancelled.
    value: RefCell<Option<T>>,
}

impl<T> Default for Timers<T> {
    fn default() -> Timers<T> {
        Timers { heap: BinaryHeap::new(), cancelled: 0, armed: 0 }
    }
}

impl<T> Timers<T> {
    /// Adds a timer. asyncio: `call_at`.
    pub fn arm(&mut self, deadline: u64, value: T) -> Timer<T> {
        let (scheduled, value) = (Cell::new(true), RefCell::new(Some(value)));
        let timer = Rc::new(TimerHandle { deadline, number: self.armed, scheduled, value });
        self.armed += 1;
        self.heap.push(Reverse(timer.clone()));
        timer
    }

    /// Cancels a timer, whether it is due or not: a mark, and nothing else. It stays where it stands.
    pub fn cancel(&mut self, timer: &Timer<T>) {
        let value = timer.value.take();
        if value.is_some() && timer.scheduled.get() {
            self.cancelled += 1;
        }
    }

    /// Throws out cancelled timers: all of them if they are too many, else those at the head.
    pub fn sweep(&mut self) {
        let len = self.heap.len();
        if len > MIN_SCHEDULED && self.cancelled * 2 > len {
            self.heap.retain(|Reverse(timer)| !timer.is_cancelled());
            self.cancelled = 0;
        }
        while self.heap.peek().is_some_and(|Reverse(head)| head.is_cancelled()) {
            self.heap.pop();
            self.cancelled -= 1;
        }
    }

    /// The first deadline, after a `sweep`.
    pub fn next_deadline(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse(head)| head.deadline)
    }

    /// Takes the head out of the heap, if its deadline has come.
    pub fn pop_due(&mut self, now: u64) -> Option<Timer<T>> {
        if self.next_deadline()? > now {
            return None;
        }
        let Reverse(timer) = self.heap.pop()?;
        timer.scheduled.set(false);
        if timer.is_cancelled() {
            self.cancelled -= 1;
        }
        Some(timer)
    }

    /// What a timer is there for, to be called; `None` if it was cancelled.
    pub fn take(&mut self, timer: &Timer<T>) -> Option<T> {
        timer.value.take()
    }

    fn describe(&self) -> String {
        format!("timers: {}, cancelled: {}", self.heap.len(), self.cancelled)
    }
}

/// With fewer timers than that, cancelled ones are left alone. asyncio: `_MIN_SCHEDULED_TIMER_HANDLES`.
const MIN_SCHEDULED: usize = 100;

impl<T> TimerHandle<T> {
    /// Means nothing once it has been called.
    pub fn is_cancelled(&self) -> bool {
        self.value.borrow().is_none()
    }
}

impl<T> Ord for TimerHandle<T> {
    fn cmp(&self, other: &TimerHandle<T>) -> Ordering {
        (self.deadline, self.number).cmp(&(other.deadline, other.number))
    }
}

impl<T> PartialOrd for TimerHandle<T> {
    fn partial_cmp(&self, other: &TimerHandle<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for TimerHandle<T> {
    fn eq(&self, other: &TimerHandle<T>) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for TimerHandle<T> {}

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
    timer: Option<(Timer<Rc<Alarm>>, Rc<Alarm>)>,
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
            executor().timers.borrow_mut().cancel(&timer);
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
            println!("  after request {number:3}        {}", timers.describe());
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

fn main() {
    demonstrate("four sleepers:", "main", sleepers());
    demonstrate("requests with a time limit:", "", requests());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is due, one after the other, until this time.
    fn due(timers: &mut Timers<&'static str>, now: u64) -> Vec<&'static str> {
        timers.sweep();
        std::iter::from_fn(|| timers.pop_due(now)).filter_map(|timer| timer.value.take()).collect()
    }

    #[test]
    fn deadlines_come_in_their_order_and_equal_ones_in_the_order_of_arming() {
        let mut timers = Timers::default();
        for (deadline, name) in [(5, "e"), (2, "a"), (3, "b"), (3, "c"), (3, "d"), (5, "f")] {
            timers.arm(deadline, name);
        }
        assert_eq!(timers.next_deadline(), Some(2));
        assert_eq!(due(&mut timers, 1), [""; 0]);
        assert_eq!(due(&mut timers, 4), ["a", "b", "c", "d"]);
        assert_eq!(due(&mut timers, 5), ["e", "f"]);
        assert_eq!(timers.next_deadline(), None);
    }

    #[test]
    fn a_cancelled_timer_stays_until_it_comes_to_the_head() {
        let mut timers = Timers::default();
        let [a, _, c] =
            [(1, "a"), (2, "b"), (3, "c")].map(|(deadline, name)| timers.arm(deadline, name));
        timers.cancel(&c);
        timers.cancel(&c);
        timers.sweep();
        assert_eq!((timers.heap.len(), timers.cancelled), (3, 1));
        timers.cancel(&a);
        timers.sweep();
        assert_eq!((timers.heap.len(), timers.cancelled), (2, 1));
        assert_eq!(due(&mut timers, 9), ["b"]);
        assert_eq!((timers.heap.len(), timers.cancelled), (0, 0));
    }

    #[test]
    fn too_many_cancelled_ones_are_swept_out() {
        let mut timers = Timers::default();
        timers.arm(1, "other");
        for _ in 0..99 {
            let timer = timers.arm(60, "limit");
            timers.cancel(&timer);
        }
        timers.sweep();
        assert_eq!(timers.heap.len(), 100, "not more than 100");
        timers.arm(60, "limit");
        timers.sweep();
        assert_eq!((timers.heap.len(), timers.cancelled), (2, 0));
    }

    #[test]
    fn a_timer_that_is_cancelled_when_it_is_due_already_is_not_called() {
        let mut timers = Timers::default();
        let timer = timers.arm(1, ());
        assert!(timers.pop_due(1).is_some());
        timers.cancel(&timer);
        assert_eq!((timers.take(&timer), timers.cancelled), (None, 0));
    }

    /// Runs a program, and says in which pass each `tell` was.
    fn passes<F: Future<Output = ()> + 'static>(
        program: fn(Rc<RefCell<Vec<u32>>>) -> F,
    ) -> Vec<u32> {
        let list = Rc::default();
        spawn("main", program(Rc::clone(&list)));
        run();
        list.take()
    }

    #[test]
    fn a_sleeper_goes_on_one_pass_after_its_timer() {
        let list = passes(|list| async move {
            list.borrow_mut().push(executor().pass.get());
            sleep(1).await; // pass 2 waits, and calls the timer
            list.borrow_mut().push(executor().pass.get());
        });
        assert_eq!(list, [1, 3]);
    }

    #[test]
    fn a_time_limit_that_is_too_short() {
        let list = passes(|list| async move {
            assert_eq!(timeout(1, sleep(2)).await, None);
            list.borrow_mut().push(executor().pass.get());
            assert_eq!(timeout(2, sleep(1)).await, Some(()));
            list.borrow_mut().push(executor().pass.get());
        });
        assert_eq!(list, [3, 5]);
    }

    #[test]
    fn a_letter_comes_while_the_loop_waits_for_a_deadline() {
        executor().clock.replace(Clock::System(Instant::now()));
        let ticket = spawn("main", async {
            let mut polls = 0;
            let woken = poll_fn(|_| {
                polls += 1;
                if polls == 2 { Poll::Ready(()) } else { Poll::Pending }
            });
            timeout(60, woken).await.expect("a letter comes earlier");
        });
        let waker = ticket.waker();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            waker.wake();
        });
        run();
        assert!(executor().now() < 30 * SECOND);
    }
}
