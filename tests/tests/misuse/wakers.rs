//! Wakers that are used too late, or too often. A waker is a number: it is looked up, and what is not there
//! is not woken.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;

use executor::{Event, sleep, spawn, yield_now};

use crate::common::{Log, ms, passes, virtual_run};

/// The waker of the task that awaits this.
async fn own_waker() -> Waker {
    poll_fn(|cx| Poll::Ready(cx.waker().clone())).await
}

/// A task that waits for the event, and counts how often it is polled.
fn counting(event: &Rc<Event>, polls: &Rc<Cell<u32>>) -> impl Future<Output = ()> + 'static {
    let (event, polls) = (event.clone(), polls.clone());
    async move {
        let mut wait = Box::pin(event.wait());
        poll_fn(|cx| {
            polls.set(polls.get() + 1);
            wait.as_mut().poll(cx)
        })
        .await;
    }
}

/// A million wakes in one pass are one poll in the next.
#[test]
fn a_million_wakes_are_one_poll() {
    virtual_run(async {
        let (event, polls) = (Rc::new(Event::new()), Rc::new(Cell::new(0)));
        let waker = Log::new();
        let task = spawn({
            let (counting, waker) = (counting(&event, &polls), waker.clone());
            async move {
                waker.add(own_waker().await);
                counting.await;
            }
        });
        passes(1).await;
        assert_eq!(polls.get(), 1);
        let waker = waker.take().remove(0);
        for _ in 0..1_000_000 {
            waker.wake_by_ref();
        }
        passes(3).await;
        assert_eq!(polls.get(), 2);
        event.set();
        task.await.unwrap();
        assert_eq!(polls.get(), 3);
    });
}

/// A waker whose task has ended wakes nobody; not even the task that has its row in the table now.
#[test]
fn a_waker_whose_task_has_ended() {
    virtual_run(async {
        let task = spawn(own_waker());
        let first = task.id();
        let waker = task.await.unwrap();
        let (event, polls) = (Rc::new(Event::new()), Rc::new(Cell::new(0)));
        let next = spawn(counting(&event, &polls));
        assert_eq!(next.id().to_string(), format!("{first}.1"), "the same row");
        passes(1).await;
        assert_eq!(polls.get(), 1);

        assert!(!waker.will_wake(&own_waker().await));
        waker.wake_by_ref();
        waker.wake();
        passes(2).await;
        assert_eq!(polls.get(), 1);
        event.set();
        next.await.unwrap();
    });
}

/// A waker whose executor has ended wakes nobody; not in the next run, either.
#[test]
fn a_waker_whose_run_is_over() {
    let waker = virtual_run(own_waker());
    waker.wake_by_ref();
    virtual_run(async {
        waker.wake_by_ref();
        let polls = Cell::new(0);
        let counted = poll_fn(|_| {
            polls.set(polls.get() + 1);
            waker.wake_by_ref();
            Poll::<()>::Pending
        });
        futures_lite::future::or(counted, sleep(ms(1))).await;
        assert_eq!(polls.get(), 2, "at the beginning, and when the sleep was over");
    });
    drop(waker);
}

/// A thread has a waker, and lives on when the executor is gone.
#[test]
fn a_waker_on_a_thread_that_lives_longer() {
    let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
    let thread = thread::spawn(move || {
        let wakers: Vec<Waker> = receiver.iter().collect();
        for waker in &wakers {
            waker.wake_by_ref();
            assert!(waker.will_wake(&waker.clone()));
        }
        wakers.len()
    });
    for _ in 0..3 {
        executor::run(async {
            let task = spawn(own_waker());
            sender.send(own_waker().await).unwrap();
            sender.send(task.await.unwrap()).unwrap();
        });
    }
    drop(sender);
    assert_eq!(thread.join().unwrap(), 6);
}

/// Wakers as keys: those of one task are equal, those of two are not.
#[test]
fn wakers_of_one_task_are_equal() {
    virtual_run(async {
        let (one, same) = (own_waker().await, own_waker().await);
        yield_now().await;
        assert!(one.will_wake(&same) && one.will_wake(&own_waker().await));
        let other = spawn(own_waker()).await.unwrap();
        assert!(!one.will_wake(&other));
    });
}

/// A waker that is forgotten costs nothing: no reference is counted, no memory held.
#[test]
fn wakers_that_are_forgotten() {
    let memory = Rc::new(());
    virtual_run(async {
        let held = memory.clone();
        let task = spawn(async move {
            std::mem::forget(own_waker().await);
            let _held = held;
            pending::<()>().await;
        });
        passes(1).await;
        task.cancel();
        assert!(task.await.is_err());
        assert_eq!(Rc::strong_count(&memory), 1);
    });
}
