//! `GatherTestsBase`, `FutureGatherTests`, `CoroutineGatherTests`, and what `BaseTaskTests` has on `gather`.

use std::cell::Cell;
use std::rc::Rc;

use executor::{
    Event, JoinError, JoinHandle, gather, gather_all, now, pass, sleep, spawn, spawn_fallible,
};
use queue::Queue;

use crate::common::{Log, ms, passes, virtual_run};

type Outcome = Result<u32, &'static str>;
type Child = JoinHandle<u32, &'static str>;

/// A task that ends when it is told, and as it is told. CPython's tests use a bare `Future`.
struct Promise(Rc<Queue<Outcome>>);

impl Promise {
    fn set(&self, outcome: Outcome) {
        self.0.try_put(outcome).unwrap();
    }
}

/// So many children, and the promises by which they are told.
fn children<const N: usize>() -> ([Promise; N], [Child; N]) {
    let promises = [(); N].map(|()| Promise(Rc::new(Queue::new(0))));
    let children = promises.each_ref().map(|promise| {
        let outcome = promise.0.clone();
        spawn_fallible(async move { outcome.get().await.unwrap() })
    });
    (promises, children)
}

/// As many passes as it takes until nobody is ready any more.
async fn run_until_idle() {
    passes(10).await;
}

/// It is not done before its last child is; then the results stand in the order of the arguments,
/// whatever the order in which the children ended.
#[test]
fn test_success() {
    virtual_run(async {
        let ([a, b, c], children) = children();
        let gatherer = spawn(gather(children));
        b.set(Ok(1));
        a.set(Ok(2));
        run_until_idle().await;
        assert!(!gatherer.is_finished());
        c.set(Ok(3));
        run_until_idle().await;
        assert!(gatherer.is_finished());
        assert_eq!(gatherer.await, Ok(Ok(vec![2, 1, 3])));
    });
}

/// The same with `return_exceptions=True`.
#[test]
fn test_result_exception_success() {
    virtual_run(async {
        let ([a, b, c], children) = children();
        let gatherer = spawn(gather_all(children));
        b.set(Ok(1));
        a.set(Ok(2));
        run_until_idle().await;
        assert!(!gatherer.is_finished());
        c.set(Ok(3));
        run_until_idle().await;
        assert!(gatherer.is_finished());
        assert_eq!(gatherer.await, Ok(vec![Ok(2), Ok(1), Ok(3)]));
    });
}

/// It fails with the first child that fails, at once. What the others do later, whatever it is,
/// changes nothing.
#[test]
fn test_one_exception() {
    virtual_run(async {
        let ([a, b, c, _, e], children) = children();
        let d = children[3].clone();
        let gatherer = spawn(gather(children));
        a.set(Ok(1));
        b.set(Err("ZeroDivisionError"));
        run_until_idle().await;
        assert!(gatherer.is_finished());

        c.set(Ok(3));
        assert!(d.cancel());
        e.set(Err("RuntimeError"));
        run_until_idle().await;
        assert_eq!(gatherer.await, Ok(Err(JoinError::Failed("ZeroDivisionError"))));
    });
}

/// With `return_exceptions=True` it waits for all, and failures are results in their places.
#[test]
fn test_return_exceptions() {
    virtual_run(async {
        let ([a, b, c, d], children) = children();
        let gatherer = spawn(gather_all(children));
        b.set(Ok(1));
        c.set(Err("ZeroDivisionError"));
        a.set(Ok(3));
        run_until_idle().await;
        assert!(!gatherer.is_finished());
        d.set(Err("RuntimeError"));
        run_until_idle().await;
        assert!(gatherer.is_finished());
        let failed = |error| Err(JoinError::Failed(error));
        let expected = vec![Ok(3), Ok(1), failed("ZeroDivisionError"), failed("RuntimeError")];
        assert_eq!(gatherer.await, Ok(expected));
    });
}

/// Of no tasks at all: done at once.
#[test]
fn test_constructor_empty_sequence_use_running_loop() {
    virtual_run(async {
        assert_eq!(gather::<u32, &str>([]).await, Ok(vec![]));
        assert_eq!(gather_all::<u32, &str>([]).await, []);
        assert_eq!(pass(), 1);
    });
}

/// A child is cancelled: the gather *fails* with that. Neither it nor who awaits it is itself cancelled.
#[test]
fn test_one_cancellation() {
    virtual_run(async {
        let ([a, _, c, _, e], children) = children();
        let (b, d) = (children[1].clone(), children[3].clone());
        let gatherer = spawn(gather(children));
        a.set(Ok(1));
        b.cancel();
        run_until_idle().await;
        assert!(gatherer.is_finished());

        c.set(Ok(3));
        d.cancel();
        e.set(Err("RuntimeError"));
        run_until_idle().await;
        assert_eq!(gatherer.await, Ok(Err(JoinError::Cancelled)));
    });
}

