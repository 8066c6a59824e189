//! What decides the order of the lines? The founding program on three loops, with three queues, and with a sleep
//! of no time that gives way or does not. All on virtual time; each run is compared with ours, which is CPython's.
//!
//! ```text
//! cargo run -q -p tests --features ports --example what_differs
//! ```

mod asyncio_queue;
mod virtual_time;

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use asyncio_queue::AsyncioQueue;
use demo::random::Random;
use executor::{Clock, Executor};
use smol::LocalExecutor;
use smol::channel::{self, Receiver, Sender};
use tokio::sync::Mutex as AsyncMutex;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::LocalSet;
use virtual_time::VirtualTime;

/// Who polls the tasks, and keeps the timers.
#[derive(Clone, Copy)]
enum Loop {
    Ours,
    Tokio,
    Smol,
}

/// Through what the items go. Any of them but the first works on any loop: all they need is a waker.
#[derive(Clone, Copy)]
enum Kind {
    /// This repository's, which stands in the tables of this repository's loop.
    Ours,
    /// One with asyncio's rules.
    Asyncio,
    /// smol's channel, which is the crate async-channel.
    Channel,
    /// tokio's channel. It has one receiver; the consumers stand in line for it, at a mutex.
    Mutex,
}

/// What `sleep(0)` does.
#[derive(Clone, Copy)]
enum NoTime {
    /// Nothing: it is ready at once.
    Nothing,
    /// As in asyncio: the task goes to the tail of the ready queue.
    Tail,
    /// tokio's `yield_now`: on tokio's loop, the task goes to the tail once nothing else is ready. Elsewhere it
    /// goes there at once.
    Deferred,
}

/// A row for each queue and each `sleep(0)`, a column for each loop: how many lines are CPython's, up to the first
/// that is not.
fn main() {
    let ours = run(Loop::Ours, Kind::Ours, NoTime::Tail, 444);
    println!("{:<16}{:<14}{:<8}{:<8}smol", "queue", "sleep(0)", "ours", "tokio");
    for kind in [Kind::Asyncio, Kind::Channel, Kind::Mutex] {
        for no_time in [NoTime::Tail, NoTime::Nothing, NoTime::Deferred] {
            let [on_ours, on_tokio, on_smol] = [Loop::Ours, Loop::Tokio, Loop::Smol].map(|on| {
                let lines = run(on, kind, no_time, 444);
                let same = lines.iter().zip(&ours).take_while(|(one, other)| one == other).count();
                if lines == ours { format!("all {same}") } else { same.to_string() }
            });
            println!("{kind:<16}{no_time:<14}{on_ours:<8}{on_tokio:<8}{on_smol}");
        }
    }
}

/// What a run of the founding program prints, but for the items, which are numbered here.
fn run(on: Loop, kind: Kind, no_time: NoTime, seed: i128) -> Vec<String> {
    // It stays for good, for its tasks use it.
    let smol: &LocalExecutor<'_> = Box::leak(Box::new(LocalExecutor::new()));
    let world = Rc::new(World {
        on,
        no_time,
        smol,
        time: VirtualTime::default(),
        random: RefCell::new(Random::seed(seed)),
        lines: RefCell::default(),
    });
    let main = main_task(Queue::new(kind), world.clone());
    match on {
        Loop::Ours => Executor::new(Clock::virtual_time()).run(main),
        Loop::Tokio => {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = builder.enable_time().start_paused(true).build();
            runtime.expect("a clock can be had").block_on(LocalSet::new().run_until(main));
        }
        Loop::Smol => world.time.run(smol, smol.spawn(main)),
    }
    world.lines.take()
}

async fn main_task(q: Queue, world: Rc<World>) {
    let (undone, all_done) = channel::bounded::<Infallible>(1);
    let q = Rc::new(q);
    let producers: Vec<End> =
        (0..5).map(|n| world.spawn(produce(n, q.clone(), undone.clone(), world.clone()))).collect();
    let consumers: Vec<End> =
        (0..10).map(|n| world.spawn(consume(n, q.clone(), world.clone()))).collect();
    for producer in producers {
        producer.await;
    }
    drop(undone);
    let _closed = all_done.recv().await; // q.join()
    drop(consumers);
}

async fn produce(name: u32, q: Rc<Queue>, undone: Sender<Infallible>, world: Rc<World>) {
    let n = world.randint();
    for k in 0..n {
        world.randsleep(&format!("Producer {name}")).await;
        let i = format!("{name}.{k}");
        q.put((i.clone(), undone.clone())).await;
        world.print(format!("Producer {name} added <{i}> to queue."));
    }
}

async fn consume(name: u32, q: Rc<Queue>, world: Rc<World>) {
    loop {
        world.randsleep(&format!("Consumer {name}")).await;
        let (i, _undone) = q.get().await;
        world.print(format!("Consumer {name} got element <{i}>."));
    }
}

/// The end of a task, whatever its handle is.
type End = Pin<Box<dyn Future<Output = ()>>>;

/// The loop that the program runs on, and what it takes from outside.
struct World {
    on: Loop,
    no_time: NoTime,
    smol: &'static LocalExecutor<'static>,
    /// smol's clock.
    time: VirtualTime,
    random: RefCell<Random>,
    lines: RefCell<Vec<String>>,
}

