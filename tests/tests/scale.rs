//! How large may a run become, and how small is what ships? The figures of `docs/trust.md`.
//!
//! A run may become as large as memory: time and memory grow with the number of things, and with nothing
//! else. Each load is one thing in great number: tasks, waiters, items, links of a chain. It is run ten times as
//! large, and ten times as large again. What would show is a search that should be a link (a quadratic loop), a
//! recursion that should be a loop (the stack of a test's thread has 2 MiB), a table that is never given back.
//!
//! ```text
//! cargo test --release -p tests --test scale -- --nocapture                   up to 1,000,000, prints the table
//! UPDATE_DOCS=1 cargo test --release -p tests --test scale                    and writes it into docs/trust.md
//! ```
//!
//! A debug build stops at 100,000. All loads run on the virtual clock, so nobody really waits.
//!
//! Below the loads: what ships is a few crates (`mod ships`), and the page names tests that exist (`mod page`).

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, RefCell};
use std::fmt::Write;
use std::fs;
use std::rc::Rc;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use common::{passes, virtual_run};
use executor::{
    Event, JoinError, JoinHandle, gather, gather_all, now, sleep, spawn, timeout, yield_now,
};
use queue::Queue;

const SIZES: &[usize] = match cfg!(debug_assertions) {
    true => &[1_000, 10_000, 100_000],
    false => &[1_000, 10_000, 100_000, 1_000_000],
};

/// Small loads are run many times, until there were so many things: else there is little to measure.
const AT_LEAST: usize = if cfg!(debug_assertions) { 25_000 } else { 1_000_000 };

/// A load: what it is, and how it is run in a given size.
type Load = (&'static str, fn(usize));

const LOADS: [Load; 12] = [
    ("tasks that sleep at once", sleepers),
    ("timeouts that do not expire", timeouts),
    ("waiters on one event", waiters),
    ("waiters on one event, cancelled one by one", cancelled_waiters),
    ("items in a queue", items),
    ("tasks that wait for an item", getters),
    ("tasks that wait for room", putters),
    ("tasks in one gather", gathered),
    ("tasks in one gather, cancelled", cancelled_gather),
    ("links in a chain of awaited tasks", chain),
    ("links in a chain, cancelled from the top", cancelled_chain),
    ("links in a chain, left when main ends", abandoned_chain),
];

#[test]
fn time_and_memory_grow_in_proportion() {
    let mut table = String::from("| for each one |");
    SIZES.iter().for_each(|&size| write!(table, " of {} |", thousands(size)).unwrap());
    table += " all of the last |\n|---|---|";
    SIZES.iter().for_each(|_| table += "---|");
    for (name, load) in LOADS {
        // A machine that is busy with something else is slow for a while, not three times running.
        let measured = (0..3).map(|_| measure(load)).find(|costs| is_linear(costs));
        let Some(costs) = measured else {
            panic!("{name}: not in proportion, three times: {:?}", measure(load));
        };
        write!(table, "\n| {name} |").unwrap();
        costs.iter().for_each(|cost| write!(table, " {} |", cost.each()).unwrap());
        write!(table, " {} |", costs[costs.len() - 1].in_all()).unwrap();
    }
    println!("{table}");
    if !cfg!(debug_assertions) && std::env::var("UPDATE_DOCS").is_ok_and(|value| value == "1") {
        page::write_between("scale", &table);
    }
}

/// What a load takes in each size.
fn measure(load: fn(usize)) -> Vec<Cost> {
    SIZES.iter().map(|&size| Cost::of(size, load)).collect()
}

/// One of many takes as much as one of few, as far as a clock and an allocator can tell: caches end,
/// tables double. With a loop in a loop it would take ten times as long from one size to the next.
fn is_linear(costs: &[Cost]) -> bool {
    costs.windows(2).all(|pair| {
        let [few, many] = pair else { unreachable!("windows of two") };
        many.nanos <= 4.0 * few.nanos.max(50.0) && many.bytes <= 2.0 * few.bytes
    })
}

/// What one thing of a load takes, in a run with so many of them.
struct Cost {
    size: usize,
    nanos: f64,
    /// At the time when the run held most.
    bytes: f64,
}

impl Cost {
    fn of(size: usize, load: fn(usize)) -> Cost {
        let (before, start) = (HELD.get(), time());
        MOST.set(before);
        let runs = (AT_LEAST / size).max(1);
        for _ in 0..runs {
            load(size);
            assert_eq!(HELD.get(), before, "all of it was given back");
        }
        let (time, held) = (time() - start, MOST.get() - before);
        let nanos = time.as_nanos() as f64 / (runs * size) as f64;
        Cost { size, nanos, bytes: held as f64 / size as f64 }
    }

    fn each(&self) -> String {
        format!("{:.0} ns, {:.0} B", self.nanos, self.bytes)
    }

    fn in_all(&self) -> String {
        let size = self.size as f64;
        format!("{:.2} s, {:.0} MB", self.nanos * size / 1e9, self.bytes * size / 1e6)
    }
}

/// How long this thread has had a processor, where the system says so: others use it, too, meanwhile. Elsewhere it
/// is the time by the clock.
fn time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let on_processor = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = on_processor.and_then(|numbers| numbers.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

impl std::fmt::Debug for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.each(), self.size)
    }
}

