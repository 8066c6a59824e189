//! Checks of chapter 17.

use executor::{Clock, Executor};

use crate::exercise_17::{Comes, Log, comes, crossing};

/// CPython's lines, of `python3 docs/python/ch17_crossing.py`.
const CPYTHON: [(u64, &str); 3] = [(4, "still red"), (5, "car 2 drives"), (7, "all gone")];

#[test]
fn exercise_1_the_crossing() {
    let log = Log::default();
    Executor::new(Clock::virtual_time()).run(crossing(log.clone()));
    let log = log.take();
    let said: Vec<(u64, &str)> = log.iter().map(|(pass, what)| (*pass, what.as_str())).collect();
    assert_eq!(said, CPYTHON, "what is said in which pass");
}

#[test]
fn exercise_2_whose_line_comes() {
    let expected = Comes { here: true, in_asyncio: true, in_tokio: true, in_smol: false };
    assert!(comes() == expected, "not quite: see the section `Tasks`, and chapter 16's picture");
}
