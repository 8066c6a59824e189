//! For the checks: what the loop does with a scenario, as its trace says.

use serde_json::Value;
use tests::scenario::{Program, Time, run};

/// The lines of a trace: time in milliseconds, pass, and the rest.
pub struct Trace(Vec<(u64, u64, String)>);

impl Trace {
    /// Runs a program, which is given as JSON.
    pub fn of(json: &str) -> Trace {
        let value: Value = serde_json::from_str(json)
            .unwrap_or_else(|error| panic!("this is not JSON: {error}\n{json}"));
        let program = Program::from_json(&value).unwrap_or_else(|wrong| panic!("{wrong}\n{json}"));
        let run = run(program, Time::Virtual);
        if let Some(stuck) = run.stuck {
            panic!("the program can't go on\n{stuck}\n{}", run.trace);
        }
        let lines = run.trace.lines().map(|line| {
            let mut words = line.splitn(3, ' ');
            let mut number = || words.next().and_then(|word| word.parse().ok()).expect("a number");
            (number(), number(), words.next().expect("a task and an event").to_string())
        });
        Trace(lines.collect())
    }

    /// The pass of the first line that begins so, such as `t1 put`.
    pub fn pass(&self, event: &str) -> u64 {
        self.line(event).1
    }

    /// The lines that contain this, without time and pass, in their order.
    pub fn events(&self, what: &str) -> Vec<&str> {
        let events = self.0.iter().map(|(_, _, event)| event.as_str());
        events.filter(|event| event.contains(what)).collect()
    }

    fn line(&self, event: &str) -> &(u64, u64, String) {
        let line = self.0.iter().find(|(_, _, text)| text.starts_with(event));
        line.unwrap_or_else(|| panic!("no `{event}` in the trace\n{self}"))
    }
}

impl std::fmt::Display for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|(time, pass, event)| writeln!(f, "{time} {pass} {event}"))
    }
}
