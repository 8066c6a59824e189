//! The table of tasks: a row for each, from `spawn` until nobody can ask for it any more.
//!
//! A row says everything there is to know about a task: its state, what it waits for, who waits for
//! it. That one column "waits" serves three: cancellation (what to interrupt), reports (who
//! waits for what) and the debugger. asyncio's counterparts are the attributes of `Task`: `_state`,
//! `_fut_waiter`, `_callbacks`, `_must_cancel`.
//!
//! ```text
//!                  wake, or cancelled while it waits
//!            ┌───────────────────────────────────────────┐
//!            ▼                                           │
//!   spawn ─▶ queued ───────▶ running ─────────────────▶ idle
//!            ▲    its turn     │ │      pending
//!            └─────────────────┘ │
//!         pending, and woken     │
//!            while it ran        ▼ ready, panicked, or dropped because it was cancelled
//!                               done ───▶ the row is freed when the last handle is gone
//! ```

use std::collections::HashMap;
use std::ops::{Index, IndexMut};

use crate::body::{Body, End};
use crate::inbox;
use crate::list::Chain;
use crate::trace::Watch;
use crate::waits::Wait;
use crate::waker::TaskId;

/// One task.
pub(crate) struct Row {
    /// Who has this row now, or will have it next.
    pub(crate) id: TaskId,
    /// `None` while the task runs, and in rows that are free.
    pub(crate) body: Option<Body>,
    /// What it waits for: `Nothing` as long as no waiter says so.
    pub(crate) waits: Wait,
    /// Who awaits its end: a line through `Tables::waiters`.
    pub(crate) joiners: Chain,
    /// How many `JoinHandle`s there are. At its highest value it stays there, and so does the row.
    pub(crate) handles: u16,
    pub(crate) activity: Activity,
    flags: u8,
}

/// What a task does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It stands in the ready queue.
    Queued,
    /// It has its turn.
    Running,
    /// It waits: between two polls.
    Idle,
    /// It has ended like this.
    Done(End),
}

/// It was woken while it runs. Never set but while it runs.
pub(crate) const WOKEN: u8 = 1;
/// Its cancellation was requested: its future is dropped at its next turn. Never cleared.
pub(crate) const CANCELLED: u8 = 2;
/// What it waits for is cancelled: nobody wakes it any more. Never set while it runs or was woken before.
pub(crate) const INTERRUPTED: u8 = 4;
/// Somebody has seen its outcome. Never set before it is done.
pub(crate) const RETRIEVED: u8 = 8;

impl Row {
    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(crate) fn set(&mut self, flag: u8) {
        self.flags |= flag;
    }

    pub(crate) fn clear(&mut self, flag: u8) {
        self.flags &= !flag;
    }

    pub(crate) fn is_alive(&self) -> bool {
        !matches!(self.activity, Activity::Done(_))
    }

    /// A waiter for this task lies somewhere.
    pub(crate) fn begins_to_wait(&mut self, wait: Wait) {
        self.waits = match self.waits {
            Wait::Nothing => wait,
            Wait::Several(waiters) => Wait::Several(waiters + 1),
            _ => Wait::Several(2),
        };
    }

    /// One of its waiters is gone. Which of several is left nobody knows, until they all are gone.
    pub(crate) fn waits_no_longer(&mut self) {
        self.waits = match self.waits {
            Wait::Several(waiters) if waiters > 1 => Wait::Several(waiters - 1),
            Wait::Nothing => unreachable!("a waiter is gone that was not there"),
            _ => Wait::Nothing,
        };
    }
}

/// All tasks of one run.
#[derive(Default)]
pub(crate) struct Tasks {
    /// The first who has a row.
    first: TaskId,
    rows: Vec<Row>,
    free: Vec<u32>,
    /// Few tasks have names, so they do not stand in the rows.
    names: HashMap<TaskId, Box<str>>,
    /// As long as `rows` while steps are counted, else empty.
    watches: Vec<Watch>,
}

