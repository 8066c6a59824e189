//! Rows in a table, linked by index: the shape behind every waiting line of the executor.
//!
//! A slot of the timer wheel, the waiters of an event and the joiners of a task are all the same
//! thing: a line that one joins at the tail, leaves at the head, and may leave from the middle
//! (when what waits is cancelled). asyncio uses a `deque` there and searches it; a doubly linked
//! list needs no search, and links that are *numbers of rows* need no `unsafe`, no reference
//! counts and no allocation for each entry.
//!
//! ```text
//!   Chain { first: 4, last: 2 }        rows   0      1      2      3      4
//!                                           ┌──────┬──────┬──────┬──────┬──────┐
//!        4 ⇄ 0 ⇄ 2                          │  B   │ free │  C   │ free │  A   │
//!        A   B   C                          └──────┴──────┴──────┴──────┴──────┘
//! ```

use std::ops::{Index, IndexMut};

use slab::Slab;

/// "No row": the end of a chain. No table grows that far: its rows take more than one byte each.
const NONE: u32 = u32::MAX;

/// One line of rows, by the numbers of its first and its last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Chain {
    first: u32,
    last: u32,
}

impl Chain {
    pub(crate) fn first(self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.first == NONE
    }
}

impl Default for Chain {
    fn default() -> Chain {
        Chain { first: NONE, last: NONE }
    }
}

/// A table of rows. A row keeps its number until it is removed; then the number is given out again.
#[derive(Debug)]
pub(crate) struct Rows<T>(Slab<Row<T>>);

#[derive(Debug)]
struct Row<T> {
    value: T,
    prev: u32,
    next: u32,
}

impl<T> Rows<T> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Stores `value` in a row that stands in no chain yet.
    pub(crate) fn insert(&mut self, value: T) -> u32 {
        self.0.insert(Row { value, prev: NONE, next: NONE }) as u32
    }

    /// Takes the value out of a row that stands in no chain any more.
    pub(crate) fn remove(&mut self, row: u32) -> T {
        self.0.remove(row as usize).value
    }

    /// Puts a row behind the last of `chain`.
    pub(crate) fn push_back(&mut self, chain: &mut Chain, row: u32) {
        self.0[row as usize].prev = chain.last;
        match chain.last {
            NONE => chain.first = row,
            last => self.0[last as usize].next = row,
        }
        chain.last = row;
    }

    /// Takes the first row out of `chain`; the row itself stays.
    pub(crate) fn pop_front(&mut self, chain: &mut Chain) -> Option<u32> {
        let first = chain.first()?;
        self.unlink(chain, first);
        Some(first)
    }

    /// Takes a row out of `chain`, wherever it stands in it; the row itself stays. If it was taken out
    /// before, nothing happens.
    pub(crate) fn unlink(&mut self, chain: &mut Chain, row: u32) {
        let Row { prev, next, .. } = &mut self.0[row as usize];
        if *prev == NONE && chain.first != row {
            return;
        }
        let (prev, next) = (std::mem::replace(prev, NONE), std::mem::replace(next, NONE));
        match prev {
            NONE => chain.first = next,
            prev => self.0[prev as usize].next = next,
        }
        match next {
            NONE => chain.last = prev,
            next => self.0[next as usize].prev = prev,
        }
    }

    /// All rows, by their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.0.iter().map(|(row, Row { value, .. })| (row as u32, value))
    }

    /// The rows of `chain`, first to last.
    pub(crate) fn chained(&self, chain: Chain) -> impl Iterator<Item = (u32, &T)> {
        let row =
            |row: u32| self.0.get(row as usize).map(|Row { value, next, .. }| (row, value, *next));
        std::iter::successors(row(chain.first), move |&(_, _, next)| row(next))
            .map(|(row, value, _)| (row, value))
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Rows<T> {
        Rows(Slab::new())
    }
}

impl<T> Index<u32> for Rows<T> {
    type Output = T;

    fn index(&self, row: u32) -> &T {
        &self.0[row as usize].value
    }
}

impl<T> IndexMut<u32> for Rows<T> {
    fn index_mut(&mut self, row: u32) -> &mut T {
        &mut self.0[row as usize].value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_leaves_its_chain_from_the_middle_and_its_number_is_used_again() {
        let (mut rows, mut chain) = (Rows::default(), Chain::default());
        let numbers = ['a', 'b', 'c'].map(|c| rows.insert(c));
        for row in numbers {
            rows.push_back(&mut chain, row);
        }
        rows.unlink(&mut chain, numbers[1]);
        assert_eq!(rows.remove(numbers[1]), 'b');
        assert_eq!(rows.insert('d'), numbers[1]);
        rows.push_back(&mut chain, numbers[1]);
        assert_eq!(rows.chained(chain).map(|(_, c)| *c).collect::<String>(), "acd");
        assert_eq!(rows.pop_front(&mut chain), Some(numbers[0]));
        assert_eq!(rows.len(), 3, "a row out of its chain is still a row");
    }
}
