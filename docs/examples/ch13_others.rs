//! Two getters wait. A task puts an item, and takes one, in one turn. Who has it? asyncio's queue and smol's channel.

use std::rc::Rc;

use executor::{Clock, Executor, JoinHandle, pass, spawn, yield_now};
use queue::Queue;

fn main() {
    Executor::new(Clock::virtual_time()).run(async {
        println!("queue:");
        let queue = Rc::new(Queue::new(0));
        let waiters = ["first", "second"].map(|name| {
            let queue = queue.clone();
            spawn(async move { got(name, queue.get().await.ok()) })
        });
        yield_now().await;
        queue.put('a').await.unwrap();
        got("main", queue.get().await.ok());
        yield_now().await;
        queue.put('b').await.unwrap();
        finish(waiters).await;
    });
    Executor::new(Clock::virtual_time()).run(async {
        println!("async-channel:");
        let (sender, receiver) = async_channel::unbounded();
        let waiters = ["first", "second"].map(|name| {
            let receiver = receiver.clone();
            spawn(async move { got(name, receiver.recv().await.ok()) })
        });
        yield_now().await;
        sender.send('a').await.unwrap();
        got("main", receiver.recv().await.ok());
        yield_now().await;
        sender.send('b').await.unwrap();
        finish(waiters).await;
    });
}

fn got(name: &str, item: Option<char>) {
    println!("  pass {}: {name} got {item:?}", pass());
}

/// Gives them time, and cancels who is still waiting.
async fn finish(waiters: [JoinHandle<()>; 2]) {
    for _ in 0..3 {
        yield_now().await;
    }
    for waiter in waiters {
        waiter.cancel();
    }
}
