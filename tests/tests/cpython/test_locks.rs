//! `test_locks.py`: `EventTests`. (There is no lock, condition, semaphore or barrier here.)

use std::rc::Rc;

use executor::{Event, JoinError, pass, spawn};

use crate::common::{Log, passes, virtual_run};

/// All who wait go on when the event is set, in their order; but first who comes only now, and
/// need not wait.
#[test]
fn test_wait() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        assert!(!event.is_set());
        let log = Log::new();
        let wait = |number: u32| {
            let (event, log) = (event.clone(), log.clone());
            spawn(async move {
                event.wait().await;
                log.add(number);
            })
        };
        let (first, second) = (wait(1), wait(2));
        passes(1).await;
        assert_eq!(log.take(), []);

        let third = wait(3);
        event.set();
        passes(1).await;
        assert_eq!(log.take(), [3, 1, 2]);
        for task in [first, second, third] {
            assert!(task.is_finished());
            assert_eq!(task.await, Ok(()));
        }
    });
}

/// Waiting for an event that is set takes no time, and no turn.
#[test]
fn test_wait_on_set() {
    virtual_run(async {
        let event = Event::new();
        event.set();
        event.wait().await;
        assert_eq!(pass(), 1);
    });
}

/// A waiter that is cancelled stands in line no longer. (asyncio looks into the line. Here the event could not
/// be moved out while anyone waits for it, and who is in line is woken.)
#[test]
fn test_wait_cancel() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let waiter = spawn({
            let event = event.clone();
            async move { event.wait().await }
        });
        passes(1).await;
        waiter.cancel();
        assert_eq!(waiter.await, Err(JoinError::Cancelled));
        event.set();
        assert!(Rc::into_inner(event).is_some_and(|event| event.is_set()));
    });
}

/// Set, and not set again.
#[test]
fn test_clear() {
    let event = Event::new();
    assert!(!event.is_set());
    event.set();
    assert!(event.is_set());
    event.clear();
    assert!(!event.is_set());
}

/// A waiter goes on though the event is cleared in the moment in which it was set; and setting it once more
/// does not wake it twice.
#[test]
fn test_clear_with_waiters() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let log = Log::new();
        let waiter = spawn({
            let (event, log) = (event.clone(), log.clone());
            async move {
                event.wait().await;
                log.add("goes on");
                true
            }
        });
        passes(1).await;
        assert_eq!(log.take(), [""; 0]);

        event.set();
        event.clear();
        assert!(!event.is_set());
        event.set();
        event.set();
        passes(1).await;
        assert_eq!(log.take(), ["goes on"]);
        assert!(waiter.is_finished());
        assert_eq!(waiter.await, Ok(true));
    });
}
