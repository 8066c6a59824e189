//! The book is true: every listing is text of a source, every output is what the command prints, every link
//! leads somewhere.
//!
//! ```text
//! listings.rs    ```rust,ignore,file=…    stands so in that file
//! outputs.rs     ```console               is what the commands print
//! links.rs       [..](..#..)              leads to a file, a heading, a step of a player
//! summary.rs     SUMMARY.md               names every page, and nothing else
//! shape.rs       NN-*.md                  begin with a run, end with recap, design note, exercises
//! pictures.rs    pictures/*.svg           are whole, and can be seen on a dark page
//! players.rs     player/*.html            are what `scenario --page` writes
//! schedules.rs   programs/*.json          run in CPython as they do here
//! ```
//!
//! `UPDATE_DOCS=1 cargo test -p tests --test book` writes outputs and players anew. `CHAPTER=05` before that keeps it
//! to the pages whose names begin so: it checks them only, and writes no other.

#[path = "../common/mod.rs"]
mod common;

mod console;
mod excerpt;
mod fence;
mod heading;
mod link;
mod links;
mod listings;
mod outputs;
mod page;
mod pictures;
mod players;
mod problem;
mod programs;
mod schedules;
mod shape;
mod summary;
