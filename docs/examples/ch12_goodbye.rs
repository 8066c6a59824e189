//! A cleanup that has to wait. The task can't do it, for it is dropped; who cancelled it can.

use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, now, pass, sleep, spawn};

fn main() {
    Executor::new(Clock::virtual_time()).run(async {
        let connection = Rc::new(Connection);
        let task = spawn({
            let connection = connection.clone();
            async move { connection.talk().await }
        });
        sleep(Duration::from_secs(1)).await;
        say(&format!("main: cancel() returns {}", task.cancel()));
        say(&format!("main: {:?}", task.await));
        // The task is gone, and with it its share of the connection, which is all ours again.
        let connection = Rc::into_inner(connection).expect("nobody else has it");
        connection.goodbye().await;
    });
}

struct Connection;

impl Connection {
    async fn talk(&self) {
        sleep(Duration::from_secs(3600)).await;
    }

    async fn goodbye(self) {
        say("main: wait a moment");
        sleep(Duration::from_secs(2)).await;
        say("main: goodbye");
    }
}

fn say(what: &str) {
    println!("t={} pass {}: {what}", now().as_millis() / 1000, pass());
}
