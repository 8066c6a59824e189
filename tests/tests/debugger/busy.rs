//! A program that uses everything: what the debugger's commands must be able to show.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use executor::{
    Clock, Event, Executor, JoinHandle, Observer, gather, gather_all, sleep, spawn, spawn_named,
    timeout, yield_now,
};
use queue::{LifoQueue, PriorityQueue, Queue};

pub fn run(observer: Option<Rc<RefCell<dyn Observer>>>) {
    let executor = Executor::new(Clock::virtual_time());
    match observer {
        Some(observer) => executor.observed_by(observer).run(main()),
        None => executor.run(main()),
    }
}

#[test]
fn it_ends() {
    run(None);
}

async fn main() {
    queues().await;
    awaiting().await;
    timers().await;
}

/// A queue that is full, one that is empty, and the other kinds; all three lines of waiters.
async fn queues() {
    let queue = Rc::new(Queue::new(2).shown_as(|n: &u64| n.to_string()));
    let last = Rc::new(LifoQueue::new(0).shown_as(|n: &u64| n.to_string()));
    let least = Rc::new(PriorityQueue::new(0).shown_as(|n: &u64| n.to_string()));
    let putters: Vec<JoinHandle<()>> =
        (0..3).map(|n| spawn_named(format!("putter {n}"), put(n, queue.clone()))).collect();
    let getter = spawn(get(queue.clone(), last.clone(), least.clone()));
    gather(putters).await.unwrap();
    queue.join().await;
    queue.shutdown(false);
    getter.await.unwrap();
}

async fn put(n: u64, queue: Rc<Queue<u64>>) {
    for i in 0..2 {
        queue.put(10 * n + i).await.unwrap();
    }
}

async fn get(queue: Rc<Queue<u64>>, last: Rc<LifoQueue<u64>>, least: Rc<PriorityQueue<u64>>) {
    while let Ok(n) = queue.get().await {
        last.try_put(n).unwrap();
        least.try_put(n).unwrap();
        sleep(Duration::from_millis(n)).await;
        queue.task_done().unwrap();
    }
}

/// Tasks that await tasks, an event, and cancellations along the chain.
async fn awaiting() {
    let start = Rc::new(Event::new());
    let waiter = spawn_named("waiter", wait_for(start.clone()));
    let middle = spawn_named("middle", async { waiter.await.is_ok() });
    let outer = spawn_named("outer", async { gather_all([middle]).await.len() });
    yield_now().await;
    sleep(Duration::from_secs(1)).await;
    outer.cancel();
    outer.await.unwrap_err();
    let again = [1, 2].map(|_| spawn(wait_for(start.clone())));
    yield_now().await;
    start.set();
    assert_eq!(gather_all(again).await.len(), 2);
}

async fn wait_for(event: Rc<Event>) {
    event.wait().await;
}

/// Deadlines near and far, equal and past, timeouts that expire and that do not, boxed and joined futures.
async fn timers() {
    let sleepers = [0, 1, 64, 64, 4096, 1 << 40].map(|n| spawn(sleep(Duration::from_nanos(n))));
    assert!(gather(sleepers).await.is_ok());
    assert!(timeout(Duration::from_secs(5), sleep(Duration::from_secs(9))).await.is_err());
    let boxed = Box::pin(async { sleep(Duration::from_secs(1)).await });
    assert!(timeout(Duration::from_secs(5), boxed).await.is_ok());
    executor::sleep_until(executor::Instant::ZERO).await;
    let two = (sleep(Duration::from_secs(1)), sleep(Duration::from_secs(2)));
    futures_lite::future::zip(two.0, two.1).await;
}
