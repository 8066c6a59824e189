//! The debugger: the listings of chapter 15, the commands' own views against the executor's, and what the
//! commands say when there is nothing to see.
//!
//! ```text
//! chapter.rs    the listings of docs/15-debugger.md
//! steps.rs      at every step the commands show what an observer sees
//! words.rs      what that is, in the words of the commands
//! answers.rs    where there is nothing to see
//! dumps.rs      core dumps
//! lldb.rs       the same in lldb
//! editors.rs    what .vscode says
//! session.rs    a gdb, started by docs/debugger/start, and what it says to a command
//! busy.rs       a program that uses everything
//! hang.rs       a program that hangs: the chapter finds out why
//! crash.rs      a program that dies
//! ```
//!
//! Without gdb, or lldb, these tests say so, and pass; under `CI=true` they fail.

#[cfg(target_os = "linux")]
mod answers;
mod busy;
#[cfg(target_os = "linux")]
mod chapter;
mod crash;
#[cfg(target_os = "linux")]
mod dumps;
#[cfg(target_os = "linux")]
mod editors;
mod hang;
#[cfg(target_os = "linux")]
mod lldb;
#[cfg(target_os = "linux")]
mod session;
#[cfg(target_os = "linux")]
mod steps;
#[cfg(target_os = "linux")]
mod words;
