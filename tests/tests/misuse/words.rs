//! How errors, handles and times are printed: what a reader of a log has to go by.

use executor::{Elapsed, Instant, JoinError, RunError, current_task, spawn, spawn_fallible};
use queue::{PutError, Shutdown, TaskDoneError, TryGetError, TryPutError};

use crate::common::virtual_run;

/// Every error says in words what has happened.
#[test]
fn errors_say_what_has_happened() {
    let failed: JoinError<&str> = JoinError::Failed("no tea");
    assert_eq!(failed.to_string(), "the task failed: no tea");
    assert_eq!(JoinError::<&str>::Cancelled.to_string(), "the task was cancelled");
    let panicked = virtual_run(async { spawn(async { panic!("no cups") }).await }).unwrap_err();
    assert_eq!(panicked.to_string(), "the task panicked: no cups");

    assert_eq!(RunError::Cancelled.to_string(), "the main future was cancelled");
    assert_eq!(RunError::Stuck("who waits for what".into()).to_string(), "who waits for what");
    let elapsed = "the time of a timeout was over before what it waited for was ready";
    assert_eq!(Elapsed.to_string(), elapsed);

    let shut_down = "the queue is shut down";
    assert_eq!(PutError::Shutdown("tea").to_string(), shut_down);
    assert_eq!(TryPutError::Shutdown("tea").to_string(), shut_down);
    let full = "the queue is full: `put` would wait for room";
    assert_eq!(TryPutError::Full("tea").to_string(), full);
    let over = "the queue is shut down and empty: no item will come";
    assert_eq!(
        (Shutdown.to_string(), TryGetError::Shutdown.to_string()),
        (over.into(), over.into())
    );
    let empty = "the queue is empty: `get` would wait for an item";
    assert_eq!(TryGetError::Empty.to_string(), empty);
    let too_often = "`task_done` was called more often than items were put";
    assert_eq!(TaskDoneError.to_string(), too_often);
}

/// An error of a `put` can be unwrapped whatever the items are.
#[test]
fn items_need_not_be_printable() {
    struct Item;
    assert_eq!(format!("{:?}", PutError::Shutdown(Item)), "Shutdown(..)");
    assert_eq!(format!("{:?}", TryPutError::Full(Item)), "Full(..)");
    assert_eq!(format!("{:?}", TryPutError::Shutdown(Item)), "Shutdown(..)");
}

/// Tasks are told apart by their numbers, and times are printed as durations are.
#[test]
fn numbers_are_what_a_debug_output_shows() {
    virtual_run(async {
        assert_eq!(format!("{:?}", current_task().id()), "TaskId(0)");
        let task = spawn_fallible(async { Err::<(), _>("no tea") });
        assert_eq!(format!("{task:?}"), "JoinHandle { id: TaskId(1), .. }");
        assert_eq!(format!("{:?}", task.await), r#"Err(Failed("no tea"))"#);
        let next = spawn(async { panic!("no cups") });
        assert_eq!(format!("{:?}", next.id()), "TaskId(1.1)", "the second task in that row");
        let outcome: Result<(), _> = next.await;
        assert_eq!(format!("{outcome:?}"), r#"Err(Panicked(Panic("no cups")))"#);
    });
    assert_eq!(format!("{:?}", Instant::from_nanos(1_500_000_000)), "1.5s");
}
