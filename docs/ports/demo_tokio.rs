//! The founding program on tokio. Beside it: `demo/src/program.rs`, the same on our own loop.
//!
//! ```text
//! cargo run -q -p tests --features ports --example demo_tokio -- --virtual-time
//! ```
//!
//! Everything is `Send`, as `tokio::spawn` wants it: `Arc` and `Mutex` where the other has `Rc` and `RefCell`.
//! In return the same functions run on several threads: `--threads 4 --fast`.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Parser;
use demo::random::Random;
use tokio::runtime::Builder;
use tokio::sync::Mutex as AsyncMutex;
use tokio::sync::mpsc::{self, Sender, UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep};

/// An item, when it was put, and that it is not done yet.
type Item = (String, Instant, Undone);

/// Nothing is ever sent here. Dropping it is `task_done`: the receiver sees when the last one is gone.
type Undone = Sender<Infallible>;

/// tokio's channel has one receiver: the consumers share it, and stand in line for it.
type Receiver = Arc<AsyncMutex<UnboundedReceiver<Item>>>;

/// Five producers and ten consumers, on tokio
#[derive(Parser)]
struct Args {
    /// How many producers
    #[arg(short = 'p', default_value = "5")]
    nprod: u32,
    /// How many consumers
    #[arg(short = 'c', default_value = "10")]
    ncon: u32,
    /// Sleep as Python does after random.seed(N)
    #[arg(long, default_value = "444")]
    seed: u64,
    /// Jump from deadline to deadline: tokio's paused clock
    #[arg(long, conflicts_with_all = ["fast", "threads"])]
    virtual_time: bool,
    /// Let a second last ten milliseconds
    #[arg(long)]
    fast: bool,
    /// The runtime with so many worker threads, instead of the one that stays on this thread
    #[arg(long)]
    threads: Option<usize>,
}

/// What Python reaches through its modules.
struct World {
    random: Mutex<Random>,
    /// A stream of their own, so that making an item does not change the sleeps. As in the demo.
    urandom: Mutex<Random>,
    second: Duration,
}

impl World {
    fn new(args: &Args) -> World {
        World {
            random: Mutex::new(Random::seed(args.seed.into())),
            urandom: Mutex::new(Random::seed((1 << 64) + i128::from(args.seed))),
            second: if args.fast { Duration::from_millis(10) } else { Duration::from_secs(1) },
        }
    }

    fn randint(&self, low: u32, high: u32) -> u32 {
        self.random.lock().unwrap().randint(low, high)
    }

    fn seconds_since(&self, then: Instant) -> f64 {
        then.elapsed().as_secs_f64() / self.second.as_secs_f64()
    }
}

async fn makeitem(world: &World, size: usize) -> String {
    let mut bytes = vec![0; size];
    world.urandom.lock().unwrap().randbytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn randsleep(world: &World, caller: Option<&str>) {
    let i = world.randint(0, 10);
    if let Some(caller) = caller {
        println!("{caller} sleeping for {i} seconds.");
    }
    sleep(i * world.second).await;
}

async fn produce(name: u32, q: UnboundedSender<Item>, undone: Undone, world: Arc<World>) {
    let n = world.randint(0, 10);
    for _ in 0..n {
        randsleep(&world, Some(&format!("Producer {name}"))).await;
        let i = makeitem(&world, 5).await;
        let t = Instant::now();
        q.send((i.clone(), t, undone.clone())).expect("main has the receiver");
        println!("Producer {name} added <{i}> to queue.");
    }
}

async fn consume(name: u32, q: Receiver, world: Arc<World>) {
    loop {
        randsleep(&world, Some(&format!("Consumer {name}"))).await;
        let received = q.lock().await.recv().await;
        let (i, t, undone) = received.expect("main has a sender");
        let latency = world.seconds_since(t);
        println!("Consumer {name} got element <{i}> in {latency:.5} seconds.");
        drop(undone); // q.task_done()
    }
}

async fn main_task(nprod: u32, ncon: u32, world: Arc<World>) -> Result<(), JoinError> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let (undone, mut all_done) = mpsc::channel::<Infallible>(1);
    let receiver = Arc::new(AsyncMutex::new(receiver));
    let mut producers = JoinSet::new();
    for n in 0..nprod {
        producers.spawn(produce(n, sender.clone(), undone.clone(), world.clone()));
    }
    let mut consumers = JoinSet::new();
    for n in 0..ncon {
        consumers.spawn(consume(n, receiver.clone(), world.clone()));
    }
    while let Some(ended) = producers.join_next().await {
        ended?;
    }
    drop(undone); // of those that are left, each is with an item
    all_done.recv().await; // q.join(): `None`, when there is none left
    consumers.shutdown().await; // abort, and wait until they are gone
    Ok(())
}

fn main() -> Result<(), JoinError> {
    let args = Args::parse();
    let world = Arc::new(World::new(&args));
    let runtime = match args.threads {
        Some(threads) => Builder::new_multi_thread().worker_threads(threads).enable_time().build(),
        None => {
            let mut builder = Builder::new_current_thread();
            builder.enable_time().start_paused(args.virtual_time).build()
        }
    };
    runtime.expect("threads and a clock can be had").block_on(async {
        let start = Instant::now();
        main_task(args.nprod, args.ncon, world.clone()).await?;
        println!("Program completed in {:.5} seconds.", world.seconds_since(start));
        Ok(())
    })
}
