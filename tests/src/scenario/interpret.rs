//! What each op does: a task of the program is a task of the executor, an op is a call of the public
//! API.
//!
//! This is `Body` of `tests/oracle/interp.py`, op for op; whoever reads the two next to each other
//! learns how asyncio's calls are spelled here. What has no counterpart is `CancelledError`: a
//! cancelled future is dropped, and runs no code of its own.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::Arguments;
use std::rc::Rc;
use std::time::Duration;

use executor::{
    Event, JoinError, JoinHandle, current_task, gather, gather_all, sleep, spawn_fallible_named,
    timeout, yield_now,
};
use queue::{Queue, TryGetError, TryPutError};

use super::format::{Comma, EventNo, Op, QueueNo, TaskNo};
use super::run::{Scenario, Time};
use super::trace::Ending;

/// A task's register. Python's numbers have no end; sums that don't fit in here stay at its largest.
type Acc = u128;
pub type Handle = JoinHandle<Acc, u64>;

/// An op's outcome as the trace has it; empty if there is nothing to say.
type Outcome = Cow<'static, str>;
const NOTHING: Outcome = Cow::Borrowed("");
/// For ops on a task that has not been spawned.
const NONE: Outcome = Cow::Borrowed("none");

/// One task: runs its ops one after the other.
struct Body {
    scenario: Rc<Scenario>,
    t: TaskNo,
    acc: Cell<Acc>,
}

/// The future of a task.
pub fn body(scenario: Rc<Scenario>, t: TaskNo) -> impl Future<Output = Result<Acc, u64>> {
    // Made before the first poll: a task that is cancelled before it starts ends, too.
    let mut ending = Ending::new(scenario.trace.clone(), t);
    let body = Body { scenario, t, acc: Cell::new(0) };
    async move {
        let result = body.run().await;
        ending.finished(&result);
        result
    }
}

impl Body {
    async fn run(&self) -> Result<Acc, u64> {
        if self.t == TaskNo::MAIN {
            self.scenario.main.get_or_init(current_task);
        }
        self.emit(format_args!("start"));
        self.run_ops(&self.scenario.program.tasks[self.t.0]).await?;
        Ok(self.acc.get())
    }

    /// An op's line comes when it is finished.
    async fn run_ops(&self, ops: &[Op]) -> Result<(), u64> {
        for op in ops {
            let outcome = self.run_op(op).await?;
            let blank = if outcome.is_empty() { "" } else { " " };
            self.emit(format_args!("{op}{blank}{outcome}"));
        }
        Ok(())
    }

    fn emit(&self, event: Arguments<'_>) {
        self.scenario.trace.line(self.t, event);
    }

    async fn run_op(&self, op: &Op) -> Result<Outcome, u64> {
        let mut outcome = NOTHING;
        match op {
            Op::Sleep(ms) => sleep(Duration::from_millis(*ms)).await,
            Op::Yield => yield_now().await,
            Op::Work(ms) => self.work(Duration::from_millis(*ms)),
            Op::Log(_) => {}
            Op::Fail(n) => return Err(*n),
            Op::Timeout(ms, ops) => {
                // Boxed, because no future has room for one of its own kind.
                let block = Box::pin(self.run_ops(ops));
                outcome = match timeout(Duration::from_millis(*ms), block).await {
                    Ok(result) => result.map(|()| "ok".into())?,
                    Err(_) => "expired".into(),
                };
            }

            Op::Spawn(t) => self.spawn(*t),
            Op::Cancel(t) => outcome = self.cancel(*t),
            Op::State(t) => outcome = self.state(*t),
            Op::Join(t) => outcome = self.join(*t).await,
            Op::Gather(ts) => outcome = self.gather(ts).await,
            Op::GatherAll(ts) => outcome = self.gather_all(ts).await,

            Op::Put(q, v) => {
                if self.queue(*q).put(*v).await.is_err() {
                    outcome = "shutdown".into();
                }
            }
            Op::Get(q) => {
                outcome = match self.queue(*q).get().await {
                    Ok(v) => self.take(v),
                    Err(_) => "shutdown".into(),
                }
            }
            Op::TryPut(q, v) => {
                outcome = match self.queue(*q).try_put(*v) {
                    Ok(()) => "ok".into(),
                    Err(TryPutError::Full(_)) => "full".into(),
                    Err(TryPutError::Shutdown(_)) => "shutdown".into(),
                }
            }
            Op::TryGet(q) => {
                outcome = match self.queue(*q).try_get() {
                    Ok(v) => self.take(v),
                    Err(TryGetError::Empty) => "empty".into(),
                    Err(TryGetError::Shutdown) => "shutdown".into(),
                }
            }
            Op::TaskDone(q) => {
                outcome = match self.queue(*q).task_done() {
                    Ok(()) => "ok".into(),
                    Err(_) => "too_many".into(),
                }
            }
            Op::QJoin(q) => self.queue(*q).join().await,
            Op::QSize(q) => outcome = self.queue(*q).len().to_string().into(),
            Op::Shutdown(q, immediate) => self.queue(*q).shutdown(*immediate),

            Op::Set(e) => self.event(*e).set(),
            Op::Clear(e) => self.event(*e).clear(),
            Op::Wait(e) => self.event(*e).wait().await,
            Op::IsSet(e) => outcome = truth(self.event(*e).is_set()),
        }
        Ok(outcome)
    }

