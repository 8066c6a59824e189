//! Cancelling, and timeouts, around other people's combinators.

use std::future::pending;
use std::rc::Rc;

use executor::{Elapsed, Event, JoinError, now, pass, sleep, spawn, timeout, yield_now};
use futures::future::{AbortHandle, Abortable, Aborted, join_all};
use futures::stream::{FuturesUnordered, StreamExt};
use futures_lite::future::{or, zip};
use queue::Queue;

use crate::common::{Log, OnDrop, passes, seconds, virtual_run};

/// A future that waits for ever, and says so when it is dropped.
fn dropped(log: &Log, name: &'static str) -> impl Future<Output = ()> + use<> {
    let log = log.clone();
    async move {
        let _dropped = OnDrop(|| log.add(name));
        pending::<()>().await;
    }
}

/// A task that is in a combinator is dropped at its next turn, with everything in there.
#[test]
fn a_cancelled_combinator_is_dropped_at_the_next_turn() {
    virtual_run(async {
        let log = Log::new();
        let task = spawn({
            let log = log.clone();
            async move {
                let unordered: FuturesUnordered<_> =
                    [dropped(&log, "c"), dropped(&log, "d")].into_iter().collect();
                let pair = zip(dropped(&log, "a"), or(dropped(&log, "b"), sleep(seconds(9))));
                zip(pair, unordered.collect::<Vec<_>>()).await
            }
        });
        passes(3).await;
        let cancelled = pass();
        task.cancel();
        assert!(task.await.is_err());
        assert_eq!(pass() - cancelled, 2);
        let mut names = log.take();
        names.sort();
        assert_eq!(names, ["a", "b", "c", "d"]);
        assert_eq!(now().as_nanos(), 0);
    });
}

/// A timeout around a combinator drops everything in there when the time is over.
#[test]
fn a_timeout_around_a_combinator() {
    virtual_run(async {
        let log = Log::new();
        let all = join_all((0..50).map(|_| dropped(&log, "dropped")));
        assert_eq!(timeout(seconds(5), all).await, Err(Elapsed));
        assert_eq!(now().as_millis(), 5000);
        assert_eq!(log.take().len(), 50);
    });
}

/// Timeouts in a combinator expire each by itself. One that has expired does not disturb the other.
#[test]
fn timeouts_in_a_combinator() {
    virtual_run(async {
        let body = |name, count| async move {
            sleep(seconds(count)).await;
            name
        };
        let short = timeout(seconds(2), body("short", 9));
        let long = timeout(seconds(8), body("long", 7));
        assert_eq!(zip(short, long).await, (Err(Elapsed), Ok("long")));
        assert_eq!(now().as_millis(), 7000);

        let short = timeout(seconds(2), body("short", 9));
        let long = timeout(seconds(8), body("long", 7));
        let both: FuturesUnordered<_> = [short, long].into_iter().collect();
        assert_eq!(both.collect::<Vec<_>>().await, [Err(Elapsed), Ok("long")]);
    });
}

/// A timeout in a combinator with a task beside it: the task is not its concern.
#[test]
fn a_timeout_beside_a_task() {
    virtual_run(async {
        let task = spawn(async {
            sleep(seconds(5)).await;
            "goes on"
        });
        let result = zip(timeout(seconds(1), pending::<()>()), task).await;
        assert_eq!(result, (Err(Elapsed), Ok("goes on")));
    });
}

/// A task in a combinator is not cancelled with who waits there: cancelling follows a plain `await` only.
/// (asyncio's `gather` has tasks, and so has ours; a `join` of futures is something else.)
#[test]
fn a_task_in_a_combinator_goes_on_alone() {
    virtual_run(async {
        let log = Log::new();
        let worker = spawn({
            let log = log.clone();
            async move {
                sleep(seconds(5)).await;
                log.add("worked");
            }
        });
        let waiter = spawn(async move { zip(worker, sleep(seconds(9))).await.0 });
        passes(3).await;
        waiter.cancel();
        assert_eq!(waiter.await, Err(JoinError::Cancelled));
        sleep(seconds(6)).await;
        assert_eq!(log.take(), ["worked"]);
    });
}

/// The loser of an `or` is a getter that was woken. It hands the wake-up on; the item is not lost.
#[test]
fn a_getter_that_loses_hands_its_wake_up_on() {
    virtual_run(async {
        let (queue, stop) = (Rc::new(Queue::new(0)), Rc::new(Event::new()));
        let loser = spawn({
            let (queue, stop) = (queue.clone(), stop.clone());
            async move {
                let stopped = async {
                    stop.wait().await;
                    "stopped"
                };
                or(stopped, async { queue.get().await.unwrap() }).await
            }
        });
        let other = spawn({
            let queue = queue.clone();
            async move { queue.get().await.unwrap() }
        });
        passes(1).await;
        queue.try_put("item").unwrap();
        stop.set();
        assert_eq!(loser.await, Ok("stopped"));
        assert_eq!(other.await, Ok("item"));
    });
}

/// Other people's way of cancelling: the future is dropped by its owner, when it is polled next.
#[test]
fn an_abort_handle() {
    virtual_run(async {
        let (handle, registration) = AbortHandle::new_pair();
        let task = spawn(Abortable::new(sleep(seconds(9)), registration));
        passes(1).await;
        handle.abort();
        assert_eq!(task.await, Ok(Err(Aborted)));
        assert_eq!(now().as_nanos(), 0);
    });
}

/// A cancelled task in a stream of tasks is one outcome among others.
#[test]
fn cancelled_tasks_among_others() {
    virtual_run(async {
        let tasks = [1, 2, 3].map(|count| spawn(sleep(seconds(count))));
        let second = tasks[1].clone();
        let ends = spawn(tasks.into_iter().collect::<FuturesUnordered<_>>().collect::<Vec<_>>());
        yield_now().await;
        second.cancel();
        let ends = ends.await.unwrap();
        assert_eq!(ends, [Err(JoinError::Cancelled), Ok(()), Ok(())]);
    });
}
