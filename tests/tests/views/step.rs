//! `step` in a pipe, where the moves come from a file. (On a terminal: `pty.rs`.)

use std::io::Write;
use std::process::Stdio;

use crate::demo::{complaint, demo};

/// The numbers of the steps that are shown.
fn walked(args: &[&str], moves: &[u8]) -> Vec<u64> {
    let mut command = demo(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the demo starts");
    // Whoever has read `q` reads no more.
    let _ = child.stdin.take().expect("a pipe").write_all(moves);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!shown.contains('\x1b'), "a pipe is no screen");
    let frames = shown.lines().filter_map(|line| line.strip_prefix("step "));
    let number = |frame: &str| frame.split(' ').next().and_then(|number| number.parse().ok());
    frames.map(|frame| number(frame).expect("a number")).collect()
}

#[test]
fn moves_from_a_pipe() {
    assert_eq!(walked(&["step"], b""), [1]);
    assert_eq!(walked(&["step"], b"q\n\n\n"), [1]);
    assert_eq!(walked(&["step"], b"\n/CALL\nback\nquit\n\n"), [1, 2, 64, 63]);
    assert_eq!(walked(&["step"], b"\n\n\nb\nb\nb\nb\n"), [1, 2, 3, 4, 3, 2, 1, 1]);
    assert_eq!(walked(&["step", "-p", "0", "-c", "1"], b"5\n0\n-3\n 7 \n"), [1, 5, 5, 5, 7]);
    assert_eq!(walked(&["step"], b"/spawn\n/spawn\n/call\n"), [1, 3, 4, 64]);
    assert_eq!(walked(&["step"], b"/\n/foo\nfoo\n\xff\xfe\nb b\n18446744073709551616\n"), [1; 7]);
}

#[test]
fn a_step_a_frame_to_the_end() {
    let steps = walked(&["step", "-p", "2", "-c", "1"], "\n".repeat(10_000).as_bytes());
    let last = *steps.last().expect("a step");
    assert!((50..500).contains(&last), "{last}");
    let (there, after) = steps.split_at(last as usize);
    assert_eq!(there, (1..=last).collect::<Vec<u64>>());
    assert!(after.iter().all(|&step| step == last), "and there it stays");
}

#[test]
fn it_wants_the_terminal_for_itself() {
    for args in [&["step", "--trace"] as &[&str], &["--timeline", "step"], &["step", "--trace=put"]]
    {
        assert!(complaint(args).contains("expected no --trace and no --timeline"));
    }
    assert!(complaint(&["stop"]).contains("expected -p N"));
    assert!(complaint(&["step", "-p", "2000"]).contains("expected at most 1000"));
}
