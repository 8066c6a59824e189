//! Solutions of chapter 4, "The waker by hand".

use std::ptr;
use std::sync::Mutex;
use std::task::{RawWaker, RawWakerVTable, Waker};

pub static WOKEN: Mutex<Vec<usize>> = Mutex::new(Vec::new());

pub fn number_waker(number: usize) -> Waker {
    // SAFETY: the functions of the table may be called on any thread, at any time: they take the data as a number.
    unsafe { Waker::from_raw(raw_waker(ptr::without_provenance(number))) }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(raw_waker, wake, wake, |_| ());

fn raw_waker(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

fn wake(data: *const ()) {
    WOKEN.lock().unwrap().push(data.addr());
}

pub fn pack(executor: u16, generation: u32, slot: u32) -> u64 {
    assert!(slot < 1 << 28, "no room for this slot");
    let generation = generation % (1 << 20);
    u64::from(executor) << 48 | u64::from(generation) << 28 | u64::from(slot)
}

pub fn unpack(ticket: u64) -> (u16, u32, u32) {
    let executor = (ticket >> 48) as u16;
    let generation = (ticket >> 28) as u32 % (1 << 20);
    let slot = ticket as u32 % (1 << 28);
    (executor, generation, slot)
}

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

    pub fn insert(&mut self, value: T) -> Ticket {
        let free = self.rows.iter().position(|row| row.value.is_none());
        let slot = free.unwrap_or(self.rows.len());
        if slot == self.rows.len() {
            self.rows.push(Row { generation: 0, value: None });
        }
        let row = &mut self.rows[slot];
        row.value = Some(value);
        Ticket { generation: row.generation, slot }
    }

    pub fn get(&self, ticket: Ticket) -> Option<&T> {
        let row = self.rows.get(ticket.slot)?;
        row.value.as_ref().filter(|_| row.generation == ticket.generation)
    }

    pub fn remove(&mut self, ticket: Ticket) -> Option<T> {
        self.get(ticket)?;
        let row = &mut self.rows[ticket.slot];
        row.generation += 1;
        row.value.take()
    }
}
