//! Exercises of chapter 12, "Cancellation".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_12`

use executor::{JoinError, JoinHandle};
use queue::Queue;

/// **Exercise 1.** Task 1 awaits a `gather` of tasks 2 and 3. Task 2 sleeps. Task 3 awaits task 4, which awaits task 5, which
/// sleeps. In pass *p* somebody cancels task 1. How many passes after *p* does each of the five end?
pub fn ends() -> [u64; 5] {
    todo!("exercise 1 of docs/exercises/chapter_12.rs: [task 1, task 2, task 3, task 4, task 5]")
}

/// **Exercise 2.** asyncio's `shield`: awaits a task, and gives its outcome. But if *who awaits this* is cancelled, the request
/// is not passed on to the task, which goes on.
///
/// A request is passed on to a task that is awaited. It is not passed on by an event.
pub async fn shield<T: 'static>(task: JoinHandle<T>) -> Result<T, JoinError> {
    todo!("exercise 2 of docs/exercises/chapter_12.rs: who awaits the task, if this does not?")
}

/// **Exercise 3.** Takes an item out of the queue and works on it, by `work(&item).await`. If that is cancelled in the middle,
/// nobody has done the item: then it is to be in the queue again. (The queue is not bounded.)
pub async fn work_on_one(queue: &Queue<String>, work: impl AsyncFnOnce(&str)) {
    todo!("exercise 3 of docs/exercises/chapter_12.rs: a struct of yours, with a Drop")
}
