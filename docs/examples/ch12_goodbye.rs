//! A cleanup that has to wait. The task can't do it, for it is dropped; who cancelled it can.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, now, pass, sleep, spawn};

fn main() {
    Executor::new(Clock::virtual_time()).run(async {
        let connection = Rc::new(RefCell::new(Connection));
        let task = spawn({
            let connection = connection.clone();
            async move {
                connection.borrow_mut().talk().await;
            }
        });
        sleep(Duration::from_secs(1)).await;
        say(&format!("main: cancel() returns {}", task.cancel()));
        say(&format!("main: {:?}", task.await));
        // The task is gone, and with it its borrow. The connection is ours again.
        connection.borrow_mut().goodbye().await;
    });
}

struct Connection;

impl Connection {
    async fn talk(&mut self) {
        sleep(Duration::from_secs(3600)).await;
    }

    async fn goodbye(&mut self) {
        say("main: wait a moment");
        sleep(Duration::from_secs(2)).await;
        say("main: goodbye");
    }
}

fn say(what: &str) {
    println!("t={} pass {}: {what}", now().as_millis() / 1000, pass());
}
