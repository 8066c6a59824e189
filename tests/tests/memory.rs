//! Nothing leaks: the heap, to the byte, while a program runs and after it has ended.
//!
//! This test has an allocator of its own that counts what each thread holds. So it can say of a run that
//! goes round and round that it is as large after the last round as after the first ones, of any run that
//! nothing of it is left, and of a waker that it costs nothing. The other half of "nothing leaks" is that
//! every future is dropped, once, and in which order: that is stated in `Executor::run`, and here.
//!
//! `MEMORY_ROUNDS=1000000` goes round more often.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::task::Poll;
use std::{env, fs};

use common::{Log, OnDrop, ms, passes, virtual_run};
use executor::{
    Clock, Event, Executor, JoinError, RunError, current_task, gather, gather_all, sleep, spawn,
    spawn_named, timeout, yield_now,
};
use futures_lite::future::poll_fn;
use queue::Queue;
use tests::scenario::{Program, Time, run};

/// Counts what each thread takes and gives back.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    static BYTES: Cell<isize> = const { Cell::new(0) };
    static BLOCKS: Cell<isize> = const { Cell::new(0) };
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all that it does itself is count; the memory is the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size() as isize);
        TAKEN.set(TAKEN.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-1, -(layout.size() as isize));
        unsafe { System.dealloc(block, layout) }
    }
}

fn count(blocks: isize, bytes: isize) {
    BLOCKS.set(BLOCKS.get() + blocks);
    BYTES.set(BYTES.get() + bytes);
}

/// What this thread holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Heap {
    bytes: isize,
    blocks: isize,
}

fn heap() -> Heap {
    Heap { bytes: BYTES.get(), blocks: BLOCKS.get() }
}

/// Does something, and then the heap is as it was.
fn leaves_nothing<T>(name: &str, action: impl FnOnce() -> T) {
    let before = heap();
    drop(action());
    assert_eq!(heap(), before, "left behind by: {name}");
}

