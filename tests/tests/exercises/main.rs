//! The exercises of the book: `cargo test -p tests --test exercises chapter_05` checks what the reader has written
//! into `docs/exercises/chapter_05.rs`. `cargo test --workspace` leaves them alone.
//!
//! A chapter's exercises are three files, with two lines here and the same two in `../solutions/main.rs`:
//! 1. `docs/exercises/chapter_NN.rs`, the skeleton: all public, it compiles, and what is to be written is
//!    `todo!("exercise 1 of docs/exercises/chapter_NN.rs: a hint")`; a question is a function that returns the answer.
//! 2. `docs/exercises/solutions/chapter_NN.rs`, the same with the `todo!`s filled in.
//! 3. `chapter_NN.rs` here, the checks, for both: `use crate::exercise_NN::…`. Each check fails on the skeleton by
//!    way of its `todo!`, and says what it expected; `--test solutions` sees to both.

// What is not solved yet does not use everything.
#![allow(unused)]

#[path = "../../../docs/exercises/chapter_01.rs"]
mod exercise_01;
#[path = "../../../docs/exercises/chapter_02.rs"]
mod exercise_02;
#[path = "../../../docs/exercises/chapter_03.rs"]
mod exercise_03;
#[path = "../../../docs/exercises/chapter_04.rs"]
mod exercise_04;
#[path = "../../../docs/exercises/chapter_05.rs"]
mod exercise_05;
#[path = "../../../docs/exercises/chapter_06.rs"]
mod exercise_06;
#[path = "../../../docs/exercises/chapter_07.rs"]
mod exercise_07;
#[path = "../../../docs/exercises/chapter_08.rs"]
mod exercise_08;
#[path = "../../../docs/exercises/chapter_09.rs"]
mod exercise_09;
#[path = "../../../docs/exercises/chapter_10.rs"]
mod exercise_10;
#[path = "../../../docs/exercises/chapter_11.rs"]
mod exercise_11;
#[path = "../../../docs/exercises/chapter_12.rs"]
mod exercise_12;
#[path = "../../../docs/exercises/chapter_13.rs"]
mod exercise_13;
#[path = "../../../docs/exercises/chapter_14.rs"]
mod exercise_14;
#[path = "../../../docs/exercises/chapter_15.rs"]
mod exercise_15;
#[path = "../../../docs/exercises/chapter_16.rs"]
mod exercise_16;
#[path = "../../../docs/exercises/chapter_17.rs"]
mod exercise_17;
#[path = "../../../docs/exercises/chapter_18.rs"]
mod exercise_18;

mod chapter_01;
mod chapter_02;
mod chapter_03;
mod chapter_04;
mod chapter_05;
mod chapter_06;
mod chapter_07;
mod chapter_08;
mod chapter_09;
mod chapter_10;
mod chapter_11;
mod chapter_12;
mod chapter_13;
mod chapter_14;
mod chapter_15;
mod chapter_16;
mod chapter_17;
mod chapter_18;
mod traces;
mod turns;
mod wakes;
