//! Tasks, destructors and wakers that panic.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};

use executor::{
    End, Event, JoinError, JoinHandle, gather, gather_all, sleep, spawn, spawn_fallible,
};
use queue::Queue;

use crate::common::child::{is_alone, run_alone};
use crate::common::{Log, OnDrop, ms, passes, seconds, virtual_run};

/// What the panic of a task said.
async fn panic_of<T: 'static>(task: JoinHandle<T>) -> String {
    match task.await {
        Err(JoinError::Panicked(panic)) => panic.message().to_string(),
        Err(JoinError::Cancelled) => panic!("it was to panic, not to be cancelled"),
        Ok(_) => panic!("it was to panic, not to end well"),
    }
}

/// A panic is the task's outcome, whatever it was thrown with. The loop goes on, and so do the others.
#[test]
fn a_task_that_panics() {
    virtual_run(async {
        let other = spawn(async {
            sleep(seconds(1)).await;
            "goes on"
        });
        let number = 3;
        assert_eq!(panic_of(spawn(async { panic!("words") })).await, "words");
        assert_eq!(panic_of(spawn(async move { panic!("number {number}") })).await, "number 3");
        assert_eq!(panic_of(spawn(async { panic_any(7) })).await, "(a panic without a message)");
        assert_eq!(other.await, Ok("goes on"));
    });
}

/// Two outcomes are equal if it was the same panic, not if the words are the same.
#[test]
fn a_panic_equals_itself_only() {
    virtual_run(async {
        let (task, other) = (spawn(async { panic!("words") }), spawn(async { panic!("words") }));
        let same = task.clone();
        let (end, same, other): (Result<(), _>, _, _) = (task.await, same.await, other.await);
        assert!(end.is_err() && end == same && end != other);
    });
}

/// For a gather a panic is a failure, and for `gather_all` an outcome among others.
#[test]
fn a_child_that_panics() {
    virtual_run(async {
        let children = || [spawn(async { 1 }), spawn(async { panic!("words") })];
        let Err(JoinError::Panicked(panic)) = gather(children()).await else { panic!("it fails") };
        assert_eq!(panic.message(), "words");
        let outcomes = gather_all(children()).await;
        assert_eq!(outcomes[0], Ok(1));
        assert!(matches!(outcomes[1], Err(JoinError::Panicked(_))));
    });
}

/// What a task held when it panicked is dropped, and what it had taken is given back.
#[test]
fn a_panic_drops_what_the_task_held() {
    virtual_run(async {
        let log = Log::new();
        let queue = Rc::new(Queue::<u32>::new(0));
        let task = spawn({
            let (log, queue) = (log.clone(), queue.clone());
            async move {
                let _held = OnDrop(|| log.add("dropped"));
                futures_lite::future::or(async { queue.get().await.unwrap() }, async {
                    sleep(ms(1)).await;
                    panic!("with a place in the queue's line")
                })
                .await
            }
        });
        let next = spawn({
            let queue = queue.clone();
            async move { queue.get().await.unwrap() }
        });
        assert_eq!(panic_of(task).await, "with a place in the queue's line");
        assert_eq!(log.take(), ["dropped"]);
        queue.try_put(1).unwrap();
        assert_eq!(next.await, Ok(1));
    });
}

/// A panic of the main future comes out of `run`, with what it was thrown with.
#[test]
fn the_main_future_panics() {
    struct Thrown(u32);
    let thrown = catch_unwind(|| virtual_run(async { panic_any(Thrown(7)) })).unwrap_err();
    assert_eq!(thrown.downcast_ref::<Thrown>().map(|thrown| thrown.0), Some(7));
}

/// Then the tasks that are left are dropped, each once, and so is what main held.
#[test]
fn the_main_future_panics_and_each_task_is_dropped_once() {
    let drops = Rc::new(Cell::new(0));
    let on_drop = || {
        let drops = drops.clone();
        OnDrop(move || drops.set(drops.get() + 1))
    };
    let run = || {
        virtual_run(async {
            let _of_main = on_drop();
            for _ in 0..10 {
                let (captured, local) = (on_drop(), on_drop());
                drop(spawn(async move {
                    let _captured = captured;
                    sleep(seconds(1)).await;
                    drop(local);
                }));
            }
            passes(1).await;
            let never_polled = on_drop();
            drop(spawn(async move { drop(never_polled) }));
            panic!("main")
        })
    };
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    assert_eq!(drops.get(), 1 + 20 + 1);
}

// ---- destructors

/// Panics when it is dropped, unless there is a panic already: two at a time would end the process.
struct Bomb(&'static str);

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("{}", self.0);
        }
    }
}

/// A future that is ready at once, and explodes when it is dropped.
struct ExplodesAfterwards<T>(Option<T>, #[allow(dead_code)] Bomb);

impl<T: Unpin> Future for ExplodesAfterwards<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        Poll::Ready(self.0.take().expect("polled once"))
    }
}

/// A task that is done, and panics when its future is dropped: the panic is the outcome.
#[test]
fn a_destructor_panics_after_the_end() {
    virtual_run(async {
        let task = spawn(ExplodesAfterwards(Some(1), Bomb("afterwards")));
        assert_eq!(panic_of(task).await, "afterwards");
    });
}