#[test]
fn the_heap_is_flat_while_tasks_come_and_go() {
    let rounds = env::var("MEMORY_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    let rounds = rounds.unwrap_or(100_000);
    virtual_run(async {
        let queue = Rc::new(Queue::new(2));
        let event = Rc::new(Event::new());
        let mut after_the_first = None;
        for number in 0..rounds {
            round(number, &queue, &event).await;
            // The first rounds fill the pools, each of which is as large as it ever has to be then.
            match after_the_first {
                None if number >= 100 => after_the_first = Some(heap()),
                Some(heap_then) => assert_eq!(heap(), heap_then, "after round {number}"),
                None => {}
            }
        }
    });
}

/// One of everything that takes memory and has to give it back.
async fn round(number: usize, queue: &Rc<Queue<usize>>, event: &Rc<Event>) {
    match number % 5 {
        // Tasks that end, that are cancelled while they wait, and before they begin.
        0 => {
            let tasks = [5, 6, 7].map(|ms| spawn(sleep(common::ms(ms))));
            yield_now().await;
            tasks[1].cancel();
            let never_polled = spawn(pending::<()>());
            never_polled.cancel();
            assert_eq!(gather_all(tasks).await[1], Err(JoinError::Cancelled));
            assert_eq!(never_polled.await, Err(JoinError::Cancelled));
        }
        // Timers that fire, and timers that do not.
        1 => {
            assert!(timeout(ms(1), sleep(ms(2))).await.is_err());
            assert!(timeout(ms(2), sleep(ms(1))).await.is_ok());
        }
        // Waiting for room and for items, and being cancelled at that.
        2 => {
            let getters = [(); 3].map(|()| {
                let queue = queue.clone();
                spawn(async move { queue.get().await })
            });
            yield_now().await;
            getters[0].cancel();
            for item in 0..4 {
                queue.put(item).await.unwrap();
            }
            let ends = gather_all(getters).await;
            assert_eq!(ends[1..], [Ok(Ok(0)), Ok(Ok(1))]);
            while queue.try_get().is_ok() {}
            (0..4).for_each(|_| queue.task_done().unwrap());
            queue.join().await;
        }
        // A waiting line that is woken, and one that is left.
        3 => {
            let waiters = [(); 3].map(|()| {
                let event = event.clone();
                spawn_named("waits", async move { event.wait().await })
            });
            yield_now().await;
            assert!(timeout(ms(1), event.wait()).await.is_err());
            event.set();
            gather(waiters).await.unwrap();
            event.clear();
        }
        // A chain of tasks that await each other, cancelled from the top, and futures of many sizes.
        _ => {
            let bottom = spawn(large::<10_000>());
            let middle = spawn(async move { bottom.await.is_ok() });
            let top = spawn(async move { middle.await.is_ok() });
            drop((spawn(large::<1>()), spawn(large::<100>()), spawn(large::<1000>())));
            yield_now().await;
            top.cancel();
            drop(top.await);
            sleep(ms(1)).await;
        }
    }
}

/// A future of so many bytes.
async fn large<const SIZE: usize>() {
    let content = [1_u8; SIZE];
    yield_now().await;
    assert_eq!(content[SIZE - 1], 1);
}

/// To clone a waker, to use and to drop it takes no memory, however often.
#[test]
fn a_waker_takes_no_memory() {
    virtual_run(async {
        let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        let taken = TAKEN.get();
        for _ in 0..1000 {
            let clone = waker.clone();
            assert!(clone.will_wake(&waker));
            drop(clone);
        }
        assert_eq!(TAKEN.get(), taken);
    });
}

/// Ways in which a run can end. The names stand in failures.
const ENDS: [(&str, fn()); 8] = [
    ("nothing but main", || virtual_run(async {})),
    ("a task that is left", || {
        virtual_run(async { drop(spawn(sleep(ms(5)))) });
    }),
    ("an outcome that nobody takes", || {
        virtual_run(async {
            drop(spawn(async { vec![1; 1000] }));
            let kept = spawn(async { vec![2; 1000] });
            passes(2).await;
            std::mem::forget(kept);
        });
    }),
    ("main panics", || {
        let run = || {
            virtual_run(async {
                drop(spawn(pending::<()>()));
                yield_now().await;
                resume_unwind(Box::new(String::from("on purpose")))
            })
        };
        let end: Result<(), _> = catch_unwind(AssertUnwindSafe(run));
        assert!(end.is_err());
    }),
    ("destructors that panic", || {
        let bomb = || OnDrop(|| resume_unwind(Box::new(String::from("on purpose"))));
        virtual_run(async {
            let bombs = [bomb(), bomb(), bomb()];
            drop(bombs.map(|bomb| spawn(async { bomb })));
            let [polled, unpolled] = [bomb(), bomb()];
            drop(spawn(async move {
                let _polled = polled;
                pending::<()>().await
            }));
            passes(2).await;
            drop(spawn(async move { drop(unpolled) }));
        });
    }),
    ("main is cancelled", || {
        let end = Executor::new(Clock::virtual_time()).try_run(async {
            drop(spawn(pending::<()>()));
            current_task().cancel();
            yield_now().await
        });
        assert_eq!(end, Err(RunError::Cancelled));
    }),
    ("main waits for ever", || {
        let queue = Rc::new(Queue::<u8>::new(1));
        let end = Executor::new(Clock::virtual_time()).try_run(async {
            let task = spawn_named("gets", {
                let queue = queue.clone();
                async move { queue.get().await }
            });
            drop(gather([task]).await);
        });
        assert!(matches!(end, Err(RunError::Stuck(_))));
    }),
    ("handles, sleeps and waits that outlive the run", || {
        let mut kept = None;
        virtual_run(async {
            let mut sleeping = Box::pin(timeout(ms(5), sleep(ms(5))));
            let mut gathering = Box::pin(gather_all([spawn(pending::<()>())]));
            let mark = common::Mark::new();
            assert!(mark.is_pending(sleeping.as_mut()) && mark.is_pending(gathering.as_mut()));
            kept = Some((sleeping, gathering, spawn(async { vec![3; 1000] })));
            passes(2).await;
        });
        drop(kept);
    }),
];

#[test]
fn nothing_is_left_of_a_run() {
    for (name, end) in ENDS {
        // Once before, for what the standard library sets up at first use.
        end();
        leaves_nothing(name, end);
    }
}

#[test]
fn nothing_is_left_of_any_scenario() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/samples.jsonl");
    let samples = fs::read_to_string(path).expect("the samples are there");
    for line in samples.lines() {
        let json = serde_json::from_str(line).expect("JSON");
        let program = Program::from_json(&json).expect("a program");
        let name = program.name.clone().unwrap_or_default();
        leaves_nothing(&name, || run(program.clone(), Time::Virtual));
    }
}

