//! `scenario FILE...`: runs scenario files and prints their traces.
//!
//! The counterpart of Python's oracle (`tests/oracle/scen.py`): the same file, the same trace. With
//! `--trace` one sees how it comes about: the run is narrated, and the trace stands in between. `--page`
//! makes a page of it that goes forward and back.

#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::fmt::Display;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use clap::Parser;
use clap::error::ErrorKind;
use demo::cli::one_line;
use demo::views::kinds::Kinds;
use demo::views::page;
use demo::views::recorder::Recorder;
use demo::views::trace::Trace;
use tests::scenario::{Located, Program, Run, Time, Watcher};
use tests::scenario::{listing, programs, run, run_watched};

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

    /// Narrate every step of the executor, or those of some kinds: --trace=poll,wake
    #[arg(long, value_name = "KINDS", value_parser = Kinds::parse)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "")]
    trace: Option<Kinds>,

    /// Write the run of one program as a page for a browser, which plays it forward and back
    #[arg(long, value_name = "FILE.html", conflicts_with = "trace")]
    page: Option<PathBuf>,
}

const AFTER_HELP: &str = "\
A line of a trace is MS PASS TASK EVENT. Of several programs each has a line `# NAME` before it.

Exit status:
  0  every program ran to its end
  1  a program could not go on: standard error says who waits for what (on the system clock it
     waits for ever, as asyncio does); or the page can't be written
  2  a file can't be read or holds a malformed scenario; what comes behind it is not run";

/// What may be asked for.
const KNOWN: &str = "FILE..., --system, --trace[=KINDS], --page FILE or --help";

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) if error.kind() == ErrorKind::DisplayHelp => error.exit(),
        Err(error) => {
            complain(one_line(&error, KNOWN));
            return ExitCode::from(2);
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let status = run_all(&args, &mut out).and_then(|status| out.flush().map(|()| status));
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

fn run_all(args: &Args, out: &mut impl Write) -> io::Result<ExitCode> {
    let time = if args.system { Time::System } else { Time::Virtual };
    let mut loaded = args.files.iter().flat_map(|file| programs(file)).peekable();
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
            if args.page.is_some() {
                complain("--page shows the run of one program: expected one file that holds one");
                return Ok(ExitCode::from(2));
            }
            writeln!(out, "# {}", name.as_ref().unwrap_or(&place))?;
        }
        let stuck = match (&args.trace, &args.page) {
            (Some(kinds), _) => {
                out.flush()?;
                narrated(program, time, kinds.clone())?
            }
            (None, Some(file)) => {
                let (Run { trace, stuck }, written) = onto_page(program, time, &place, file);
                out.write_all(trace.as_bytes())?;
                out.flush()?;
                if let Err(error) = written {
                    complain(format_args!("can't write {}: {error}", file.display()));
                    status = ExitCode::from(1);
                }
                stuck
            }
            (None, None) => {
                let Run { trace, stuck } = run(program, time);
                out.write_all(trace.as_bytes())?;
                stuck
            }
        };
        if let Some(report) = stuck {
            out.flush()?;
            let name = name.map(|name| format!("{name}: ")).unwrap_or_default();
            complain(format_args!("{place}: {name}{report}"));
            status = ExitCode::from(1);
        }
    }
    Ok(status)
}

/// Runs a program, and writes each step and each line of the trace as it happens.
fn narrated(program: Program, time: Time, kinds: Kinds) -> io::Result<Option<String>> {
    let written = Rc::new(RefCell::new(Ok(())));
    let print = {
        let written = written.clone();
        move |line: &str| {
            let mut written = written.borrow_mut();
            if written.is_ok() {
                *written = writeln!(io::stdout(), "{line}");
            }
        }
    };
    let trace = Rc::new(RefCell::new(Trace::new(kinds, print).main_is("t0")));
    let observer = trace.clone();
    let line = Rc::new(move |line: &str| trace.borrow_mut().program_prints(line));
    let Run { stuck, .. } = run_watched(program, time, Some(Watcher { observer, line }));
    written.replace(Ok(())).map(|()| stuck)
}

/// Runs a program, and writes the page of its run. The run is whole even if the page can't be written.
fn onto_page(program: Program, time: Time, place: &str, file: &Path) -> (Run, io::Result<()>) {
    let recorder = Rc::new(RefCell::new(Recorder::new().main_is("t0")));
    let observer = recorder.clone();
    let lines = recorder.clone();
    let line = Rc::new(move |line: &str| lines.borrow_mut().print(line));
    let run = run_watched(program.clone(), time, Some(Watcher { observer, line }));
    let recorder = recorder.borrow();
    let steps = recorder.steps();
    // Of a path only its end, so that the page is the same wherever it is made.
    let end = Path::new(place).file_name().map(|name| name.to_string_lossy().into_owned());
    let title = program.name.clone().or(end).unwrap_or_default();
    let page = page::html(&title, steps, Some(&listing(&program, steps)));
    (run, fs::write(file, page))
}

/// One line on standard error; if nobody reads that either, so be it.
fn complain(what: impl Display) {
    let _ = writeln!(io::stderr(), "scenario: {what}");
}
