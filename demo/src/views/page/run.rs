//! A recorded run as JSON.
//!
//! A run of some thousand steps has as many states, and two neighbours differ in hardly anything. So whatever
//! can occur twice (a task's card, a ready queue, a wheel) is a row of a table that is written once, and
//! elsewhere stands its number. To find the state after a step, the script looks numbers up, and that is all:
//! no state is worked out from another one.

use std::collections::HashMap;
use std::fmt::Write;
use std::panic::Location;
use std::rc::Rc;

use executor::{Instant, StepKind, TaskId};

use super::tables::{Log, Table, numbers, quoted};
use super::{Line, Listing, sources, words};
use crate::views::narrate;
use crate::views::recorder::Recorded;
use crate::views::words::seconds;

/// The run, as the script takes it.
pub fn json(title: &str, steps: &[Recorded], listing: Option<&Listing>) -> String {
    let (levels, has_listing) = (occupied_levels(steps), listing.is_some());
    let mut writer = Writer { levels, has_listing, ..Writer::default() };
    let rows: Vec<String> = (0..steps.len()).map(|at| writer.step(steps, at, listing)).collect();

    let logs = writer.logs.iter().map(|log| numbers(&log.entries)).collect();
    let width = |&level: &usize| format!("[{level},{}]", quoted(&words::slot_width(level)));
    let levels = writer.levels.iter().map(width).collect();
    let lists = [
        ("files", writer.files.rows),
        ("kinds", writer.kinds.rows),
        ("times", writer.times.rows),
        ("sentences", writer.sentences.rows),
        ("things", writer.things.rows),
        ("cards", writer.cards.rows),
        ("entries", writer.entries.rows),
        ("items", writer.items.rows),
        ("timers", writer.timers.rows),
        ("blocks", writer.blocks.rows),
        ("lists", writer.lists.rows),
        ("ready", writer.ready.rows),
        ("queues", writer.queues.rows),
        ("events", writer.events.rows),
        ("wheels", writer.wheels.rows),
        ("logs", logs),
        ("levels", levels),
        ("printed", writer.printed),
        ("marks", writer.marks),
        ("steps", rows),
    ];
    let mut json = format!("{{\"title\":{}", quoted(title));
    for (name, list) in lists {
        let _ = write!(json, ",\n\"{name}\":[{}]", list.join(","));
    }
    json + "}"
}

/// The levels of the wheel in which a timer ever waits, the highest first: it is the outermost ring.
fn occupied_levels(steps: &[Recorded]) -> Vec<usize> {
    let mut occupied = [false; 11];
    let positions = steps.iter().flat_map(|at| at.timers.iter()).filter_map(|timer| timer.position);
    positions.for_each(|(level, _)| occupied[level] = true);
    (0..11).rev().filter(|&level| occupied[level]).collect()
}

/// The tables, as far as they are filled. What their columns are stands at the functions that fill them;
/// those of the states are in `states.rs`.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) levels: Vec<usize>,
    /// The lines of Rust mean nothing to the user.
    pub(super) has_listing: bool,
    files: Table,
    file_numbers: HashMap<&'static str, i64>,
    kinds: Table,
    times: Table,
    sentences: Table,
    /// What can act, or be acted on: a key by which the page finds it, and its name.
    things: Table,
    pub(super) cards: Table,
    pub(super) entries: Table,
    pub(super) items: Table,
    pub(super) timers: Table,
    pub(super) blocks: Table,
    pub(super) lists: Table,
    pub(super) ready: Table,
    pub(super) queues: Table,
    pub(super) events: Table,
    pub(super) wheels: Table,
    pub(super) logs: Vec<Log>,
    pub(super) log_numbers: HashMap<(u32, usize), usize>,
    printed: Vec<String>,
    /// For the scrubber: `[step, time]` where time has jumped.
    marks: Vec<String>,
    /// Names of tasks; they outlive their rows in the executor's table.
    names: HashMap<TaskId, String>,
    pub(super) known_polls: HashMap<TaskId, u32>,
    /// Numbers of cards and lists that were written before, by their addresses.
    pub(super) known: HashMap<*const (), u32>,
}

impl Writer {
    /// `[time, pass, kind, sentence, actor, subject, user's file, line, executor's file, line, tasks, ready,
    /// queues, wheel, lines printed so far, events]`
    fn step(&mut self, steps: &[Recorded], at: usize, listing: Option<&Listing>) -> String {
        let now = &steps[at];
        let step = &now.step;
        let before = at.checked_sub(1).map(|before| &steps[before]);
        if before.is_none_or(|before| !Rc::ptr_eq(&before.tasks, &now.tasks)) {
            for task in now.tasks.iter() {
                self.names.entry(task.id).or_insert_with(|| task.name.clone());
            }
        }
        let time = self.time(step.time);
        let parked = before.filter(|before| matches!(before.step.kind, StepKind::Park { .. }));
        if parked.is_some_and(|before| before.step.time != step.time) {
            self.marks.push(format!("[{},{time}]", step.number));
        }
        let pass = step.pass;
        let kind = self.kinds.number(quoted(step.kind.name()));
        let sentence = self.sentences.number(quoted(&narrate::sentence(steps, at)));
        let actor = match step.task {
            Some(task) => self.task_thing(task),
            None => self.thing("loop", "the loop"),
        };
        let subject = self.subject(&step.kind).map_or(-1, i64::from);
        let (user, user_line) = match listing {
            Some(listing) => self.line_of(listing, at),
            None => self.user_place(now, before),
        };
        let (executor, executor_line) = self.place(Some(step.executor));
        let tasks = self.tasks(now);
        let ready = self.ready(now);
        let queues = self.queues(now);
        let wheel = self.wheel(now);
        let events = self.events(now);
        self.printed.extend(now.printed.iter().map(|line| quoted(line)));
        let printed = self.printed.len();
        format!(
            "[{time},{pass},{kind},{sentence},{actor},{subject},{user},{user_line},\
             {executor},{executor_line},{tasks},{ready},{queues},{wheel},{printed},{events}]"
        )
    }

