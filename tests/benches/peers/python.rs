//! CPython's asyncio, and uvloop, on some of the same workloads: tests/oracle/bench.py measures them.
//!
//! It is run with `python3`, or with what the environment variable PYTHON says. Without it, and
//! without uvloop, the table does without.

use std::env;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::common::number::rounded;
use crate::common::options::Options;
use crate::table::{Line, markdown};

/// The greatest ratios of ours to theirs that we allow ourselves.
const BARS: [(&str, f64); 2] = [("asyncio", 1.0 / 50.0), ("uvloop", 1.0 / 25.0)];

/// Which Python it was, and nanoseconds by loop and workload.
pub struct Python {
    version: String,
    costs: Vec<(String, String, f64)>,
}

/// `None` where there is no Python.
pub fn measure(options: &Options) -> Option<Python> {
    let mut script = command(&["bench.py"])?;
    if options.quick {
        script.arg("--quick");
    }
    if let Some(filter) = &options.filter {
        script.args(["--filter", filter]);
    }
    let output = script.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Some(Python { version: version()?, costs: text.lines().filter_map(cost).collect() })
}

/// A command of the oracle: the script's name, and its arguments.
pub fn command(script: &[&str]) -> Option<Command> {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    let (name, arguments) = script.split_first()?;
    let mut command = interpreter();
    command.arg(package.join("oracle").join(name)).args(arguments);
    Some(command)
}

fn interpreter() -> Command {
    Command::new(env::var_os("PYTHON").unwrap_or("python3".into()))
}

fn version() -> Option<String> {
    let output = interpreter().arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// `asyncio yield 1198`
fn cost(line: &str) -> Option<(String, String, f64)> {
    let mut words = line.split_whitespace();
    Some((words.next()?.to_string(), words.next()?.to_string(), words.next()?.parse().ok()?))
}

impl Python {
    fn cost(&self, wanted_loop: &str, workload: &str) -> Option<f64> {
        let found = self.costs.iter().find(|cost| cost.0 == wanted_loop && cost.1 == workload);
        found.map(|cost| cost.2)
    }

    /// Ours beside Python's loops: a line for each workload that both have.
    pub fn report(&self, lines: &[Line]) -> String {
        let loops = BARS.iter().filter(|(name, _)| self.costs.iter().any(|cost| cost.0 == *name));
        let loops: Vec<_> = loops.collect();
        let mut header = vec![format!("workload ({})", self.version), "ours".to_string()];
        for (name, _) in &loops {
            header.extend([name.to_string(), "ratio".to_string()]);
        }
        let mut cells = vec![header];
        for line in lines {
            let Some(ours) = line.ours() else { continue };
            let mut row = vec![line.row.title.to_string(), rounded(ours.median)];
            for (name, bar) in &loops {
                let Some(theirs) = self.cost(name, line.row.name) else { continue };
                let ratio = ours.median / theirs;
                let mark = if ratio > *bar { "**" } else { "" };
                row.extend([rounded(theirs), format!("{mark}{}{mark}", fraction(ratio))]);
            }
            if row.len() == cells[0].len() {
                cells.push(row);
            }
        }
        let mut text = markdown(&cells);
        let bars = loops.iter().map(|(name, bar)| format!("{} of {name}", fraction(*bar)));
        let _ = writeln!(text, "\nThe bars: {}.\n", bars.collect::<Vec<_>>().join(", "));
        text
    }
}

/// `1/50`
fn fraction(ratio: f64) -> String {
    format!("1/{:.0}", 1.0 / ratio)
}
