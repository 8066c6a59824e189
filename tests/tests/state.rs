//! What an observer is shown after a step: everything that there is, in plain values.

mod common;

use std::future::pending;
use std::rc::Rc;

use demo::views::recorder::{Recorded, Recorder};
use executor::{
    Clock, Executor, Instant, JoinError, LineKind, QueueView, ReadyView, StepKind, TaskId, Waits,
    pass, sleep, spawn_named, timeout,
};
use queue::{LifoQueue, PriorityQueue, Queue};

use common::{seconds, virtual_run};

/// All moments of a program in which somebody waits for everything that a queue can make him wait for, and for time.
fn record() -> Vec<Recorded> {
    let program = async {
        let full = Rc::new(Queue::new(1).shown_as(|item: &u32| format!("<{item}>")));
        let empty = Rc::new(Queue::<u32>::new(0));
        full.try_put(7).unwrap();
        for name in ["first getter", "second getter"] {
            let empty = empty.clone();
            drop(spawn_named(name, async move { empty.get().await }));
        }
        let queue = full.clone();
        drop(spawn_named("putter", async move { queue.put(8).await }));
        let queue = full.clone();
        drop(spawn_named("joiner", async move { queue.join().await }));
        drop(spawn_named("sleeper", timeout(seconds(5), sleep(seconds(9)))));
        sleep(seconds(1)).await;
        assert_eq!(full.try_get(), Ok(7));
    };
    let recorder = Recorder::shared();
    Executor::new(Clock::virtual_time()).observed_by(recorder.clone()).run(program);
    recorder.borrow().steps().to_vec()
}

/// The first moment after a step of this kind.
fn after(steps: &[Recorded], is_it: impl Fn(StepKind) -> bool) -> &Recorded {
    steps.iter().find(|at| is_it(at.step.kind)).expect("it happens")
}

fn id(at: &Recorded, name: &str) -> TaskId {
    at.tasks.iter().find(|task| task.name == name).expect("it is there").id
}

fn time(count: u64) -> Instant {
    Instant::ZERO + seconds(count)
}

/// The ready queue in the middle of a pass: who is still to come, in this pass and in the next.
#[test]
fn who_is_ready() {
    let steps = record();
    let at = after(
        &steps,
        |kind| matches!(kind, StepKind::Poll { task } if task != id(&steps[0], "Main")),
    );
    let still_to_come = ["second getter", "putter", "joiner", "sleeper"];
    assert_eq!(*at.ready, still_to_come.map(|name| ReadyView::Poll(id(at, name))));
    assert_eq!(at.left_in_pass, 4, "all of them in this pass");
    let before = &steps[at.step.number as usize - 2];
    assert_eq!((before.ready.len(), before.left_in_pass), (5, 0), "and all of them in the next");
}

/// What each task waits for while nothing is ready.
#[test]
fn who_waits_for_what() {
    let steps = record();
    let at = after(&steps, |kind| matches!(kind, StepKind::Park { .. }));
    let waits: Vec<_> = at.tasks.iter().map(|task| (&*task.name, task.waits.clone())).collect();
    let expected = [
        ("Main", Waits::Timer(0, time(1))),
        ("first getter", Waits::Line(LineKind::Get, 1)),
        ("second getter", Waits::Line(LineKind::Get, 1)),
        ("putter", Waits::Line(LineKind::Put, 0)),
        ("joiner", Waits::Line(LineKind::Join, 0)),
        ("sleeper", Waits::Timer(2, time(9))),
    ];
    assert_eq!(waits, expected);
    assert_eq!((at.ready.len(), at.left_in_pass), (0, 0));
}

/// What is in each queue, and who stands in its lines.
#[test]
fn who_stands_in_the_lines_of_a_queue() {
    let steps = record();
    let at = after(&steps, |kind| matches!(kind, StepKind::Park { .. }));
    let full = QueueView {
        queue: 0,
        items: vec!["<7>".to_string()],
        maxsize: 1,
        unfinished: 1,
        putters: vec![id(at, "putter")],
        joiners: vec![id(at, "joiner")],
        ..QueueView::default()
    };
    let empty = QueueView {
        queue: 1,
        getters: vec![id(at, "first getter"), id(at, "second getter")],
        ..QueueView::default()
    };
    assert_eq!(at.queue(0), Some(&full));
    assert_eq!(at.queue(1), Some(&empty));
    assert_eq!(at.queues.len(), 2);
}

