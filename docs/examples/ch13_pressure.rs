//! What `maxsize` does. A producer has six items at once; a consumer needs a second for each.

use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, Instant, now, sleep, spawn};
use queue::Queue;

fn main() {
    for maxsize in [0, 3, 1] {
        Executor::new(Clock::virtual_time()).run(produce_and_consume(maxsize));
    }
}

async fn produce_and_consume(maxsize: usize) {
    let queue = Rc::new(Queue::new(maxsize));
    let producer = spawn({
        let queue = queue.clone();
        async move {
            let mut put_at = Vec::new();
            for item in 1..=6 {
                queue.put(item).await.expect("nobody closes it");
                put_at.push(seconds(now()));
            }
            queue.shutdown(false);
            put_at
        }
    });
    let mut most = 0;
    while queue.get().await.is_ok() {
        most = most.max(queue.len() + 1);
        sleep(Duration::from_secs(1)).await;
    }
    let put_at = producer.await.unwrap();
    println!(
        "maxsize {maxsize}: put at {put_at:?}; at most {most} in it, done at {}",
        seconds(now())
    );
}

fn seconds(time: Instant) -> u64 {
    time.as_millis() / 1000
}
