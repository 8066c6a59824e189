//! Other people's futures run on our executor as they are: those of futures-lite, of the `futures` crate, and
//! of a channel crate that knows neither.
//!
//! - `both_or_one.rs`: zip, join, or, race, select
//! - `many.rs`: join_all, select_all, FuturesUnordered, FuturesOrdered
//! - `streams.rs`: the methods of streams, over a queue
//! - `channels.rs`: channels, locks and shared futures, in one thread and across threads
//! - `cancelling.rs`: cancelling and timeouts around all that
//! - `moved.rs`: a future that begins to wait in one place and goes on in another
//! - `wake_ups.rs`: no wake-up is lost
//!
//! More in `tests/given_up.rs`: a wait that was begun, and is given up in the same turn.

#[path = "../common/mod.rs"]
mod common;

mod both_or_one;
mod cancelling;
mod channels;
mod many;
mod moved;
mod streams;
mod wake_ups;
