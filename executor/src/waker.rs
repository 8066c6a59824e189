//! The waker, made by hand: four functions and a number.
//!
//! A future that has to wait keeps a `Waker`, and whoever has what it waits for calls `wake`. To the
//! standard library a waker is a data pointer and a table of functions. Mostly the pointer leads to
//! a reference-counted task. Ours is no pointer at all but a [`TaskId`]: the *number* of the task.
//!
//! ```text
//!   0x0001_00002_0000003
//!      └──┘ └───┘ └─────┘
//!   executor  generation  slot         16, 20 and 28 bits
//! ```
//!
//! Numbers need no counting and no freeing, so `clone` and `drop` do nothing, and a waker is
//! sound wherever it goes: on another thread, after its task, after its executor. `wake` looks the number
//! up; a task that is gone has another generation, and nothing happens. A debugger shows the number.
//!
//! asyncio's counterpart is the callback that a task adds to the future it awaits
//! (`Task.__wakeup`, by `add_done_callback`).

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::executor::Core;
use crate::inbox;

#[cfg(not(target_pointer_width = "64"))]
compile_error!("a ticket takes 64 bits in the data pointer of a waker: build for a 64-bit target");

/// Names one task of one executor, for ever: what a waker is.
///
/// Outputs show the number of the task's row, and behind a point how many tasks had the row before.
/// asyncio's counterpart is the number in `Task-3`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TaskId(u64);

impl TaskId {
    pub(crate) const SLOTS: u32 = 1 << 28;
    pub(crate) const GENERATIONS: u32 = 1 << 20;

    pub(crate) fn new(executor: u16, generation: u32, slot: u32) -> TaskId {
        debug_assert!(generation < TaskId::GENERATIONS && slot < TaskId::SLOTS);
        TaskId(u64::from(executor) << 48 | u64::from(generation) << 28 | u64::from(slot))
    }

    /// The ticket, as a waker has it.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn executor(self) -> u16 {
        (self.0 >> 48) as u16
    }

    /// How many tasks had this slot before, as far as 20 bits can count.
    pub(crate) fn generation(self) -> u32 {
        (self.0 >> 28) as u32 & (TaskId::GENERATIONS - 1)
    }

    pub(crate) fn slot(self) -> u32 {
        self.0 as u32 & (TaskId::SLOTS - 1)
    }

    /// The same executor and generation, another slot.
    pub(crate) fn with_slot(self, slot: u32) -> TaskId {
        TaskId::new(self.executor(), self.generation(), slot)
    }

    /// Who has the slot next, unless this was its last generation.
    pub(crate) fn next_generation(self) -> Option<TaskId> {
        let is_last = self.generation() == TaskId::GENERATIONS - 1;
        (!is_last).then_some(TaskId(self.0.wrapping_add(1 << 28)))
    }

    /// The waker of this task.
    pub(crate) fn waker(self) -> Waker {
        // SAFETY: the functions of the table keep the contract of `RawWaker`: they are safe on any
        // thread, at any time, with any data, for they take the data as a number only.
        unsafe { Waker::from_raw(raw_waker(self)) }
    }

    /// The task of a waker, if it is one of ours.
    pub(crate) fn of(waker: &Waker) -> Option<TaskId> {
        ptr::eq(waker.vtable(), &VTABLE).then(|| TaskId(waker.data().addr() as u64))
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.generation() {
            0 => write!(f, "{}", self.slot()),
            generation => write!(f, "{}.{generation}", self.slot()),
        }
    }
}

impl fmt::Debug for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskId({self})")
    }
}

static VTABLE: RawWakerVTable =
    RawWakerVTable::new(waker_clone, waker_wake, waker_wake_by_ref, waker_drop);

fn raw_waker(ticket: TaskId) -> RawWaker {
    RawWaker::new(ptr::without_provenance(ticket.0 as usize), &VTABLE)
}

fn waker_clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

fn waker_wake(data: *const ()) {
    waker_wake_by_ref(data);
}

fn waker_wake_by_ref(data: *const ()) {
    let ticket = TaskId(data.addr() as u64);
    match running(ticket.executor()) {
        Some(core) => core.wake(ticket),
        None => inbox::post(ticket),
    }
}

fn waker_drop(_: *const ()) {}

thread_local! {
    /// The executor that is running on this thread. Never set while none is.
    static CURRENT: Cell<*const Core> = const { Cell::new(ptr::null()) };
}

/// What is of use to one executor only may not go to another thread: it would find the wrong one there, or none.
pub(crate) type OnThisThread = PhantomData<*const ()>;

/// Leads a debugger to a running executor: the one that started last.
static RUNNING: AtomicPtr<Core> = AtomicPtr::new(ptr::null_mut());

/// The executor that is running on this thread. Not to be kept: it ends with its run.
#[inline]
pub(crate) fn current() -> Option<&'static Core> {
    // SAFETY: `enter` has put it there, and its guard, which borrows it, has not been dropped yet.
    unsafe { CURRENT.get().as_ref() }
}

/// The executor with this number, if it is the one that is running on this thread.
#[inline]
pub(crate) fn running(number: u16) -> Option<&'static Core> {
    current().filter(|core| core.number == number)
}

/// The executor of this run, if it is the one that is running on this thread.
#[inline]
pub(crate) fn current_run(run: u32) -> Option<&'static Core> {
    current().filter(|core| core.run == run)
}

/// The current executor, for functions that can't do without one.
#[track_caller]
#[inline]
pub(crate) fn expect_current(function: &str) -> &'static Core {
    match current() {
        Some(core) => core,
        None => outside(function),
    }
}

#[cold]
#[track_caller]
pub(crate) fn outside(function: &str) -> ! {
    panic!(
        "`{function}` was used outside a running executor: call it from a task, \
         inside `executor::run(async {{ … }})`"
    )
}

/// Makes `core` the current executor of this thread until the guard is dropped.
///
/// # Panics
/// If one is running on this thread already.
pub(crate) fn enter(core: &Core) -> Entered<'_> {
    assert!(
        CURRENT.get().is_null(),
        "an executor is running on this thread already: await the future, or `spawn` it, \
         instead of calling `run` inside `run`"
    );
    CURRENT.set(core);
    RUNNING.store(ptr::from_ref(core).cast_mut(), Ordering::Relaxed);
    Entered(core)
}

pub(crate) struct Entered<'a>(&'a Core);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        CURRENT.set(ptr::null());
        let (core, none) = (ptr::from_ref(self.0).cast_mut(), ptr::null_mut());
        // An executor of another thread may have started later: then it is that one's.
        let _ = RUNNING.compare_exchange(core, none, Ordering::Relaxed, Ordering::Relaxed);
    }
}
