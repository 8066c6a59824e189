//! A little of everything, for tools that look at each access to memory and are slow at it: Miri, valgrind,
//! the sanitizers.
//!
//! No test here needs long, a real clock or a file, and together they go through every line of `unsafe`:
//! futures of all sizes in their blocks, outcomes that take their place, borrows of the main future,
//! wakers on other threads, executors that are gone.
//!
//! ```text
//! cargo +nightly miri test -p tests --test miri_smoke
//! ```

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::panic::resume_unwind;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use executor::{
    Clock, Event, Executor, JoinError, RunError, current_task, gather, gather_all, sleep, spawn,
    spawn_fallible, spawn_named, timeout, yield_now,
};
use futures_lite::StreamExt;
use futures_lite::future::{or, zip};
use queue::{LifoQueue, PriorityQueue, Queue};

fn run<F: Future>(future: F) -> F::Output {
    Executor::new(Clock::virtual_time()).run(future)
}

async fn own_waker() -> Waker {
    poll_fn(|cx| Poll::Ready(cx.waker().clone())).await
}

/// A future of so many bytes, and an output of as many.
async fn of_size<const SIZE: usize>() -> [u8; SIZE] {
    let content = [7; SIZE];
    yield_now().await;
    content
}

#[test]
fn futures_and_outcomes_of_all_sizes() {
    run(async {
        for _ in 0..3 {
            assert_eq!(spawn(of_size::<0>()).await, Ok([]));
            assert_eq!(spawn(of_size::<1>()).await, Ok([7]));
            assert_eq!(spawn(of_size::<333>()).await, Ok([7; 333]));
            assert_eq!(spawn(of_size::<5000>()).await, Ok([7; 5000]));
        }
        #[repr(align(128))]
        struct Wide(u8);
        let wide = spawn(async {
            let wide = Wide(5);
            yield_now().await;
            wide
        });
        assert_eq!(wide.await.map(|wide| (wide.0, (&raw const wide).addr() % 128)), Ok((5, 0)));
    });
}

#[test]
fn every_way_to_end() {
    run(async {
        let value = Rc::new(1);
        let output = value.clone();
        let ends = [
            spawn_fallible(async { Ok(output) }),
            spawn_fallible(async { Err(String::from("no")) }),
            spawn_fallible(async { resume_unwind(Box::new("on purpose")) }),
            spawn_fallible(pending()),
            spawn_fallible(async {
                current_task().cancel();
                Ok(Rc::new(2))
            }),
        ];
        ends[3].cancel();
        let clones = ends.clone();
        let ends = gather_all(ends).await;
        assert_eq!(ends[0], Ok(value.clone()));
        assert_eq!(ends[1], Err(JoinError::Failed(String::from("no"))));
        assert!(
            matches!(&ends[2], Err(JoinError::Panicked(panic)) if panic.message() == "on purpose")
        );
        assert_eq!(ends[3..], [Err(JoinError::Cancelled), Err(JoinError::Cancelled)]);
        assert_eq!(gather_all(clones).await, ends);
        drop(ends);
        assert_eq!(Rc::strong_count(&value), 1);
    });
}

/// The main future may borrow, and it is dropped before what it borrows, however the run ends.
#[test]
fn a_main_future_that_borrows() {
    let (mut text, count) = (String::from("main"), Cell::new(0));
    run(async {
        yield_now().await;
        text.push_str(" borrows");
        count.set(1);
    });
    assert_eq!((text.as_str(), count.get()), ("main borrows", 1));
    let stuck = Executor::new(Clock::virtual_time()).try_run(async {
        drop(spawn_named("left", pending::<()>()));
        let _borrow = &mut text;
        pending::<()>().await
    });
    assert!(matches!(stuck, Err(RunError::Stuck(_))));
    text.clear();
}

#[test]
fn queues_events_timers_and_combinators() {
    run(async {
        let (queue, event) = (Rc::new(Queue::new(1)), Rc::new(Event::new()));
        let producer = spawn({
            let (queue, event) = (queue.clone(), event.clone());
            async move {
                event.wait().await;
                for item in 0..5 {
                    queue.put(Box::new(item)).await.unwrap();
                    sleep(Duration::from_millis(item)).await;
                }
                queue.shutdown(false);
            }
        });
        assert!(timeout(Duration::from_millis(1), queue.get()).await.is_err());
        event.set();
        assert_eq!(queue.stream().map(|item| *item).collect::<Vec<_>>().await, [0, 1, 2, 3, 4]);
        let racing = or(async { Some(producer.await) }, async { None });
        assert_eq!(zip(racing, yield_now()).await.0, Some(Ok(())));

        let (last, smallest) = (LifoQueue::new(0), PriorityQueue::new(0));
        for item in [2, 1, 3].map(Box::new) {
            last.try_put(item.clone()).unwrap();
            smallest.try_put(item).unwrap();
        }
        assert_eq!((last.try_get(), smallest.try_get()), (Ok(Box::new(3)), Ok(Box::new(1))));
        last.shutdown(true);
    });
}

/// Wakers on another thread: while their task waits, when it has ended, when its executor is gone.
#[test]
fn wakers_on_another_thread() {
    let waker = executor::run(async {
        let waker = own_waker().await;
        let mut other = Some(waker.clone());
        let mut threads = Vec::new();
        poll_fn(|_| match other.take() {
            Some(waker) => {
                threads.push(thread::spawn(|| waker.wake()));
                Poll::Pending
            }
            None => Poll::Ready(()),
        })
        .await;
        let task = spawn(own_waker());
        let ended = task.await.unwrap();
        threads.push(thread::spawn(move || ended.wake_by_ref()));
        gather([spawn(yield_now())]).await.unwrap();
        for thread in threads {
            thread.join().unwrap();
        }
        waker
    });
    thread::spawn(move || waker.wake()).join().unwrap();
}
