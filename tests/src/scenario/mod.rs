//! Scenarios: small concurrent programs as JSON, run on the executor through its public API.
//!
//! The same file is run by CPython's asyncio (`tests/oracle/scen.py`), on a virtual clock there
//! as well as here, and the two traces must be equal, line for line. FORMAT.md says which ops there
//! are, and what a trace looks like.
//!
//! ```text
//! files      bytes -> values, one by one
//! parse      a value -> Program
//! malformed  ... or one line that says what is wrong, and where
//! format     Program, Op
//! run        Program -> Run: the trace
//! interpret  what each op does
//! trace      the lines, and how a task's last one comes about
//! listing    a program as text, and where a run is in it: for the player's page
//! ```

mod files;
mod format;
mod interpret;
mod listing;
mod malformed;
mod parse;
mod run;
mod trace;

pub use files::{Located, Problem, programs};
pub use format::{EventNo, Op, Program, QueueNo, TaskNo};
pub use listing::listing;
pub use malformed::Malformed;
pub use run::{Run, Time, Watcher, run, run_watched};
