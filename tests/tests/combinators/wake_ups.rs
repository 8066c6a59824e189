//! No wake-up is lost, whatever is given up, cancelled, or polled once too often.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use executor::{Event, JoinHandle, gather, now, sleep, spawn, timeout, yield_now};
use futures::stream::{FuturesUnordered, StreamExt};
use futures_lite::future::{or, poll_once, zip};
use queue::Queue;

use crate::common::{ms, passes, seconds, virtual_run};

/// The generator xorshift64*: always the same numbers from the same seed.
struct Random(Cell<u64>);

impl Random {
    fn new(seed: u64) -> Rc<Random> {
        Rc::new(Random(Cell::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)))
    }

    fn below(&self, limit: u64) -> u64 {
        let mut x = self.0.get();
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.0.set(x);
        (x.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % limit
    }
}

/// A queue, and how many wait for it.
struct Traffic {
    queue: Queue<u64>,
    getting: Cell<usize>,
    putting: Cell<usize>,
    random: Rc<Random>,
    got: Cell<u64>,
}

/// One more, for as long as this lives.
struct Counted<'a>(&'a Cell<usize>);

impl<'a> Counted<'a> {
    fn new(count: &'a Cell<usize>) -> Counted<'a> {
        count.set(count.get() + 1);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Traffic {
    async fn get(&self) -> Option<u64> {
        let _getting = Counted::new(&self.getting);
        self.queue.get().await.ok()
    }

    async fn put(&self, item: u64) -> bool {
        let _putting = Counted::new(&self.putting);
        self.queue.put(item).await.is_ok()
    }

    /// Ways of getting an item, or nothing: each may wait, and most give up some time.
    async fn get_somehow(&self) -> Option<u64> {
        let time = ms(self.random.below(4));
        match self.random.below(7) {
            0 | 1 => self.get().await,
            2 => timeout(time, self.get()).await.ok()?,
            3 => or(self.get(), give_up_after(time)).await,
            4 => or(give_up_after(time), self.get()).await,
            5 => poll_once(self.get()).await?,
            _ => {
                // Two getters in one task, with wakers of their own. When one has an item the other is dropped.
                let mut getters: FuturesUnordered<_> =
                    [self.get(), self.get()].into_iter().collect();
                getters.next().await?
            }
        }
    }

    /// Ways of putting an item, again and again until it is in.
    async fn put_somehow(&self, item: u64) {
        loop {
            let time = ms(self.random.below(3));
            let done = match self.random.below(3) {
                0 => self.put(item).await,
                1 => timeout(time, self.put(item)).await.is_ok(),
                _ => or(async { Some(self.put(item).await) }, give_up_after(time)).await.is_some(),
            };
            if done {
                return;
            }
        }
    }

    /// When everybody has had his turns, nobody waits for what is there.
    fn assert_that_nobody_was_forgotten(&self, seed: u64) {
        let (items, getting) = (self.queue.len(), self.getting.get());
        assert!(items == 0 || getting == 0, "seed {seed}: {getting} wait for {items} items");
        let putting = self.putting.get();
        assert!(self.queue.is_full() || putting == 0, "seed {seed}: {putting} wait, there is room");
    }
}

async fn give_up_after<T>(time: Duration) -> Option<T> {
    sleep(time).await;
    None
}

/// Producers, and consumers who get in all sorts of ways and are cancelled now and then. At no time does anybody
/// wait for what is there, and every item arrives once. With many seeds, for other orders.
#[test]
fn every_item_arrives_whatever_the_getters_do() {
    const ITEMS: u64 = 60;
    for seed in 1..=300 {
        let random = Random::new(seed);
        let traffic = Rc::new(Traffic {
            queue: Queue::new(random.below(3) as usize),
            getting: Cell::new(0),
            putting: Cell::new(0),
            random: random.clone(),
            got: Cell::new(0),
        });
        virtual_run(async {
            let producers = [0, 1].map(|_| {
                let traffic = traffic.clone();
                spawn(async move {
                    for n in 0..ITEMS / 2 {
                        traffic.put_somehow(n).await;
                        if traffic.random.below(2) == 0 {
                            sleep(ms(traffic.random.below(3))).await;
                        }
                    }
                })
            });
            let consumer = || {
                let traffic = traffic.clone();
                spawn(async move {
                    loop {
                        match traffic.get_somehow().await {
                            Some(_) => traffic.got.set(traffic.got.get() + 1),
                            None => sleep(ms(1)).await,
                        }
                    }
                })
            };
            let mut consumers: Vec<JoinHandle<()>> = (0..4).map(|_| consumer()).collect();
            while traffic.got.get() < ITEMS {
                sleep(ms(1)).await;
                // In the same pass as their timers, and puts, and gets: some are cancelled.
                for _ in 0..random.below(3) {
                    let victim = random.below(4) as usize;
                    consumers[victim].cancel();
                    consumers[victim] = consumer();
                }
                passes(30).await;
                traffic.assert_that_nobody_was_forgotten(seed);
                assert!(now().as_millis() < 10_000, "seed {seed}: {} items", traffic.got.get());
            }
            gather(producers).await.unwrap();
            assert!(traffic.queue.is_empty(), "seed {seed}: more items than were put");
        });
        assert_eq!(traffic.got.get(), ITEMS, "seed {seed}");
    }
}

/// Two getters in one task, of which one is dropped when the other has its item. If both were woken, the
/// second wake-up is handed on.
#[test]
fn two_getters_in_one_task() {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let both = spawn({
            let queue = queue.clone();
            async move { or(queue.get(), queue.get()).await }
        });
        let other = spawn({
            let queue = queue.clone();
            async move { queue.get().await }
        });
        yield_now().await;
        queue.try_put(1).unwrap();
        queue.try_put(2).unwrap();
        assert_eq!(both.await, Ok(Ok(1)));
        assert_eq!(other.await, Ok(Ok(2)));
    });
}

/// One wake-up for each wait, though both come in one pass and are one entry of the ready queue.
#[test]
fn two_wake_ups_of_one_task_in_one_pass() {
    virtual_run(async {
        let (first, second) = (Rc::new(Event::new()), Rc::new(Event::new()));
        let task = spawn({
            let (first, second) = (first.clone(), second.clone());
            async move { zip(first.wait(), second.wait()).await }
        });
        yield_now().await;
        first.set();
        second.set();
        first.clear();
        second.clear();
        task.await.unwrap();
    });
}

/// A timeout expires, and in the same pass the event is set for which the other half of a `zip` waits. Whatever
/// the timeout is around, that half is not interrupted.
#[test]
fn a_wake_up_right_after_an_expired_timeout() {
    let (one, other) = (Event::new(), Event::new());
    wake_up_right_after_the_timeout_of(std::future::pending());
    wake_up_right_after_the_timeout_of(async { Event::new().wait().await });
    wake_up_right_after_the_timeout_of(async move { _ = zip(one.wait(), other.wait()).await });
}

fn wake_up_right_after_the_timeout_of(body: impl Future<Output = ()> + 'static) {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let queue = Rc::new(Queue::new(0));
        let task = spawn({
            let (event, queue) = (event.clone(), queue.clone());
            async move {
                let expires = timeout(seconds(1), body);
                zip(expires, zip(event.wait(), queue.get())).await.1.1
            }
        });
        // Its timer comes behind the timeout's, in the same pass; the mark is a waker that acts at once.
        let mut timer = Box::pin(sleep(seconds(1)));
        let act = Act { event: event.clone(), queue: queue.clone() };
        yield_now().await;
        act.when(timer.as_mut());
        assert_eq!(task.await, Ok(Ok("item")));
        assert_eq!(now().as_millis(), 1000);
    });
}

