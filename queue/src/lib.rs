//! asyncio's queue: back-pressure, `task_done` and `join`, shutdown.
//!
//! ```
//! use executor::{gather, spawn};
//! use queue::Queue;
//! use std::rc::Rc;
//!
//! executor::run(async {
//!     let queue = Rc::new(Queue::new(2));
//!     let producer = spawn({
//!         let queue = queue.clone();
//!         async move {
//!             for n in 1..=5 {
//!                 queue.put(n).await.unwrap();
//!             }
//!             queue.shutdown(false);
//!         }
//!     });
//!     let mut sum = 0;
//!     while let Ok(n) = queue.get().await {
//!         sum += n;
//!     }
//!     assert_eq!(sum, 15);
//!     producer.await.unwrap();
//! });
//! ```
//!
//! | file | what it is | asyncio |
//! |---|---|---|
//! | `queue.rs` | the queue, and everything that does not wait | `Queue`, `put_nowait`, `get_nowait` |
//! | `put.rs` | waiting for room | `put` |
//! | `get.rs` | waiting for an item; items as a stream | `get` |
//! | `join.rs` | waiting until every item is done | `join` |
//! | `store.rs` | which item is next? first, last, or smallest | `_put`, `_get` |
//! | `error.rs` | what can go wrong | `QueueFull`, `QueueEmpty`, `QueueShutDown` |

#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod error;
mod get;
mod join;
mod put;
mod queue;
mod store;

pub use error::{PutError, Shutdown, TaskDoneError, TryGetError, TryPutError};
pub use get::{Get, Items};
pub use join::Join;
pub use put::Put;
pub use queue::BaseQueue;
pub use store::{Sorted, Store};

use std::collections::VecDeque;

/// First in, first out: `asyncio.Queue`.
pub type Queue<T> = BaseQueue<VecDeque<T>>;

/// Last in, first out: `asyncio.LifoQueue`.
///
/// ```
/// let queue = queue::LifoQueue::new(0);
/// queue.try_put("first").unwrap();
/// queue.try_put("last").unwrap();
/// assert_eq!(queue.try_get(), Ok("last"));
/// ```
pub type LifoQueue<T> = BaseQueue<Vec<T>>;

/// The smallest item first: `asyncio.PriorityQueue`. Equal items come in the order in which they were put.
///
/// ```
/// let queue = queue::PriorityQueue::new(0);
/// queue.try_put((2, "tea")).unwrap();
/// queue.try_put((1, "fire")).unwrap();
/// assert_eq!(queue.try_get(), Ok((1, "fire")));
/// ```
///
/// The order of items is asked for while the queue changes: an `Ord` that uses the same queue panics. If an
/// `Ord` panics, the item that was to be put is dropped; those that are in the queue stay there.
pub type PriorityQueue<T> = BaseQueue<Sorted<T>>;
