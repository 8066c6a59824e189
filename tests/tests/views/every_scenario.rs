//! Every view of every scenario that this repository holds: nobody panics, every sentence is one, and the trace
//! keeps the rules. The scenarios do what the founding program never does.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use demo::views::chrome::{Tick, trace_json};
use demo::views::kinds::KINDS;
use demo::views::narrate::sentence;
use demo::views::recorder::Recorder;
use demo::views::step::{Screen, walk};
use demo::views::terminal::Paint;
use demo::views::timeline::timeline;
use tests::scenario::{Located, Time, Watcher, programs, run_watched};

use crate::trace_json::checked;

#[test]
fn can_be_viewed() {
    let mut kinds = BTreeSet::new();
    let mut seen = 0;
    for file in files() {
        for program in programs(&file).take(120) {
            let Located { place, program } = program.expect("the scenarios are well-formed");
            let recorder = Rc::new(RefCell::new(Recorder::new().main_is("t0")));
            let printer = recorder.clone();
            let line = Rc::new(move |line: &str| printer.borrow_mut().print(line));
            let observer = recorder.clone();
            run_watched(program, Time::Virtual, Some(Watcher { observer, line }));

            let recorder = recorder.borrow();
            let steps = recorder.steps();
            for at in 0..steps.len() {
                let sentence = sentence(steps, at);
                assert!(sentence.ends_with('.'), "{place}: {sentence}");
                for leak in ["TaskId", "Some(", "None", "  ", "task 0 "] {
                    assert!(!sentence.contains(leak), "{place}: {sentence}");
                }
                kinds.insert(steps[at].step.kind.name());
            }
            checked(&trace_json(steps, Tick::Virtual));
            let picture = timeline(steps, 80, Paint::PLAIN);
            assert!(picture.lines().all(|line| line.chars().count() <= 80), "{place}:\n{picture}");
            if seen % 20 == 0 {
                step_through(steps);
            }
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} scenarios");
    let missing: Vec<&str> = KINDS.into_iter().filter(|kind| !kinds.contains(kind)).collect();
    assert!(missing.is_empty(), "no scenario shows these kinds: {missing:?}");
}

/// Enter, until the last step.
fn step_through(steps: &[demo::views::recorder::Recorded]) {
    let screen = Screen { width: 80, rows: Some(24), paint: Paint::PLAIN, clear: "" };
    let moves = "\n".repeat(steps.len() - 1);
    let mut shown = String::new();
    walk(steps, &screen, moves.as_bytes(), |text| shown += text);
    let frames = shown.lines().filter(|line| line.starts_with("step ")).count();
    assert_eq!(frames, steps.len());
}

fn files() -> Vec<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let directed = fs::read_dir(data.join("directed")).expect("the directed scenarios");
    let mut files: Vec<PathBuf> = directed.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.push(data.join("samples.jsonl"));
    files
}
