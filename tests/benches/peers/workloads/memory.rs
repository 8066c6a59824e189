//! The heap bytes that a task holds while it waits, counted by the global allocator.
//!
//! The future of a waiting task has no size, and the place where its waker lies was made before, so
//! what is counted is what the runtime adds. All that was asked for counts, also the unused half of a
//! table that has just doubled.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::signal::Countdown;
use crate::common::allocator;
use crate::contenders::{Needs, Runtime, Timers};

thread_local! {
    /// The wakers of the tasks that wait (without a waker, some runtimes would drop the task).
    static WAKERS: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
    /// How many tasks are not yet waiting. A static, so that the tasks' futures need not hold it.
    static NOT_YET: RefCell<Countdown> = RefCell::default();
}

pub fn waiting_task<R: Runtime>(tasks: usize) -> f64 {
    WAKERS.set(Vec::with_capacity(tasks));
    R::run(Needs::Tasks, move |runtime| async move {
        bytes_per_task(tasks, || runtime.forget(WaitForEver)).await
    })
}

pub fn sleeping_task<R: Timers>(tasks: usize) -> f64 {
    R::run(Needs::Timers, move |runtime| async move {
        bytes_per_task(tasks, || {
            runtime.forget(async {
                count_as_waiting();
                R::sleep(Duration::from_secs(3600)).await;
            });
        })
        .await
    })
}

async fn bytes_per_task(tasks: usize, spawn: impl Fn()) -> f64 {
    let not_yet = Countdown::from(tasks);
    NOT_YET.set(not_yet.clone());
    allocator::start_counting();
    for _ in 0..tasks {
        spawn();
    }
    not_yet.wait().await;
    allocator::stop_counting() as f64 / tasks as f64
}

fn count_as_waiting() {
    NOT_YET.with_borrow(|not_yet| not_yet.down());
}

struct WaitForEver;

impl Future for WaitForEver {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        WAKERS.with_borrow_mut(|wakers| wakers.push(context.waker().clone()));
        count_as_waiting();
        Poll::Pending
    }
}
