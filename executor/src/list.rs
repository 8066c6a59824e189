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
pub(crate) struct Rows<T> {
    rows: Vec<Row<T>>,
    /// The free row that was freed last. Each leads to the one before it by its `next`.
    free: u32,
    len: usize,
}

#[derive(Debug)]
struct Row<T> {
    /// `None` in a free row.
    value: Option<T>,
    prev: u32,
    next: u32,
}

impl<T> Rows<T> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The row that will be used next.
    pub(crate) fn next(&self) -> u32 {
        if self.free == NONE { self.rows.len() as u32 } else { self.free }
    }

    /// Stores `value` in a row that stands in no chain yet.
    #[inline]
    pub(crate) fn insert(&mut self, value: T) -> u32 {
        let row = self.next();
        if self.free == NONE {
            self.grow();
        }
        let free = &mut self.rows[row as usize];
        self.free = std::mem::replace(&mut free.next, NONE);
        free.value = Some(value);
        self.len += 1;
        row
    }

    /// One more free row.
    #[cold]
    fn grow(&mut self) {
        self.rows.push(Row { value: None, prev: NONE, next: NONE });
    }

    /// Takes the value out of a row that stands in no chain any more.
    #[inline]
    pub(crate) fn remove(&mut self, row: u32) -> T {
        let Row { value, next, .. } = &mut self.rows[row as usize];
        let value = value.take().expect(FREE);
        *next = std::mem::replace(&mut self.free, row);
        self.len -= 1;
        value
    }

    /// Puts a row behind the last of `chain`.
    #[inline]
    pub(crate) fn push_back(&mut self, chain: &mut Chain, row: u32) {
        self.rows[row as usize].prev = chain.last;
        match chain.last {
            NONE => chain.first = row,
            last => self.rows[last as usize].next = row,
        }
        chain.last = row;
    }

    /// Takes the first row out of `chain`; the row itself stays.
    #[inline]
    pub(crate) fn pop_front(&mut self, chain: &mut Chain) -> Option<u32> {
        let first = chain.first()?;
        self.unlink(chain, first);
        Some(first)
    }

    /// Takes a row out of `chain`, wherever it stands in it; the row itself stays. If it was taken out
    /// before, nothing happens.
    #[inline]
    pub(crate) fn unlink(&mut self, chain: &mut Chain, row: u32) {
        let Row { prev, next, .. } = &mut self.rows[row as usize];
        if *prev == NONE && chain.first != row {
            return;
        }
        let (prev, next) = (std::mem::replace(prev, NONE), std::mem::replace(next, NONE));
        match prev {
            NONE => chain.first = next,
            prev => self.rows[prev as usize].next = next,
        }
        match next {
            NONE => chain.last = prev,
            next => self.rows[next as usize].prev = prev,
        }
    }

    /// All rows, by their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(&self.rows).filter_map(|(row, Row { value, .. })| Some((row, value.as_ref()?)))
    }

    /// The rows of `chain`, first to last.
    pub(crate) fn chained(&self, chain: Chain) -> impl Iterator<Item = (u32, &T)> {
        let next = |&row: &u32| Some(self.rows[row as usize].next).filter(|&next| next != NONE);
        std::iter::successors(chain.first(), next).map(|row| (row, &self[row]))
    }
}

const FREE: &str = "a row is used by whoever has put something into it, until he takes it out";

impl<T> Default for Rows<T> {
    fn default() -> Rows<T> {
        Rows { rows: Vec::new(), free: NONE, len: 0 }
    }
}

impl<T> Index<u32> for Rows<T> {
    type Output = T;

    #[inline]
    fn index(&self, row: u32) -> &T {
        self.rows[row as usize].value.as_ref().expect(FREE)
    }
}

impl<T> IndexMut<u32> for Rows<T> {
    #[inline]
    fn index_mut(&mut self, row: u32) -> &mut T {
        self.rows[row as usize].value.as_mut().expect(FREE)
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
