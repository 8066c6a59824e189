//! A global allocator that counts the live bytes while it is told to.
//!
//! It counts what was asked for, not what malloc rounds it up to. Switched off it costs one
//! well-predicted branch an allocation, the same for every contender. The counter is not an atomic
//! read-modify-write: only the one thread that runs a memory workload allocates meanwhile.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering::Relaxed};

pub struct Counting;

static ENABLED: AtomicBool = AtomicBool::new(false);
static LIVE_BYTES: AtomicIsize = AtomicIsize::new(0);

/// From here on every allocation counts, from zero.
pub fn start_counting() {
    LIVE_BYTES.store(0, Relaxed);
    ENABLED.store(true, Relaxed);
}

/// The bytes allocated and not freed since `start_counting`.
pub fn stop_counting() -> usize {
    ENABLED.store(false, Relaxed);
    LIVE_BYTES.load(Relaxed).max(0) as usize
}

fn count(bytes: isize) {
    if ENABLED.load(Relaxed) {
        LIVE_BYTES.store(LIVE_BYTES.load(Relaxed) + bytes, Relaxed);
    }
}

// SAFETY: every call goes on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count(new_size as isize - layout.size() as isize);
        unsafe { System.realloc(block, layout, new_size) }
    }
}
