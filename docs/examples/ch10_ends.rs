//! Chapter 10: how a task ends, and who hears of it.

use std::time::Duration;

use executor::{Clock, Executor, JoinHandle, now, pass, sleep, spawn, spawn_fallible, spawn_named};

fn main() {
    run("four ends:", four_ends());
    run("nobody keeps the handle, and main goes on:", async {
        drop(spawn(Letter("to Anna").write()));
        sleep(SECOND * 5).await;
    });
    run("nobody keeps the handle, and main returns:", async {
        drop(spawn(Letter("to Boris").write()));
    });
    run("main awaits it:", async {
        let task = spawn(Letter("to Carla").write());
        task.await.expect("it was written");
    });
    run("four await one:", four_await_one());
    run("nobody looks:", nobody_looks());
}

fn run(title: &str, main: impl Future<Output = ()>) {
    println!("{title}");
    Executor::new(Clock::virtual_time()).run(main);
}

const SECOND: Duration = Duration::from_secs(1);

async fn four_ends() {
    let value = spawn(async { 6 * 7 });
    println!("  {:?}", value.await);

    let error = spawn_fallible(async { "six".parse::<u32>() });
    println!("  {:?}", error.await);

    let cancelled = spawn(sleep(SECOND));
    cancelled.cancel();
    println!("  {:?}", cancelled.await);

    let panics = spawn(async { vec![6, 7][2] });
    println!("  {:?}", panics.await);
}

/// A letter that takes a second to write. It says what becomes of it.
struct Letter(&'static str);

impl Letter {
    async fn write(self) {
        sleep(SECOND).await;
        println!("  {:?}: the letter {} is written", now(), self.0);
        // Sent: it is not to be dropped as an unwritten one.
        std::mem::forget(self);
    }
}

impl Drop for Letter {
    fn drop(&mut self) {
        println!("  the letter {} is thrown away, unwritten", self.0);
    }
}

async fn four_await_one() {
    let task = spawn(async {
        sleep(SECOND).await;
        println!("  pass {}: the task ends", pass());
        "done"
    });
    let readers = ["A", "B", "C"].map(|name| spawn(read(name, task.clone())));
    read("main", task).await;
    drop(readers);
}

async fn read(name: &str, task: JoinHandle<&'static str>) {
    let outcome = task.await;
    println!("  pass {}: {name} has {outcome:?}", pass());
}

async fn nobody_looks() {
    drop(spawn_named("the logger", async { panic!("disk full") }));
    let kept = spawn_named("the saver", async { panic!("no disk") });
    drop(spawn_fallible(async { "seven".parse::<u32>() }));
    sleep(SECOND).await;
    println!("  main goes on; the saver has ended: {}", kept.is_finished());
}
