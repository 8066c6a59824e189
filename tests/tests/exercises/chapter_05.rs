//! Checks of chapter 5.

use std::collections::VecDeque;
use std::pin::pin;
use std::task::Poll;

use executor::{spawn, yield_now};

use crate::exercise_05::{
    Flag, ReadyQueue, first_program, passes_of_the_first_program, passes_of_the_second_program,
    second_program,
};
use crate::turns::{passes, turn};
use crate::wakes::Wakes;

#[test]
fn exercise_1_the_first_program() {
    let answer = passes_of_the_first_program();
    assert_eq!(answer, passes(first_program()).unwrap(), "your passes, and those of the run");
}

#[test]
fn exercise_1_the_second_program() {
    let answer = passes_of_the_second_program();
    assert_eq!(answer, passes(second_program()).unwrap(), "your passes, and those of the run");
}

#[test]
fn exercise_2_what_is_pushed_meanwhile_waits_for_the_next_pass() {
    let mut queue = ReadyQueue::default();
    queue.push(1);
    queue.push(2);
    assert_eq!(queue.pop(), None, "no pass has begun");
    queue.start_pass();
    assert_eq!(queue.pop(), Some(1), "first in, first out");
    queue.push(1);
    assert_eq!(queue.pop(), Some(2));
    assert_eq!(queue.pop(), None, "1 was pushed while the pass ran: it is for the next");
    queue.start_pass();
    assert_eq!((queue.pop(), queue.pop()), (Some(1), None));
}

#[test]
fn exercise_2_does_as_asyncio() {
    // asyncio's queue: one line, and as many turns as it was long when the pass began.
    let mut asyncio = VecDeque::new();
    let mut queue = ReadyQueue::default();
    for task in 0..3 {
        asyncio.push_back(task);
        queue.push(task);
    }
    for pass in 0..100 {
        queue.start_pass();
        for turn in 0..asyncio.len() {
            let task = asyncio.pop_front();
            assert_eq!(queue.pop(), task, "pass {pass}, turn {turn}");
            // Some end, some give way, some spawn: up to two come back for each.
            let task = task.unwrap();
            for new in 0..(task * 7 + pass) % 3 {
                if asyncio.len() < 10 {
                    asyncio.push_back(task + 3 * new + 1);
                    queue.push(task + 3 * new + 1);
                }
            }
        }
        assert_eq!(queue.pop(), None, "pass {pass} is over");
        if asyncio.is_empty() {
            asyncio.push_back(pass);
            queue.push(pass);
        }
    }
}

#[test]
fn exercise_3_wakes_everybody_in_their_order() {
    let program = async {
        let flag = Flag::default();
        let wait_for = |name, flag: Flag| async move {
            flag.wait().await;
            turn(name);
        };
        let tasks = ["A", "B", "C"].map(|name| spawn(wait_for(name, flag.clone())));
        yield_now().await;
        turn("main");
        flag.set();
        for task in tasks {
            task.await.unwrap();
        }
        flag.wait().await;
        turn("main");
    };
    let passes = passes(program).unwrap_or_else(|stuck| panic!("somebody was not woken: {stuck}"));
    assert_eq!(passes, ["", "main", "A B C", "main"]);
}

#[test]
fn exercise_3_who_is_woken_for_nothing_keeps_its_place() {
    let (a, b, later) = (Wakes::new(), Wakes::new(), Wakes::new());
    let flag = Flag::default();
    let mut first = pin!(flag.wait());
    let mut second = pin!(flag.wait());
    assert_eq!(a.poll(first.as_mut()), Poll::Pending);
    assert_eq!(b.poll(second.as_mut()), Poll::Pending);
    assert_eq!(later.poll(first.as_mut()), Poll::Pending, "a spurious wake, and another waker");
    flag.set();
    assert_eq!(
        (a.count(), b.count(), later.count()),
        (0, 1, 1),
        "wakes: one for each who waits, to the waker it left last"
    );
    assert_eq!(a.poll(first), Poll::Ready(()));
    assert_eq!(a.poll(second), Poll::Ready(()));
}
