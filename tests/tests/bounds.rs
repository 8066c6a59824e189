//! Where numbers end: generations, executors, handles, time.
//!
//! A ticket has room for 16 bits of executor, 20 of generation and 28 of slot; a row counts its handles in 16
//! bits; time is 64 bits of nanoseconds. Each of these comes to its end in a program that runs long
//! enough. What happens then is stated where the number is defined, and shown here: numbers that wrap
//! round can at most wake a task once too often, which every future has to bear anyway, and time that
//! does not fit stays at its last nanosecond.
//!
//! The tests of this file run one at a time, for executors are numbered through the whole process.

mod alone;
mod common;

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Barrier, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use alone::alone;
use common::{Log, Mark, ms, passes, seconds, virtual_run};
use executor::{
    Clock, Executor, Instant, JoinError, gather, gather_all, now, pass, sleep, sleep_until, spawn,
    timeout, yield_now,
};
use futures_lite::future::or;

/// As many tasks as one slot has before their numbers come back: 20 bits.
const GENERATIONS: u32 = 1 << 20;
/// As many runs as there are before their numbers come back: 16 bits, and 0 is nobody's.
const EXECUTORS: u32 = (1 << 16) - 1;
/// As many executors as can run at the same time.
const AT_ONCE: usize = 256;

fn one_at_a_time() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn own_waker() -> Waker {
    poll_fn(|cx| Poll::Ready(cx.waker().clone())).await
}

/// Waits for ever, and counts how often it is asked.
async fn count_polls(polls: Rc<Cell<u32>>) {
    poll_fn(|_| {
        polls.set(polls.get() + 1);
        Poll::Pending
    })
    .await
}

/// How often a new task is polled because of a waker that is not its own.
async fn polls_caused_by(waker: &Waker) -> u32 {
    let polls = Rc::new(Cell::new(0));
    let task = spawn(count_polls(polls.clone()));
    yield_now().await;
    assert_eq!(polls.get(), 1);
    waker.wake_by_ref();
    yield_now().await;
    task.cancel();
    assert_eq!(task.await, Err(JoinError::Cancelled));
    polls.get() - 1
}

/// A task ends and another gets its slot, a million times. A waker of the first one wakes none of
/// them: after its last generation a slot is given out no more.
#[test]
fn a_slot_that_has_had_all_generations() {
    let _one = one_at_a_time();
    virtual_run(async {
        let waker = spawn(own_waker()).await.unwrap();
        // From 1 to 2^20 - 1, each in the slot of the one before.
        for generation in 1..GENERATIONS {
            match generation {
                1..100 | 0xf_ff00.. => {
                    assert_eq!(polls_caused_by(&waker).await, 0, "generation {generation}");
                }
                _ => spawn(async {}).await.unwrap(),
            }
        }
        assert_eq!(spawn(yield_now()).await, Ok(()), "a task in another slot, with its own waker");
        assert_eq!(polls_caused_by(&waker).await, 0);
        assert_eq!(polls_caused_by(&waker).await, 0);
    });
}

/// The same with executors, whose numbers come back after 65,535 runs. A waker that was kept all the while
/// wakes nobody, for the generations begin elsewhere then.
#[test]
fn an_executor_number_that_comes_back() {
    let _one = one_at_a_time();
    let waker = virtual_run(own_waker());
    for _ in 1..EXECUTORS {
        virtual_run(async {});
    }
    let polls = Cell::new(0);
    virtual_run(async {
        let woken = async {
            // The main future of this run has the same executor number and slot.
            poll_fn(|_| {
                polls.set(polls.get() + 1);
                if polls.get() == 1 { Poll::Pending } else { Poll::Ready(()) }
            })
            .await
        };
        waker.wake_by_ref();
        or(woken, sleep(ms(1))).await;
        assert_eq!(now().as_millis(), 1);
    });
}

/// A run's tickets may come back 65,535 runs later. That of a wake which was thrown away, for its run was over,
/// takes nothing from the new task that has it: its own foreign wakes arrive.
#[test]
fn a_ticket_whose_wake_was_thrown_away_comes_back() {
    let _one = one_at_a_time();
    // As many generations as the next run with this number is ahead.
    let waker = virtual_run(async {
        for _ in 0..0x9_e375 {
            spawn(async {}).await.unwrap();
        }
        spawn(own_waker()).await.unwrap()
    });
    thread::spawn({
        let waker = waker.clone();
        move || waker.wake()
    })
    .join()
    .unwrap();
    for _ in 1..EXECUTORS {
        virtual_run(async {});
    }
    Executor::new(Clock::system()).run(async {
        let mut polls = 0;
        let task = spawn(poll_fn(move |cx| {
            polls += 1;
            if polls == 1 {
                assert!(cx.waker().will_wake(&waker), "it is another ticket");
                let waker = cx.waker().clone();
                thread::spawn(move || waker.wake());
                return Poll::Pending;
            }
            Poll::Ready(())
        }));
        assert_eq!(timeout(Duration::from_secs(20), task).await, Ok(Ok(())), "the wake was lost");
    });
}

