//! The views of a run: other ways to look at it than the lines it prints.
//!
//! All of them show the executor's own steps and states ([`executor::Observer`]). None works out what
//! happens next: they were told.
//!
//! | file | what it is | the option |
//! |---|---|---|
//! | [`recorder`] | a whole run in memory, step by step | |
//! | [`narrate`] | one sentence for each step | |
//! | [`trace`] | the sentences as it happens | `--trace` |
//! | [`spans`] | what each task did, from which step to which | |
//! | [`timeline`] | that, as rows in the terminal | `--timeline` |
//! | [`chrome`] | that, as a file for Perfetto and speedscope | `--trace-json` |
//! | [`step`] | one step at a time in the terminal | `step` |
//! | [`page`] | the same in a browser | `--page` |
//! | [`watch`] | those that were asked for, put together | |
//! | [`kinds`], [`words`], [`terminal`] | what several of them need | |

pub mod chrome;
pub mod kinds;
pub mod narrate;
pub mod page;
pub mod recorder;
pub mod spans;
pub mod step;
pub mod terminal;
pub mod timeline;
pub mod trace;
pub mod watch;
pub mod words;
