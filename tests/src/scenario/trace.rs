//! The trace: one line per event, with its time and its pass.
//!
//! Counterparts in Python's oracle: `Scenario.emit` in `tests/oracle/interp.py`, and `Guarded` in
//! `scen.py` for a task that is thrown away. There a wrapper sees `CancelledError` leave the
//! coroutine; in Rust a cancelled future is dropped, so a value that lives in it writes the line.

use std::cell::{Cell, RefCell};
use std::fmt::{Arguments, Write};
use std::rc::Rc;

use executor::Clock;

use super::format::TaskNo;

/// Is told a line.
pub type OnLine = Rc<dyn Fn(&str)>;

/// The lines so far. With main's `end` it is over: what comes later belongs to no trace.
pub struct Trace {
    clock: Clock,
    text: RefCell<String>,
    over: Cell<bool>,
    /// Who wants to see each line at once.
    watcher: Option<OnLine>,
}

impl Trace {
    pub fn new(clock: Clock, watcher: Option<OnLine>) -> Trace {
        Trace { clock, text: RefCell::default(), over: Cell::new(false), watcher }
    }

    pub fn line(&self, task: TaskNo, event: Arguments<'_>) {
        if self.over.get() {
            return;
        }
        let ms = self.clock.now().as_nanos().saturating_add(500_000) / 1_000_000;
        let pass = executor::pass();
        let mut text = self.text.borrow_mut();
        let start = text.len();
        writeln!(text, "{ms} {pass} {task} {event}").expect("a String takes everything");
        if let Some(watcher) = &self.watcher {
            watcher(text[start..].trim_end());
        }
    }

    /// A task's last line.
    fn end(&self, task: TaskNo, event: Arguments<'_>) {
        self.line(task, event);
        if task == TaskNo::MAIN {
            self.over.set(true);
        }
    }

    pub fn take(&self) -> String {
        self.text.take()
    }
}

/// How a task ends. It is made with the task's future and dropped last of all that is in there:
/// if the future is dropped before it is finished, even before its first poll, that is the
/// moment of `end cancelled`.
pub struct Ending {
    trace: Rc<Trace>,
    task: TaskNo,
    /// Not any more when the task has said how it ended.
    armed: bool,
}

impl Ending {
    pub fn new(trace: Rc<Trace>, task: TaskNo) -> Ending {
        Ending { trace, task, armed: true }
    }

    pub fn finished(&mut self, result: &Result<u128, u64>) {
        self.armed = false;
        match result {
            Ok(value) => self.trace.end(self.task, format_args!("end ok {value}")),
            Err(number) => self.trace.end(self.task, format_args!("end err {number}")),
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if self.armed {
            self.trace.end(self.task, format_args!("end cancelled"));
        }
    }
}
