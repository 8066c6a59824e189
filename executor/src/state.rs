//! The state of a run, as observers and reports see it: everything that there is, in plain values.
//! asyncio: `all_tasks`, and `python -m asyncio pstree`.

use std::panic::Location;

use crate::clock::Instant;
use crate::executor::{Core, Tables};
use crate::ready::{Call, Ready};
use crate::task::{Activity, CANCELLED, Row};
use crate::timer::Alarm;
use crate::trace::Watch;
use crate::waits::{LineKind, Wait};
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

/// What a task waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nothing that the executor knows of.
    Nothing,
    /// A timer.
    Timer(u32, Instant),
    /// Its turn in a waiting line, and the number of whose line it is.
    Line(LineKind, u32),
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
        let mut tables = self.0.tables.borrow_mut();
        let slots = 0..tables.tasks.rows().len() as u32;
        slots.filter_map(|slot| tables.task_view(slot)).collect()
    }

    /// The ready queue: what still has its turn in this pass, then what has it in the next.
    pub fn ready(&self) -> Vec<ReadyView> {
        let tables = self.0.tables.borrow();
        tables.ready.iter().map(|&entry| tables.ready_view(entry)).collect()
    }

    /// How many entries of the ready queue have their turn in the pass that is running.
    pub fn left_in_pass(&self) -> usize {
        self.0.tables.borrow().ready.left()
    }

    /// All timers, those included that are due and wait for their call.
    pub fn timers(&self) -> Vec<TimerView> {
        let timers = &self.0.tables.borrow().timers;
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
        Instant::from_nanos(self.0.tables.borrow().timers.now())
    }

    /// All queues that have published themselves, by their numbers.
    pub fn queues(&self) -> Vec<QueueView> {
        self.0.tables.borrow().queues.values().cloned().collect()
    }
}

/// The queue crate shows a queue to whoever observes the run.
#[cold]
pub fn publish(view: impl FnOnce() -> QueueView) {
    if let Some(core) = current().filter(|core| core.observer.is_some())
        && let Some(view) = core.guard(view)
    {
        core.tables.borrow_mut().queues.insert(view.queue, view);
    }
}

impl Tables {
    fn task_view(&mut self, slot: u32) -> Option<TaskView> {
        let &Row { id, activity, waits, ref body, .. } = &self.tasks[slot];
        if body.is_none() && activity != Activity::Running {
            return None;
        }
        let cancelled = self.tasks[slot].has(CANCELLED);
        let waits = match activity {
            Activity::Idle => self.waits_view(waits),
            _ => Waits::Nothing,
        };
        let name = self.tasks.name(id);
        let Watch { polls, wakes, spawned_at, awaits_at } = *self.tasks.watch(id);
        Some(TaskView { id, name, activity, waits, cancelled, polls, wakes, spawned_at, awaits_at })
    }

    fn waits_view(&self, wait: Wait) -> Waits {
        match wait {
            Wait::Nothing => Waits::Nothing,
            Wait::Timer(timer) => {
                let deadline = self.timers.deadline(TimerId(timer));
                Waits::Timer(timer, Instant::from_nanos(deadline))
            }
            Wait::Line(line, number) => Waits::Line(line, number),
            Wait::Task(slot) => Waits::Task(self.tasks[slot].id),
            Wait::Gather(gather) => {
                let children = self.gathers[gather].children.iter().copied();
                Waits::Gather(children.filter(|&child| self.tasks.is_alive(child)).collect())
            }
            Wait::Several(_) => Waits::Several,
        }
    }

    fn ready_view(&self, entry: Ready) -> ReadyView {
        match entry {
            Ready::Poll(slot) => ReadyView::Poll(self.tasks[slot].id),
            Ready::Call(Call::Timer(timer)) => ReadyView::Timer(timer.0),
            Ready::Call(Call::Child(row)) => {
                let (gather, index) = self.child(row);
                ReadyView::Child(self.gathers[gather].children[index as usize])
            }
            Ready::Call(Call::Stop) => ReadyView::Stop,
        }
    }
}

impl Core {
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
        let name = |&task: &TaskId| self.tables.borrow().tasks.name(task);
        match waits {
            Waits::Nothing => "something outside this executor".to_string(),
            Waits::Timer(_, deadline) => format!("its timer, at {deadline:?}"),
            Waits::Line(LineKind::Event, event) => format!("event {event} to be set"),
            Waits::Line(LineKind::Get, queue) => format!("an item of queue {queue}"),
            Waits::Line(LineKind::Put, queue) => format!("room in queue {queue}"),
            Waits::Line(LineKind::Join, queue) => format!("the items of queue {queue} to be done"),
            Waits::Task(task) => format!("the end of {}", name(task)),
            Waits::Gather(tasks) => {
                format!("the ends of {}", tasks.iter().map(name).collect::<Vec<_>>().join(", "))
            }
            Waits::Several => "several things at once".to_string(),
        }
    }
}