    pub(super) fn time(&mut self, time: Instant) -> u32 {
        self.times.number(quoted(&seconds(time)))
    }

    fn thing(&mut self, key: &str, name: &str) -> u32 {
        self.things.number(format!("[{},{}]", quoted(key), quoted(name)))
    }

    pub(super) fn name(&self, task: TaskId) -> String {
        self.names.get(&task).cloned().unwrap_or_else(|| format!("task {task}"))
    }

    pub(super) fn task_thing(&mut self, task: TaskId) -> u32 {
        let name = self.name(task);
        self.thing(&task_key(task), &name)
    }

    /// What a step happens to, if it stands on the page.
    fn subject(&mut self, kind: &StepKind) -> Option<u32> {
        use StepKind::*;
        Some(match *kind {
            Spawn { task } | Poll { task } | Pending { task } => self.task_thing(task),
            Ready { task } | Dropped { task } | Complete { task, .. } => self.task_thing(task),
            CancelRequested { task } | Interrupted { task } => self.task_thing(task),
            Wake { task, .. } | CallChild { child: task, .. } => self.task_thing(task),
            CallTimer { timer } | Arm { timer, .. } | Fire { timer } | Disarm { timer } => {
                self.thing(&timer_key(timer), &format!("timer {timer}"))
            }
            Cascade { level, slot } => {
                self.thing(&format!("s{level}.{slot}"), &format!("level {level}, slot {slot}"))
            }
            Queue { queue, .. } => self.thing(&queue_key(queue), &format!("queue {queue}")),
            WaitForEvent { event } | SetEvent { event } | ClearEvent { event } => {
                self.thing(&event_key(event), &format!("event {event}"))
            }
            CallStop | Park { .. } => return None,
        })
    }

    /// A place in a source: the number of the file (-1 if there is none), and the line.
    pub(super) fn place(&mut self, place: Option<&'static Location<'static>>) -> (i64, u32) {
        let Some(place) = place else { return (-1, 0) };
        let number = match self.file_numbers.get(place.file()) {
            Some(&number) => number,
            None => {
                let number = self.file(place.file());
                self.file_numbers.insert(place.file(), number);
                number
            }
        };
        (number, place.line())
    }

    /// `[path, text or null]`
    fn file(&mut self, file: &str) -> i64 {
        let row = match sources::find(file) {
            Some((path, text)) => format!("[{},{}]", quoted(path), quoted(text)),
            None => format!("[{},null]", quoted(&sources::tail(file))),
        };
        self.files.number(row).into()
    }

    /// The user's line; if it is the line at which a task waits, negative.
    fn line_of(&mut self, listing: &Listing, at: usize) -> (i64, i64) {
        let Some(&Some(line)) = listing.lines.get(at) else { return (-1, 0) };
        let file = format!("[{},{}]", quoted(&listing.name), quoted(&listing.text));
        (self.files.number(file).into(), signed(line))
    }

    /// The same for Rust: the line because of which the step happened. Of a step that is the loop's own the
    /// line at which the task waits that it is about.
    fn user_place(&mut self, now: &Recorded, before: Option<&Recorded>) -> (i64, i64) {
        if now.step.user.is_some() {
            let (file, line) = self.place(now.step.user);
            return (file, signed(Line::Acts(line)));
        }
        let task = subject_task(now, before).and_then(|task| now.task(task));
        let (file, line) = self.place(task.and_then(|task| task.awaits_at.or(task.spawned_at)));
        (file, signed(Line::Waits(line)))
    }
}

fn signed(line: Line) -> i64 {
    match line {
        Line::Acts(line) => line.into(),
        Line::Waits(line) => -i64::from(line),
    }
}

/// The task that a step of the loop's own is about: whom it wakes, or will wake.
pub fn subject_task(now: &Recorded, before: Option<&Recorded>) -> Option<TaskId> {
    let owner = |recorded: &Recorded, timer: u32| {
        recorded.timers.iter().find(|armed| armed.timer == timer).and_then(|armed| armed.task)
    };
    match now.step.kind {
        StepKind::Wake { task, .. } => Some(task),
        StepKind::Fire { timer } => owner(now, timer),
        StepKind::CallTimer { timer } | StepKind::Disarm { timer } => owner(before?, timer),
        _ => None,
    }
}

pub(super) fn task_key(task: TaskId) -> String {
    format!("t{task}")
}

pub(super) fn timer_key(timer: u32) -> String {
    format!("m{timer}")
}

pub(super) fn event_key(event: u32) -> String {
    format!("e{event}")
}

pub(super) fn queue_key(queue: u32) -> String {
    format!("q{queue}")
}
