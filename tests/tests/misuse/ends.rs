//! What outlives a run, and what is left at its end.

use std::cell::RefCell;
use std::future::pending;
use std::rc::Rc;

use executor::{
    Clock, Event, Executor, JoinError, JoinHandle, RunError, TaskRef, current_task, gather,
    gather_all, now, sleep, spawn, timeout, yield_now,
};
use queue::Queue;

use crate::common::{Log, OnDrop, ms, passes, seconds, virtual_run};

/// Runs a future that can't come to its end.
fn run_until_stuck(future: impl Future) -> String {
    match Executor::new(Clock::virtual_time()).try_run(future) {
        Err(RunError::Stuck(report)) => report,
        _ => panic!("it was to be stuck"),
    }
}

// ---- handles that outlive the run

/// A handle whose executor is gone: its task has ended, as a cancelled one, whatever it did.
#[test]
fn a_handle_whose_run_is_over() {
    let handles = virtual_run(async {
        let handles = [spawn(async { 1 }), spawn(pending())];
        passes(2).await;
        handles
    });
    for handle in &handles {
        assert!(handle.is_finished());
        assert!(!handle.cancel());
        assert_eq!(handle.outcome(), Some(Err(JoinError::Cancelled)));
        assert!(handle.name().starts_with("task "));
    }
    let [first, second] = handles.clone();
    assert_eq!(virtual_run(first), Err(JoinError::Cancelled));
    assert_eq!(virtual_run(second), Err(JoinError::Cancelled));
    drop(handles);
}

/// Handles of another run do not reach into this one: what has their place in the table here is none of
/// their business.
#[test]
fn a_handle_of_another_run() {
    let old = virtual_run(async { spawn(async { 1 }) });
    virtual_run(async {
        let new = spawn(async {
            sleep(seconds(5)).await;
            2
        });
        assert_eq!(new.id(), new.id());
        assert!(!old.cancel());
        assert_eq!(old.clone().await, Err(JoinError::Cancelled));
        assert_eq!(now().as_nanos(), 0);
        assert_eq!(new.await, Ok(2));
    });
}

/// The same through a gather.
#[test]
fn a_gather_of_handles_of_another_run() {
    let old = virtual_run(async { [spawn(async { 1 }), spawn(async { 1 })] });
    virtual_run(async {
        let new = spawn(async {
            sleep(seconds(5)).await;
            2
        });
        assert_eq!(gather(old.clone()).await, Err(JoinError::Cancelled));
        assert_eq!(gather_all(old.clone()).await, [(); 2].map(|()| Err(JoinError::Cancelled)));
        assert_eq!(now().as_nanos(), 0, "there was nothing to wait for");

        let gatherer = spawn(gather_all(old.into_iter().chain([new.clone()])));
        passes(1).await;
        assert!(!gatherer.is_finished());
        assert_eq!(gatherer.await.unwrap()[2], Ok(2));
        assert_eq!(new.await, Ok(2));
    });
}

/// The main task's number after the run: it has ended, and can't be cancelled.
#[test]
fn a_task_ref_whose_run_is_over() {
    let main: TaskRef = virtual_run(async { current_task() });
    assert!(main.is_finished());
    assert!(!main.cancel());
    virtual_run(async {
        assert!(main.is_finished(), "this is another main task");
        assert!(!main.cancel());
        yield_now().await;
    });
}

/// A queue and an event that outlive the run are as they were; nobody waits in their lines any more.
#[test]
fn a_queue_and_an_event_that_outlive_the_run() {
    let (queue, event) = (Rc::new(Queue::new(0)), Rc::new(Event::new()));
    virtual_run(async {
        drop(spawn({
            let (queue, event) = (queue.clone(), event.clone());
            async move {
                let _: u32 = queue.get().await.unwrap();
                event.wait().await;
            }
        }));
        passes(1).await;
    });
    queue.try_put(7).unwrap();
    event.set();
    assert_eq!(virtual_run(queue.get()), Ok(7));
    virtual_run(event.wait());
}

// ---- what is left at the end of a run

/// Tasks that are left are dropped, whatever they wait for, and so are outcomes nobody has taken.
#[test]
fn what_is_left_is_dropped() {
    let memory = Rc::new(());
    virtual_run(async {
        let (queue, event) = (Rc::new(Queue::<u32>::new(1)), Rc::new(Event::new()));
        let held = memory.clone();
        let task = spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        let held = memory.clone();
        drop(spawn(async move {
            let _held = held;
            gather([task]).await.unwrap();
        }));
        for _ in 0..3 {
            let (queue, event, held) = (queue.clone(), event.clone(), memory.clone());
            drop(spawn(async move {
                let _held = held;
                let limited = timeout(seconds(1), event.wait());
                futures_lite::future::zip(queue.get(), limited).await.0.unwrap();
            }));
        }
        let held = memory.clone();
        std::mem::forget(spawn(async move { held }));
        passes(2).await;
        assert_eq!(Rc::strong_count(&memory), 7);
    });
    assert_eq!(Rc::strong_count(&memory), 1);
}

