//! A program that dies in the middle of its work: what its core dump tells.

use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Event, Executor, sleep, spawn_named};

async fn wait_for(event: Rc<Event>) {
    event.wait().await;
}

async fn dies() {
    sleep(Duration::from_secs(3)).await;
    std::process::abort();
}

/// It aborts. So it runs only if it is asked for by its whole name.
#[test]
fn it_aborts() {
    if std::env::args().any(|argument| argument == "--exact") {
        Executor::new(Clock::virtual_time()).run(async {
            let event = Rc::new(Event::new());
            let patient = spawn_named("patient", wait_for(event.clone()));
            let victim = spawn_named("victim", dies());
            victim.await.ok();
            patient.await.ok();
        });
    }
}
