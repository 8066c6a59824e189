//! What does `scenario` say, and with which exit status? To programs, to mistakes, to closed pipes.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn scenario() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scenario"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs with this standard input.
fn fed(input: impl AsRef<[u8]>, args: &[&str]) -> Said {
    let mut child = scenario().args(args).stdin(Stdio::piped()).spawn().unwrap();
    // A child that has read enough closes its end.
    let _ = child.stdin.take().unwrap().write_all(input.as_ref());
    child.wait_with_output().unwrap().into()
}

/// A file of this test's own.
fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

#[derive(Debug, PartialEq)]
struct Said {
    status: i32,
    out: String,
    err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        Said {
            status: output.status.code().expect("it was killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn said(status: i32, out: &str, err: &str) -> Said {
    Said { status, out: out.into(), err: err.into() }
}

const ONE: &str = r#"{"name": "one", "tasks": [[["sleep", 5]]]}"#;
const ONE_TRACE: &str = "0 1 t0 start\n5 3 t0 sleep 5\n5 3 t0 end ok 0\n";
const TWO: &str = r#"{"program": {"v": 1, "tasks": [[["fail", 7]]], "extra": 1}, "trace": []}"#;
const TWO_TRACE: &str = "0 1 t0 start\n0 1 t0 end err 7\n";

#[test]
fn one_program_has_no_heading() {
    assert_eq!(fed(ONE, &["-"]), said(0, ONE_TRACE, ""));
    let path = file("one.json", ONE);
    let output = scenario().arg(path).output().unwrap();
    assert_eq!(Said::from(output), said(0, ONE_TRACE, ""));
}

#[test]
fn several_programs_are_told_apart_by_name_or_place() {
    let both = format!("# one\n{ONE_TRACE}# -:3\n{TWO_TRACE}");
    assert_eq!(fed(format!("{ONE}\n\n{TWO}\n"), &["-"]), said(0, &both, ""));

    let json = file("first.json", ONE);
    let jsonl = file("rest.jsonl", &format!("{TWO}\r\n{ONE}"));
    let output = scenario().args([&json, &jsonl]).output().unwrap();
    let all = format!("# one\n{ONE_TRACE}# {}:1\n{TWO_TRACE}# one\n{ONE_TRACE}", jsonl.display());
    assert_eq!(Said::from(output), said(0, &all, ""));
}

#[test]
fn a_program_may_take_many_lines_also_on_standard_input() {
    let value: serde_json::Value = serde_json::from_str(ONE).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    assert_eq!(fed(&pretty, &["-"]), said(0, ONE_TRACE, ""));
    let output = scenario().arg(file("pretty.json", &pretty)).output().unwrap();
    assert_eq!(Said::from(output), said(0, ONE_TRACE, ""));
}

#[test]
fn time_and_sums_that_are_too_large_saturate() {
    let most = u64::MAX;
    let program = format!(
        r#"{{"tasks": [[["work", {most}], ["work", {most}], ["sleep", {most}], ["timeout", {most}, []],
            ["spawn", 1], ["spawn", 2], ["gather", [1, 2]]],
            [["put", 0, {most}], ["get", 0]], [["put", 0, {most}], ["get", 0]]], "queues": [0]}}"#
    );
    let Said { status, out, err } = fed(program, &["-"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let sum = 2 * u128::from(most);
    assert!(out.ends_with(&format!(" t0 end ok {sum}\n")), "{out}");
}

/// A mistake in this op, the second of task 1 in a program with two queues and an event, gives
/// this message, behind the place.
const MISTAKES_IN_OPS: &[(&str, &str)] = &[
    (r#"["put", 5, 1]"#, "(put): expected a queue number below 2, got 5"),
    (r#"["get", -1]"#, "(get): expected a queue number below 2, got -1"),
    (r#"["qsize", "q0"]"#, r#"(qsize): expected a queue number below 2, got "q0""#),
    (r#"["wait", 1]"#, "(wait): expected an event number below 1, got 1"),
    (r#"["state", 3]"#, "(state): expected a task number below 3, got 3"),
    (r#"["spawn", 0]"#, "(spawn): t0 is main and can't be spawned"),
    (r#"["spawn", 1]"#, "(spawn): t1 is spawned twice, first by t0"),
    (r#"["join", 1]"#, "(join): t1 may wait only for tasks numbered above it, not for t1"),
    (r#"["gather", [2, 0]]"#, "(gather): t1 may wait only for tasks numbered above it, not for t0"),
    (r#"["gather_all", [2, 2]]"#, "(gather_all): t2 is gathered twice"),
    (r#"["gather", 2]"#, "(gather): expected a list, got 2"),
    (
        r#"["sleep", 1.5]"#,
        "(sleep): expected a whole number from 0 to 18446744073709551615, got 1.5",
    ),
    (
        r#"["sleep", 18446744073709551616]"#,
        "(sleep): expected a whole number from 0 to 18446744073709551615, got 1.8446744073709552e+19",
    ),
    (r#"["shutdown", 0, true]"#, "(shutdown): expected a whole number below 2, got true"),
    (r#"["sleep"]"#, r#"(sleep): expected ["sleep", ms], got ["sleep"]"#),
    (r#"["put", 0]"#, r#"(put): expected ["put", q, v], got ["put",0]"#),
    (r#"["yield", 0]"#, r#"(yield): expected ["yield"], got ["yield",0]"#),
    (r#"["timeout", 5, 7]"#, "(timeout): expected a list, got 7"),
    (r#"["dance", 5]"#, "(dance): there is no op of this name"),
    (r#"["\n"]"#, r"(\n): there is no op of this name"),
    (r#"["\u007f\u009b31m"]"#, r"(\u007f\u009b31m): there is no op of this name"),
    ("[\"\u{7f}\u{9b}31m\"]", r"(\u007f\u009b31m): there is no op of this name"),
    (r#"[]"#, "(?): expected an op, [name, ..], got []"),
    (r#""yield""#, r#"(?): expected an op, [name, ..], got "yield""#),
    (
        r#"["lock", 0, []]"#,
        "(lock): lock is of the extra profile, which needs locks, semaphores or shields: there \
         are none here",
    ),
];

#[test]
fn a_mistake_in_an_op_gets_one_line() {
    for (op, message) in MISTAKES_IN_OPS {
        let program = format!(
            r#"{{"name": "s17", "queues": [0, 1], "events": 1,
                 "tasks": [[["spawn", 1]], [["yield"], {op}], []]}}"#
        );
        let line = format!("scenario: -: s17: task 1, op 1 {message}\n");
        assert_eq!(fed(program, &["-"]), said(2, "", &line), "{op}");
    }
}

#[test]
fn a_mistake_in_a_block_is_found_by_its_path() {
    let program = r#"{"tasks": [[["yield"], ["timeout", 5, [["timeout", 3, [["get", 0]]]]]]]}"#;
    let line = "scenario: -:1: task 0, op 1.0.0 (get): expected a queue number, but the program \
                has none of these\n";
    assert_eq!(fed(program, &["-"]), said(2, "", line));
}

/// A whole program, and the message behind the place.
const MISTAKEN_PROGRAMS: &[(&str, &str)] = &[
    ("7", "expected a program, got 7"),
    (r#"{"program": [1]}"#, "expected a program, got [1]"),
    ("{}", r#"expected "tasks""#),
    (r#"{"name": "x", "tasks": {}}"#, r#"x: "tasks": expected a list, got {}"#),
    (r#"{"tasks": []}"#, r#""tasks": expected at least one, task 0"#),
    (r#"{"tasks": [7]}"#, "task 0: expected a list, got 7"),
    (r#"{"v": 2, "tasks": [[]]}"#, r#""v": expected version 1, got 2"#),
    (r#"{"name": 3, "tasks": [[]]}"#, r#""name": expected a line of text, got 3"#),
    (r#"{"name": "a\nb", "tasks": [[]]}"#, r#""name": expected a line of text, got "a\nb""#),
    (r#"{"queues": 2, "tasks": [[]]}"#, r#""queues": expected a list, got 2"#),
    (
        r#"{"queues": [-1], "tasks": [[]]}"#,
        r#""queues": expected a whole number below 18446744073709551615, got -1"#,
    ),
    (
        r#"{"events": 1000001, "tasks": [[]]}"#,
        r#""events": expected a whole number below 1000001, got 1000001"#,
    ),
];

#[test]
fn a_mistaken_program_gets_one_line() {
    for (program, message) in MISTAKEN_PROGRAMS {
        let line = format!("scenario: -:1: {message}\n");
        assert_eq!(fed(program, &["-"]), said(2, "", &line), "{program}");
    }
}

#[test]
fn what_is_no_json_gets_one_line() {
    let deep = format!(r#"{{"tasks": [[{}"#, r#"["timeout",1,["#.repeat(100_000));
    let cases: &[(&[u8], &str)] = &[
        (b"", "-: there is no program in it"),
        (b" \n\n", "-: there is no program in it"),
        (b"{\"tasks\": [[]]}\nnonsense\n", "-:2:2: no JSON: expected ident"),
        (b"{\n\"tasks\": [[}", "-:2:12: no JSON: expected value"),
        (b"{\"name\": \"\xff\"}", "-:1:11: no JSON: invalid unicode code point"),
        (b"\0\x01\x02", "-:1:1: no JSON: expected value"),
        (deep.as_bytes(), "-:1:881: no JSON: blocks are nested too deeply to be read"),
    ];
    for (input, message) in cases {
        let Said { status, err, .. } = fed(input, &["-"]);
        assert_eq!((status, err), (2, format!("scenario: {message}\n")));
    }
}

#[test]
fn no_bytes_make_it_panic_or_hang() {
    let sample = br#"{"v":1,"queues":[1],"events":1,"tasks":[[["timeout",4,[["spawn",1],["get",0]]]],[["put",0,7]]]}"#;
    for cut in 0..sample.len() {
        let mut bytes = sample.to_vec();
        bytes[cut] = b"0]\"-{,e\xc3"[cut % 8];
        let Said { status, err, .. } = fed(&bytes, &["-"]);
        assert!(status == 0 || err.lines().count() >= 1, "{}", bytes.escape_ascii());
        assert!(status <= 2 && !err.contains("panicked"), "{}: {err}", bytes.escape_ascii());
    }
}

#[test]
fn the_programs_before_a_mistake_have_run() {
    let path = file("second.jsonl", &format!("{ONE}\n{{}}\n{ONE}\n"));
    let output = scenario().arg(&path).output().unwrap();
    let line = format!("scenario: {}:2: expected \"tasks\"\n", path.display());
    assert_eq!(Said::from(output), said(2, &format!("# one\n{ONE_TRACE}"), &line));
}

#[test]
fn a_file_that_cannot_be_read_gets_one_line() {
    let Said { status, out, err } = scenario().arg("no/such/file.json").output().unwrap().into();
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.starts_with("scenario: no/such/file.json: "), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn a_program_that_cannot_go_on_says_who_waits_for_what() {
    let stuck = r#"{"name": "stuck", "queues": [1], "events": 1, "tasks": [
        [["spawn", 1], ["spawn", 2], ["join", 1]], [["put", 0, 7], ["put", 0, 8]], [["wait", 0]]]}"#;
    let Said { status, out, err } = fed(stuck, &["-"]);
    assert_eq!(status, 1, "{err}");
    let so_far = "0 1 t0 start\n0 1 t0 spawn t1\n0 1 t0 spawn t2\n\
                  0 2 t1 start\n0 2 t1 put q0 7\n0 2 t2 start\n";
    let thrown_away = "0 4 t1 end cancelled\n0 4 t2 end cancelled\n0 5 t0 end cancelled\n";
    assert_eq!(out, [so_far, thrown_away].concat());
    assert!(err.starts_with("scenario: -: stuck: "), "{err}");
    for wait in ["t1 waits for room in queue", "t2 waits for event 0"] {
        assert!(err.contains(wait), "{err}");
    }
}

#[test]
fn what_comes_behind_a_stuck_program_still_runs() {
    let stuck = r#"{"name": "stuck", "events": 1, "tasks": [[["wait", 0]]]}"#;
    let start_and_end = "0 1 t0 start\n0 3 t0 end cancelled\n";
    let Said { status, out, .. } = fed(format!("{stuck}\n{ONE}"), &["-"]);
    assert_eq!((status, out), (1, format!("# stuck\n{start_and_end}# one\n{ONE_TRACE}")));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let many = format!("{ONE}\n").repeat(20_000);
    let mut child = scenario().arg(file("many.jsonl", &many)).spawn().unwrap();
    let mut start = [0; 5];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    assert_eq!(&start, b"# one");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[test]
fn the_system_clock_takes_its_time() {
    let Said { status, out, err } = fed(ONE, &["--system", "-"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let end: Vec<&str> = out.lines().last().unwrap().split(' ').collect();
    assert_eq!(end[1..], ["3", "t0", "end", "ok", "0"]);
    assert!(end[0].parse::<u64>().unwrap() >= 5, "{out}");
}

#[test]
fn a_mistake_of_usage_is_one_line() {
    let mistakes: [(&[&str], &str); 3] = [
        (&[], "something is missing: expected FILE..."),
        (&["--bogus", "x.json"], "unexpected argument '--bogus' found: expected FILE..."),
        (&["--trace=foo", "x.json"], "there is no kind 'foo': expected spawn, poll"),
    ];
    for (arguments, expected) in mistakes {
        let Said { status, out, err } = scenario().args(arguments).output().unwrap().into();
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.starts_with("scenario: ") && err.lines().count() == 1, "{err}");
        assert!(err.contains(expected), "{err}");
    }
}
