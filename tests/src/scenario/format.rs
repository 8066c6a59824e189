//! What a scenario is: a small concurrent program, as data.
//!
//! The types of this file say what FORMAT.md's table says; `parse` makes them from JSON and
//! `interpret` runs them. Python's oracle has no counterpart: `tests/oracle/interp.py` walks the JSON
//! itself, and so finds a mistake only when it gets there. Here a [`Program`] is right from the
//! start: every number in it names something that exists.

use std::fmt;

/// Number of a task, written `t3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskNo(pub usize);

impl TaskNo {
    pub const MAIN: TaskNo = TaskNo(0);
}

/// Number of a queue, written `q0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueNo(pub usize);

/// Number of an event, written `e0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventNo(pub usize);

/// Tasks, the queues and events they share.
///
/// Invariant: every [`TaskNo`], [`QueueNo`] and [`EventNo`] in `tasks` is in range, each task is
/// spawned by one op at most and main by none, and a task awaits only tasks numbered above it:
/// so there are no await cycles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Free text, one line; files may leave it out.
    pub name: Option<String>,
    /// `maxsize` of each queue; 0 is unbounded.
    pub queues: Vec<usize>,
    /// How many events there are, all clear.
    pub events: usize,
    /// What each task does, main first.
    pub tasks: Vec<Vec<Op>>,
}

/// One thing a task does. Durations are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    Sleep(u64),
    Yield,
    Work(u64),
    Log(u64),
    Fail(u64),
    Spawn(TaskNo),
    Join(TaskNo),
    Cancel(TaskNo),
    State(TaskNo),
    Gather(Vec<TaskNo>),
    GatherAll(Vec<TaskNo>),
    Timeout(u64, Vec<Op>),
    Put(QueueNo, u64),
    Get(QueueNo),
    TryPut(QueueNo, u64),
    TryGet(QueueNo),
    TaskDone(QueueNo),
    QJoin(QueueNo),
    QSize(QueueNo),
    Shutdown(QueueNo, bool),
    Set(EventNo),
    Clear(EventNo),
    Wait(EventNo),
    IsSet(EventNo),
}

/// The op as the trace has it: name and numbers. The outcome comes behind it, and isn't the op's.
impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Sleep(ms) => write!(f, "sleep {ms}"),
            Op::Yield => write!(f, "yield"),
            Op::Work(ms) => write!(f, "work {ms}"),
            Op::Log(n) => write!(f, "log {n}"),
            Op::Fail(n) => write!(f, "fail {n}"),
            Op::Spawn(t) => write!(f, "spawn {t}"),
            Op::Join(t) => write!(f, "join {t}"),
            Op::Cancel(t) => write!(f, "cancel {t}"),
            Op::State(t) => write!(f, "state {t}"),
            Op::Gather(ts) => write!(f, "gather {}", Comma(ts)),
            Op::GatherAll(ts) => write!(f, "gather_all {}", Comma(ts)),
            Op::Timeout(ms, _) => write!(f, "timeout {ms}"),
            Op::Put(q, v) => write!(f, "put {q} {v}"),
            Op::Get(q) => write!(f, "get {q}"),
            Op::TryPut(q, v) => write!(f, "try_put {q} {v}"),
            Op::TryGet(q) => write!(f, "try_get {q}"),
            Op::TaskDone(q) => write!(f, "task_done {q}"),
            Op::QJoin(q) => write!(f, "qjoin {q}"),
            Op::QSize(q) => write!(f, "qsize {q}"),
            Op::Shutdown(q, immediate) => write!(f, "shutdown {q} {}", u8::from(*immediate)),
            Op::Set(e) => write!(f, "set {e}"),
            Op::Clear(e) => write!(f, "clear {e}"),
            Op::Wait(e) => write!(f, "wait {e}"),
            Op::IsSet(e) => write!(f, "is_set {e}"),
        }
    }
}

/// A list without blanks, and `-` for the empty one: `t1,t2`.
pub struct Comma<'a, D>(pub &'a [D]);

impl<D: fmt::Display> fmt::Display for Comma<'_, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.0.split_first() else {
            return write!(f, "-");
        };
        write!(f, "{first}")?;
        rest.iter().try_for_each(|item| write!(f, ",{item}"))
    }
}

impl fmt::Display for TaskNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t{}", self.0)
    }
}

impl fmt::Display for QueueNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "q{}", self.0)
    }
}

impl fmt::Display for EventNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "e{}", self.0)
    }
}