/// Counts what this thread holds.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

// SAFETY: all that it does itself is count; the memory is the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + layout.size() as isize);
        MOST.set(MOST.get().max(HELD.get()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - layout.size() as isize);
        unsafe { System.dealloc(block, layout) }
    }
}

// ---- the loads

/// All of them sleep at the same time; their deadlines lie all over an hour, many of them equal.
fn sleepers(count: usize) {
    virtual_run(async {
        let awake = Rc::new(Cell::new(0));
        for n in 0..count {
            let awake = awake.clone();
            drop(spawn(async move {
                sleep(second_of_an_hour(n)).await;
                awake.set(awake.get() + 1);
            }));
        }
        sleep(Duration::from_millis(1)).await;
        assert_eq!(awake.get(), 0, "nobody has woken up yet");
        sleep(Duration::from_secs(3601)).await;
        assert_eq!(awake.get(), count);
    });
}

fn second_of_an_hour(n: usize) -> Duration {
    Duration::from_secs(1 + n as u64 * 2_654_435_761 % 3600)
}

/// Each is armed, waited in, and disarmed.
fn timeouts(count: usize) {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let tasks: Vec<_> = (0..count)
            .map(|n| {
                let event = event.clone();
                spawn(async move { timeout(second_of_an_hour(n), event.wait()).await })
            })
            .collect();
        passes(1).await;
        event.set();
        let ends = gather(tasks).await.expect("no task failed");
        assert!(ends.iter().all(|end| end.is_ok()));
        assert_eq!(now(), executor::Instant::ZERO, "no time has passed");
    });
}

fn waiters(count: usize) {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let tasks = spawn_waiters(count, &event);
        passes(1).await;
        event.set();
        passes(1).await;
        assert!(tasks.iter().all(|task| task.is_finished()));
    });
}

/// From the middle of the line outwards, so that none is at an end of it.
fn cancelled_waiters(count: usize) {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let tasks = spawn_waiters(count, &event);
        passes(1).await;
        for n in 0..count {
            let middle = count / 2;
            let n = if n % 2 == 0 { middle + n / 2 } else { middle - 1 - n / 2 };
            assert!(tasks[n].cancel());
        }
        passes(1).await;
        assert!(tasks.iter().all(|task| task.is_finished()));
    });
}

fn spawn_waiters(count: usize, event: &Rc<Event>) -> Vec<JoinHandle<()>> {
    let waiter = |_| {
        let event = event.clone();
        spawn(async move { event.wait().await })
    };
    (0..count).map(waiter).collect()
}

/// All of them are in the queue at the same time.
fn items(count: usize) {
    virtual_run(async {
        let queue = Queue::new(0);
        for n in 0..count {
            queue.put(n).await.expect("it is open");
        }
        assert_eq!(queue.len(), count);
        for n in 0..count {
            assert_eq!(queue.get().await, Ok(n));
            queue.task_done().expect("it was put");
        }
        queue.join().await;
    });
}

