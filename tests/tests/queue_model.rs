//! The three queues against a model, under random programs that cancel everything at any time.
//!
//! A program is a handful of tasks with random scripts: they put and get, with and without waiting,
//! with a time limit or in a race, wait for `join`, cancel each other, shut the queue down. Beside
//! the queue stands the model: a plain list, and a count of what is unfinished. Whenever a call returns,
//! the model does the same, and both must agree:
//!
//! - what comes out is what is next in the list (first, last, or smallest), so nothing is invented,
//!   overtaken or delivered twice; a put that fails gives its own item back;
//! - there are never more than `maxsize` items;
//! - `join` returns if, and only if, the count was zero at some time since it began to wait;
//! - whenever nothing can go on (virtual time stands between two ticks), nobody waits who need not: no
//!   getter while there are items, no putter while there is room, no joiner while nothing is
//!   unfinished. A wake-up that was lost would show here;
//! - at the end what is in the list is in the queue, and every item is dropped exactly once.
//!
//! The order in which *waiters* are served is CPython's: `conformance.rs` holds it against that.
//! `PROPTEST_CASES=100000` looks longer.

mod common;

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::rc::Rc;

use common::{ms, virtual_run};
use executor::{JoinHandle, pass, sleep, spawn, timeout, yield_now};
use futures_lite::future::{or, zip};
use proptest::prelude::*;
use queue::{BaseQueue, PutError, Shutdown, Sorted, Store, TryGetError, TryPutError};

/// One thing that a task does.
#[derive(Clone, Copy, Debug)]
enum Step {
    Put(Patience),
    Get(Patience),
    /// Two getters, or putters, in one task: they share a waker.
    GetTwo,
    PutTwo,
    TryPut,
    TryGet,
    TaskDone,
    Join(Patience),
    Shutdown {
        immediate: bool,
    },
    Cancel {
        task: usize,
    },
    Sleep {
        ms: u64,
    },
    Yield,
}

/// How long one waits before one goes away. A wait that is over counts as if it had not begun.
#[derive(Clone, Copy, Debug)]
enum Patience {
    ForEver,
    Timeout {
        ms: u64,
    },
    /// A race against so many passes: the loser is dropped, in the middle of whatever it does.
    Passes {
        count: usize,
    },
}

impl Patience {
    async fn wait<F: Future>(self, future: F) -> Option<F::Output> {
        match self {
            Patience::ForEver => Some(future.await),
            Patience::Timeout { ms: time } => timeout(ms(time), future).await.ok(),
            Patience::Passes { count } => {
                let end = async {
                    common::passes(count).await;
                    None
                };
                or(async { Some(future.await) }, end).await
            }
        }
    }
}

#[derive(Clone, Debug)]
struct Program {
    maxsize: usize,
    scripts: Vec<Vec<Step>>,
}

fn patience() -> impl Strategy<Value = Patience> {
    prop_oneof![
        Just(Patience::ForEver),
        (0..4u64).prop_map(|ms| Patience::Timeout { ms }),
        (0..4usize).prop_map(|count| Patience::Passes { count }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => patience().prop_map(Step::Put),
        20 => patience().prop_map(Step::Get),
        2 => Just(Step::GetTwo),
        2 => Just(Step::PutTwo),
        5 => Just(Step::TryPut),
        5 => Just(Step::TryGet),
        12 => Just(Step::TaskDone),
        4 => patience().prop_map(Step::Join),
        1 => any::<bool>().prop_map(|immediate| Step::Shutdown { immediate }),
        8 => any::<usize>().prop_map(|task| Step::Cancel { task }),
        8 => (1..4u64).prop_map(|ms| Step::Sleep { ms }),
        12 => Just(Step::Yield),
    ]
}

fn program() -> impl Strategy<Value = Program> {
    let script = prop::collection::vec(step(), 1..12);
    (0..4usize, prop::collection::vec(script, 1..9))
        .prop_map(|(maxsize, scripts)| Program { maxsize, scripts })
}

/// What is put: each is one of a kind, some are equal in rank, and all report their end.
struct Item {
    number: usize,
    rank: usize,
    drops: Rc<RefCell<Vec<u32>>>,
}

impl Drop for Item {
    fn drop(&mut self) {
        self.drops.borrow_mut()[self.number] += 1;
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Item) -> bool {
        self.rank == other.rank
    }
}

impl Eq for Item {}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Item) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, other: &Item) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}

/// Which item is next: the model's idea of the three kinds.
#[derive(Clone, Copy)]
enum Next {
    First,
    Last,
    Smallest,
}