impl World {
    fn spawn(&self, future: impl Future<Output = ()> + 'static) -> End {
        match self.on {
            Loop::Ours => {
                let handle = executor::spawn(future);
                Box::pin(async { handle.await.expect("no task panics") })
            }
            Loop::Tokio => {
                let handle = tokio::task::spawn_local(future);
                Box::pin(async { handle.await.expect("no task panics") })
            }
            Loop::Smol => Box::pin(self.smol.spawn(future)),
        }
    }

    async fn sleep(&self, duration: Duration) {
        match (duration, self.no_time) {
            (Duration::ZERO, NoTime::Nothing) => (),
            (Duration::ZERO, NoTime::Tail) => bare_yield().await,
            (Duration::ZERO, NoTime::Deferred) => tokio::task::yield_now().await,
            _ => match self.on {
                Loop::Ours => executor::sleep(duration).await,
                Loop::Tokio => tokio::time::sleep(duration).await,
                Loop::Smol => self.time.sleep(duration).await,
            },
        }
    }

    async fn randsleep(&self, caller: &str) {
        let i = self.randint();
        self.print(format!("{caller} sleeping for {i} seconds."));
        self.sleep(Duration::from_secs(i.into())).await;
    }

    fn randint(&self) -> u32 {
        self.random.borrow_mut().randint(0, 10)
    }

    fn print(&self, line: String) {
        self.lines.borrow_mut().push(line);
    }
}

/// asyncio's `sleep(0)` in terms of `Future`: wakes itself, and waits for one turn.
async fn bare_yield() {
    let mut given_way = false;
    poll_fn(|cx| {
        if given_way {
            return Poll::Ready(());
        }
        given_way = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// An item, and that it is not done yet.
type Item = (String, Sender<Infallible>);

enum Queue {
    Ours(queue::Queue<Item>),
    Asyncio(AsyncioQueue<Item>),
    Channel(Sender<Item>, Receiver<Item>),
    Mutex(UnboundedSender<Item>, AsyncMutex<UnboundedReceiver<Item>>),
}

impl Queue {
    fn new(kind: Kind) -> Queue {
        match kind {
            Kind::Ours => Queue::Ours(queue::Queue::new(0)),
            Kind::Asyncio => Queue::Asyncio(AsyncioQueue::new()),
            Kind::Channel => {
                let (sender, receiver) = channel::unbounded();
                Queue::Channel(sender, receiver)
            }
            Kind::Mutex => {
                let (sender, receiver) = mpsc::unbounded_channel();
                Queue::Mutex(sender, AsyncMutex::new(receiver))
            }
        }
    }

    async fn put(&self, item: Item) {
        let put = match self {
            Queue::Ours(queue) => queue.put(item).await.is_ok(),
            Queue::Asyncio(queue) => {
                queue.put(item);
                true
            }
            Queue::Channel(sender, _) => sender.send(item).await.is_ok(),
            Queue::Mutex(sender, _) => sender.send(item).is_ok(),
        };
        assert!(put, "nobody closes the queue");
    }

    async fn get(&self) -> Item {
        let got = match self {
            Queue::Ours(queue) => queue.get().await.ok(),
            Queue::Asyncio(queue) => Some(queue.get().await),
            Queue::Channel(_, receiver) => receiver.recv().await.ok(),
            Queue::Mutex(_, receiver) => receiver.lock().await.recv().await,
        };
        got.expect("nobody closes the queue")
    }
}

impl fmt::Display for Loop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Loop::Ours => "ours",
            Loop::Tokio => "tokio",
            Loop::Smol => "smol",
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Ours => "ours",
            Kind::Asyncio => "asyncio's rules",
            Kind::Channel => "async-channel",
            Kind::Mutex => "mpsc and mutex",
        })
    }
}

impl fmt::Display for NoTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            NoTime::Nothing => "does nothing",
            NoTime::Tail => "to the tail",
            NoTime::Deferred => "deferred",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPS: [Loop; 3] = [Loop::Ours, Loop::Tokio, Loop::Smol];

    #[test]
    fn a_queue_with_asyncios_rules_is_as_good_as_ours() {
        for seed in 0..100 {
            let [ours, theirs] =
                [Kind::Ours, Kind::Asyncio].map(|kind| run(Loop::Ours, kind, NoTime::Tail, seed));
            assert_eq!(theirs, ours, "seed {seed}");
        }
    }

    /// With the same queue and the same `sleep(0)`, this program can't tell one loop from another.
    #[test]
    fn the_loops_agree() {
        for seed in 0..100 {
            for kind in [Kind::Asyncio, Kind::Channel, Kind::Mutex] {
                for no_time in [NoTime::Tail, NoTime::Nothing] {
                    let [ours, tokio, smol] = LOOPS.map(|on| run(on, kind, no_time, seed));
                    assert_eq!(tokio, ours, "tokio's loop, {kind}, {no_time}, seed {seed}");
                    assert_eq!(smol, ours, "smol's loop, {kind}, {no_time}, seed {seed}");
                }
            }
        }
    }
}
