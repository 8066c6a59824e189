//! Checks of chapter 16.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, JoinError, now, sleep, spawn, spawn_fallible};
use queue::Queue;

use crate::exercise_16::{WORKER, all_or_none, put_before_the_first_is_got};

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

/// A task that works for so long, and then is fine, or not. Its cleanup is noted.
async fn job(seconds: u32, ends: Result<u32, &'static str>, log: Log) -> Result<u32, &'static str> {
    let _cleanup = OnDrop(seconds, log);
    sleep(SECOND * seconds).await;
    ends
}

type Log = Rc<RefCell<Vec<u32>>>;

struct OnDrop(u32, Log);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

#[test]
fn exercise_3_all_of_them() {
    virtual_run(async {
        let log = Log::default();
        let tasks = [3, 1, 2].map(|n| spawn_fallible(job(n, Ok(n), log.clone())));
        assert_eq!(all_or_none(tasks.into()).await, Ok(vec![3, 1, 2]), "all tasks are fine");
        assert_eq!(now().as_millis(), 3000, "it waits for the last one");
    });
}

#[test]
fn exercise_3_or_none() {
    virtual_run(async {
        let log = Log::default();
        let jobs = [(9, Ok(9)), (2, Err("no such account")), (1, Ok(1)), (8, Err("too late"))];
        let tasks = jobs.map(|(seconds, ends)| spawn_fallible(job(seconds, ends, log.clone())));
        let others = tasks.clone();
        let result = all_or_none(tasks.into()).await;
        assert_eq!(log.take(), [1, 2, 9, 8], "the tasks that have ended when it returns");
        assert_eq!(result, Err(JoinError::Failed("no such account")), "one of the tasks fails");
        assert_eq!(
            now().as_millis(),
            2000,
            "it does not wait for what it cancels to end by itself"
        );
        assert!(others.iter().all(|task| task.is_finished()), "all of them have ended");
        assert_eq!(
            others[0].outcome(),
            Some(Err(JoinError::Cancelled)),
            "the others are cancelled"
        );
    });
}
