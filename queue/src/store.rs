//! Which item is next: the one thing in which the three kinds of queues differ.
//! asyncio's subclasses override `_put` and `_get`.

use std::collections::VecDeque;

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
