//! Misuse is answered, never undefined: by a panic that says what to do, by an error, or by nothing at all.
//!
//! - `outside.rs`: outside a run; a run inside a run
//! - `panics.rs`: tasks, destructors and wakers that panic
//! - `reports.rs`: what is said on standard error when nobody asks
//! - `wakers.rs`: wakers that are used too late, or too often
//! - `ends.rs`: what outlives a run, and what is left at its end
//! - `words.rs`: how errors, handles and times are printed
//! - `limits.rs`: deadlines beyond the end of time, tasks that wait for themselves
//!
//! Wakers on other threads: `tests/threads.rs`.

// Futures and handles that leave their run are the subject here.
#![allow(clippy::async_yields_async)]

#[path = "../common/mod.rs"]
mod common;

mod ends;
mod limits;
mod outside;
mod panics;
mod reports;
mod wakers;
mod words;
