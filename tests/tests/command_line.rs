//! The demo as somebody types it: what it prints, where, and with which exit status.

#[path = "common/binary.rs"]
mod binary;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};

use binary::DEMO;

/// Producer 0 and consumer 0 sleep for 1 and 0 seconds and pass one item: the shortest program
/// that really waits.
const ONE_SECOND: [&str; 6] = ["-p", "1", "-c", "1", "--seed", "183"];

fn demo(args: &[&str]) -> Command {
    let mut command = Command::new(&*DEMO);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

struct Ended {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

fn ended(mut command: Command) -> Ended {
    let output = command.output().expect("the demo starts");
    Ended {
        status: output.status,
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// The lines of a run that must go well.
fn lines(args: &[&str]) -> Vec<String> {
    let run = ended(demo(args));
    assert_eq!((run.status.code(), run.stderr.as_str()), (Some(0), ""), "{args:?}");
    assert!(run.stdout.ends_with('\n'));
    run.stdout.lines().map(String::from).collect()
}

/// Reads the given number of lines, closes the pipe, and waits: `demo ... | head -n count`.
fn head(count: usize, args: &[&str]) -> (Vec<String>, Ended) {
    let mut child = demo(args).spawn().expect("the demo starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let lines = (0..count).map(|_| next_line(&mut stdout)).collect();
    drop(stdout);
    (lines, wait(child))
}

fn next_line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line");
    line.trim_end().to_string()
}

/// For a child whose standard output was taken away.
fn wait(mut child: Child) -> Ended {
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("UTF-8");
    let status = child.wait().expect("it ends");
    Ended { status, stdout: String::new(), stderr }
}

#[test]
fn whatever_is_wrong_is_one_line_and_status_2() {
    let number = "expected a whole number from 0 to 1000000";
    let known = "expected -p N, -c N, --seed N, --virtual-time";
    let pair = "expected K:MS";
    for (args, expected) in [
        (&["-p", "x"] as &[&str], number),
        (&["-p", "-1"], number),
        (&["--nprod=2.5"], number),
        (&["-p", ""], number),
        (&["-p", "99999999999999999999"], number),
        (&["-c", "0"], "expected a whole number from 1 to 1000000"),
        (&["-p", "0", "-c", "0"], "expected a whole number from 1 to 1000000"),
        (&["-p", "600000", "-c", "600000"], "expected at most 1000000"),
        (&["--seed", "four"], "expected a whole number"),
        (&["--seed", "18446744073709551616"], "to 18446744073709551615"),
        (&["-p"], "a value is required for '--nprod <N>'"),
        (&["-p", "-c", "3"], "a value is required for '--nprod <N>'"),
        (&["--colour"], known),
        (&["-x"], known),
        (&["a file"], known),
        (&["--virtual-time", "--late", "2"], pair),
        (&["--virtual-time", "--late", "2:1,"], pair),
        (&["--virtual-time", "--late", "2:1,x:1"], pair),
        (&["--late", "--virtual-time"], pair),
        (&["--virtual-time", "--late", "2:1,2:1"], "expected each once"),
        (&["--late", "2:1"], "--late needs --virtual-time"),
    ] {
        let run = ended(demo(args));
        assert_eq!(run.status.code(), Some(2), "{args:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{args:?}");
        assert_eq!(run.stderr.matches('\n').count(), 1, "{args:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("demo: "), "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains(expected), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn help_names_every_option_on_one_screen() {
    let help = lines(&["--help"]);
    for option in ["-p, --nprod", "-c, --ncon", "--seed", "--virtual-time", "--late"] {
        assert!(help.iter().any(|line| line.contains(option)), "{option}");
    }
    assert!(help.len() <= 24 && help.iter().all(|line| line.len() <= 100), "{help:#?}");
    assert_eq!(help, lines(&["-h"]));
}

#[test]
fn virtual_time_gives_the_same_bytes_in_every_run() {
    for args in [
        &["--virtual-time"] as &[&str],
        &["--virtual-time", "--seed", "-7", "-p", "40", "-c", "3"],
        &["--virtual-time", "--late", "2:1,10:1,13:1,18:1,22:1"],
    ] {
        assert_eq!(lines(args), lines(args), "{args:?}");
    }
    let default = lines(&["--virtual-time"]);
    assert_eq!(default[0], "Producer 0 sleeping for 4 seconds.");
    assert_eq!(default[14], "Producer 0 added <351a94850c> to queue.");
    assert_eq!(default[18], "Consumer 2 got element <351a94850c> in 0.00000 seconds.");
    assert_eq!(default.last().unwrap(), "Program completed in 40.00000 seconds.");
    assert_ne!(default, lines(&["--virtual-time", "--seed", "445"]));

    let late = lines(&["--virtual-time", "--late", "2:1,10:1,13:1,18:1,22:1"]);
    assert_eq!(late.last().unwrap(), "Program completed in 40.00100 seconds.");
}

/// The queue is empty, so main does not wait: the consumers are cancelled before their first step.
#[test]
fn without_producers_nothing_happens() {
    let [completed] = &lines(&["-p", "0"])[..] else { panic!("one line") };
    assert!(seconds(completed, "Program completed in ") < 60.0);
}

#[test]
fn the_system_clock_waits_and_shows_each_line_when_it_happens() {
    let mut child = demo(&ONE_SECOND).spawn().expect("the demo starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    assert_eq!(next_line(&mut stdout), "Producer 0 sleeping for 1 seconds.");
    assert_eq!(next_line(&mut stdout), "Consumer 0 sleeping for 0 seconds.");
    assert!(child.try_wait().expect("a child").is_none(), "the second is not over");

    let added = next_line(&mut stdout);
    let item = added.strip_prefix("Producer 0 added <").and_then(|rest| rest.split_once('>'));
    let (item, rest) = item.unwrap_or_else(|| panic!("{added}"));
    assert_eq!((item.len(), rest), (10, " to queue."));

    let got = next_line(&mut stdout);
    let latency = seconds(&got, &format!("Consumer 0 got element <{item}> in "));
    assert!((0.0..60.0).contains(&latency), "{got}");
    assert_eq!(next_line(&mut stdout), "Consumer 0 sleeping for 5 seconds.");
    let completed = next_line(&mut stdout);
    let elapsed = seconds(&completed, "Program completed in ");
    assert!((1.0..60.0).contains(&elapsed), "it never ends early: {completed}");
    assert_eq!(next_line(&mut stdout), "");
    let run = wait(child);
    assert_eq!((run.status.code(), run.stderr.as_str()), (Some(0), ""));

    let again = lines(&ONE_SECOND);
    assert_ne!(again[2], added, "the operating system's bytes do not repeat");
}

/// The number in "... 0.00012 seconds.", which has five decimals as in Python.
fn seconds(line: &str, before: &str) -> f64 {
    let number = line.strip_prefix(before).and_then(|rest| rest.strip_suffix(" seconds."));
    let number = number.unwrap_or_else(|| panic!("{line}"));
    assert_eq!(number.split_once('.').map(|(_, decimals)| decimals.len()), Some(5), "{line}");
    number.parse().unwrap_or_else(|_| panic!("{line}"))
}

#[test]
fn a_closed_pipe_ends_the_demo_without_a_word() {
    for args in [
        &["--virtual-time", "-p", "1000", "-c", "1000"] as &[&str],
        &["--virtual-time"],
        &["-p", "1000", "-c", "1000"],
        &["--help"],
    ] {
        let (lines, run) = head(3, args);
        assert!(lines[0].starts_with("Producer 0") || args == ["--help"], "{lines:?}");
        assert_eq!((run.status.code(), run.stderr.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_one_line_and_status_1() {
    for args in [&["--virtual-time"] as &[&str], &ONE_SECOND, &["--help"]] {
        let full = std::fs::File::create("/dev/full").expect("Linux has one");
        let mut command = demo(args);
        command.stdout(full);
        let run = ended(command);
        assert_eq!(run.status.code(), Some(1), "{args:?}");
        assert_eq!(run.stderr.matches('\n').count(), 1, "{args:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("demo: can't write the output: "), "{}", run.stderr);
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_it_at_once() {
    use std::io::Write;

    let sleep = Command::new("sleep").arg("5").stderr(Stdio::piped()).spawn();
    let Ok(sleep) = sleep else {
        let skipped = "skipped: Ctrl-C, there is no sleep command to see whether children heed it";
        return writeln!(std::io::stderr(), "{skipped}").expect("standard error");
    };
    if !interrupted(sleep) {
        // Not eprintln!: of a test that passes, the harness would not show it.
        let skipped = "skipped: whoever started this test made its children ignore SIGINT";
        writeln!(std::io::stderr(), "{skipped}").expect("standard error");
        return;
    }
    let mut child = demo(&[]).spawn().expect("the demo starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    next_line(&mut stdout);
    assert!(interrupted(child));
}

/// Sends what Ctrl-C sends. True if that ended the child, and it said nothing.
#[cfg(unix)]
fn interrupted(child: Child) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGINT: i32 = 2;

    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("there is a kill command").success());
    let run = wait(child);
    run.status.signal() == Some(SIGINT) && run.stderr.is_empty()
}
