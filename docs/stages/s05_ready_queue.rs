//! Stage 5: the ready queue. Many tasks on one thread: a table of tasks, a queue of those that are
//! ready, and passes. The waker is that of stage 4; its ticket is a row of the table of tasks.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::Pin;
use std::ptr;
use std::rc::Rc;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

/// The table of tasks, and who is ready.
#[derive(Default)]
struct Executor {
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
    static EXECUTOR: &'static Executor = Box::leak(Box::default());
}

/// This thread's executor.
fn executor() -> &'static Executor {
    EXECUTOR.with(|executor| *executor)
}

/// Makes a task of a future. It is polled for the first time when its turn comes.
fn spawn(name: &'static str, future: impl Future<Output = ()> + 'static) -> Ticket {
    executor().spawn(name, Box::pin(future))
}

/// Runs passes until nothing is ready. Says how many tasks still wait.
fn run() -> usize {
    while executor().run_once() {}
    executor().tasks.borrow().iter().filter(|task| !task.ended).count()
}

impl Executor {
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
        let ticket = Ticket { generation, slot };
        self.wake(ticket);
        ticket
    }

    /// One pass: who is ready now has a turn. Who becomes ready meanwhile has it in the next pass.
    /// `false`, and no pass, if nobody is.
    fn run_once(&self) -> bool {
        let ntodo = self.ready.borrow().len(); // the snapshot
        if ntodo == 0 {
            return false;
        }
        self.start_pass();
        for _ in 0..ntodo {
            let next = self.ready.borrow_mut().pop_front();
            self.poll(next.expect("a turn takes one entry, and no others leave"));
        }
        println!();
        true
    }

    /// A pass as some executors have it: it goes on as long as anybody is ready. This one stops after
    /// ten turns.
    fn run_until_empty(&self) -> bool {
        if self.ready.borrow().is_empty() {
            return false;
        }
        self.start_pass();
        for _ in 0..10 {
            let next = self.ready.borrow_mut().pop_front();
            let Some(ticket) = next else { break };
            self.poll(ticket);
        }
        println!("{}", if self.ready.borrow().is_empty() { "" } else { " ... for ever; stopped" });
        true
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

/// Names one task: a row of the table, and which of the row's owners, counted from 0.
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

/// On another thread, this looks into that thread's table: the wake is lost. Chapter 6 mends it.
fn waker_wake_by_ref(data: *const ()) {
    executor().wake(Ticket::from_number(data.addr()));
}

/// A number needs no freeing.
fn waker_drop(_: *const ()) {}

/// Gives way: whoever is ready now has a turn first. asyncio: `sleep(0)`.
fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

struct YieldNow {
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        context.waker().wake_by_ref(); // wakes itself, and so stands behind everyone who is ready
        Poll::Pending
    }
}

/// A flag, and who waits for it. asyncio: `Event`, with one waiter.
#[derive(Clone, Default)]
struct Flag {
    state: Rc<FlagState>,
}

#[derive(Default)]
struct FlagState {
    is_set: Cell<bool>,
    waiter: RefCell<Option<Waker>>,
}

impl Flag {
    fn set(&self) {
        self.state.is_set.set(true);
        self.wake_waiter();
    }

    /// Without setting it: a spurious wake.
    fn wake_waiter(&self) {
        let waiter = self.state.waiter.borrow().clone();
        if let Some(waker) = waiter {
            waker.wake();
        }
    }
}

impl Future for Flag {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.is_set.get() {
            return Poll::Ready(());
        }
        self.state.waiter.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}

async fn three_turns() {
    yield_now().await;
    yield_now().await;
}

/// Takes turns until the flag is set.
async fn spin_until(flag: Flag) {
    while !flag.state.is_set.get() {
        yield_now().await;
    }
}

fn title(title: &str) {
    println!("{title}");
    executor().pass.set(0); // each demonstration begins with pass 1
}

type Pass = fn(&Executor) -> bool;

/// A letter comes from outside after the first pass. Between two passes is when a loop looks outside.
fn run_with_letter(letter: &Flag, pass: Pass) {
    pass(executor());
    println!("  a letter");
    letter.set();
    while pass(executor()) {}
}

