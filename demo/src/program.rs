//! The founding program. Start here: everything else in this repository exists to run it.
//!
//! Producers put random items on a queue, consumers take them off, all of them sleep in between.
//! Each function stands below the Python it was written from, line for line. Two things differ:
//! `World` carries what Python reaches through its modules, and the queue is in an `Rc`, because
//! in Rust somebody must own it.

use std::cell::RefCell;
use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use executor::{Clock, Executor, Instant, JoinError, JoinHandle, Observer};
use executor::{gather, now, sleep, spawn_named};
use queue::Queue;

use crate::cli::Args;
use crate::random::Random;
use crate::urandom::Urandom;
use crate::world::World;

/// An item, and when it was put.
type Item = (String, Instant);

/// ```python
/// async def makeitem(size: int = 5) -> str:
///     return os.urandom(size).hex()
/// ```
async fn makeitem(world: &World, size: usize) -> String {
    hex::encode(world.urandom(size))
}

/// ```python
/// async def randsleep(caller=None) -> None:
///     i = random.randint(0, 10)
///     if caller:
///         print(f"{caller} sleeping for {i} seconds.")
///     await asyncio.sleep(i)
/// ```
async fn randsleep(world: &World, caller: Option<&str>) {
    let i = world.randint(0, 10);
    if let Some(caller) = caller {
        world.print(&format!("{caller} sleeping for {i} seconds."));
    }
    sleep(Duration::from_secs(i.into())).await;
}

/// ```python
/// async def produce(name: int, q: asyncio.Queue) -> None:
///     n = random.randint(0, 10)
///     for _ in it.repeat(None, n):  # Synchronous loop for each single producer
///         await randsleep(caller=f"Producer {name}")
///         i = await makeitem()
///         t = time.perf_counter()
///         await q.put((i, t))
///         print(f"Producer {name} added <{i}> to queue.")
/// ```
async fn produce(name: u32, q: Rc<Queue<Item>>, world: Rc<World>) {
    let n = world.randint(0, 10);
    for _ in 0..n {
        randsleep(&world, Some(&format!("Producer {name}"))).await;
        let i = makeitem(&world, 5).await;
        let t = now();
        q.put((i.clone(), t)).await.expect("nobody shuts the queue down");
        world.print(&format!("Producer {name} added <{i}> to queue."));
    }
}

/// ```python
/// async def consume(name: int, q: asyncio.Queue) -> None:
///     while True:
///         await randsleep(caller=f"Consumer {name}")
///         i, t = await q.get()
///         now = time.perf_counter()
///         print(f"Consumer {name} got element <{i}>"
///               f" in {now-t:0.5f} seconds.")
///         q.task_done()
/// ```
async fn consume(name: u32, q: Rc<Queue<Item>>, world: Rc<World>) {
    loop {
        randsleep(&world, Some(&format!("Consumer {name}"))).await;
        let (i, t) = q.get().await.expect("nobody shuts the queue down");
        let latency = (now() - t).as_secs_f64();
        world.print(&format!("Consumer {name} got element <{i}> in {latency:.5} seconds."));
        q.task_done().expect("one task_done for one get");
    }
}

/// ```python
/// async def main(nprod: int, ncon: int):
///     q = asyncio.Queue()
///     producers = [asyncio.create_task(produce(n, q)) for n in range(nprod)]
///     consumers = [asyncio.create_task(consume(n, q)) for n in range(ncon)]
///     await asyncio.gather(*producers)
///     await q.join()  # Implicitly awaits consumers, too
///     for c in consumers:
///         c.cancel()
/// ```
async fn main(nprod: u32, ncon: u32, world: Rc<World>) -> Result<(), JoinError> {
    let q = Queue::<Item>::new(0); // 0: it is never full
    let q = Rc::new(q.shown_as(|(i, _)| i.clone())); // what the views show of an item
    let producers: Vec<JoinHandle<()>> = (0..nprod)
        .map(|n| spawn_named(format!("Producer {n}"), produce(n, q.clone(), world.clone())))
        .collect();
    let consumers: Vec<JoinHandle<()>> = (0..ncon)
        .map(|n| spawn_named(format!("Consumer {n}"), consume(n, q.clone(), world.clone())))
        .collect();
    gather(producers).await?;
    q.join().await; // Implicitly awaits consumers, too
    for c in consumers {
        c.cancel();
    }
    Ok(())
}

/// ```python
/// random.seed(444)
/// start = time.perf_counter()
/// asyncio.run(main(**ns.__dict__))
/// elapsed = time.perf_counter() - start
/// print(f"Program completed in {elapsed:0.5f} seconds.")
/// ```
///
/// # Errors
/// If a producer panicked, or if no task could go on (which only a panicked consumer can cause).
pub fn run(args: &Args, print: impl Fn(&str) + 'static) -> Result<(), Box<dyn Error>> {
    run_observed(args, None, print)
}

/// [`run`], each step of which is shown to an observer.
///
/// # Errors
/// As [`run`] does.
pub fn run_observed(
    args: &Args,
    observer: Option<Rc<RefCell<dyn Observer>>>,
    print: impl Fn(&str) + 'static,
) -> Result<(), Box<dyn Error>> {
    let random = Random::seed(args.seed);
    let (clock, urandom) = if args.virtual_time {
        let clock = Clock::virtual_time().late(args.late.iter().copied());
        (clock, Urandom::seeded(args.seed))
    } else {
        (Clock::system(), Urandom::System)
    };
    let world = Rc::new(World::new(random, urandom, print));

    let mut executor = Executor::new(clock.clone());
    if let Some(observer) = observer {
        executor = executor.observed_by(observer);
    }
    let start = clock.now();
    executor.try_run(main(args.nprod, args.ncon, world.clone()))??;
    let elapsed = (clock.now() - start).as_secs_f64();
    world.print(&format!("Program completed in {elapsed:.5} seconds."));
    Ok(())
}