/// What else outlives its run, for just as long: handles, timers, gathers. They do no harm to the tasks
/// and timers that have the same numbers now.
fn kept_until_the_number_comes_back<T: 'static>(make: impl FnOnce() -> T, then: impl FnOnce(T)) {
    let kept = virtual_run(async { make() });
    for _ in 1..EXECUTORS {
        virtual_run(async {});
    }
    virtual_run(async {
        let tasks = [5, 6, 7].map(|time| spawn(sleep(ms(time))));
        yield_now().await;
        then(kept);
        assert_eq!(gather(tasks).await, Ok(vec![(), (), ()]), "others were cancelled");
        assert_eq!(now().as_millis(), 7);
    });
}

#[test]
fn a_handle_that_is_cancelled_65_535_runs_later() {
    alone("a_handle_that_is_cancelled_65_535_runs_later", || {
        kept_until_the_number_comes_back(
            || [(); 2].map(|()| spawn(pending::<()>())),
            |handles| assert!(!handles[1].cancel(), "its task was cancelled with its run"),
        );
    });
}

#[test]
fn a_handle_that_is_dropped_65_535_runs_later() {
    alone("a_handle_that_is_dropped_65_535_runs_later", || {
        kept_until_the_number_comes_back(|| spawn(pending::<()>()), drop);
    });
}

#[test]
fn a_timer_that_is_dropped_65_535_runs_later() {
    let armed = || {
        let mut sleeping = Box::pin(sleep(ms(1)));
        assert!(Mark::new().is_pending(sleeping.as_mut()));
        sleeping
    };
    alone("a_timer_that_is_dropped_65_535_runs_later", || {
        kept_until_the_number_comes_back(armed, drop);
    });
}

#[test]
fn a_gather_that_is_dropped_65_535_runs_later() {
    let waiting = || {
        let mut gathering = Box::pin(gather_all([spawn(pending::<()>())]));
        assert!(Mark::new().is_pending(gathering.as_mut()));
        gathering
    };
    alone("a_gather_that_is_dropped_65_535_runs_later", || {
        kept_until_the_number_comes_back(waiting, drop);
    });
}

/// Each executor that runs has an inbox, and there are 256. Who comes too late is told so, and may come
/// again.
#[test]
fn as_many_executors_as_can_run_at_once() {
    let _one = one_at_a_time();
    let (all_run, may_end) =
        (Arc::new(Barrier::new(AT_ONCE + 1)), Arc::new(Barrier::new(AT_ONCE + 1)));
    let running: Vec<_> = (0..AT_ONCE)
        .map(|number| {
            let (all_run, may_end) = (all_run.clone(), may_end.clone());
            thread::spawn(move || {
                virtual_run(async {
                    all_run.wait();
                    may_end.wait();
                    sleep(ms(1)).await;
                    number
                })
            })
        })
        .collect();
    all_run.wait();
    let one_more = catch_unwind(AssertUnwindSafe(|| virtual_run(async {})));
    let panic = one_more.expect_err("there is no inbox left");
    let message = panic.downcast::<String>().expect("a message");
    assert!(message.contains("256 executors are running in this process"), "{message}");
    may_end.wait();
    for (number, thread) in running.into_iter().enumerate() {
        assert_eq!(thread.join().unwrap(), number);
    }
    virtual_run(async {});
}

/// A row counts its handles up to 65,535 and no further: from then on it is not known when the last one is
/// gone, and the outcome stays until the end of the run. All clones can be awaited.
#[test]
fn more_handles_of_one_task_than_can_be_counted() {
    let _one = one_at_a_time();
    let value = Rc::new(5);
    virtual_run(async {
        let task = spawn({
            let value = value.clone();
            async move { value }
        });
        let mut handles: Vec<_> = (0..70_000).map(|_| task.clone()).collect();
        drop(task);
        assert_eq!(handles.pop().unwrap().await, Ok(value.clone()));
        let late = handles.pop().unwrap();
        drop(handles);
        assert_eq!(late.await, Ok(value.clone()), "70,000 handles were dropped, but not this one");
        assert_eq!(Rc::strong_count(&value), 2, "it stays");
    });
    assert_eq!(Rc::strong_count(&value), 1, "until the end of the run");
}

