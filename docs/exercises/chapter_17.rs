//! Exercises of chapter 17, "Rosetta: ours, CPython's, tokio's, smol's".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_17`

use std::cell::RefCell;
use std::rc::Rc;

/// What was said, each with the pass in which it was.
pub type Log = Rc<RefCell<Vec<(u64, String)>>>;

/// As in the Python program.
pub fn say(log: &Log, what: impl ToString) {
    log.borrow_mut().push((executor::pass(), what.to_string()));
}

/// **Exercise 1.** `docs/python/ch17_crossing.py`, in Rust: the function `main` of that file. It has to say the same
/// things, in the same passes.
pub async fn crossing(log: Log) {
    todo!("exercise 1 of docs/exercises/chapter_17.rs: spawn, timeout, cancel, gather_all")
}

/// **Exercise 2.** A task sleeps for a second, and then prints "here". Its handle is dropped at once, and the
/// program goes on for a minute. Does the line come?
#[derive(Debug, PartialEq)]
pub struct Comes {
    pub here: bool,
    /// Think of who holds a task that sleeps.
    pub in_asyncio: bool,
    pub in_tokio: bool,
    pub in_smol: bool,
}

pub fn comes() -> Comes {
    todo!(
        "exercise 2 of docs/exercises/chapter_17.rs: what dropping a handle means to each of the four"
    )
}
