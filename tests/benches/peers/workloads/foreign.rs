//! Wakes from another thread. Each contender runs in a process of its own, with a time limit: a lost
//! wake-up hangs, and some peers lose them.
//!
//! A round trip is wall time, with the helper thread on the same core, or on another one. The storms
//! are on one core (on two they differ tenfold from run to run), and cost the CPU time of both threads
//! together, for a wake may well shift work from one to the other.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::signal::Countdown;
use crate::common::cpu::{self, Stopwatch};
use crate::common::statistics::Summary;
use crate::contenders::{Needs, Runtime};

/// Where the helper thread runs.
#[derive(Clone, Copy, PartialEq)]
pub enum Helper {
    OnSameCore,
    OnOtherCore,
}

/// The task asks, the helper (which never sleeps) answers by waking it. The cost is the wall time of
/// the usual trip: the median.
pub fn there_and_back<R: Runtime>(place: Helper, trips: usize) -> f64 {
    let desk = Arc::new(Desk::default());
    let helper = std::thread::spawn({
        let desk = desk.clone();
        move || desk.serve(place, trips)
    });
    let usual_trip = R::run(Needs::Tasks, move |_: R| async move {
        let mut times = Vec::with_capacity(trips);
        for trip in 1..=trips {
            let start = Instant::now();
            Ask { desk: &desk, trip, asked: false }.await;
            times.push(start.elapsed().as_nanos() as f64);
        }
        Summary::of(&times).expect("there are trips").median
    });
    helper.join().expect("the helper does not panic");
    usual_trip
}

/// Where a question and its answer lie: both are the number of the trip.
#[derive(Default)]
struct Desk {
    question: AtomicUsize,
    answer: AtomicUsize,
    asker: Mutex<Option<Waker>>,
}

impl Desk {
    fn serve(&self, place: Helper, trips: usize) {
        if place == Helper::OnOtherCore {
            cpu::pin_to_other_core();
        }
        for trip in 1..=trips {
            while self.question.load(Ordering::Acquire) < trip {
                match place {
                    Helper::OnSameCore => std::thread::yield_now(),
                    Helper::OnOtherCore => std::hint::spin_loop(),
                }
            }
            self.answer.store(trip, Ordering::Release);
            let asker = self.asker.lock().expect("nobody panics").take();
            asker.expect("who asks leaves a waker").wake();
        }
    }
}

struct Ask<'a> {
    desk: &'a Desk,
    trip: usize,
    asked: bool,
}

impl Future for Ask<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if !self.asked {
            self.asked = true;
            *self.desk.asker.lock().expect("nobody panics") = Some(context.waker().clone());
            self.desk.question.store(self.trip, Ordering::Release);
            return Poll::Pending;
        }
        if self.desk.answer.load(Ordering::Acquire) < self.trip {
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}

/// So many tasks wait; the helper wakes each of them once. The cost is that of one wake, with the
/// poll that it leads to.
pub fn each_task_once<R: Runtime>(tasks: usize) -> f64 {
    storm::<R>(tasks, 0)
}

/// The helper wakes so many tasks in turn, so many times in all; most wakes find a task that is awake
/// already.
pub fn again_and_again<R: Runtime>(tasks: usize, wakes: usize) -> f64 {
    storm::<R>(tasks, wakes)
}

/// The storm: so many wakes that lead to nothing, and at last one that lets each task end.
fn storm<R: Runtime>(tasks: usize, wakes: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        let over = Arc::new(AtomicBool::new(false));
        let wakers = Rc::new(RefCell::new(Vec::with_capacity(tasks)));
        let waiting = Countdown::from(tasks);
        let ended = Countdown::from(tasks);
        for _ in 0..tasks {
            runtime.forget(InTheStorm {
                over: over.clone(),
                wakers: wakers.clone(),
                waiting: Some(waiting.clone()),
                ended: ended.clone(),
            });
        }
        waiting.wait().await;
        let wakers = wakers.take();

        let clock = Stopwatch::start();
        let helper = std::thread::spawn(move || blow(wakers, wakes, &over));
        ended.wait().await;
        let helpers_time = helper.join().expect("the helper does not panic");
        (clock.elapsed() + helpers_time).as_nanos() as f64 / (tasks + wakes) as f64
    })
}

/// The helper's part. It returns the CPU time that it took.
fn blow(wakers: Vec<Waker>, wakes: usize, over: &AtomicBool) -> Duration {
    let clock = Stopwatch::start();
    for waker in wakers.iter().cycle().take(wakes) {
        waker.wake_by_ref();
    }
    over.store(true, Ordering::Release);
    for waker in wakers {
        waker.wake();
    }
    clock.elapsed()
}

struct InTheStorm {
    over: Arc<AtomicBool>,
    wakers: Rc<RefCell<Vec<Waker>>>,
    /// Until the first poll.
    waiting: Option<Countdown>,
    ended: Countdown,
}

impl Future for InTheStorm {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(waiting) = self.waiting.take() {
            self.wakers.borrow_mut().push(context.waker().clone());
            waiting.down();
            return Poll::Pending;
        }
        if !self.over.load(Ordering::Acquire) {
            return Poll::Pending;
        }
        self.ended.down();
        Poll::Ready(())
    }
}
