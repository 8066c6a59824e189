//! The loop: its passes, and the steps of a pass.
//!
//! asyncio calls a pass `BaseEventLoop._run_once`. Ours has the same four steps, and so the same
//! schedule. A pass is over when everything that was ready at its step 4 has had its turn; what became
//! ready meanwhile has its turn in the next pass.
//!
//! ```text
//!     ┌─▶ 1. park          nothing ready? sleep until the next deadline, or a foreign wake
//!     │   2. collect       foreign wakes go behind what is ready
//!     │   3. fire          timers that are due go behind that
//!     │   4. run           a snapshot: the entries that are ready now, first to last
//!     └───┘
//! ```
//!
//! All state of a run is in [`Core`], most of it in its [`Tables`].

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;

use crate::blocks::Blocks;
use crate::body::{self, Body};
use crate::clock::{Clock, Instant};
use crate::error::{JoinError, Panic, RunError};
use crate::gather::Gathering;
use crate::inbox::{self, Inbox};
use crate::join::report;
use crate::line::Entry;
use crate::list::Rows;
use crate::ready::{Call, Ready, ReadyQueue};
use crate::state::QueueView;
use crate::task::{RETRIEVED, Tasks};
use crate::timer::Alarm;
use crate::trace::{self, Observer, SharedObserver, StepKind};
use crate::waker::{self, TaskId};
use crate::wheel::{TimerWheel, Turn};

/// Runs a future to its end on the system clock, and everything it spawns with it: `asyncio.run`.
///
/// When the future has ended, the tasks that are left are cancelled, and dropped in the next pass.
///
/// ```
/// let sum = executor::run(async {
///     let one = executor::spawn(async { 1 });
///     one.await.unwrap() + 1
/// });
/// assert_eq!(sum, 2);
/// ```
///
/// # Panics
/// If an executor is running on this thread already, or if the future panics, or is cancelled.
#[doc(alias = "asyncio.run")]
pub fn run<F: Future>(future: F) -> F::Output {
    Executor::new(Clock::system()).run(future)
}

/// An event loop on a clock of your choice: asyncio's `EventLoop`, with `Runner` round it.
///
/// It runs on the thread that calls [`run`](Executor::run); futures need not be `Send`. Wakers are,
/// and may be used on any thread.
#[derive(Clone)]
#[doc(alias("EventLoop", "Runner"))]
pub struct Executor {
    clock: Clock,
    observer: Option<SharedObserver>,
}

impl Executor {
    /// An executor on this clock.
    pub fn new(clock: Clock) -> Executor {
        Executor { clock, observer: None }
    }

    /// The same executor, each step of which is shown to an observer.
    ///
    /// ```
    /// use executor::{Clock, Executor, Observer, State, Step, sleep};
    /// use std::{cell::RefCell, rc::Rc, time::Duration};
    ///
    /// #[derive(Default)]
    /// struct Kinds(Vec<&'static str>);
    ///
    /// impl Observer for Kinds {
    ///     fn step(&mut self, step: &Step, _: &State<'_>) {
    ///         self.0.push(step.kind.name());
    ///     }
    /// }
    ///
    /// let kinds = Rc::new(RefCell::new(Kinds::default()));
    /// let executor = Executor::new(Clock::virtual_time()).observed_by(kinds.clone());
    /// executor.run(async { sleep(Duration::from_secs(1)).await });
    /// let first = "spawn poll arm pending park cascade";
    /// assert!(kinds.borrow().0.join(" ").starts_with(first));
    /// ```
    pub fn observed_by(mut self, observer: Rc<RefCell<dyn Observer>>) -> Executor {
        self.observer = Some(observer);
        trace::take_notes();
        self
    }

    /// Runs a future to its end, and everything it spawns with it. It starts in pass 1.
    ///
    /// # Panics
    /// If an executor is running on this thread already; if the future panics; and with the message
    /// of the error where [`try_run`](Executor::try_run) would return one.
    #[doc(alias = "run_until_complete")]
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        self.try_run(future).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, for a future that may not come to its end.
    ///
    /// # Errors
    /// [`RunError::Stuck`] if nothing can ever happen again, on the virtual clock. (On the system clock
    /// the loop waits for a wake from another thread then, as asyncio does.) [`RunError::Cancelled`] if
    /// the future was cancelled.
    ///
    /// # Panics
    /// If an executor is running on this thread already, or if the future panics.
    ///
    /// ```
    /// use executor::{Clock, Event, Executor};
    ///
    /// let never_set = Event::new();
    /// let executor = Executor::new(Clock::virtual_time());
    /// let error = executor.try_run(never_set.wait()).unwrap_err();
    /// assert!(error.to_string().contains("task 0 waits for event 0"), "{error}");
    /// ```
    pub fn try_run<F: Future>(&self, future: F) -> Result<F::Output, RunError> {
        let core = Core::new(self.clock.clone(), self.observer.clone());
        let _entered = waker::enter(&core);
        let (end, output) = body::with_main(future, &core, |main| {
            core.spawn(main, None);
            // If it was an observer that panicked, the tasks are dropped all the same.
            let end = catch_unwind(AssertUnwindSafe(|| core.run_main()));
            core.close();
            end
        });
        core.rethrow();
        match end {
            Ok(Ok(None)) => Ok(output.expect("main has come to its end")),
            Ok(Ok(Some(panic))) => resume_unwind(panic.into_payload()),
            Ok(Err(error)) => Err(error),
            Err(payload) => resume_unwind(payload),
        }
    }
}

