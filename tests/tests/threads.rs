//! Other threads wake tasks. The loop parks when it has nothing to do, and each wake-up reaches it.

mod common;

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use executor::{Clock, Elapsed, Executor, RunError, gather, now, pass, sleep, spawn, timeout};
use futures_lite::future::zip;

use common::{ms, passes, seconds};

/// A flag that another thread raises, and a task waits for.
#[derive(Default)]
struct Flag {
    raised: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Flag {
    fn raise(&self) {
        self.raised.store(true, Ordering::Release);
        if let Some(waker) = self.waker.lock().unwrap().take() {
            waker.wake();
        }
    }

    async fn wait(&self) {
        poll_fn(|cx| {
            *self.waker.lock().unwrap() = Some(cx.waker().clone());
            match self.raised.load(Ordering::Acquire) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
    }
}

/// If it takes this long, a wake-up was lost.
async fn within_ten_seconds<T>(future: impl Future<Output = T>) -> T {
    timeout(seconds(10), future).await.expect("a wake-up was lost")
}

/// The loop has nothing to do and no timer: it is parked until another thread wakes a task.
#[test]
fn parked_until_another_thread_wakes_a_task() {
    let flag = Arc::new(Flag::default());
    executor::run(async {
        let thread = thread::spawn({
            let flag = flag.clone();
            move || {
                thread::sleep(ms(3));
                flag.raise();
            }
        });
        flag.wait().await;
        assert!(now().as_millis() >= 3);
        assert!(pass() <= 2, "it slept all the time: {} passes", pass());
        thread.join().unwrap();
    });
}

/// The same while a timer is armed for the end of time.
#[test]
fn parked_for_584_years() {
    let flag = Arc::new(Flag::default());
    executor::run(async {
        let thread = thread::spawn({
            let flag = flag.clone();
            move || {
                thread::sleep(ms(3));
                flag.raise();
            }
        });
        let limit = timeout(Duration::MAX, flag.wait());
        assert_eq!(limit.await, Ok(()));
        thread.join().unwrap();
    });
}

/// A timer comes before the thread does, and the thread comes before the next timer.
#[test]
fn a_timer_and_a_foreign_wake() {
    let flag = Arc::new(Flag::default());
    executor::run(async {
        let raiser = Arc::new(Barrier::new(2));
        let thread = thread::spawn({
            let (flag, raiser) = (flag.clone(), raiser.clone());
            move || {
                raiser.wait();
                flag.raise();
            }
        });
        let timer = spawn(sleep(ms(2)));
        assert_eq!(timeout(ms(1), flag.wait()).await, Err(Elapsed));
        timer.await.unwrap();
        raiser.wait();
        within_ten_seconds(flag.wait()).await;
        thread.join().unwrap();
    });
}

/// The wake-up comes while the task is being polled: it has another turn.
#[test]
fn a_wake_up_during_the_poll() {
    executor::run(async {
        let polls = Cell::new(0);
        let woken_meanwhile = poll_fn(|cx| {
            polls.set(polls.get() + 1);
            if polls.get() > 1 {
                return Poll::Ready(());
            }
            let waker = cx.waker().clone();
            thread::spawn(move || waker.wake()).join().unwrap();
            Poll::Pending
        });
        within_ten_seconds(woken_meanwhile).await;
        assert_eq!(polls.get(), 2);
    });
}

/// A million wakes from another thread while the task does not get its turn: one poll.
#[test]
fn many_foreign_wakes_are_one_poll() {
    executor::run(async {
        let polls = Rc::new(Cell::new(0));
        let task = spawn({
            let polls = polls.clone();
            poll_fn(move |cx| {
                polls.set(polls.get() + 1);
                if polls.get() > 1 {
                    return Poll::Ready(());
                }
                let waker = cx.waker().clone();
                let wakes = move || (0..1_000_000).for_each(|_| waker.wake_by_ref());
                thread::spawn(wakes).join().unwrap();
                Poll::Pending
            })
        });
        task.await.unwrap();
        passes(3).await;
        assert_eq!(polls.get(), 2);
    });
}

/// Eight threads wake eight tasks at random, 16,000 times each, or as often as `STORM_WAKES` says (a multiple
/// of 8). Each wake-up that follows a change is seen: every task sees the last state of its counter.
#[test]
fn a_storm_of_eight_threads() {
    const THREADS: usize = 8;
    let wakes = std::env::var("STORM_WAKES").ok().and_then(|wakes| wakes.parse().ok());
    let wakes: u64 = wakes.unwrap_or(16_000);

    #[derive(Default)]
    struct Counter {
        count: AtomicU64,
        waker: Mutex<Option<Waker>>,
    }
    let counters: Arc<[Counter; THREADS]> = Arc::default();
    executor::run(async {
        let tasks = (0..THREADS).map(|number| {
            let counters = counters.clone();
            spawn(poll_fn(move |cx| {
                let counter = &counters[number];
                *counter.waker.lock().unwrap() = Some(cx.waker().clone());
                match counter.count.load(Ordering::Acquire) {
                    count if count < wakes => Poll::Pending,
                    count => Poll::Ready(count),
                }
            }))
        });
        let tasks: Vec<_> = tasks.collect();
        // Timers in between, so that the loop parks now for them, now for ever.
        drop(spawn(async {
            for _ in 0..20 {
                sleep(Duration::from_micros(100)).await;
            }
        }));
        let start = Arc::new(Barrier::new(THREADS));
        let threads = (0..THREADS).map(|thread| {
            let (counters, start) = (counters.clone(), start.clone());
            thread::spawn(move || {
                start.wait();
                for round in 0..wakes {
                    let counter = &counters[(thread + round as usize) % THREADS];
                    counter.count.fetch_add(1, Ordering::Release);
                    let waker = counter.waker.lock().unwrap().clone();
                    if let Some(waker) = waker {
                        waker.wake();
                    }
                    if round % 64 == 0 {
                        thread::yield_now();
                    }
                }
            })
        });
        let threads: Vec<_> = threads.collect();
        // Ten seconds, or as long as so many take on a slow machine.
        let counts = timeout(seconds(10 + wakes / 10_000), gather(tasks)).await;
        assert_eq!(counts.expect("a wake-up was lost"), Ok(vec![wakes; THREADS]));
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

/// Eight executors on eight threads, in a ring: each wakes the next. Tickets find their own executor.
#[test]
fn a_ring_of_eight_executors() {
    const THREADS: usize = 8;
    const ROUNDS: u32 = 200;
    let mut senders = Vec::new();
    let mut receivers = Vec::new();
    for _ in 0..THREADS {
        let (sender, receiver) = async_channel::unbounded();
        senders.push(sender);
        receivers.push(receiver);
    }
    senders.rotate_left(1);
    senders[THREADS - 1].try_send(0).unwrap();
    let threads = senders.into_iter().zip(receivers).map(|(next, own)| {
        thread::spawn(move || {
            executor::run(within_ten_seconds(async move {
                let mut seen = 0;
                while let Ok(n) = own.recv().await {
                    seen += 1;
                    if n + 1 < ROUNDS * THREADS as u32 {
                        next.send(n + 1).await.unwrap();
                    }
                    if seen == ROUNDS {
                        break;
                    }
                }
                seen
            }))
        })
    });
    let threads: Vec<_> = threads.collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), ROUNDS);
    }
}

/// Foreign wakes come behind what is ready, and in the order in which they were made.
#[test]
fn foreign_wakes_keep_their_order() {
    executor::run(async {
        let order = common::Log::new();
        let wakers = common::Log::new();
        for number in 0..5 {
            let (order, wakers) = (order.clone(), wakers.clone());
            let mut polled = false;
            drop(spawn(poll_fn(move |cx| {
                if std::mem::replace(&mut polled, true) {
                    order.add(number);
                    return Poll::Ready(());
                }
                wakers.add(cx.waker().clone());
                Poll::Pending
            })));
        }
        passes(1).await;
        let mut wakers = wakers.take();
        wakers.swap(0, 4);
        // This task is ready before they are: it is polled first in the next pass.
        thread::spawn(move || wakers.into_iter().for_each(Waker::wake)).join().unwrap();
        passes(1).await;
        assert_eq!(order.take(), []);
        passes(1).await;
        assert_eq!(order.take(), [4, 1, 2, 3, 0]);
    });
}

/// On the virtual clock nobody waits for other threads: time would have to stand still meanwhile. A wake-up that is
/// there in time counts; a program that waits for one is stuck.
#[test]
fn on_the_virtual_clock() {
    let executor = Executor::new(Clock::virtual_time());
    executor.run(async {
        let flag = Flag::default();
        let mut raised = false;
        zip(
            flag.wait(),
            poll_fn(|_| {
                if !std::mem::replace(&mut raised, true) {
                    thread::scope(|scope| scope.spawn(|| flag.raise()).join().unwrap());
                }
                Poll::Ready(())
            }),
        )
        .await;
    });

    let result = executor.try_run(async { Flag::default().wait().await });
    let Err(RunError::Stuck(report)) = result else { panic!("it can't go on") };
    assert!(report.contains("waits for something outside this executor"), "{report}");
}

/// While a task is cancelled and dropped another thread goes on waking it.
#[test]
fn waking_a_task_that_is_being_cancelled() {
    executor::run(async {
        for _ in 0..20 {
            let stop = Arc::new(AtomicBool::new(false));
            let wakers = common::Log::new();
            let tasks: Vec<_> = (0..10)
                .map(|_| {
                    let wakers = wakers.clone();
                    spawn(poll_fn(move |cx| {
                        wakers.add(cx.waker().clone());
                        Poll::<()>::Pending
                    }))
                })
                .collect();
            passes(1).await;
            let wakers = wakers.take();
            let thread = thread::spawn({
                let stop = stop.clone();
                move || {
                    while !stop.load(Ordering::Relaxed) {
                        wakers.iter().for_each(Waker::wake_by_ref);
                    }
                }
            });
            for task in tasks {
                passes(2).await;
                task.cancel();
                assert!(within_ten_seconds(task).await.is_err());
            }
            stop.store(true, Ordering::Relaxed);
            thread.join().unwrap();
        }
    });
}
