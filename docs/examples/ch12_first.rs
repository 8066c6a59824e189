//! A task that sleeps, is cancelled, and awaited.

use std::time::Duration;

use executor::{Clock, Executor, now, pass, sleep, spawn, yield_now};

fn main() {
    Executor::new(Clock::virtual_time()).run(async {
        let task = spawn(async {
            let _guard = Guard;
            say("the task sleeps for an hour");
            sleep(Duration::from_secs(3600)).await;
            say("this line is never reached");
        });
        sleep(Duration::from_secs(1)).await;
        say(&format!("main asks; the answer is {}", task.cancel()));
        say(&format!("has the task ended? {}", task.is_finished()));
        yield_now().await;
        say(&format!("has the task ended? {}", task.is_finished()));
        say(&format!("its end is {:?}", task.await));
    });
}

/// What a `finally` is in Python.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        say("the task's guard is dropped");
    }
}

fn say(what: &str) {
    println!("t={} pass {}: {what}", now().as_millis() / 1000, pass());
}
