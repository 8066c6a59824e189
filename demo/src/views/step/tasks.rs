//! The tasks in a frame of `demo step`: a line for each, or for those that matter.

use executor::{Activity, End, StepKind, TaskId, TaskView};

use super::frame::Frame;
use super::text::cut;
use crate::views::terminal::Ink;
use crate::views::words::{self, count};

impl Frame<'_> {
    /// A line for each task, in so many lines. `*` is who does the step, `>` whom it concerns.
    pub(super) fn tasks(&self, room: usize) -> Vec<String> {
        let (actor, subject) = (self.now.step.task, subject(&self.now.step.kind));
        let tasks = &self.now.tasks;
        let rank = |task: &TaskView| match task.activity {
            _ if Some(task.id) == actor || Some(task.id) == subject => 0,
            Activity::Running | Activity::Queued => 1,
            Activity::Idle => 2,
            Activity::Done(_) => 3,
        };
        let mut shown: Vec<usize> = (0..tasks.len()).collect();
        shown.sort_by_key(|&row| rank(&tasks[row]));
        if shown.len() > room {
            shown.truncate(room - 1);
        }
        shown.sort_unstable();

        let longest = shown.iter().map(|&row| tasks[row].name.chars().count()).max().unwrap_or(0);
        let mut lines: Vec<String> = Vec::new();
        for task in shown.into_iter().map(|row| &tasks[row]) {
            let mark = match Some(task.id) {
                id if id == actor => "*",
                id if id == subject => ">",
                _ => " ",
            };
            let (ink, doing) = self.doing(task);
            let (polls, wakes) = (task.polls as usize, task.wakes as usize);
            let counts = format!("{}, {}", count(polls, "poll"), count(wakes, "wake"));
            let plain = format!("{mark} {:longest$}  {doing}", task.name);
            let room = self.screen.width.saturating_sub(plain.chars().count());
            let mut line = self.screen.paint.text(ink, &cut(&plain, self.screen.width));
            if room >= counts.len() + 2 {
                line += &self.screen.paint.text(Ink::Dim, &format!("{counts:>room$}"));
            }
            lines.push(line);
        }
        if tasks.len() > lines.len() {
            lines.push(format!("  ... and {}", count(tasks.len() - lines.len(), "more task")));
        }
        lines
    }

    fn doing(&self, task: &TaskView) -> (Ink, String) {
        let (ink, words) = match task.activity {
            Activity::Running => (Ink::Green, "has its turn".to_string()),
            Activity::Queued => (Ink::Yellow, "is ready".to_string()),
            Activity::Idle => {
                let what = words::waits(&task.waits, |id| self.name(id));
                (Ink::Plain, format!("waits for {what}"))
            }
            Activity::Done(End::Ok) => (Ink::Dim, "has ended".to_string()),
            Activity::Done(how) => (Ink::Dim, format!("has ended: it {}", words::end(how))),
        };
        let asked = task.cancelled && !matches!(task.activity, Activity::Done(_));
        (ink, if asked { words + "; its end is asked for" } else { words })
    }
}

/// The task that a step is about.
fn subject(kind: &StepKind) -> Option<TaskId> {
    match *kind {
        StepKind::Spawn { task }
        | StepKind::Poll { task }
        | StepKind::Pending { task }
        | StepKind::Ready { task }
        | StepKind::Dropped { task }
        | StepKind::Complete { task, .. }
        | StepKind::Wake { task, .. }
        | StepKind::CancelRequested { task }
        | StepKind::Interrupted { task }
        | StepKind::CallChild { child: task, .. } => Some(task),
        _ => None,
    }
}
