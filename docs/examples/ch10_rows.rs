//! Chapter 10: rows of the task table, who has them one after the other, and in which memory.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use executor::{Clock, Executor, spawn, yield_now};

fn main() {
    run("rows:", rows());
    run("a stale ticket:", stale());
    run("memory:", memory());
}

fn run(title: &str, main: impl Future<Output = ()>) {
    println!("{title}");
    Executor::new(Clock::virtual_time()).run(main);
}

async fn rows() {
    let first = spawn(async {});
    println!("  the first is task {}", first.id());
    first.await.expect("it does nothing");

    let second = spawn(async {});
    println!("  the second is task {}: the first has been awaited", second.id());
    yield_now().await;

    let third = spawn(async {});
    let ended = second.is_finished();
    println!(
        "  the third is task {}: the second has ended ({ended}), but its handle is kept",
        third.id()
    );
    drop(second);

    let fourth = spawn(async {});
    println!("  the fourth is task {}: the handle of the second is gone", fourth.id());
}

async fn stale() {
    let former = spawn(poll_fn(|cx| Poll::Ready(cx.waker().clone())));
    let stale: Waker = former.await.expect("it returns its waker");

    let polls = Rc::new(Cell::new(0));
    let own = Rc::new(Cell::new(None));
    let task = spawn(waits_for_ever(polls.clone(), own.clone()));
    yield_now().await;
    println!("  task {} waits; polls: {}", task.id(), polls.get());

    stale.wake();
    yield_now().await;
    println!("  the waker of the row's former owner was used; polls: {}", polls.get());

    own.take().expect("it has been polled").wake();
    yield_now().await;
    println!("  its own waker was used; polls: {}", polls.get());
}

/// Counts its polls, and leaves its waker where others find it.
fn waits_for_ever(
    polls: Rc<Cell<u32>>,
    waker: Rc<Cell<Option<Waker>>>,
) -> impl Future<Output = ()> {
    poll_fn(move |cx| {
        polls.set(polls.get() + 1);
        waker.set(Some(cx.waker().clone()));
        Poll::Pending
    })
}

async fn memory() {
    let [first, second] = [spawn(place()), spawn(place())];
    let (first, second) = (first.await, second.await);
    println!("  two at the same time are in the same place: {}", first == second);
    let third = spawn(place()).await;
    println!("  the next one is where the last one was: {}", third == second);
}

/// Where a variable is that lives longer than a poll: inside the task's future.
async fn place() -> usize {
    let here = Cell::new(0_u8);
    yield_now().await;
    here.as_ptr().addr()
}
