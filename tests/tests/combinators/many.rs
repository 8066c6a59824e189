//! Any number of futures in one task.

use std::rc::Rc;

use executor::{gather, now, sleep, spawn, timeout};
use futures::future::{join_all, select_all, select_ok, try_join_all};
use futures::stream::{self, FuturesOrdered, FuturesUnordered, StreamExt};
use queue::Queue;

use crate::common::{Log, ms, seconds, virtual_run};

/// Sleeps for so many seconds, and gives their number.
async fn sleeps(count: u64) -> u64 {
    sleep(seconds(count)).await;
    count
}

/// All results in the order of the futures. Above thirty it is a `FuturesOrdered` inside, with wakers of its own.
#[test]
fn join_all_waits_for_all() {
    virtual_run(async {
        assert_eq!(join_all([3, 1, 2].map(sleeps)).await, [3, 1, 2]);
        assert_eq!(now().as_millis(), 3000);
        let many: Vec<u64> = (0..100).rev().collect();
        assert_eq!(join_all(many.iter().copied().map(sleeps)).await, many);
        assert_eq!(now().as_millis(), 3000 + 99_000);
    });
}

/// The first failure ends it.
#[test]
fn try_join_all_ends_with_the_first_failure() {
    virtual_run(async {
        let futures = (1..=40).map(|n| async move {
            sleep(seconds(n)).await;
            if n == 7 { Err(n) } else { Ok(n) }
        });
        assert_eq!(try_join_all(futures).await, Err(7));
        assert_eq!(now().as_millis(), 7000);
    });
}

/// The first one that ends, with its place, and the others, which can be selected from again.
#[test]
fn select_all_takes_one_after_the_other() {
    virtual_run(async {
        let mut left: Vec<_> = [3, 1, 2].map(|count| Box::pin(sleeps(count))).into();
        let mut ended = Vec::new();
        while !left.is_empty() {
            let (count, index, others) = select_all(left).await;
            ended.push((count, index));
            left = others;
        }
        assert_eq!(ended, [(1, 1), (2, 1), (3, 0)]);
    });
}

/// The first one that does not fail.
#[test]
fn select_ok_takes_the_first_success() {
    virtual_run(async {
        let futures = (1..=5).map(|n| {
            Box::pin(async move {
                sleep(seconds(n)).await;
                if n < 3 { Err(n) } else { Ok(n) }
            })
        });
        let (n, others) = select_ok(futures).await.unwrap();
        assert_eq!((n, others.len(), now().as_millis()), (3, 2, 3000));
    });
}

/// Results as they come. Each future in there has a waker of its own, which is not ours; through it comes
/// every wake-up: of timers, tasks and timeouts.
#[test]
fn futures_unordered_gives_results_as_they_come() {
    virtual_run(async {
        let mut sleepers: FuturesUnordered<_> = [3, 1, 2].map(sleeps).into_iter().collect();
        let log = Log::new();
        while let Some(count) = sleepers.next().await {
            log.add((count, now().as_millis()));
        }
        assert_eq!(log.take(), [(1, 1000), (2, 2000), (3, 3000)]);

        let mut tasks: FuturesUnordered<_> =
            [3, 1, 2].map(|count| spawn(sleeps(count))).into_iter().collect();
        while let Some(result) = tasks.next().await {
            log.add((result.unwrap(), now().as_millis()));
        }
        assert_eq!(log.take(), [(1, 4000), (2, 5000), (3, 6000)]);

        let mut timeouts: FuturesUnordered<_> =
            [300, 100, 200].map(|count| timeout(ms(count), sleeps(9))).into_iter().collect();
        while let Some(result) = timeouts.next().await {
            assert!(result.is_err());
            log.add((0, now().as_millis()));
        }
        assert_eq!(log.take(), [(0, 6100), (0, 6200), (0, 6300)]);
    });
}

/// `gather` within it, whose call wakes a waker that is not ours.
#[test]
fn futures_unordered_of_gathers() {
    virtual_run(async {
        let mut gathers: FuturesUnordered<_> = [3, 1, 2]
            .map(|count| gather([spawn(sleeps(count)), spawn(sleeps(1))]))
            .into_iter()
            .collect();
        let mut results = Vec::new();
        while let Some(result) = gathers.next().await {
            results.push(result.unwrap());
        }
        assert_eq!(results, [[1, 1], [2, 1], [3, 1]]);
    });
}

/// Results in the order of the futures, but each as soon as it and those before it are there.
#[test]
fn futures_ordered_gives_results_in_order() {
    virtual_run(async {
        let mut sleepers: FuturesOrdered<_> = [2, 1, 3].map(sleeps).into_iter().collect();
        let mut results = Vec::new();
        while let Some(count) = sleepers.next().await {
            results.push((count, now().as_millis()));
        }
        assert_eq!(results, [(2, 2000), (1, 2000), (3, 3000)]);
    });
}

/// Futures are added while others run.
#[test]
fn futures_unordered_grows_while_it_runs() {
    virtual_run(async {
        let mut sleepers = FuturesUnordered::new();
        sleepers.push(sleeps(10));
        let mut sum = 0;
        while let Some(count) = sleepers.next().await {
            sum += count;
            if count > 0 {
                sleepers.push(sleeps(count - 1));
            }
        }
        assert_eq!(sum, 55);
        assert_eq!(now().as_millis(), 55_000);
    });
}

/// Work on some items at a time, each as long as it takes.
#[test]
fn buffered_work() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        for n in [5, 1, 3, 1] {
            queue.try_put(n).unwrap();
        }
        queue.shutdown(false);
        let work = |n| async move {
            sleep(seconds(n)).await;
            (n, now().as_millis())
        };
        let done: Vec<_> = queue.stream().map(work).buffer_unordered(2).collect().await;
        assert_eq!(done, [(1, 1000), (3, 4000), (5, 5000), (1, 5000)]);
    });
}

/// A worker for each item, as they come, up to a limit.
#[test]
fn for_each_concurrent() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        for n in [1, 2, 3] {
            queue.try_put(n).unwrap();
        }
        queue.shutdown(false);
        let log = Log::new();
        let work = |n: u64| {
            let log = log.clone();
            async move {
                sleep(seconds(n)).await;
                log.add((n, now().as_millis()));
            }
        };
        queue.stream().for_each_concurrent(2, work).await;
        assert_eq!(log.take(), [(1, 1000), (2, 2000), (3, 4000)]);
    });
}

/// Two streams in one, taking turns as far as they have something.
#[test]
fn select_of_two_streams() {
    virtual_run(async {
        let queues = [1, 100].map(|factor| {
            let queue = Queue::new(0);
            for n in 1..=3 {
                queue.try_put(n * factor).unwrap();
            }
            queue.shutdown(false);
            queue
        });
        let both = stream::select(queues[0].stream(), queues[1].stream());
        assert_eq!(both.fold(0, async |sum, n| sum + n).await, 606);
    });
}
