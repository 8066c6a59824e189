//! `--trace-json`: does the file keep the rules of the Chrome trace event format, and say what happened?
//!
//! The rules are those of the document "Trace Event Format", and of what Perfetto makes of it: slices of a
//! thread nest, an arrow begins and ends in a slice, a counter is a number.

use std::collections::{BTreeMap, HashMap};
use std::fs;

use demo::views::chrome::{Tick, trace_json};
use demo::views::recorder::Recorded;
use executor::{QueueStep, StepKind};
use serde_json::Value;

use crate::demo::{demo, ended, file, output, recorded};

/// A slice: its thread, its beginning and its end in nanoseconds, its name.
type Slice = (u64, u64, u64, String);

/// Checks every rule; gives the events back.
pub fn checked(json: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(json).expect("JSON");
    let events = file["traceEvents"].as_array().expect("a list of events").clone();
    let mut threads = HashMap::new();
    let mut slices: BTreeMap<u64, Vec<Slice>> = BTreeMap::new();
    let mut arrows: HashMap<u64, Vec<&Value>> = HashMap::new();
    for event in &events {
        let phase = event["ph"].as_str().expect("a phase");
        let thread = event["tid"].as_u64().expect("a thread");
        assert_eq!(event["pid"], 1, "{event}");
        let name = event["name"].as_str().expect("a name");
        if phase != "M" {
            assert!(event["ts"].as_f64().expect("a time") >= 0.0, "{event}");
            assert!(threads.contains_key(&thread), "{event}: its thread has a name");
        }
        match phase {
            "M" if name == "thread_name" => {
                let twice = threads.insert(thread, event["args"]["name"].as_str().expect("text"));
                assert_eq!(twice, None, "{event}");
            }
            "M" if name == "process_name" => assert!(event["args"]["name"].is_string()),
            "M" if name == "thread_sort_index" => assert!(event["args"]["sort_index"].is_u64()),
            "X" => {
                let (start, length) = (nanos(&event["ts"]), nanos(&event["dur"]));
                let slice = (thread, start, start + length, name.to_string());
                slices.entry(thread).or_default().push(slice);
            }
            "i" => assert_eq!(event["s"], "t", "{event}"),
            "s" | "f" => {
                arrows.entry(event["id"].as_u64().expect("an id")).or_default().push(event)
            }
            "C" => {
                let series = event["args"].as_object().expect("an object");
                assert!(!series.is_empty() && series.values().all(Value::is_number), "{event}");
            }
            other => panic!("there is no phase {other} here: {event}"),
        }
    }
    for slices in slices.values_mut() {
        slices.sort_by_key(|slice| (slice.1, std::cmp::Reverse(slice.2)));
        let apart = |pair: &[Slice]| pair[0].2 <= pair[1].1;
        assert!(slices.windows(2).all(apart), "slices of a thread do not overlap: {slices:?}");
    }
    for arrow in arrows.values() {
        let [start, end] = arrow[..] else { panic!("an arrow has two ends: {arrow:?}") };
        assert_eq!((&start["ph"], &end["ph"], &end["bp"]), (&"s".into(), &"f".into(), &"e".into()));
        assert_eq!((&start["cat"], &start["name"]), (&end["cat"], &end["name"]));
        assert!(nanos(&start["ts"]) < nanos(&end["ts"]), "{arrow:?}");
        for (event, slice_name) in [(start, None), (end, Some("turn"))] {
            let (thread, at) = (event["tid"].as_u64().expect("a thread"), nanos(&event["ts"]));
            let within = |slice: &&Slice| (slice.1..slice.2).contains(&at);
            let slice = slices[&thread].iter().find(within);
            let slice = slice.unwrap_or_else(|| panic!("not in a slice: {event}"));
            assert!(slice_name.is_none_or(|name| name == slice.3), "{event} in {slice:?}");
        }
    }
    events
}

fn nanos(micros: &Value) -> u64 {
    (micros.as_f64().expect("a number") * 1e3).round() as u64
}