/// Whose timers there are, where they wait in the wheel, and what time the wheel has.
#[test]
fn whose_timers_wait_where() {
    let steps = record();
    let timers = |at: &Recorded| -> Vec<_> {
        let timers = at.timers.iter();
        timers.map(|timer| (timer.timer, timer.deadline, timer.position, timer.task)).collect()
    };
    let at = after(&steps, |kind| matches!(kind, StepKind::Park { .. }));
    let (main, sleeper) = (Some(id(at, "Main")), Some(id(at, "sleeper")));
    let (limit, sleep) = ((1, time(5), Some((5, 4)), sleeper), (2, time(9), Some((5, 8)), sleeper));
    assert_eq!(timers(at), [(0, time(1), Some((4, 59)), main), limit, sleep]);
    assert_eq!(at.wheel_time, Instant::ZERO);

    let at = after(&steps, |kind| matches!(kind, StepKind::Fire { .. }));
    assert_eq!(timers(at), [(0, time(1), None, main), limit, sleep], "it is due");
    assert_eq!(*at.ready, [ReadyView::Timer(0)]);
    assert_eq!(at.wheel_time, time(1));
}

/// How often a task had its turn, and how often it was woken.
#[test]
fn how_often_a_task_was_polled_and_woken() {
    let steps = record();
    let counts = |at: &Recorded, name| {
        let task = at.task(id(at, name)).expect("it is there");
        (task.polls, task.wakes)
    };
    let at = after(&steps, |kind| matches!(kind, StepKind::Park { .. }));
    assert_eq!((counts(at, "Main"), counts(at, "putter")), ((1, 0), (1, 0)));
    let putter = id(at, "putter");
    let at =
        after(&steps, |kind| matches!(kind, StepKind::Complete { task, .. } if task == putter));
    assert_eq!((counts(at, "Main"), counts(at, "putter")), ((2, 1), (2, 1)));
}

/// Items stand in the order in which they would come out, whatever the kind of the queue.
#[test]
fn the_next_item_comes_first() {
    let recorder = Recorder::shared();
    Executor::new(Clock::virtual_time()).observed_by(recorder.clone()).run(async {
        let (first, last) = (Queue::new(0), LifoQueue::new(0));
        let (first, last) = (first.shown_as(u32::to_string), last.shown_as(u32::to_string));
        let smallest = PriorityQueue::new(0).shown_as(u32::to_string);
        for item in [2, 3, 1] {
            first.try_put(item).unwrap();
            last.try_put(item).unwrap();
            smallest.try_put(item).unwrap();
        }
    });
    let recorder = recorder.borrow();
    let queues = &recorder.steps().last().expect("the last step").queues;
    let items = Vec::from_iter(queues.iter().map(|queue| queue.items.join(" ")));
    assert_eq!(items, ["2 3 1", "1 3 2", "1 2 3"]);
}

/// Where nobody looks, nothing is put into words.
#[test]
fn without_an_observer_no_item_is_put_into_words() {
    virtual_run(async {
        let queue = Queue::new(0).shown_as(|_: &u32| panic!("nobody looks"));
        queue.try_put(1).unwrap();
        assert_eq!(queue.try_get(), Ok(1));
    });
}

/// What a task waits for when it has waited for two things at once, and both waits are over: exactly what it says.
#[test]
fn one_thing_after_several() {
    let program = async {
        let child = spawn_named("child", pending::<()>());
        let parent = spawn_named("parent", async move {
            for _ in 0..2 {
                futures_lite::future::or(sleep(seconds(1)), sleep(seconds(2))).await;
            }
            sleep(seconds(1)).await;
            child.await
        });
        sleep(seconds(4)).await;
        // It is passed on along the chain: the child ends, a pass later the parent, and then main goes on.
        let before = pass();
        parent.cancel();
        assert_eq!(parent.await, Err(JoinError::Cancelled));
        assert_eq!(pass() - before, 3);
    };
    let recorder = Recorder::shared();
    Executor::new(Clock::virtual_time()).observed_by(recorder.clone()).run(program);
    let steps = recorder.borrow().steps().to_vec();
    let parent = |at: &Recorded| at.tasks.iter().find(|task| task.name == "parent").cloned();
    let waits = |at: &Recorded| parent(at).map(|parent| parent.waits.clone());
    let ends_of_turns = |at: &&Recorded| matches!(at.step.kind, StepKind::Pending { task } if parent(at).is_some_and(|parent| parent.id == task));
    let waits: Vec<_> = steps.iter().filter(ends_of_turns).filter_map(waits).collect();
    let [Waits::Several, Waits::Several, Waits::Timer(_, end), Waits::Task(_)] = waits[..] else {
        panic!("{waits:?}")
    };
    assert_eq!(end, time(3));
}

/// A timeout round something that is not ours wakes its task; there is no wait that it could interrupt.
#[test]
fn a_timeout_round_a_foreign_future_wakes() {
    let recorder = Recorder::shared();
    let executor = Executor::new(Clock::virtual_time()).observed_by(recorder.clone());
    executor.run(async { assert!(timeout(seconds(1), pending::<()>()).await.is_err()) });
    let kinds: Vec<_> = recorder.borrow().steps().iter().map(|at| at.step.kind.name()).collect();
    assert!(kinds.join(" ").contains("fire call wake poll ready"), "{kinds:?}");
}
