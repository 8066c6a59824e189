//! Where asyncio is unnatural in Rust: `docs/divergences.md` says what we do in each case, and names tests that
//! show it. Here are those that are nowhere else; and `table.rs`, which checks that all that are named exist.

#[path = "../common/mod.rs"]
mod common;

mod cancelling;
mod rust;
mod table;
mod the_loop;
