//! `--timeline`: the run as rows of tasks.

use demo::views::terminal::Paint;

use crate::demo::{complaint, demo, ended, output, recorded};

const VIRTUAL: &str = "--virtual-time";

/// What comes behind the program's own output and a blank line.
fn timeline(args: &[&str], columns: Option<usize>) -> Vec<String> {
    let mut command = demo(&[args, &["--timeline"]].concat());
    command.envs(columns.map(|columns| ("COLUMNS", columns.to_string())));
    let run = ended(&mut command);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let (before, timeline) = run.stdout.split_once("seconds.\n\n").expect("a blank line");
    assert_eq!(format!("{before}seconds.\n"), output(args), "what the program prints, as ever");
    timeline.lines().map(String::from).collect()
}

fn width(lines: &[String]) -> usize {
    lines.iter().map(|line| line.chars().count()).max().unwrap_or(0)
}

/// One producer, one consumer, one item after a second.
#[test]
fn the_smallest_one() {
    let args = [VIRTUAL, "-p", "1", "-c", "1", "--seed", "183"];
    let expected = "
            0 s           0.5 s
Main        █aaaaaaaaaaaaaaaaaaaaaaaaaa█
Producer 0  █──────────────────────────█
Consumer 0  █gggggggggggggggggggggggggg×
queue 0                                1

█ has a turn   ─ sleeps
g waits for an item   a awaits tasks
× cancelled
one column is about 0.036 s";
    assert_eq!(timeline(&args, Some(40)).join("\n"), expected.trim_start_matches('\n'));
}

#[test]
fn it_fits_the_width() {
    for (nprod, ncon) in [(5, 10), (60, 30)] {
        let recorder = recorded(nprod, ncon);
        let recorder = recorder.borrow();
        for columns in 40..300 {
            let timeline = demo::views::timeline::timeline(recorder.steps(), columns, Paint::PLAIN);
            let timeline: Vec<String> = timeline.lines().map(String::from).collect();
            assert!(width(&timeline) <= columns, "{columns}: {timeline:#?}");
            let row = width(&timeline[..20]);
            assert!(row > columns - 3, "{columns}: it uses the width: {row}");
        }
    }
    assert_eq!(width(&timeline(&[VIRTUAL], None)[..20]), 100, "in a pipe");
    assert_eq!(width(&timeline(&[VIRTUAL], Some(133))[..20]), 133);
    assert_eq!(timeline(&[VIRTUAL], Some(1)), timeline(&[VIRTUAL], Some(40)), "not narrower");
}

/// Main, 5 producers, 10 consumers, the queue, the axis; a blank line and the legend.
#[test]
fn each_task_has_a_row() {
    let timeline = timeline(&[VIRTUAL], Some(100));
    let names: Vec<&str> = timeline[1..18].iter().map(|row| row[..10].trim()).collect();
    let tasks = (0..5).map(|n| format!("Producer {n}"));
    let tasks = tasks.chain((0..10).map(|n| format!("Consumer {n}")));
    let expected: Vec<String> =
        ["Main".into()].into_iter().chain(tasks).chain(["queue 0".into()]).collect();
    assert_eq!(names, expected);
    assert!(timeline[1].contains("█aaaa") && timeline[1].ends_with('█'), "{}", timeline[1]);
    assert!(timeline[7..17].iter().all(|row| row.ends_with('×')), "main cancels the consumers");
    for words in ["█ has a turn", "─ sleeps", "g waits for an item", "× cancelled"] {
        assert!(timeline[18..].join("\n").contains(words), "{words}");
    }
    assert!(!timeline.join("\n").contains("waits for room"), "nobody does");
}

#[test]
fn of_many_tasks_the_first_and_the_last_are_shown() {
    let timeline = timeline(&[VIRTUAL, "-p", "200", "-c", "100"], Some(100));
    let left_out = timeline.iter().position(|row| row.starts_with("...")).expect("a remark");
    assert_eq!(timeline[left_out], "... 262 more: Producer 19 to Consumer 80");
    assert!(timeline[left_out - 1].starts_with("Producer 18 "));
    assert!(timeline[left_out + 1].starts_with("Consumer 81 "));
    assert!(timeline.len() < 50, "{}", timeline.len());
    assert!(complaint(&["--timeline", "-p", "900", "-c", "101"]).contains("at most 1000"));
}

#[test]
fn a_run_without_time_has_one_column() {
    let timeline = timeline(&[VIRTUAL, "-p", "0", "-c", "2"], None);
    let rows = ["            0 s", "Main        █", "Consumer 0  ×", "Consumer 1  ×"];
    assert_eq!(timeline[..4], rows);
}

/// On the system clock too: there turns take time, and may be seen.
#[test]
fn it_works_on_the_system_clock() {
    let run = ended(&mut demo(&["-p", "1", "-c", "1", "--seed", "183", "--timeline"]));
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let (_, timeline) = run.stdout.split_once("seconds.\n\n").expect("a blank line");
    let main = timeline.lines().nth(1).expect("main's row");
    assert!(main.starts_with("Main        █aaaaaaaaaa"), "{timeline}");
}