/// The same when the run ends because it is stuck, or because main is cancelled.
#[test]
fn what_is_left_is_dropped_however_the_run_ends() {
    let memory = Rc::new(());
    let leave_some = || {
        for _ in 0..3 {
            let held = memory.clone();
            drop(spawn(async move {
                let _held = held;
                pending::<()>().await;
            }));
        }
    };
    run_until_stuck(async {
        let _held = memory.clone();
        leave_some();
        pending::<()>().await;
    });
    assert_eq!(Rc::strong_count(&memory), 1);

    let cancelled = Executor::new(Clock::virtual_time()).try_run(async {
        let _held = memory.clone();
        leave_some();
        passes(1).await;
        current_task().cancel();
        passes(1).await;
    });
    assert_eq!(cancelled, Err(RunError::Cancelled));
    assert_eq!(Rc::strong_count(&memory), 1);
}

/// Destructors that spawn while the run ends. As long as there are tasks to be ended the new ones may begin; in
/// the end they are dropped, and their handles say so.
#[test]
fn spawn_in_a_destructor_at_the_end() {
    let log = Log::new();
    let handles = Rc::new(RefCell::new(Vec::<JoinHandle<()>>::new()));
    virtual_run(async {
        for _ in 0..3 {
            let (log, handles) = (log.clone(), handles.clone());
            drop(spawn(async move {
                let _dropped = OnDrop(|| {
                    let log = log.clone();
                    let on_drop = OnDrop(move || log.add("dropped"));
                    handles.borrow_mut().push(spawn(async move {
                        pending::<()>().await;
                        drop(on_drop);
                    }));
                });
                pending::<()>().await;
            }));
        }
        passes(1).await;
    });
    assert_eq!(log.take(), ["dropped"; 3]);
    for handle in handles.borrow().iter() {
        assert!(handle.is_finished());
    }
}

/// What the last of them spawns does not begin any more.
#[test]
fn spawn_in_the_last_destructor_at_the_end() {
    let log = Log::new();
    virtual_run(async {
        let log = log.clone();
        drop(spawn(async move {
            let _dropped = OnDrop(|| {
                let log = log.clone();
                drop(spawn(async move { log.add("has begun") }));
            });
            pending::<()>().await;
        }));
        passes(1).await;
    });
    assert_eq!(log.take(), [""; 0]);
}

/// A destructor that spawns a task with a destructor that spawns a task, and so on: a run ends all the same.
#[test]
fn spawn_in_a_destructor_again_and_again() {
    fn spawn_another(left: u32, log: Log<u32>) {
        let on_drop = OnDrop(move || {
            log.add(left);
            if left > 0 {
                spawn_another(left - 1, log.clone());
            }
        });
        drop(spawn(async move {
            pending::<()>().await;
            drop(on_drop);
        }));
    }
    let log = Log::new();
    virtual_run(async { spawn_another(100, log.clone()) });
    assert_eq!(log.take(), (0..=100).rev().collect::<Vec<_>>());
}

/// Destructors that use everything else while the run ends: the clock, a queue, an event, their own handles.
#[test]
fn everything_in_a_destructor_at_the_end() {
    let log = Log::new();
    let event = Rc::new(Event::new());
    virtual_run(async {
        for _ in 0..3 {
            let own = Rc::new(RefCell::new(None::<JoinHandle<()>>));
            let task = spawn({
                let (own, log, event) = (own.clone(), log.clone(), event.clone());
                let queue = Queue::new(0);
                async move {
                    let _dropped = OnDrop(|| {
                        queue.try_put(now()).unwrap();
                        queue.shutdown(true);
                        event.set();
                        drop(sleep(ms(1)));
                        assert!(own.take().is_some_and(|own| own.cancel()));
                        log.add("dropped");
                    });
                    event.wait().await;
                    pending::<()>().await;
                }
            });
            own.replace(Some(task));
        }
        passes(1).await;
    });
    assert_eq!(log.take(), ["dropped"; 3]);
    assert!(event.is_set());
}

/// Two tasks that await each other never end, and a destructor spawns one that gives way for ever: the run ends all
/// the same, for what is spawned at the end is cancelled, too.
#[test]
fn a_run_ends_whatever_is_spawned_at_its_end() {
    let polled = Rc::new(RefCell::new(false));
    virtual_run(async {
        let second = Rc::new(RefCell::new(None::<JoinHandle<()>>));
        let first = spawn({
            let second = second.clone();
            async move {
                yield_now().await;
                let awaited = second.take().expect("put there below");
                let _ = awaited.await;
            }
        });
        second.replace(Some(spawn(async move { _ = first.await })));
        let polled = polled.clone();
        drop(spawn(async move {
            let _dropped = OnDrop(|| {
                let polled = polled.clone();
                drop(spawn(async move {
                    polled.replace(true);
                    loop {
                        yield_now().await;
                    }
                }));
            });
            pending::<()>().await;
        }));
        passes(3).await;
    });
    assert!(!polled.take(), "what is spawned at the end is dropped, not polled");
}

/// A gather that has given its outcome has no other one.
#[test]
#[should_panic = "a gather was polled after it had given its outcome"]
fn a_gather_polled_after_its_end() {
    virtual_run(async {
        let mut gathered = std::pin::pin!(gather([spawn(async { 1 })]));
        assert_eq!(gathered.as_mut().await, Ok(vec![1]));
        let _ = gathered.await;
    });
}

/// A handle that has given the outcome has no other one, also if it was the last of several.
#[test]
#[should_panic = "a JoinHandle was polled after it had given the outcome"]
fn the_last_of_several_handles_polled_after_its_end() {
    virtual_run(async {
        let mut handle = std::pin::pin!(spawn(async { 1 }));
        assert_eq!(handle.clone().await, Ok(1));
        assert_eq!(handle.as_mut().await, Ok(1));
        let _ = handle.await;
    });
}
