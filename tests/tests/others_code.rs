//! Code of other people runs in the middle of ours: an observer at a step, the `clone` and the `drop` of a foreign
//! waker. Whatever it does there, the loop goes on, and nothing is lost.

#[path = "alone/mod.rs"]
mod alone;
mod common;

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Wake, Waker};

use alone::alone;
use common::{ms, passes, virtual_run};
use executor::*;

type Shared<F> = Rc<RefCell<Option<Pin<Box<F>>>>>;
/// Where an observer finds it.
type Slot<F> = Rc<RefCell<Option<Shared<F>>>>;
type Tasks = Gather<(), Infallible>;

fn shared<F>(future: F) -> Shared<F> {
    Rc::new(RefCell::new(Some(Box::pin(future))))
}

/// Polls it as long as it is there, then waits for ever.
fn polls<F: Future>(future: Shared<F>) -> impl Future<Output = ()> {
    poll_fn(move |cx| match &mut *future.borrow_mut() {
        Some(future) => future.as_mut().poll(cx).map(|_| ()),
        None => Poll::Pending,
    })
}

struct On<F>(StepKindName, F);
type StepKindName = fn(&StepKind) -> bool;
impl<F: FnMut(&State<'_>)> Observer for On<F> {
    fn step(&mut self, step: &Step, state: &State<'_>) {
        if (self.0)(&step.kind) {
            (self.1)(state);
        }
    }
}

fn observed<T: 'static>(
    kind: StepKindName,
    act: impl FnMut(&State<'_>) + 'static,
    main: impl Future<Output = T>,
) -> Result<T, RunError> {
    let observer = Rc::new(RefCell::new(On(kind, act)));
    Executor::new(Clock::virtual_time()).observed_by(observer).try_run(main)
}

#[test]
fn observer_drops_gather_in_its_call_and_looks() {
    let slot: Slot<Tasks> = Rc::default();
    let there = slot.clone();
    let end = observed(
        |kind| matches!(kind, StepKind::CallChild { .. }),
        move |state| {
            if let Some(gather) = there.borrow_mut().take() {
                gather.take();
                drop(state.tasks());
            }
        },
        async move {
            let gather = shared(gather([spawn(yield_now())]));
            slot.replace(Some(gather.clone()));
            let _ = timeout(ms(5), polls(gather)).await;
        },
    );
    assert!(end.is_ok(), "{end:?}");
}

#[test]
fn observer_drops_gather_in_its_call_and_cancels_who_awaits_it() {
    let slot: Slot<Tasks> = Rc::default();
    let task: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
    let (there, whom) = (slot.clone(), task.clone());
    let end = observed(
        |kind| matches!(kind, StepKind::CallChild { .. }),
        move |_| {
            if let Some(gather) = there.borrow_mut().take() {
                gather.take();
                whom.borrow().as_ref().unwrap().cancel();
            }
        },
        async move {
            let gather = shared(gather([spawn(yield_now())]));
            slot.replace(Some(gather.clone()));
            let waiting = spawn(polls(gather));
            task.replace(Some(waiting.clone()));
            timeout(ms(5), waiting).await
        },
    );
    assert!(matches!(end, Ok(Ok(Err(JoinError::Cancelled)))), "{end:?}");
}

#[test]
fn observer_drops_sleep_in_its_call_and_looks() {
    let slot: Slot<Sleep> = Rc::default();
    let there = slot.clone();
    let end = observed(
        |kind| matches!(kind, StepKind::CallTimer { .. }),
        move |state| {
            if let Some(sleep) = there.borrow_mut().take() {
                sleep.take();
                drop(state.tasks());
            }
        },
        async move {
            let sleep = shared(sleep(ms(1)));
            slot.replace(Some(sleep.clone()));
            let _ = timeout(ms(5), polls(sleep)).await;
        },
    );
    assert!(end.is_ok(), "{end:?}");
}

thread_local! {
    static ON_CLONE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

fn acts_when_cloned() -> Waker {
    fn clone(_: *const ()) -> RawWaker {
        let act = ON_CLONE.take();
        if let Some(act) = act {
            act();
        }
        RawWaker::new(std::ptr::null(), &TABLE)
    }
    static TABLE: RawWakerVTable = RawWakerVTable::new(clone, |_| {}, |_| {}, |_| {});
    unsafe { Waker::from_raw(RawWaker::new(std::ptr::null(), &TABLE)) }
}

#[test]
fn clone_of_a_foreign_waker_sets_the_event() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let mut wait = pin!(event.wait());
        assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        ON_CLONE.set(Some(Box::new({
            let event = event.clone();
            move || event.set()
        })));
        let _ = wait.as_mut().poll(&mut Context::from_waker(&acts_when_cloned()));
        assert_eq!(timeout(ms(5), wait).await, Ok(()), "the wake was lost");
    });
}

struct BadDrop;
impl Wake for BadDrop {
    fn wake(self: Arc<BadDrop>) {}
}
impl Drop for BadDrop {
    fn drop(&mut self) {
        resume_unwind(Box::new("bad drop"))
    }
}

fn bad() -> Waker {
    Waker::from(Arc::new(BadDrop))
}

