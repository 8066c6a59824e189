//! What the workspace's tests share: the scenarios, with which our schedule is held against
//! CPython's.
//!
//! ```text
//! src/scenario/       scenarios: from a file to a trace
//! src/bin/scenario.rs the same from the command line
//! tests/              the tests, one file per question they answer
//! oracle/             Python: asyncio on a virtual clock, which writes the traces to compare with
//! data/               scenarios with their traces
//! ```

#![forbid(unsafe_code)]

pub mod scenario;
