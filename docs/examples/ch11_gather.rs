//! Chapter 11: `gather`, beside a loop over the handles and beside `zip`, which polls futures in one task.

use std::cell::RefCell;
use std::fmt::Debug;
use std::time::Duration;

use executor::{
    Clock, Executor, JoinError, JoinHandle, gather, gather_all, now, pass, sleep, spawn,
    spawn_fallible, yield_now,
};
use futures_lite::future::{try_zip, zip};

const SECOND: Duration = Duration::from_secs(1);

fn main() {
    run("turns with gather:", async {
        turn("main");
        let [a, b, _x] = ["A", "B", "X"].map(|name| spawn(three_turns(name)));
        gather([a, b]).await.expect("they only take turns");
        turn("main");
    });
    run("turns with zip:", async {
        turn("main");
        let _x = spawn(three_turns("X"));
        zip(three_turns("A"), three_turns("B")).await;
        turn("main");
    });

    run("one fails, one after the other:", async {
        let tasks = [spawn_fallible(slow()), spawn_fallible(fails())];
        tell(one_after_the_other(tasks).await);
        sleep(SECOND * 5).await;
    });
    run("one fails, gather:", async {
        let tasks = [spawn_fallible(slow()), spawn_fallible(fails())];
        tell(gather(tasks).await);
        sleep(SECOND * 5).await;
    });
    run("one fails, gather_all:", async {
        let tasks = [spawn_fallible(slow()), spawn_fallible(fails())];
        tell(gather_all(tasks).await);
    });
    run("one fails, zip:", async {
        tell(try_zip(slow(), fails()).await);
        sleep(SECOND * 5).await;
    });

    run("cancelled, gather:", async {
        let outer = spawn(async {
            let _guard = Guard("the outer task");
            let tasks = ["A", "B"].map(|name| spawn(waits(name)));
            gather(tasks).await
        });
        cancel_after_a_second(outer).await;
    });
    run("cancelled, zip:", async {
        let outer = spawn(async {
            let _guard = Guard("the outer task");
            zip(waits("A"), waits("B")).await
        });
        cancel_after_a_second(outer).await;
    });
}

fn run(title: &str, main: impl Future<Output = ()>) {
    println!("{title}");
    Executor::new(Clock::virtual_time()).run(main);
    print_turns();
}

/// What one would write at first.
async fn one_after_the_other<T: 'static, E: 'static>(
    handles: [JoinHandle<T, E>; 2],
) -> Result<Vec<T>, JoinError<E>> {
    let mut values = Vec::new();
    for handle in handles {
        values.push(handle.await?);
    }
    Ok(values)
}

fn tell(result: impl Debug) {
    println!("  {:?}: {result:?}", now());
}

async fn slow() -> Result<u32, &'static str> {
    let guard = Guard("the slow one");
    sleep(SECOND * 3).await;
    println!("  {:?}: the slow one has ended", now());
    guard.off();
    Ok(3)
}

async fn fails() -> Result<u32, &'static str> {
    sleep(SECOND).await;
    Err("out of paper")
}

async fn waits(name: &'static str) {
    let _guard = Guard(name);
    sleep(SECOND * 3).await;
}

async fn cancel_after_a_second<T: 'static>(outer: JoinHandle<T>) {
    sleep(SECOND).await;
    println!("  pass {}: main asks the outer task to end", pass());
    outer.cancel();
    let cancelled = outer.await.is_err();
    println!("  pass {}: main hears of it: cancelled is {cancelled}", pass());
}

/// Says when it is dropped.
struct Guard(&'static str);

impl Guard {
    fn off(self) {
        std::mem::forget(self);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        println!("  pass {}: {} is dropped", pass(), self.0);
    }
}

async fn three_turns(name: &'static str) {
    turn(name);
    for _ in 0..2 {
        yield_now().await;
        turn(name);
    }
}

thread_local! {
    static TURNS: RefCell<Vec<(u64, &'static str)>> = const { RefCell::new(Vec::new()) };
}

fn turn(name: &'static str) {
    TURNS.with_borrow_mut(|turns| turns.push((pass(), name)));
}

/// A line for each pass.
fn print_turns() {
    let turns = TURNS.take();
    let last = turns.last().map_or(0, |turn| turn.0);
    for pass in 1..=last {
        let names = turns.iter().filter(|turn| turn.0 == pass).map(|turn| turn.1);
        let names = names.collect::<Vec<_>>().join(" ");
        println!("  pass {pass}: {}", if names.is_empty() { "nobody" } else { &names });
    }
}
