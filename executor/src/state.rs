//! The state of a run, as observers and reports see it: everything that there is, in plain values.

use std::panic::Location;

use crate::body::End;
use crate::clock::Instant;
use crate::executor::Core;
use crate::ready::{Call, Ready};
use crate::task::{CANCELLED, QUEUED, State as TaskState};
use crate::timer::Alarm;
use crate::waits::{Line, Wait};
use crate::waker::{TaskId, current};
use crate::wheel::TimerId;

/// The state of a run, right after a step.
pub struct State<'a>(pub(crate) &'a Core);

/// One task.
#[derive(Clone, Debug)]
pub struct TaskView {
    /// Its number.
    pub id: TaskId,
    /// Its name, or `task` and its number.
    pub name: String,
    /// What it does.
    pub activity: Activity,
    /// What it waits for, if it is idle.
    pub waits: Waits,
    /// Its end was asked for.
    pub cancelled: bool,
    /// How often it was polled.
    pub polls: u32,
    /// How often it was woken.
    pub wakes: u32,
    /// The line that spawned it.
    pub spawned_at: Option<&'static Location<'static>>,
    /// The line at which it waits, or waited last.
    pub awaits_at: Option<&'static Location<'static>>,
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It stands in the ready queue.
    Queued,
    /// It has its turn.
    Running,
    /// It waits.
    Idle,
    /// It has ended like this.
    Done(End),
}

/// What a task waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nothing that the executor knows of.
    Nothing,
    /// A timer.
    Timer(u32, Instant),
    /// Its turn in a waiting line, and the number of whose line it is.
    Line(Line, u32),
    /// The end of a task.
    Task(TaskId),
    /// The ends of the tasks of a gather: of those that have not ended.
    Gather(Vec<TaskId>),
    /// More than one thing.
    Several,
}

/// An entry of the ready queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadyView {
    /// A task is to be polled.
    Poll(TaskId),
    /// A timer is to wake whom it belongs to.
    Timer(u32),
    /// A gather is to hear that this task has ended.
    Child(TaskId),
    /// The run is to end.
    Stop,
}

/// One timer.
#[derive(Clone, Debug)]
pub struct TimerView {
    /// Its number.
    pub timer: u32,
    /// When it is due.
    pub deadline: Instant,
    /// Its level and slot in the wheel. `None` if it is due, or overdue.
    pub position: Option<(usize, usize)>,
    /// The task that it will wake, if it is one of ours.
    pub task: Option<TaskId>,
}

/// One queue, as it has published itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueView {
    /// Its number.
    pub queue: u32,
    /// Its items in words, the next one first.
    pub items: Vec<String>,
    /// The most items it holds; 0 is no limit.
    pub maxsize: usize,
    /// Items that were put and are not done.
    pub unfinished: usize,
    /// Whether it is shut down.
    pub closed: bool,
    /// Who waits for an item, first to last.
    pub getters: Vec<TaskId>,
    /// Who waits for room.
    pub putters: Vec<TaskId>,
    /// Who waits for all items to be done.
    pub joiners: Vec<TaskId>,
}

impl State<'_> {
    /// All tasks that have not been forgotten, in the order of the table.
    pub fn tasks(&self) -> Vec<TaskView> {
        let slots: Vec<u32> = self.0.tasks.borrow().all().collect();
        slots.into_iter().map(|slot| self.0.task_view(slot)).collect()
    }

    /// The ready queue: what still has its turn in this pass, then what has it in the next.
    pub fn ready(&self) -> Vec<ReadyView> {
        let ready = self.0.ready.borrow();
        ready.iter().map(|&entry| self.0.ready_view(entry)).collect()
    }

    /// How many entries of the ready queue have their turn in the pass that is running.
    pub fn left_in_pass(&self) -> usize {
        self.0.ready.borrow().left()
    }

    /// All timers, those included that are due and wait for their call.
    pub fn timers(&self) -> Vec<TimerView> {
        let timers = self.0.timers.borrow();
        let armed =
            timers.iter().filter(|(_, alarm)| matches!(alarm, Alarm::Wake(_) | Alarm::Expire(..)));
        let view = |(id, alarm): (TimerId, &Alarm)| TimerView {
            timer: id.0,
            deadline: Instant::from_nanos(timers.deadline(id)),
            position: timers.position(id),
            task: alarm.task(),
        };
        armed.map(view).collect()
    }

    /// The wheel's own time: the deadline that came up last.
    pub fn wheel_time(&self) -> Instant {
        Instant::from_nanos(self.0.timers.borrow().now())
    }

    /// All queues that have published themselves, by their numbers.
    pub fn queues(&self) -> Vec<QueueView> {
        self.0.queues.borrow().values().cloned().collect()
    }
}

