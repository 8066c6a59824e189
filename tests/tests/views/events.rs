//! Events, in every view: the founding program has none.

use std::rc::Rc;

use demo::views::chrome::{Tick, trace_json};
use demo::views::narrate::sentence;
use demo::views::recorder::{Recorded, Recorder};
use demo::views::step::{Screen, walk};
use demo::views::terminal::Paint;
use demo::views::timeline::timeline;
use executor::{Clock, Event, Executor, gather, sleep, spawn_named};
use std::time::Duration;

use crate::trace_json::checked;

/// A and B wait for an event, C comes when it is set.
fn recorded() -> Vec<Recorded> {
    let recorder = Recorder::shared();
    Executor::new(Clock::virtual_time()).observed_by(recorder.clone()).run(async {
        let event = Rc::new(Event::new());
        let waiter = |name| {
            let event = event.clone();
            spawn_named(name, async move { event.wait().await })
        };
        let (a, b) = (waiter("A"), waiter("B"));
        sleep(Duration::from_secs(1)).await;
        event.set();
        gather([a, b, waiter("C")]).await.expect("nobody fails");
        event.clear();
        event.set();
    });
    recorder.borrow().steps().to_vec()
}

fn of_kinds<'a>(steps: &'a [Recorded], kinds: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
    (0..steps.len()).filter(|&at| kinds.contains(&steps[at].step.kind.name()))
}

#[test]
fn are_narrated() {
    let steps = recorded();
    let sentences = of_kinds(&steps, &["wait", "set", "clear"]).map(|at| sentence(&steps, at));
    assert_eq!(
        sentences.collect::<Vec<_>>(),
        [
            "Event 0 is not set: A stands first in line for it.",
            "Event 0 is not set: B stands in line behind 1 other for it.",
            "Main sets event 0: the 2 tasks in its line are woken next.",
            "Main clears event 0: who comes from now on has to wait. Who was woken before goes on all \
             the same.",
            "Main sets event 0: from now on nobody has to wait for it.",
        ]
    );
    let woken = of_kinds(&steps, &["wake"]).map(|at| sentence(&steps, at));
    let woken: Vec<String> = woken.filter(|sentence| sentence.starts_with("Main")).collect();
    let tail = "which waited for event 0 to be set and now goes to the tail of the ready queue.";
    assert_eq!(woken, [format!("Main wakes A, {tail}"), format!("Main wakes B, {tail}")]);
}

#[test]
fn stand_in_the_stepper() {
    let steps = recorded();
    let screen = Screen { width: 80, rows: None, paint: Paint::PLAIN, clear: "" };
    let mut shown = String::new();
    walk(&steps, &screen, "\n".repeat(steps.len() - 1).as_bytes(), |text| shown += text);
    let mut lines: Vec<&str> = shown.lines().filter(|line| line.starts_with("event 0")).collect();
    lines.dedup();
    assert_eq!(
        lines,
        [
            "event 0       not set   wait for it: A",
            "event 0       not set   wait for it: A, B",
            "event 0       set   wait for it: A, B",
            "event 0       set   wait for it: B",
            "event 0       set",
            "event 0       not set",
            "event 0       set",
        ]
    );
}

#[test]
fn are_counted_in_the_trace() {
    let events = checked(&trace_json(&recorded(), Tick::Virtual));
    let counters = events.iter().filter(|event| event["ph"] == "C" && event["name"] == "event 0");
    let counted: Vec<_> = counters
        .map(|event| (event["args"]["set"].as_u64(), event["args"]["waiting"].as_u64()))
        .collect();
    let expected = [(0, 1), (0, 2), (1, 2), (1, 1), (1, 0), (0, 0), (1, 0)];
    assert_eq!(counted, expected.map(|(set, waiting)| (Some(set), Some(waiting))));
}

#[test]
fn are_waited_for_in_the_timeline() {
    let picture = timeline(&recorded(), 50, Paint::PLAIN);
    let row = |name: &str| picture.lines().find(|line| line.starts_with(name)).expect("a row");
    assert!(row("A ").contains("eeee") && row("B ").contains("eeee"), "{picture}");
    assert!(!row("C ").contains('e'), "{picture}");
}
