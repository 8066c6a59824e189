//! A future begins to wait in one task, and goes on in another: who polled it last is who is woken.

use std::pin::Pin;
use std::rc::Rc;

use executor::{Event, JoinError, gather, now, sleep, spawn, timeout};
use futures_lite::future::poll_once;
use queue::Queue;

use crate::common::{Mark, passes, seconds, virtual_run};

/// Polls a future once in this task, awaits it in another, and gives what comes of it.
async fn begun_here_and_awaited_there<T: 'static>(
    future: impl Future<Output = T> + 'static,
) -> Result<T, JoinError> {
    let mut future: Pin<Box<dyn Future<Output = T>>> = Box::pin(future);
    assert!(poll_once(future.as_mut()).await.is_none(), "it has to wait");
    let task = spawn(future);
    passes(2).await;
    task.await
}

/// Not to another thread: there nobody could take a timer out of the wheel. The compiler sees to it: if one of
/// these could be sent, it would not know which `check` is meant.
#[test]
fn to_another_thread_is_no_program() {
    trait Check<Ambiguous> {
        fn check() {}
    }
    impl<T: ?Sized> Check<()> for T {}
    impl<T: ?Sized + Send> Check<u8> for T {}
    <executor::Sleep as Check<_>>::check();
    <executor::Timeout<()> as Check<_>>::check();
    <executor::WaitForEvent as Check<_>>::check();
    <executor::JoinHandle<()> as Check<_>>::check();
    <executor::Gather<(), ()> as Check<_>>::check();
    <executor::Waiter as Check<_>>::check();
    <executor::Place as Check<_>>::check();
    <queue::Get<Vec<()>> as Check<_>>::check();
    <queue::Put<Vec<()>> as Check<_>>::check();
}

/// Each of our futures that can wait.
#[test]
fn to_another_task() {
    virtual_run(async {
        begun_here_and_awaited_there(sleep(seconds(1))).await.unwrap();

        let task = spawn(sleep(seconds(1)));
        begun_here_and_awaited_there(task).await.unwrap().unwrap();

        let children = [1, 2].map(|count| spawn(sleep(seconds(count))));
        begun_here_and_awaited_there(gather(children)).await.unwrap().unwrap();

        let limited = timeout(seconds(9), sleep(seconds(1)));
        assert_eq!(begun_here_and_awaited_there(limited).await, Ok(Ok(())));
        let limited = timeout(seconds(1), sleep(seconds(9)));
        assert!(begun_here_and_awaited_there(limited).await.unwrap().is_err());

        let event = Rc::new(Event::new());
        let waits = {
            let event = event.clone();
            async move { event.wait().await }
        };
        let setter = spawn(async move {
            sleep(seconds(1)).await;
            event.set();
        });
        begun_here_and_awaited_there(waits).await.unwrap();
        setter.await.unwrap();
    });
}

/// Queue waits, both sides of it.
#[test]
fn waits_for_a_queue_to_another_task() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        let slowly = spawn({
            let queue = queue.clone();
            async move {
                sleep(seconds(1)).await;
                queue.try_put("item").unwrap();
                sleep(seconds(1)).await;
                queue.try_put("full").unwrap();
                sleep(seconds(1)).await;
                queue.try_get().unwrap();
                queue.task_done().unwrap();
                queue.task_done().unwrap();
            }
        });
        let get = {
            let queue = queue.clone();
            async move { queue.get().await.unwrap() }
        };
        assert_eq!(begun_here_and_awaited_there(get).await, Ok("item"));
        sleep(seconds(1)).await;
        let put = {
            let queue = queue.clone();
            async move { queue.put("last").await.unwrap() }
        };
        assert_eq!(begun_here_and_awaited_there(put).await, Ok(()));
        assert_eq!(queue.try_get(), Ok("last"));
        slowly.await.unwrap();
        let join = {
            let queue = queue.clone();
            async move { queue.join().await }
        };
        let done = spawn(async move {
            sleep(seconds(1)).await;
            queue.task_done().unwrap();
        });
        begun_here_and_awaited_there(join).await.unwrap();
        done.await.unwrap();
    });
}

/// From a waker that is not ours to ours: the foreign one is not used any more.
#[test]
fn from_a_foreign_waker_to_ours() {
    virtual_run(async {
        let mark = Mark::new();
        let mut sleeper = Box::pin(sleep(seconds(1)));
        assert!(mark.is_pending(sleeper.as_mut()));
        sleeper.await;
        assert_eq!(now().as_millis(), 1000);

        let mut task = Box::pin(spawn(sleep(seconds(1))));
        assert!(mark.is_pending(task.as_mut()));
        task.await.unwrap();

        let event = Rc::new(Event::new());
        let mut wait = Box::pin(event.wait());
        assert!(mark.is_pending(wait.as_mut()));
        drop(spawn({
            let event = event.clone();
            async move { event.set() }
        }));
        wait.await;
        assert_eq!(mark.wakes(), 0);
    });
}

/// From our waker to a foreign one: that one is used, and the task is left alone.
#[test]
fn from_ours_to_a_foreign_waker() {
    virtual_run(async {
        let mark = Mark::new();
        let mut sleeper = Box::pin(sleep(seconds(1)));
        assert!(poll_once(sleeper.as_mut()).await.is_none());
        assert!(mark.is_pending(sleeper.as_mut()));
        sleep(seconds(2)).await;
        assert_eq!(mark.wakes(), 1);
        assert!(!mark.is_pending(sleeper.as_mut()));
    });
}
