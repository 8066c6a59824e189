//! Solutions of chapter 16, "asyncio's features and how to use them well".

use executor::{JoinError, JoinHandle, gather, gather_all};

/// A `put` that need not wait does not give way: into an unbounded queue all items go in one turn.
pub fn put_before_the_first_is_got() -> [usize; 2] {
    [100, 3]
}

pub const WORKER: &str = "docs/exercises/solutions/chapter_16.py";

pub async fn all_or_none<T: Clone + 'static, E: Clone + 'static>(
    tasks: Vec<JoinHandle<T, E>>,
) -> Result<Vec<T>, JoinError<E>> {
    let outputs = gather(tasks.clone()).await;
    if outputs.is_err() {
        for task in &tasks {
            task.cancel();
        }
        // Their ends are what we wait for, not their outcomes.
        gather_all(tasks).await;
    }
    outputs
}
