//! The timer wheel: what is due, and when is the next one?
//!
//! asyncio keeps its timers in a heap (`_scheduled`): every insertion and removal costs log n steps,
//! and a cancelled timer stays in the heap until it comes to the top. Most timers never fire (a
//! timeout is a bet that it will not be needed), so arming and cancelling are what should be cheap.
//! Here both are a few instructions, however many timers there are (Varghese and Lauck, 1987).
//!
//! The idea is that of a milometer. Write a deadline, a u64 of nanoseconds, in base 64: eleven
//! digits. Look at the highest digit in which it differs from the wheel's own time, the *cursor*.
//! Which digit that is gives the *level*, its value the *slot*:
//!
//! ```text
//!   cursor     0 0 0 0 0 12  7 33  0  5 60
//!   deadline   0 0 0 0 0 12  7 41 22  0  1      differs first in digit 3 (from the right: 0, 1, 2, 3)
//!                              └──────────      so it waits in level 3, slot 41; the rest comes later
//! ```
//!
//! When the cursor reaches that slot, its entries *cascade*: they are sorted in again, into lower
//! levels, by their next digit. In level 0 a slot holds one exact nanosecond. Where an entry
//! waits depends on nothing but cursor and deadline, so entries of equal deadline are always in one
//! slot, in the order in which they were armed, and cascades keep that order.
//!
//! This is a data structure only: it knows no clock and no task.

use std::collections::BTreeMap;

use crate::list::{Chain, Rows};

/// 11 digits of 6 bits hold the 64 bits of a deadline (the eleventh has four of them).
const LEVELS: usize = 11;
const DIGIT: u32 = 6;
const SLOTS: usize = 1 << DIGIT;

/// Timers by deadline: a hierarchical wheel with a tick of one nanosecond.
///
/// `T` is whatever should be found again when the timer is due. asyncio's counterpart is
/// `loop._scheduled`, a heap of `TimerHandle`s.
///
/// ```
/// use executor::{NextDeadline, TimerWheel, Turn};
///
/// let mut wheel = TimerWheel::new();
/// let tea = wheel.arm(180_000_000_000, "tea");
/// let egg = wheel.arm(300_000_000_000, "egg");
/// assert_eq!(wheel.next_deadline(), Some(NextDeadline::At(180_000_000_000)));
/// assert_eq!(wheel.cancel(egg), "egg");
///
/// // Three minutes later: cascades first, then the timer itself.
/// let fired = loop {
///     match wheel.turn(180_000_000_000) {
///         Some(Turn::Cascaded { .. }) => continue,
///         Some(Turn::Due(timer)) => break timer,
///         None => unreachable!(),
///     }
/// };
/// assert_eq!(fired, tea);
/// ```
#[doc(alias("_scheduled", "heapq"))]
pub struct TimerWheel<T> {
    entries: Rows<Entry<T>>,
    levels: Box<[Level; LEVELS]>,
    /// Which levels hold anything: bit n is level n.
    occupied: u16,
    /// The wheel's own time: the deadline that came up last. No slot holds anything earlier.
    cursor: u64,
    /// Deadlines that were past when they were armed: they fit no slot, and are due at once.
    overdue: BTreeMap<u64, Chain>,
}

struct Entry<T> {
    deadline: u64,
    /// It has come up, and stands in no slot any more. Never set before `turn` or `due_now` says so.
    due: bool,
    value: T,
}

#[derive(Clone, Copy)]
struct Level {
    /// Which slots hold anything: bit n is slot n.
    occupied: u64,
    /// Slots whose earliest entry was cancelled: `earliest` is too early there. Means nothing while a slot
    /// is empty.
    stale: u64,
    slots: [Slot; SLOTS],
}

#[derive(Clone, Copy)]
struct Slot {
    line: Chain,
    /// No entry of this slot has an earlier deadline. Means nothing while the slot is empty.
    earliest: u64,
}

/// Names a timer of one wheel, from [`TimerWheel::arm`] until [`TimerWheel::cancel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimerId(pub(crate) u32);

/// When to turn the wheel again: see [`TimerWheel::next_deadline`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextDeadline {
    /// A timer is due exactly then.
    At(u64),
    /// Nothing is due earlier. The timer that was has been cancelled, so look again then.
    NotBefore(u64),
}

impl NextDeadline {
    /// The time, exact or not.
    pub fn time(self) -> u64 {
        match self {
            NextDeadline::At(time) | NextDeadline::NotBefore(time) => time,
        }
    }
}

/// One thing that happened in the wheel: see [`TimerWheel::turn`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The entries of one slot went to lower levels.
    Cascaded {
        /// The level they came from, 1 to 10.
        level: usize,
        /// The slot of that level, 0 to 63.
        slot: usize,
    },
    /// This timer's deadline has come.
    Due(TimerId),
}

