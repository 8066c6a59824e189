//! The recorder: a whole run in memory, step by step, so that a view can look at any of them, and back.
//!
//! An observer is shown the executor's state only while a step is being taken. Whoever wants to go *back*
//! (the stepper, the player's page) or needs the end before it can begin (the timeline, the trace for
//! Perfetto) has to keep it all. The recorder does: each step with the state after it, in plain values, and
//! the lines that the program printed before the next step.
//!
//! ```
//! use demo::views::recorder::Recorder;
//! use executor::{Clock, Executor, yield_now};
//!
//! let recorder = Recorder::shared();
//! Executor::new(Clock::virtual_time()).observed_by(recorder.clone()).run(async { yield_now().await });
//! let recorder = recorder.borrow();
//! let kinds: Vec<_> = recorder.steps().iter().map(|at| at.step.kind.name()).collect();
//! assert_eq!(kinds, ["spawn", "poll", "wake", "pending", "poll", "ready", "complete", "call"]);
//! assert_eq!(recorder.steps()[0].tasks[0].name, "Main");
//! ```
//!
//! One step changes one task or two, rarely more, so neighbours share all the rest.

use std::cell::RefCell;
use std::rc::Rc;

use executor::{
    Activity, Instant, LineKind, Observer, QueueView, ReadyView, State, Step, StepKind,
};
use executor::{TaskId, TaskView, TimerView, Waits};

/// One step, and how things were after it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// What happened. Steps are numbered from 1, so it stands at `step.number - 1`.
    pub step: Step,
    /// All tasks that have not been forgotten, in the order of the executor's table.
    pub tasks: Rc<[Rc<TaskView>]>,
    /// The ready queue, next first.
    pub ready: Rc<[ReadyView]>,
    /// How many entries of it have their turn in the pass that is running.
    pub left_in_pass: usize,
    /// All timers that have not fired, by their numbers.
    pub timers: Rc<[Rc<TimerView>]>,
    /// The wheel's own time.
    pub wheel_time: Instant,
    /// All queues, by their numbers.
    pub queues: Rc<[Rc<QueueView>]>,
    /// All events that steps have told of, by their numbers.
    pub events: Rc<[Rc<EventView>]>,
    /// What the program printed after this step and before the next.
    pub printed: Vec<String>,
}

impl Recorded {
    /// A task as it was, unless it was forgotten by then.
    pub fn task(&self, id: TaskId) -> Option<&TaskView> {
        self.tasks.iter().find(|task| task.id == id).map(|task| &**task)
    }

    /// A timer as it was, unless it had fired or was disarmed by then.
    pub fn timer(&self, number: u32) -> Option<&TimerView> {
        self.timers.iter().find(|timer| timer.timer == number).map(|timer| &**timer)
    }

    /// A queue as it was.
    pub fn queue(&self, number: u32) -> Option<&QueueView> {
        self.queues.iter().find(|queue| queue.queue == number).map(|queue| &**queue)
    }

    /// An event as it was.
    pub fn event(&self, number: u32) -> Option<&EventView> {
        self.events.iter().find(|event| event.event == number).map(|event| &**event)
    }
}

/// One event, as the steps and the tasks tell of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventView {
    /// Its number.
    pub event: u32,
    /// Its flag.
    pub is_set: bool,
    /// Who waits for it, first to last.
    pub waiters: Vec<TaskId>,
}

/// An observer that keeps everything.
#[derive(Debug)]
pub struct Recorder {
    steps: Vec<Recorded>,
    main: String,
}

impl Recorder {
    /// A recorder that has seen nothing yet.
    pub fn new() -> Recorder {
        Recorder { steps: Vec::new(), main: "Main".to_string() }
    }

    /// The same, as [`Executor::observed_by`](executor::Executor::observed_by) takes it.
    pub fn shared() -> Rc<RefCell<Recorder>> {
        Rc::new(RefCell::new(Recorder::new()))
    }

    /// What to call the main future, which nobody spawned, and so nobody could name. "Main" unless this is
    /// called before the run.
    pub fn main_is(mut self, name: &str) -> Recorder {
        self.main = name.to_string();
        self
    }

    /// The program prints a line. It stands at the step that was taken last.
    pub fn print(&mut self, line: &str) {
        let last = self.steps.last_mut().expect("only tasks print, and no task runs before step 1");
        last.printed.push(line.to_string());
    }

    /// Forgets all steps but the last: for who needs no more than two neighbours at a time.
    pub fn keep_last(&mut self) {
        self.steps.drain(..self.steps.len().saturating_sub(1));
    }

    /// All steps so far.
    pub fn steps(&self) -> &[Recorded] {
        &self.steps
    }
}

impl Default for Recorder {
    fn default() -> Recorder {
        Recorder::new()
    }
}

