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

/// "No row": the end of a chain. No table grows that far: its rows take more than one byte each.
const NONE: u32 = u32::MAX;

/// One line of rows, by the numbers of its first and its last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Chain {
    first: u32,
    last: u32,
}

impl Chain {
    pub(crate) const EMPTY: Chain = Chain { first: NONE, last: NONE };

    #[inline]
    pub(crate) fn first(self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.first == NONE
    }
}

impl Default for Chain {
    fn default() -> Chain {
        Chain::EMPTY
    }
}

/// A table of rows. A row keeps its number until it is removed; then the number is given out again.
#[derive(Debug)]
pub(crate) struct Arena<T> {
    rows: Vec<Row<T>>,
    free: u32,
    len: usize,
}

#[derive(Debug)]
enum Row<T> {
    Used { value: T, links: Links },
    Free { next: u32 },
}

#[derive(Clone, Copy, Debug)]
struct Links {
    prev: u32,
    next: u32,
}

impl Links {
    const NONE: Links = Links { prev: NONE, next: NONE };
}

impl<T> Arena<T> {
    pub(crate) const fn new() -> Arena<T> {
        Arena { rows: Vec::new(), free: NONE, len: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Stores `value` in a row that stands in no chain yet.
    pub(crate) fn insert(&mut self, value: T) -> u32 {
        let row = Row::Used { value, links: Links::NONE };
        self.len += 1;
        let index = self.free;
        match self.rows.get_mut(index as usize) {
            Some(free) => {
                let Row::Free { next } = *free else { unreachable!("row {index} is in use") };
                self.free = next;
                *free = row;
                index
            }
            None => {
                let index = u32::try_from(self.rows.len()).expect("fewer than 2^32 rows");
                self.rows.push(row);
                index
            }
        }
    }

    /// Takes the value out of a row that stands in no chain any more.
    pub(crate) fn remove(&mut self, index: u32) -> T {
        let free = Row::Free { next: self.free };
        let Row::Used { value, .. } = std::mem::replace(&mut self.rows[index as usize], free)
        else {
            panic!("row {index} was removed before")
        };
        self.free = index;
        self.len -= 1;
        value
    }

    /// Puts a row behind the last of `chain`.
    pub(crate) fn push_back(&mut self, chain: &mut Chain, index: u32) {
        *self.links(index) = Links { prev: chain.last, next: NONE };
        match chain.last {
            NONE => chain.first = index,
            last => self.links(last).next = index,
        }
        chain.last = index;
    }

    /// Takes the first row out of `chain`; the row itself stays.
    pub(crate) fn pop_front(&mut self, chain: &mut Chain) -> Option<u32> {
        let first = chain.first()?;
        self.unlink(chain, first);
        Some(first)
    }

    /// Takes a row out of `chain`, wherever it stands in it; the row itself stays.
    pub(crate) fn unlink(&mut self, chain: &mut Chain, index: u32) {
        let Links { prev, next } = std::mem::replace(self.links(index), Links::NONE);
        match prev {
            NONE => chain.first = next,
            prev => self.links(prev).next = next,
        }
        match next {
            NONE => chain.last = prev,
            next => self.links(next).prev = prev,
        }
    }

    /// The rows of `chain`, first to last.
    pub(crate) fn iter(&self, chain: Chain) -> impl Iterator<Item = (u32, &T)> {
        let mut next = chain.first;
        std::iter::from_fn(move || {
            let index = (next != NONE).then_some(next)?;
            let Row::Used { value, links } = &self.rows[index as usize] else {
                unreachable!("row {index} stands in a chain")
            };
            next = links.next;
            Some((index, value))
        })
    }

    fn links(&mut self, index: u32) -> &mut Links {
        match &mut self.rows[index as usize] {
            Row::Used { links, .. } => links,
            Row::Free { .. } => panic!("row {index} was removed"),
        }
    }
}

impl<T> std::ops::Index<u32> for Arena<T> {
    type Output = T;

    fn index(&self, index: u32) -> &T {
        match &self.rows[index as usize] {
            Row::Used { value, .. } => value,
            Row::Free { .. } => panic!("row {index} was removed"),
        }
    }
}

impl<T> std::ops::IndexMut<u32> for Arena<T> {
    fn index_mut(&mut self, index: u32) -> &mut T {
        match &mut self.rows[index as usize] {
            Row::Used { value, .. } => value,
            Row::Free { .. } => panic!("row {index} was removed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_leaves_its_chain_from_the_middle_and_its_number_is_used_again() {
        let (mut arena, mut chain) = (Arena::new(), Chain::EMPTY);
        let rows = ['a', 'b', 'c'].map(|c| arena.insert(c));
        for row in rows {
            arena.push_back(&mut chain, row);
        }
        arena.unlink(&mut chain, rows[1]);
        assert_eq!(arena.remove(rows[1]), 'b');
        assert_eq!(arena.insert('d'), rows[1]);
        arena.push_back(&mut chain, rows[1]);
        assert_eq!(arena.iter(chain).map(|(_, c)| *c).collect::<String>(), "acd");
        assert_eq!(arena.pop_front(&mut chain), Some(rows[0]));
        assert_eq!(arena.len(), 3, "a row out of its chain is still a row");
    }
}