impl<T> TimerWheel<T> {
    /// An empty wheel, whose time is 0.
    pub fn new() -> TimerWheel<T> {
        let slot = Slot { line: Chain::default(), earliest: 0 };
        let level = Level { occupied: 0, stale: 0, slots: [slot; SLOTS] };
        TimerWheel {
            entries: Rows::default(),
            levels: Box::new([level; LEVELS]),
            occupied: 0,
            cursor: 0,
            overdue: BTreeMap::new(),
        }
    }

    /// How many timers there are, those that are due and not yet cancelled included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no timer at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a timer. Deadlines may be in the past (they are due at the next [`turn`](Self::turn),
    /// in order) and anywhere in the range of u64. Takes the same time however many there are.
    #[doc(alias = "call_at")]
    pub fn arm(&mut self, deadline: u64, value: T) -> TimerId {
        let id = self.entries.insert(Entry { deadline, due: false, value });
        if deadline < self.cursor {
            let line = self.overdue.entry(deadline).or_default();
            self.entries.push_back(line, id);
        } else {
            self.place(id, deadline);
        }
        TimerId(id)
    }

    /// Adds a timer that is due already, and that no `turn` will report.
    pub(crate) fn due_now(&mut self, value: T) -> TimerId {
        TimerId(self.entries.insert(Entry { deadline: self.cursor, due: true, value }))
    }

    /// The timer that [`arm`](Self::arm) will make next.
    pub(crate) fn next_id(&self) -> TimerId {
        TimerId(self.entries.next())
    }

    /// Takes a timer out, whether it is due or not. Takes the same time however many there are.
    ///
    /// # Panics
    /// If the timer was taken out before.
    #[inline]
    pub fn cancel(&mut self, TimerId(id): TimerId) -> T {
        let Entry { deadline, due, .. } = self.entries[id];
        if !due {
            self.unlink(id, deadline);
        }
        self.entries.remove(id).value
    }

    /// When to [`turn`](Self::turn) the wheel next, or `None` if nothing waits in it.
    pub fn next_deadline(&self) -> Option<NextDeadline> {
        if let Some(&deadline) = self.overdue.keys().next() {
            return Some(NextDeadline::At(deadline));
        }
        let (level, slot) = self.first_slot()?;
        let Level { stale, slots, .. } = &self.levels[level];
        let earliest = slots[slot].earliest;
        match stale & 1 << slot {
            0 => Some(NextDeadline::At(earliest)),
            _ => Some(NextDeadline::NotBefore(earliest)),
        }
    }

    /// Moves the wheel's time towards `now` by one step, and says what happened: a cascade, or a
    /// timer that is due. Call it until it says `None`. Timers come up in the order of their
    /// deadlines, equal deadlines in the order of arming; never one that is later than `now`.
    pub fn turn(&mut self, now: u64) -> Option<Turn> {
        if let Some(mut first) = self.overdue.first_entry().filter(|first| *first.key() <= now) {
            let id = self.entries.pop_front(first.get_mut()).expect("no empty line is kept");
            if first.get().is_empty() {
                first.remove();
            }
            return Some(self.due(id));
        }
        let Some((level, slot)) = self.first_slot() else {
            self.cursor = self.cursor.max(now);
            return None;
        };
        let earliest = self.levels[level].slots[slot].earliest;
        if earliest > now {
            return None;
        }
        self.cursor = earliest;
        if level == 0 {
            let id = self.levels[0].slots[slot].line.first().expect("an occupied slot");
            self.unlink(id, earliest);
            Some(self.due(id))
        } else {
            self.cascade(level, slot);
            Some(Turn::Cascaded { level, slot })
        }
    }

    /// Where a timer waits now: its level and slot; `None` if it is due, or was overdue when armed.
    pub fn position(&self, TimerId(id): TimerId) -> Option<(usize, usize)> {
        let Entry { deadline, due, .. } = self.entries[id];
        (!due && deadline >= self.cursor).then(|| position(self.cursor, deadline))
    }

    /// Whether a timer's turn has come: it stands in no slot any more.
    pub fn is_due(&self, TimerId(id): TimerId) -> bool {
        self.entries[id].due
    }

    /// The wheel's own time.
    pub(crate) fn now(&self) -> u64 {
        self.cursor
    }

