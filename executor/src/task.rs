//! The table of tasks: a row for each, from `spawn` until nobody can ask for it any more.
//!
//! A row says everything there is to know about a task: its state, what it waits for, who waits for
//! it. That one column "waits" serves three: cancellation (what to interrupt), reports (who
//! waits for what) and the debugger. asyncio's counterparts are the attributes of `Task`: `_state`,
//! `_fut_waiter`, `_callbacks`, `_must_cancel`.
//!
//! ```text
//!                    wake, or cancelled while it waits
//!             ┌───────────────────────────────────────────┐
//!             ▼                                           │
//!          queued ───────▶ running ────────────────────▶ idle
//!   spawn ─▶  ▲    its turn    │  pending
//!             │                │
//!             └────────────────┤ woken while it runs: queued already when it is pending
//!                              │
//!                              ▼ ready, panicked, or dropped because it was cancelled
//!                            done ───▶ the row is freed: when the last handle is gone
//! ```

use std::collections::HashMap;

use crate::body::{Body, End};
use crate::inbox;
use crate::list::Chain;
use crate::trace::Watch;
use crate::waits::Wait;
use crate::waker::TaskId;

/// One task.
#[derive(Default)]
pub(crate) struct Row {
    /// `None` while the task runs, and in rows that are free.
    pub(crate) body: Option<Body>,
    pub(crate) waits: Wait,
    /// Who awaits this task: rows of `Core::joiners`.
    pub(crate) joiners: Chain,
    /// How many tasks had this row before.
    pub(crate) generation: u32,
    /// How many `JoinHandle`s there are. At its highest value it stays there, and so does the row.
    pub(crate) handles: u16,
    pub(crate) state: State,
    flags: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// Between two polls, or before the first.
    Idle,
    /// In its poll, right now.
    Running,
    Done(End),
    /// No task has this row.
    #[default]
    Free,
}

/// The entry of this task is in the ready queue. May be set while it runs; never cleared but by popping it.
pub(crate) const QUEUED: u8 = 1;
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
        matches!(self.state, State::Idle | State::Running)
    }
}

/// All tasks of one run.
#[derive(Default)]
pub(crate) struct Tasks {
    /// Whose tasks these are: handles and wakers of another executor's tasks find nothing here.
    executor: u16,
    first_generation: u32,
    rows: Vec<Row>,
    free: Vec<u32>,
    /// Few tasks have names, so they do not stand in the rows.
    names: HashMap<u32, Box<str>>,
    /// As long as `rows` while steps are counted, else empty.
    watches: Vec<Watch>,
}

impl Tasks {
    pub(crate) fn new(run: u32) -> Tasks {
        // Numbers of executors come back. So that a ticket that was kept all the while finds nothing, the
        // generations begin elsewhere then (the factor is odd, so each time elsewhere).
        let same_number_before = run / u32::from(u16::MAX);
        let first_generation = same_number_before.wrapping_mul(0x9_e375) % TaskId::GENERATIONS;
        Tasks { executor: inbox::number(run), first_generation, ..Tasks::default() }
    }

    /// A row for a new task, which is in the ready queue from the beginning: its slot and generation.
    pub(crate) fn add(&mut self, body: Body, name: Option<Box<str>>) -> (u32, u32) {
        let slot = self.free.pop().unwrap_or_else(|| self.grow());
        let row = &mut self.rows[slot as usize];
        row.body = Some(body);
        row.handles = 1;
        row.state = State::Idle;
        row.flags = QUEUED;
        let generation = row.generation;
        if let Some(name) = name {
            self.names.insert(slot, name);
        }
        (slot, generation)
    }

    fn grow(&mut self) -> u32 {
        let slot = self.rows.len() as u32;
        assert!(slot < TaskId::SLOTS, "an executor has room for {} tasks", TaskId::SLOTS);
        self.rows.push(Row { generation: self.first_generation, ..Row::default() });
        slot
    }

    /// Frees the row of a task that is done and that nobody has a handle of. Gives back its body,
    /// whose content is to be dropped when no table is borrowed.
    pub(crate) fn remove(&mut self, slot: u32) -> Option<Body> {
        let row = &mut self.rows[slot as usize];
        row.state = State::Free;
        let body = row.body.take();
        // After the last generation nobody gets this row any more: a ticket never names two tasks.
        row.generation += 1;
        if row.generation < TaskId::GENERATIONS {
            self.free.push(slot);
        }
        if !self.names.is_empty() {
            self.names.remove(&slot);
        }
        body
    }

    /// The row of a task, unless it is another executor's, or has been freed: then another generation has it, or will have it.
    #[inline]
    pub(crate) fn find(&mut self, ticket: TaskId) -> Option<&mut Row> {
        let row = self.rows.get_mut(ticket.slot() as usize)?;
        let same = row.generation == ticket.generation() && self.executor == ticket.executor();
        same.then_some(row)
    }

    /// The row with this number, if the table is that long.
    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Row> {
        self.rows.get_mut(slot as usize)
    }

    /// Who a task is, in words: its name, or `task 3`.
    pub(crate) fn name(&self, task: TaskId) -> String {
        match self.names.get(&task.slot()) {
            Some(name) if self[task.slot()].generation == task.generation() => name.to_string(),
            _ => format!("task {task}"),
        }
    }

    /// What is known of a task while steps are counted.
    pub(crate) fn watch(&mut self, slot: u32) -> &mut Watch {
        self.watches.resize(self.rows.len(), Watch::default());
        &mut self.watches[slot as usize]
    }

    /// The slots of all tasks whose rows have not been freed, in the order of the table.
    pub(crate) fn all(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.rows).filter(|(_, row)| row.state != State::Free).map(|(slot, _)| slot)
    }

    /// The slots of all tasks that have not come to their end, in the order of the table.
    pub(crate) fn alive(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.rows).filter(|(_, row)| row.is_alive()).map(|(slot, _)| slot)
    }
}

impl std::ops::Index<u32> for Tasks {
    type Output = Row;

    fn index(&self, slot: u32) -> &Row {
        &self.rows[slot as usize]
    }
}

impl std::ops::IndexMut<u32> for Tasks {
    fn index_mut(&mut self, slot: u32) -> &mut Row {
        &mut self.rows[slot as usize]
    }
}
