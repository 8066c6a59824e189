//! Solutions of chapter 12, "Cancellation".

use std::cell::RefCell;
use std::rc::Rc;

use executor::{Event, JoinError, JoinHandle, spawn};
use queue::Queue;

/// Tasks 2 and 5 sleep, so they are interrupted: +1. The ends come up the chain: 4 at +2, 3 at +3. The gather fails with its first
/// child, which is task 2: it does not wait for 3. So task 1 ends two passes after task 2.
pub fn ends() -> [u64; 5] {
    [3, 1, 3, 2, 1]
}

/// Another task awaits it, whom nobody cancels.
pub async fn shield<T: 'static>(task: JoinHandle<T>) -> Result<T, JoinError> {
    let (outcome, has_ended) = (Rc::new(RefCell::new(None)), Rc::new(Event::new()));
    let watcher = spawn({
        let (outcome, has_ended) = (outcome.clone(), has_ended.clone());
        async move {
            let end = task.await;
            *outcome.borrow_mut() = Some(end);
            has_ended.set();
        }
    });
    drop(watcher);
    has_ended.wait().await;
    outcome.take().expect("it has ended")
}

pub async fn work_on_one(queue: &Queue<String>, work: impl AsyncFnOnce(&str)) {
    let Ok(item) = queue.get().await else { return };
    let mut unfinished = Unfinished { queue, item: Some(item) };
    work(unfinished.item.as_deref().expect("it is there until it is done")).await;
    unfinished.item = None;
}

/// An item on which somebody works. If it is dropped with that, nobody does.
struct Unfinished<'a> {
    queue: &'a Queue<String>,
    item: Option<String>,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(item) = self.item.take() {
            // If the queue has been shut down, nobody wants it.
            let _ = self.queue.try_put(item);
        }
    }
}