    /// Keeps the processor busy: nobody else runs meanwhile.
    fn work(&self, duration: Duration) {
        match self.scenario.time {
            Time::Virtual => self.scenario.clock.advance(duration),
            Time::System => std::thread::sleep(duration),
        }
    }

    fn spawn(&self, t: TaskNo) {
        let handle = spawn_fallible_named(t.to_string(), body(self.scenario.clone(), t));
        self.scenario.handles.borrow_mut()[t.0] = Some(handle);
    }

    fn cancel(&self, t: TaskNo) -> Outcome {
        match (self.scenario.main.get(), self.handle(t)) {
            (Some(main), _) if t == TaskNo::MAIN => truth(main.cancel()),
            (_, Some(handle)) => truth(handle.cancel()),
            (_, None) => NONE,
        }
    }

    fn state(&self, t: TaskNo) -> Outcome {
        // The trace is over when main is, so nobody sees it in another state.
        if t == TaskNo::MAIN {
            return "pending".into();
        }
        match self.handle(t).map(|handle| handle.outcome()) {
            Some(Some(outcome)) => in_words(&outcome, ' '),
            Some(None) => "pending".into(),
            None => NONE,
        }
    }

    async fn join(&self, t: TaskNo) -> Outcome {
        let Some(handle) = self.handle(t) else {
            return NONE;
        };
        let outcome = handle.await;
        if let Ok(value) = outcome {
            self.acc.set(value);
        }
        in_words(&outcome, ' ')
    }

    async fn gather(&self, ts: &[TaskNo]) -> Outcome {
        let Some(handles) = self.all_handles(ts) else {
            return NONE;
        };
        match gather(handles).await {
            Ok(values) => {
                self.acc.set(values.iter().fold(0, |sum, &value| sum.saturating_add(value)));
                format!("ok {}", Comma(&values)).into()
            }
            Err(error) => in_words(&Err(error), ' '),
        }
    }

    async fn gather_all(&self, ts: &[TaskNo]) -> Outcome {
        let Some(handles) = self.all_handles(ts) else {
            return NONE;
        };
        let outcomes = gather_all(handles).await;
        let words: Vec<Outcome> = outcomes.iter().map(|outcome| in_words(outcome, ':')).collect();
        Comma(&words).to_string().into()
    }

    /// A task's handle, if it has been spawned.
    fn handle(&self, t: TaskNo) -> Option<Handle> {
        self.scenario.handles.borrow()[t.0].clone()
    }

    fn all_handles(&self, ts: &[TaskNo]) -> Option<Vec<Handle>> {
        ts.iter().map(|&t| self.handle(t)).collect()
    }

    /// An item goes to the register, and into the trace.
    fn take(&self, item: u64) -> Outcome {
        self.acc.set(item.into());
        item.to_string().into()
    }

    fn queue(&self, q: QueueNo) -> &Queue<u64> {
        &self.scenario.queues[q.0]
    }

    fn event(&self, e: EventNo) -> &Event {
        &self.scenario.events[e.0]
    }
}

fn truth(yes: bool) -> Outcome {
    if yes { "true" } else { "false" }.into()
}

fn in_words(outcome: &Result<Acc, JoinError<u64>>, separator: char) -> Outcome {
    match outcome {
        Ok(value) => format!("ok{separator}{value}").into(),
        Err(JoinError::Failed(number)) => format!("err{separator}{number}").into(),
        Err(JoinError::Cancelled) => "cancelled".into(),
        // No op panics; should the executor do so, the trace shall differ from everybody's.
        Err(JoinError::Panicked(_)) => "panicked".into(),
    }
}
