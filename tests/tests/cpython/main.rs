//! CPython's own tests of asyncio, in Rust.
//!
//! Each test has the name that it has in CPython's `Lib/test/test_asyncio`, in a module with the name of the file,
//! and pins what that one pins; it was written anew, from what it pins. The virtual clock stands for
//! CPython's test loops. What has no counterpart in Rust is not here: `docs/cpython-tests.md` lists every
//! test of those files with the reason, and `table.rs` checks that list.

#[path = "../common/mod.rs"]
mod common;

mod table;
mod test_base_events;
mod test_futures;
mod test_locks;
mod test_queues;
mod test_tasks;
mod test_timeouts;
mod test_waitfor;
