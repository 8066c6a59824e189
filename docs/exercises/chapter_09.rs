//! Exercises of chapter 9, "Time you can hold".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_09`

/// **Exercise 1.** In which order do these four sleeps end? Main spawns 1, 2, 3 and 4 in this order.
///
/// ```text
/// 1   [["sleep", 31]]
/// 2   [["work", 10], ["sleep", 20]]
/// 3   [["yield"], ["sleep", 15]]
/// 4   [["work", 5], ["sleep", 15]]
/// ```
pub fn order() -> [u32; 4] {
    todo!("exercise 1 of docs/exercises/chapter_09.rs: when is each timer armed, and for when?")
}

/// **Exercise 2.** Which waits must end late, and by how many milliseconds, for the founding program to complete in
/// about 46 seconds? A wait is its number, from 0: `vec![(5, 1)]` makes it 50 seconds, `vec![(8, 1)]` 52.
/// (Try some with `cargo run -q -- --virtual-time --late 5:1,7:1`. It is fewer than three.)
pub fn late() -> Vec<(u64, u64)> {
    todo!("exercise 2 of docs/exercises/chapter_09.rs: (wait, milliseconds), as often as needed")
}

/// **Exercise 3.** Tries an operation until it succeeds, at most `attempts` times (at least once). Before the second attempt it waits
/// for one second, before the third for two, then four, and so on. If none succeeds, the last error is the result.
pub async fn retry<T, E>(
    attempts: u32,
    mut operation: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, E> {
    todo!(
        "exercise 3 of docs/exercises/chapter_09.rs: operation().await, and executor::sleep in between"
    )
}