impl Observer for Recorder {
    fn step(&mut self, step: &Step, state: &State<'_>) {
        let mut tasks = state.tasks();
        name_main(&mut tasks, &self.main);
        let before = self.steps.last();
        let events = events(before.map_or(&[], |before| &before.events), step, &tasks);
        let recorded = Recorded {
            step: *step,
            tasks: shared(tasks, before.map(|before| &before.tasks), same_task),
            ready: same_or_new(state.ready(), before.map(|before| &before.ready), |a, b| a == b),
            left_in_pass: state.left_in_pass(),
            timers: shared(state.timers(), before.map(|before| &before.timers), same_timer),
            wheel_time: state.wheel_time(),
            queues: shared(state.queues(), before.map(|before| &before.queues), |a, b| a == b),
            events: shared(events, before.map(|before| &before.events), |a, b| a == b),
            printed: Vec::new(),
        };
        self.steps.push(recorded);
    }
}

/// Gives the main task, which always has the first row, its name.
pub fn name_main(tasks: &mut [TaskView], name: &str) {
    if let Some(main) = tasks.first_mut() {
        main.name = name.to_string();
    }
}

/// The events after a step: the step says whose flag has changed and who came, the tasks say who still waits.
fn events(before: &[Rc<EventView>], step: &Step, tasks: &[TaskView]) -> Vec<EventView> {
    let mut events: Vec<EventView> = before.iter().map(|event| (**event).clone()).collect();
    let mut change = |number: u32, change: &dyn Fn(&mut EventView)| {
        let place = events.partition_point(|event| event.event < number);
        if events.get(place).is_none_or(|event| event.event != number) {
            events.insert(place, EventView { event: number, ..EventView::default() });
        }
        change(&mut events[place]);
    };
    match step.kind {
        StepKind::SetEvent { event } => change(event, &|event| event.is_set = true),
        StepKind::ClearEvent { event } => change(event, &|event| event.is_set = false),
        StepKind::WaitForEvent { event } => change(event, &|event| event.waiters.extend(step.task)),
        _ => {}
    }
    for event in &mut events {
        let line = Waits::Line(LineKind::Event, event.event);
        event.waiters.retain(|&waiter| {
            let task = tasks.iter().find(|task| task.id == waiter);
            task.is_some_and(|task| match task.activity {
                // It has just come, and will give way.
                Activity::Running => true,
                Activity::Idle => task.waits == line || task.waits == Waits::Several,
                Activity::Queued | Activity::Done(_) => false,
            })
        });
    }
    events
}

/// The list as it was, if it is the same.
fn same_or_new<T>(now: Vec<T>, before: Option<&Rc<[T]>>, same: fn(&T, &T) -> bool) -> Rc<[T]> {
    match before {
        Some(before) if all_same(&now, before, same) => before.clone(),
        _ => now.into(),
    }
}

/// The list as it was if it is the same, else a new one, but with those elements as they were that are the same.
fn shared<T>(now: Vec<T>, before: Option<&Rc<[Rc<T>]>>, same: fn(&T, &T) -> bool) -> Rc<[Rc<T>]> {
    let Some(before) = before else { return now.into_iter().map(Rc::new).collect() };
    let mut changed = now.len() != before.len();
    // Where the next one is to be looked for: one step adds one at most, or removes one.
    let mut next = 0_usize;
    let share = |new: T| {
        let old = |&at: &usize| before.get(at).is_some_and(|old| same(&new, old));
        let old = [next, next + 1, next.wrapping_sub(1)].into_iter().find(old);
        changed |= old != Some(next);
        next = old.unwrap_or(next) + 1;
        old.map_or_else(|| Rc::new(new), |old| before[old].clone())
    };
    let list: Vec<Rc<T>> = now.into_iter().map(share).collect();
    if changed { list.into() } else { before.clone() }
}

fn all_same<T>(now: &[T], before: &[T], same: fn(&T, &T) -> bool) -> bool {
    now.len() == before.len() && now.iter().zip(before).all(|(a, b)| same(a, b))
}

fn same_task(a: &TaskView, b: &TaskView) -> bool {
    // Destructured, so that a new field can't be forgotten here.
    let TaskView { id, name, activity, waits, cancelled, polls, wakes, spawned_at, awaits_at } = a;
    (*id, *activity, *cancelled, *polls, *wakes)
        == (b.id, b.activity, b.cancelled, b.polls, b.wakes)
        && (*spawned_at, *awaits_at) == (b.spawned_at, b.awaits_at)
        && (name, waits) == (&b.name, &b.waits)
}

fn same_timer(a: &TimerView, b: &TimerView) -> bool {
    let TimerView { timer, deadline, position, task } = *a;
    (timer, deadline, position, task) == (b.timer, b.deadline, b.position, b.task)
}
