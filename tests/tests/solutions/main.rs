//! The exercises can be solved: the checks of `../exercises` pass on the solutions, and fail on the skeletons.

#[path = "../common/mod.rs"]
mod common;

#[path = "../../../docs/exercises/solutions/chapter_01.rs"]
mod exercise_01;
#[path = "../../../docs/exercises/solutions/chapter_02.rs"]
mod exercise_02;
#[path = "../../../docs/exercises/solutions/chapter_03.rs"]
mod exercise_03;
#[path = "../../../docs/exercises/solutions/chapter_04.rs"]
mod exercise_04;
#[path = "../../../docs/exercises/solutions/chapter_05.rs"]
mod exercise_05;
#[path = "../../../docs/exercises/solutions/chapter_06.rs"]
mod exercise_06;
#[path = "../../../docs/exercises/solutions/chapter_07.rs"]
mod exercise_07;
#[path = "../../../docs/exercises/solutions/chapter_08.rs"]
mod exercise_08;
#[path = "../../../docs/exercises/solutions/chapter_09.rs"]
mod exercise_09;
#[path = "../../../docs/exercises/solutions/chapter_10.rs"]
mod exercise_10;
#[path = "../../../docs/exercises/solutions/chapter_11.rs"]
mod exercise_11;
#[path = "../../../docs/exercises/solutions/chapter_12.rs"]
mod exercise_12;
#[path = "../../../docs/exercises/solutions/chapter_13.rs"]
mod exercise_13;
#[path = "../../../docs/exercises/solutions/chapter_14.rs"]
mod exercise_14;
#[path = "../../../docs/exercises/solutions/chapter_15.rs"]
mod exercise_15;
#[path = "../../../docs/exercises/solutions/chapter_16.rs"]
mod exercise_16;
#[path = "../../../docs/exercises/solutions/chapter_17.rs"]
mod exercise_17;
#[path = "../../../docs/exercises/solutions/chapter_18.rs"]
mod exercise_18;

#[path = "../exercises/chapter_01.rs"]
mod chapter_01;
#[path = "../exercises/chapter_02.rs"]
mod chapter_02;
#[path = "../exercises/chapter_03.rs"]
mod chapter_03;
#[path = "../exercises/chapter_04.rs"]
mod chapter_04;
#[path = "../exercises/chapter_05.rs"]
mod chapter_05;
#[path = "../exercises/chapter_06.rs"]
mod chapter_06;
#[path = "../exercises/chapter_07.rs"]
mod chapter_07;
#[path = "../exercises/chapter_08.rs"]
mod chapter_08;
#[path = "../exercises/chapter_09.rs"]
mod chapter_09;
#[path = "../exercises/chapter_10.rs"]
mod chapter_10;
#[path = "../exercises/chapter_11.rs"]
mod chapter_11;
#[path = "../exercises/chapter_12.rs"]
mod chapter_12;
#[path = "../exercises/chapter_13.rs"]
mod chapter_13;
#[path = "../exercises/chapter_14.rs"]
mod chapter_14;
#[path = "../exercises/chapter_15.rs"]
mod chapter_15;
#[path = "../exercises/chapter_16.rs"]
mod chapter_16;
#[path = "../exercises/chapter_17.rs"]
mod chapter_17;
#[path = "../exercises/chapter_18.rs"]
mod chapter_18;
#[path = "../exercises/traces.rs"]
mod traces;
#[path = "../exercises/turns.rs"]
mod turns;
#[path = "../exercises/wakes.rs"]
mod wakes;

mod complete;
mod skeletons;
