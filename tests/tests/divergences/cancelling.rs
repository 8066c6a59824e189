//! Cancelling.

use std::cell::RefCell;
use std::rc::Rc;

use executor::{
    Clock, Executor, JoinError, JoinHandle, RunError, current_task, gather, pass, sleep, spawn,
    spawn_fallible, timeout, yield_now,
};
use futures_lite::future::poll_once;

use crate::common::{Log, OnDrop, ms, passes, seconds, virtual_run};

/// Row 6. `cancel` drops nothing, and runs no code of the task. At its turn the task is dropped.
#[test]
fn cancel_drops_nothing_by_itself() {
    virtual_run(async {
        let log = Log::new();
        let task = spawn({
            let log = log.clone();
            async move {
                let _dropped = OnDrop(|| log.add(pass()));
                sleep(seconds(9)).await;
            }
        });
        yield_now().await;
        task.cancel();
        assert_eq!(log.take(), []);
        let cancelled = pass();
        yield_now().await;
        assert_eq!(log.take(), [cancelled + 1]);
    });
}

/// Row 8. Dropping a handle cancels nothing: the task goes on, detached.
#[test]
fn dropping_a_handle_cancels_nothing() {
    virtual_run(async {
        let log = Log::new();
        let task = spawn({
            let log = log.clone();
            async move {
                sleep(seconds(1)).await;
                log.add("goes on");
            }
        });
        drop(task);
        let awaited = spawn({
            let log = log.clone();
            async move {
                sleep(seconds(1)).await;
                log.add("goes on, too");
            }
        });
        assert!(poll_once(awaited).await.is_none(), "begins to wait for it, and drops the handle");
        sleep(seconds(2)).await;
        assert_eq!(log.take(), ["goes on", "goes on, too"]);
    });
}

/// Row 19. A request is not an end: until the task has had its turn, it has not ended.
#[test]
fn a_cancelled_task_has_not_ended_before_its_turn() {
    virtual_run(async {
        let task = spawn(sleep(seconds(9)));
        yield_now().await;
        assert!(task.cancel());
        assert!(!task.is_finished());
        assert_eq!(task.outcome(), None);
        yield_now().await;
        assert_eq!(task.outcome(), Some(Err(JoinError::Cancelled)));
    });
}

/// Row 20. In asyncio two requests are lost: one to a task in a `gather` of which another child has failed in
/// the same moment, and one that a task makes to itself before a timeout which expires. Here none is.
#[test]
fn a_request_to_cancel_is_not_lost() {
    virtual_run(async {
        // asyncio: KeyError comes out of the gather, and the task ends well.
        let gatherer = spawn(async {
            let fails = spawn_fallible(async {
                passes(1).await;
                Err::<(), _>("KeyError")
            });
            let sleeps = spawn_fallible(async {
                sleep(seconds(99)).await;
                Ok(())
            });
            let _ = gather([fails, sleeps]).await;
            "ends well"
        });
        passes(3).await;
        assert!(gatherer.cancel());
        assert_eq!(gatherer.await, Err(JoinError::Cancelled));

        // asyncio: TimeoutError comes out of the timeout, and the task ends well.
        let itself = spawn(async {
            current_task().cancel();
            let _ = timeout(ms(0), sleep(seconds(99))).await;
            "ends well"
        });
        assert_eq!(itself.await, Err(JoinError::Cancelled));
    });
}

/// Row 21. A task that is cancelled runs no code of its own any more but its destructors. It can't refuse, and
/// can't await anything.
#[test]
fn a_cancelled_task_runs_only_destructors() {
    virtual_run(async {
        let log = Log::new();
        let task = spawn({
            let log = log.clone();
            async move {
                let _finally = OnDrop(|| log.add("the destructor"));
                loop {
                    // asyncio: `except CancelledError: pass` would go on.
                    sleep(seconds(9)).await;
                    log.add("goes on");
                }
            }
        });
        yield_now().await;
        task.cancel();
        assert_eq!(task.await, Err::<(), _>(JoinError::Cancelled));
        assert_eq!(log.take(), ["the destructor"]);
    });
}

/// Row 25. Two tasks await each other, and one is cancelled. The request goes round, and stops where it began; it
/// ends neither, for each waits for the other's end. On the virtual clock that is an error, which names
/// them; in asyncio the request recurses until the stack is full. At the end of the run both are dropped.
#[test]
fn two_tasks_that_await_each_other() {
    let log = Log::new();
    let result = Executor::new(Clock::virtual_time()).try_run(async {
        let handles: Rc<RefCell<Vec<JoinHandle<()>>>> = Rc::default();
        for other in [1, 0] {
            let (handles, log) = (handles.clone(), log.clone());
            let task = spawn({
                let handles = handles.clone();
                async move {
                    let _dropped = OnDrop(|| log.add("dropped"));
                    let other = handles.borrow()[other].clone();
                    let _ = other.await;
                }
            });
            handles.borrow_mut().push(task);
        }
        yield_now().await;
        let first = handles.borrow()[0].clone();
        assert!(first.cancel());
        assert!(first.cancel());
        first.await
    });
    let Err(RunError::Stuck(report)) = result else { panic!("it can't go on: {result:?}") };
    assert!(report.contains("task 1 waits for the end of task 2"), "{report}");
    assert!(report.contains("task 2 waits for the end of task 1"), "{report}");
    assert_eq!(log.take(), ["dropped"; 2]);
}
