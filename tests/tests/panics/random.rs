//! Random programs: tasks that panic, spawn, wake, cancel and drop handles wherever they can.
//!
//! Whatever they do, all that nobody has asked to end comes to its end by itself, main gets its value,
//! and every future is dropped once. `PROPTEST_CASES=100000` looks longer.

use std::cell::RefCell;
use std::env;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use executor::{JoinError, JoinHandle, current_task, sleep, spawn, yield_now};
use futures_lite::future::or;
use proptest::prelude::*;

use crate::common::{ms, passes, virtual_run};
use crate::{message, panic_on_purpose};

/// What code of the user may do anywhere, in a poll or in a destructor. Numbers of tasks are taken
/// modulo how many there are.
#[derive(Clone, Copy, Debug)]
enum Act {
    Panic,
    /// Spawns the next task of the program.
    Spawn,
    Cancel {
        task: usize,
    },
    CancelSelf,
    /// Wakes a task: any, also oneself, also one that has ended long ago.
    Wake {
        task: usize,
    },
    WakeFromThread {
        task: usize,
    },
    DropHandle {
        task: usize,
    },
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Act(Act),
    Yield,
    Sleep {
        ms: u64,
    },
    /// Awaits a task that was spawned later than this one, if there is a handle of it.
    Await {
        task: usize,
    },
    /// The same, but loses patience: the handle is dropped after so many passes.
    AwaitShortly {
        task: usize,
        passes: usize,
    },
}

#[derive(Clone, Debug)]
struct Plan {
    steps: Vec<Step>,
    at_drop: Vec<Act>,
}

#[derive(Clone, Debug)]
struct Program {
    plans: Vec<Plan>,
    /// How many tasks main spawns; the others wait until somebody spawns them.
    at_start: usize,
    /// When main ends. Long after everybody else, or in the midst of it.
    main_ends_after: Duration,
    main_panics: bool,
}

fn act() -> impl Strategy<Value = Act> {
    let task = 0..8usize;
    prop_oneof![
        2 => Just(Act::Panic),
        3 => Just(Act::Spawn),
        3 => task.clone().prop_map(|task| Act::Cancel { task }),
        1 => Just(Act::CancelSelf),
        3 => task.clone().prop_map(|task| Act::Wake { task }),
        1 => task.clone().prop_map(|task| Act::WakeFromThread { task }),
        1 => task.prop_map(|task| Act::DropHandle { task }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let task = 0..8usize;
    prop_oneof![
        4 => act().prop_map(Step::Act),
        3 => Just(Step::Yield),
        2 => (0..4u64).prop_map(|ms| Step::Sleep { ms }),
        2 => task.clone().prop_map(|task| Step::Await { task }),
        1 => (task, 0..4usize).prop_map(|(task, passes)| Step::AwaitShortly { task, passes }),
    ]
}

fn program() -> impl Strategy<Value = Program> {
    let steps = prop::collection::vec(step(), 0..8);
    let at_drop = prop::collection::vec(act(), 0..3);
    let plan = (steps, at_drop).prop_map(|(steps, at_drop)| Plan { steps, at_drop });
    let plans = prop::collection::vec(plan, 1..14);
    let end = prop_oneof![Just(1000u64), 0..6u64].prop_map(ms);
    (plans, 1..6usize, end, prop::bool::weighted(0.2)).prop_map(
        |(plans, at_start, main_ends_after, main_panics)| Program {
            plans,
            at_start,
            main_ends_after,
            main_panics,
        },
    )
}

/// What the tasks of one program share.
struct World {
    plans: Vec<Plan>,
    tasks: RefCell<Vec<Entry>>,
}

/// One task that was spawned.
#[derive(Default)]
struct Entry {
    handle: Option<JoinHandle<usize>>,
    waker: Option<Waker>,
    drops: u32,
}

impl World {
    fn spawn_next(self: &Rc<World>) {
        let number = self.tasks.borrow().len();
        let Some(plan) = self.plans.get(number) else { return };
        self.tasks.borrow_mut().push(Entry::default());
        let handle = spawn(Actor {
            steps: Box::pin(self.clone().run(number, plan.steps.clone())),
            _end: AtDrop { world: self.clone(), number, acts: plan.at_drop.clone() },
        });
        self.tasks.borrow_mut()[number].handle = Some(handle);
    }

    async fn run(self: Rc<World>, number: usize, steps: Vec<Step>) -> usize {
        let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        self.tasks.borrow_mut()[number].waker = Some(waker);
        for step in steps {
            match step {
                Step::Act(act) => self.act(act),
                Step::Yield => yield_now().await,
                Step::Sleep { ms: time } => sleep(ms(time)).await,
                Step::Await { task } => {
                    if let Some(handle) = self.take_later(number, task) {
                        check_end(task, handle.await);
                    }
                }
                Step::AwaitShortly { task, passes: count } => {
                    if let Some(handle) = self.take_later(number, task) {
                        or(async { check_end(task, handle.await) }, passes(count)).await;
                    }
                }
            }
        }
        number
    }

    /// The handle of a task behind this one, so that no two await each other.
    fn take_later(&self, number: usize, task: usize) -> Option<JoinHandle<usize>> {
        let mut tasks = self.tasks.borrow_mut();
        tasks.get_mut(number + 1 + task).and_then(|entry| entry.handle.take())
    }

    /// Nothing of the world is borrowed while the executor is called: it may drop futures, which act.
    fn act(self: &Rc<World>, act: Act) {
        match act {
            Act::Panic => panic_on_purpose(),
            Act::Spawn => self.spawn_next(),
            Act::Cancel { task } => {
                self.with(task, |entry| entry.handle.as_ref().map(|handle| handle.cancel()));
            }
            Act::CancelSelf => {
                current_task().cancel();
            }
            Act::Wake { task } => {
                let waker = self.with(task, |entry| entry.waker.clone());
                waker.iter().for_each(Waker::wake_by_ref);
            }
            Act::WakeFromThread { task } => {
                let waker = self.with(task, |entry| entry.waker.clone());
                thread::scope(|scope| {
                    scope.spawn(|| waker.iter().for_each(Waker::wake_by_ref));
                });
            }
            Act::DropHandle { task } => {
                let handle = self.with(task, |entry| entry.handle.take());
                drop(handle);
            }
        }
    }

    fn with<T>(&self, task: usize, look: impl FnOnce(&mut Entry) -> Option<T>) -> Option<T> {
        let mut tasks = self.tasks.borrow_mut();
        let count = tasks.len();
        look(&mut tasks[task % count])
    }
}

/// The future of a task. Its end acts apart from its steps: a step that panics does not drop it.
struct Actor<F: Future> {
    steps: Pin<Box<F>>,
    _end: AtDrop,
}

impl<F: Future> Future for Actor<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.steps.as_mut().poll(cx)
    }
}

