//! A queue's items as a stream, with the methods of futures-lite. (`many.rs` has some of `futures`.)

use std::rc::Rc;

use executor::{now, sleep, spawn, timeout, yield_now};
use futures_lite::stream::{self, StreamExt};
use queue::Queue;

use crate::common::{ms, seconds, virtual_run};

/// A queue into which a task puts 1 to `count`, one every second, and then shuts it down.
fn counting(count: u32) -> Rc<Queue<u32>> {
    let queue = Rc::new(Queue::new(2));
    drop(spawn({
        let queue = queue.clone();
        async move {
            for n in 1..=count {
                sleep(seconds(1)).await;
                queue.put(n).await.unwrap();
            }
            queue.shutdown(false);
        }
    }));
    queue
}

/// `while let Some(item) = items.next().await` ends when the queue is shut down and empty.
#[test]
fn next_until_the_shutdown() {
    virtual_run(async {
        let queue = counting(3);
        let mut items = queue.stream();
        let mut seen = Vec::new();
        while let Some(item) = items.next().await {
            seen.push((item, now().as_millis()));
        }
        assert_eq!(seen, [(1, 1000), (2, 2000), (3, 3000)]);
        assert_eq!(items.next().await, None, "and once more");
    });
}

/// Map, filter, take, enumerate, fold, collect, and so on.
#[test]
fn adaptors() {
    virtual_run(async {
        let squares: Vec<_> = counting(4).stream().map(|n| n * n).collect().await;
        assert_eq!(squares, [1, 4, 9, 16]);

        let even = counting(5).stream().filter(|n| n % 2 == 0).fold(0, |sum, n| sum + n).await;
        assert_eq!(even, 2 + 4);

        let two: Vec<_> = counting(9).stream().take(2).enumerate().collect().await;
        assert_eq!(two, [(0, 1), (1, 2)]);

        let slowly = |n| async move {
            sleep(ms(10)).await;
            n + 1
        };
        assert_eq!(counting(3).stream().then(slowly).last().await, Some(4));

        assert!(counting(3).stream().any(|n| n == 2).await);
        assert_eq!(counting(3).stream().find(|n| *n > 1).await, Some(2));
        assert_eq!(counting(7).stream().count().await, 7);
        let (odd, even): (Vec<_>, Vec<_>) =
            counting(4).stream().partition(|n: &u32| n % 2 == 1).await;
        assert_eq!((odd, even), (vec![1, 3], vec![2, 4]));
    });
}

/// Two streams in one: item by item, one after the other, or as they come.
#[test]
fn two_streams() {
    virtual_run(async {
        let (a, b) = (counting(3), counting(2));
        let pairs: Vec<_> = a.stream().zip(b.stream()).collect().await;
        assert_eq!(pairs, [(1, 1), (2, 2)]);

        let (a, b) = (counting(2), counting(2));
        let both: Vec<_> = a.stream().chain(b.stream()).collect().await;
        assert_eq!(both, [1, 2, 1, 2]);

        let (a, b) = (counting(2), counting(3));
        let mut merged: Vec<_> = stream::or(a.stream(), b.stream()).collect().await;
        merged.sort();
        assert_eq!(merged, [1, 1, 2, 2, 3]);
    });
}

/// A timeout for each item; the stream goes on where it was, and loses none.
#[test]
fn timeouts_around_next() {
    virtual_run(async {
        let queue = counting(2);
        let mut items = queue.stream();
        let mut seen = Vec::new();
        loop {
            match timeout(ms(400), items.next()).await {
                Ok(Some(item)) => seen.push(Some(item)),
                Ok(None) => break,
                Err(_) => seen.push(None),
            }
        }
        assert_eq!(seen, [None, None, Some(1), None, None, Some(2)]);
    });
}

/// A stream that others make, of our futures.
#[test]
fn unfold_over_our_futures() {
    virtual_run(async {
        let ticks = stream::unfold(0, |n| async move {
            sleep(seconds(1)).await;
            yield_now().await;
            Some((now().as_millis(), n + 1))
        });
        let ticks: Vec<_> = ticks.take(3).collect().await;
        assert_eq!(ticks, [1000, 2000, 3000]);
    });
}
