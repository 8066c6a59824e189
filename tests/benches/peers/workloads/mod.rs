//! What is measured: each workload once, against the traits of the contenders.

pub mod foreign;
pub mod memory;
pub mod queues;
mod signal;
pub mod spawn;
pub mod timers;
pub mod tree;
pub mod wake;

use std::cell::Cell;

use crate::common::cpu::Stopwatch;

thread_local! {
    /// How many operations the last measurement did.
    pub static OPERATIONS: Cell<usize> = const { Cell::new(0) };
}

/// Nanoseconds of this thread's CPU time for each operation of the work, which is done so many times,
/// after once that is not measured: by then tables have grown and memory has been touched. Work that
/// is done once only is so large that it warms itself up.
async fn measured(operations: usize, repeats: usize, mut work: impl AsyncFnMut()) -> f64 {
    OPERATIONS.set(operations * repeats);
    if repeats > 1 {
        work().await;
    }
    let clock = Stopwatch::start();
    for _ in 0..repeats {
        work().await;
    }
    clock.per_operation(operations * repeats)
}
