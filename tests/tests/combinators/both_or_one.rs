//! Two futures in one task: both, or the first.

use std::future::{pending, ready};
use std::panic::AssertUnwindSafe;

use executor::{Event, now, pass, sleep, spawn, yield_now};
use futures::future::{Either, FutureExt, select};
use futures::{join, pin_mut, select_biased, try_join};
use futures_lite::future::{self, or, poll_once, race, try_zip, zip};

use crate::common::{ms, passes, seconds, virtual_run};

/// Sleeps for so many seconds, and gives their number.
async fn sleeps(count: u64) -> u64 {
    sleep(seconds(count)).await;
    count
}

/// Sleeps for so many seconds, and fails.
async fn fails(count: u64) -> Result<u64, &'static str> {
    sleep(seconds(count)).await;
    Err("fails")
}

/// Both sleep at the same time: it takes as long as the longer one.
#[test]
fn zip_waits_for_both() {
    virtual_run(async {
        assert_eq!(zip(sleeps(3), sleeps(2)).await, (3, 2));
        assert_eq!(now().as_millis(), 3000);
        assert_eq!(join!(sleeps(1), sleeps(2), sleeps(3)), (1, 2, 3));
        assert_eq!(now().as_millis(), 6000);
    });
}

/// The first failure ends it, and the other future is dropped: no time passes for it.
#[test]
fn try_zip_ends_with_the_first_failure() {
    virtual_run(async {
        assert_eq!(try_zip(fails(1), async { Ok(sleeps(9).await) }).await, Err("fails"));
        assert_eq!(now().as_millis(), 1000);
        assert_eq!(try_zip(ready(Ok::<_, ()>(1)), ready(Ok(2))).await, Ok((1, 2)));
        assert_eq!(try_join!(fails(1), fails(9)), Err("fails"));
        assert_eq!(now().as_millis(), 2000);
    });
}

/// The first one to end is the result; the other one is dropped, and its timer with it.
#[test]
fn or_ends_with_the_first() {
    virtual_run(async {
        assert_eq!(or(sleeps(5), sleeps(2)).await, 2);
        assert_eq!(now().as_millis(), 2000);
        assert_eq!(or(ready(0), sleeps(1)).await, 0);
        assert_eq!(or(sleeps(1), sleeps(1)).await, 1, "both in one pass: the left one");
    });
}

/// The same, and if both are ready, chance decides.
#[test]
fn race_ends_with_the_first() {
    virtual_run(async {
        assert_eq!(race(sleeps(5), sleeps(2)).await, 2);
        assert_eq!(now().as_millis(), 2000);
        assert!([1, 2].contains(&race(ready(1), ready(2)).await));
    });
}

/// `select` gives the other future back, which can be awaited later.
#[test]
fn select_gives_the_other_future_back() {
    virtual_run(async {
        let (short, long) = (Box::pin(sleeps(1)), Box::pin(sleeps(4)));
        let Either::Left((1, long)) = select(short, long).await else { panic!("the short one") };
        assert_eq!(now().as_millis(), 1000);
        assert_eq!(long.await, 4);
        assert_eq!(now().as_millis(), 4000);
    });
}

/// `select!` in a loop over two futures that go on from turn to turn.
#[test]
fn select_in_a_loop() {
    virtual_run(async {
        let (first, second) = (sleeps(2).fuse(), sleeps(5).fuse());
        pin_mut!(first, second);
        let mut ended = Vec::new();
        loop {
            select_biased! {
                seconds = second => ended.push(seconds),
                seconds = first => ended.push(seconds),
                complete => break,
            }
        }
        assert_eq!(ended, [2, 5]);
        assert_eq!(now().as_millis(), 5000);
    });
}

/// Waiting for our own things in a `zip`: a task's end, an event, a yield.
#[test]
fn zip_of_a_task_an_event_and_a_yield() {
    virtual_run(async {
        let event = Event::new();
        let task = spawn(sleeps(1));
        let set = async {
            yield_now().await;
            event.set();
        };
        let ((result, ()), ((), ())) = zip(zip(task, event.wait()), zip(set, passes(7))).await;
        assert_eq!(result, Ok(1));
        assert_eq!(now().as_millis(), 1000);
    });
}

/// A look at a future, without waiting.
#[test]
fn poll_once_does_not_wait() {
    virtual_run(async {
        assert_eq!(poll_once(sleeps(1)).await, None);
        assert_eq!(poll_once(ready(1)).await, Some(1));
        assert_eq!(sleeps(1).now_or_never(), None);
        assert_eq!((pass(), now().as_nanos()), (1, 0));
    });
}

/// Other people's `yield_now` gives way as ours does.
#[test]
fn a_foreign_yield_gives_way() {
    virtual_run(async {
        let task = spawn(async {});
        future::yield_now().await;
        assert!(task.is_finished());
        assert_eq!(pass(), 2);
    });
}

/// A panic that is caught within the task is no concern of the loop.
#[test]
fn catch_unwind_within_a_task() {
    virtual_run(async {
        let panics = AssertUnwindSafe(async {
            sleep(ms(1)).await;
            panic!("caught");
        });
        let caught: Result<(), _> = panics.catch_unwind().await;
        assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"caught"));
    });
}

/// Futures nobody awaits any more may be dropped half-way in any number and depth.
#[test]
fn losers_are_dropped_at_any_depth() {
    virtual_run(async {
        let loser = || zip(or(sleeps(7), sleeps(8)), zip(sleeps(9), pending::<()>()));
        for _ in 0..1000 {
            assert_eq!(or(async { loser().await.0 }, sleeps(1)).await, 1);
        }
        assert_eq!(now().as_millis(), 1_000_000);
    });
}
