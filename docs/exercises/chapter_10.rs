//! Exercises of chapter 10, "Tasks and join handles".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_10`

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use executor::{JoinError, JoinHandle, TaskId, sleep, spawn, yield_now};

/// **Exercise 1.** Six tasks are spawned here, and get numbers. (Main has number 0.)
pub async fn program() -> [TaskId; 6] {
    let a = spawn(async {});
    let b = spawn(sleep(Duration::from_secs(1)));
    let ids = (a.id(), b.id());
    drop(a);
    let c = spawn(async {});
    yield_now().await;
    let d = spawn(async {});
    b.cancel();
    drop(b);
    let e = spawn(async {});
    let third = c.id();
    let _ = c.await;
    let f = spawn(async {});
    [ids.0, ids.1, third, d.id(), e.id(), f.id()]
}

/// The numbers of a, b, c, d, e and f, as outputs show them: the row, and behind a point how many had it before, if
/// any, such as `"7"` or `"7.1"`.
pub fn numbers() -> [&'static str; 6] {
    todo!(
        "exercise 1 of docs/exercises/chapter_10.rs: when is a row free? Its task has ended, and who has a handle?"
    )
}

/// **Exercise 2.** A handle as smol has it: if it is dropped, its task is cancelled, unless it was detached before.
pub struct Task<T: 'static> {
    handle: Option<JoinHandle<T>>,
}

impl<T: 'static> Task<T> {
    /// Makes a task of a future.
    pub fn spawn(future: impl Future<Output = T> + 'static) -> Task<T> {
        todo!("exercise 2 of docs/exercises/chapter_10.rs: executor::spawn, and keep the handle")
    }

    /// The task goes on by itself. (To forget the whole `Task` would keep its row for ever.)
    pub fn detach(mut self) {
        todo!("exercise 2 of docs/exercises/chapter_10.rs: `drop` will find no handle")
    }
}

impl<T: 'static> Future for Task<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("exercise 2 of docs/exercises/chapter_10.rs: the handle is a future")
    }
}

impl<T: 'static> Drop for Task<T> {
    fn drop(&mut self) {
        todo!(
            "exercise 2 of docs/exercises/chapter_10.rs: cancelling a task that has ended does nothing"
        )
    }
}

/// **Exercise 3.** Runs a task, and if it panics, a new one, until one does not: at most `attempts` of them (at least
/// one). The outcome is that of the last one. A task that was cancelled is not tried again.
pub async fn restart<T: 'static, F: Future<Output = T> + 'static>(
    attempts: u32,
    mut make: impl FnMut() -> F,
) -> Result<T, JoinError> {
    todo!("exercise 3 of docs/exercises/chapter_10.rs: spawn(make()).await, in a loop")
}
