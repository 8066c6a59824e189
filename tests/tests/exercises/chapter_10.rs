//! Checks of chapter 10.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, JoinError, current_task, now, sleep, spawn, yield_now};

use crate::exercise_10::{Task, numbers, program, restart};

fn run<T>(main: impl Future<Output = T>) -> T {
    Executor::new(Clock::virtual_time()).run(main)
}

#[test]
fn exercise_1_numbers() {
    let answer = numbers();
    let run = run(program()).map(|id| id.to_string());
    assert_eq!(answer.map(String::from), run, "your numbers, and those of the run");
}

async fn one_second() -> &'static str {
    sleep(Duration::from_secs(1)).await;
    "done"
}

#[test]
fn exercise_2_it_can_be_awaited() {
    run(async { assert_eq!(Task::spawn(one_second()).await, Ok("done")) });
}

#[test]
fn exercise_2_dropping_it_cancels() {
    run(async {
        let held = Rc::new(());
        let holds = held.clone();
        let task = Task::spawn(async move {
            one_second().await;
            drop(holds);
        });
        yield_now().await;
        drop(task);
        yield_now().await;
        assert_eq!(Rc::strong_count(&held), 1, "its future is dropped at its next turn");
        assert_eq!(now().as_millis(), 0, "and not when its sleep is over");
    });
}

#[test]
fn exercise_2_detached_it_goes_on() {
    run(async {
        let is_done = Rc::new(Cell::new(false));
        let done = is_done.clone();
        Task::spawn(async move {
            one_second().await;
            done.set(true);
        })
        .detach();
        sleep(Duration::from_secs(2)).await;
        assert!(is_done.get(), "it went on");
        let next = spawn(async {}).id().to_string();
        assert_eq!(next, "1.1", "its row is free: nobody has a handle of it any more");
    });
}

#[test]
fn exercise_3_the_third_does_not_panic() {
    let mut number = 0;
    let outcome = run(restart(5, || {
        number += 1;
        let number = number;
        async move {
            yield_now().await;
            if number < 3 { resume_unwind(Box::new("on purpose")) } else { number }
        }
    }));
    assert_eq!((outcome, number), (Ok(3), 3));
}

#[test]
fn exercise_3_it_gives_up() {
    let mut tasks = 0;
    let outcome: Result<(), JoinError> = run(restart(3, || {
        tasks += 1;
        async { resume_unwind(Box::new("on purpose")) }
    }));
    let Err(JoinError::Panicked(panic)) = outcome else {
        panic!("the outcome of the last one, not {outcome:?}")
    };
    assert_eq!((panic.message(), tasks), ("on purpose", 3));
}

#[test]
fn exercise_3_who_was_cancelled_is_not_tried_again() {
    let mut tasks = 0;
    let outcome = run(restart(3, || {
        tasks += 1;
        async {
            current_task().cancel();
        }
    }));
    assert_eq!((outcome, tasks), (Err(JoinError::Cancelled), 1));
}
