//! For the checks: who has a turn in which pass of the executor.

use std::cell::RefCell;

use executor::{Clock, Executor, RunError};

thread_local! {
    static TURNS: RefCell<Vec<(u64, &'static str)>> = const { RefCell::new(Vec::new()) };
}

/// Writes down that this task comes past here, in the pass that is running.
pub fn turn(name: &'static str) {
    TURNS.with_borrow_mut(|turns| turns.push((executor::pass(), name)));
}

/// Runs a program on the virtual clock. A string for each pass from 1, with the names in their order.
pub fn passes(program: impl Future<Output = ()>) -> Result<Vec<String>, RunError> {
    TURNS.take();
    Executor::new(Clock::virtual_time()).try_run(program)?;
    let turns = TURNS.take();
    let last = turns.last().map_or(0, |(pass, _)| *pass);
    let names =
        |number| turns.iter().filter(move |(pass, _)| *pass == number).map(|(_, name)| *name);
    Ok((1..=last).map(|number| names(number).collect::<Vec<_>>().join(" ")).collect())
}
