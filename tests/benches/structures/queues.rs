//! The three structures behind one trait. Each gives entries of equal deadline in the order in which
//! they were inserted, for the schedule needs that.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};

use executor::{TimerId, TimerWheel, Turn};

pub trait TimerQueue {
    const NAME: &'static str;
    type Id;

    fn new() -> Self;
    fn insert(&mut self, deadline: u64) -> Self::Id;
    fn cancel(&mut self, id: Self::Id);
    /// Takes out the earliest entry: its deadline.
    fn pop(&mut self) -> Option<u64>;
}

pub struct Wheel(TimerWheel<()>);

impl TimerQueue for Wheel {
    const NAME: &'static str = "TimerWheel";
    type Id = TimerId;

    fn new() -> Wheel {
        Wheel(TimerWheel::new())
    }

    fn insert(&mut self, deadline: u64) -> TimerId {
        self.0.arm(deadline, ())
    }

    fn cancel(&mut self, id: TimerId) {
        self.0.cancel(id);
    }

    fn pop(&mut self) -> Option<u64> {
        loop {
            match self.0.turn(u64::MAX)? {
                Turn::Cascaded { .. } => {}
                Turn::Due(id) => {
                    let deadline = self.0.deadline(id);
                    self.0.cancel(id);
                    return Some(deadline);
                }
            }
        }
    }
}

/// Deadline, and the number of the insertion.
type Key = (u64, u64);

/// As asyncio does it: what is cancelled stays in the heap until it comes to the top, or until more
/// than half of the heap is cancelled.
pub struct Heap {
    heap: BinaryHeap<Reverse<Key>>,
    cancelled: HashSet<u64>,
    insertions: u64,
}

impl TimerQueue for Heap {
    const NAME: &'static str = "BinaryHeap";
    type Id = u64;

    fn new() -> Heap {
        Heap { heap: BinaryHeap::new(), cancelled: HashSet::new(), insertions: 0 }
    }

    fn insert(&mut self, deadline: u64) -> u64 {
        self.insertions += 1;
        self.heap.push(Reverse((deadline, self.insertions)));
        self.insertions
    }

    fn cancel(&mut self, number: u64) {
        self.cancelled.insert(number);
        if self.cancelled.len() > 100 && self.cancelled.len() > self.heap.len() / 2 {
            self.heap.retain(|Reverse((_, number))| !self.cancelled.contains(number));
            self.cancelled.clear();
        }
    }

    fn pop(&mut self) -> Option<u64> {
        loop {
            let Reverse((deadline, number)) = self.heap.pop()?;
            if self.cancelled.is_empty() || !self.cancelled.remove(&number) {
                return Some(deadline);
            }
        }
    }
}

pub struct Tree {
    entries: BTreeMap<Key, ()>,
    insertions: u64,
}

impl TimerQueue for Tree {
    const NAME: &'static str = "BTreeMap";
    type Id = Key;

    fn new() -> Tree {
        Tree { entries: BTreeMap::new(), insertions: 0 }
    }

    fn insert(&mut self, deadline: u64) -> Key {
        self.insertions += 1;
        self.entries.insert((deadline, self.insertions), ());
        (deadline, self.insertions)
    }

    fn cancel(&mut self, key: Key) {
        self.entries.remove(&key);
    }

    fn pop(&mut self) -> Option<u64> {
        let ((deadline, _), ()) = self.entries.pop_first()?;
        Some(deadline)
    }
}