/// Everything that one run has.
pub(crate) struct Core {
    /// How many runs there were before, in this process.
    pub(crate) run: u32,
    /// The number by which wakers know this executor.
    pub(crate) number: u16,
    pub(crate) clock: Clock,
    inbox: &'static Inbox,
    pub(crate) observer: Option<SharedObserver>,
    /// Borrowed for a few lines at a time, and never while code of the user runs: a poll, a destructor,
    /// somebody else's waker.
    pub(crate) tables: RefCell<Tables>,
    /// Foreign wakes between inbox and ready queue; empty outside `collect`.
    letters: Cell<Vec<TaskId>>,
    /// The number of the pass that is running, from 1. After the last one of a `u64`, from 0.
    pub(crate) pass: Cell<u64>,
    /// The task whose turn it is. `None` between turns.
    pub(crate) current: Cell<Option<TaskId>>,
    /// How many events and queues were made in this run: their numbers.
    pub(crate) events: Cell<u32>,
    pub(crate) queues: Cell<u32>,
    /// Main has ended, and its callback has run. Never set before.
    stopped: Cell<bool>,
    /// What is left is being cancelled, and so is whatever is spawned from now on. Never set before main has ended.
    pub(crate) closing: Cell<bool>,
    /// How many steps there were: counted only if there is an observer, or in a debug build.
    pub(crate) steps: Cell<u64>,
    /// The line of the user's code that is being carried out, as far as it is known.
    pub(crate) user: Cell<Option<&'static Location<'static>>>,
    /// What an observer's panic was thrown with, until the loop goes on with it.
    pub(crate) thrown: Cell<Option<Box<dyn Any + Send>>>,
}

/// All that there is, in rows.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) ready: ReadyQueue,
    pub(crate) tasks: Tasks,
    pub(crate) timers: TimerWheel<Alarm>,
    pub(crate) waiters: Rows<Entry>,
    pub(crate) gathers: Rows<Gathering>,
    pub(crate) blocks: Blocks,
    /// The queues as they have published themselves, for the observer.
    pub(crate) queues: BTreeMap<u32, QueueView>,
}

/// The row of the main future.
pub(crate) const MAIN: u32 = 0;

impl Core {
    fn new(clock: Clock, observer: Option<SharedObserver>) -> Core {
        let (run, inbox) = inbox::open();
        let tables = Tables { tasks: Tasks::new(run), ..Tables::default() };
        Core {
            run,
            number: inbox::number(run),
            clock,
            inbox,
            observer,
            tables: RefCell::new(tables),
            letters: Cell::default(),
            pass: Cell::new(0),
            current: Cell::new(None),
            events: Cell::new(0),
            queues: Cell::new(0),
            stopped: Cell::new(false),
            closing: Cell::new(false),
            steps: Cell::new(0),
            user: Cell::new(None),
            thrown: Cell::new(None),
        }
    }

    /// Runs passes until main has ended; returns its panic, if that was its end.
    #[doc(alias = "run_forever")]
    fn run_main(&self) -> Result<Option<Panic>, RunError> {
        while !self.stopped.get() {
            self.run_once()?;
            self.rethrow();
        }
        let mut tables = self.tables.borrow_mut();
        let main = &mut tables.tasks[MAIN];
        main.set(RETRIEVED);
        match main.body.as_mut().and_then(Body::take::<(), Infallible>) {
            Some(Err(JoinError::Panicked(panic))) => Ok(Some(panic)),
            // It may have returned a value all the same, after it had cancelled itself.
            Some(Err(JoinError::Cancelled)) => Err(RunError::Cancelled),
            _ => Ok(None),
        }
    }

    /// One pass. asyncio: `_run_once`.
    #[doc(alias = "_run_once")]
    fn run_once(&self) -> Result<(), RunError> {
        self.pass.set(self.pass.get().wrapping_add(1));
        loop {
            // 1. Nothing is ready: sleep until the next deadline, or until another thread wakes a task.
            if self.nothing_is_ready() {
                self.park()?;
            }
            // 2. What other threads have woken meanwhile goes behind what is ready.
            self.collect();
            // 3. The timers that are due by now go behind that.
            self.fire();
            // Still nothing: the thread woke up for no reason, or for a timer that was cancelled.
            if !self.nothing_is_ready() {
                break;
            }
        }
        // 4. Each entry has its turn. What they make ready has its turn in the next pass.
        self.tables.borrow_mut().ready.start_pass();
        while let Some(entry) = self.next_entry() {
            match entry {
                Ready::Poll(slot) => self.poll(slot),
                Ready::Call(call) => self.call(call),
            }
        }
        Ok(())
    }

