//! Exercises of chapter 16, "asyncio's features and how to use them well".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_16`

/// **Exercise 1.** A consumer waits in `queue.get()`. A producer puts the items 1 to 100 into the queue, one
/// `queue.put(item).await` after the other, and awaits nothing else. How many has it put when the consumer has its
/// first item: if the queue is unbounded, `Queue::new(0)`, and if it is `Queue::new(3)`? Say it before you try it.
pub fn put_before_the_first_is_got() -> [usize; 2] {
    todo!("exercise 1 of docs/exercises/chapter_16.rs: [for Queue::new(0), for Queue::new(3)]")
}

/// **Exercise 2.** A worker in Python, in this file: mend it.
pub const WORKER: &str = "docs/exercises/chapter_16.py";
