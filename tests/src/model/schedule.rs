//! asyncio's schedule on one page: what runs when. `tests/oracle/refloop.py`, line for line.
//!
//! A coroutine is a future that is polled with a waker that does nothing: nobody is ever woken here. When a
//! coroutine has to wait, it leaves *what for* in [`Loop::awaited`], as `yield` does in Python, and its
//! task adds itself to that thing's callbacks. The whole schedule is in the order of these calls.
//!
//! What Python has not: time has an end, at `u64::MAX` nanoseconds. What would be later is then.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

pub type Coroutine<T> = Pin<Box<dyn Future<Output = T>>>;
type Call = Box<dyn FnOnce()>;

/// An entry of the ready queue or of the timers; `None` when it was called, or cancelled.
type Handle = Rc<RefCell<Option<Call>>>;

/// Nobody waits, and no deadline is left: nothing can ever happen again.
#[derive(Debug)]
pub struct Deadlock;

#[derive(Default)]
pub struct Loop {
    ready: RefCell<VecDeque<Handle>>,
    /// By deadline; equal deadlines in arming order.
    timers: RefCell<BTreeMap<(u64, u64), Handle>>,
    armed: Cell<u64>,
    /// In nanoseconds.
    now: Cell<u64>,
    pub passes: Cell<u64>,
    /// The task that is being polled.
    current: RefCell<Option<Rc<Task>>>,
    /// What the coroutine that has just been polled waits for; `None` after a bare `yield`.
    awaited: RefCell<Option<Rc<dyn Awaitable>>>,
}

impl Loop {
    fn call_soon(&self, call: impl FnOnce() + 'static) -> Handle {
        let handle: Handle = Rc::new(RefCell::new(Some(Box::new(call))));
        self.ready.borrow_mut().push_back(handle.clone());
        handle
    }

    fn call_at(&self, when: u64, call: impl FnOnce() + 'static) -> Handle {
        self.armed.set(self.armed.get() + 1);
        let handle: Handle = Rc::new(RefCell::new(Some(Box::new(call))));
        self.timers.borrow_mut().insert((when, self.armed.get()), handle.clone());
        handle
    }

    /// One pass.
    pub fn run_once(&self) -> Result<(), Deadlock> {
        self.passes.set(self.passes.get() + 1);
        // 1. Nothing to do: sleep until the next deadline.
        if self.ready.borrow().is_empty() {
            let deadline = self.next_deadline().ok_or(Deadlock)?;
            self.now.set(self.now.get().max(deadline));
        }
        // 2. Due timers: behind what is ready.
        while self.next_deadline().is_some_and(|deadline| deadline <= self.now.get()) {
            let first = self.timers.borrow_mut().pop_first();
            self.ready.borrow_mut().extend(first.map(|(_, handle)| handle));
        }
        // 3. A snapshot: what is added now runs in the next pass.
        let snapshot = self.ready.take();
        for handle in snapshot {
            let call = handle.take();
            if let Some(call) = call {
                call();
            }
        }
        Ok(())
    }

    pub fn has_nothing_ready(&self) -> bool {
        self.ready.borrow().is_empty()
    }

    fn next_deadline(&self) -> Option<u64> {
        let mut timers = self.timers.borrow_mut();
        while let Some(first) = timers.first_entry() {
            if first.get().borrow().is_some() {
                return Some(first.key().0);
            }
            first.remove();
        }
        None
    }

    pub fn now_in_ms(&self) -> u64 {
        self.now.get() / 1_000_000
    }

    fn in_ms(&self, ms: u64) -> u64 {
        self.now.get().saturating_add(ms.saturating_mul(1_000_000))
    }

    /// The processor is busy.
    pub fn work(&self, ms: u64) {
        self.now.set(self.in_ms(ms));
    }

    /// After the run: gives back what would hold itself in memory.
    pub fn clear(&self) {
        drop((self.ready.take(), self.timers.take(), self.current.take(), self.awaited.take()));
    }
}

/// Cancels a call when it is dropped: Python's `finally: timer.cancel()`.
struct CancelOnDrop(Handle);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    Pending,
    Ok(u128),
    Err(u64),
    Cancelled,
}

/// What a task can wait for: [`Signal`], [`Task`], [`Gather`].
pub trait Awaitable {
    fn end(&self) -> &End;

    /// `false` if it has ended already: then whoever awaits it is on the way.
    fn cancel(&self) -> bool;
}

