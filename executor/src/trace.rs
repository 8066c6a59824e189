//! Steps: everything that happens in a run, numbered.
//!
//! On the virtual clock a run is the same to the last byte each time, so "step 41" names one moment of
//! it: in the terminal, in the book, on the player's page and in a debugger. Every place in the
//! executor where something happens says so by [`Core::note`]. In a release build nobody listens
//! unless there is an observer, and a note is one comparison, or not even that: see [`OBSERVED`]. In a
//! debug build steps are always counted, so that a debugger can go to one.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::body::End;
use crate::clock::Instant;
use crate::error::quietly;
use crate::executor::Core;
use crate::state::State;
use crate::waker::{TaskId, current};

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// From 1.
    pub number: u64,
    /// The time on the executor's clock.
    pub time: Instant,
    /// The pass that was running, from 1.
    pub pass: u64,
    /// The task whose turn it was: who did it. `None` if the loop did, or a call.
    pub task: Option<TaskId>,
    /// What happened.
    pub kind: StepKind,
    /// The line of the user's code because of which it happened, as far as it is known.
    pub user: Option<&'static Location<'static>>,
    /// The line of the executor that did it.
    pub executor: &'static Location<'static>,
}

/// What can happen.
#[allow(missing_docs, reason = "the fields are what their names say: numbers and times")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A task was made; it stands at the tail of the ready queue.
    Spawn { task: TaskId },
    /// A task's turn begins: its future is about to be polled.
    Poll { task: TaskId },
    /// The future returned `Pending`.
    Pending { task: TaskId },
    /// The future returned `Ready`.
    Ready { task: TaskId },
    /// A cancelled task's turn: its future was dropped.
    Dropped { task: TaskId },
    /// A task has ended; who awaits it is about to be told.
    Complete { task: TaskId, end: End },
    /// A task was woken: it was put at the tail of the ready queue, or stood there already.
    Wake { task: TaskId, queued: bool },
    /// The turn of a timer's call.
    CallTimer { timer: u32 },
    /// The turn of a gather's call: one of its children has ended.
    CallChild { gather: u32, child: TaskId },
    /// The turn of the call that ends the run.
    CallStop,
    /// A timer was armed; it waits in this level and slot, or is overdue.
    Arm { timer: u32, deadline: Instant, position: Option<(usize, usize)> },
    /// The timers of one slot moved to lower levels.
    Cascade { level: usize, slot: usize },
    /// A timer is due: its call stands at the tail of the ready queue.
    Fire { timer: u32 },
    /// A timer was disarmed.
    Disarm { timer: u32 },
    /// Nothing is ready: the loop sleeps until then, or until another thread wakes a task.
    Park { until: Option<Instant> },
    /// Somebody asked for the end of a task.
    CancelRequested { task: TaskId },
    /// What a task waits for was cancelled; the task is ready.
    Interrupted { task: TaskId },
    /// A task waits for the event with this number, which is not set.
    WaitForEvent { event: u32 },
    /// The event was set.
    SetEvent { event: u32 },
    /// The event was cleared.
    ClearEvent { event: u32 },
    /// Something happened to the queue with this number.
    Queue { queue: u32, what: QueueStep },
}

/// What can happen to a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueStep {
    /// An item was put.
    Put,
    /// An item was taken.
    Get,
    /// A `put` found no room, and waits.
    Full,
    /// A `get` found no item, and waits.
    Empty,
    /// An item is done.
    TaskDone,
    /// A `join` found items that are not done, and waits.
    Join,
    /// It was shut down.
    Shutdown,
}

impl StepKind {
    /// The kind in one word, as `--trace=poll,wake` selects it.
    pub fn name(&self) -> &'static str {
        match self {
            StepKind::Spawn { .. } => "spawn",
            StepKind::Poll { .. } => "poll",
            StepKind::Pending { .. } => "pending",
            StepKind::Ready { .. } => "ready",
            StepKind::Dropped { .. } => "dropped",
            StepKind::Complete { .. } => "complete",
            StepKind::Wake { .. } => "wake",
            StepKind::CallTimer { .. } | StepKind::CallChild { .. } | StepKind::CallStop => "call",
            StepKind::Arm { .. } => "arm",
            StepKind::Cascade { .. } => "cascade",
            StepKind::Fire { .. } => "fire",
            StepKind::Disarm { .. } => "disarm",
            StepKind::Park { .. } => "park",
            StepKind::CancelRequested { .. } => "cancel",
            StepKind::Interrupted { .. } => "interrupt",
            StepKind::WaitForEvent { .. } => "wait",
            StepKind::SetEvent { .. } => "set",
            StepKind::ClearEvent { .. } => "clear",
            StepKind::Queue { what, .. } => match what {
                QueueStep::Put => "put",
                QueueStep::Get => "get",
                QueueStep::Full => "full",
                QueueStep::Empty => "empty",
                QueueStep::TaskDone => "task_done",
                QueueStep::Join => "join",
                QueueStep::Shutdown => "shutdown",
            },
        }
    }
}

