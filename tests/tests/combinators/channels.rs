//! Channels, locks and shared futures of others: in one thread, and across threads.

use std::rc::Rc;
use std::thread;

use executor::{gather, now, pass, sleep, spawn, timeout};
use futures::channel::{mpsc, oneshot};
use futures::future::FutureExt;
use futures::lock::Mutex;
use futures::{SinkExt, StreamExt};

use crate::common::{Log, ms, passes, seconds, virtual_run};

// ---- in one thread, on the virtual clock

/// A oneshot: what is sent arrives one pass later. A sender that is dropped is an error.
#[test]
fn oneshot_in_one_thread() {
    virtual_run(async {
        let (sender, receiver) = oneshot::channel();
        let task = spawn(async move { (receiver.await, pass()) });
        passes(1).await;
        sender.send(1).unwrap();
        let sent = pass();
        assert_eq!(task.await, Ok((Ok(1), sent + 1)));

        let (sender, receiver) = oneshot::channel::<()>();
        drop(sender);
        assert_eq!(receiver.await, Err(oneshot::Canceled));
    });
}

/// A bounded mpsc channel: senders wait for room, all arrives in each sender's order.
#[test]
fn mpsc_in_one_thread() {
    virtual_run(async {
        let (sender, receiver) = mpsc::channel(1);
        for producer in 0..3 {
            let mut sender = sender.clone();
            drop(spawn(async move {
                for n in 0..50 {
                    sender.send((producer, n)).await.unwrap();
                }
            }));
        }
        drop(sender);
        let items: Vec<(u32, u32)> = receiver.collect().await;
        assert_eq!(items.len(), 150);
        for producer in 0..3 {
            let own = items.iter().filter(|(p, _)| *p == producer).map(|(_, n)| *n);
            assert!(own.eq(0..50));
        }
    });
}

/// A channel of yet another crate; it ends when its senders are gone.
#[test]
fn async_channel_in_one_thread() {
    virtual_run(async {
        let (sender, receiver) = async_channel::bounded(2);
        let consumers = [(); 3].map(|()| {
            let receiver = receiver.clone();
            spawn(async move {
                let mut sum = 0;
                while let Ok(n) = receiver.recv().await {
                    sum += n;
                }
                sum
            })
        });
        for n in 1..=100 {
            sender.send(n).await.unwrap();
        }
        drop(sender);
        let sums = gather(consumers).await.unwrap();
        assert_eq!(sums.iter().sum::<u32>(), 5050);
    });
}

/// A lock of others, held across a wait: one after the other.
#[test]
fn a_foreign_mutex() {
    virtual_run(async {
        let mutex = Rc::new(Mutex::new(0));
        let tasks = [(); 5].map(|()| {
            let mutex = mutex.clone();
            spawn(async move {
                let mut count = mutex.lock().await;
                let before = *count;
                sleep(seconds(1)).await;
                *count = before + 1;
            })
        });
        gather(tasks).await.unwrap();
        assert_eq!(*mutex.lock().await, 5);
        assert_eq!(now().as_millis(), 5000);
    });
}

/// One future, awaited by several tasks through clones. It is polled by whichever comes.
#[test]
fn a_shared_future() {
    virtual_run(async {
        let log = Log::new();
        let shared = {
            let log = log.clone();
            async move {
                log.add("once");
                sleep(seconds(1)).await;
                42
            }
        };
        let shared = shared.boxed_local().shared();
        let tasks = [(); 3].map(|()| spawn(shared.clone()));
        drop(shared);
        assert_eq!(gather(tasks).await, Ok(vec![42, 42, 42]));
        assert_eq!(log.take(), ["once"]);
        assert_eq!(now().as_millis(), 1000);
    });
}

/// The task that drives a shared future is cancelled. The others take over; the wake-up is theirs.
#[test]
fn a_shared_future_whose_driver_is_cancelled() {
    virtual_run(async {
        let shared = sleep(seconds(1)).shared();
        let [first, second, third] = [(); 3].map(|()| spawn(shared.clone()));
        passes(1).await;
        first.cancel();
        assert_eq!(gather([second, third]).await, Ok(vec![(), ()]));
        assert_eq!(now().as_millis(), 1000);
    });
}

/// A future that is split off: its handle gives the result, dropping the handle ends it.
#[test]
fn a_remote_handle() {
    virtual_run(async {
        let (remote, handle) = sleep(seconds(1)).map(|()| 7).remote_handle();
        drop(spawn(remote));
        assert_eq!(handle.await, 7);

        let (remote, handle) = sleep(seconds(9)).remote_handle();
        let task = spawn(remote);
        passes(1).await;
        drop(handle);
        task.await.unwrap();
        assert_eq!(now().as_millis(), 1000);
    });
}

// ---- across threads, on the system clock

/// What another thread sends wakes the parked loop. Something went wrong if it takes so long.
async fn within_ten_seconds<T>(future: impl Future<Output = T>) -> T {
    timeout(seconds(10), future).await.expect("a wake-up was lost")
}

/// A oneshot from another thread.
#[test]
fn oneshot_across_threads() {
    executor::run(async {
        for n in 0..100 {
            let (sender, receiver) = oneshot::channel();
            let thread = thread::spawn(move || sender.send(n));
            assert_eq!(within_ten_seconds(receiver).await, Ok(n));
            thread.join().unwrap().unwrap();
        }
    });
}

/// Back and forth between our loop and a thread that blocks: every wake-up counts.
#[test]
fn ping_pong_across_threads() {
    let (ping, pings) = async_channel::bounded(1);
    let (pong, pongs) = async_channel::bounded(1);
    let thread = thread::spawn(move || {
        while let Ok(n) = pings.recv_blocking() {
            pong.send_blocking(n).unwrap();
        }
    });
    executor::run(async {
        for n in 0..2000 {
            ping.send(n).await.unwrap();
            assert_eq!(within_ten_seconds(pongs.recv()).await, Ok(n));
        }
        drop(ping);
    });
    thread.join().unwrap();
}

/// Two executors on two threads, with a channel between them.
#[test]
fn two_executors() {
    let (mut sender, receiver) = mpsc::channel(4);
    let thread = thread::spawn(move || {
        executor::run(within_ten_seconds(receiver.fold(0, async |sum, n| sum + n)))
    });
    executor::run(within_ten_seconds(async {
        for n in 1..=1000_u64 {
            sender.send(n).await.unwrap();
        }
        drop(sender);
    }));
    assert_eq!(thread.join().unwrap(), 500_500);
}

/// While a thread works, timers go on, and the answer comes in between.
#[test]
fn timers_and_a_thread() {
    executor::run(async {
        let (sender, receiver) = oneshot::channel();
        let thread = thread::spawn(move || {
            thread::sleep(ms(5));
            sender.send("answer").unwrap();
        });
        let ticks = spawn(async {
            for _ in 0..5 {
                sleep(ms(2)).await;
            }
            "ticks"
        });
        assert_eq!(within_ten_seconds(receiver).await, Ok("answer"));
        assert_eq!(within_ten_seconds(ticks).await, Ok("ticks"));
        thread.join().unwrap();
    });
}