/// Sets an event and puts an item, in the very pass in which a timer is due.
struct Act {
    event: Rc<Event>,
    queue: Rc<Queue<&'static str>>,
}

thread_local! {
    static ACT: Cell<Option<Act>> = const { Cell::new(None) };
}

impl Act {
    fn when(self, timer: std::pin::Pin<&mut impl Future>) {
        struct Acts;
        impl std::task::Wake for Acts {
            fn wake(self: std::sync::Arc<Self>) {
                let act = ACT.take().expect("woken once");
                act.event.set();
                act.queue.try_put("item").unwrap();
            }
        }
        ACT.set(Some(self));
        let waker = std::sync::Arc::new(Acts).into();
        assert!(timer.poll(&mut std::task::Context::from_waker(&waker)).is_pending());
    }
}

/// A task that wakes itself while it is polled has another turn, in the next pass, and only one.
#[test]
fn a_task_that_wakes_itself() {
    virtual_run(async {
        let polls = Rc::new(Cell::new(0));
        let task = spawn({
            let polls = polls.clone();
            poll_fn(move |cx| {
                polls.set(polls.get() + 1);
                for _ in 0..5 {
                    cx.waker().wake_by_ref();
                }
                if polls.get() == 3 { Poll::Ready(()) } else { Poll::Pending }
            })
        });
        task.await.unwrap();
        assert_eq!(polls.get(), 3);
    });
}
