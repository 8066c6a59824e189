//! `cancel()`, by what a task waits for: how many passes until its future is dropped, and until who awaits it goes on.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use executor::{
    Clock, Event, Executor, JoinHandle, current_task, gather, pass, sleep, spawn, yield_now,
};
use queue::Queue;

fn main() {
    Executor::new(Clock::virtual_time()).run(async {
        println!("{:<42}{:<9}goes on", "the task", "dropped");
        measure("has not started", 0, sleep(HOUR)).await;
        measure("is between two yields", 5, yields()).await;
        measure("sleeps", 5, sleep(HOUR)).await;
        measure("waits for an item", 5, async { Queue::<u8>::new(0).get().await.is_ok() }).await;
        measure("waits for an event", 5, async { Event::new().wait().await }).await;
        let task = sleeper();
        measure("awaits a task that sleeps", 5, async { task.await.is_ok() }).await;
        let task = awaits(sleeper());
        measure("awaits a task that awaits one that sleeps", 5, async { task.await.is_ok() }).await;
        let tasks = [sleeper(), sleeper()];
        measure("awaits a gather of two that sleep", 5, gather(tasks)).await;
        measure("cancels itself, and sleeps", 0, async {
            current_task().cancel();
            sleep(HOUR).await;
        })
        .await;
    });
}

const HOUR: Duration = Duration::from_secs(3600);

/// Spawns the task, cancels it so many passes later, and prints the two differences.
async fn measure(what: &str, passes_before: u32, body: impl Future + 'static) {
    let dropped = Rc::new(Cell::new(0));
    let on_drop = OnDrop(dropped.clone());
    let task = spawn(async move {
        body.await;
        drop(on_drop);
    });
    for _ in 0..passes_before {
        yield_now().await;
    }
    // Who cancels himself does so in his first turn, in the next pass.
    let requested = if what.starts_with("cancels itself") { pass() + 1 } else { pass() };
    if requested == pass() {
        task.cancel();
    }
    task.await.expect_err("it was cancelled");
    println!("{what:<42}+{:<8}+{}", dropped.get() - requested, pass() - requested);
}

/// Writes down the pass in which it is dropped.
struct OnDrop(Rc<Cell<u64>>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.set(pass());
    }
}

async fn yields() {
    loop {
        yield_now().await;
    }
}

fn sleeper() -> JoinHandle<()> {
    spawn(sleep(HOUR))
}

fn awaits(task: JoinHandle<()>) -> JoinHandle<()> {
    spawn(async { task.await.unwrap() })
}
