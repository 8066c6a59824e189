//! Checks of chapter 16.

use std::cell::Cell;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, sleep, spawn};
use queue::Queue;

use crate::exercise_16::{WORKER, put_before_the_first_is_got};

const SECOND: Duration = Duration::from_secs(1);

fn virtual_run<F: Future>(future: F) -> F::Output {
    Executor::new(Clock::virtual_time()).run(future)
}

/// Tries it.
fn put_before(maxsize: usize) -> usize {
    virtual_run(async move {
        let (queue, put) = (Rc::new(Queue::new(maxsize)), Rc::new(Cell::new(0)));
        let consumer = spawn({
            let (queue, put) = (queue.clone(), put.clone());
            async move {
                queue.get().await.expect("an item");
                let before = put.get();
                while queue.get().await.is_ok() {}
                before
            }
        });
        sleep(SECOND).await;
        for item in 1..=100 {
            queue.put(item).await.expect("room");
            put.set(put.get() + 1);
        }
        queue.shutdown(false);
        consumer.await.expect("it ends")
    })
}

#[test]
fn exercise_1_who_gives_way() {
    let said = put_before_the_first_is_got();
    assert_eq!(said[0], put_before(0), "put into Queue::new(0) before the first item was got");
    assert_eq!(said[1], put_before(3), "put into Queue::new(3) before the first item was got");
}

#[test]
fn exercise_2_the_worker_is_mended() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let worker = root.join(WORKER);
    let text = std::fs::read_to_string(&worker).expect("the worker's file");
    assert!(
        !text.contains("\ntodo = True"),
        "exercise 2 of docs/exercises/chapter_16.rs: mend the worker in {WORKER}, and delete its line with `todo`"
    );
    let recent = "import sys; sys.exit(sys.version_info < (3, 11))";
    let there = Command::new("python3").args(["-c", recent]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs python3, 3.11 or later");
        eprintln!("skipped: there is no python3, 3.11 or later, to check {WORKER} with");
        return;
    }
    let check = root.join("tests/tests/exercises/chapter_16.py");
    let mut python = Command::new("python3");
    let python = python.arg(check).arg(worker).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = python.output().expect("python3 starts");
    let told = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{WORKER}:\n{told}{failed}");
}