/// The end of time is an hour like any other: timers fire, in order; but it goes on no further.
#[test]
fn timers_at_the_last_nanosecond() {
    let _one = one_at_a_time();
    let log = Log::new();
    virtual_run(async {
        let sleeps = [
            ("for ever", sleep(Duration::MAX)),
            ("until the end", sleep_until(Instant::MAX)),
            ("584 years and a bit", sleep(Duration::from_nanos(u64::MAX) + seconds(1))),
            ("a nanosecond less", sleep(Duration::from_nanos(u64::MAX - 1))),
        ];
        let tasks = sleeps.map(|(name, sleep)| {
            let log = log.clone();
            spawn(async move {
                sleep.await;
                log.add((name, now().as_nanos()));
            })
        });
        gather(tasks).await.unwrap();
        // Now is the end, and all that has yet to come is now.
        assert_eq!(now(), Instant::MAX);
        let (begin, time) = (pass(), Duration::from_secs(1));
        sleep(time).await;
        assert_eq!((now(), pass() - begin), (Instant::MAX, 2), "due at once, like any timer");
        assert!(timeout(time, pending::<()>()).await.is_err());
        assert_eq!(timeout(time, yield_now()).await, Ok(()));
        sleep_until(Instant::ZERO).await;
    });
    let end = u64::MAX;
    assert_eq!(
        log.take(),
        [
            ("a nanosecond less", end - 1),
            ("for ever", end),
            ("until the end", end),
            ("584 years and a bit", end)
        ]
    );
}

/// The operating system is asked to wait for 584 years, and does not mind.
#[test]
fn a_parking_that_is_longer_than_any_clock() {
    let _one = one_at_a_time();
    let waker_of_main = Arc::new(Mutex::new(None));
    let other = thread::spawn({
        let waker = waker_of_main.clone();
        move || loop {
            thread::sleep(ms(5));
            if let Some(waker) = waker.lock().unwrap().take() {
                return Waker::wake(waker);
            }
        }
    });
    executor::run(async {
        let woken = async {
            *waker_of_main.lock().unwrap() = Some(own_waker().await);
            let mut first = true;
            poll_fn(|_| if std::mem::take(&mut first) { Poll::Pending } else { Poll::Ready(()) })
                .await
        };
        or(sleep(Duration::MAX), woken).await;
        assert_eq!(timeout(Duration::MAX, sleep(ms(1))).await, Ok(()));
    });
    other.join().unwrap();
}

#[test]
fn sums_and_differences_of_time_stay_in_range() {
    let day = seconds(86_400);
    assert_eq!(Instant::MAX + day, Instant::MAX);
    assert_eq!(Instant::ZERO + Duration::MAX, Instant::MAX);
    assert_eq!(Instant::ZERO - Instant::MAX, Duration::ZERO);
    assert_eq!(Instant::MAX - Instant::ZERO, Duration::from_nanos(u64::MAX));
    let clock = Clock::virtual_time();
    clock.advance(Duration::MAX);
    clock.advance(day);
    assert_eq!(clock.now(), Instant::MAX);
}

/// A clock that stands still: a hundred thousand passes in no time, and timers of other clocks' making
/// (overdue, or for now) do not stop it.
#[test]
fn a_clock_that_stands_still() {
    let _one = one_at_a_time();
    virtual_run(async {
        passes(100_000).await;
        assert_eq!((now(), pass()), (Instant::ZERO, 100_001));
        let begin = pass();
        sleep_until(now()).await;
        assert_eq!((now(), pass() - begin), (Instant::ZERO, 2));
    });
}

/// A clock that jumps while a task keeps the processor busy: all that is due then comes in the order of
/// the deadlines, and of arming; nothing is lost, and nobody is early.
#[test]
fn a_clock_that_jumps() {
    let _one = one_at_a_time();
    let clock = Clock::virtual_time();
    let log = Log::new();
    Executor::new(clock.clone()).run(async {
        let times = [300, 100, 200, 100, 400, 100_000_000_000];
        let tasks = Vec::from_iter(times.into_iter().enumerate().map(|(number, time)| {
            let log = log.clone();
            spawn(async move {
                sleep(Duration::from_nanos(time)).await;
                log.add((number, now().as_nanos()));
            })
        }));
        yield_now().await;
        clock.advance(Duration::from_nanos(300));
        // A timer that is past when it is armed takes its place among those that are due.
        sleep_until(Instant::from_nanos(150)).await;
        assert_eq!(log.take(), [(1, 300), (3, 300)]);
        yield_now().await;
        assert_eq!(log.take(), [(2, 300), (0, 300)]);
        // Far away, over many levels of the wheel at once.
        clock.advance(seconds(99));
        passes(3).await;
        assert_eq!(log.take(), [(4, 99_000_000_300)]);
        gather(tasks).await.unwrap();
        assert_eq!(log.take(), [(5, 100_000_000_000)]);
    });
}

/// A clock that wakes up late, as real ones do, by any amount: also beyond the end of time.
#[test]
fn a_clock_that_is_late() {
    let _one = one_at_a_time();
    let clock = Clock::virtual_time().late([(0, ms(1)), (2, Duration::MAX)]);
    Executor::new(clock).run(async {
        sleep(ms(5)).await;
        assert_eq!(now().as_millis(), 6);
        sleep(ms(5)).await;
        assert_eq!(now().as_millis(), 11, "only the parkings that were named are late");
        let late = spawn(sleep(ms(1)));
        let later = spawn(sleep(ms(100)));
        yield_now().await;
        sleep(ms(1)).await;
        assert_eq!(now(), Instant::MAX);
        assert!(late.is_finished());
        later.await.unwrap();
        assert_eq!(now(), Instant::MAX);
    });
}
