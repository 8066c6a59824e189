//! Sentences about tasks.

use executor::{Activity, End, StepKind, TaskId, TaskView, Waits};

use super::{Narrator, TO_THE_TAIL};
use crate::views::words;

impl Narrator<'_> {
    pub(super) fn spawn(&self, task: TaskId) -> String {
        let (who, name) = (self.who(), self.name(task));
        match self.now.step.number {
            1 => format!("The run begins: {name} stands in the ready queue."),
            _ => format!("{who} spawns {name}, which {TO_THE_TAIL}."),
        }
    }

    pub(super) fn poll(&self, task: TaskId) -> String {
        let name = self.name(task);
        match self.now.task(task) {
            Some(TaskView { polls: 1, .. }) => {
                format!("{name} is polled for the first time: its code begins to run.")
            }
            _ => format!("{name} is polled again: its code goes on where it waited."),
        }
    }

    pub(super) fn pending(&self, task: TaskId) -> String {
        let name = self.name(task);
        match self.now.task(task) {
            Some(view) if view.activity == Activity::Idle => {
                let what = self.in_words(&view.waits);
                format!("{name} returns Pending: it gives the thread back and waits for {what}.")
            }
            _ => format!(
                "{name} returns Pending: it gives the thread back, and {TO_THE_TAIL}, for it was \
                 woken."
            ),
        }
    }

    pub(super) fn ready(&self, task: TaskId) -> String {
        format!("{} returns Ready: its future has come to its end.", self.name(task))
    }

    pub(super) fn dropped(&self, task: TaskId) -> String {
        let name = self.name(task);
        format!("{name} was cancelled: at its turn its future is dropped, not polled.")
    }

    pub(super) fn complete(&self, task: TaskId, end: End) -> String {
        let ended = format!("{} has ended: it {}.", self.name(task), words::end(end));
        // Who awaited it: after the step it waits no longer.
        let Some(before) = self.before else { return ended };
        if before.tasks.first().is_some_and(|main| main.id == task) {
            return format!("{ended} The call that ends the run {TO_THE_TAIL}.");
        }
        let others = before.tasks.iter().filter(|other| awaits(other, task));
        match &others.map(|other| other.name.as_str()).collect::<Vec<_>>()[..] {
            [] => ended,
            [one] => format!("{ended} {one}, which awaits it, is told."),
            several => format!("{ended} {} tasks, which await it, are told.", several.len()),
        }
    }

    pub(super) fn wake(&self, task: TaskId, queued: bool) -> String {
        let name = self.name(task);
        let waker = self.now.step.task;
        if waker == Some(task) && queued {
            return format!("{name} wakes itself: when it gives way, it {TO_THE_TAIL}.");
        }
        let wakes = match (waker, self.kind_before()) {
            (Some(waker), _) if waker == task => format!("{name} wakes itself"),
            (Some(waker), _) => format!("{} wakes {name}", self.name(waker)),
            (None, Some(StepKind::CallTimer { .. })) => format!("The timer wakes {name}"),
            (None, Some(StepKind::CallChild { .. })) => format!("The gather wakes {name}"),
            // Wakes from other threads come in before anything else in a pass, and after a parking.
            (None, Some(StepKind::Park { .. })) => format!("Another thread wakes {name}"),
            (None, _) if self.begins_a_pass() => format!("Another thread wakes {name}"),
            (None, _) => format!("{name} is woken"),
        };
        if !queued {
            return format!("{wakes}, which is in the ready queue already: nothing changes.");
        }
        match self.waits_before(task) {
            Some(waits @ Waits::Line(..)) if waker.is_some() => {
                let what = self.in_words(waits);
                format!("{wakes}, which waited for {what} and now {TO_THE_TAIL}.")
            }
            _ => format!("{wakes}, which {TO_THE_TAIL}."),
        }
    }

    pub(super) fn cancel(&self, task: TaskId) -> String {
        let name = self.name(task);
        let by_the_loop = self.now.step.task.is_none();
        // A request goes on along the chain from who was asked; that of a timeout, from who awaits it.
        let mut awaiting = self.now.tasks.iter().filter(|other| awaits(other, task));
        if let Some(other) = awaiting.find(|other| other.cancelled || by_the_loop) {
            return format!("The request is passed on to {name}, which {} awaits.", other.name);
        }
        match self.now.step.task {
            Some(who) if who == task => format!("{name} asks for its own end."),
            Some(who) => format!("{} asks for the end of {name}.", self.name(who)),
            None => format!("The run is over: the end of {name}, which is left, is asked for."),
        }
    }

    pub(super) fn interrupted(&self, task: TaskId) -> String {
        let name = self.name(task);
        let what = self.waits_before(task).map_or("it".to_string(), |waits| self.in_words(waits));
        let expired = match (self.now.step.task, self.kind_before()) {
            (None, Some(StepKind::CallTimer { .. })) => "The time is over: ",
            _ => "",
        };
        format!("{expired}{name} waits no longer for {what}, and {TO_THE_TAIL}.")
    }

    pub(super) fn call_child(&self, child: TaskId) -> String {
        let name = self.name(child);
        format!("The gather's call has its turn: it hears that {name} has ended.")
    }

    fn in_words(&self, waits: &Waits) -> String {
        words::waits(waits, |task| self.name(task))
    }

    fn waits_before(&self, task: TaskId) -> Option<&Waits> {
        self.before.and_then(|before| before.task(task)).map(|view| &view.waits)
    }

    fn begins_a_pass(&self) -> bool {
        self.before.is_some_and(|before| before.step.pass < self.now.step.pass)
    }
}

/// Whether a task waits for the end of this one.
fn awaits(other: &TaskView, task: TaskId) -> bool {
    match &other.waits {
        Waits::Task(awaited) => *awaited == task,
        Waits::Gather(awaited) => awaited.contains(&task),
        _ => false,
    }
}
