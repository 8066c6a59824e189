//! Exercises of chapter 4, "The waker by hand".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_04`

use std::ptr;
use std::sync::Mutex;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// **Exercise 1.** A waker that is a number, and that writes the number down here when it is used.
pub static WOKEN: Mutex<Vec<usize>> = Mutex::new(Vec::new());

pub fn number_waker(number: usize) -> Waker {
    todo!(
        "exercise 1 of docs/exercises/chapter_04.rs: four functions, a static RawWakerVTable, and why it is sound"
    )
}

/// **Exercise 2.** Three numbers in one word: an executor's, of 16 bits; a generation, of 20 bits; a slot, of 28 bits.
///
/// ```text
/// 0x0001_00002_0000003
///    └──┘ └───┘ └─────┘
/// executor  generation  slot
/// ```
///
/// A generation that has grown too large for its bits begins again at 0.
pub fn pack(executor: u16, generation: u32, slot: u32) -> u64 {
    todo!(
        "exercise 2 of docs/exercises/chapter_04.rs: shift and or; don't let one number run into the next"
    )
}

/// The three numbers again: executor, generation, slot.
pub fn unpack(ticket: u64) -> (u16, u32, u32) {
    todo!("exercise 2 of docs/exercises/chapter_04.rs: shift and mask")
}

/// **Exercise 3.** A table whose rows are used again, and whose tickets are good for one owner of a row.
pub struct Table<T> {
    rows: Vec<Row<T>>,
}

struct Row<T> {
    generation: u32,
    value: Option<T>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub generation: u32,
    pub slot: usize,
}

impl<T> Table<T> {
    pub fn new() -> Table<T> {
        Table { rows: Vec::new() }
    }

    /// Into the first free row, or a new one.
    pub fn insert(&mut self, value: T) -> Ticket {
        todo!(
            "exercise 3 of docs/exercises/chapter_04.rs: a free row, or a new one of generation 0"
        )
    }

    /// `None` if the ticket is stale.
    pub fn get(&self, ticket: Ticket) -> Option<&T> {
        todo!("exercise 3 of docs/exercises/chapter_04.rs: the row, if it has this generation")
    }

    /// `None` if the ticket is stale. It is stale from now on.
    pub fn remove(&mut self, ticket: Ticket) -> Option<T> {
        todo!(
            "exercise 3 of docs/exercises/chapter_04.rs: what changes, so that the ticket is good no longer?"
        )
    }
}
