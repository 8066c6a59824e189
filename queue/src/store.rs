//! Which item is next: the one thing in which the three kinds of queues differ.
//! asyncio's subclasses override `_put` and `_get`.

use std::collections::{BTreeSet, VecDeque};

/// A collection that knows which of its items comes next.
pub trait Store: Default {
    /// What it holds.
    type Item;

    /// Adds an item.
    #[doc(alias = "_put")]
    fn push(&mut self, item: Self::Item);

    /// Takes the next item out.
    #[doc(alias = "_get")]
    fn pop(&mut self) -> Option<Self::Item>;

    /// How many items it holds.
    fn len(&self) -> usize;

    /// Its items, the next one first.
    fn in_order(&self) -> Vec<&Self::Item>;

    /// Whether it holds none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T> Store for VecDeque<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.push_back(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.pop_front()
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn in_order(&self) -> Vec<&T> {
        self.iter().collect()
    }
}

impl<T> Store for Vec<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.push(item);
    }

    fn pop(&mut self) -> Option<T> {
        self.pop()
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn in_order(&self) -> Vec<&T> {
        self.iter().rev().collect()
    }
}

/// The smallest item first, and of equal ones the first that was put. asyncio has a heap there (`heapq`). This
/// is a tree, because it compares before anything moves: an `Ord` that panics loses no item of the queue.
pub struct Sorted<T> {
    items: BTreeSet<(T, u64)>,
    /// How many were put so far.
    put: u64,
}

impl<T> Default for Sorted<T> {
    fn default() -> Sorted<T> {
        Sorted { items: BTreeSet::new(), put: 0 }
    }
}

impl<T: Ord> Store for Sorted<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        self.put += 1;
        self.items.insert((item, self.put));
    }

    fn pop(&mut self) -> Option<T> {
        self.items.pop_first().map(|(item, _)| item)
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn in_order(&self) -> Vec<&T> {
        self.items.iter().map(|(item, _)| item).collect()
    }
}
