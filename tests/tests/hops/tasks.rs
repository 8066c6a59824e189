//! Calls, tasks, and futures in general.

use std::pin::pin;

use executor::{Event, gather, pass, sleep, spawn, yield_now};
use futures::channel::oneshot;

use crate::common::{Log, Mark, ms, passes, seconds, virtual_run};
use crate::hops;

/// `call_soon` -> callback: +1. What calls soon here is the end of a gather's child.
#[test]
fn call_soon_to_callback() {
    virtual_run(async {
        let child = spawn(yield_now());
        let mark = Mark::new();
        let mut gather = pin!(gather([child.clone()]));
        assert!(mark.is_pending(gather.as_mut()));
        child.await.unwrap();
        let ended = pass() - 1;
        passes(2).await;
        assert_eq!(mark.pass() - ended, 1);
    });
}

/// `create_task` -> first step: +1, behind everything that is ready.
#[test]
fn create_task_to_first_step() {
    let first_step = hops(async |ruler| {
        ruler.cause();
        spawn(ruler.effect_now()).await.unwrap();
    });
    assert_eq!(first_step, 1);

    virtual_run(async {
        let log = Log::new();
        for name in ["first", "second", "third"] {
            let log = log.clone();
            drop(spawn(async move { log.add(name) }));
        }
        passes(1).await;
        assert_eq!(log.take(), ["first", "second", "third"]);
    });
}

/// `await coro()`, which is no task: 0. It never gives way by itself.
#[test]
fn await_of_a_coroutine() {
    let call = hops(async |ruler| {
        ruler.cause();
        ruler.effect_now().await;
    });
    assert_eq!(call, 0);
}

/// `sleep(0)` -> resumes: +1.
#[test]
fn sleep_0_to_resumes() {
    let yields = hops(async |ruler| {
        ruler.cause();
        yield_now().await;
    });
    assert_eq!(yields, 1);

    let sleeps_for_nothing = hops(async |ruler| {
        ruler.cause();
        sleep(ms(0)).await;
    });
    assert_eq!(sleeps_for_nothing, 1);
}

/// `Future.set_result` -> awaiting task: +1. The future is somebody else's.
#[test]
fn set_result_to_awaiting_task() {
    let resumes = hops(async |ruler| {
        let (sender, receiver) = oneshot::channel();
        drop(spawn(async move {
            ruler.cause();
            sender.send(()).unwrap();
        }));
        receiver.await.unwrap();
    });
    assert_eq!(resumes, 1);
}

/// Awaiting something already done: 0.
#[test]
fn await_of_something_done() {
    let task = hops(async |ruler| {
        let task = spawn(async {});
        passes(1).await;
        ruler.cause();
        task.await.unwrap();
    });
    assert_eq!(task, 0);

    let event = hops(async |ruler| {
        let event = Event::new();
        event.set();
        ruler.cause();
        event.wait().await;
    });
    assert_eq!(event, 0);
}

/// Task ends -> `await task` resumes: +1, several joiners in the order in which they began to wait.
#[test]
fn task_ends_to_joiner() {
    let resumes = hops(async |ruler| {
        let task = spawn(async move {
            sleep(seconds(1)).await;
            ruler.cause();
        });
        task.await.unwrap();
    });
    assert_eq!(resumes, 1);

    virtual_run(async {
        let log = Log::new();
        let task = spawn(sleep(seconds(1)));
        let joiners = ["first", "second", "third"].map(|name| {
            let (task, log) = (task.clone(), log.clone());
            spawn(async move {
                task.await.unwrap();
                log.add((name, pass()));
            })
        });
        task.await.unwrap();
        let resumed = pass();
        gather(joiners).await.unwrap();
        assert_eq!(log.take(), [("first", resumed), ("second", resumed), ("third", resumed)]);
    });
}
