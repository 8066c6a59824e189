//! Checks of chapter 18.

use std::future::pending;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use executor::{Clock, Executor, gather, sleep, spawn, yield_now};

use crate::exercise_18::{Connection, Log, current, in_thread, scope};

#[test]
fn exercise_1_another_thread_works_while_the_loop_goes_on() {
    executor::run(async {
        let (sender, receiver) = channel();
        // The thread waits for a task of the loop: if the loop waited for the thread, neither would go on.
        let patience = Duration::from_secs(10);
        let answer =
            spawn(in_thread(move || (receiver.recv_timeout(patience), thread::current().id())));
        sleep(Duration::from_millis(1)).await;
        sender.send(42).expect("somebody receives");
        let (received, thread) = answer.await.expect("no panic");
        assert_eq!(received, Ok(42), "the closure is told something by the loop, while it runs");
        assert_ne!(thread, thread::current().id(), "it runs on another thread");
    });
}

#[test]
fn exercise_1_many_at_once() {
    let began = Instant::now();
    let sum = executor::run(async {
        let work = |n: u64| {
            move || {
                thread::sleep(Duration::from_millis(n % 3));
                n
            }
        };
        let all = gather((0..50).map(|n| spawn(in_thread(work(n))))).await.expect("no panic");
        all.iter().sum::<u64>()
    });
    assert_eq!(sum, 49 * 50 / 2);
    assert!(began.elapsed() < Duration::from_secs(10), "no wake-up is lost");
}

/// What `current()` is before and after giving way, several times.
async fn looks() -> Vec<Option<u32>> {
    let mut seen = vec![current()];
    for _ in 0..3 {
        yield_now().await;
        seen.push(current());
    }
    seen
}

#[test]
fn exercise_2_each_task_sees_its_own_value() {
    let executor = Executor::new(Clock::virtual_time());
    let (one, two, none) = executor.run(async {
        let (one, two, none) = (spawn(scope(1, looks())), spawn(scope(2, looks())), spawn(looks()));
        (one.await.unwrap(), two.await.unwrap(), none.await.unwrap())
    });
    assert_eq!(one, [Some(1); 4], "in scope 1");
    assert_eq!(two, [Some(2); 4], "in scope 2");
    assert_eq!(none, [None; 4], "in no scope");
}

#[test]
fn exercise_2_scopes_in_scopes() {
    let seen = Executor::new(Clock::virtual_time()).run(scope(1, async {
        let inside = scope(2, looks()).await;
        (inside, current())
    }));
    assert_eq!(seen, (vec![Some(2); 4], Some(1)), "in the inner scope, and behind it");
}

#[test]
fn exercise_3_a_cancelled_task_says_goodbye() {
    let log = Log::default();
    Executor::new(Clock::virtual_time()).run(async {
        let connection = Connection { log: log.clone() };
        let task = spawn(async move {
            connection.log.borrow_mut().push("hello");
            pending::<()>().await;
        });
        sleep(Duration::from_millis(1)).await;
        task.cancel();
        assert!(task.await.is_err());
        log.borrow_mut().push("cancelled");
        sleep(Duration::from_millis(20)).await;
    });
    assert_eq!(*log.borrow(), ["hello", "cancelled", "bye"]);
}