/// Is told every step of a run: see [`Executor::observed_by`](crate::Executor::observed_by).
pub trait Observer {
    /// A step has been taken; `state` is how things are now. An observer only looks: what it does to the
    /// executor (wakes, spawns) takes effect, but makes no steps. If it panics, the run ends with that panic,
    /// after the pass.
    fn step(&mut self, step: &Step, state: &State<'_>);
}

pub(crate) type SharedObserver = Rc<RefCell<dyn Observer>>;

/// `--cfg without_notes` takes the notes out: for the benchmark that shows what they cost.
const NOTES: bool = !cfg!(without_notes);

/// Whether an executor of this process has an observer, or had one. Never set in a program that never calls
/// `observed_by`; and when the linker sees the whole program (`lto = "fat"`), it sees that as well.
static OBSERVED: AtomicBool = AtomicBool::new(cfg!(debug_assertions));

/// Whether there may be any use in a note: this is the one comparison that it costs. In a debug build it always
/// is `true`.
#[inline]
pub fn takes_notes() -> bool {
    NOTES && OBSERVED.load(Ordering::Relaxed)
}

/// From now on there may be.
pub(crate) fn take_notes() {
    OBSERVED.store(true, Ordering::Relaxed);
}

/// The queue crate says what happened to a queue, and at which line of the user's code.
#[cold]
#[inline(never)]
#[track_caller]
pub fn report(queue: u32, what: QueueStep, user: &'static Location<'static>) {
    note(user, StepKind::Queue { queue, what });
}

/// Something happens outside the loop, because of this line of the user's code.
#[inline]
#[track_caller]
pub(crate) fn note(user: &'static Location<'static>, kind: StepKind) {
    if takes_notes()
        && let Some(core) = current()
    {
        core.at(user);
        core.note(kind);
    }
}

/// A number for a new queue: those of a run are numbered from 0. Outside a run it is 0.
pub fn next_queue() -> u32 {
    current().map_or(0, |core| core.queues.replace(core.queues.get().wrapping_add(1)))
}

/// What is known of a task only while steps are counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watch {
    pub(crate) polls: u32,
    pub(crate) wakes: u32,
    pub(crate) spawned_at: Option<&'static Location<'static>>,
    pub(crate) awaits_at: Option<&'static Location<'static>>,
}

impl Core {
    #[inline]
    pub(crate) fn at(&self, user: &'static Location<'static>) {
        if takes_notes() {
            self.user.set(Some(user));
        }
    }

    /// Says that something has happened.
    #[inline]
    #[track_caller]
    pub(crate) fn note(&self, kind: StepKind) {
        if self.counts_steps() {
            self.step(kind, Location::caller());
        }
    }

    /// Whether steps are counted here. It may be another executor that is observed.
    #[inline]
    fn counts_steps(&self) -> bool {
        takes_notes() && (cfg!(debug_assertions) || self.observer.is_some())
    }

    /// Counts a step. A debugger stops here to go to one.
    #[cold]
    #[inline(never)]
    fn step(&self, kind: StepKind, executor: &'static Location<'static>) {
        self.steps.set(self.steps.get().wrapping_add(1));
        self.watch(kind);
        let Some(observer) = &self.observer else { return };
        // It is borrowed if it is what the observer does that makes the step.
        if let Ok(mut observer) = observer.try_borrow_mut() {
            let step = Step {
                number: self.steps.get(),
                time: self.clock.now(),
                pass: self.pass.get(),
                task: self.current.get(),
                kind,
                user: self.user.get(),
                executor,
            };
            self.guard(|| observer.step(&step, &State(self)));
        }
    }

    /// Calls code of an observer. It is called in the midst of something, so a panic waits in `thrown` until
    /// the loop has come to an end of its pass.
    pub(crate) fn guard<T>(&self, look: impl FnOnce() -> T) -> Option<T> {
        let result = catch_unwind(AssertUnwindSafe(look));
        result.map_err(|payload| quietly(|| drop(self.thrown.replace(Some(payload))))).ok()
    }

    /// Goes on with an observer's panic, if there is one.
    pub(crate) fn rethrow(&self) {
        if takes_notes()
            && let Some(payload) = self.thrown.take()
        {
            resume_unwind(payload);
        }
    }

    /// A task goes on where it waited, or begins where it was spawned.
    pub(crate) fn at_its_line(&self, task: TaskId) {
        if self.counts_steps() {
            let watch = *self.tables.borrow_mut().tasks.watch(task);
            self.user.set(watch.awaits_at.or(watch.spawned_at));
        }
    }

    /// Keeps the counts, and the lines, of the task that a step is about.
    fn watch(&self, kind: StepKind) {
        let user = self.user.get();
        let mut tables = self.tables.borrow_mut();
        match kind {
            StepKind::Spawn { task } => {
                *tables.tasks.watch(task) = Watch { spawned_at: user, ..Watch::default() };
            }
            StepKind::Poll { task } => {
                let watch = tables.tasks.watch(task);
                watch.polls = watch.polls.saturating_add(1);
                self.user.set(watch.awaits_at.or(watch.spawned_at));
            }
            StepKind::Pending { task } => tables.tasks.watch(task).awaits_at = user,
            StepKind::Wake { task, .. } => {
                let watch = tables.tasks.watch(task);
                watch.wakes = watch.wakes.saturating_add(1);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Executor};

    struct Last(u64);

    impl Observer for Last {
        fn step(&mut self, step: &Step, _: &State<'_>) {
            self.0 = step.number;
        }
    }

    /// In a debug build a debugger counts on it; in a release build it would take time. That somebody else is
    /// observed, or was, makes no difference.
    #[test]
    fn without_an_observer_steps_are_counted_in_debug_builds_only() {
        let last = Rc::new(RefCell::new(Last(0)));
        let executor = Executor::new(Clock::virtual_time());
        let observed = executor.clone().observed_by(last.clone());
        let without = if cfg!(debug_assertions) { 8 } else { 0 };
        for (executor, steps) in [(observed, 8), (executor, without)] {
            let counted = executor.run(async {
                crate::yield_now().await;
                crate::yield_now().await;
                current().map(|core| core.steps.get())
            });
            assert_eq!(counted, Some(steps));
        }
        // main is ready, and complete, and the run ends.
        assert_eq!(last.borrow().0, 11);
    }
}
