//! Checks of chapter 1.

use crate::exercise_01::{
    Passes, both_sleep, late_start, main_sleeps, the_producer_does_not_sleep,
};
use crate::traces::Trace;

/// Compares an answer with what the loop does with these bodies.
fn check(answer: Passes, main: &str, producer: &str, consumer: &str) {
    let tasks = [main, producer, consumer].map(|body| format!("[{body}]")).join(", ");
    let trace = Trace::of(&format!(r#"{{"queues": [0], "tasks": [{tasks}]}}"#));
    let passes = Passes {
        put: trace.pass("t1 put"),
        get: trace.pass("t2 get"),
        join: trace.pass("t0 join"),
    };
    assert_eq!(answer, passes, "your answer, and the loop's; its trace is\n{trace}");
}

const SPAWNS: &str = r#"["spawn", 1], ["spawn", 2]"#;
const PUT: &str = r#"["put", 0, 7]"#;
const GET: &str = r#"["get", 0]"#;

#[test]
fn exercise_1_the_producer_does_not_sleep() {
    let (main, consumer) = (format!(r#"{SPAWNS}, ["join", 2]"#), format!(r#"["yield"], {GET}"#));
    check(the_producer_does_not_sleep(), &main, PUT, &consumer);
}

#[test]
fn exercise_1_both_sleep() {
    let [producer, consumer] = [PUT, GET].map(|then| format!(r#"["sleep", 10], {then}"#));
    check(both_sleep(), &format!(r#"{SPAWNS}, ["join", 2]"#), &producer, &consumer);
}

#[test]
fn exercise_1_main_sleeps() {
    let main = format!(r#"{SPAWNS}, ["sleep", 10], ["join", 2]"#);
    let (producer, consumer) = (format!(r#"["sleep", 10], {PUT}"#), format!(r#"["yield"], {GET}"#));
    check(main_sleeps(), &main, &producer, &consumer);
}

#[test]
fn exercise_2_late_start() {
    let program = late_start();
    for op in ["sleep", "yield", "work", "get", "put", "wait", "timeout", "gather"] {
        assert!(!program.contains(op), "without `{op}`, please");
    }
    let trace = Trace::of(program);
    assert_eq!(trace.pass("t3 start"), 4, "the pass of `t3 start` in\n{trace}");
}
