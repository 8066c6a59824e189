//! What Rust has, and Python has not; and the end of a run.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use executor::{
    Elapsed, JoinError, gather, pass, sleep, spawn, spawn_fallible, timeout, yield_now,
};
use futures_lite::future::zip;

use crate::common::{Log, OnDrop, ms, passes, seconds, virtual_run};

/// Row 26. A task that waits for several things, and is woken by several in one pass, has one turn.
#[test]
fn several_wake_ups_in_one_pass_are_one_turn() {
    virtual_run(async {
        let polls = Rc::new(Cell::new(0));
        let task = spawn({
            let polls = polls.clone();
            async move {
                let mut both = Box::pin(zip(
                    zip(sleep(seconds(1)), sleep(seconds(1))),
                    zip(sleep(seconds(1)), sleep(seconds(2))),
                ));
                poll_fn(|cx| {
                    polls.set(polls.get() + 1);
                    both.as_mut().poll(cx)
                })
                .await;
            }
        });
        task.await.unwrap();
        assert_eq!(polls.get(), 3, "to begin with, after one second, after two");
    });
}

/// Row 26. And a wake-up that comes while it is polled is a turn in the next pass.
#[test]
fn a_wake_up_during_the_turn_is_another_turn() {
    virtual_run(async {
        let passes = Log::new();
        let task = spawn({
            let passes = passes.clone();
            poll_fn(move |cx| {
                passes.add(pass());
                cx.waker().wake_by_ref();
                if pass() == 4 { Poll::Ready(()) } else { Poll::Pending }
            })
        });
        task.await.unwrap();
        assert_eq!(passes.take(), [2, 3, 4]);
    });
}

/// Row 27. An error is a value: whoever awaits the task gets that value, each a clone of it.
#[test]
fn an_error_is_a_value() {
    #[derive(Clone, Debug, PartialEq)]
    struct KeyError(u32);
    virtual_run(async {
        let task = spawn_fallible(async { Err::<(), _>(KeyError(7)) });
        let other = task.clone();
        assert_eq!(task.await, Err(JoinError::Failed(KeyError(7))));
        assert_eq!(other.await, Err(JoinError::Failed(KeyError(7))));
    });
}

/// Row 29. One task may be in a gather twice, through two handles, and be awaited by others as well.
#[test]
fn one_task_twice_in_a_gather() {
    virtual_run(async {
        let task = spawn(async {
            sleep(seconds(1)).await;
            7
        });
        let other = spawn({
            let task = task.clone();
            async move { task.await.unwrap() }
        });
        assert_eq!(gather([task.clone(), task, other]).await, Ok(vec![7, 7, 7]));

        // Cancelling the gather cancels it once.
        let twice = spawn(sleep(seconds(9)));
        let gatherer = spawn(gather([twice.clone(), twice.clone()]));
        passes(1).await;
        gatherer.cancel();
        assert_eq!(gatherer.await, Err(JoinError::Cancelled));
        assert_eq!(twice.await, Err(JoinError::Cancelled));
    });
}

/// Rows 24 and 30. Main ends in pass p, that pass and the next one run to their ends. Then the tasks that are left
/// are cancelled, in the order of the table, and each is dropped at its turn: that is pass p+2.
#[test]
fn after_main() {
    let log = Log::new();
    virtual_run(async {
        for name in ["a", "b"] {
            let log = log.clone();
            drop(spawn(async move {
                let _dropped = OnDrop(|| log.add((name, "dropped", pass())));
                loop {
                    log.add((name, "runs", pass()));
                    yield_now().await;
                }
            }));
        }
        let log = log.clone();
        drop(spawn(async move {
            let _dropped = OnDrop(|| log.add(("sleeper", "dropped", pass())));
            sleep(seconds(9)).await;
        }));
        passes(2).await;
        assert_eq!(pass(), 3, "p");
    });
    let expected = [
        ("a", "runs", 2),
        ("b", "runs", 2),
        ("a", "runs", 3),
        ("b", "runs", 3),
        ("a", "runs", 4),
        ("b", "runs", 4),
        ("a", "dropped", 5),
        ("b", "dropped", 5),
        ("sleeper", "dropped", 5),
    ];
    assert_eq!(log.take(), expected);
}

/// Row 31. A timeout of no time starts its body, as `asyncio.timeout` does; `wait_for` alone does not.
#[test]
fn a_timeout_of_no_time_starts_its_body() {
    virtual_run(async {
        let log = Log::new();
        let body = async {
            log.add("starts");
            yield_now().await;
            log.add("goes on");
        };
        assert_eq!(timeout(ms(0), body).await, Err(Elapsed));
        assert_eq!(log.take(), ["starts"]);
    });
}
