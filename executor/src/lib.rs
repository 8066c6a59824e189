//! Python asyncio's event loop, in Rust: the same schedule as CPython's, event for event.
//!
//! ```
//! use executor::{Clock, Executor, gather, now, sleep, spawn};
//! use std::time::Duration;
//!
//! let executor = Executor::new(Clock::virtual_time());
//! executor.run(async {
//!     let tasks = [3, 1, 2].map(|seconds| spawn(sleep_and_tell(seconds)));
//!     assert_eq!(gather(tasks).await, Ok(vec![3, 1, 2]));
//!     assert_eq!(now().as_millis(), 3000);
//! });
//!
//! async fn sleep_and_tell(seconds: u64) -> u64 {
//!     sleep(Duration::from_secs(seconds)).await;
//!     seconds
//! }
//! ```
//!
//! # What to read first
//!
//! | file | what it is | asyncio |
//! |---|---|---|
//! | `executor.rs` | the loop: its passes, and the four steps of a pass | `BaseEventLoop._run_once`, `asyncio.run` |
//! | `ready.rs` | the ready queue: *poll this task*, or *call this* | `_ready`, `call_soon` |
//! | `turn.rs` | a task's turn: polled, pending, complete | `Task.__step` |
//! | `task.rs` | the table of tasks: a row for each | `Task` |
//! | `waits.rs` | what a task waits for | `_fut_waiter`, done-callbacks |
//! | `waker.rs` | a waker is a number | `add_done_callback`, `Task.__wakeup` |
//! | `spawn.rs` | from a future to a task | `create_task` |
//! | `join.rs` | awaiting a task's end | `await task` |
//! | `cancel.rs` | a request, a chain, a drop | `Task.cancel` |
//! | `sleep.rs` | `sleep`, `yield_now` | `sleep`, `sleep(0)` |
//! | `timer.rs` | a timer, as a future holds it | `call_at`, `TimerHandle` |
//! | `wheel.rs` | which timer is next? | `_scheduled`, a heap |
//! | `clock.rs` | what time is it? system or virtual | `loop.time()` |
//! | `inbox.rs` | wakes from other threads, and parking | `call_soon_threadsafe`, the self-pipe |
//! | `timeout.rs` | a deadline round a future | `timeout`, `wait_for` |
//! | `gather.rs` | awaiting many tasks | `gather` |
//! | `line.rs` | a waiting line: first come, first woken | a `deque` of `Future`s |
//! | `event.rs` | a flag that tasks wait for | `Event` |
//! | `body.rs`, `blocks.rs` | the futures in memory | objects, and their pools |
//! | `trace.rs`, `state.rs` | what happened, numbered; and how things are | `loop.set_debug`, `python -m asyncio pstree` |
//! | `error.rs` | how things end that do not end well | `CancelledError`, exceptions |
//! | `list.rs` | waiting lines, linked by index | `deque` |

#![deny(missing_docs, unsafe_op_in_unsafe_fn)]

mod blocks;
mod body;
mod cancel;
mod clock;
mod error;
mod event;
mod executor;
mod gather;
mod inbox;
mod join;
mod line;
mod list;
mod ready;
mod sleep;
mod spawn;
mod state;
mod task;
mod timeout;
mod timer;
mod trace;
mod turn;
mod waits;
mod waker;
mod wheel;

pub use body::End;
pub use cancel::{TaskRef, current_task};
pub use clock::{Clock, Instant};
pub use error::{JoinError, Panic, RunError};
pub use event::{Event, WaitForEvent};
pub use executor::{Executor, run};
pub use gather::{Gather, GatherAll, gather, gather_all};
pub use join::JoinHandle;
pub use line::{Line, Place};
pub use sleep::{Sleep, now, pass, sleep, sleep_until, yield_now};
pub use spawn::{spawn, spawn_fallible, spawn_fallible_named, spawn_named};
pub use state::{QueueView, ReadyView, State, TaskView, TimerView, Waits, publish};
pub use task::Activity;
pub use timeout::{Elapsed, Timeout, timeout};
pub use trace::{Observer, QueueStep, Step, StepKind, next_queue, report, takes_notes};
pub use waits::{LineKind, Waiter};
pub use waker::TaskId;
pub use wheel::{NextDeadline, TimerId, TimerWheel, Turn};