/// The queue, the model, and who waits.
struct World<S: Store<Item = Item>> {
    queue: BaseQueue<S>,
    next: Next,
    /// Number and rank of the items in the queue, in the order in which they were put.
    items: RefCell<Vec<(usize, usize)>>,
    unfinished: Cell<usize>,
    /// How often `unfinished` has come down to zero.
    zeros: Cell<usize>,
    closed: Cell<bool>,
    getting: Cell<usize>,
    putting: Cell<usize>,
    joining: Cell<usize>,
    drops: Rc<RefCell<Vec<u32>>>,
    tasks: RefCell<Vec<JoinHandle<()>>>,
}

impl<S: Store<Item = Item> + 'static> World<S> {
    fn new(maxsize: usize, next: Next) -> World<S> {
        World {
            queue: BaseQueue::new(maxsize),
            next,
            items: RefCell::default(),
            unfinished: Cell::new(0),
            zeros: Cell::new(0),
            closed: Cell::new(false),
            getting: Cell::new(0),
            putting: Cell::new(0),
            joining: Cell::new(0),
            drops: Rc::default(),
            tasks: RefCell::default(),
        }
    }

    fn new_item(&self) -> Item {
        let number = self.drops.borrow().len();
        self.drops.borrow_mut().push(0);
        // Ranks that repeat, and do not come in order.
        Item { number, rank: number * 7 % 5, drops: self.drops.clone() }
    }

    async fn run(self: Rc<Self>, script: Vec<Step>) {
        for step in script {
            self.step(step).await;
            self.check();
        }
    }

    async fn step(&self, step: Step) {
        match step {
            Step::Put(patience) => {
                patience.wait(self.put()).await;
            }
            Step::Get(patience) => {
                patience.wait(self.get()).await;
            }
            Step::GetTwo => {
                zip(self.get(), self.get()).await;
            }
            Step::PutTwo => {
                zip(self.put(), self.put()).await;
            }
            Step::Join(patience) => {
                patience.wait(self.join()).await;
            }
            Step::TryPut => self.try_put(),
            Step::TryGet => self.try_get(),
            Step::TaskDone => self.task_done(),
            Step::Shutdown { immediate } => self.shutdown(immediate),
            Step::Cancel { task } => {
                let tasks = self.tasks.borrow();
                tasks[task % tasks.len()].cancel();
            }
            Step::Sleep { ms: time } => sleep(ms(time)).await,
            Step::Yield => yield_now().await,
        }
    }

    async fn put(&self) {
        let item = self.new_item();
        let (number, rank) = (item.number, item.rank);
        let waiting = Waiting::new(&self.putting);
        let result = self.queue.put(item).await;
        drop(waiting);
        match result {
            Ok(()) => self.was_put(number, rank),
            Err(PutError::Shutdown(item)) => {
                assert!(self.closed.get());
                assert_eq!(item.number, number, "another item came back");
                assert_eq!(self.drops.borrow()[number], 0);
            }
        }
    }

    fn try_put(&self) {
        let item = self.new_item();
        let (number, rank) = (item.number, item.rank);
        match self.queue.try_put(item) {
            Ok(()) => self.was_put(number, rank),
            Err(error) => {
                match &error {
                    TryPutError::Full(_) => assert!(!self.closed.get() && self.is_full()),
                    TryPutError::Shutdown(_) => assert!(self.closed.get()),
                }
                assert_eq!(error.into_item().number, number, "another item came back");
            }
        }
    }

    fn was_put(&self, number: usize, rank: usize) {
        assert!(!self.closed.get(), "put into a queue that is shut down");
        assert!(!self.is_full(), "more than maxsize items");
        self.items.borrow_mut().push((number, rank));
        self.unfinished.set(self.unfinished.get() + 1);
    }

    async fn get(&self) {
        let waiting = Waiting::new(&self.getting);
        let result = self.queue.get().await;
        drop(waiting);
        match result {
            Ok(item) => self.was_taken(item),
            Err(Shutdown) => assert!(self.closed.get() && self.items.borrow().is_empty()),
        }
    }

    fn try_get(&self) {
        let empty = self.items.borrow().is_empty();
        match self.queue.try_get() {
            Ok(item) => self.was_taken(item),
            Err(TryGetError::Empty) => assert!(empty && !self.closed.get()),
            Err(TryGetError::Shutdown) => assert!(empty && self.closed.get()),
        }
    }

    fn was_taken(&self, item: Item) {
        let mut items = self.items.borrow_mut();
        let place = items.iter().position(|&(number, _)| number == item.number);
        let place = place.expect("an item that is not in the queue, or was taken before");
        match self.next {
            Next::First => assert_eq!(place, 0),
            Next::Last => assert_eq!(place, items.len() - 1),
            Next::Smallest => assert!(items.iter().all(|&(_, rank)| item.rank <= rank)),
        }
        items.remove(place);
    }

    fn task_done(&self) {
        match self.queue.task_done() {
            Ok(()) => self.finished(1),
            Err(_) => assert_eq!(self.unfinished.get(), 0),
        }
    }

    fn finished(&self, count: usize) {
        let unfinished = self.unfinished.get().saturating_sub(count);
        self.unfinished.set(unfinished);
        if unfinished == 0 {
            self.zeros.set(self.zeros.get() + 1);
        }
    }

    async fn join(&self) {
        let (unfinished, zeros) = (self.unfinished.get(), self.zeros.get());
        let waiting = Waiting::new(&self.joining);
        let ((), waited) = and_waited(self.queue.join()).await;
        drop(waiting);
        assert_eq!(
            waited,
            unfinished > 0,
            "it waits if, and only if, there is something to wait for"
        );
        assert!(!waited || self.zeros.get() > zeros, "joined, but there never was nothing to do");
    }

    fn shutdown(&self, immediate: bool) {
        self.queue.shutdown(immediate);
        self.closed.set(true);
        if immediate {
            let thrown_away = self.items.take();
            self.finished(thrown_away.len());
            let drops = self.drops.borrow();
            assert!(thrown_away.iter().all(|&(number, _)| drops[number] == 1));
        }
    }

    fn is_full(&self) -> bool {
        let maxsize = self.queue.maxsize();
        maxsize > 0 && self.items.borrow().len() >= maxsize
    }

    /// What must be true after every step.
    fn check(&self) {
        let len = self.items.borrow().len();
        assert_eq!(self.queue.len(), len);
        assert_eq!(self.queue.is_empty(), len == 0);
        assert_eq!(self.queue.is_full(), self.is_full());
        assert_eq!(self.queue.is_shut_down(), self.closed.get());
        let drops = self.drops.borrow();
        assert!(
            self.items.borrow().iter().all(|&(number, _)| drops[number] == 0),
            "an item is lost"
        );
    }

    /// What must be true when nobody can go on.
    fn check_at_rest(&self) {
        self.check();
        let closed = self.closed.get();
        let empty = self.items.borrow().is_empty();
        assert!(self.getting.get() == 0 || (empty && !closed), "a getter waits for what is there");
        assert!(self.putting.get() == 0 || (self.is_full() && !closed), "a putter waits in vain");
        assert!(self.joining.get() == 0 || self.unfinished.get() > 0, "a joiner waits in vain");
    }
}

