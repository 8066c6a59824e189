//! Exercises of chapter 15, "Stepping through it in a debugger".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_15`

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use executor::{sleep, spawn_named};
use queue::Queue;

/// **Exercise 1.** In the founding program (`docs/debugger/start demo --virtual-time`) Consumer 3 is woken by its timer first. Then it
/// waits for an item. Which step wakes it from that, in whose turn is it, and because of which line of `demo/src/program.rs`?
pub fn who_wakes_consumer_3() -> (u64, &'static str, u32) {
    todo!("exercise 1 of docs/exercises/chapter_15.rs: next-wake Consumer 3, twice")
}

/// **Exercise 2.** The same program, right after step 219. Which tasks have their turn in this pass still, in order? And who stands in
/// the queue's line for an item, first to last?
pub fn after_step_219() -> (Vec<&'static str>, Vec<&'static str>) {
    todo!("exercise 2 of docs/exercises/chapter_15.rs: goto 219, and then two commands")
}

/// Adds up what was ordered, when all orders are done.
pub async fn total(orders: Vec<u32>, work: impl AsyncFn(&Queue<u32>, &Cell<u32>) + 'static) -> u32 {
    let queue = Rc::new(Queue::new(0));
    for order in orders {
        queue.try_put(order).expect("there is room");
    }
    let sum = Rc::new(Cell::new(0));
    let (of_worker, counted) = (queue.clone(), sum.clone());
    let worker = spawn_named("worker", async move { work(&of_worker, &counted).await });
    queue.join().await;
    worker.cancel();
    sum.get()
}

/// With this worker `total(vec![3, 0, 5, 0, 1], work)` never ends. See where, with
/// `docs/debugger/start test exercises chapter_15::exercise_3_mended`: on the virtual clock a program that can't go on ends
/// with a report, so stop before that by `tbreak executor::executor::Core::report`, and look.
pub async fn work(queue: &Queue<u32>, sum: &Cell<u32>) {
    while let Ok(order) = queue.get().await {
        if order == 0 {
            continue;
        }
        sleep(Duration::from_millis(order.into())).await;
        sum.set(sum.get() + order);
        queue.task_done().expect("it was put");
    }
}

/// **Exercise 3.** The worker without its mistake.
pub async fn mended(queue: &Queue<u32>, sum: &Cell<u32>) {
    todo!("exercise 3 of docs/exercises/chapter_15.rs: `queues` says how many items are not done")
}
