//! Every `console` listing is what its commands print.

use std::ops::Range;
use std::process::Command;
use std::sync::LazyLock;

use crate::common::{say, skip};
use crate::console::{self, Said};
use crate::fence::{Fence, fences};
use crate::page::{Page, pages, update};
use crate::problem::{self, Problem, Report};
use crate::programs::{path, without_cargo};

#[test]
fn every_output_is_what_the_command_prints() -> Result<(), Report> {
    if cfg!(windows) {
        skip("the book's commands: they are for a Unix shell");
        return Ok(());
    }
    let mut problems = Vec::new();
    for page in pages().iter().filter(|page| page.is_run()) {
        problems.extend(check(page, update()));
    }
    problem::none(&problems)
}

/// Lines of a page, and what shall stand there.
type Edit = (Range<usize>, Vec<String>);

fn check(page: &Page, update: bool) -> Vec<Problem> {
    let (mut problems, mut edits) = (Vec::new(), Vec::new());
    let console = |fence: &Fence<'_>| fence.language() == "console" && !fence.is("ignore");
    for fence in fences(&page.text).iter().filter(|fence| console(fence)) {
        let problem = |index, what: String| Problem::new(&page.name, fence.line(index), what);
        let written = match console::commands(&fence.body) {
            Ok(commands) => commands,
            Err(what) => {
                problems.push(problem(0, format!("a console listing {what}")));
                continue;
            }
        };
        let mut printed = Vec::new();
        for said in &written {
            let Said { line, command, output } = said;
            match print(command) {
                Ok(Some(lines)) => {
                    printed.push(Said { line: *line, command: command.clone(), output: lines })
                }
                // It can't be run here.
                Ok(None) => printed.push(Said {
                    line: *line,
                    command: command.clone(),
                    output: output.clone(),
                }),
                Err(what) => {
                    problems.push(problem(*line, format!("{what}\n    $ {command}")));
                    break;
                }
            }
        }
        if printed.len() < written.len() {
            continue;
        }
        let differs = written.iter().zip(&printed).find_map(|(written, printed)| {
            let (at, told) = console::difference(&written.output, &printed.output)?;
            Some((written, at, told))
        });
        let Some((said, at, told)) = differs else { continue };
        if update {
            match console::listing(&printed) {
                Ok(lines) => edits.push((fence.lines.clone(), indented(lines, fence.indent))),
                Err(what) => problems.push(problem(said.line, what)),
            }
            continue;
        }
        let place = said.line + said.command.lines().count() + at;
        let (command, rewrite) = (&said.command, Problem::rewrite(&page.name));
        problems.push(problem(
            place,
            format!("this is not what it prints\n    $ {command}\n{told}\n{rewrite}"),
        ));
    }
    if !edits.is_empty() {
        problems.extend(page.write(&edited(&page.text, edits)).err());
    }
    problems
}

fn indented(lines: Vec<String>, indent: usize) -> Vec<String> {
    let indent = " ".repeat(indent);
    lines
        .into_iter()
        .map(|line| if line.is_empty() { line } else { format!("{indent}{line}") })
        .collect()
}

/// The text with other lines in some places.
fn edited(text: &str, edits: Vec<Edit>) -> String {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    for (place, new) in edits.into_iter().rev() {
        lines.splice(place, new);
    }
    lines.join("\n") + "\n"
}

/// What a command prints, or nothing if it can't be run here.
fn print(command: &str) -> Result<Option<Vec<String>>, String> {
    if command.contains("python3") && !*PYTHON {
        return Ok(None);
    }
    let direct = without_cargo(command, path)?;
    Ok(Some(console::lines(&shell(&direct)?)))
}

/// Whether there is a Python that knows what the book uses.
pub static PYTHON: LazyLock<bool> = LazyLock::new(|| {
    let recent = "import sys; sys.exit(sys.version_info < (3, 11))";
    let is_there = Command::new("python3")
        .args(["-c", recent])
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_there {
        skip("the book's Python programs: there is no python3, 3.11 or later");
    }
    is_there
});

#[cfg(not(unix))]
fn shell(_command: &str) -> Result<String, String> {
    unreachable!("commands are for a Unix shell")
}

