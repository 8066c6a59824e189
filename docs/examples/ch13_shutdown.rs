//! The two ways to shut a queue down. Four items are in it; a consumer needs a second for each.

use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, now, sleep, spawn};
use futures_lite::StreamExt;
use queue::Queue;

fn main() {
    for immediate in [false, true] {
        println!("shutdown({immediate}):");
        Executor::new(Clock::virtual_time()).run(shut_down(immediate));
    }
}

async fn shut_down(immediate: bool) {
    let queue = Rc::new(Queue::new(4));
    for item in 1..=4 {
        queue.try_put(item).expect("there is room");
    }
    let consumer = spawn({
        let queue = queue.clone();
        async move {
            let mut items = queue.stream();
            while let Some(item) = items.next().await {
                say(&format!("item {item}"));
                sleep(Duration::from_secs(1)).await;
                queue.task_done().expect("one for each item");
            }
            say("the stream has ended");
        }
    });
    sleep(Duration::from_millis(500)).await;
    queue.shutdown(immediate);
    say(&format!("put: {:?}", queue.put(5).await));
    queue.join().await;
    say("join: all is done");
    consumer.await.unwrap();
}

fn say(what: &str) {
    println!("  t={:<4} {what}", now().as_millis());
}