/// With `return_exceptions=True` cancellations are results too.
#[test]
fn test_result_exception_one_cancellation() {
    virtual_run(async {
        let ([a, b, _, d, _, f], children) = children();
        let (c, e) = (children[2].clone(), children[4].clone());
        let gatherer = spawn(gather_all(children));
        a.set(Ok(1));
        b.set(Err("ZeroDivisionError"));
        c.cancel();
        run_until_idle().await;
        assert!(!gatherer.is_finished());

        d.set(Ok(3));
        e.cancel();
        f.set(Err("RuntimeError"));
        let expected = vec![
            Ok(1),
            Err(JoinError::Failed("ZeroDivisionError")),
            Err(JoinError::Cancelled),
            Ok(3),
            Err(JoinError::Cancelled),
            Err(JoinError::Failed("RuntimeError")),
        ];
        assert_eq!(gatherer.await, Ok(expected));
    });
}

/// The same child several times runs once, and its result is there as often as the child.
#[test]
fn test_duplicate_coroutines() {
    virtual_run(async {
        let runs = Rc::new(Cell::new(0));
        let abc = spawn({
            let runs = runs.clone();
            async move {
                runs.set(runs.get() + 1);
                "abc"
            }
        });
        let def = spawn(async { "def" });
        let results = gather([abc.clone(), abc.clone(), def, abc]).await;
        assert_eq!(results, Ok(vec!["abc", "abc", "def", "abc"]));
        assert_eq!(runs.get(), 1);
    });
}

/// Cancelling the task that awaits a gather cancels every child.
#[test]
fn test_cancellation_broadcast() {
    virtual_run(async {
        let log = Log::new();
        let children = [(); 2].map(|()| {
            let log = log.clone();
            spawn(async move {
                Event::new().wait().await;
                log.add("a child goes on");
            })
        });
        let [first, second] = children.clone();
        let outer = spawn({
            let log = log.clone();
            async move {
                let _ = gather(children).await;
                log.add("outer goes on");
            }
        });
        passes(1).await;
        assert!(outer.cancel());
        assert_eq!(outer.await, Err(JoinError::Cancelled));
        assert!(!first.cancel(), "it has ended already");
        assert_eq!(first.await, Err(JoinError::Cancelled));
        assert_eq!(second.await, Err(JoinError::Cancelled));
        assert_eq!(log.take(), [""; 0]);
    });
}

/// A second child fails when the gather has failed already. (That this is not reported as an error which
/// nobody has seen: see `misuse::reports::a_failure_that_a_gather_has_heard_of_is_not_reported`.)
#[test]
fn test_exception_marking() {
    virtual_run(async {
        let ([a, b], children) = children();
        let outer = spawn(gather(children));
        passes(1).await;
        a.set(Err("the first"));
        passes(1).await;
        b.set(Err("the second"));
        passes(2).await;
        assert!(outer.is_finished());
        assert_eq!(outer.await, Ok(Err(JoinError::Failed("the first"))));
    });
}

/// When all children are done a gather can't be cancelled any more, though it is not done itself: that takes
/// one more call. The task that awaits it is cancelled, but goes on by the gather, not before.
#[test]
fn test_cancel_gather_1() {
    virtual_run(async {
        let ([promise], [child]) = children();
        let gatherer = spawn(gather([child.clone()]));
        passes(2).await;
        promise.set(Ok(42));
        passes(1).await;
        assert!(child.is_finished());
        gatherer.cancel();
        passes(1).await;
        assert!(!gatherer.is_finished(), "it would be, if its wait had been cancelled");
        passes(1).await;
        assert!(gatherer.is_finished());
        assert_eq!(gatherer.await, Err(JoinError::Cancelled));
        assert_eq!(child.await, Ok(42));
    });
}

/// `gather(…, return_exceptions=True)` does not swallow the cancellation of the task that awaits it.
#[test]
fn test_cancel_gather_2() {
    virtual_run(async {
        let task = spawn(async {
            loop {
                let child = spawn(sleep(ms(50)));
                gather_all([child]).await;
                assert!(now().as_millis() < 1000, "it goes on and on");
            }
        });
        sleep(ms(220)).await;
        task.cancel();
        assert_eq!(task.await, Err::<(), _>(JoinError::Cancelled));
        assert_eq!(now().as_millis(), 220);
    });
}
