//! What the workspace's tests share: the scenarios, with which our schedule is held against
//! CPython's, and the model that says the same without a Python.
//!
//! ```text
//! src/scenario/       scenarios: from a file to a trace
//! src/bin/scenario.rs the same from the command line
//! src/model/          the schedule a second time, without the executor: is a trace right?
//! tests/              the tests, one file per question they answer
//! browser/            the player's page in a real browser (player.rs runs it)
//! oracle/             Python: asyncio on a virtual clock, which writes the traces to compare with
//! data/               scenarios with their traces
//! ```

#![forbid(unsafe_code)]

pub mod model;
pub mod scenario;
