//! Solutions of chapter 10, "Tasks and join handles".

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

/// a, b and c get rows 1, 2 and 3: a's handle was dropped, but a has not had its turn yet. Then a and c end. Row 1 is free,
/// and d gets it; row 3 is kept by c's handle. b was asked to end, and its handle is gone, but it ends at its turn: e
/// gets a new row. c is awaited, which frees row 3.
///
/// The numbers of a, b, c, d, e and f, as outputs show them: the row, and behind a point how many had it before, if any,
/// such as `"7"` or `"7.1"`.
pub fn numbers() -> [&'static str; 6] {
    ["1", "2", "3", "1.1", "4", "3.1"]
}

/// **Exercise 2.** A handle as smol has it: if it is dropped, its task is cancelled, unless it was detached before.
pub struct Task<T: 'static> {
    handle: Option<JoinHandle<T>>,
}

impl<T: 'static> Task<T> {
    /// Makes a task of a future.
    pub fn spawn(future: impl Future<Output = T> + 'static) -> Task<T> {
        Task { handle: Some(spawn(future)) }
    }

    /// The task goes on by itself. (To forget the whole `Task` would keep its row for ever.)
    pub fn detach(mut self) {
        drop(self.handle.take());
    }
}

impl<T: 'static> Future for Task<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let handle = self.handle.as_mut().expect("only `detach` takes it, and that drops the task");
        Pin::new(handle).poll(cx)
    }
}

impl<T: 'static> Drop for Task<T> {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            handle.cancel();
        }
    }
}

/// **Exercise 3.** Runs a task, and if it panics, a new one, until one does not: at most `attempts` of them (at least
/// one). The outcome is that of the last one. A task that was cancelled is not tried again.
pub async fn restart<T: 'static, F: Future<Output = T> + 'static>(
    attempts: u32,
    mut make: impl FnMut() -> F,
) -> Result<T, JoinError> {
    for _ in 1..attempts {
        match spawn(make()).await {
            Err(JoinError::Panicked(_)) => {}
            outcome => return outcome,
        }
    }
    spawn(make()).await
}