/// A task that is cancelled, and panics when its future is dropped: likewise.
#[test]
fn a_destructor_panics_in_a_cancellation() {
    virtual_run(async {
        let task = spawn(async {
            let _bomb = Bomb("cancelled");
            sleep(seconds(9)).await;
        });
        passes(1).await;
        task.cancel();
        assert_eq!(panic_of(task).await, "cancelled");
    });
}

/// The value of a task that nobody wants panics when it is dropped. So be it.
#[test]
fn a_value_that_nobody_takes_panics() {
    virtual_run(async {
        let task = spawn(async { Bomb("the value") });
        passes(2).await;
        assert!(task.is_finished());
        drop(task);
        drop(spawn(async { Bomb("of a detached task") }));
        passes(2).await;
        assert_eq!(spawn(async { "goes on" }).await, Ok("goes on"));
    });
}

/// Tasks that are left at the end of a run panic when they are dropped: the run ends well.
#[test]
fn a_destructor_panics_at_the_end_of_the_run() {
    let result = virtual_run(async {
        for name in ["waits", "has not started"] {
            drop(spawn(async move {
                let _bomb = Bomb(name);
                sleep(seconds(9)).await;
            }));
            passes(1).await;
        }
        let kept = spawn(async { Bomb("a value that is left") });
        passes(1).await;
        std::mem::forget(kept);
        "ends well"
    });
    assert_eq!(result, "ends well");
}

/// What a task panics with, panics when it is dropped.
#[test]
fn what_a_panic_was_thrown_with_panics() {
    virtual_run(async {
        let task = spawn(async { panic_any(Bomb("thrown")) });
        assert_eq!(panic_of(spawn(async move { drop(task.await) })).await, "thrown");
        drop(spawn(async { panic_any(Bomb("thrown, and nobody looks")) }));
        passes(2).await;
        assert_eq!(spawn(async { "goes on" }).await, Ok("goes on"));
    });
}

/// The future panics when it is dropped, and then its value does.
#[test]
fn two_destructors_panic() {
    assert!(run_alone("panics::two_bombs").passed);
}

#[test]
fn two_bombs() {
    if !is_alone() {
        return; // It is for `two_destructors_panic`.
    }
    virtual_run(async {
        let task = spawn(ExplodesAfterwards(Some(Bomb("the value")), Bomb("the future")));
        passes(2).await;
        assert!(task.is_finished());
        let Err(JoinError::Panicked(_)) = task.await else { panic!("it was to panic") };
        sleep(ms(1)).await;
    });
}

// ---- other code of users that runs in the loop

struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("in the waker");
    }
}

/// Begins to wait for something with a waker that panics.
fn poll_with_a_waker_that_panics(future: Pin<&mut impl Future>) {
    let waker = Arc::new(Panics).into();
    assert!(future.poll(&mut Context::from_waker(&waker)).is_pending());
}

/// A waker of others panics when a timer is due, a task ends, a gather is decided: in the loop itself.
#[test]
fn a_foreign_waker_panics_in_the_loop() {
    assert!(run_alone("panics::wakers_that_panic_in_the_loop").passed);
}

#[test]
fn wakers_that_panic_in_the_loop() {
    if !is_alone() {
        return; // It is for `a_foreign_waker_panics_in_the_loop`.
    }
    virtual_run(async {
        let mut timer = pin!(sleep(seconds(1)));
        let mut task = pin!(spawn(sleep(seconds(1))));
        let mut gathered = pin!(gather([spawn(sleep(seconds(1)))]));
        poll_with_a_waker_that_panics(timer.as_mut());
        poll_with_a_waker_that_panics(task.as_mut());
        poll_with_a_waker_that_panics(gathered.as_mut());
        sleep(seconds(2)).await;
        timer.await;
        task.await.unwrap();
        gathered.await.unwrap();
    });
}

/// A waker of others panics where an event is set. That is not the setter's panic; the event can be used on.
#[test]
fn a_foreign_waker_panics_in_a_task() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let mut wait = Box::pin(event.wait());
        poll_with_a_waker_that_panics(wait.as_mut());
        let setter = spawn({
            let event = event.clone();
            async move { event.set() }
        });
        assert_eq!(setter.await, Ok(()));
        wait.await;
        event.clear();
        event.set();
        event.wait().await;
    });
}

/// Cloning a value for several handles panics: in that task. The value is still there for the others.
#[test]
fn cloning_a_value_panics() {
    #[derive(Debug, PartialEq)]
    struct Fussy(Rc<Cell<u32>>);
    impl Clone for Fussy {
        fn clone(&self) -> Fussy {
            match self.0.replace(1) {
                0 => panic!("the first time"),
                _ => Fussy(self.0.clone()),
            }
        }
    }
    virtual_run(async {
        let task = spawn(async { Fussy(Rc::default()) });
        let first = task.clone();
        let joiner = spawn(async move { first.await.is_ok() });
        assert_eq!(panic_of(joiner).await, "the first time");
        assert!(task.await.is_ok());
    });
}

/// A task that fails and a task that panics are two things.
#[test]
fn a_failure_is_no_panic() {
    virtual_run(async {
        let task = spawn_fallible(async { Err::<(), _>("fails") });
        assert_eq!(task.await, Err(JoinError::Failed("fails")));
        assert_ne!(End::Failed, End::Panicked);
    });
}
