//! Checks of chapter 14.

use std::cell::RefCell;
use std::rc::Rc;

use demo::cli::Args;
use executor::{Observer, State, Step};

use crate::exercise_14::{items, join_that_waits, who_gets_them};
use crate::traces::Trace;

fn virtual_run(nprod: u32, ncon: u32, seed: i128) -> Args {
    Args { nprod, ncon, seed, virtual_time: true, late: Vec::new() }
}

#[test]
fn exercise_1_items() {
    for seed in 0..50 {
        let lines = Rc::new(RefCell::new(Vec::new()));
        let printed = lines.clone();
        let print = move |line: &str| printed.borrow_mut().push(line.to_string());
        demo::program::run(&virtual_run(5, 10, seed), print).expect("a run");
        let made = |producer: usize| {
            let added = format!("Producer {producer} added ");
            lines.borrow().iter().filter(|line| line.starts_with(&added)).count() as u32
        };
        assert_eq!(items(seed), std::array::from_fn(made), "seed {seed}");
    }
}

#[test]
fn exercise_2_who_gets_them() {
    // Tasks 1, 2 and 3 are Consumer 2, Producer 0 and Producer 3; tasks 4 and 5 are Consumers 4 and 7.
    let trace = Trace::of(
        r#"{"queues": [0], "tasks": [
            [["spawn", 1], ["spawn", 2], ["spawn", 3], ["spawn", 4], ["spawn", 5], ["sleep", 10]],
            [["sleep", 4], ["get", 0]],
            [["sleep", 4], ["put", 0, 1]],
            [["sleep", 4], ["put", 0, 2], ["yield"], ["put", 0, 3]],
            [["sleep", 1], ["get", 0], ["yield"], ["get", 0]],
            [["sleep", 3], ["get", 0]]]}"#,
    );
    let consumer = |event: &&str| match &event[..2] {
        "t1" => 2,
        "t4" => 4,
        "t5" => 7,
        other => panic!("{other} is no consumer"),
    };
    let got: Vec<u32> = trace.events(" get ").iter().map(consumer).collect();
    assert_eq!(
        who_gets_them().as_slice(),
        got,
        "your answer, and what the loop does (t1 is Consumer 2, t4 Consumer 4, t5 Consumer 7)\n{trace}"
    );
}

/// Has seen main stand in line for the queue's join.
#[derive(Default)]
struct Join(bool);

impl Observer for Join {
    fn step(&mut self, step: &Step, _: &State<'_>) {
        self.0 |= step.kind.name() == "join";
    }
}

#[test]
fn exercise_3_join_that_waits() {
    let (nprod, ncon, seed) = join_that_waits();
    assert!(ncon >= 2, "at least two consumers, please");
    assert!(nprod + ncon <= 100, "a hundred tasks are enough");
    let join = Rc::new(RefCell::new(Join::default()));
    let args = virtual_run(nprod, ncon, seed);
    demo::program::run_observed(&args, Some(join.clone()), |_| {}).expect("a run");
    assert!(
        join.borrow().0,
        "with -p {nprod} -c {ncon} --seed {seed} the join has nothing to wait for"
    );
}