/// What a shell prints on standard output and standard error, in that order in which it comes.
#[cfg(unix)]
fn shell(command: &str) -> Result<String, String> {
    use std::io::Read;
    use std::os::unix::process::CommandExt;
    use std::process::Stdio;
    use std::sync::mpsc::channel;
    use std::time::{Duration, Instant};

    const PATIENCE: Duration = Duration::from_secs(120);
    const LONG: Duration = Duration::from_secs(3);

    let began = Instant::now();
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let mut sh = Command::new("sh");
    sh.args(["-c", command]).current_dir(crate::page::root()).process_group(0);
    sh.stdin(Stdio::null()).stdout(writer.try_clone().expect("a pipe")).stderr(writer);
    // What is printed should not depend on who runs the test.
    let ours = ["CARGO_", "RUST", "UPDATE_DOCS", "CHAPTER", "PYTHON", "COLUMNS"];
    for (name, _) in std::env::vars_os() {
        if ours.iter().any(|ours| name.to_string_lossy().starts_with(ours)) {
            sh.env_remove(name);
        }
    }
    sh.envs([("LC_ALL", "C.UTF-8"), ("TERM", "dumb"), ("NO_COLOR", "1"), ("TZ", "UTC")]);
    sh.envs([("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONUTF8", "1")]);
    let mut child = sh.spawn().map_err(|error| format!("sh does not start: {error}"))?;
    drop(sh); // and with it our end of the pipe
    let (sender, all) = channel();
    std::thread::spawn(move || {
        let mut printed = Vec::new();
        let _ = reader.read_to_end(&mut printed);
        let _ = sender.send(printed);
    });
    let Ok(printed) = all.recv_timeout(PATIENCE) else {
        let group = format!("kill -9 -{}", child.id());
        let _ = Command::new("sh").args(["-c", &group]).status();
        let _ = child.wait();
        return Err(format!("it does not end within {} seconds", PATIENCE.as_secs()));
    };
    let status = child.wait().expect("it has ended");
    if began.elapsed() > LONG {
        say(&format!("slow ({:.0} s): $ {command}", began.elapsed().as_secs_f32()));
    }
    let printed = String::from_utf8_lossy(&printed).into_owned();
    match status.code() {
        Some(126 | 127) => Err(format!("the shell can't run it: {}", printed.trim())),
        _ => Ok(printed),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        Page { name: "docs/05-x.md".to_string(), text: text.to_string() }
    }

    fn told(text: &str) -> Vec<String> {
        check(&page(text), false).iter().map(Problem::to_string).collect()
    }

    #[test]
    fn an_output_that_is_right_is_no_problem() {
        let right =
            "```console\n$ printf 'a\\nb\\n' | tail -1\nb\n$ true\n$ echo x >&2\nx\n```\n\n";
        assert_eq!(told(&format!("{right}```console,ignore\n$ no such thing\n```\n")), [""; 0]);
    }

    #[test]
    fn an_output_that_is_wrong_is_told_with_its_line() {
        let told =
            told("# A\n\n```console\n$ echo a; echo b\na\nc\n```\n\n```console\n$ true\nx\n```\n");
        let rewrite = "to rewrite: CHAPTER=05 UPDATE_DOCS=1 cargo test -p tests --test book";
        assert_eq!(told.len(), 2, "all are told: {told:?}");
        let first = format!(
            "docs/05-x.md:6: this is not what it prints\n    $ echo a; echo b\n    written: c\n    printed: b\n    {rewrite}"
        );
        assert_eq!(told[0], first);
        assert!(
            told[1].starts_with("docs/05-x.md:11: ") && told[1].contains("printed: (nothing more)")
        );
    }

    #[test]
    fn what_cannot_be_run_is_told() {
        for command in ["/no/such/thing", "cargo build", "cargo run -q -p tests --bin no-such"] {
            assert_eq!(told(&format!("```console\n$ {command}\n```\n")).len(), 1, "{command}");
        }
        assert_eq!(told("```console\nx\n```\n").len(), 1);
    }

    #[test]
    fn outputs_are_written_into_their_places() {
        let text = "a\n1. x\n   ```console\n   $ echo a; echo; echo b\n   y\n   ```\nb\n```console\n$ echo c\n```\nd\n";
        let edits = vec![
            (3..5, indented(vec!["$ echo a".to_string(), String::new(), "b".to_string()], 3)),
            (8..9, vec!["$ echo c".to_string(), "c".to_string()]),
        ];
        let new = "a\n1. x\n   ```console\n   $ echo a\n\n   b\n   ```\nb\n```console\n$ echo c\nc\n```\nd\n";
        assert_eq!(edited(text, edits), new);
    }
}
