//! `--trace-json`: the run in the Chrome trace event format, for Perfetto (<https://ui.perfetto.dev>) and
//! speedscope (<https://www.speedscope.app>).
//!
//! | in the file | what it is |
//! |---|---|
//! | a thread for each task, and one for the loop | who does it |
//! | a slice | a turn, a wait, a stay in the ready queue; for the loop, a call or a parking |
//! | an instant | a step, with its number and its sentence; and a line that the program prints |
//! | an arrow | who wakes, spawns or interrupts whom: it ends at that task's next turn |
//! | a counter | how many items a queue holds; whether an event is set, and how many wait for it |
//!
//! On the virtual clock everything between two deadlines happens at one time, and would lie in one heap. So
//! that the order can be seen, each step is drawn a *tick* after the one before, if its time is not later
//! anyway. Its exact time stands in the arguments. (Slices have none: speedscope adds up slices that are alike.)

mod events;

use executor::{StepKind, TaskId};

use super::narrate;
use super::recorder::{EventView, Recorded};
use super::spans::{Doing, Track, tracks};
use super::words::seconds;
use events::{Events, Stretch, quoted};

/// How far apart two steps are drawn at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// On the virtual clock: a microsecond.
    Virtual = 1_000,
    /// On the system clock, which hardly ever stands still: a nanosecond.
    System = 1,
}

/// The whole file.
pub fn trace_json(steps: &[Recorded], tick: Tick) -> String {
    let tracks = tracks(steps);
    let mut writer =
        Writer { steps, drawn: drawn(steps, tick), tracks: &tracks, events: Events::default() };
    writer.names();
    for (thread, track) in (1..).zip(&tracks) {
        writer.spans(thread, track);
    }
    for at in 0..steps.len() {
        writer.step(at);
    }
    writer.events.finish()
}

/// Where each step is drawn, in nanoseconds; and behind the last one, where it ends.
fn drawn(steps: &[Recorded], tick: Tick) -> Vec<u64> {
    let mut drawn = Vec::with_capacity(steps.len() + 1);
    let mut next = 0;
    for recorded in steps {
        next = recorded.step.time.as_nanos().max(next);
        drawn.push(next);
        next = next.saturating_add(tick as u64);
    }
    drawn.push(next);
    drawn
}

struct Writer<'a> {
    steps: &'a [Recorded],
    drawn: Vec<u64>,
    /// The thread of a task is its place here, counted from 1.
    tracks: &'a [Track],
    events: Events,
}

/// The loop's thread.
const LOOP: usize = 0;

impl Writer<'_> {
    /// What the threads are called, and in which order they stand.
    fn names(&mut self) {
        self.events.metadata("process_name", LOOP, ("name", "\"executor\""));
        let tasks = self.tracks.iter().map(|track| track.name.as_str());
        for (thread, name) in ["loop"].into_iter().chain(tasks).enumerate() {
            self.events.metadata("thread_name", thread, ("name", &quoted(name)));
            let place = thread.to_string();
            self.events.metadata("thread_sort_index", thread, ("sort_index", &place));
        }
    }

    /// What a task did: slices without gaps.
    fn spans(&mut self, thread: usize, track: &Track) {
        for span in &track.spans {
            self.slice(thread, in_a_word(span.doing), span.from, span.to);
        }
    }

    /// A step, and what it causes.
    fn step(&mut self, at: usize) {
        let Recorded { step, printed, queues, events, .. } = &self.steps[at];
        let thread = step.task.map_or(LOOP, |task| self.thread(task));
        let kind = step.kind.name();
        if thread == LOOP && !self.belongs_to_a_call(at) {
            self.slice(LOOP, kind, at, self.end_of_call(at));
        }
        if let StepKind::Wake { task, queued: true }
        | StepKind::Spawn { task }
        | StepKind::Interrupted { task } = step.kind
        {
            self.arrow(kind, at, thread, task);
        }
        let (drawn, number, time) = (self.drawn[at], step.number, quoted(&seconds(step.time)));
        let what = quoted(&narrate::sentence(self.steps, at));
        let args = format!(r#""step": {number}, "time": {time}, "what": {what}"#);
        self.events.instant(thread, drawn, ("step", kind), &args);
        for line in printed {
            self.events.instant(thread, drawn, ("print", line), "");
        }
        for queue in queues.iter() {
            let before = at.checked_sub(1).and_then(|before| self.steps[before].queue(queue.queue));
            let items = queue.items.len();
            if before.map(|before| before.items.len()) != Some(items) {
                let name = format!("queue {}", queue.queue);
                self.events.counter(drawn, &name, &[("items", items)]);
            }
        }
        for event in events.iter() {
            let before = at.checked_sub(1).and_then(|before| self.steps[before].event(event.event));
            let counted = |event: &EventView| (usize::from(event.is_set), event.waiters.len());
            let (set, waiting) = counted(event);
            if before.map(counted) != Some((set, waiting)) {
                let name = format!("event {}", event.event);
                self.events.counter(drawn, &name, &[("set", set), ("waiting", waiting)]);
            }
        }
    }

    /// An arrow from this step, where there is a slice, to the next turn of a task, if it has one.
    fn arrow(&mut self, kind: &str, at: usize, thread: usize, task: TaskId) {
        let in_a_turn = |track: usize| {
            self.tracks[track].at(at).is_some_and(|span| span.doing == Doing::Running)
        };
        let target = self.thread(task);
        if target == LOOP || (thread != LOOP && !in_a_turn(thread - 1)) {
            return;
        }
        if let Some(turn) = self.tracks[target - 1].next_turn(at) {
            let (from, to) = ((thread, self.drawn[at]), (target, self.drawn[turn]));
            self.events.arrow(kind, self.steps[at].step.number, from, to);
        }
    }

    /// Whether the loop takes this step as a part of the step before: a call's wakes are parts of the call.
    fn belongs_to_a_call(&self, at: usize) -> bool {
        let step = &self.steps[at].step;
        let effect = matches!(
            step.kind,
            StepKind::Wake { .. } | StepKind::Interrupted { .. } | StepKind::CancelRequested { .. }
        );
        at > 0 && step.task.is_none() && effect && self.steps[at - 1].step.task.is_none()
    }

    /// Where a slice of the loop ends: behind all steps that belong to it.
    fn end_of_call(&self, at: usize) -> usize {
        let next = at + 1..self.steps.len();
        at + 1 + next.take_while(|&next| self.belongs_to_a_call(next)).count()
    }

    fn slice(&mut self, thread: usize, name: &str, from: usize, to: usize) {
        let (start, end) = (self.drawn[from], self.drawn[to]);
        self.events.slice(Stretch { thread, start, end }, name);
    }

    fn thread(&self, task: TaskId) -> usize {
        self.tracks.iter().position(|track| track.id == task).map_or(LOOP, |track| track + 1)
    }
}

fn in_a_word(doing: Doing) -> &'static str {
    match doing {
        Doing::Running => "turn",
        Doing::Ready => "ready",
        Doing::Sleeping => "sleep",
        Doing::Getting => "get",
        Doing::Putting => "put",
        Doing::Joining => "join",
        Doing::Awaiting => "await",
        Doing::Event => "event",
        Doing::Other => "wait",
    }
}