/// The queue crate shows a queue to whoever observes the run.
pub fn publish(view: QueueView) {
    if let Some(core) = current() {
        core.queues.borrow_mut().insert(view.queue, view);
    }
}

impl Core {
    fn task_view(&self, slot: u32) -> TaskView {
        let id = self.id(slot);
        let (row_state, queued, cancelled, wait) = {
            let row = &self.tasks.borrow()[slot];
            (row.state, row.has(QUEUED), row.has(CANCELLED), row.waits)
        };
        let activity = match row_state {
            TaskState::Running => Activity::Running,
            TaskState::Done(end) => Activity::Done(end),
            _ if queued => Activity::Queued,
            _ => Activity::Idle,
        };
        let waits = if activity == Activity::Idle { self.waits_view(wait) } else { Waits::Nothing };
        let watch = *self.tasks.borrow_mut().watch(slot);
        let name = self.tasks.borrow().name(id);
        TaskView {
            id,
            name,
            activity,
            waits,
            cancelled,
            polls: watch.polls,
            wakes: watch.wakes,
            spawned_at: watch.spawned_at,
            awaits_at: watch.awaits_at,
        }
    }

    fn waits_view(&self, wait: Wait) -> Waits {
        match wait {
            Wait::Nothing => Waits::Nothing,
            Wait::Timer(timer) => {
                let deadline = self.timers.borrow().deadline(TimerId(timer));
                Waits::Timer(timer, Instant::from_nanos(deadline))
            }
            Wait::Line(line, number) => Waits::Line(line, number),
            Wait::Task(slot) => Waits::Task(self.id(slot)),
            Wait::Gather(gather) => {
                let children = self.gathers.borrow()[gather].children.clone();
                let alive = children.into_iter().filter(|&child| self.is_alive(child));
                Waits::Gather(alive.collect())
            }
            Wait::Several => Waits::Several,
        }
    }

    fn ready_view(&self, entry: Ready) -> ReadyView {
        match entry {
            Ready::Poll(slot) => ReadyView::Poll(self.id(slot)),
            Ready::Call(Call::Timer(timer)) => ReadyView::Timer(timer.0),
            Ready::Call(Call::Child(joiner)) => ReadyView::Child(self.child_of(joiner).2),
            Ready::Call(Call::Stop) => ReadyView::Stop,
        }
    }

    /// Who waits for what: the report on a program that can't go on.
    pub(crate) fn report(&self) -> String {
        let mut report = String::from(
            "nothing can ever happen again: no task is ready, no timer is armed, \
             and on a virtual clock nobody else can wake a task",
        );
        for task in State(self).tasks().iter().filter(|task| task.activity == Activity::Idle) {
            report += &format!("\n  {} waits for {}", task.name, self.in_words(&task.waits));
        }
        report
    }

    fn in_words(&self, waits: &Waits) -> String {
        let name = |&task: &TaskId| self.tasks.borrow().name(task);
        match waits {
            Waits::Nothing => "something outside this executor".to_string(),
            Waits::Timer(_, deadline) => format!("its timer, at {deadline:?}"),
            Waits::Line(Line::Event, _) => "an event to be set".to_string(),
            Waits::Line(Line::Get, queue) => format!("an item of queue {queue}"),
            Waits::Line(Line::Put, queue) => format!("room in queue {queue}"),
            Waits::Line(Line::Join, queue) => format!("the items of queue {queue} to be done"),
            Waits::Task(task) => format!("the end of {}", name(task)),
            Waits::Gather(tasks) => {
                format!("the ends of {}", tasks.iter().map(name).collect::<Vec<_>>().join(", "))
            }
            Waits::Several => "several things at once".to_string(),
        }
    }
}