impl Tasks {
    pub(crate) fn new(run: u32) -> Tasks {
        // Numbers of executors come back. So that a ticket that was kept all the while finds nothing, the
        // generations begin elsewhere then (the factor is odd, so each time elsewhere).
        let same_number_before = run / u32::from(u16::MAX);
        let generation = same_number_before.wrapping_mul(0x9_e375) % TaskId::GENERATIONS;
        Tasks { first: TaskId::new(inbox::number(run), generation, 0), ..Tasks::default() }
    }

    /// A row for a new task, which is in the ready queue from the beginning.
    pub(crate) fn add(&mut self, body: Body, name: Option<Box<str>>) -> TaskId {
        let slot = self.free.pop().unwrap_or_else(|| self.grow());
        let row = &mut self.rows[slot as usize];
        row.body = Some(body);
        row.handles = 1;
        row.activity = Activity::Queued;
        row.flags = 0;
        let id = row.id;
        if let Some(name) = name {
            self.names.insert(id, name);
        }
        id
    }

    fn grow(&mut self) -> u32 {
        let slot = self.rows.len() as u32;
        assert!(slot < TaskId::SLOTS, "an executor has room for {} tasks", TaskId::SLOTS);
        self.rows.push(Row {
            id: self.first.with_slot(slot),
            body: None,
            waits: Wait::Nothing,
            joiners: Chain::default(),
            handles: 0,
            activity: Activity::Done(End::Ok),
            flags: 0,
        });
        slot
    }

    /// Frees the row of a task that is done and that nobody has a handle of. Gives back its body,
    /// whose content is to be dropped when no table is borrowed.
    #[inline]
    pub(crate) fn remove(&mut self, slot: u32) -> Option<Body> {
        let row = &mut self.rows[slot as usize];
        if !self.names.is_empty() {
            self.names.remove(&row.id);
        }
        // After the last generation nobody gets this row any more: a ticket never names two tasks.
        match row.id.next_generation() {
            Some(next) => {
                row.id = next;
                self.free.push(slot);
            }
            None => row.id = TaskId::default(),
        }
        row.waits = Wait::Nothing;
        row.body.take()
    }

    /// The row of a task, unless it is another executor's, or has been freed: then another one has it, or
    /// will have it.
    #[inline]
    pub(crate) fn find(&mut self, task: TaskId) -> Option<&mut Row> {
        self.rows.get_mut(task.slot() as usize).filter(|row| row.id == task)
    }

    #[inline]
    pub(crate) fn get(&self, task: TaskId) -> Option<&Row> {
        self.rows.get(task.slot() as usize).filter(|row| row.id == task)
    }

    pub(crate) fn is_alive(&self, task: TaskId) -> bool {
        self.get(task).is_some_and(Row::is_alive)
    }

    /// Who a task is, in words: its name, or `task 3`.
    pub(crate) fn name(&self, task: TaskId) -> String {
        self.names.get(&task).map_or_else(|| format!("task {task}"), |name| name.to_string())
    }

    /// What is known of a task while steps are counted.
    pub(crate) fn watch(&mut self, task: TaskId) -> &mut Watch {
        self.watches.resize(self.rows.len(), Watch::default());
        &mut self.watches[task.slot() as usize]
    }

    /// All rows, those that are free included.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl Index<u32> for Tasks {
    type Output = Row;

    fn index(&self, slot: u32) -> &Row {
        &self.rows[slot as usize]
    }
}

impl IndexMut<u32> for Tasks {
    fn index_mut(&mut self, slot: u32) -> &mut Row {
        &mut self.rows[slot as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// There may be millions of rows. The benchmarks say what a waiting task takes in memory; most of it is this.
    #[test]
    fn a_row_is_small() {
        assert_eq!(size_of::<Row>(), 48);
    }
}