struct AtDrop {
    world: Rc<World>,
    number: usize,
    acts: Vec<Act>,
}

impl Drop for AtDrop {
    fn drop(&mut self) {
        self.world.tasks.borrow_mut()[self.number].drops += 1;
        for act in std::mem::take(&mut self.acts) {
            match act {
                // Between two turns, while the run is closed, there is no current task.
                Act::CancelSelf => drop(catch_unwind(current_task)),
                act => self.world.act(act),
            }
        }
    }
}

fn check_end(task: usize, end: Result<usize, JoinError>) {
    match end {
        Ok(number) => assert!(number > task, "the outcome of another task"),
        Err(JoinError::Panicked(panic)) => assert_eq!(panic.message(), "on purpose"),
        Err(JoinError::Cancelled) => {}
        Err(JoinError::Failed(never)) => match never {},
    }
}

fn check(program: Program) {
    let Program { plans, at_start, main_ends_after, main_panics } = program;
    let world = Rc::new(World { plans, tasks: RefCell::default() });
    let end = catch_unwind(AssertUnwindSafe(|| {
        virtual_run(async {
            for _ in 0..at_start {
                world.spawn_next();
            }
            sleep(main_ends_after).await;
            if main_ends_after > ms(100) {
                // Every plan comes to its end by itself, and nothing that others did may stop it.
                let tasks = world.tasks.borrow();
                let left = tasks.iter().filter(|task| task.drops == 0).count();
                assert_eq!(left, 0, "so many tasks never came to their end");
            }
            if main_panics { panic_on_purpose() } else { "main's value" }
        })
    }));
    match end {
        Ok(value) => assert!(value == "main's value" && !main_panics),
        Err(panic) if main_panics && message(&*panic) == "on purpose" => {}
        Err(panic) => resume_unwind(panic),
    }
    for (number, task) in world.tasks.borrow().iter().enumerate() {
        assert_eq!(task.drops, 1, "task {number} was dropped so often");
    }
}

fn cases(default: u32) -> ProptestConfig {
    let cases = env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(default),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn whatever_tasks_do_everybody_else_goes_on(program in program()) {
        check(program);
    }
}
