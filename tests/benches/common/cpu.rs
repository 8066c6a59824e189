//! One core, and the clock of one thread.
//!
//! A benchmark stays on one core, so that it never pays for moving; and it reads the CPU time of its
//! own thread, so that a busy neighbour takes time from it, but not from its result.

use std::sync::OnceLock;
use std::time::Duration;

use core_affinity::CoreId;
use cpu_time::ThreadTime;

/// Where a run leaves the numbers of its cores to the processes that it starts: they inherit its
/// pinning, and would see one core only.
const CORES_VARIABLE: &str = "BENCHMARK_CORES";

/// The cores that were ours before the first pinning (afterwards a thread sees only its own).
static CORES: OnceLock<Vec<CoreId>> = OnceLock::new();

fn cores() -> &'static [CoreId] {
    CORES.get_or_init(|| match std::env::var(CORES_VARIABLE) {
        Ok(numbers) => {
            numbers.split(',').filter_map(|id| Some(CoreId { id: id.parse().ok()? })).collect()
        }
        Err(_) => core_affinity::get_core_ids().unwrap_or_default(),
    })
}

/// The environment variable, and its value, for a process that this one starts.
pub fn for_child() -> (&'static str, String) {
    let numbers: Vec<String> = cores().iter().map(|core| core.id.to_string()).collect();
    (CORES_VARIABLE, numbers.join(","))
}

/// Keeps this thread, and the threads it starts from now on, on the last core: the first one usually
/// serves the interrupts.
pub fn pin_main_thread() {
    if let Some(core) = cores().last() {
        core_affinity::set_for_current(*core);
    }
}

/// Keeps this thread on the first core: beside the main thread, if there is more than one core.
pub fn pin_to_other_core() {
    if let Some(core) = cores().first() {
        core_affinity::set_for_current(*core);
    }
}

pub fn core_count() -> usize {
    cores().len()
}

/// The CPU time of this thread since `start`. Not `Send`: a thread's clock is its own.
pub struct Stopwatch(ThreadTime);

impl Stopwatch {
    pub fn start() -> Stopwatch {
        Stopwatch(ThreadTime::now())
    }

    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Nanoseconds for each of so many operations.
    pub fn per_operation(&self, operations: usize) -> f64 {
        self.elapsed().as_nanos() as f64 / operations as f64
    }
}
