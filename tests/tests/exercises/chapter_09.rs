//! Checks of chapter 9.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use demo::cli::Args;
use executor::{Clock, Executor, now};

use crate::exercise_09::{late, order, retry};
use crate::traces::Trace;

#[test]
fn exercise_1_order() {
    let trace = Trace::of(
        r#"{"queues": [], "tasks": [
            [["spawn", 1], ["spawn", 2], ["spawn", 3], ["spawn", 4], ["gather", [1, 2, 3, 4]]],
            [["sleep", 31]],
            [["work", 10], ["sleep", 20]],
            [["yield"], ["sleep", 15]],
            [["work", 5], ["sleep", 15]]]}"#,
    );
    let order = order().map(|task| format!("t{task}"));
    let ends: Vec<&str> = trace.events(" sleep ").iter().map(|event| &event[..2]).collect();
    assert_eq!(order.as_slice(), ends, "your order, and the order in\n{trace}");
}

#[test]
fn exercise_2_forty_six_seconds() {
    let late: Vec<(u64, Duration)> =
        late().into_iter().map(|(wait, ms)| (wait, Duration::from_millis(ms))).collect();
    assert!(late.len() < 3, "it is fewer than three waits");
    assert!(
        late.iter().all(|(_, by)| by.as_millis() < 20),
        "real waits end some milliseconds late"
    );
    let args = Args { nprod: 5, ncon: 10, seed: 444, virtual_time: true, late };
    let last = Rc::new(RefCell::new(String::new()));
    let lines = last.clone();
    demo::program::run(&args, move |line| *lines.borrow_mut() = line.to_string()).expect("a run");
    let last = last.take();
    assert!(last.starts_with("Program completed in 46.0"), "it prints: {last}");
}

#[test]
fn exercise_3_retry() {
    let executor = Executor::new(Clock::virtual_time());
    let attempts = RefCell::new(Vec::new());
    let result = executor.run(retry(5, async || {
        attempts.borrow_mut().push(now().as_millis());
        if now().as_millis() < 7_000 { Err("not yet") } else { Ok("done") }
    }));
    assert_eq!(result, Ok("done"));
    assert_eq!(*attempts.borrow(), [0, 1_000, 3_000, 7_000]);
}

#[test]
fn exercise_3_retry_gives_up() {
    let executor = Executor::new(Clock::virtual_time());
    let attempts = RefCell::new(0);
    let (result, end) = executor.run(async {
        let never = async || -> Result<(), u32> { Err(attempts.replace_with(|n| *n + 1)) };
        (retry(3, never).await, now().as_millis())
    });
    assert_eq!(result, Err(2), "the error of the third attempt");
    assert_eq!(end, 3_000, "after the last attempt there is nothing to wait for");
}
