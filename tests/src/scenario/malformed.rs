//! What is wrong with a scenario, and where: one line.
//!
//! The mistake is found deep inside, by a function that knows only *what* is wrong. Each level
//! that the error passes on its way out adds *where*: the index in the block, the task, the
//! program. Python's oracle has no counterpart: it checks nothing and ends in a traceback.

use std::fmt;

use serde_json::Value;

/// One mistake in a scenario, and where it is.
#[derive(Debug)]
pub struct Malformed {
    program: Option<String>,
    task: Option<usize>,
    /// The op's index in its block, then the index of that block in its own, and so on out.
    op: Vec<usize>,
    op_name: String,
    what: String,
}

/// A mistake of which nobody has said yet where it is.
pub fn wrong<V>(what: String) -> Result<V, Malformed> {
    Err(Malformed { program: None, task: None, op: Vec::new(), op_name: String::new(), what })
}

/// JSON in few characters, for a message. A terminal obeys none of them: JSON escapes only the control
/// characters below a space.
pub fn short(value: &Value) -> String {
    const MOST: usize = 40;
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}' => format!("\\u{:04x}", u32::from(c)),
        _ => c.to_string(),
    };
    let text: String = value.to_string().chars().map(escape).collect();
    match text.char_indices().nth(MOST) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

impl Malformed {
    pub fn at_key(self, key: &str) -> Malformed {
        Malformed { what: format!("\"{key}\": {}", self.what), ..self }
    }

    pub fn in_op(mut self, index: usize, op: &Value) -> Malformed {
        if self.op.is_empty() {
            self.op_name = op.get(0).map_or("?".into(), |name| short(name).replace('"', ""));
        }
        self.op.push(index);
        self
    }

    pub fn in_task(self, task: usize) -> Malformed {
        Malformed { task: Some(task), ..self }
    }

    pub fn in_program(self, name: Option<String>) -> Malformed {
        Malformed { program: name, ..self }
    }
}

/// `s17: task 3, op 2.0 (put): expected a queue number below 2, got 5`
impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(program) = &self.program {
            write!(f, "{program}: ")?;
        }
        if let Some(task) = self.task {
            write!(f, "task {task}")?;
            let mut separator = ", op ";
            for index in self.op.iter().rev() {
                write!(f, "{separator}{index}")?;
                separator = ".";
            }
            if !self.op.is_empty() {
                write!(f, " ({})", self.op_name)?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.what)
    }
}

impl std::error::Error for Malformed {}
