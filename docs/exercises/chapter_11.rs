//! Exercises of chapter 11, "`gather`: tasks, not join".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_11`

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use executor::{JoinError, JoinHandle, gather, gather_all};

/// **Exercise 1.** In which pass does each of these waits end?
///
/// ```text
/// 0   [["spawn", 3], ["spawn", 2], ["spawn", 1], ["gather", [2, 3]], ["join", 1], ["gather", [1, 2, 3]]]
/// 1   [["gather", [2]], ["yield"]]
/// 2   [["join", 3]]
/// 3   [["yield"]]
/// ```
///
/// In this order: 2's join, 0's first gather, 1's gather, 0's join, 0's second gather. (0 begins in pass 1.)
pub fn passes() -> [u64; 5] {
    todo!(
        "exercise 1 of docs/exercises/chapter_11.rs: an await is one pass behind an end, a gather two"
    )
}

/// **Exercise 2.** All or nothing, as in a `TaskGroup`: the outputs of all tasks, in their order. If one fails, the
/// others are cancelled, and the failure is given back when all of them have ended.
pub async fn all_or_nothing<T: Clone + 'static, E: Clone + 'static>(
    handles: Vec<JoinHandle<T, E>>,
) -> Result<Vec<T>, JoinError<E>> {
    todo!("exercise 2 of docs/exercises/chapter_11.rs: gather clones of the handles")
}

/// **Exercise 3.** Which task ends first, and how? The others go on, and their handles can still be awaited:
/// `asyncio.wait` with `FIRST_COMPLETED`. Of several that have ended, it is the first in the order of the handles.
pub async fn first_to_end<T: 'static, E: 'static>(
    handles: &mut [JoinHandle<T, E>],
) -> (usize, Result<T, JoinError<E>>) {
    todo!(
        "exercise 3 of docs/exercises/chapter_11.rs: poll_fn, and poll each handle with its context"
    )
}
