//! Timers and timeouts. *d* is the pass in which the deadline's timer is due, and its call runs. Nobody
//! wakes up in that pass, but a waker that is not ours is used in it, and notes it: a mark.

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use executor::{
    Elapsed, Event, Instant, Sleep, gather, pass, sleep, sleep_until, spawn, timeout, yield_now,
};
use queue::Queue;

use crate::common::{Log, Mark, ms, passes, seconds, virtual_run};
use crate::hops;

/// Longer than any experiment takes.
const LONG: Duration = seconds(99);

/// Marks the pass in which a timer of this duration, which is armed now, is due.
struct Due {
    mark: Arc<Mark>,
    _timer: Pin<Box<Sleep>>,
}

impl Due {
    async fn after(duration: Duration) -> Due {
        let (mark, mut timer) = (Mark::new(), Box::pin(sleep(duration)));
        assert!(mark.is_pending(timer.as_mut()));
        // What the caller waits for next, it shall wait for in a turn of its own.
        yield_now().await;
        Due { mark, _timer: timer }
    }

    /// How many passes ago that was.
    fn passes_ago(&self) -> u64 {
        assert!(self.mark.wakes() == 1, "it is not due yet");
        pass() - self.mark.pass()
    }
}

// ---- timers

/// `call_later(0)`, or a deadline in the past -> callback: +1, behind what was ready when that pass began;
/// deadlines in the past in the order of the deadlines.
#[test]
fn deadline_in_the_past_to_callback() {
    virtual_run(async {
        sleep(seconds(10)).await;
        let (later, earlier) = (Mark::new(), Mark::new());
        let mut timers = [9, 3].map(|second| sleep_until(Instant::ZERO + seconds(second)));
        assert!(later.is_pending(Pin::new(&mut timers[0])));
        assert!(earlier.is_pending(Pin::new(&mut timers[1])));
        let cause = pass();

        // Ready in the same pass, so before them; it sees none of them. This task is polled before them, too.
        drop(spawn({
            let (later, earlier) = (later.clone(), earlier.clone());
            async move { assert_eq!((later.wakes(), earlier.wakes()), (0, 0)) }
        }));
        passes(2).await;
        assert_eq!((later.pass() - cause, earlier.pass() - cause), (1, 1));

        let log = Log::new();
        let sleepers = [9, 3].map(|second| {
            let log = log.clone();
            spawn(async move {
                sleep_until(Instant::ZERO + seconds(second)).await;
                log.add(second);
            })
        });
        gather(sleepers).await.unwrap();
        assert_eq!(log.take(), [3, 9]);
    });
}

/// `sleep(n)`: -> resumes: d+1. In d the timer's call wakes the task.
#[test]
fn sleep_deadline_to_resumes() {
    virtual_run(async {
        let due = Due::after(seconds(5)).await;
        sleep(seconds(5)).await;
        assert_eq!(due.passes_ago(), 1);
    });
}

// ---- wait_for and timeout

/// `wait_for(coro, t)`: call -> first step of coro: 0. (CPython 3.11 makes a task: +1.)
#[test]
fn wait_for_call_to_first_step() {
    let first_step = hops(async |ruler| {
        ruler.cause();
        timeout(seconds(5), ruler.effect_now()).await.unwrap();
    });
    assert_eq!(first_step, 0);
}

/// `wait_for(coro, t)`: coro ends -> resumes: 0. (CPython 3.11: +2.)
#[test]
fn wait_for_end_to_resumes() {
    let resumes = hops(async |ruler| {
        let body = async {
            sleep(seconds(1)).await;
            ruler.cause();
        };
        timeout(seconds(5), body).await.unwrap();
    });
    assert_eq!(resumes, 0);
}

/// `wait_for(sleep, t)`: -> `TimeoutError`: d+1. (CPython 3.11: d+4.)
#[test]
fn wait_for_deadline_to_timeout_error() {
    virtual_run(async {
        let due = Due::after(seconds(5)).await;
        assert_eq!(timeout(seconds(5), sleep(LONG)).await, Err(Elapsed));
        assert_eq!(due.passes_ago(), 1);
    });
}

