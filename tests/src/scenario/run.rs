//! A run of a program: what its tasks share, and what comes of it.
//!
//! The counterpart is `Scenario` of `tests/oracle/interp.py`, with the world that `scen.py` gives it.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use executor::{Clock, Event, Executor, Observer, RunError, TaskRef};
use queue::Queue;

use super::format::{Program, TaskNo};
use super::interpret::{Handle, body};
use super::trace::{OnLine, Trace};

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

/// Somebody who watches a run.
#[derive(Clone)]
pub struct Watcher {
    /// Is told every step.
    pub observer: Rc<RefCell<dyn Observer>>,
    /// Is told every line of the trace, without its end, when it is written.
    pub line: OnLine,
}

/// Runs a program until its main task ends.
pub fn run(program: Program, time: Time) -> Run {
    run_watched(program, time, None)
}

/// [`run`], while somebody watches.
pub fn run_watched(program: Program, time: Time, watcher: Option<Watcher>) -> Run {
    let clock = match time {
        Time::Virtual => Clock::virtual_time(),
        Time::System => Clock::system(),
    };
    let trace = Rc::new(Trace::new(clock.clone(), watcher.clone().map(|watcher| watcher.line)));
    let mut executor = Executor::new(clock.clone());
    if let Some(watcher) = watcher {
        executor = executor.observed_by(watcher.observer);
    }
    let main = {
        let trace = trace.clone();
        // Made inside the run, for it is the executor that numbers queues and events.
        async move {
            let queues = program.queues.iter().map(|&maxsize| queue(maxsize)).collect();
            let events = (0..program.events).map(|_| Event::new()).collect();
            let (main, handles) = (OnceCell::new(), RefCell::new(vec![None; program.tasks.len()]));
            let scenario = Scenario { program, time, clock, trace, queues, events, main, handles };
            body(Rc::new(scenario), TaskNo::MAIN).await
        }
    };
    let stuck = match executor.try_run(main) {
        Err(RunError::Stuck(report)) => Some(report),
        // How main ended stands in the trace.
        Ok(_) | Err(RunError::Cancelled) => None,
    };
    Run { trace: trace.take(), stuck }
}

fn queue(maxsize: usize) -> Queue<u64> {
    Queue::new(maxsize).shown_as(u64::to_string)
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
