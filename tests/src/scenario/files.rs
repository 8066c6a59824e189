//! Programs out of files, one by one: `.json` holds one, `.jsonl` one a line.
//!
//! A soak pipes 100,000 programs through, so one line at a time is in memory. The counterpart in
//! Python's oracle is `tests/oracle/files.py`.

use std::fmt::{self, Display};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::iter;
use std::path::Path;

use serde::de::IgnoredAny;

use super::format::Program;

/// A program, and where it stands: `x.json`, or `x.jsonl:12`.
#[derive(Debug)]
pub struct Located {
    pub place: String,
    pub program: Program,
}

/// Why there is no program: the file can't be read, is no JSON, or the scenario is malformed.
#[derive(Debug)]
pub struct Problem {
    place: String,
    what: String,
}

/// The programs of an open file.
struct Programs {
    file: String,
    input: Box<dyn BufRead>,
    layout: Layout,
    /// Lines read so far.
    line: usize,
    /// No program came yet.
    empty: bool,
}

#[derive(PartialEq)]
enum Layout {
    /// All of it is one program.
    Whole,
    /// One program a line.
    Lines,
    /// Not known before the first line: it is a program, or opens one.
    Unknown,
    /// Nothing comes any more.
    End,
}

/// The programs of a file, or of standard input if its name is `-`.
///
/// They are read as they are asked for. A problem, if there is one, is the last to come.
pub fn programs(path: &Path) -> Box<dyn Iterator<Item = Result<Located, Problem>>> {
    let file = path.display().to_string();
    let layout = match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Layout::Whole,
        Some("jsonl") => Layout::Lines,
        _ => Layout::Unknown,
    };
    let input: Box<dyn BufRead> = if file == "-" {
        Box::new(BufReader::new(io::stdin()))
    } else {
        match File::open(path) {
            Ok(open) => Box::new(BufReader::new(open)),
            Err(error) => return Box::new(iter::once(Err(Problem::new(file, error)))),
        }
    };
    Box::new(Programs { file, input, layout, line: 0, empty: true })
}

impl Programs {
    fn read(&mut self) -> Result<Option<Located>, Problem> {
        let text = self.next_text().map_err(|error| Problem::new(self.file.clone(), error))?;
        if text.is_empty() {
            return match self.empty {
                true => Err(Problem::new(self.file.clone(), "there is no program in it")),
                false => Ok(None),
            };
        }
        self.empty = false;

        // A whole file is one place; of many lines, the line is.
        let (place, lines_before) = match self.layout {
            Layout::Lines => (format!("{}:{}", self.file, self.line), self.line - 1),
            _ => (self.file.clone(), self.line.saturating_sub(1)),
        };
        let value = serde_json::from_slice(&text)
            .map_err(|error| Problem::not_json(&self.file, lines_before, &error))?;
        match Program::from_json(&value) {
            Ok(program) => Ok(Some(Located { place, program })),
            Err(malformed) => Err(Problem::new(place, malformed)),
        }
    }

    /// The text of the next program; none at the end.
    fn next_text(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        if matches!(self.layout, Layout::Lines | Layout::Unknown) {
            text = self.next_line()?;
        }
        if self.layout == Layout::Unknown {
            let read = serde_json::from_slice::<IgnoredAny>(&text);
            let opens_a_value = read.is_err_and(|error| error.is_eof());
            self.layout = if opens_a_value { Layout::Whole } else { Layout::Lines };
        }
        if self.layout == Layout::Whole {
            self.input.read_to_end(&mut text)?;
            self.layout = Layout::End;
        }
        if text.trim_ascii().is_empty() {
            text.clear();
        }
        Ok(text)
    }

    /// The next line with something in it, empty at the end.
    fn next_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        while line.trim_ascii().is_empty() {
            line.clear();
            if self.input.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            self.line += 1;
        }
        Ok(line)
    }
}

impl Iterator for Programs {
    type Item = Result<Located, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.layout == Layout::End {
            return None;
        }
        let next = self.read();
        if next.is_err() {
            self.layout = Layout::End;
        }
        next.transpose()
    }
}

impl Problem {
    fn new(place: String, what: impl Display) -> Problem {
        Problem { place, what: what.to_string() }
    }

    fn not_json(file: &str, lines_before: usize, error: &serde_json::Error) -> Problem {
        let place = format!("{file}:{}:{}", lines_before + error.line(), error.column());
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or(&text);
        let what = match what {
            "recursion limit exceeded" => "blocks are nested too deeply to be read",
            what => what,
        };
        Problem::new(place, format_args!("no JSON: {what}"))
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for Problem {}
