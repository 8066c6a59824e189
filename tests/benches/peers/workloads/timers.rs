//! Timers: armed and dropped (most never fire), armed and fired.

use std::future::ready;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_lite::future::poll_once;

use super::measured;
use super::signal::Countdown;
use crate::contenders::{Needs, Timers, VirtualTime};

/// While so many sleeps are armed, another one is made, polled once, and dropped.
pub fn arm_and_drop<R: Timers>(armed: usize, repeats: usize) -> f64 {
    R::run(Needs::Timers, move |runtime| async move {
        let mut sleeps = Vec::with_capacity(armed);
        for first in (0..armed).step_by(ARMED_BY_ONE_TASK) {
            sleeps.extend(runtime.spawn(arm::<R>(first)).await);
        }
        let mut number = 0;
        let cost = measured(1, repeats, async || {
            number += 1;
            let sleep = pin!(R::sleep(usual_timeout(number)));
            poll_once(sleep).await;
        });
        let cost = cost.await;
        drop(sleeps); // only now
        cost
    })
}

/// A million wakers of one and the same task would overflow glommio's count of references.
const ARMED_BY_ONE_TASK: usize = 1_000;

async fn arm<R: Timers>(first: usize) -> Vec<Pin<Box<impl Future<Output = ()> + 'static>>> {
    let mut sleeps = Vec::with_capacity(ARMED_BY_ONE_TASK);
    for number in first..first + ARMED_BY_ONE_TASK {
        let an_hour_and_more = Duration::from_secs(3600) + Duration::from_millis(number as u64);
        let mut sleep = Box::pin(R::sleep(an_hour_and_more));
        poll_once(&mut sleep).await;
        sleeps.push(sleep);
    }
    sleeps
}

/// A timeout around a future that is ready at once.
pub fn timeout_around_ready<R: Timers>(repeats: usize) -> f64 {
    R::run(Needs::Timers, move |_: R| async move {
        let mut number = 0;
        measured(1, repeats, async || {
            number += 1;
            black_box(R::timeout(usual_timeout(number), ready(number)).await);
        })
        .await
    })
}

/// So many tasks sleep, each until a millisecond of its own, armed out of order. The cost is that of
/// one: spawn, arm, fire, end.
pub fn fire<R: VirtualTime>(sleeps: usize, repeats: usize) -> f64 {
    R::run(Needs::VirtualTime, move |runtime| async move {
        measured(sleeps, repeats, async || {
            let countdown = Countdown::from(sleeps);
            for number in 0..sleeps {
                let countdown = countdown.clone();
                let milliseconds = 1 + number * STEP % sleeps;
                runtime.forget(async move {
                    R::sleep(Duration::from_millis(milliseconds as u64)).await;
                    countdown.down();
                });
            }
            countdown.wait().await;
        })
        .await
    })
}

/// One task sleeps a millisecond, again and again.
pub fn one_after_another<R: VirtualTime>(repeats: usize) -> f64 {
    R::run(Needs::VirtualTime, move |_: R| async move {
        measured(1, repeats, async || R::sleep(Duration::from_millis(1)).await).await
    })
}

/// A prime that divides none of the sizes: its multiples visit every place once.
const STEP: usize = 7919;

/// Somewhere between one second and thirty.
fn usual_timeout(number: usize) -> Duration {
    Duration::from_millis((1_000 + number * STEP % 29_000) as u64)
}