/// How an awaitable ended. Its callbacks run one pass after its end.
pub struct End {
    eventloop: Rc<Loop>,
    state: Cell<State>,
    callbacks: RefCell<Vec<Call>>,
}

impl End {
    fn new(eventloop: &Rc<Loop>) -> End {
        let (state, callbacks) = (Cell::new(State::Pending), RefCell::default());
        End { eventloop: eventloop.clone(), state, callbacks }
    }

    pub fn state(&self) -> State {
        self.state.get()
    }

    pub fn is_done(&self) -> bool {
        self.state() != State::Pending
    }

    fn finish(&self, state: State) -> bool {
        if self.is_done() {
            return false;
        }
        self.state.set(state);
        for callback in self.callbacks.take() {
            self.eventloop.call_soon(callback);
        }
        true
    }

    fn on_done(&self, callback: impl FnOnce() + 'static) {
        if self.is_done() {
            self.eventloop.call_soon(callback);
        } else {
            self.callbacks.borrow_mut().push(Box::new(callback));
        }
    }
}

/// Python's `await`. What is done already does not give way.
pub async fn wait(awaitable: Rc<dyn Awaitable>) {
    if !awaitable.end().is_done() {
        let eventloop = awaitable.end().eventloop.clone();
        give_way(&eventloop, Some(awaitable)).await;
    }
}

/// Python's `yield`.
async fn give_way(eventloop: &Loop, awaited: Option<Rc<dyn Awaitable>>) {
    let mut awaited = Some(awaited);
    poll_fn(|_| match awaited.take() {
        Some(awaited) => {
            eventloop.awaited.replace(awaited);
            Poll::Pending
        }
        None => Poll::Ready(()),
    })
    .await
}

/// A cell that is set once: asyncio's `Future`.
pub struct Signal(End);

impl Signal {
    pub fn new(eventloop: &Rc<Loop>) -> Rc<Signal> {
        Rc::new(Signal(End::new(eventloop)))
    }

    pub fn set(&self) -> bool {
        self.0.finish(State::Ok(0))
    }

    pub fn is_set(&self) -> bool {
        self.0.state() == State::Ok(0)
    }
}

impl Awaitable for Signal {
    fn end(&self) -> &End {
        &self.0
    }

    /// At once: from now on nobody can wake its task by it.
    fn cancel(&self) -> bool {
        self.0.finish(State::Cancelled)
    }
}

pub struct Task {
    end: End,
    /// Not there while it is polled, nor after its end.
    coroutine: RefCell<Option<Coroutine<Result<u128, u64>>>>,
    /// Called when a cancellation has thrown the coroutine away.
    on_drop: Box<dyn Fn()>,
    kill: Cell<bool>,
    waits_for: RefCell<Option<Rc<dyn Awaitable>>>,
}

impl Task {
    pub fn new(
        eventloop: &Rc<Loop>,
        coroutine: Coroutine<Result<u128, u64>>,
        on_drop: impl Fn() + 'static,
    ) -> Rc<Task> {
        let task = Rc::new(Task {
            end: End::new(eventloop),
            coroutine: RefCell::new(Some(coroutine)),
            on_drop: Box::new(on_drop),
            kill: Cell::new(false),
            waits_for: RefCell::default(),
        });
        eventloop.call_soon(task.next_step());
        task
    }

    /// By a cancel or an expired timeout: pass the request on to what the task waits for. If that refuses,
    /// because it has finished, then the task's wake-up is on its way already.
    fn interrupt(&self) {
        let waits_for = self.waits_for.borrow().clone();
        if let Some(awaited) = waits_for {
            awaited.cancel();
        }
    }