    fn nothing_is_ready(&self) -> bool {
        self.tables.borrow().ready.is_empty()
    }

    fn next_entry(&self) -> Option<Ready> {
        self.tables.borrow_mut().ready.pop()
    }

    /// Gives the thread back until something can happen. The one place where a selector would stand:
    /// asyncio waits for its sockets here, with the same timeout.
    #[doc(alias = "select")]
    fn park(&self) -> Result<(), RunError> {
        if self.inbox.has_mail() {
            return Ok(());
        }
        let deadline = self.tables.borrow().timers.next_deadline();
        let until = deadline.map(|next| Instant::from_nanos(next.time()));
        self.user.set(None);
        self.note(StepKind::Park { until });
        self.rethrow();
        if !self.clock.is_virtual() {
            self.inbox.park(until.map(|until| until - self.clock.now()));
        } else if let Some(deadline) = deadline {
            self.clock.jump(deadline);
        } else {
            return Err(RunError::Stuck(self.report()));
        }
        Ok(())
    }

    /// Moves foreign wakes to the ready queue.
    fn collect(&self) {
        if !self.inbox.has_mail() {
            return;
        }
        let mut letters = self.letters.take();
        self.inbox.collect(&mut letters);
        for task in letters.drain(..) {
            self.wake(task);
        }
        self.letters.set(letters);
    }

    /// Moves timers that are due to the ready queue. The clock is asked only while there are timers.
    fn fire(&self) {
        if self.tables.borrow().timers.is_empty() {
            return;
        }
        let now = self.clock.now().as_nanos();
        loop {
            let turn = self.tables.borrow_mut().timers.turn(now);
            match turn {
                Some(Turn::Due(timer)) => {
                    self.tables.borrow_mut().push(Ready::Call(Call::Timer(timer)));
                    self.note(StepKind::Fire { timer: timer.0 });
                }
                Some(Turn::Cascaded { level, slot }) => {
                    self.note(StepKind::Cascade { level, slot });
                }
                None => return,
            }
        }
    }

    /// The call of main's end.
    pub(crate) fn stop(&self) {
        self.stopped.set(true);
        self.note(StepKind::CallStop);
    }

    /// What `asyncio.run` does after main: cancels the tasks that are left, in the order of the table, and
    /// runs passes until they have ended. What then is still there (it was spawned meanwhile, or waits
    /// for its own end) is dropped, in the same order, and so are the outcomes nobody has taken.
    fn close(&self) {
        self.closing.set(true);
        let left = self.all_tasks();
        for &task in &left {
            self.cancel(task);
        }
        for &task in &left {
            while self.is_alive(task) && !self.nothing_is_ready() && self.run_once().is_ok() {}
        }
        // What is dropped may spawn: so again, until nothing is left.
        let mut dropped = true;
        while dropped {
            dropped = false;
            for task in self.all_tasks() {
                let mut tables = self.tables.borrow_mut();
                let Some(body) = tables.tasks[task.slot()].body.take() else { continue };
                let unseen = tables.unseen_end(task);
                drop(tables);
                report(unseen);
                self.discard(body);
                dropped = true;
            }
        }
    }

    fn all_tasks(&self) -> Vec<TaskId> {
        self.tables.borrow().tasks.rows().iter().map(|row| row.id).collect()
    }

    pub(crate) fn is_alive(&self, task: TaskId) -> bool {
        self.tables.borrow().tasks.is_alive(task)
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.inbox.release();
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// At a pass each nanosecond that takes 584 years.
    #[test]
    fn counters_begin_again_after_their_last_value() {
        crate::run(async {
            let core = crate::waker::current().expect("a run");
            core.pass.set(u64::MAX);
            core.steps.set(u64::MAX);
            core.events.set(u32::MAX);
            core.queues.set(u32::MAX);
            crate::yield_now().await;
            crate::yield_now().await;
            assert_eq!(crate::pass(), 1);
            // Steps are not counted in a release build.
            assert!(!cfg!(debug_assertions) || core.steps.get() < 10);
            assert_eq!([crate::trace::next_queue(), crate::trace::next_queue()], [u32::MAX, 0]);
            let _two = [crate::Event::new(), crate::Event::new()];
            assert_eq!(core.events.get(), 1);
        });
    }

    /// What a main future borrows is gone when `with_main` returns. So if it has not been dropped by then, that is
    /// the end of the process.
    #[test]
    #[cfg_attr(miri, ignore = "Miri starts no other process")]
    fn nobody_survives_a_main_future_that_was_not_dropped() {
        const ALONE: &str = "TEST_RUNS_ALONE";
        if std::env::var_os(ALONE).is_some() {
            let core = Core::new(Clock::virtual_time(), None);
            body::with_main(async {}, &core, std::mem::forget);
            return;
        }
        let test = "executor::tests::nobody_survives_a_main_future_that_was_not_dropped";
        let mut child = Command::new(std::env::current_exe().unwrap());
        let output = child.args(["--exact", test, "--nocapture"]).env(ALONE, "1").output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success());
        assert!(stderr.contains("a run ended without dropping its main future"), "{stderr}");
    }
}
