//! The views on a real terminal (`terminal.py`): colours, its width, and somebody who types.

use std::process::Command;

use crate::common::skip;
use crate::demo::{DEMO, output};

/// What is on a terminal of this size when the demo has ended, with an exit status of 0; each of the lines was
/// typed at a prompt. `None` where there is no python3.
fn on_a_terminal(
    size: (u32, u32),
    typed: &str,
    args: &[&str],
    env: &[(&str, &str)],
) -> Option<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/views/terminal.py");
    let mut command = Command::new("python3");
    command.args([script, &size.0.to_string(), &size.1.to_string(), typed]);
    command.arg(&*DEMO).args(args);
    command.env_remove("COLUMNS").env_remove("NO_COLOR").env("TERM", "xterm");
    let Ok(output) = command.envs(env.iter().copied()).output() else {
        skip("the views on a terminal, there is no python3");
        return None;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{args:?}");
    Some(String::from_utf8(output.stdout).expect("UTF-8").replace("\r\n", "\n"))
}

const CLEAR: &str = "\x1b[H\x1b[2J";

/// Without colours, and what else a terminal is told.
fn bare(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let mut bare = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let (_, text) = piece.split_once(|c: char| c.is_ascii_alphabetic()).expect("its end");
        bare += text;
    }
    bare
}

/// What the screen shows, one time after the other.
fn frames(shown: &str) -> Vec<String> {
    shown.split(CLEAR).skip(1).map(bare).collect()
}

#[test]
#[cfg(unix)]
fn stepping_forward_back_and_away() {
    let typed = "\n\nb\n41\n/park\n/wake\nx\n/parks\n9999\n\nq\n";
    let Some(shown) = on_a_terminal((100, 40), typed, &["step"], &[]) else { return };
    let frames = frames(&shown);
    let steps: Vec<&str> =
        frames.iter().map(|frame| frame.split_whitespace().nth(1).expect("a number")).collect();
    assert_eq!(steps, ["1", "2", "3", "2", "41", "65", "69", "69", "69", "69", "70"]);

    assert!(frames[4].starts_with("step 41 of 592   0 s   pass 2   arm\nConsumer 2 arms timer 6"));
    for words in [
        "your code     demo/src/program.rs:",
        "sleep(Duration::from_secs(i.into())).await;",
        "executor      executor/src/timer.rs:",
        "ready queue   Consumer 3, Consumer 4,",
        "* Consumer 2  has its turn",
        "  Producer 0  waits for its timer, due at 4 s",
    ] {
        assert!(frames[4].contains(words), "{words}:\n{}", frames[4]);
    }
    assert!(frames[1].contains("Main is polled for the first time"), "{}", frames[1]);
    let shown = |frame: usize| frames[frame].rsplit_once(" > ").map(|(shown, _)| shown);
    assert_eq!(shown(1), shown(3), "back is where one was");
    assert!(frames[5].contains("Nothing is ready: the loop parks until 1 s"), "{}", frames[5]);
    assert!(frames[7].contains("'x' means nothing here"), "{}", frames[7]);
    assert!(frames[8].contains("there is no kind 'parks': expected spawn"), "{}", frames[8]);
    assert!(frames[9].contains("there are steps 1 to 592"), "{}", frames[9]);
}

#[test]
#[cfg(unix)]
fn the_frame_fits_the_terminal() {
    let typed = "300\n/put\n/cascade\nq\n";
    let Some(shown) = on_a_terminal((60, 24), typed, &["step", "-p", "40"], &[]) else { return };
    for frame in frames(&shown) {
        assert!(frame.lines().count() <= 24, "{}: {frame}", frame.lines().count());
        for line in frame.lines().filter(|line| !line.contains("/wake or q > ")) {
            assert!(line.chars().count() <= 60, "{line}");
        }
    }
}

#[test]
#[cfg(unix)]
fn the_end_of_the_input_ends_it() {
    let Some(shown) = on_a_terminal((80, 24), "592\n\n\x04", &["step"], &[]) else { return };
    let frames = frames(&shown);
    assert_eq!(frames.len(), 3);
    assert!(frames[1].contains("Program completed in 40.00000 seconds."), "{}", frames[1]);
    assert!(frames[2].contains("this is the last step"), "{}", frames[2]);
}

#[test]
#[cfg(unix)]
fn colours_are_for_terminals_that_want_them() {
    for args in [&["--virtual-time", "--trace"] as &[&str], &["--virtual-time", "--timeline"]] {
        let show = |env: &[(&str, &str)]| on_a_terminal((100, 40), "", args, env);
        let Some(shown) = show(&[]) else { return };
        assert!(shown.contains("\x1b[32m"), "{shown}");
        let plain = output(args);
        let uncoloured = bare(&shown);
        let words = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
        assert_eq!(words(&uncoloured), words(&plain), "the same words");
        assert_eq!(show(&[("NO_COLOR", "1")]).as_ref(), Some(&uncoloured));
        assert_eq!(show(&[("TERM", "dumb")]).as_ref(), Some(&uncoloured));
        assert_eq!(show(&[("NO_COLOR", "")]), Some(shown), "an empty value does not count");
    }
}

/// A sentence that is longer than the screen is wide goes on below its beginning.
#[test]
#[cfg(unix)]
fn a_long_sentence_is_wrapped() {
    let args = ["--virtual-time", "--trace=pending", "-p", "2", "-c", "1"];
    let Some(shown) = on_a_terminal((80, 40), "", &args, &[("NO_COLOR", "1")]) else { return };
    let mut narrated = shown.lines().filter(|line| !line.contains('│'));
    assert!(narrated.all(|line| line.chars().count() <= 80), "{shown}");
    let lines = [
        "    6         0 s      1  pending    Main returns Pending: it gives the thread",
        "                                     back and waits for the ends of Producer 0",
        "                                     and Producer 1.",
    ];
    assert!(shown.contains(&lines.join("\n")), "{shown}");
    assert!(output(&args).lines().any(|line| line.ends_with("Producer 0 and Producer 1.")));
}

#[test]
#[cfg(unix)]
fn the_timeline_is_as_wide_as_the_terminal() {
    for columns in [64, 120] {
        let args = ["--virtual-time", "--timeline"];
        let Some(shown) = on_a_terminal((columns, 40), "", &args, &[]) else { return };
        let (_, timeline) = shown.split_once("seconds.\n\n").expect("a blank line");
        let widths = timeline.lines().map(|line| bare(line).chars().count());
        assert_eq!(widths.max(), Some(columns as usize));
    }
}