    /// All timers, by their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TimerId, &T)> {
        self.entries.iter().map(|(id, entry)| (TimerId(id), &entry.value))
    }

    /// When a timer is, or was, due.
    pub fn deadline(&self, TimerId(id): TimerId) -> u64 {
        self.entries[id].deadline
    }

    /// Sorts an entry into the level and slot of its deadline.
    fn place(&mut self, id: u32, deadline: u64) {
        let (level, slot) = position(self.cursor, deadline);
        let bit = 1 << slot;
        self.occupied |= 1 << level;
        let Level { occupied, stale, slots } = &mut self.levels[level];
        let Slot { line, earliest } = &mut slots[slot];
        if line.is_empty() || deadline <= *earliest {
            *earliest = deadline;
            *stale &= !bit;
        }
        *occupied |= bit;
        self.entries.push_back(line, id);
    }

    /// Takes an entry that is not due out of its line.
    fn unlink(&mut self, id: u32, deadline: u64) {
        if deadline < self.cursor {
            let line = self.overdue.get_mut(&deadline).expect("the line of an overdue timer");
            self.entries.unlink(line, id);
            if line.is_empty() {
                self.overdue.remove(&deadline);
            }
            return;
        }
        let (level, slot) = position(self.cursor, deadline);
        let Slot { line, earliest } = &mut self.levels[level].slots[slot];
        self.entries.unlink(line, id);
        if line.is_empty() {
            self.vacate(level, slot);
        } else if level > 0 && deadline == *earliest {
            self.levels[level].stale |= 1 << slot;
        }
    }

    /// The cursor has come into the range of this slot: its entries go to lower levels.
    fn cascade(&mut self, level: usize, slot: usize) {
        let mut line = self.levels[level].slots[slot].line;
        self.levels[level].slots[slot].line = Chain::default();
        self.vacate(level, slot);
        while let Some(id) = self.entries.pop_front(&mut line) {
            self.place(id, self.entries[id].deadline);
        }
    }

    /// Notes that a slot is empty now.
    fn vacate(&mut self, level: usize, slot: usize) {
        let occupied = &mut self.levels[level].occupied;
        *occupied &= !(1 << slot);
        if *occupied == 0 {
            self.occupied &= !(1 << level);
        }
    }

    /// The slot in which the next deadline lies: the first one of the lowest level that holds any.
    /// All that waits in a level comes before all that waits in a higher one.
    fn first_slot(&self) -> Option<(usize, usize)> {
        let level = (self.occupied != 0).then(|| self.occupied.trailing_zeros() as usize)?;
        Some((level, self.levels[level].occupied.trailing_zeros() as usize))
    }

    fn due(&mut self, id: u32) -> Turn {
        self.entries[id].due = true;
        Turn::Due(TimerId(id))
    }
}

/// The highest digit in which `deadline` differs from `cursor`: which one it is, and its value.
fn position(cursor: u64, deadline: u64) -> (usize, usize) {
    let differs = cursor ^ deadline;
    let level = (differs | 1).ilog2() / DIGIT;
    let slot = deadline >> (level * DIGIT) & (SLOTS as u64 - 1);
    (level as usize, slot as usize)
}

impl<T> Default for TimerWheel<T> {
    fn default() -> TimerWheel<T> {
        TimerWheel::new()
    }
}

impl<T> std::ops::Index<TimerId> for TimerWheel<T> {
    type Output = T;

    fn index(&self, TimerId(id): TimerId) -> &T {
        &self.entries[id].value
    }
}

impl<T> std::ops::IndexMut<TimerId> for TimerWheel<T> {
    fn index_mut(&mut self, TimerId(id): TimerId) -> &mut T {
        &mut self.entries[id].value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_and_slot_are_the_highest_digit_that_differs() {
        assert_eq!(position(0, 63), (0, 63));
        assert_eq!(position(0, 64), (1, 1));
        assert_eq!(position(63, 64), (1, 1), "only a nanosecond, but the second digit changes");
        assert_eq!(position(64, 65), (0, 1));
        assert_eq!(position(0, u64::MAX), (10, 15), "four bits are left for the eleventh digit");
        assert_eq!(position(u64::MAX, u64::MAX), (0, 63), "now");
    }

    #[test]
    fn a_lone_timer_cascades_once_from_wherever_it_waits() {
        let mut wheel = TimerWheel::new();
        let timer = wheel.arm(1 << 40, ());
        assert_eq!(wheel.position(timer), Some((6, 16)));
        assert_eq!(wheel.turn(u64::MAX), Some(Turn::Cascaded { level: 6, slot: 16 }));
        assert_eq!(wheel.position(timer), Some((0, 0)), "the cursor went straight to its deadline");
        assert_eq!(wheel.turn(u64::MAX), Some(Turn::Due(timer)));
        assert_eq!(wheel.turn(u64::MAX), None);
    }

    #[test]
    fn overdue_timers_come_first_and_in_their_order() {
        let mut wheel = TimerWheel::new();
        assert_eq!(wheel.turn(100), None, "an empty wheel goes with the time");
        let [now, b, a, c] = [100, 50, 40, 50].map(|deadline| wheel.arm(deadline, ()));
        assert_eq!((wheel.position(a), wheel.position(now)), (None, Some((0, 36))));
        let order = std::iter::from_fn(|| wheel.turn(100));
        assert!(order.eq([a, b, c, now].map(Turn::Due)));
    }
}