fn main() {
    title("taking turns:");
    spawn("main", async {
        spawn("A", three_turns());
        spawn("B", three_turns());
        three_turns().await;
    });
    run();

    let rules: [(&str, Pass); 2] = [
        ("a pass is a snapshot", Executor::run_once),
        ("a pass lasts until nobody is ready", Executor::run_until_empty),
    ];
    for (rule, pass) in rules {
        title(&format!("{rule}; a reader waits for a letter:"));
        let letter = Flag::default();
        spawn("A", three_turns());
        spawn("B", three_turns());
        spawn("reader", letter.clone());
        run_with_letter(&letter, pass);
    }
    for (rule, pass) in rules {
        title(&format!("{rule}; a task spins until the letter comes:"));
        let letter = Flag::default();
        spawn("spinner", spin_until(letter.clone()));
        run_with_letter(&letter, pass);
    }

    title("woken for nothing, then twice, then when it has ended:");
    let letter = Flag::default();
    let reader = spawn("reader", letter.clone());
    run();
    letter.wake_waiter();
    println!("  {} waits", run());
    letter.set();
    letter.set();
    println!("  {} waits", run());
    println!("  a wake makes it ready: {}", executor().wake(reader));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    /// A task that writes its name into the list at each of its turns.
    fn spawn_writer(list: &Rc<RefCell<String>>, name: &'static str, turns: u32) {
        let list = list.clone();
        spawn(name, async move {
            for _ in 1..turns {
                list.borrow_mut().push_str(name);
                yield_now().await;
            }
            list.borrow_mut().push_str(name);
        });
    }

    #[test]
    fn first_in_first_out() {
        let list = Rc::default();
        spawn_writer(&list, "A", 3);
        spawn_writer(&list, "B", 1);
        spawn_writer(&list, "C", 2);
        assert_eq!(run(), 0);
        assert_eq!(*list.borrow(), "ABCACA");
    }

    #[test]
    fn a_pass_is_a_snapshot() {
        let list = Rc::default();
        spawn_writer(&list, "A", 2);
        executor().run_once();
        assert_eq!(*list.borrow(), "A");
        executor().run_once();
        assert_eq!(*list.borrow(), "AA");
        assert!(!executor().run_once());
    }

    #[test]
    fn a_pass_without_a_snapshot_may_never_end() {
        spawn("spinner", spin_until(Flag::default()));
        assert!(executor().run_until_empty());
        assert!(!executor().ready.borrow().is_empty(), "cut off");
    }

    #[test]
    fn two_wakes_are_one_turn() {
        let flag = Flag::default();
        let task = spawn("task", flag.clone());
        assert_eq!(run(), 1);
        assert!(executor().wake(task));
        assert!(!executor().wake(task));
        assert_eq!(run(), 1, "the flag is not set");
        flag.set();
        assert_eq!(run(), 0);
    }

    #[test]
    fn an_entry_left_over_is_nobody_elses_turn() {
        // It wakes itself and ends; its row has a new owner before the entry has had its turn.
        let first = spawn("first", async { yield_now().poll_once().await });
        let list = Rc::new(RefCell::new(String::new()));
        spawn_writer(&list, "A", 1);
        executor().run_once();
        spawn_writer(&list, "B", 3);
        assert_eq!(executor().tasks.borrow()[first.slot].name, "B");
        executor().run_once();
        assert_eq!(*list.borrow(), "AB");
        assert_eq!(run(), 0);
        assert_eq!(*list.borrow(), "ABBB");
    }

    #[test]
    fn a_stale_ticket_wakes_nobody() {
        let first = spawn("first", async {});
        run();
        let second = spawn("second", Flag::default());
        run();
        assert_eq!((first.slot, first.generation + 1), (second.slot, second.generation));
        assert!(!executor().wake(first));
        assert!(executor().wake(second));
    }

    #[test]
    fn a_wake_on_another_thread_is_lost() {
        let task = spawn("task", Flag::default());
        run();
        let waker = task.waker();
        thread::spawn(move || waker.wake()).join().unwrap();
        assert!(executor().ready.borrow().is_empty(), "chapter 6");
    }

    impl YieldNow {
        /// Polls once, whatever comes of it.
        async fn poll_once(mut self) {
            std::future::poll_fn(|context| {
                let _ = Pin::new(&mut self).poll(context);
                Poll::Ready(())
            })
            .await;
        }
    }
}