/// Counts one who waits, until it is dropped.
struct Waiting<'a>(&'a Cell<usize>);

impl<'a> Waiting<'a> {
    fn new(count: &'a Cell<usize>) -> Waiting<'a> {
        count.set(count.get() + 1);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// A future's output, and whether it had to wait for it.
async fn and_waited<F: Future>(future: F) -> (F::Output, bool) {
    let begin = pass();
    let output = future.await;
    (output, pass() > begin)
}

fn check<S: Store<Item = Item> + 'static>(program: Program, next: Next) {
    let Program { maxsize, scripts } = program;
    let drops = virtual_run(async {
        let world = Rc::new(World::<S>::new(maxsize, next));
        for script in scripts {
            let task = spawn(world.clone().run(script));
            world.tasks.borrow_mut().push(task);
        }
        // All else happens at whole milliseconds: half a millisecond later nothing can go on.
        sleep(ms(1) / 2).await;
        for _ in 0..50 {
            world.check_at_rest();
            sleep(ms(1)).await;
        }
        // Who still waits, waits for good.
        let tasks = world.tasks.take();
        for task in &tasks {
            task.cancel();
        }
        for task in tasks {
            if let Err(executor::JoinError::Panicked(panic)) = task.await {
                panic!("{}", panic.message());
            }
        }
        world.check_at_rest();
        while !world.items.borrow().is_empty() {
            world.try_get();
        }
        world.check();
        world.drops.clone()
    });
    assert!(drops.borrow().iter().all(|&count| count == 1), "dropped so often: {drops:?}");
}

fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(default),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn queue_first_in_first_out(program in program()) {
        check::<VecDeque<Item>>(program, Next::First);
    }

    #[test]
    fn queue_last_in_first_out(program in program()) {
        check::<Vec<Item>>(program, Next::Last);
    }

    #[test]
    fn queue_smallest_first(program in program()) {
        check::<Sorted<Item>>(program, Next::Smallest);
    }
}
