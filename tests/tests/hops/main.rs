//! The hop table: how many passes lie between a cause and its effect. One test for each row of the table that
//! was measured on CPython 3.12, 3.13 and 3.14 (`tests/data/hops_table.txt` has most of it).
//!
//! - `tasks.rs`: calls, tasks, futures.
//! - `queues.rs`: events and queues.
//! - `gather.rs`
//! - `deadlines.rs`: timers and timeouts.
//! - `cancelling.rs`: `cancel()`, by what the task waits for.
//!
//! A pass is one `_run_once` of the loop; the ruler is `executor::pass()`.
//!
//! Not here, because we have no such thing: `wait`, `as_completed`, `shield`, `TaskGroup`, `Lock`, `Semaphore`,
//! `Condition`, eager tasks. And one row because it is not true here: a request to cancel is never lost
//! (`divergences::cancelling::a_request_to_cancel_is_not_lost`).

#[path = "../common/mod.rs"]
mod common;

mod cancelling;
mod deadlines;
mod gather;
mod queues;
mod tasks;

use std::cell::Cell;
use std::rc::Rc;

use executor::pass;

use common::virtual_run;

/// Counts the passes from a cause to its effect. Clones are the same ruler.
#[derive(Clone, Default)]
struct Ruler {
    cause: Rc<Cell<u64>>,
    effect: Rc<Cell<u64>>,
}

impl Ruler {
    /// Here is the cause.
    fn cause(&self) {
        self.cause.set(pass());
    }

    /// Here is the effect.
    fn effect(&self) {
        self.effect.set(pass());
    }

    /// A future whose only step is the effect.
    async fn effect_now(self) {
        self.effect();
    }

    fn hops(&self) -> u64 {
        self.effect.get() - self.cause.get()
    }
}

/// Runs an experiment on a virtual clock. If it does not say what the effect is, its end is.
fn hops(experiment: impl AsyncFnOnce(Ruler)) -> u64 {
    let ruler = Ruler::default();
    virtual_run(async {
        experiment(ruler.clone()).await;
        if ruler.effect.get() == 0 {
            ruler.effect();
        }
    });
    ruler.hops()
}
