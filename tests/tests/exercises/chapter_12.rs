//! Checks of chapter 12.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, JoinError, sleep, spawn};
use queue::Queue;

use crate::exercise_12::{ends, shield, work_on_one};
use crate::traces::Trace;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn exercise_1_ends() {
    let trace = Trace::of(
        r#"{"queues": [], "tasks": [
            [["spawn", 1], ["sleep", 10], ["cancel", 1], ["join", 1]],
            [["spawn", 2], ["spawn", 3], ["gather", [2, 3]]],
            [["sleep", 100]],
            [["spawn", 4], ["join", 4]],
            [["spawn", 5], ["join", 5]],
            [["sleep", 100]]]}"#,
    );
    let requested = trace.pass("t0 cancel t1");
    let end = |task: usize| trace.pass(&format!("t{} end cancelled", task + 1)) - requested;
    assert_eq!(ends(), std::array::from_fn(end), "your answer, and what the loop does\n{trace}");
}

#[test]
fn exercise_2_a_shield_gives_the_outcome() {
    Executor::new(Clock::virtual_time()).run(async {
        let task = spawn(async {
            sleep(SECOND).await;
            42
        });
        assert_eq!(spawn(shield(task)).await, Ok(Ok(42)));

        let task = spawn(sleep(SECOND));
        task.cancel();
        assert_eq!(shield(task).await, Err(JoinError::Cancelled), "the task was cancelled");
    });
}

#[test]
fn exercise_2_behind_a_shield_the_task_goes_on() {
    Executor::new(Clock::virtual_time()).run(async {
        let done = Rc::new(Cell::new(false));
        let task = spawn({
            let done = done.clone();
            async move {
                sleep(2 * SECOND).await;
                done.set(true);
            }
        });
        let awaits = spawn(shield(task));
        sleep(SECOND).await;
        awaits.cancel();
        let end = awaits.await.map(|outcome| outcome.is_ok());
        assert_eq!(end, Err(JoinError::Cancelled), "who awaits the shield is cancelled");
        sleep(2 * SECOND).await;
        assert!(done.get(), "the task goes on to its end");
    });
}

#[test]
fn exercise_3_an_item_that_nobody_has_done_comes_back() {
    Executor::new(Clock::virtual_time()).run(async {
        let queue = Rc::new(Queue::new(0));
        for item in ["first", "second"] {
            queue.try_put(item.to_string()).expect("it is not bounded");
        }
        let [done, cancelled] = [0, 5].map(|seconds| {
            let queue = queue.clone();
            let work = async move |_: &str| sleep(seconds * SECOND).await;
            spawn(async move { work_on_one(&queue, work).await })
        });
        sleep(SECOND).await;
        assert!(queue.is_empty(), "both have taken their items");
        cancelled.cancel();
        assert_eq!(done.await, Ok(()));
        assert_eq!(cancelled.await, Err(JoinError::Cancelled));
        assert_eq!(queue.try_get(), Ok("second".to_string()), "it was not done");
        assert!(queue.is_empty(), "the other one was");
    });
}