/// `timeout(t)` around a sleep, a get, a put, a wait, a yield that never ends: -> `TimeoutError`: d+1.
#[test]
fn timeout_around_a_wait() {
    async fn passes_after_deadline(body: impl Future) -> u64 {
        let due = Due::after(seconds(5)).await;
        assert!(timeout(seconds(5), body).await.is_err());
        due.passes_ago()
    }
    virtual_run(async {
        let (empty, full, event) = (Queue::<i32>::new(0), Queue::new(1), Event::new());
        full.try_put(1).unwrap();
        assert_eq!(passes_after_deadline(sleep(LONG)).await, 1);
        assert_eq!(passes_after_deadline(empty.get()).await, 1);
        assert_eq!(passes_after_deadline(full.put(2)).await, 1);
        assert_eq!(passes_after_deadline(full.join()).await, 1);
        assert_eq!(passes_after_deadline(event.wait()).await, 1);
        assert_eq!(passes_after_deadline(std::future::pending::<()>()).await, 1);
    });
}

/// `timeout(t)` around `await task`: -> `TimeoutError`: d+2. The task is cancelled first, and has ended in d+1.
#[test]
fn timeout_around_a_task() {
    virtual_run(async {
        let due = Due::after(seconds(5)).await;
        let task = spawn(sleep(LONG));
        assert_eq!(timeout(seconds(5), task.clone()).await, Err(Elapsed));
        assert_eq!(due.passes_ago(), 2);
        assert!(task.is_finished());
    });
}

/// `timeout(t)` around `gather`: -> `TimeoutError`: d+3.
#[test]
fn timeout_around_gather() {
    virtual_run(async {
        let due = Due::after(seconds(5)).await;
        let children = [(); 2].map(|()| spawn(sleep(LONG)));
        assert!(timeout(seconds(5), gather(children.clone())).await.is_err());
        assert_eq!(due.passes_ago(), 3);
        assert!(children.iter().all(|child| child.is_finished()));
    });
}

/// `timeout(0)` around a wait: entry -> `TimeoutError`: +2. It is no timer, but a call for the next pass.
#[test]
fn timeout_0_around_a_wait() {
    let expires = hops(async |ruler| {
        ruler.cause();
        assert_eq!(timeout(ms(0), sleep(LONG)).await, Err(Elapsed));
    });
    assert_eq!(expires, 2);
}

// ---- several at once

/// A timeout that has expired before the task's step wins over a result that the task was woken with.
#[test]
fn timeout_expired_beats_a_result() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        // Both timers are due in one pass: the timeout's call first, then the one that wakes the setter.
        let waiter = spawn({
            let event = event.clone();
            async move { timeout(seconds(5), event.wait()).await }
        });
        yield_now().await;
        event.set();
        assert_eq!(waiter.await, Ok(Ok(())), "in time, it counts");

        event.clear();
        let waiter = spawn({
            let event = event.clone();
            async move {
                let sleeper = sleep(seconds(5));
                timeout(seconds(5), async {
                    // Woken by its own timer, one call after the timeout's.
                    sleeper.await;
                    event.set();
                })
                .await
            }
        });
        assert_eq!(waiter.await, Ok(Err(Elapsed)));
        assert!(!event.is_set());
    });
}

/// Of several nested timeouts that have expired the outermost wins.
#[test]
fn outermost_of_expired_timeouts_wins() {
    virtual_run(async {
        let inner = timeout(seconds(5), sleep(LONG));
        let middle = timeout(seconds(5), inner);
        assert_eq!(timeout(seconds(5), middle).await, Err(Elapsed));

        let inner = timeout(seconds(4), sleep(LONG));
        assert_eq!(
            timeout(seconds(5), inner).await,
            Ok(Err(Elapsed)),
            "not expired: the inner one"
        );
    });
}
