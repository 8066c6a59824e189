//! What is said on standard error about tasks that ended badly, and nobody asked. asyncio says "exception was
//! never retrieved" then. Each case is a run in a process of its own.

use executor::{
    JoinHandle, gather, gather_all, sleep, spawn, spawn_fallible, spawn_fallible_named, spawn_named,
};

use crate::common::child::{is_alone, run_alone};
use crate::common::{ms, passes, seconds, virtual_run};

/// The lines of the executor in what a test writes to standard error.
fn reports(test: &str) -> Vec<String> {
    let run = run_alone(&format!("reports::{test}"));
    assert!(run.passed, "{}", run.stderr);
    let lines = run.stderr.lines().filter(|line| line.starts_with("executor:"));
    lines.map(String::from).collect()
}

fn panics() -> JoinHandle<()> {
    spawn_named("panicking", async { panic!("words") })
}

fn fails() -> JoinHandle<(), &'static str> {
    spawn_fallible_named("failing", async { Err("words") })
}

/// One line for each, as soon as nobody can ask any more: with its name, and what happened.
#[test]
fn bad_ends_that_nobody_asks_for_are_reported() {
    let expected = [
        "executor: panicking panicked, and nobody awaited it: its end was never retrieved",
        "executor: failing failed, and nobody awaited it: its end was never retrieved",
    ];
    assert_eq!(reports("handles_dropped_before_the_end"), expected);
    assert_eq!(reports("handles_dropped_after_the_end"), expected);
    assert_eq!(reports("handles_dropped_at_the_end_of_main"), expected);
}

#[test]
fn handles_dropped_before_the_end() {
    if !is_alone() {
        return; // It is for `bad_ends_that_nobody_asks_for_are_reported`.
    }
    virtual_run(async {
        drop((panics(), fails()));
        passes(3).await;
    });
}

#[test]
fn handles_dropped_after_the_end() {
    if !is_alone() {
        return; // It is for `bad_ends_that_nobody_asks_for_are_reported`.
    }
    virtual_run(async {
        let tasks = (panics(), fails());
        passes(3).await;
        assert!(tasks.0.is_finished() && tasks.1.is_finished(), "which is not asking how");
        drop(tasks);
    });
}

#[test]
fn handles_dropped_at_the_end_of_main() {
    if !is_alone() {
        return; // It is for `bad_ends_that_nobody_asks_for_are_reported`.
    }
    virtual_run(async {
        let _tasks = (panics(), fails());
        passes(3).await;
    });
}

/// Handles that outlive the run: their outcomes go with the executor, and that is when they are reported.
#[test]
fn bad_ends_of_handles_that_outlive_the_run_are_reported() {
    assert_eq!(reports("handles_that_outlive_the_run").len(), 2);
}

#[test]
fn handles_that_outlive_the_run() {
    if !is_alone() {
        return; // It is for `bad_ends_of_handles_that_outlive_the_run_are_reported`.
    }
    drop(virtual_run(async {
        let tasks = (panics(), fails());
        passes(3).await;
        tasks
    }));
}

/// Who ends well, is cancelled, or has been asked, is not reported.
#[test]
fn other_ends_are_not_reported() {
    assert_eq!(reports("ends_that_are_asked_for"), [""; 0]);
}

#[test]
fn ends_that_are_asked_for() {
    if !is_alone() {
        return; // It is for `other_ends_are_not_reported`.
    }
    virtual_run(async {
        assert!(panics().await.is_err());
        assert!(fails().await.is_err());
        let looked_at = fails();
        passes(2).await;
        assert!(looked_at.outcome().is_some_and(|outcome| outcome.is_err()));

        drop(spawn(async { "ends well" }));
        let cancelled = spawn(sleep(seconds(9)));
        passes(1).await;
        cancelled.cancel();
        drop(cancelled);
        // Left at the end, and cancelled then.
        drop(spawn(sleep(seconds(9))));
        sleep(ms(1)).await;
    });
}

/// A gather asks all its children: a second one that fails is not reported either, though its failure is nowhere
/// to be seen. The same if whoever awaited the gather is gone.
#[test]
fn a_failure_that_a_gather_has_heard_of_is_not_reported() {
    assert_eq!(reports("children_of_gathers"), [""; 0]);
}

#[test]
fn children_of_gathers() {
    if !is_alone() {
        return; // It is for `a_failure_that_a_gather_has_heard_of_is_not_reported`.
    }
    virtual_run(async {
        let later = spawn_fallible(async {
            sleep(ms(1)).await;
            Err("later")
        });
        assert!(gather([fails(), later]).await.is_err());
        sleep(ms(2)).await;
        assert_eq!(gather_all([panics(), panics()]).await.len(), 2);

        let later = spawn_fallible(async {
            sleep(ms(1)).await;
            Err::<(), _>("later")
        });
        let gatherer = spawn(gather([fails(), later]));
        passes(1).await;
        drop(gatherer);
        sleep(ms(2)).await;
    });
}
