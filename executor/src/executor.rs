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
//! All state of a run is in [`Core`]. Each of its tables has a cell of its own, and none is borrowed while
//! code of the user runs: a poll, a destructor, a foreign waker.

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
use crate::join::Joiner;
use crate::list::Rows;
use crate::ready::{Call, Ready, ReadyQueue};
use crate::state::QueueView;
use crate::task::{RETRIEVED, Tasks};
use crate::timer::Alarm;
use crate::trace::{Observer, SharedObserver, StepKind};
use crate::waits::Wait;
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
    /// assert!(error.to_string().contains("task 0 waits for an event"), "{error}");
    /// ```
    pub fn try_run<F: Future>(&self, future: F) -> Result<F::Output, RunError> {
        let core = Core::new(self.clock.clone(), self.observer.clone());
        let _entered = waker::enter(&core);
        let (end, output) = body::with_main(future, &core.blocks, |main| {
            core.spawn(main, None);
            // An observer may panic, too. The tasks are dropped all the same.
            let end = catch_unwind(AssertUnwindSafe(|| core.run_main()));
            core.close();
            end
        });
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
    /// How many steps there were: counted only if there is an observer, or in a debug build.
    pub(crate) steps: Cell<u64>,
    /// The line of the user's code that is being carried out, as far as it is known.
    pub(crate) user: Cell<Option<&'static Location<'static>>>,
    /// The queues as they have published themselves, for the observer.
    pub(crate) queues: RefCell<BTreeMap<u32, QueueView>>,
    /// Foreign wakes between inbox and ready queue; empty outside `collect`.
    letters: RefCell<Vec<TaskId>>,
    pub(crate) ready: RefCell<ReadyQueue>,
    pub(crate) timers: RefCell<TimerWheel<Alarm>>,
    pub(crate) tasks: RefCell<Tasks>,
    pub(crate) blocks: RefCell<Blocks>,
    pub(crate) joiners: RefCell<Rows<Joiner>>,
    pub(crate) gathers: RefCell<Rows<Gathering>>,
    /// The number of the pass that is running, from 1.
    pub(crate) pass: Cell<u64>,
    /// The task whose turn it is. `None` between turns.
    pub(crate) current: Cell<Option<TaskId>>,
    /// What the leaves of the current task have said, in this poll, that it waits for.
    pub(crate) waits: RefCell<Vec<Wait>>,
    /// How many numbers `next_number` has given out.
    pub(crate) numbers: Cell<u32>,
    /// Main has ended, and its callback has run. Never set before.
    pub(crate) stopped: Cell<bool>,
    /// The run is over: tasks are dropped, and no new ones taken.
    pub(crate) closed: Cell<bool>,
    /// What was spawned all the same since then, to be dropped.
    pub(crate) latecomers: RefCell<Vec<Body>>,
}

/// The row of the main future.
pub(crate) const MAIN: u32 = 0;

impl Core {
    fn new(clock: Clock, observer: Option<SharedObserver>) -> Core {
        let (run, inbox) = inbox::open();
        let number = inbox::number(run);
        Core {
            run,
            number,
            clock,
            observer,
            steps: Cell::new(0),
            user: Cell::new(None),
            queues: RefCell::default(),
            inbox,
            letters: RefCell::default(),
            ready: RefCell::default(),
            timers: RefCell::default(),
            tasks: RefCell::new(Tasks::new(run)),
            blocks: RefCell::new(Blocks::new()),
            joiners: RefCell::default(),
            gathers: RefCell::default(),
            pass: Cell::new(0),
            current: Cell::new(None),
            waits: RefCell::default(),
            numbers: Cell::new(0),
            stopped: Cell::new(false),
            closed: Cell::new(false),
            latecomers: RefCell::default(),
        }
    }

    /// Runs passes until main has ended; returns its panic, if that was its end.
    #[doc(alias = "run_forever")]
    fn run_main(&self) -> Result<Option<Panic>, RunError> {
        while !self.stopped.get() {
            self.run_once()?;
        }
        let mut tasks = self.tasks.borrow_mut();
        let main = &mut tasks[MAIN];
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
        self.pass.set(self.pass.get() + 1);
        loop {
            // 1. Nothing is ready: sleep until the next deadline, or until another thread wakes a task.
            if self.ready.borrow().is_empty() {
                self.park()?;
            }
            // 2. What other threads have woken meanwhile goes behind what is ready.
            self.collect();
            // 3. The timers that are due by now go behind that.
            self.fire();
            // Still nothing: the thread woke up for no reason, or for a timer that was cancelled.
            if !self.ready.borrow().is_empty() {
                break;
            }
        }
        // 4. Each entry has its turn. What they make ready has its turn in the next pass.
        self.ready.borrow_mut().start_pass();
        while let Some(entry) = self.next_entry() {
            match entry {
                Ready::Poll(slot) => self.poll(slot),
                Ready::Call(call) => self.call(call),
            }
        }
        Ok(())
    }

    fn next_entry(&self) -> Option<Ready> {
        self.ready.borrow_mut().pop()
    }

    /// Gives the thread back until something can happen. The one place where a selector would stand:
    /// asyncio waits for its sockets here, with the same timeout.
    #[doc(alias = "select")]
    fn park(&self) -> Result<(), RunError> {
        if self.inbox.has_mail() {
            return Ok(());
        }
        let deadline = self.timers.borrow().next_deadline();
        let until = deadline.map(|next| Instant::from_nanos(next.time()));
        self.user.set(None);
        self.note(StepKind::Park { until });
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
        for ticket in letters.drain(..) {
            self.wake(ticket);
        }
        self.letters.replace(letters);
    }

    /// Moves timers that are due to the ready queue. The clock is asked only while there are timers.
    fn fire(&self) {
        if self.timers.borrow().is_empty() {
            return;
        }
        let now = self.clock.now().as_nanos();
        loop {
            let turn = self.timers.borrow_mut().turn(now);
            match turn {
                Some(Turn::Due(timer)) => {
                    self.push(Ready::Call(Call::Timer(timer)));
                    self.note(StepKind::Fire { timer: timer.0 });
                }
                Some(Turn::Cascaded { level, slot }) => {
                    self.note(StepKind::Cascade { level, slot });
                }
                None => return,
            }
        }
    }

    /// What `asyncio.run` does after main: cancels the tasks that are left, in the order of the table, and
    /// runs passes until they have ended. What then is still there (it was spawned meanwhile, or waits
    /// for its own end) is dropped, in the same order. At last, the outcomes nobody has taken.
    fn close(&self) {
        let left: Vec<u32> = self.tasks.borrow().alive().collect();
        let left: Vec<TaskId> = left.into_iter().map(|slot| self.id(slot)).collect();
        for &ticket in &left {
            self.cancel(ticket);
        }
        for &ticket in &left {
            while self.is_alive(ticket)
                && !self.ready.borrow().is_empty()
                && self.run_once().is_ok()
            {}
        }
        self.closed.set(true);
        for slot in 0.. {
            let body = match self.tasks.borrow_mut().get_mut(slot) {
                Some(row) => row.body.take(),
                None => break,
            };
            self.report_unseen_end(slot);
            self.discard(body);
        }
        loop {
            let latecomer = self.latecomers.borrow_mut().pop();
            if latecomer.is_none() {
                return;
            }
            self.discard(latecomer);
        }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.inbox.release();
    }
}