    fn next_step(self: &Rc<Task>) -> impl FnOnce() + 'static {
        let task = self.clone();
        move || task.step()
    }

    fn step(self: Rc<Task>) {
        let eventloop = &self.end.eventloop;
        drop(self.waits_for.take());
        let mut coroutine = self.coroutine.take().expect("a task has one step at a time");
        if self.kill.get() {
            drop(coroutine);
            (self.on_drop)();
            self.end.finish(State::Cancelled);
            return;
        }
        eventloop.current.replace(Some(self.clone()));
        let state = match coroutine.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            // It cancelled itself in this very step.
            Poll::Ready(Ok(_)) if self.kill.get() => State::Cancelled,
            Poll::Ready(Ok(value)) => State::Ok(value),
            Poll::Ready(Err(number)) => State::Err(number),
            Poll::Pending => {
                self.coroutine.replace(Some(coroutine));
                return self.suspended(eventloop.awaited.take());
            }
        };
        self.end.finish(state);
    }

    fn suspended(self: &Rc<Task>, awaited: Option<Rc<dyn Awaitable>>) {
        let Some(awaited) = awaited else {
            self.end.eventloop.call_soon(self.next_step()); // a bare yield
            return;
        };
        self.waits_for.replace(Some(awaited.clone()));
        awaited.end().on_done(self.next_step());
        // It cancelled itself in this step, and waits now.
        if self.kill.get() {
            self.interrupt();
        }
    }

    /// After the run.
    pub fn forget(&self) {
        drop(self.coroutine.take());
        drop((self.waits_for.take(), self.end.callbacks.take()));
    }
}

impl Awaitable for Task {
    fn end(&self) -> &End {
        &self.end
    }

    /// A request. It never runs the task's own code: that happens at the task's turn.
    fn cancel(&self) -> bool {
        if self.end.is_done() {
            return false;
        }
        self.kill.set(true);
        self.interrupt();
        true
    }
}

/// A callback for each child, and one more pass from the last callback to the waiting task.
pub struct Gather {
    end: End,
    children: Vec<Rc<Task>>,
    /// `return_exceptions`: wait for all of them, however they end.
    collect: bool,
    left: Cell<usize>,
    cancelled: Cell<bool>,
}

impl Gather {
    pub fn new(eventloop: &Rc<Loop>, children: &[Rc<Task>], collect: bool) -> Rc<Gather> {
        let gather = Rc::new(Gather {
            end: End::new(eventloop),
            children: children.to_vec(),
            collect,
            left: Cell::new(children.len()),
            cancelled: Cell::new(false),
        });
        if children.is_empty() {
            gather.end.finish(State::Ok(0));
        }
        let (finished, others): (Vec<_>, Vec<_>) =
            children.iter().cloned().partition(|child| child.end.is_done());
        for child in others {
            let gather = gather.clone();
            child.clone().end.on_done(move || gather.child_done(&child));
        }
        // These count at once.
        for child in finished {
            gather.child_done(&child);
        }
        gather
    }

    fn child_done(&self, child: &Task) {
        self.left.set(self.left.get() - 1);
        let state = child.end.state();
        if !self.collect && !matches!(state, State::Ok(_)) {
            self.end.finish(state); // fail fast; the other children go on
        } else if self.left.get() == 0 {
            let cancelled = self.cancelled.get();
            self.end.finish(if cancelled { State::Cancelled } else { State::Ok(0) });
        }
    }
}

impl Awaitable for Gather {
    fn end(&self) -> &End {
        &self.end
    }

    /// All children are asked, in order.
    fn cancel(&self) -> bool {
        if self.end.is_done() {
            return false;
        }
        let accepted = self.children.iter().filter(|child| child.cancel()).count() > 0;
        self.cancelled.set(self.cancelled.get() | accepted);
        accepted
    }
}

pub async fn sleep(eventloop: Rc<Loop>, ms: u64) {
    if ms == 0 {
        return give_way(&eventloop, None).await;
    }
    let signal = Signal::new(&eventloop);
    // The timer sets; the task runs one pass later.
    let set = {
        let signal = signal.clone();
        move || _ = signal.set()
    };
    let _timer = CancelOnDrop(eventloop.call_at(eventloop.in_ms(ms), set));
    wait(signal).await;
}

/// What the body came to; `None` when it was dropped.
pub async fn timeout<T>(eventloop: Rc<Loop>, ms: u64, mut body: Coroutine<T>) -> Option<T> {
    let expired = Rc::new(Cell::new(false));
    let expire = {
        let (task, expired) = (eventloop.current.borrow().clone(), expired.clone());
        move || {
            expired.set(true);
            task.expect("a task was polled").interrupt();
        }
    };
    let _timer = CancelOnDrop(match ms {
        0 => eventloop.call_soon(expire),
        _ => eventloop.call_at(eventloop.in_ms(ms), expire),
    });
    // Each poll looks at the deadline first, then polls the body.
    poll_fn(|cx| match expired.get() {
        true => Poll::Ready(None),
        false => body.as_mut().poll(cx).map(Some),
    })
    .await
}
