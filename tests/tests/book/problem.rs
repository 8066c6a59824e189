//! What is wrong with the book, where, and how to mend it. All of it is told at once.

use std::fmt::{self, Debug, Display, Formatter};

/// One place that is wrong.
#[derive(Debug, PartialEq)]
pub struct Problem {
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    pub what: String,
}

impl Problem {
    pub fn new(file: &str, line: usize, what: impl Into<String>) -> Problem {
        Problem { file: file.to_string(), line, what: what.into() }
    }

    /// The command that writes this file anew, where a command can.
    pub fn rewrite(file: &str) -> String {
        let name = file.trim_start_matches("docs/");
        let chapter = name.split('-').next().filter(|number| number.parse::<u8>().is_ok());
        let chapter = chapter.unwrap_or(name);
        format!("    to rewrite: CHAPTER={chapter} UPDATE_DOCS=1 cargo test -p tests --test book")
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// All that is wrong, as what a test fails with: a panic would add a backtrace.
pub struct Report(String);

impl Debug for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Fails if there is a problem, with all of them.
pub fn none(problems: &[Problem]) -> Result<(), Report> {
    if problems.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = problems.iter().map(Problem::to_string).collect();
    let count =
        if problems.len() == 1 { "1 problem".into() } else { format!("{} problems", told.len()) };
    Err(Report(format!("{count} in the book\n\n{}\n", told.join("\n\n"))))
}
