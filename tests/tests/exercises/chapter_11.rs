//! Checks of chapter 11.

use std::rc::Rc;
use std::time::Duration;

use executor::{
    Clock, Executor, JoinError, JoinHandle, now, pass, sleep, spawn, spawn_fallible, yield_now,
};

use crate::exercise_11::{all_or_nothing, first_to_end, passes};
use crate::traces::Trace;

fn run<T>(main: impl Future<Output = T>) -> T {
    Executor::new(Clock::virtual_time()).run(main)
}

#[test]
fn exercise_1_passes() {
    let trace = Trace::of(
        r#"{"queues": [], "tasks": [
            [["spawn", 3], ["spawn", 2], ["spawn", 1], ["gather", [2, 3]], ["join", 1], ["gather", [1, 2, 3]]],
            [["gather", [2]], ["yield"]],
            [["join", 3]],
            [["yield"]]]}"#,
    );
    let waits = ["t2 join", "t0 gather t2,t3", "t1 gather", "t0 join", "t0 gather t1,t2,t3"];
    let run = waits.map(|wait| trace.pass(wait));
    assert_eq!(passes(), run, "your passes, and those of the run\n{trace}");
}

/// Ends after some seconds, with this result.
fn after(seconds: u64, result: Result<u64, &'static str>) -> JoinHandle<u64, &'static str> {
    spawn_fallible(async move {
        sleep(Duration::from_secs(seconds)).await;
        result
    })
}

#[test]
fn exercise_2_all() {
    run(async {
        let handles = vec![after(3, Ok(1)), after(1, Ok(2)), after(2, Ok(3))];
        assert_eq!(all_or_nothing(handles).await, Ok(vec![1, 2, 3]), "in their order");
        assert_eq!(now().as_millis(), 3_000);
    });
}

#[test]
fn exercise_2_or_nothing() {
    run(async {
        let held = Rc::new(());
        let holds = held.clone();
        let slow = spawn_fallible(async move {
            sleep(Duration::from_secs(3)).await;
            drop(holds);
            Ok(1)
        });
        let result = all_or_nothing(vec![slow, after(1, Err("out of paper"))]).await;
        assert_eq!(result, Err(JoinError::Failed("out of paper")), "the first failure");
        assert_eq!(now().as_millis(), 1_000, "at once");
        assert_eq!(Rc::strong_count(&held), 1, "the others have ended by then");
    });
}

#[test]
fn exercise_3_first_to_end() {
    run(async {
        let mut handles = [3, 1, 2].map(|seconds| after(seconds, Ok(seconds)));
        assert_eq!(first_to_end(&mut handles).await, (1, Ok(1)));
        assert_eq!(now().as_millis(), 1_000);
        let [three, _, two] = handles;
        assert_eq!((two.await, three.await), (Ok(2), Ok(3)), "the others went on");
    });
}

#[test]
fn exercise_3_one_pass_later() {
    run(async {
        let ended = spawn(async {
            yield_now().await;
            pass()
        });
        let never = spawn(async {
            sleep(Duration::from_secs(9)).await;
            0
        });
        let mut handles = [never, ended];
        let (index, end) = first_to_end(&mut handles).await;
        assert_eq!((index, end), (1, Ok(pass() - 1)), "whoever ends wakes this task: +1");
    });
}
