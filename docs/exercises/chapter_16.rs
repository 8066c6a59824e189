//! Exercises of chapter 16, "asyncio's features and how to use them well".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_16`

use executor::{JoinError, JoinHandle};

/// **Exercise 1.** A consumer waits in `queue.get()`. A producer puts the items 1 to 100 into the queue, one
/// `queue.put(item).await` after the other, and awaits nothing else. How many has it put when the consumer has its
/// first item: if the queue is unbounded, `Queue::new(0)`, and if it is `Queue::new(3)`? Say it before you try it.
pub fn put_before_the_first_is_got() -> [usize; 2] {
    todo!("exercise 1 of docs/exercises/chapter_16.rs: [for Queue::new(0), for Queue::new(3)]")
}

/// **Exercise 2.** A worker in Python, in this file: mend it.
pub const WORKER: &str = "docs/exercises/chapter_16.py";

/// **Exercise 3.** A small `TaskGroup`: awaits all tasks, and gives their outputs in order. If one fails, it
/// cancels the others, waits until all of them have ended, and gives the failure then.
///
/// `gather` fails with the first failure, and `gather_all` waits for all ends. A handle can be cloned if the
/// outcome can.
pub async fn all_or_none<T: Clone + 'static, E: Clone + 'static>(
    tasks: Vec<JoinHandle<T, E>>,
) -> Result<Vec<T>, JoinError<E>> {
    todo!("exercise 3 of docs/exercises/chapter_16.rs: gather, and after a failure two things more")
}
