//! `scenario FILE...`: runs scenario files and prints their traces.
//!
//! The counterpart of Python's oracle (`tests/oracle/scen.py`): the same file, the same trace.

#![forbid(unsafe_code)]

use std::fmt::Display;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tests::scenario::{Located, Run, Time, programs, run};

/// Run scenarios, small concurrent programs as JSON, and print their traces
#[derive(Parser)]
#[command(name = "scenario", after_help = AFTER_HELP)]
struct Args {
    /// Scenario files: .json holds one program, .jsonl one a line; - is standard input, either way
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Run on the system clock, a millisecond a millisecond, instead of the virtual one
    #[arg(long)]
    system: bool,
}

const AFTER_HELP: &str = "\
A line of a trace is MS PASS TASK EVENT. Of several programs each has a line `# NAME` before it.

Exit status:
  0  every program ran to its end
  1  a program could not go on: standard error says who waits for what (on the system clock it
     waits for ever, as asyncio does)
  2  a file can't be read or holds a malformed scenario; what comes behind it is not run";

fn main() -> ExitCode {
    let args = Args::parse();
    let time = if args.system { Time::System } else { Time::Virtual };
    let mut out = BufWriter::new(io::stdout().lock());
    let status =
        run_all(&args.files, time, &mut out).and_then(|status| out.flush().map(|()| status));
    match status {
        Ok(status) => status,
        // `scenario x.json | head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(format_args!("standard output: {error}"));
            ExitCode::from(2)
        }
    }
}

fn run_all(files: &[PathBuf], time: Time, out: &mut impl Write) -> io::Result<ExitCode> {
    let mut loaded = files.iter().flat_map(|file| programs(file)).peekable();
    let mut several = None;
    let mut status = ExitCode::SUCCESS;
    while let Some(next) = loaded.next() {
        let Located { place, program } = match next {
            Ok(located) => located,
            Err(problem) => {
                out.flush()?;
                complain(problem);
                return Ok(ExitCode::from(2));
            }
        };
        let name = program.name.clone();
        if *several.get_or_insert_with(|| loaded.peek().is_some()) {
            writeln!(out, "# {}", name.as_ref().unwrap_or(&place))?;
        }
        let Run { trace, stuck } = run(program, time);
        out.write_all(trace.as_bytes())?;
        if let Some(report) = stuck {
            out.flush()?;
            let name = name.map(|name| format!("{name}: ")).unwrap_or_default();
            complain(format_args!("{place}: {name}{report}"));
            status = ExitCode::from(1);
        }
    }
    Ok(status)
}

/// One line on standard error; if nobody reads that either, so be it.
fn complain(what: impl Display) {
    let _ = writeln!(io::stderr(), "scenario: {what}");
}