#[test]
fn the_rules_are_kept_and_everything_is_there() {
    for (nprod, ncon) in [(5, 10), (0, 1), (1, 1), (30, 10)] {
        let recorder = recorded(nprod, ncon);
        let steps = recorder.borrow().steps().to_vec();
        let events = checked(&trace_json(&steps, Tick::Virtual));
        let count = |phase: &str, category: &str| {
            let alike = |event: &&Value| event["ph"] == phase && event["cat"] == category;
            events.iter().filter(alike).count()
        };
        assert_eq!(count("i", "step"), steps.len());
        let printed = steps.iter().map(|at| at.printed.len()).sum::<usize>();
        assert_eq!(count("i", "print"), printed);
        let wakes = |at: &&Recorded| matches!(at.step.kind, StepKind::Wake { queued: true, .. });
        let arrows = |event: &&Value| event["ph"] == "s" && event["name"] == "wake";
        let (wakes, arrows) = (
            steps.iter().filter(wakes).count(), //
            events.iter().filter(arrows).count(),
        );
        assert_eq!(wakes, arrows, "everybody who was woken had a turn");
        let turns = |event: &&Value| event["name"] == "turn";
        let polls = |at: &&Recorded| matches!(at.step.kind, StepKind::Poll { .. });
        let (turns, polls) =
            (events.iter().filter(turns).count(), steps.iter().filter(polls).count());
        assert!((polls..=polls + ncon as usize).contains(&turns), "{turns} turns, {polls} polls");
    }
}

/// The length of the queue, as its steps tell it, is what the counter shows.
#[test]
fn the_counter_counts_the_items() {
    for (nprod, ncon) in [(5, 10), (1, 1), (30, 10)] {
        let steps = recorded(nprod, ncon).borrow().steps().to_vec();
        let (mut length, mut lengths) = (0u64, Vec::new());
        for at in &steps {
            match at.step.kind {
                StepKind::Queue { what: QueueStep::Put, .. } => length += 1,
                StepKind::Queue { what: QueueStep::Get, .. } => length -= 1,
                StepKind::Queue { .. } => {}
                _ => continue,
            }
            lengths.push(length);
        }
        lengths.dedup();
        let events = checked(&trace_json(&steps, Tick::Virtual));
        let counters =
            events.iter().filter(|event| event["ph"] == "C" && event["name"] == "queue 0");
        let counted: Vec<u64> =
            counters.filter_map(|event| event["args"]["items"].as_u64()).collect();
        assert_eq!(counted, lengths);
        assert!(lengths.contains(&1), "something was put: {lengths:?}");
    }
}

/// Without ticks, on a clock that moves by itself.
#[test]
fn the_rules_are_kept_on_the_system_clock() {
    let path = file("system.json");
    let path = path.to_str().expect("text");
    output(&["-p", "1", "-c", "1", "--seed", "183", "--trace-json", path]);
    let events = checked(&fs::read_to_string(path).expect("it was written"));
    let park = events.iter().find(|event| event["name"] == "park" && event["ph"] == "X");
    assert!(nanos(&park.expect("a parking")["dur"]) >= 900_000_000, "{park:?}");
}

#[test]
fn the_file_is_the_same_in_every_run() {
    let path = file("twice.json");
    let path = path.to_str().expect("text");
    let write = || {
        let plain = output(&["--virtual-time"]);
        assert_eq!(output(&["--virtual-time", "--trace-json", path]), plain);
        fs::read_to_string(path).expect("it was written")
    };
    let first = write();
    checked(&first);
    assert_eq!(first, write());
}

/// The run is not lost: it is printed to its end, and then the complaint comes.
#[test]
fn a_file_that_cannot_be_written_is_one_line_and_status_1() {
    let nowhere = file("no/such/directory/x.json");
    let nowhere = nowhere.to_str().expect("text");
    for option in ["--trace-json", "--page"] {
        let run = ended(&mut demo(&["--virtual-time", option, nowhere]));
        assert_eq!(run.status, Some(1));
        assert_eq!(run.stdout, output(&["--virtual-time"]));
        assert!(run.stderr.starts_with("demo: can't write "), "{}", run.stderr);
        assert_eq!(run.stderr.matches('\n').count(), 1, "{}", run.stderr);
    }
}

/// `demo --trace-json FILE | head -1` still writes the file.
#[test]
#[cfg(unix)]
fn a_closed_pipe_does_not_cost_the_file() {
    use std::process::Stdio;

    let path = file("piped.json");
    let _ = fs::remove_file(&path);
    let mut command = demo(&["--virtual-time", "-p", "50", "--trace-json", path.to_str().unwrap()]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the demo starts");
    drop(child.stdout.take());
    assert!(child.wait().expect("it ends").success());
    checked(&fs::read_to_string(path).expect("it was written"));
}
