//! Observers that panic, and observers that call into the executor: at every step of a program, one after the
//! other. An observer is shown a step in the midst of the executor's work, so this is the worst moment.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::{Poll, Waker};

use executor::{
    Clock, Event, Executor, JoinHandle, Observer, State, Step, gather, gather_all, sleep, spawn,
    timeout, yield_now,
};
use queue::Queue;

use crate::alone::alone;
use crate::common::ms;
use crate::{message, panic_on_purpose};

/// Acts at one step.
struct At<F> {
    number: u64,
    last: u64,
    act: F,
}

impl<F: FnMut()> Observer for At<F> {
    fn step(&mut self, step: &Step, state: &State<'_>) {
        self.last = step.number;
        if step.number == self.number {
            // Everything can be looked at.
            drop((state.tasks(), state.ready(), state.timers(), state.queues()));
            (self.act)();
        }
    }
}

/// What a program and its observer have in common.
#[derive(Clone)]
struct Shared {
    queue: Rc<Queue<u32>>,
    event: Rc<Event>,
    handles: Rc<RefCell<Vec<JoinHandle<()>>>>,
    wakers: Rc<RefCell<Vec<Waker>>>,
    /// Everybody has a clone of this.
    memory: Rc<()>,
}

impl Shared {
    fn new() -> Shared {
        Shared {
            queue: Rc::new(Queue::new(1)),
            event: Rc::new(Event::new()),
            handles: Rc::default(),
            wakers: Rc::default(),
            memory: Rc::new(()),
        }
    }

    fn spawn(&self, future: impl Future<Output = ()> + 'static) -> JoinHandle<()> {
        let memory = self.memory.clone();
        let task = spawn(async move {
            let _memory = memory;
            future.await;
        });
        self.handles.borrow_mut().push(task.clone());
        task
    }

    /// Makes steps of every kind.
    async fn program(self) {
        let Shared { queue, event, .. } = self.clone();
        let putter = self.spawn(async move {
            for item in 0..3 {
                let _ = queue.put(item).await;
            }
            queue.join().await;
            queue.shutdown(false);
        });
        let queue = self.queue.clone();
        let getter = self.spawn(async move {
            while queue.get().await.is_ok() {
                let _ = queue.task_done();
            }
        });
        let waiter = self.spawn(async move { event.wait().await });
        let sleeper = self.spawn(async {
            let _ = timeout(ms(2), sleep(ms(70))).await;
        });
        let bottom = self.spawn(pending());
        let middle = self.spawn(async { drop(bottom.await) });
        let top = self.spawn(async { drop(gather([middle]).await) });
        let wakers = self.wakers.clone();
        let foreign = self.spawn(poll_fn(move |cx| {
            wakers.borrow_mut().push(cx.waker().clone());
            if wakers.borrow().len() > 1 { Poll::Ready(()) } else { Poll::Pending }
        }));
        drop(self.spawn(async { panic_on_purpose() }));
        yield_now().await;
        self.event.set();
        self.event.clear();
        self.wakers.borrow().iter().for_each(Waker::wake_by_ref);
        top.cancel();
        gather_all([putter, getter, waiter, sleeper, top, foreign]).await;
        // Something is left at the end.
        drop(self.spawn(pending()));
        yield_now().await;
    }

    /// Runs the program; the observer does this at that step. Returns the last step's number.
    fn run(&self, number: u64, act: impl FnMut() + 'static) -> u64 {
        let observer = Rc::new(RefCell::new(At { number, last: 0, act }));
        let executor = Executor::new(Clock::virtual_time()).observed_by(observer.clone());
        // It may be stuck now: whom it waits for may have lost what he waits for.
        let _ = executor.try_run(self.clone().program());
        observer.borrow().last
    }

    /// Nobody is left who has one of these.
    fn is_alone(&self) -> bool {
        self.handles.take();
        Rc::strong_count(&self.memory) == 1 && Rc::strong_count(&self.queue) == 1
    }
}

/// The run ends with the observer's panic, and every task is dropped.
#[test]
fn an_observer_that_panics_at_any_step() {
    alone("observers::an_observer_that_panics_at_any_step", || {
        let last = Shared::new().run(0, || {});
        assert!(last > 100, "{last} steps");
        for number in 1..=last {
            let shared = Shared::new();
            let run = AssertUnwindSafe(|| shared.run(number, || panic_on_purpose()));
            let end = catch_unwind(run);
            let panic = end.err().unwrap_or_else(|| panic!("no panic at step {number}"));
            assert_eq!(message(&*panic), "on purpose", "step {number}");
            assert!(shared.is_alone(), "step {number}");
        }
    });
}

/// The words in which a queue shows its items are the observer's, too.
#[test]
fn words_for_an_item_that_panic() {
    let observer = Rc::new(RefCell::new(At { number: 0, last: 0, act: || {} }));
    let executor = Executor::new(Clock::virtual_time()).observed_by(observer);
    let end = catch_unwind(AssertUnwindSafe(|| {
        executor.run(async {
            let queue = Queue::new(0).shown_as(|_: &u32| panic_on_purpose());
            queue.put(5).await.unwrap();
            assert_eq!(queue.get().await, Ok(5));
        });
    }));
    assert_eq!(message(&*end.unwrap_err()), "on purpose");
}

/// What it does to the executor takes effect, and the executor stays whole.
#[test]
fn an_observer_that_acts_at_any_step() {
    alone("observers::an_observer_that_acts_at_any_step", || {
        type Act = fn(&Shared);
        let acts: [Act; 6] = [
            |shared| drop(shared.spawn(async { yield_now().await })),
            |shared| shared.handles.borrow().iter().for_each(|task| _ = task.cancel()),
            |shared| drop(shared.handles.take()),
            |shared| shared.wakers.borrow().iter().for_each(Waker::wake_by_ref),
            |shared| {
                shared.event.set();
                let _ = (shared.queue.try_get(), shared.queue.try_put(9), shared.queue.task_done());
            },
            |shared| shared.queue.shutdown(true),
        ];
        let last = Shared::new().run(0, || {});
        for number in 1..=last {
            for act in acts {
                let shared = Shared::new();
                let acting = shared.clone();
                let mut act = Some(move || act(&acting));
                shared.run(number, move || act.take().expect("each step is shown once")());
                assert!(shared.is_alone(), "step {number}");
            }
        }
    });
}
