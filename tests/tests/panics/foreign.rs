//! Wakers of other people whose `clone` or `drop` does something: panic, or call into the executor.

use std::cell::Cell;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, RawWaker, RawWakerVTable, Wake, Waker};

use executor::{Clock, Event, Executor, gather, now, sleep, spawn, timeout, yield_now};

use crate::alone::{alone, command, is_alone};
use crate::common::{ms, passes, virtual_run};
use crate::panic_on_purpose;

/// Its last clone panics when it is dropped.
struct BadDrop;

impl Wake for BadDrop {
    fn wake(self: Arc<BadDrop>) {}
}

impl Drop for BadDrop {
    fn drop(&mut self) {
        panic_on_purpose()
    }
}

fn poll_with<F: Future>(waker: Waker, future: Pin<&mut F>) {
    assert!(future.poll(&mut Context::from_waker(&waker)).is_pending());
}

/// The loop drops it when it has used it. No task is there whose outcome the panic could be.
#[test]
fn a_foreign_waker_that_panics_when_it_is_dropped() {
    alone("foreign::a_foreign_waker_that_panics_when_it_is_dropped", || {
        virtual_run(async {
            let bad = || Waker::from(Arc::new(BadDrop));
            let event = Event::new();
            let task = spawn(sleep(ms(1)));
            let (mut joins, mut sleeps) = (task.clone(), pin!(sleep(ms(1))));
            let (mut expires, mut waits) =
                (pin!(timeout(ms(1), pending::<()>())), pin!(event.wait()));
            let mut gathers = pin!(gather([task.clone()]));
            poll_with(bad(), Pin::new(&mut joins));
            poll_with(bad(), sleeps.as_mut());
            poll_with(bad(), expires.as_mut());
            poll_with(bad(), waits.as_mut());
            poll_with(bad(), gathers.as_mut());
            assert_eq!(timeout(ms(2), task).await, Ok(Ok(())), "who came second was not told");
            event.set();
            yield_now().await;
        });
    });
}

fn waker_that_cannot_be_cloned() -> Waker {
    fn clone(_: *const ()) -> RawWaker {
        panic_on_purpose()
    }
    static TABLE: RawWakerVTable = RawWakerVTable::new(clone, |_| {}, |_| {}, |_| {});
    // SAFETY: the functions do nothing with the data.
    unsafe { Waker::from_raw(RawWaker::new(std::ptr::null(), &TABLE)) }
}

/// A sleep is handed on to such a waker when its timer is due, and then dropped. Its call, which is in the
/// queue, finds nobody else's timer in its row.
#[test]
fn a_foreign_waker_that_panics_when_it_is_cloned() {
    alone("foreign::a_foreign_waker_that_panics_when_it_is_cloned", || {
        let clock = Clock::virtual_time();
        Executor::new(clock.clone()).run(async {
            let mut sleeping = Box::pin(sleep(ms(1)));
            poll_with(Waker::noop().clone(), sleeping.as_mut());
            // In the next pass this task has its turn, and behind it stands the timer's call.
            clock.advance(ms(2));
            yield_now().await;
            let bad = waker_that_cannot_be_cloned();
            let poll = AssertUnwindSafe(|| poll_with(bad, sleeping.as_mut()));
            assert!(catch_unwind(poll).is_err());
            drop(sleeping);
            sleep(ms(10)).await;
            assert_eq!(now().as_millis(), 12, "another timer's call has woken it");
        });
    });
}

thread_local! {
    static ACT: Cell<Option<Box<dyn FnOnce()>>> = const { Cell::new(None) };
}

/// Does something when it is used.
struct ActingWaker;

impl Wake for ActingWaker {
    fn wake(self: Arc<ActingWaker>) {
        ACT.take().expect("it is used once")()
    }
}

/// A task ends; the first who is told drops the last handle, and spawns a task, which gets the same row. What is
/// still to be told of the first task's end is not the second one's: its panic is reported.
#[test]
fn a_foreign_waker_that_puts_another_task_into_the_row() {
    const TEST: &str = "foreign::a_foreign_waker_that_puts_another_task_into_the_row";
    if !is_alone(TEST) {
        let output = command(TEST).output().expect("it runs, for this is it");
        assert!(output.status.success());
        let stderr = String::from_utf8_lossy(&output.stderr);
        return assert!(stderr.contains("task 1.1 panicked, and nobody awaited it"), "{stderr}");
    }
    virtual_run(async {
        let mut task = spawn(passes(2));
        poll_with(Arc::new(ActingWaker).into(), Pin::new(&mut task));
        let mut gathering = Box::pin(gather([task.clone()]));
        poll_with(Waker::noop().clone(), gathering.as_mut());
        drop(gathering);
        ACT.set(Some(Box::new(move || {
            drop(task);
            drop(spawn(async { panic_on_purpose() }));
        })));
        passes(9).await;
    });
}
