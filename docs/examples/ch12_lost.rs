//! Two requests that CPython loses: see `docs/python/ch12_lost.py`.

use std::time::Duration;

use executor::{
    Clock, Executor, current_task, gather, sleep, spawn, spawn_fallible, timeout, yield_now,
};

fn main() {
    Executor::new(Clock::virtual_time()).run(async {
        // It awaits a gather. One child fails; before the gather says so, the task is asked to end.
        let gatherer = spawn(async {
            let fails = spawn_fallible(async {
                yield_now().await;
                Err("failed")
            });
            let sleeps = spawn_fallible(async {
                sleep(HOUR).await;
                Ok(())
            });
            if let Err(error) = gather([fails, sleeps]).await {
                println!("gatherer: {error}");
            }
            "done as usual"
        });
        for _ in 0..3 {
            yield_now().await;
        }
        println!("asked: {}", gatherer.cancel());
        println!("gatherer: {:?}", gatherer.await);

        // It asks itself, and goes into a block with a deadline that is over at once.
        let itself = spawn(async {
            println!("asked: {}", current_task().cancel());
            if timeout(Duration::ZERO, sleep(HOUR)).await.is_err() {
                println!("itself: too late");
            }
            "done as usual"
        });
        println!("itself: {:?}", itself.await);
    });
}

const HOUR: Duration = Duration::from_secs(3600);
