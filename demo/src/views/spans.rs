//! Spans: the recorded run turned by 90 degrees. Not "how was everything after this step", but "what did this task
//! do, from which step to which". The timeline and the trace for Perfetto are drawn from these.

use std::collections::HashMap;
use std::rc::Rc;

use executor::{Activity, End, LineKind, TaskId, TaskView, Waits};

use super::recorder::Recorded;

/// One task, from its first step to its end.
#[derive(Clone, Debug)]
pub struct Track {
    /// The task's number.
    pub id: TaskId,
    /// Its name.
    pub name: String,
    /// What it did, without gaps.
    pub spans: Vec<Span>,
    /// After which step it had ended, and how. `None` if it had not when the run was over.
    pub end: Option<(usize, End)>,
}

/// A task did this in the states after the steps with these indices.
#[derive(Clone, Debug)]
pub struct Span {
    /// What it did.
    pub doing: Doing,
    /// What it waited for at the beginning, if it waited.
    pub waits: Waits,
    /// The step that began it.
    pub from: usize,
    /// The step that ended it, or how many steps there are if none did.
    pub to: usize,
}

/// What a task does, as far as the views tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It has its turn.
    Running,
    /// It stands in the ready queue.
    Ready,
    /// It waits for a timer.
    Sleeping,
    /// It waits for an item of a queue.
    Getting,
    /// It waits for room in a queue.
    Putting,
    /// It waits for the items of a queue to be done.
    Joining,
    /// It waits for the end of a task, or of several.
    Awaiting,
    /// It waits for an event.
    Event,
    /// It waits for something else, or for several things.
    Other,
}

impl Doing {
    /// All there is.
    pub const ALL: [Doing; 9] = [
        Doing::Running,
        Doing::Ready,
        Doing::Sleeping,
        Doing::Getting,
        Doing::Putting,
        Doing::Joining,
        Doing::Awaiting,
        Doing::Event,
        Doing::Other,
    ];
}

/// All tasks of a run, in the order in which they were spawned.
pub fn tracks(steps: &[Recorded]) -> Vec<Track> {
    let mut tracks = Tracks::default();
    for (at, recorded) in steps.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &steps[before].tasks);
        for (row, task) in recorded.tasks.iter().enumerate() {
            // What has not changed, neighbours share.
            let old = before.and_then(|before| before.get(row));
            if !old.is_some_and(|old| Rc::ptr_eq(old, task)) {
                tracks.see(at, task);
            }
        }
    }
    tracks.list.iter_mut().for_each(|track| track.close(steps.len()));
    tracks.list
}

#[derive(Default)]
struct Tracks {
    list: Vec<Track>,
    places: HashMap<TaskId, usize>,
}

impl Tracks {
    /// After this step a task is like this.
    fn see(&mut self, at: usize, task: &TaskView) {
        let place = *self.places.entry(task.id).or_insert_with(|| {
            let (id, name) = (task.id, task.name.clone());
            self.list.push(Track { id, name, spans: Vec::new(), end: None });
            self.list.len() - 1
        });
        let track = &mut self.list[place];
        let doing = match task.activity {
            Activity::Done(end) => {
                track.close(at);
                track.end.get_or_insert((at, end));
                return;
            }
            Activity::Running => Doing::Running,
            Activity::Queued => Doing::Ready,
            Activity::Idle => waiting(&task.waits),
        };
        if track.spans.last().is_none_or(|last| last.doing != doing) {
            track.close(at);
            let waits = task.waits.clone();
            track.spans.push(Span { doing, waits, from: at, to: at });
        }
    }
}

impl Track {
    /// What the task did after the step with this index, if it was there.
    pub fn at(&self, step: usize) -> Option<&Span> {
        let begun = self.spans.partition_point(|span| span.from <= step);
        self.spans[..begun].last().filter(|span| step < span.to)
    }

    /// The step at which its first turn begins that is after this step.
    pub fn next_turn(&self, step: usize) -> Option<usize> {
        let begun = self.spans.partition_point(|span| span.from <= step);
        let turn = self.spans[begun..].iter().find(|span| span.doing == Doing::Running);
        turn.map(|span| span.from)
    }

    /// The last span ends here, unless the task had ended before.
    fn close(&mut self, at: usize) {
        if let Some(last) = self.spans.last_mut().filter(|_| self.end.is_none()) {
            last.to = at;
        }
    }
}

fn waiting(waits: &Waits) -> Doing {
    match waits {
        Waits::Timer(..) => Doing::Sleeping,
        Waits::Line(LineKind::Get, _) => Doing::Getting,
        Waits::Line(LineKind::Put, _) => Doing::Putting,
        Waits::Line(LineKind::Join, _) => Doing::Joining,
        Waits::Line(LineKind::Event, _) => Doing::Event,
        Waits::Task(_) | Waits::Gather(_) => Doing::Awaiting,
        Waits::Nothing | Waits::Several => Doing::Other,
    }
}
