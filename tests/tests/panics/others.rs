//! Wakers of other people that panic; clones and comparisons that do; and a stderr that is closed.

use std::cell::Cell;
use std::cmp::Ordering;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::process::Stdio;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use executor::{Event, gather, sleep, spawn, timeout, yield_now};
use queue::PriorityQueue;

use crate::alone::{alone, command, is_alone};
use crate::common::{ms, passes, virtual_run};
use crate::{panic_of, panic_on_purpose};

/// A waker of somebody else, which panics.
struct BadWaker;

impl Wake for BadWaker {
    fn wake(self: Arc<BadWaker>) {
        panic_on_purpose()
    }
}

/// Polls a future once in the name of [`BadWaker`]; it has to wait.
fn poll_with_a_bad_waker<F: Future>(future: Pin<&mut F>) {
    let waker = Waker::from(Arc::new(BadWaker));
    assert!(future.poll(&mut Context::from_waker(&waker)).is_pending());
}

/// They are called by the loop itself, when a timer fires and when a task or a gather ends: no task is
/// there whose outcome the panic could be. Everybody else goes on.
#[test]
fn a_foreign_waker_that_panics_when_a_timer_fires() {
    alone("others::a_foreign_waker_that_panics_when_a_timer_fires", || {
        virtual_run(async {
            let mut bad = pin!(sleep(ms(1)));
            poll_with_a_bad_waker(bad.as_mut());
            let good = spawn(sleep(ms(1)));
            assert_eq!(timeout(ms(2), good).await, Ok(Ok(())));
        });
    });
}

#[test]
fn a_foreign_waker_that_panics_when_a_timeout_expires() {
    alone("others::a_foreign_waker_that_panics_when_a_timeout_expires", || {
        virtual_run(async {
            let mut bad = pin!(timeout(ms(1), pending::<()>()));
            poll_with_a_bad_waker(bad.as_mut());
            sleep(ms(2)).await;
            assert!(bad.await.is_err());
        });
    });
}

#[test]
fn a_foreign_waker_that_panics_when_a_task_ends() {
    alone("others::a_foreign_waker_that_panics_when_a_task_ends", || {
        virtual_run(async {
            let task = spawn(passes(2));
            let (mut bad, good) = (task.clone(), task);
            poll_with_a_bad_waker(Pin::new(&mut bad));
            assert_eq!(timeout(ms(1), good).await, Ok(Ok(())), "who came second was not told");
        });
    });
}

#[test]
fn a_foreign_waker_that_panics_when_a_gather_ends() {
    alone("others::a_foreign_waker_that_panics_when_a_gather_ends", || {
        virtual_run(async {
            let mut bad = pin!(gather([spawn(yield_now())]));
            poll_with_a_bad_waker(bad.as_mut());
            passes(5).await;
            assert_eq!(bad.await, Ok(vec![()]));
        });
    });
}

/// Here a task calls it, and may get the panic. But it is not the fault of those in line behind.
#[test]
fn a_foreign_waker_that_panics_in_a_waiting_line() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let mut bad = pin!(event.wait());
        poll_with_a_bad_waker(bad.as_mut());
        let good = spawn({
            let event = event.clone();
            async move { event.wait().await }
        });
        yield_now().await;
        let _ = catch_unwind(AssertUnwindSafe(|| event.set()));
        assert!(event.is_set());
        assert_eq!(timeout(ms(1), good).await, Ok(Ok(())), "the event is set, but it still waits");
    });
}

/// Two tasks wait for the end of one: its value is cloned for the first, and that goes wrong.
#[test]
fn a_clone_that_panics_loses_nothing() {
    #[derive(Debug)]
    struct Value {
        clones: Rc<Cell<u32>>,
    }

    impl Clone for Value {
        fn clone(&self) -> Value {
            self.clones.set(self.clones.get() + 1);
            if self.clones.get() == 1 {
                panic_on_purpose()
            }
            Value { clones: self.clones.clone() }
        }
    }

    virtual_run(async {
        let clones = Rc::new(Cell::new(0));
        let value = Value { clones: clones.clone() };
        let task = spawn(async { value });
        let [first, second] =
            [task.clone(), task].map(|task| spawn(async move { task.await.is_ok() }));
        assert_eq!(panic_of(first.await), "on purpose");
        assert_eq!(second.await.ok(), Some(true), "the value is gone");
        assert_eq!(Rc::strong_count(&clones), 1, "the value was not dropped");
    });
}

thread_local! {
    static COMPARISONS_PANIC: Cell<bool> = const { Cell::new(false) };
}

#[derive(Debug, PartialEq, Eq)]
struct Item(u32);

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Item) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, other: &Item) -> Ordering {
        if COMPARISONS_PANIC.get() { panic_on_purpose() } else { self.0.cmp(&other.0) }
    }
}

/// The order of two items is asked for inside the queue, by who puts. He has the panic; the queue has all its
/// other items, in their order, and counts them right. Who gets compares nothing.
#[test]
fn items_that_panic_when_they_are_compared() {
    virtual_run(async {
        let queue = Rc::new(PriorityQueue::new(0));
        for item in [3, 1, 4, 0, 5] {
            queue.put(Item(item)).await.unwrap();
        }
        COMPARISONS_PANIC.set(true);
        let putter = spawn({
            let queue = queue.clone();
            async move { queue.put(Item(2)).await.is_ok() }
        });
        assert_eq!(panic_of(putter.await), "on purpose");
        let first = queue.try_get();
        COMPARISONS_PANIC.set(false);
        assert_eq!(first, Ok(Item(0)));
        queue.task_done().unwrap();
        for item in [1, 3, 4, 5] {
            assert_eq!(queue.try_get(), Ok(Item(item)));
            queue.task_done().unwrap();
        }
        assert!(queue.is_empty() && queue.task_done().is_err());
    });
}

/// "Its end was never retrieved", says stderr. If nobody reads stderr any more, that is not the loop's
/// problem.
#[test]
fn a_panic_is_reported_to_a_closed_stderr() {
    const TEST: &str = "others::a_panic_is_reported_to_a_closed_stderr";
    if is_alone(TEST) {
        // The parent closes its end of the pipe, and then this one's stdin.
        std::io::stdin().read_line(&mut String::new()).expect("it ends");
        return virtual_run(async {
            drop(spawn(async { panic_on_purpose() }));
            passes(2).await;
        });
    }
    let mut command = command(TEST);
    command.stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it runs, for this is it");
    drop(child.stderr.take());
    drop(child.stdin.take());
    let status = child.wait().expect("a child can be waited for");
    assert!(status.success(), "the process ended with {status}");
}
