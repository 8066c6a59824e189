//! Checks of chapter 13.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, JoinError, now, sleep, spawn, yield_now};

use crate::exercise_13::{Semaphore, crew, who_gets_them};
use crate::traces::Trace;

#[test]
fn exercise_1_who_gets_them() {
    let trace = Trace::of(
        r#"{"queues": [0], "tasks": [
            [["spawn", 1], ["spawn", 2], ["spawn", 3], ["spawn", 4], ["spawn", 5], ["sleep", 30]],
            [["get", 0]],
            [["get", 0]],
            [["sleep", 10], ["put", 0, 1], ["put", 0, 2], ["cancel", 1], ["sleep", 10], ["put", 0, 3]],
            [["sleep", 10], ["get", 0]],
            [["get", 0]]]}"#,
    );
    let getter = |event: &&str| event[1..2].parse().expect("a task");
    let got: Vec<u32> = trace.events(" get ").iter().map(getter).collect();
    assert_eq!(who_gets_them().as_slice(), got, "your answer, and what the loop does\n{trace}");
}

#[test]
fn exercise_2_a_crew() {
    let (done, at_work, most) =
        (Rc::new(RefCell::new(Vec::new())), Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let work = {
        let (done, at_work, most) = (done.clone(), at_work.clone(), most.clone());
        async move |item: u32| {
            at_work.set(at_work.get() + 1);
            most.set(most.get().max(at_work.get()));
            sleep(Duration::from_secs(1)).await;
            at_work.set(at_work.get() - 1);
            done.borrow_mut().push(item);
        }
    };
    Executor::new(Clock::virtual_time()).run(async {
        crew(3, (1..=7).collect(), work).await;
        assert_eq!(now().as_millis(), 3_000, "seven items, three at a time, a second each");
        assert_eq!(*done.borrow(), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(most.get(), 3, "three at a time");
        assert_eq!(Rc::strong_count(&done), 1, "no worker is left");
    });
}

#[test]
fn exercise_3_a_wake_up_is_passed_on() {
    Executor::new(Clock::virtual_time()).run(async {
        let semaphore = Rc::new(Semaphore::new(0));
        let [first, second, third] = [(); 3].map(|()| {
            let semaphore = semaphore.clone();
            spawn(async move { semaphore.acquire().await })
        });
        yield_now().await;
        semaphore.release();
        first.cancel();
        assert_eq!(first.await, Err(JoinError::Cancelled));
        assert_eq!(second.await, Ok(()), "the first was woken, and can't come: the second can");

        // Who only stood in line has nothing to pass on; and who was woken for a permit that is gone, neither.
        third.cancel();
        assert_eq!(third.await, Err(JoinError::Cancelled));
        assert_eq!(semaphore.permits.get(), 0);
        semaphore.release();
        semaphore.acquire().await;
        assert_eq!(semaphore.permits.get(), 0, "nobody stands in line any more");
    });
}
