//! Timeouts: what becomes of what is inside, and who wins if several things end a wait at once.

use std::time::Duration;

use executor::{Clock, Elapsed, Executor, now, pass, sleep, spawn, timeout};

fn main() {
    Executor::new(Clock::virtual_time()).run(async {
        what_is_inside_ends_first().await;
        the_outer_one_wins().await;
        a_request_from_outside_wins().await;
    });
}

async fn what_is_inside_ends_first() {
    let inside = spawn(async {
        let _guard = Guard("inside: the task is dropped");
        sleep(100 * SECOND).await;
    });
    let result = timeout(SECOND, inside).await;
    say(&format!("inside: {result:?}"));
}

async fn the_outer_one_wins() {
    let result = timeout(SECOND, async {
        let result = timeout(SECOND, sleep(100 * SECOND)).await;
        say("outer: this line is not reached");
        result
    });
    say(&format!("outer: {:?}", result.await));
}

/// The task's time is over; and in the turn before its own, it is asked to end.
async fn a_request_from_outside_wins() {
    let task = spawn(async {
        let _: Result<(), Elapsed> = timeout(SECOND, sleep(100 * SECOND)).await;
        say("request: this line is not reached");
    });
    sleep(SECOND).await;
    task.cancel();
    say(&format!("request: {:?}", task.await));
}

const SECOND: Duration = Duration::from_secs(1);

struct Guard(&'static str);

impl Drop for Guard {
    fn drop(&mut self) {
        say(self.0);
    }
}

fn say(what: &str) {
    println!("t={} pass {}: {what}", now().as_millis() / 1000, pass());
}
