//! Exercises of chapter 1, "What the loop actually does".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_01`

/// The passes in which the producer has put its item, the consumer has got it, and main has joined the consumer.
/// In the chapter they are 5, 6 and 7.
#[derive(Debug, PartialEq)]
pub struct Passes {
    pub put: u64,
    pub get: u64,
    pub join: u64,
}

/// **Exercise 1.** Which passes are they now? Work them out before you run anything: `Passes { put: 5, get: 6, join: 7 }`.
///
/// The producer does not sleep:
///
/// ```text
/// [["spawn", 1], ["spawn", 2], ["join", 2]],
/// [["put", 0, 7]],
/// [["yield"], ["get", 0]]
/// ```
pub fn the_producer_does_not_sleep() -> Passes {
    todo!(
        "exercise 1 of docs/exercises/chapter_01.rs: does the consumer have to wait for its item?"
    )
}

/// Both sleep, for the same time:
///
/// ```text
/// [["spawn", 1], ["spawn", 2], ["join", 2]],
/// [["sleep", 10], ["put", 0, 7]],
/// [["sleep", 10], ["get", 0]]
/// ```
pub fn both_sleep() -> Passes {
    todo!(
        "exercise 1 of docs/exercises/chapter_01.rs: two timers are due in one pass, and make two calls"
    )
}

/// main sleeps, too, before it joins:
///
/// ```text
/// [["spawn", 1], ["spawn", 2], ["sleep", 10], ["join", 2]],
/// [["sleep", 10], ["put", 0, 7]],
/// [["yield"], ["get", 0]]
/// ```
pub fn main_sleeps() -> Passes {
    todo!("exercise 1 of docs/exercises/chapter_01.rs: what does main find when it wakes up?")
}

/// **Exercise 2.** Write a program in which task 3 starts in pass 4, although nobody sleeps, yields or waits for an item.
/// It has four tasks, and ends by itself.
pub fn late_start() -> &'static str {
    todo!(
        "exercise 2 of docs/exercises/chapter_01.rs: r#\"{{\"queues\": [], \"events\": 0, \"tasks\": [[…], […], […], […]]}}\"#"
    )
}
