//! Outside a run, and a run inside a run.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Once;
use std::task::{Context, Waker};

use executor::{
    Event, Instant, JoinError, RunError, current_task, gather, now, pass, sleep, sleep_until,
    spawn, spawn_fallible, spawn_fallible_named, spawn_named, timeout, yield_now,
};
use queue::{Queue, TryGetError};

use crate::common::{Mark, ms, virtual_run};

/// What a panic said, and in which file.
fn panic_of<T>(function: impl FnOnce() -> T) -> (String, String) {
    thread_local! {
        static LAST: RefCell<(String, String)> = RefCell::default();
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let message = info.payload_as_str().unwrap_or_default().to_string();
            let file = info.location().map(|location| location.file().to_string());
            LAST.set((message, file.unwrap_or_default()));
            default(info);
        }));
    });
    let result = catch_unwind(AssertUnwindSafe(|| drop(function())));
    assert!(result.is_err(), "it was to panic");
    LAST.take()
}

/// Every function that needs a running executor says so, says what to do, and says it where it was called.
#[test]
fn outside_a_run_every_function_says_what_to_do() {
    let calls: [(&str, fn()); 11] = [
        ("spawn", || drop(spawn(async {}))),
        ("spawn", || drop(spawn_named("name", async {}))),
        ("spawn", || drop(spawn_fallible(async { Ok::<_, ()>(()) }))),
        ("spawn", || drop(spawn_fallible_named("name", async { Ok::<_, ()>(()) }))),
        ("sleep", || drop(sleep(ms(1)))),
        ("yield_now", || drop(yield_now())),
        ("sleep_until", || drop(sleep_until(Instant::ZERO))),
        ("timeout", || drop(timeout(ms(1), async {}))),
        ("now", || _ = now()),
        ("pass", || _ = pass()),
        ("current_task", || _ = current_task()),
    ];
    for (name, call) in calls {
        let (message, file) = panic_of(call);
        let expected = format!("`{name}` was used outside a running executor");
        assert!(message.starts_with(&expected), "{name}: {message}");
        assert!(message.contains("inside `executor::run(async { … })`"), "{name}: {message}");
        assert!(file.ends_with("outside.rs"), "{name} panics in {file}");
    }
}

/// A future that was made in a run, and is polled when that is over, says so, too.
#[test]
fn a_future_that_leaves_its_run() {
    let noop = || Context::from_waker(Waker::noop());
    let sleeper = virtual_run(async { sleep(ms(1)) });
    let (message, _) = panic_of(|| pin!(sleeper).poll(&mut noop()));
    assert!(message.starts_with("`sleep` was used outside a running executor"), "{message}");

    let limited = virtual_run(async { timeout(ms(1), std::future::pending::<()>()) });
    let (message, _) = panic_of(|| pin!(limited).poll(&mut noop()));
    assert!(message.starts_with("`timeout` was used outside a running executor"), "{message}");

    let gathered = virtual_run(async { gather([spawn(async {})]) });
    let (message, _) = panic_of(|| pin!(gathered).poll(&mut noop()));
    assert!(message.starts_with("`gather` was used outside a running executor"), "{message}");
}

/// What needs no loop works without one: events and queues, with any waker.
#[test]
fn what_works_without_a_run() {
    let event = Event::new();
    event.set();
    assert!(event.is_set());
    let queue = Queue::new(1);
    queue.try_put(1).unwrap();
    assert_eq!(queue.try_get(), Ok(1));
    assert_eq!(queue.try_get(), Err(TryGetError::Empty));

    futures_lite::future::block_on(async {
        event.wait().await;
        assert_eq!(queue.put(2).await, Ok(()));
        assert_eq!(queue.get().await, Ok(2));
    });
    let (message, _) = panic_of(|| futures_lite::future::block_on(queue.get()));
    assert!(message.starts_with("`Queue::get` was used outside a running executor"), "{message}");
    queue.try_put(3).unwrap();
    let (message, _) = panic_of(|| futures_lite::future::block_on(queue.put(4)));
    assert!(message.starts_with("`Queue::put` was used outside a running executor"), "{message}");
    let (message, _) = panic_of(|| futures_lite::future::block_on(queue.join()));
    assert!(message.starts_with("`Queue::join` was used outside a running executor"), "{message}");
    event.clear();
    let (message, _) = panic_of(|| futures_lite::future::block_on(event.wait()));
    assert!(message.starts_with("`Event::wait` was used outside a running executor"), "{message}");
}

/// The current task, where a run is but no task has its turn: in a waker that is not ours.
#[test]
fn current_task_where_no_task_is_running() {
    struct Asks;
    impl std::task::Wake for Asks {
        fn wake(self: std::sync::Arc<Self>) {
            let (message, _) = panic_of(current_task);
            assert!(message.contains("no task is running"), "{message}");
        }
    }
    virtual_run(async {
        let mut timer = pin!(sleep(ms(1)));
        let waker = std::sync::Arc::new(Asks).into();
        assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        sleep(ms(2)).await;
    });
}

/// `run` inside `run` says what to do instead. The outer run goes on.
#[test]
fn a_run_inside_a_run() {
    virtual_run(async {
        let (message, _) = panic_of(|| executor::run(async {}));
        let advice = "await the future, or `spawn` it, instead of calling `run` inside `run`";
        assert!(message.contains(advice), "{message}");

        let task = spawn(async { executor::run(async {}) });
        let Err(JoinError::Panicked(panic)) = task.await else { panic!("it was to panic") };
        assert!(panic.message().contains(advice));
        sleep(ms(1)).await;
    });
}

/// One run after another is no run inside a run, however the first one ended.
#[test]
fn a_run_after_a_run() {
    let stuck = executor::Executor::new(executor::Clock::virtual_time());
    assert!(matches!(stuck.try_run(std::future::pending::<()>()), Err(RunError::Stuck(_))));
    panic_of(|| virtual_run(async { panic!("the run is over") }));
    let cancelled = async {
        current_task().cancel();
        yield_now().await;
    };
    assert_eq!(stuck.try_run(cancelled), Err(RunError::Cancelled));
    assert_eq!(virtual_run(async { 1 }), 1);
}

/// A future of one run in another run: what it waited for is gone, so there is nothing to wait for.
#[test]
fn a_future_of_another_run() {
    let sleeper = virtual_run(async {
        let mut sleeper = Box::pin(sleep(ms(1)));
        assert!(Mark::new().is_pending(sleeper.as_mut()));
        sleeper
    });
    virtual_run(async {
        sleeper.await;
        assert_eq!((pass(), now().as_nanos()), (1, 0));
    });
}
