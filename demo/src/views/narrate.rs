//! The narrator: one sentence for each step.
//!
//! A sentence says what the executor did, and no more than it knows: who did it is the task whose turn it
//! was, or the loop itself. Some sentences need the state before the step too: *which* item was taken, *whose*
//! timer it was that is gone now. So they are made from two neighbours of a recorded run.
//!
//! ```text
//! narrate.rs           which sentence it is
//! narrate/tasks.rs     of tasks: spawned, polled, woken, cancelled, ended
//! narrate/timers.rs    of timers, and of the loop that waits for them
//! narrate/queues.rs    of queues
//! ```

mod events;
mod queues;
mod tasks;
mod timers;

use executor::{StepKind, TaskId};

use super::recorder::Recorded;
use super::words;

/// The sentence for the step at this index. Looks at that step and the one before, at no others.
pub fn sentence(steps: &[Recorded], at: usize) -> String {
    let now = &steps[at];
    let before = at.checked_sub(1).map(|before| &steps[before]);
    Narrator { steps, at, now, before }.sentence()
}

struct Narrator<'a> {
    steps: &'a [Recorded],
    at: usize,
    now: &'a Recorded,
    before: Option<&'a Recorded>,
}

/// What everything does that becomes ready.
const TO_THE_TAIL: &str = "goes to the tail of the ready queue";

impl Narrator<'_> {
    fn sentence(&self) -> String {
        match self.now.step.kind {
            StepKind::Spawn { task } => self.spawn(task),
            StepKind::Poll { task } => self.poll(task),
            StepKind::Pending { task } => self.pending(task),
            StepKind::Ready { task } => self.ready(task),
            StepKind::Dropped { task } => self.dropped(task),
            StepKind::Complete { task, end } => self.complete(task, end),
            StepKind::Wake { task, queued } => self.wake(task, queued),
            StepKind::CancelRequested { task } => self.cancel(task),
            StepKind::Interrupted { task } => self.interrupted(task),
            StepKind::CallTimer { timer } => self.call_timer(timer),
            StepKind::CallChild { child, .. } => self.call_child(child),
            StepKind::CallStop => self.call_stop(),
            StepKind::Arm { timer, deadline, position } => self.arm(timer, deadline, position),
            StepKind::Cascade { level, slot } => self.cascade(level, slot),
            StepKind::Fire { timer } => self.fire(timer),
            StepKind::Disarm { timer } => self.disarm(timer),
            StepKind::Park { until } => self.park(until),
            StepKind::WaitForEvent { event } => self.wait_for_event(event),
            StepKind::SetEvent { event } => self.set_event(event),
            StepKind::ClearEvent { event } => self.clear_event(event),
            StepKind::Queue { queue, what } => self.queue(queue, what),
        }
    }

    /// Who did it.
    fn who(&self) -> String {
        self.now.step.task.map_or("The loop".to_string(), |task| self.name(task))
    }

    fn name(&self, task: TaskId) -> String {
        words::name(self.steps, self.at, task)
    }

    /// What happened one step before.
    fn kind_before(&self) -> Option<StepKind> {
        self.before.map(|before| before.step.kind)
    }
}
