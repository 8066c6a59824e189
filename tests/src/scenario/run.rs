//! A run of a program: what its tasks share, and what comes of it.
//!
//! The counterpart is `Scenario` of `tests/oracle/interp.py`, with the world that `scen.py` gives it.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use executor::{Clock, Event, Executor, RunError, TaskRef};
use queue::Queue;

use super::format::{Program, TaskNo};
use super::interpret::{Handle, body};
use super::trace::Trace;

/// What a program runs on.
#[derive(Clone, Copy, Debug)]
pub enum Time {
    /// At once, in the ideal order.
    Virtual,
    /// A millisecond is a millisecond.
    System,
}

/// What came of a program.
#[derive(Debug)]
pub struct Run {
    /// All lines, each with its line end.
    pub trace: String,
    /// If the program couldn't go on: who waits for what. The tasks are cancelled then, as
    /// `asyncio.run` does with those that are left, and the last lines of the trace show it.
    pub stuck: Option<String>,
}

/// Runs a program until its main task ends.
pub fn run(program: Program, time: Time) -> Run {
    let clock = match time {
        Time::Virtual => Clock::virtual_time(),
        Time::System => Clock::system(),
    };
    let scenario = Rc::new(Scenario {
        trace: Rc::new(Trace::new(clock.clone())),
        queues: program.queues.iter().map(|&maxsize| Queue::new(maxsize)).collect(),
        events: (0..program.events).map(|_| Event::new()).collect(),
        main: OnceCell::new(),
        handles: RefCell::new(vec![None; program.tasks.len()]),
        program,
        time,
        clock,
    });
    let executor = Executor::new(scenario.clock.clone());
    let stuck = match executor.try_run(body(scenario.clone(), TaskNo::MAIN)) {
        Err(RunError::Stuck(report)) => Some(report),
        // How main ended stands in the trace.
        Ok(_) | Err(RunError::Cancelled) => None,
    };
    Run { trace: scenario.trace.take(), stuck }
}

/// One run of one program: what its tasks share.
pub struct Scenario {
    pub program: Program,
    pub time: Time,
    pub clock: Clock,
    pub trace: Rc<Trace>,
    pub queues: Vec<Queue<u64>>,
    pub events: Vec<Event>,
    pub main: OnceCell<TaskRef>,
    /// Of the tasks spawned so far. Main is not among them: nobody gets a handle of it.
    pub handles: RefCell<Vec<Option<Handle>>>,
}
