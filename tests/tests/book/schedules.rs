//! Every program of the book runs in CPython in the same order, pass for pass.

use std::process::{Command, Output, Stdio};

use crate::console::{difference, lines};
use crate::outputs::PYTHON;
use crate::page::{chapter, names, root};
use crate::problem::{self, Problem, Report};

#[test]
fn every_program_runs_as_in_cpython() -> Result<(), Report> {
    if chapter().is_some() || !*PYTHON {
        return Ok(());
    }
    let mut programs =
        [names("docs/programs", "json"), names("docs/programs/quiz", "json")].concat();
    // On one that can't go on, Python gives up without a trace.
    programs.retain(|program| scenario(std::slice::from_ref(program)).status.success());
    let ours = scenario(&programs);
    let theirs = output(Command::new("python3").arg("tests/oracle/scen.py").args(&programs));
    let difference = difference(&lines(&text(&theirs.stdout)), &lines(&text(&ours.stdout)));
    let problem = difference.map(|(line, told)| {
        let command = format!("python3 tests/oracle/scen.py {}", programs.join(" "));
        let what = format!(
            "CPython (written) and scenario (printed) differ\n{told}\n{}\n    {command}",
            text(&theirs.stderr)
        );
        Problem::new("docs/programs", line + 1, what)
    });
    problem::none(&Vec::from_iter(problem))
}

fn scenario(programs: &[String]) -> Output {
    output(Command::new(env!("CARGO_BIN_EXE_scenario")).args(programs))
}

fn output(command: &mut Command) -> Output {
    command.current_dir(root()).stdin(Stdio::null()).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
