//! Deadlines beyond the end of time, and tasks that wait for themselves.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use executor::{
    Clock, Elapsed, Executor, Instant, JoinError, JoinHandle, RunError, gather, now, pass, sleep,
    sleep_until, spawn, timeout, yield_now,
};

use crate::common::{Log, passes, seconds, virtual_run};

/// Times are nanoseconds in 64 bits. What is later than they can say is at their end, not at their beginning.
#[test]
fn deadlines_saturate() {
    virtual_run(async {
        sleep(seconds(1)).await;
        assert_eq!(now() + Duration::MAX, Instant::MAX);
        assert_eq!(timeout(seconds(1), sleep(Duration::MAX)).await, Err(Elapsed));
        assert_eq!(timeout(Duration::MAX, sleep(seconds(1))).await, Ok(()));
        assert_eq!(now().as_millis(), 3000);
        sleep(Duration::MAX).await;
        assert_eq!(now(), Instant::MAX);
    });
}

/// At the end of time everything is due at once: nobody waits for ever, and nobody wakes too early.
#[test]
fn at_the_end_of_time() {
    virtual_run(async {
        sleep_until(Instant::MAX).await;
        let end = pass();
        sleep(Duration::from_nanos(1)).await;
        sleep(Duration::MAX).await;
        sleep_until(Instant::MAX).await;
        assert_eq!(now(), Instant::MAX);
        assert_eq!(pass() - end, 3 * 2);
        assert_eq!(timeout(seconds(1), std::future::pending::<()>()).await, Err(Elapsed));
    });
}

/// Deadlines that saturate are equal then, and come up in the order in which they were armed.
#[test]
fn saturated_deadlines_keep_their_order() {
    virtual_run(async {
        sleep(seconds(1)).await;
        let log = Log::new();
        let durations = [Duration::MAX, Duration::from_nanos(u64::MAX), Duration::MAX / 2];
        let sleepers = [0, 1, 2].map(|number| {
            let log = log.clone();
            spawn(async move {
                sleep(durations[number]).await;
                log.add(number);
            })
        });
        gather(sleepers).await.unwrap();
        assert_eq!(log.take(), [0, 1, 2]);
    });
}

/// A virtual clock that is moved beyond the end stays there; differences are never negative.
#[test]
fn arithmetic_of_time_saturates() {
    let clock = Clock::virtual_time();
    clock.advance(Duration::MAX);
    clock.advance(Duration::MAX);
    assert_eq!(clock.now(), Instant::MAX);
    assert_eq!(Instant::ZERO - Instant::MAX, Duration::ZERO);
    assert_eq!(Instant::MAX - Instant::ZERO, Duration::from_nanos(u64::MAX));
    assert_eq!(Instant::MAX.duration_since(Instant::MAX), Duration::ZERO);
}

// ---- cycles

/// A place for a task's own handle, which it can have only after it has been spawned.
type Own = Rc<RefCell<Option<JoinHandle<()>>>>;

/// A task that awaits itself panics, and says so; the loop goes on.
#[test]
fn a_task_that_awaits_itself() {
    virtual_run(async {
        let own = Own::default();
        let task = spawn({
            let own = own.clone();
            async move {
                let handle = own.take().expect("put there below");
                let _ = handle.await;
            }
        });
        own.replace(Some(task.clone()));
        let Err(JoinError::Panicked(panic)) = task.await else { panic!("it was to panic") };
        assert_eq!(panic.message(), "a task awaits itself, and would wait for ever");
    });
}

/// A task that gathers itself can't come to its end. On the virtual clock that is an error; cancelling it does
/// not help, and does not hang.
#[test]
fn a_task_that_gathers_itself() {
    for cancelled in [false, true] {
        let result = Executor::new(Clock::virtual_time()).try_run(async {
            let own = Own::default();
            let task = spawn({
                let own = own.clone();
                async move {
                    let handle = own.take().expect("put there below");
                    let _ = gather([handle]).await;
                }
            });
            own.replace(Some(task.clone()));
            passes(2).await;
            if cancelled {
                assert!(task.cancel());
            }
            task.await
        });
        let Err(RunError::Stuck(report)) = result else { panic!("it can't go on: {result:?}") };
        assert!(report.contains("task 1 waits for the ends of task 1"), "{report}");
    }
}

/// Two tasks that await each other: see `divergences::cancelling`. Here is a ring of a thousand, of which one is
/// cancelled: the request goes round once, and stops.
#[test]
fn a_ring_of_tasks_that_await_each_other() {
    const TASKS: usize = 1000;
    let result = Executor::new(Clock::virtual_time()).try_run(async {
        let handles: Rc<RefCell<Vec<JoinHandle<()>>>> = Rc::default();
        for number in 0..TASKS {
            let next = handles.clone();
            let task = spawn(async move {
                let next = next.borrow()[(number + 1) % TASKS].clone();
                let _ = next.await;
            });
            handles.borrow_mut().push(task);
        }
        yield_now().await;
        let task = handles.borrow()[0].clone();
        task.cancel();
        task.await
    });
    assert!(matches!(result, Err(RunError::Stuck(_))), "{result:?}");
}

/// A chain of a hundred thousand tasks, each awaiting the next, cancelled at its head: no stack overflows, neither
/// when the request goes down nor when the ends come up.
#[test]
fn a_long_chain() {
    virtual_run(async {
        let mut chain = spawn(sleep(seconds(9)));
        for _ in 0..100_000 {
            chain = spawn(async move { chain.await.unwrap() });
        }
        passes(2).await;
        assert!(chain.cancel());
        assert_eq!(chain.await, Err(JoinError::Cancelled));
        assert_eq!(now().as_nanos(), 0);
    });
}
