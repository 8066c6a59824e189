//! The rows of the table: each workload, its bar, and who takes part.

use crate::common::cpu;
use crate::contenders::*;
use crate::row::{Contender, Group, Row};
use crate::workloads::foreign::{self, Helper};
use crate::workloads::{memory, queues, spawn, timers, tree, wake};

const THOUSAND: usize = 1_000;
const MILLION: usize = 1_000_000;

/// A list of contenders, ours first: `on!([Ours, Monoio] |R, n| spawn::and_await::<R>(1_000, n))`
/// measures each with its type in place of `R`. `n` is the row's number of repetitions.
macro_rules! on {
    ([$($(#[$condition:meta])? $runtime:ty),+ $(,)?] |$name:ident, $repeats:ident| $measure:expr) => {{
        let mut contenders = Vec::new();
        $(
            $(#[$condition])?
            contenders.push({
                type $name = $runtime;
                Contender::new(<$name as Runtime>::NAME, |$repeats| $measure)
            });
        )+
        contenders
    }};
}

macro_rules! on_all_runtimes {
    ($($measure:tt)+) => {
        on!([
            Ours,
            CurrentThread,
            LocalSet,
            Local,
            Static,
            LocalPool,
            #[cfg(target_os = "linux")] Monoio,
            #[cfg(target_os = "linux")] Glommio,
            #[cfg(target_os = "linux")] GlommioQueued,
            Compio,
            AsyncLocalExecutor,
        ] $($measure)+)
    };
}

macro_rules! on_all_with_timers {
    ($($measure:tt)+) => {
        on!([
            Ours,
            CurrentThread,
            LocalSet,
            Local,
            Static,
            #[cfg(target_os = "linux")] Monoio,
            #[cfg(target_os = "linux")] Glommio,
            Compio,
        ] $($measure)+)
    };
}

macro_rules! on_all_with_virtual_time {
    ($($measure:tt)+) => {
        on!([Ours, CurrentThread, LocalSet] $($measure)+)
    };
}

/// Queues, ours first: `on_queues!(|Q, R, n| queues::one_to_one::<Q, R>(1, 1_000, n); Flume)`. Each peer runs on several runtimes, and the
/// table takes the best of them.
macro_rules! on_queues {
    (|$q:ident, $r:ident, $repeats:ident| $measure:expr; $($queue:ty),+) => {{
        let mut contenders = vec![{
            type $q = OurQueue;
            type $r = Ours;
            Contender::new(<$q as Channel>::NAME, |$repeats| $measure)
        }];
        $(
            contenders.push(pair!(($queue, CurrentThread) |$q, $r, $repeats| $measure));
            contenders.push(pair!(($queue, LocalSet) |$q, $r, $repeats| $measure));
            contenders.push(pair!(($queue, Local) |$q, $r, $repeats| $measure));
            #[cfg(target_os = "linux")]
            contenders.push(pair!(($queue, Monoio) |$q, $r, $repeats| $measure));
        )+
        contenders
    }};
}

macro_rules! pair {
    (($queue:ty, $runtime:ty) |$q:ident, $r:ident, $repeats:ident| $measure:expr) => {{
        type $q = $queue;
        type $r = $runtime;
        Contender::pair(<$q as Channel>::NAME, <$r as Runtime>::NAME, |$repeats| $measure)
    }};
}

/// Every row, in the order in which they run. The bar is the greatest ratio to the best peer that we
/// allow ourselves; the last number is that of repetitions, so that ours takes some ten milliseconds.
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(tasks());
    rows.extend(timers());
    rows.extend(queues());
    rows.extend(foreign_wakes());
    rows.extend(memory());
    rows.extend(virtual_time()); // last: see contenders/tokio.rs
    rows
}

fn tasks() -> Vec<Row> {
    vec![
        Row::new("spawn-await-1k", "spawn and await 1,000 tasks", 0.5, 200)
            .by(on_all_runtimes!(|R, n| spawn::and_await::<R>(THOUSAND, n))),
        Row::new("spawn-await-100k", "spawn and await 100,000 tasks", 0.5, 4)
            .by(on_all_runtimes!(|R, n| spawn::and_await::<R>(100 * THOUSAND, n))),
        Row::new("spawn-forget", "spawn and forget 100,000 tasks", 0.7, 4)
            .by(on_all_runtimes!(|R, n| spawn::and_forget::<R>(100 * THOUSAND, n))),
        Row::new("spawn-one", "spawn one, await it, repeat", 0.9, 20 * THOUSAND)
            .by(on_all_runtimes!(|R, n| spawn::one_and_await::<R>(n))),
        Row::new("gather-10k", "spawn and gather 10,000 tasks", 0.5, 20)
            .by(on_all_runtimes!(|R, n| spawn::and_join_all::<R>(10 * THOUSAND, n))),
        Row::new("gather-100k", "spawn and gather 100,000 tasks", 0.5, 2)
            .by(on_all_runtimes!(|R, n| spawn::and_join_all::<R>(100 * THOUSAND, n))),
        Row::new("chain", "a chain of tasks 10,000 deep", 0.7, 2)
            .by(on_all_runtimes!(|R, n| tree::chain::<R>(10 * THOUSAND, n))),
        Row::new("tree", "a tree of 2^15 tasks", 0.9, 4)
            .by(on_all_runtimes!(|R, n| tree::binary_tree::<R>(15, n))),
        Row::new("yield", "1,000 tasks yield 100 times", 0.8, 6)
            .by(on_all_runtimes!(|R, n| wake::yields::<R>(THOUSAND, 100, n))),
        Row::new("ping-pong", "ping-pong of two tasks, a round trip", 0.75, 20)
            .by(on_all_runtimes!(|R, n| wake::ping_pong::<R>(10 * THOUSAND, n))),
    ]
}

fn timers() -> Vec<Row> {
    vec![
        Row::new("arm-drop-10k", "arm and drop a sleep, 10,000 armed", 0.7, 100 * THOUSAND)
            .by(on_all_with_timers!(|R, n| timers::arm_and_drop::<R>(10 * THOUSAND, n))),
        Row::new("arm-drop-1m", "arm and drop a sleep, 1,000,000 armed", 0.4, 100 * THOUSAND)
            .slow()
            .by(on_all_with_timers!(|R, n| timers::arm_and_drop::<R>(MILLION, n))),
        Row::new("timeout-ready", "a timeout around something ready", 0.75, 100 * THOUSAND)
            .by(on_all_with_timers!(|R, n| timers::timeout_around_ready::<R>(n))),
    ]
    .into_iter()
    .map(|row| row.without(&["LocalPool", "async-local-executor"], "no timers of its own"))
    .collect()
}

fn virtual_time() -> Vec<Row> {
    vec![
        Row::new("fire-10k", "fire 10,000 sleeps, virtual clock", 0.3, 3)
            .by(on_all_with_virtual_time!(|R, n| timers::fire::<R>(10 * THOUSAND, n))),
        // Twice: the first time the memory is new, and rows lie in the order in which they are armed.
        Row::new("fire-1m", "fire 1,000,000 sleeps, virtual clock", 0.8, 2)
            .slow()
            .by(on_all_with_virtual_time!(|R, n| timers::fire::<R>(MILLION, n))),
        Row::new("sleep-one", "one sleep after another, virtual clock", 0.4, 50 * THOUSAND)
            .by(on_all_with_virtual_time!(|R, n| timers::one_after_another::<R>(n))),
    ]
    .into_iter()
    .map(|row| {
        row.without(&["LocalExecutor", "StaticLocalExecutor", "LocalPool"], "no virtual clock")
            .without(
                &["monoio", "glommio", "glommio queued", "compio", "async-local-executor"],
                "no virtual clock",
            )
    })
    .collect()
}

fn queues() -> Vec<Row> {
    const ITEMS: usize = 10 * THOUSAND;
    let one_sender = "one sender only";
    let one_receiver = "one receiver only";
    let single = ["tokio mpsc", "async-unsync", "local-sync"];
    vec![
        Row::new("queue-1-1-cap-1", "queue 1:1, capacity 1", 0.8, 10).by(on_queues!(
            |Q, R, n| queues::one_to_one::<Q, R>(1, ITEMS, n);
            TokioMpsc, AsyncChannel, Flume, AsyncUnsync, Unsync, LocalSync
        )),
        Row::new("queue-1-1-cap-64", "queue 1:1, capacity 64", 0.65, 30).by(on_queues!(
            |Q, R, n| queues::one_to_one::<Q, R>(64, ITEMS, n);
            TokioMpsc, AsyncChannel, Flume, AsyncUnsync, Unsync, LocalSync
        )),
        Row::new("queue-1-1-cap-1024", "queue 1:1, capacity 1,024", 0.65, 30).by(on_queues!(
            |Q, R, n| queues::one_to_one::<Q, R>(1_024, ITEMS, n);
            TokioMpsc, AsyncChannel, Flume, AsyncUnsync, Unsync, LocalSync
        )),
        Row::new("queue-10-1-cap-64", "queue 10:1, capacity 64", 0.7, 30)
            .by(on_queues!(
                |Q, R, n| queues::ten_to_one::<Q, R>(64, ITEMS, n);
                TokioMpsc, AsyncChannel, Flume, AsyncUnsync, LocalSync
            ))
            .without(&["unsync"], one_sender),
        Row::new("queue-10-10-cap-1", "queue 10:10, capacity 1", 0.75, 10)
            .by(on_queues!(
                |Q, R, n| queues::ten_to_ten::<Q, R>(1, ITEMS, n);
                AsyncChannel, Flume
            ))
            .without(&["unsync"], one_sender)
            .without(&single, one_receiver),
        Row::new("queue-10-10-cap-64", "queue 10:10, capacity 64", 0.5, 30)
            .by(on_queues!(
                |Q, R, n| queues::ten_to_ten::<Q, R>(64, ITEMS, n);
                AsyncChannel, Flume
            ))
            .without(&["unsync"], one_sender)
            .without(&single, one_receiver),
    ]
    .into_iter()
    .map(|row| row.group(Group::Queues))
    .collect()
}

fn foreign_wakes() -> Vec<Row> {
    let mut rows = vec![
        Row::new(
            "foreign-trip-2-cores",
            "a foreign wake, there and back, two cores",
            1.0,
            20 * THOUSAND,
        )
        .by(on_all_runtimes!(|R, n| foreign::there_and_back::<R>(Helper::OnOtherCore, n))),
        Row::new(
            "foreign-trip-1-core",
            "a foreign wake, there and back, one core",
            1.0,
            10 * THOUSAND,
        )
        .by(on_all_runtimes!(|R, n| foreign::there_and_back::<R>(Helper::OnSameCore, n))),
        Row::new(
            "foreign-each-once",
            "foreign wakes, 100,000 tasks, each once",
            0.8,
            100 * THOUSAND,
        )
        .by(on_all_runtimes!(|R, n| foreign::each_task_once::<R>(n))),
        Row::new("foreign-in-turn", "foreign wakes, 1,000 tasks in turn", 2.0, 300 * THOUSAND)
            .by(on_all_runtimes!(|R, n| foreign::again_and_again::<R>(THOUSAND, n))),
        Row::new(
            "foreign-one-task",
            "foreign wakes, one task again and again",
            2.0,
            300 * THOUSAND,
        )
        .by(on_all_runtimes!(|R, n| foreign::again_and_again::<R>(1, n))),
    ];
    if cpu::core_count() < 2 {
        rows.remove(0);
    }
    rows.into_iter().map(Row::isolated).collect()
}

fn memory() -> Vec<Row> {
    vec![
        Row::new("bytes-waiting", "heap bytes a waiting task, of 1,000,000", 1.0, MILLION)
            .by(on_all_runtimes!(|R, n| memory::waiting_task::<R>(n))),
        Row::new("bytes-sleeping", "heap bytes a sleeping task, of 1,000,000", 0.9, MILLION)
            .by(on_all_with_timers!(|R, n| memory::sleeping_task::<R>(n)))
            .without(&["LocalPool", "async-local-executor"], "no timers of its own"),
    ]
    .into_iter()
    .map(|row| row.isolated().bytes())
    .collect()
}
