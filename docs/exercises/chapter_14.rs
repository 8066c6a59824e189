//! Exercises of chapter 14, "The founding program, whole".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_14`

use demo::random::Random;

/// **Exercise 1.** How many items will each of the five producers make, with this seed? Draw as the program does:
/// `Random::seed(seed)`, and `random.randint(0, 10)` for each number.
pub fn items(seed: i128) -> [u32; 5] {
    todo!(
        "exercise 1 of docs/exercises/chapter_14.rs: how many numbers does a producer draw in its first turn?"
    )
}

/// **Exercise 2.** It is 4 s. Consumers 4 and 7 stand in line, in this order. Three timers are due: those of Consumer 2, of
/// Producer 0 (which puts one item) and of Producer 3 (which puts one, gives way, and puts another). In the chapter Consumer 2's
/// timer was armed last. Suppose that it was armed first. Consumer 4 gives way after its first item, and comes again.
///
/// Which consumers get the first, the second and the third item?
pub fn who_gets_them() -> [u32; 3] {
    todo!(
        "exercise 2 of docs/exercises/chapter_14.rs: write down the line and the items after each pass"
    )
}

/// **Exercise 3.** With how many producers, how many consumers (at least two), and which seed does main have to wait in
/// `q.join()`? Try: `cargo run -q -- --virtual-time -p 5 -c 2 --seed 1 --trace=join`.
pub fn join_that_waits() -> (u32, u32, i128) {
    todo!("exercise 3 of docs/exercises/chapter_14.rs: (producers, consumers, seed)")
}
