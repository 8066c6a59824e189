//! The founding program on smol. Beside it: `demo/src/program.rs`, the same on our own loop.
//!
//! ```text
//! cargo run -q -p tests --features ports --example demo_smol -- --virtual-time
//! ```
//!
//! smol's executor knows nothing of time: a timer is somebody else's waker. So a virtual clock can be had without
//! asking smol for it. Ours is in `virtual_time.rs`.

mod virtual_time;

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::Parser;
use demo::random::Random;
use smol::channel::{self, Receiver, Sender};
use smol::{LocalExecutor, Task, Timer};

use virtual_time::VirtualTime;

/// An item, when it was put, and that it is not done yet.
type Item = (String, Duration, Undone);

/// Nothing is ever sent here. Dropping it is `task_done`: the receiver sees when the last one is gone.
type Undone = Sender<Infallible>;

/// Five producers and ten consumers, on smol
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
    /// Jump from deadline to deadline: a clock of our own
    #[arg(long, conflicts_with = "fast")]
    virtual_time: bool,
    /// Let a second last ten milliseconds
    #[arg(long)]
    fast: bool,
}

/// What Python reaches through its modules.
struct World {
    random: RefCell<Random>,
    /// A stream of their own, so that making an item does not change the sleeps. As in the demo.
    urandom: RefCell<Random>,
    clock: Clock,
}

impl World {
    fn new(args: &Args) -> World {
        let second = Duration::from_millis(if args.fast { 10 } else { 1000 });
        World {
            random: RefCell::new(Random::seed(args.seed.into())),
            urandom: RefCell::new(Random::seed((1 << 64) + i128::from(args.seed))),
            clock: match args.virtual_time {
                true => Clock::Virtual(VirtualTime::default()),
                false => Clock::System { start: Instant::now(), second },
            },
        }
    }

    fn randint(&self, low: u32, high: u32) -> u32 {
        self.random.borrow_mut().randint(low, high)
    }
}

async fn makeitem(world: &World, size: usize) -> String {
    let mut bytes = vec![0; size];
    world.urandom.borrow_mut().randbytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn randsleep(world: &World, caller: Option<&str>) {
    let i = world.randint(0, 10);
    if let Some(caller) = caller {
        println!("{caller} sleeping for {i} seconds.");
    }
    world.clock.sleep(i).await;
}

async fn produce(name: u32, q: Sender<Item>, undone: Undone, world: Rc<World>) {
    let n = world.randint(0, 10);
    for _ in 0..n {
        randsleep(&world, Some(&format!("Producer {name}"))).await;
        let i = makeitem(&world, 5).await;
        let t = world.clock.now();
        q.send((i.clone(), t, undone.clone())).await.expect("there are receivers");
        println!("Producer {name} added <{i}> to queue.");
    }
}

async fn consume(name: u32, q: Receiver<Item>, world: Rc<World>) {
    loop {
        randsleep(&world, Some(&format!("Consumer {name}"))).await;
        let (i, t, undone) = q.recv().await.expect("main has a sender");
        let latency = (world.clock.now() - t).as_secs_f64();
        println!("Consumer {name} got element <{i}> in {latency:.5} seconds.");
        drop(undone); // q.task_done()
    }
}

async fn main_task(executor: &LocalExecutor<'_>, nprod: u32, ncon: u32, world: Rc<World>) {
    let (sender, receiver) = channel::unbounded();
    let (undone, all_done) = channel::bounded::<Infallible>(1);
    let producers: Vec<Task<()>> = (0..nprod)
        .map(|n| executor.spawn(produce(n, sender.clone(), undone.clone(), world.clone())))
        .collect();
    let consumers: Vec<Task<()>> =
        (0..ncon).map(|n| executor.spawn(consume(n, receiver.clone(), world.clone()))).collect();
    for producer in producers {
        producer.await;
    }
    drop(undone); // of those that are left, each is with an item
    let _closed = all_done.recv().await; // q.join(): an error, when there is none left
    drop(consumers); // dropping a `Task` cancels it; to let it go on is `detach`
}

fn main() {
    let args = Args::parse();
    let world = Rc::new(World::new(&args));
    // Its tasks use it, so it must outlive them: it stays for good.
    let executor: &LocalExecutor<'_> = Box::leak(Box::new(LocalExecutor::new()));
    let main = executor.spawn(main_task(executor, args.nprod, args.ncon, world.clone()));
    let start = world.clock.now();
    match &world.clock {
        Clock::System { .. } => smol::block_on(executor.run(main)),
        Clock::Virtual(time) => time.run(executor, main),
    }
    let elapsed = (world.clock.now() - start).as_secs_f64();
    println!("Program completed in {elapsed:.5} seconds.");
}

enum Clock {
    System { start: Instant, second: Duration },
    Virtual(VirtualTime),
}

impl Clock {
    /// Since the program began, in seconds of the program.
    fn now(&self) -> Duration {
        match self {
            Clock::System { start, second } => start.elapsed().div_f64(second.as_secs_f64()),
            Clock::Virtual(time) => time.now(),
        }
    }

    async fn sleep(&self, seconds: u32) {
        match self {
            Clock::System { second, .. } => drop(Timer::after(seconds * *second).await),
            Clock::Virtual(time) => time.sleep(Duration::from_secs(seconds.into())).await,
        }
    }
}
