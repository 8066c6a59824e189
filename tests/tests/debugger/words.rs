//! The executor's state in the words of the commands, as an observer sees it.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use executor::{
    Activity, LineKind, Observer, ReadyView, State, Step, StepKind, TaskId, TaskView, Waits,
};

use crate::busy;

/// The commands, and what each should say.
pub type Expected = Vec<(&'static str, String)>;

/// What the commands should say after each step of the busy program.
pub fn of_every_step() -> Vec<Expected> {
    let observer = Rc::new(RefCell::new(Observed(Vec::new())));
    busy::run(Some(observer.clone()));
    observer.take().0
}

#[derive(Default)]
struct Observed(Vec<Expected>);

impl Observer for Observed {
    fn step(&mut self, step: &Step, state: &State<'_>) {
        let tasks = state.tasks();
        let name = |id: TaskId| name(&tasks, id);
        let mut expected = vec![
            ("tasks", tasks_in_words(&tasks)),
            ("ready", ready_in_words(state, &name)),
            ("wheel", wheel_in_words(state, &name)),
            ("step-number", step_in_words(step, &name)),
        ];
        // A queue shows itself to observers when it has changed: in the middle of a change, the command knows more.
        if let StepKind::Poll { .. } | StepKind::Pending { .. } | StepKind::Park { .. } = step.kind
        {
            expected.push(("queues", queues_in_words(state, &name)));
        }
        self.0.push(
            expected.into_iter().map(|(command, said)| (command, comparable(&said))).collect(),
        );
    }
}

/// The words of an answer, without the blanks that make columns, and without what an observer can't know:
/// whether an alarm wakes its task or ends a timeout of it, whether a task was woken while it runs, the numbers of gathers, and whether a timer that is
/// in no slot is due or was past when it was armed.
pub fn comparable(said: &str) -> String {
    let said = said.replace("wakes ", "").replace("ends a timeout of ", "").replace(", woken", "");
    let lines = said.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["past", "when", ..] | ["in", "no", "slot", ..] => "in no slot".to_string(),
            ["call", "gather", _, "hears", ..] => format!("call gather {}", words[3..].join(" ")),
            _ => words.join(" "),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// An answer of `queues`, queue by queue.
pub fn by_queue(said: &str) -> Vec<String> {
    let mut queues: Vec<String> = Vec::new();
    for line in said.lines() {
        match queues.last_mut() {
            Some(queue) if !line.starts_with("queue ") => *queue += &format!("\n{line}"),
            _ => queues.push(line.to_string()),
        }
    }
    queues
}

fn name(tasks: &[TaskView], id: TaskId) -> String {
    match tasks.iter().find(|task| task.id == id) {
        Some(task) if task.name == "task 0" => "Main".to_string(),
        Some(task) => task.name.clone(),
        None => format!("task {id}, which is gone"),
    }
}

fn tasks_in_words(tasks: &[TaskView]) -> String {
    let mut said = "id name state waits for at polls wakes\n".to_string();
    for task in tasks {
        let mut state = match task.activity {
            Activity::Queued => "queued".to_string(),
            Activity::Running => "running".to_string(),
            Activity::Idle => "idle".to_string(),
            Activity::Done(end) => format!("done: {}", format!("{end:?}").to_lowercase()),
        };
        if task.cancelled && !state.starts_with("done") {
            state += ", cancelled";
        }
        let waits = if task.activity == Activity::Idle {
            waits_in_words(tasks, &task.waits)
        } else {
            String::new()
        };
        let at = task.awaits_at.filter(|_| !waits.is_empty());
        let at = at.map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let TaskView { id, polls, wakes, .. } = task;
        writeln!(said, "{id} {} {state} {waits} {at} {polls} {wakes}", name(tasks, task.id))
            .unwrap();
    }
    said
}

fn waits_in_words(tasks: &[TaskView], waits: &Waits) -> String {
    match waits {
        Waits::Nothing => "something outside this executor".to_string(),
        Waits::Timer(_, deadline) => format!("its timer, at {deadline:?}"),
        Waits::Line(LineKind::Event, event) => format!("event {event} to be set"),
        Waits::Line(LineKind::Get, queue) => format!("an item of queue {queue}"),
        Waits::Line(LineKind::Put, queue) => format!("room in queue {queue}"),
        Waits::Line(LineKind::Join, queue) => format!("the items of queue {queue} to be done"),
        Waits::Task(task) => format!("the end of {}", name(tasks, *task)),
        Waits::Gather(children) => {
            let names: Vec<String> =
                children.iter().take(5).map(|&task| name(tasks, task)).collect();
            let more = if children.len() > 5 {
                format!(", … ({} tasks)", children.len())
            } else {
                String::new()
            };
            format!("the ends of {}{more}", names.join(", "))
        }
        Waits::Several => "several things at once".to_string(),
    }
}

fn ready_in_words(state: &State<'_>, name: &dyn Fn(TaskId) -> String) -> String {
    let (ready, left) = (state.ready(), state.left_in_pass());
    let mut said = String::new();
    for (i, entry) in ready.iter().enumerate() {
        if i == 0 && left > 0 {
            said += "in this pass:\n";
        }
        if i == left {
            said += "in the next pass:\n";
        }
        said += &match entry {
            ReadyView::Poll(task) => format!("poll {}\n", name(*task)),
            ReadyView::Timer(timer) => {
                match state.timers().iter().find(|view| view.timer == *timer) {
                    Some(view) => format!("call timer {timer} {}\n", view.task.map(name).unwrap()),
                    None => format!("call timer {timer} is disarmed\n"),
                }
            }
            ReadyView::Child(task) => {
                format!("call gather 0 hears that {} has ended\n", name(*task))
            }
            ReadyView::Stop => "call the run ends\n".to_string(),
        };
    }
    if ready.is_empty() { "nothing is ready".to_string() } else { said }
}

fn wheel_in_words(state: &State<'_>, name: &dyn Fn(TaskId) -> String) -> String {
    let mut said = format!("the wheel's time is {:?}\n", state.wheel_time());
    let mut timers = state.timers();
    timers.sort_by_key(|timer| timer.position.map_or((99, 0), |position| position));
    if timers.is_empty() {
        said += "no timer is armed\n";
    }
    let mut place = None;
    for timer in &timers {
        if place != Some(timer.position) {
            place = Some(timer.position);
            said += &match timer.position {
                Some((level, slot)) => {
                    let width = std::time::Duration::from_nanos(1 << (6 * level));
                    format!("level {level}, slot {slot} (a slot is {width:?})\n")
                }
                None => "in no slot any more, for they are due:\n".to_string(),
            };
        }
        let task = timer.task.map(name).unwrap_or_default();
        writeln!(said, "timer {}, at {:?}: {task}", timer.timer, timer.deadline).unwrap();
    }
    said
}

fn queues_in_words(state: &State<'_>, name: &dyn Fn(TaskId) -> String) -> String {
    let mut said = String::new();
    for queue in state.queues() {
        let (len, not_done) = (queue.items.len(), queue.unfinished);
        let most = if queue.maxsize > 0 {
            format!(" of at most {}", queue.maxsize)
        } else {
            String::new()
        };
        let closed = if queue.closed { ", shut down" } else { "" };
        writeln!(said, "queue {}: {len}{most} items, {not_done} not done{closed}", queue.queue)
            .unwrap();
        if len > 0 {
            writeln!(said, "items: {}", queue.items.join(", ")).unwrap();
        }
        for (line, what) in [
            (&queue.getters, "an item"),
            (&queue.putters, "room"),
            (&queue.joiners, "all items to be done"),
        ] {
            if !line.is_empty() {
                let names: Vec<String> = line.iter().map(|&task| name(task)).collect();
                writeln!(said, "for {what} wait: {}", names.join(", ")).unwrap();
            }
        }
    }
    said
}

fn step_in_words(step: &Step, name: &dyn Fn(TaskId) -> String) -> String {
    let turn = step.task.map(|task| format!(", the turn of {}", name(task))).unwrap_or_default();
    format!("step {} (pass {}, {:?}){turn}", step.number, step.pass, step.time)
}
