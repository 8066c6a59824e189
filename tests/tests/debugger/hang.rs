//! A program that hangs. Its mistake is a common one; chapter 15 finds it with the debugger.

use std::rc::Rc;

use executor::{spawn, spawn_named};
use queue::Queue;

/// The sum of the squares of 1 to `last`. A worker squares them.
async fn sum_of_squares(last: u64) -> u64 {
    let jobs = Rc::new(Queue::new(2));
    let results = Rc::new(Queue::new(2));
    drop(spawn_named("worker", square(jobs.clone(), results.clone())));
    hand_out(last, &jobs).await;
    add_up(last, &results).await
}

async fn hand_out(last: u64, jobs: &Queue<u64>) {
    for n in 1..=last {
        jobs.put(n).await.expect("nobody shuts it down");
    }
}

async fn square(jobs: Rc<Queue<u64>>, results: Rc<Queue<u64>>) {
    while let Ok(n) = jobs.get().await {
        results.put(n * n).await.expect("nobody shuts it down");
    }
}

async fn add_up(last: u64, results: &Queue<u64>) -> u64 {
    let mut sum = 0;
    for _ in 1..=last {
        sum += results.get().await.expect("nobody shuts it down");
    }
    sum
}

#[test]
fn up_to_five_it_works() {
    assert_eq!(executor::run(sum_of_squares(5)), 55);
}

/// It ends if the results are taken while the jobs are handed out.
#[test]
fn the_cure() {
    let sum = executor::run(async {
        let jobs = Rc::new(Queue::new(2));
        let results = Rc::new(Queue::new(2));
        drop(spawn_named("worker", square(jobs.clone(), results.clone())));
        drop(spawn(async move { hand_out(10, &jobs).await }));
        add_up(10, &results).await
    });
    assert_eq!(sum, 385);
}

/// It never ends; chapter 15 finds out why. So it runs only if it is asked for by its whole name.
#[test]
fn up_to_ten() {
    if std::env::args().any(|argument| argument == "--exact") {
        assert_eq!(executor::run(sum_of_squares(10)), 385);
    }
}
