//! Spawning: how much a task costs that does nothing.

use std::hint::black_box;

use super::measured;
use super::signal::Countdown;
use crate::contenders::{Needs, Runtime};

/// Spawns so many tasks, then awaits them one by one.
pub fn and_await<R: Runtime>(tasks: usize, repeats: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(tasks, repeats, async || {
            let mut handles = Vec::with_capacity(tasks);
            for number in 0..tasks {
                handles.push(runtime.spawn(async move { number }));
            }
            for handle in handles {
                black_box(handle.await);
            }
        })
        .await
    })
}

/// Spawns so many tasks whose handles nobody keeps; the last of them wakes the main task.
pub fn and_forget<R: Runtime>(tasks: usize, repeats: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(tasks, repeats, async || {
            let countdown = Countdown::from(tasks);
            for _ in 0..tasks {
                let countdown = countdown.clone();
                runtime.forget(async move { countdown.down() });
            }
            countdown.wait().await;
        })
        .await
    })
}

/// One task at a time: spawn it, await it.
pub fn one_and_await<R: Runtime>(repeats: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(1, repeats, async || {
            let handle = runtime.spawn(async { 1 });
            black_box(handle.await);
        })
        .await
    })
}

/// Spawns so many tasks and joins them all at once: our `gather`; `join_all` elsewhere.
pub fn and_join_all<R: Runtime>(tasks: usize, repeats: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(tasks, repeats, async || {
            let mut handles = Vec::with_capacity(tasks);
            for number in 0..tasks {
                handles.push(runtime.spawn(async move { number }));
            }
            black_box(R::join_all(handles).await);
        })
        .await
    })
}
