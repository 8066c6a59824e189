//! The command `demo`, as these tests start it.

use std::cell::RefCell;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::rc::Rc;

use demo::cli::Args;
use demo::program;
use demo::views::recorder::Recorder;

pub use crate::binary::DEMO;

/// What came of a command.
#[derive(Debug, PartialEq)]
pub struct Ended {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The demo with these arguments, in pipes: no terminal says how wide it is.
pub fn demo(args: &[&str]) -> Command {
    let mut command = Command::new(&*DEMO);
    command.args(args).env_remove("COLUMNS").stdin(Stdio::null());
    command
}

pub fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("it starts");
    Ended {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// The output of a run that must go well.
pub fn output(args: &[&str]) -> String {
    let run = ended(&mut demo(args));
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{args:?}");
    run.stdout
}

/// The complaint about arguments that make no sense: one line, and status 2.
pub fn complaint(args: &[&str]) -> String {
    let run = ended(&mut demo(args));
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{args:?}");
    assert_eq!(run.stderr.matches('\n').count(), 1, "{args:?}: {}", run.stderr);
    run.stderr
}

/// The founding run, recorded in this process.
pub fn recorded(nprod: u32, ncon: u32) -> Rc<RefCell<Recorder>> {
    let recorder = Recorder::shared();
    let printer = recorder.clone();
    let args = Args { nprod, ncon, seed: 444, virtual_time: true, late: Vec::new() };
    let print = move |line: &str| printer.borrow_mut().print(line);
    program::run_observed(&args, Some(recorder.clone()), print).expect("it runs to its end");
    recorder
}

/// A path for a file of these tests.
pub fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}
