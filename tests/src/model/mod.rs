//! The model: asyncio's order of events a second time, without the executor.
//!
//! It answers one question: is this trace right? Python's oracle answers it too, but needs a Python
//! and milliseconds; the model needs neither, so a fuzzer can ask it thousands of times a second.
//! To be believed it must be simple, and unlike what it judges: no wakers, no table of tasks, no wheel, no
//! care for speed. It is `tests/oracle/refloop.py`, `refqueue.py` and `interp.py` in Rust, name
//! for name, and is itself held against what CPython wrote (`tests/tests/fuzz_corpus.rs`).
//!
//! ```text
//! schedule   what runs when: the loop, tasks, gather, sleep, timeout      refloop.py
//! queue      who is woken by what: the queue and the event                refqueue.py
//! interpret  what each op does, and what its line says                    interp.py
//! random     bytes -> a program
//! json       a program -> the text of its file
//! fuzz       the two fuzz targets: bytes -> fine, or a panic
//! ```

mod interpret;
mod json;
mod queue;
mod random;
mod schedule;

pub mod fuzz;

pub use interpret::run;
pub use json::to_json;
pub use random::program;

use crate::scenario::{self, Program, Time};

/// What the model says of a program.
#[derive(Debug)]
pub struct Run {
    /// All lines, each with its line end.
    pub trace: String,
    /// It could not go on; the last lines show how its tasks were cancelled then.
    pub stuck: bool,
}

/// Runs a program on the executor and on the model. Every line must be equal, every column.
///
/// # Panics
/// At the first line that differs, with the program.
pub fn check(program: &Program) -> Run {
    let expected = run(program);
    let actual = scenario::run(program.clone(), Time::Virtual);
    if let Some(difference) = difference(&expected.trace, &actual.trace) {
        panic!("{difference}\nthe program:\n{}", to_json(program));
    }
    let stuck = actual.stuck.is_some();
    assert_eq!(expected.stuck, stuck, "can it go on?\nthe program:\n{}", to_json(program));
    expected
}

/// Where two traces part, in words.
pub fn difference(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let (expected, actual): (Vec<_>, Vec<_>) =
        (expected.lines().collect(), actual.lines().collect());
    let same = expected.iter().zip(&actual).take_while(|(e, a)| e == a).count();
    Some(format!(
        "the traces differ at line {}\n  {}\nexpected\n  {}\ngot\n  {}",
        same + 1,
        expected[same.saturating_sub(5)..same].join("\n  "),
        expected.get(same).unwrap_or(&"the end"),
        actual.get(same).unwrap_or(&"the end"),
    ))
}