fn getters(count: usize) {
    virtual_run(async {
        let queue = Rc::new(Queue::new(0));
        let getter = |_| {
            let queue = queue.clone();
            spawn(async move { queue.get().await })
        };
        let tasks: Vec<_> = (0..count).map(getter).collect();
        passes(1).await;
        for n in 0..count {
            queue.try_put(n).expect("there is room");
        }
        let items = gather(tasks).await.expect("no task failed");
        assert!(items.into_iter().eq((0..count).map(Ok)), "first come, first served");
    });
}

fn putters(count: usize) {
    virtual_run(async {
        let queue = Rc::new(Queue::new(1));
        queue.try_put(usize::MAX).expect("there is room");
        for n in 0..count {
            let queue = queue.clone();
            drop(spawn(async move { queue.put(n).await.expect("it is open") }));
        }
        passes(1).await;
        assert_eq!(queue.get().await, Ok(usize::MAX));
        for n in 0..count {
            assert_eq!(queue.get().await, Ok(n), "first come, first served");
        }
    });
}

fn gathered(count: usize) {
    virtual_run(async {
        let tasks = (0..count).map(|n| {
            spawn(async move {
                yield_now().await;
                n
            })
        });
        let values = gather(tasks).await.expect("no task failed");
        assert!(values.into_iter().eq(0..count));
    });
}

/// Cancelling the task that awaits the gather cancels them all.
fn cancelled_gather(count: usize) {
    virtual_run(async {
        let children = Rc::new(RefCell::new(Vec::new()));
        let parent = spawn({
            let children = children.clone();
            async move {
                let tasks: Vec<JoinHandle<()>> =
                    (0..count).map(|_| spawn(std::future::pending())).collect();
                children.borrow_mut().extend(tasks.iter().cloned());
                gather_all(tasks).await
            }
        });
        passes(2).await;
        assert!(parent.cancel());
        assert_eq!(parent.await, Err(JoinError::Cancelled));
        assert!(children.take().iter().all(|child| child.is_finished()));
    });
}

