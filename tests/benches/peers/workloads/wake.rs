//! Waking: tasks that yield, and two tasks that wake each other.

use super::measured;
use super::signal::Signal;
use crate::contenders::{Needs, Runtime};

/// So many tasks, each of which yields so many times. The cost is that of one yield. (On monoio the
/// others do not get their turn: it polls a task that wakes itself again at once.)
pub fn yields<R: Runtime>(tasks: usize, yields: usize, repeats: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(tasks * yields, repeats, async || {
            let mut handles = Vec::with_capacity(tasks);
            for _ in 0..tasks {
                handles.push(runtime.spawn(async move {
                    for _ in 0..yields {
                        R::yield_now().await;
                    }
                }));
            }
            for handle in handles {
                handle.await;
            }
        })
        .await
    })
}

/// Two tasks wake each other in turn. The cost is that of a round trip: two wakes, two polls.
pub fn ping_pong<R: Runtime>(round_trips: usize, repeats: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(round_trips, repeats, async || {
            let ping = Signal::default();
            let pong = Signal::default();
            let first = runtime.spawn(bounce(round_trips, ping.clone(), pong.clone()));
            let second = runtime.spawn(bounce(round_trips, pong, ping.clone()));
            ping.set();
            first.await;
            second.await;
        })
        .await
    })
}

async fn bounce(round_trips: usize, mine: Signal, yours: Signal) {
    for _ in 0..round_trips {
        mine.wait().await;
        yours.set();
    }
}
