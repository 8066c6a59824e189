//! `--trace`: the narrated run.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use demo::views::kinds::KINDS;

use crate::demo::{complaint, demo, ended, output};

/// A line of the narrated run.
#[derive(Debug)]
enum Line<'a> {
    Step { number: u64, micros: u64, pass: u64, kind: &'a str, sentence: &'a str },
    Printed(&'a str),
}

/// All lines behind the heading.
fn lines(narrated: &str) -> Vec<Line<'_>> {
    let (heading, rest) = narrated.split_once('\n').expect("a heading");
    assert_eq!(heading, " step        time   pass  kind       what happens");
    rest.lines().map(|line| parse(line).unwrap_or_else(|| panic!("{line}"))).collect()
}

fn parse(line: &str) -> Option<Line<'_>> {
    if let Some(printed) = line.strip_prefix("                          │ ") {
        return Some(Line::Printed(printed));
    }
    let (numbers, words) = line.split_at_checked(24)?;
    let [number, seconds, "s", pass] = numbers.split_whitespace().collect::<Vec<_>>()[..] else {
        return None;
    };
    let (kind, sentence) = words.strip_prefix("  ")?.split_at_checked(9)?;
    let (number, pass) = (number.parse().ok()?, pass.parse().ok()?);
    let micros = (seconds.parse::<f64>().ok()? * 1e6).round() as u64;
    Some(Line::Step { number, micros, pass, kind: kind.trim(), sentence: sentence.trim_start() })
}

#[test]
fn every_step_is_a_line_and_so_is_what_the_program_prints() {
    for args in [&["--virtual-time"] as &[&str], &["--virtual-time", "-p", "20", "-c", "3"]] {
        let plain = output(args);
        let narrated = output(&[args, &["--trace"]].concat());
        let lines = lines(&narrated);
        let mut printed = Vec::new();
        let mut last = (0, 0, 0);
        for line in &lines {
            match *line {
                Line::Printed(line) => printed.push(line),
                Line::Step { number, micros, pass, kind, sentence } => {
                    assert_eq!(number, last.0 + 1);
                    assert!((micros, pass) >= (last.1, last.2), "{line:?} after {last:?}");
                    assert!(KINDS.contains(&kind), "{kind}");
                    assert!(sentence.ends_with('.') && !sentence.contains("TaskId"), "{sentence}");
                    last = (number, micros, pass);
                }
            }
        }
        assert_eq!(printed, plain.lines().collect::<Vec<_>>());
        assert_eq!(narrated, output(&[args, &["--trace"]].concat()), "the same bytes twice");
        assert!(!narrated.contains('\x1b'), "no colours in a pipe");
    }
}

#[test]
fn the_first_and_the_last_sentence() {
    let narrated = output(&["--virtual-time", "--trace"]);
    let sentences = lines(&narrated).into_iter().filter_map(|line| match line {
        Line::Step { sentence, .. } => Some(sentence),
        Line::Printed(_) => None,
    });
    let sentences: Vec<&str> = sentences.collect();
    assert_eq!(sentences[0], "The run begins: Main stands in the ready queue.");
    let last = sentences[sentences.len() - 1];
    assert!(last.starts_with("The call that ends the run has its turn"), "{last}");
}

#[test]
fn kinds_are_chosen_by_name() {
    let all = output(&["--virtual-time", "--trace"]);
    let chosen = output(&["--virtual-time", "--trace=poll,wake"]);
    let wanted = |line: &&str| match parse(line) {
        Some(Line::Step { kind, .. }) => kind == "poll" || kind == "wake",
        _ => true,
    };
    assert_eq!(chosen.lines().collect::<Vec<_>>(), all.lines().filter(wanted).collect::<Vec<_>>());
    assert!(chosen.lines().count() < all.lines().count() / 2);
    for kind in KINDS {
        output(&["-p", "0", "--virtual-time", &format!("--trace={kind}")]);
    }
}

#[test]
fn an_unknown_kind_is_one_line_that_lists_them() {
    for bad in ["--trace=polls", "--trace=poll,", "--trace=poll wake", "--trace=POLL"] {
        let complaint = complaint(&["--virtual-time", bad]);
        assert!(KINDS.iter().all(|kind| complaint.contains(kind)), "{complaint}");
    }
    assert!(complaint(&["--trace", "poll"]).contains("expected -p N"));
}

/// On the system clock the lines come when the steps are taken, not at the end.
#[test]
fn it_streams() {
    let mut command = demo(&["-p", "1", "-c", "1", "--seed", "183", "--trace"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the demo starts");
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut narrated = String::new();
    while !narrated.contains(" park ") {
        assert!(reader.read_line(&mut narrated).expect("a line") > 0, "{narrated}");
    }
    assert!(child.try_wait().expect("a child").is_none(), "it parks for a second now");
    while reader.read_line(&mut narrated).expect("a line") > 0 {}
    assert!(child.wait().expect("it ends").success());
    let fired = lines(&narrated).into_iter().find_map(|line| match line {
        Line::Step { kind: "fire", micros, .. } => Some(micros),
        _ => None,
    });
    assert!(fired.expect("a timer") >= 1_000_000, "never early: {narrated}");
}

#[test]
fn a_closed_pipe_ends_it_without_a_word() {
    let mut command = demo(&["--virtual-time", "--trace", "-p", "200", "-c", "200"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the demo starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

/// `scenario --trace` narrates a program in which nearly everything happens.
#[test]
fn scenarios_are_narrated_too() {
    let program = r#"{"name": "all", "queues": [1], "events": 1, "tasks": [
        [["spawn", 1], ["spawn", 2], ["timeout", 4, [["sleep", 10]]], ["cancel", 2], ["gather", [1, 2]]],
        [["put", 0, 7], ["put", 0, 8], ["timeout", 0, [["wait", 0]]]],
        [["get", 0], ["get", 0], ["wait", 0]]]}"#;
    let scenario = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scenario"));
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(program.as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()), "{args:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let (plain, narrated) = (scenario(&["-"]), scenario(&["--trace", "-"]));
    let printed = lines(&narrated).into_iter().filter_map(|line| match line {
        Line::Printed(line) => Some(line),
        Line::Step { .. } => None,
    });
    assert_eq!(printed.collect::<Vec<_>>(), plain.lines().collect::<Vec<_>>());
    for sentence in [
        "t0 spawns t1, which goes to the tail of the ready queue.",
        "t1 puts 7 into queue 0, which holds 1 item now.",
        "Queue 0 is full (1 item): t1 stands first in line for room.",
        "t2 wakes t1, which waited for room in queue 0 and now goes to the tail of the ready queue.",
        "The time is over: t1 waits no longer for event 0 to be set, and goes to the tail",
        "t0's timer 1 is disarmed: nobody waits for it any more.",
        "t0 asks for the end of t2.",
        "t2 has ended: it was cancelled. t0, which awaits it, is told.",
    ] {
        assert!(narrated.contains(sentence), "{sentence}:\n{narrated}");
    }
    let run = ended(Command::new(env!("CARGO_BIN_EXE_scenario")).args(["--trace=polls", "-"]));
    assert_eq!(run.status, Some(2));
    assert!(run.stderr.contains("expected spawn, poll, pending"), "{}", run.stderr);
}