/// A task that spawns the next one and awaits it, and so on; the last one waits for an event.
fn link(left: usize, event: Rc<Event>, ended: Rc<Cell<usize>>) -> JoinHandle<usize> {
    /// Counts the links that end, however they do.
    struct Link(Rc<Cell<usize>>);

    impl Drop for Link {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    spawn(async move {
        let _link = Link(ended.clone());
        if left == 1 {
            event.wait().await;
            return 1;
        }
        link(left - 1, event, ended).await.map_or(0, |length| length + 1)
    })
}

/// A chain, hung up to its last link: its first link, what lets it end, and how many links have ended.
async fn hung_chain(count: usize) -> (JoinHandle<usize>, Rc<Event>, Rc<Cell<usize>>) {
    let (event, ended) = (Rc::new(Event::new()), Rc::new(Cell::new(0)));
    let first = link(count, event.clone(), ended.clone());
    passes(count).await;
    assert_eq!(ended.get(), 0);
    (first, event, ended)
}

fn chain(count: usize) {
    virtual_run(async {
        let (first, event, ended) = hung_chain(count).await;
        event.set();
        assert_eq!(first.await, Ok(count));
        assert_eq!(ended.get(), count);
    });
}

/// One request, passed on link by link down to the last; then they end, from the last one up.
fn cancelled_chain(count: usize) {
    virtual_run(async {
        let (first, _event, ended) = hung_chain(count).await;
        assert!(first.cancel());
        assert_eq!(first.await, Err(JoinError::Cancelled));
        assert_eq!(ended.get(), count);
    });
}

/// Nobody cancels it, nobody awaits it: `run` does, when main has ended.
fn abandoned_chain(count: usize) {
    let ended = virtual_run(async { hung_chain(count).await.2 });
    assert_eq!(ended.get(), count);
}

fn thousands(number: usize) -> String {
    match number {
        1_000.. => format!("{},{:03}", thousands(number / 1000), number % 1000),
        _ => number.to_string(),
    }
}

/// What ships, the executor, the queue and the demo, stands on few crates, and says which Rust it needs.
/// (Their licences, and where they come from, are `.deny.toml`'s to check.)
mod ships {
    use std::collections::BTreeSet;
    use std::process::Command;

    use serde_json::Value;

    /// A run of cargo in this workspace, without a network.
    fn cargo(arguments: &[&str]) -> String {
        let cargo = std::env::var("CARGO").unwrap_or("cargo".into());
        let output = Command::new(cargo)
            .args(arguments)
            .arg("--offline")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("a test is run by cargo");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("cargo writes UTF-8")
    }

    #[test]
    fn fewer_than_40_crates_ship() {
        let tree = "tree -p executor -p queue -p demo --edges normal --prefix none --no-dedupe";
        let tree = cargo(&tree.split(' ').collect::<Vec<_>>());
        // Each line is `name version`, and more for some.
        let crates: BTreeSet<&str> = tree
            .lines()
            .filter_map(|line| line.split(' ').next())
            .filter(|n| !n.is_empty())
            .collect();
        let list = crates.iter().copied().collect::<Vec<_>>().join(", ");
        println!("{} crates: {list}", crates.len());
        assert!(
            ["executor", "queue", "demo", "pin-project-lite"]
                .iter()
                .all(|name| crates.contains(name))
        );
        assert!(crates.len() < 40, "{} crates: {list}", crates.len());
    }

    /// A compiler that is older refuses to build what says so; CI's is the one that the README names.
    #[test]
    fn every_crate_says_which_rust_it_needs() {
        let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
        let metadata: Value = serde_json::from_str(&metadata).expect("it is JSON");
        let packages = metadata["packages"].as_array().expect("a list");
        let versions: BTreeSet<&str> = packages
            .iter()
            .map(|package| package["rust_version"].as_str().unwrap_or("-"))
            .collect();
        let [version] = versions.into_iter().collect::<Vec<_>>()[..] else {
            panic!("not one version for all");
        };
        let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
        let readme = std::fs::read_to_string(readme).expect("there is a README");
        assert!(readme.contains(&format!("Rust ({version} or later)")), "the README: {version}");
    }
}

/// The page of figures, `docs/trust.md`: what is promised, and the test that keeps the promise.
mod page {
    use std::fs;
    use std::path::{Path, PathBuf};

    use crate::common::sources::all_tests;

    fn path() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/trust.md")
    }

    fn text() -> String {
        fs::read_to_string(path()).expect("the page is there").replace("\r\n", "\n")
    }

    /// Writes what stands between `<!-- name -->` and `<!-- end -->`.
    pub fn write_between(name: &str, text: &str) {
        let page = self::text();
        let start = format!("<!-- {name} -->\n");
        let (before, rest) = page.split_once(&start).expect("it has the mark");
        let (_, after) = rest.split_once("<!-- end -->").expect("it has the end mark");
        let page = format!("{before}{start}{text}\n<!-- end -->{after}");
        fs::write(path(), page).expect("docs/ can be written to");
    }

    /// A word like `threads::a_storm_of_eight_threads` is a test, and a link leads to a file.
    #[test]
    fn it_names_tests_and_files_that_exist() {
        let (page, tests) = (text(), all_tests());
        let mut named = 0;
        for word in page.split('`').skip(1).step_by(2) {
            if is_name(word) {
                assert!(tests.contains_key(word) || is_in_a_crate(word), "there is no test {word}");
                named += 1;
            }
        }
        assert!(named >= 30, "only {named} tests are named");
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let leads_somewhere = match link.strip_prefix('#') {
                Some(anchor) => {
                    let heading = format!("\n## {}\n", anchor.replace('-', " "));
                    page.to_lowercase().contains(&heading)
                }
                None => path().with_file_name(link).exists(),
            };
            assert!(leads_somewhere, "a link leads to nothing: {link}");
        }
    }

    /// `file::function`, or with more in front.
    fn is_name(word: &str) -> bool {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let mut parts = word.split("::");
        word.contains("::") && parts.all(|part| !part.is_empty() && part.chars().all(is_letter))
    }

    /// A test beside the code: `inbox_loom::one_box_has_one_owner` is in `executor/src/inbox_loom.rs`.
    fn is_in_a_crate(word: &str) -> bool {
        let Some((file, function)) = word.split_once("::") else { return false };
        ["executor", "queue", "demo"].iter().any(|member| {
            let source = path().with_file_name(format!("../{member}/src/{file}.rs"));
            fs::read_to_string(source).is_ok_and(|text| text.contains(&format!("fn {function}(")))
        })
    }
}
