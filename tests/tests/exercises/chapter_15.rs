//! Checks of chapter 15.

use std::cell::RefCell;
use std::rc::Rc;

use demo::cli::Args;
use executor::{Clock, Executor, Observer, ReadyView, RunError, State, Step, StepKind, TaskId};

use crate::exercise_15::{after_step_219, mended, total, who_wakes_consumer_3, work};

fn observe<O: Observer + 'static>(observer: O) -> O {
    let observer = Rc::new(RefCell::new(observer));
    let args = Args { nprod: 5, ncon: 10, seed: 444, virtual_time: true, late: Vec::new() };
    demo::program::run_observed(&args, Some(observer.clone()), |_| {}).expect("a run");
    Rc::into_inner(observer).expect("the run is over").into_inner()
}

fn name(state: &State<'_>, id: TaskId) -> String {
    state.tasks().into_iter().find(|task| task.id == id).expect("it is there").name
}

/// The wakes of Consumer 3 that a task's turn has caused: step, task, line.
struct Wakes(Vec<(u64, String, u32)>);

impl Observer for Wakes {
    fn step(&mut self, step: &Step, state: &State<'_>) {
        let StepKind::Wake { task, .. } = step.kind else { return };
        if let (Some(by), Some(user)) = (step.task, step.user)
            && name(state, task) == "Consumer 3"
        {
            self.0.push((step.number, name(state, by), user.line()));
        }
    }
}

#[test]
fn exercise_1_who_wakes_consumer_3() {
    let (step, task, line) = who_wakes_consumer_3();
    let Wakes(wakes) = observe(Wakes(Vec::new()));
    let wakes = wakes.iter().map(|(step, task, line)| (*step, task.as_str(), *line));
    assert_eq!(Some((step, task, line)), { wakes }.next(), "your answer, and what happens");
}

/// How things are after step 219: whose turns are left in the pass, and who waits for an item.
struct At219(Vec<String>, Vec<String>);

impl Observer for At219 {
    fn step(&mut self, step: &Step, state: &State<'_>) {
        if step.number == 219 {
            let left = state.ready().into_iter().take(state.left_in_pass());
            let polls = left.filter_map(|entry| match entry {
                ReadyView::Poll(task) => Some(name(state, task)),
                _ => None,
            });
            self.0 = polls.collect();
            self.1 = state.queues()[0].getters.iter().map(|&task| name(state, task)).collect();
        }
    }
}

#[test]
fn exercise_2_after_step_219() {
    let (ready, in_line) = after_step_219();
    let At219(real_ready, real_line) = observe(At219(Vec::new(), Vec::new()));
    assert_eq!(ready, real_ready, "your answer, and who has a turn in this pass still");
    assert_eq!(in_line, real_line, "your answer, and who waits for an item");
}

#[test]
fn exercise_3_mended() {
    let executor = Executor::new(Clock::virtual_time());
    let stuck = executor.try_run(total(vec![3, 0, 5, 0, 1], work));
    assert!(matches!(stuck, Err(RunError::Stuck(_))), "`work` is to stay as it is");
    for orders in [vec![], vec![0], vec![3, 0, 5, 0, 1], vec![7, 7]] {
        let sum = orders.iter().sum::<u32>();
        match executor.try_run(total(orders.clone(), mended)) {
            Ok(total) => assert_eq!(total, sum, "the total of {orders:?}"),
            Err(error) => panic!("with the orders {orders:?} it still does not end: {error}"),
        }
    }
}