/// How a run is ended in the midst of its work.
#[derive(Clone, Copy, Debug)]
enum HowMainEnds {
    Returns,
    Panics,
    IsCancelled,
    WaitsForEver,
}

/// When main has ended, the tasks that are left are asked to end, in the order in which they were spawned
/// (that of the table, as long as no row has been used twice). Each is dropped at its turn: first who is
/// ready already, then who waits for something, and who awaits another task after that one. Outcomes
/// that nobody took come last.
#[test]
fn a_run_that_ends_early_drops_every_task_once_and_in_this_order() {
    for how in [HowMainEnds::Returns, HowMainEnds::Panics, HowMainEnds::IsCancelled] {
        leaves_nothing("all of them", || {
            assert_eq!(
                end_early(how),
                [
                    "main", "ready", "sleeps", "waits", "gets", "puts", "bottom", "joins",
                    "middle", "top", "outcome"
                ],
                "main {how:?}"
            );
        });
    }
    // If main waits for ever, all that can go on has done so, the sleeper too. Main is asked to end like
    // all others, and as the first.
    assert_eq!(
        end_early(HowMainEnds::WaitsForEver),
        ["sleeps", "main", "waits", "gets", "puts", "bottom", "joins", "middle", "top", "outcome"],
    );
}

/// Ends a run while all sorts of tasks are left. Each of them says when it is dropped.
fn end_early(how: HowMainEnds) -> Vec<&'static str> {
    let log = Log::new();
    let (queue, full, event) = (Queue::new(0), Queue::new(1), Event::new());
    let shared = Rc::new((queue, full, event));
    let says = |name| {
        let log = log.clone();
        OnDrop(move || log.add(name))
    };
    /// A future that is dropped together with what it says then, also before its first poll.
    async fn with<F: Future>(says: OnDrop<impl FnMut()>, future: F) -> F::Output {
        let _says = says;
        future.await
    }
    let main = with(says("main"), async {
        let [queue, full, event] = [(); 3].map(|()| shared.clone());
        let _ = full.1.try_put(0);
        drop(spawn(with(says("sleeps"), sleep(ms(1000)))));
        drop(spawn(with(says("waits"), async move { event.2.wait().await })));
        drop(spawn(with(says("gets"), async move { queue.0.get().await.unwrap_or(0) })));
        drop(spawn(with(says("puts"), async move { full.1.put(1).await.is_ok() })));
        let bottom = spawn(with(says("bottom"), pending::<()>()));
        let joined = shared.clone();
        drop(spawn(with(says("joins"), async move { joined.1.join().await })));
        if !matches!(how, HowMainEnds::WaitsForEver) {
            drop(spawn(with(says("ready"), passes(100))));
        }
        let middle = spawn(with(says("middle"), async move { bottom.await.is_ok() }));
        drop(spawn(with(says("top"), async move { gather([middle]).await.is_ok() })));
        // Its handle is kept till the end of the run, so its outcome is, too.
        let outcome = says("outcome");
        std::mem::forget(spawn(async { outcome }));
        passes(3).await;
        match how {
            HowMainEnds::Returns => {}
            HowMainEnds::Panics => resume_unwind(Box::new("on purpose")),
            HowMainEnds::IsCancelled => {
                current_task().cancel();
                yield_now().await;
            }
            HowMainEnds::WaitsForEver => pending().await,
        }
    });
    let executor = Executor::new(Clock::virtual_time());
    let end = catch_unwind(AssertUnwindSafe(|| executor.try_run(main)));
    match how {
        HowMainEnds::Returns => assert!(matches!(end, Ok(Ok(())))),
        HowMainEnds::Panics => assert!(end.is_err()),
        HowMainEnds::IsCancelled => assert!(matches!(end, Ok(Err(RunError::Cancelled)))),
        HowMainEnds::WaitsForEver => assert!(matches!(end, Ok(Err(RunError::Stuck(_))))),
    }
    log.take()
}