/// Something that waits, and has a waker whose destructor panics.
fn with_a_bad_waker(what: &str) -> Pin<Box<dyn Future<Output = ()>>> {
    let mut future: Pin<Box<dyn Future<Output = ()>>> = match what {
        "sleep" => Box::pin(sleep(ms(1))),
        "event" => Box::pin(async { Event::new().wait().await }),
        "timeout" => Box::pin(async { assert!(timeout(ms(1), pending::<()>()).await.is_err()) }),
        _ => Box::pin(async { drop(gather([spawn(pending::<()>())]).await) }),
    };
    assert!(future.as_mut().poll(&mut Context::from_waker(&bad())).is_pending());
    future
}

const WAITS: [&str; 4] = ["sleep", "event", "timeout", "gather"];

#[test]
fn a_waker_whose_destructor_panics_is_dropped_quietly() {
    virtual_run(async {
        for what in WAITS {
            let future = with_a_bad_waker(what);
            assert!(catch_unwind(AssertUnwindSafe(|| drop(future))).is_ok(), "{what}");
        }
    });
}

/// Two panics at the same time would be the end of the process.
#[test]
fn a_task_panics_while_it_holds_such_a_waker() {
    alone("a_task_panics_while_it_holds_such_a_waker", || {
        virtual_run(async {
            for what in WAITS {
                let task = spawn(async move {
                    let _future = with_a_bad_waker(what);
                    resume_unwind(Box::new("first"))
                });
                assert!(matches!(task.await, Err::<(), _>(JoinError::Panicked(_))), "{what}");
            }
        });
    });
}

#[test]
fn a_main_panics_and_leaves_such_a_waker() {
    alone("a_main_panics_and_leaves_such_a_waker", || {
        for what in WAITS {
            let kept = RefCell::new(None);
            let end: Result<(), _> = catch_unwind(AssertUnwindSafe(|| {
                virtual_run(async {
                    kept.replace(Some(with_a_bad_waker(what)));
                    resume_unwind(Box::new("first"))
                })
            }));
            assert_eq!(end.unwrap_err().downcast_ref::<&str>(), Some(&"first"), "{what}");
        }
    });
}

/// A yield has its own line, which is told when it goes on.
#[test]
fn the_line_of_a_yield() {
    let lines: Rc<RefCell<Vec<(&'static str, u32)>>> = Rc::default();
    struct Lines(Rc<RefCell<Vec<(&'static str, u32)>>>);
    impl Observer for Lines {
        fn step(&mut self, step: &Step, _: &State<'_>) {
            self.0.borrow_mut().push((step.kind.name(), step.user.map_or(0, |user| user.line())));
        }
    }
    let observer = Rc::new(RefCell::new(Lines(lines.clone())));
    let yields = Cell::new(0);
    Executor::new(Clock::virtual_time()).observed_by(observer).run(async {
        let event = Event::new();
        yields.set(line!() + 1);
        let gives_way = yield_now();
        let waits = event.wait();
        futures_lite::future::or(gives_way, waits).await;
    });
    let lines = lines.borrow();
    let ready = lines.iter().rfind(|(kind, _)| *kind == "ready").unwrap();
    assert_eq!(ready.1, yields.get(), "{lines:?}");
}

fn later<T: 'static>(make: impl FnOnce() -> T, then: impl FnOnce(T)) {
    let kept = virtual_run(async { make() });
    for _ in 1..65_535 {
        virtual_run(async {});
    }
    virtual_run(async { then(kept) });
}
#[test]
fn a_handle_polled_65_535_runs_later() {
    alone("a_handle_polled_65_535_runs_later", || {
        later(
            || spawn(pending::<()>()),
            |mut handle| {
                let poll = Pin::new(&mut handle).poll(&mut Context::from_waker(Waker::noop()));
                assert_eq!(poll, Poll::Ready(Err(JoinError::Cancelled)));
            },
        );
    });
}
#[test]
fn a_gather_polled_65_535_runs_later() {
    alone("a_gather_polled_65_535_runs_later", || {
        later(
            || gather_all([spawn(pending::<()>())]),
            |mut gather| {
                let poll = Pin::new(&mut gather).poll(&mut Context::from_waker(Waker::noop()));
                assert_eq!(poll, Poll::Ready(vec![Err(JoinError::Cancelled)]));
            },
        );
    });
}

/// Several threads, one observed.
#[test]
fn one_of_several_threads_is_observed() {
    let threads = [0, 1, 2, 3].map(|thread| {
        std::thread::spawn(move || {
            for _ in 0..200 {
                let steps: Rc<Cell<u64>> = Rc::default();
                struct Count(Rc<Cell<u64>>);
                impl Observer for Count {
                    fn step(&mut self, step: &Step, state: &State<'_>) {
                        self.0.set(step.number);
                        drop((state.tasks(), state.ready(), state.timers()));
                    }
                }
                let mut executor = Executor::new(Clock::virtual_time());
                if thread == 0 {
                    executor = executor.observed_by(Rc::new(RefCell::new(Count(steps.clone()))));
                }
                executor.run(async {
                    let tasks = [1, 2, 3].map(|n| spawn(async move { sleep(ms(n)).await }));
                    gather(tasks).await.unwrap();
                    passes(3).await;
                });
                assert_eq!(steps.get() > 0, thread == 0);
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}
