//! A task's future in memory, whatever its type: polled to its end, and then its outcome in the same place.
//! asyncio: the coroutine object of a `Task`, and then its `_result` or `_exception`.
//!
//! ```text
//!                 poll: Ready, or a panic                take
//!     Running  ───────────────────────────▶  Ended(Some)  ───▶  Ended(None)
//!        │                                      ▲                  ▲
//!        ├──────────────── cancel ──────────────┘                  │
//!        └──────────────── clear ──────────────────────────────────┘
//! ```
//!
//! The table of tasks holds futures of all types in rows of one type. `Box<dyn Future>` does that too;
//! but a [`Body`] gets its memory from [`Blocks`], keeps the outcome, and lets no panic of user code out: one
//! in `poll` is the task's outcome, and so is one in a destructor while the task is cancelled.

use std::alloc::Layout;
use std::any::Any;
use std::cell::Cell;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::ptr::NonNull;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::blocks::Blocks;
use crate::error::{JoinError, Panic, quietly};
use crate::executor::Core;

/// What a task ends with, and what its `JoinHandle` gives.
pub(crate) type Outcome<T, E> = Result<T, JoinError<E>>;

/// How a task ended: its outcome without the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It returned a value.
    Ok,
    /// It returned an error: asyncio's exception.
    Failed,
    /// It was cancelled.
    Cancelled,
    /// It panicked.
    Panicked,
}

pin_project! {
    #[project = StageProjection]
    enum Stage<F, T, E> {
        Running { #[pin] future: F },
        /// The outcome until it is taken.
        Ended { outcome: Option<Outcome<T, E>> },
    }
}

/// What can be done with a task's future and outcome by who does not know their types.
pub(crate) trait Contents {
    /// Polls the future. When it is ready, or panics, it is dropped, and the outcome stands in its place.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End>;

    /// Drops what is there. The outcome is "cancelled", or the destructor's panic.
    fn cancel(self: Pin<&mut Self>) -> End;

    /// Drops what is there.
    fn clear(self: Pin<&mut Self>);

    /// The outcome: an `Option<Outcome<T, E>>`, which is `None` once it has been taken.
    fn outcome(self: Pin<&mut Self>) -> Option<&mut dyn Any>;
}

impl<F, T: 'static, E: 'static> Contents for Stage<F, T, E>
where
    F: Future<Output = Result<T, E>>,
{
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<End> {
        let polled = catch_unwind(AssertUnwindSafe(|| {
            let StageProjection::Running { future } = self.as_mut().project() else {
                unreachable!("the loop polls no task that has ended")
            };
            let result = ready!(future.poll(cx));
            let end = if result.is_ok() { End::Ok } else { End::Failed };
            self.as_mut().end(result.map_err(JoinError::Failed));
            Poll::Ready(end)
        }));
        polled.unwrap_or_else(|payload| Poll::Ready(self.panicked(payload)))
    }

    fn cancel(mut self: Pin<&mut Self>) -> End {
        match catch_unwind(AssertUnwindSafe(|| self.as_mut().end(Err(JoinError::Cancelled)))) {
            Ok(()) => End::Cancelled,
            Err(payload) => self.panicked(payload),
        }
    }

    fn clear(mut self: Pin<&mut Self>) {
        quietly(|| self.set(Stage::Ended { outcome: None }));
    }

    fn outcome(self: Pin<&mut Self>) -> Option<&mut dyn Any> {
        match self.project() {
            StageProjection::Running { .. } => None,
            StageProjection::Ended { outcome } => Some(outcome),
        }
    }
}

impl<F, T, E> Stage<F, T, E> {
    /// Drops what is there, and puts this in its place, even if the destructor panics.
    fn end(mut self: Pin<&mut Self>, outcome: Outcome<T, E>) {
        self.set(Stage::Ended { outcome: Some(outcome) });
    }

    /// The future has panicked, or its destructor: as in Python an exception in `finally`, that is the
    /// outcome, whatever it was before.
    #[cold]
    fn panicked(mut self: Pin<&mut Self>, payload: Box<dyn Any + Send>) -> End {
        let outcome = |payload| Err(JoinError::Panicked(Panic::new(payload)));
        let drop_it = || self.as_mut().end(outcome(payload));
        if let Err(payload) = catch_unwind(AssertUnwindSafe(drop_it)) {
            // What is dropped now, the first panic, may panic as well.
            quietly(|| self.end(outcome(payload)));
        }
        End::Panicked
    }
}

/// A future, or its outcome, in a block of memory.
pub(crate) struct Body(NonNull<dyn Contents>);

impl Body {
    /// Puts a future into a block of its own.
    pub(crate) fn new<T: 'static, E: 'static, F>(future: F, blocks: &mut Blocks) -> Body
    where
        F: Future<Output = Result<T, E>> + 'static,
    {
        // SAFETY: this future borrows nothing.
        unsafe { Body::borrowing(future, blocks) }
    }

    /// The same, for a future that borrows from others.
    ///
    /// # Safety
    /// The future is dropped (cleared, or at its end) before what it borrows from, though its type says that it may
    /// live for ever.
    unsafe fn borrowing<'a, T: 'static, E: 'static, F>(future: F, blocks: &mut Blocks) -> Body
    where
        F: Future<Output = Result<T, E>> + 'a,
    {
        let block = blocks.take(Layout::new::<Stage<F, T, E>>()).cast();
        // SAFETY: the block is new, and made for this type.
        unsafe { block.write(Stage::Running { future }) };
        let contents: NonNull<dyn Contents + 'a> = block;
        // SAFETY: nothing changes but the lifetime, and for that there is the caller's promise.
        Body(unsafe {
            std::mem::transmute::<NonNull<dyn Contents + 'a>, NonNull<dyn Contents>>(contents)
        })
    }

    /// What is in the block. It does not move before it is dropped there.
    #[inline]
    pub(crate) fn contents(&mut self) -> Pin<&mut dyn Contents> {
        // SAFETY: `new` has put it there, only `free` takes it away, and a `Body` is the only way to it.
        unsafe { Pin::new_unchecked(self.0.as_mut()) }
    }

    /// Takes the outcome out; `None` if that was done before.
    pub(crate) fn take<T: 'static, E: 'static>(&mut self) -> Option<Outcome<T, E>> {
        self.outcome()?.take()
    }

    /// The outcome, if the future has ended and the types are right; a handle's are.
    pub(crate) fn outcome<T: 'static, E: 'static>(&mut self) -> Option<&mut Option<Outcome<T, E>>> {
        self.contents().outcome()?.downcast_mut()
    }

    /// Gives the memory back. To be cleared before: destructors are user code, and `blocks` is borrowed here.
    pub(crate) fn free(self, blocks: &mut Blocks) {
        // SAFETY: the contents are there, and nobody has another way to them. The block was taken for
        // this layout, of the one `Blocks` that an executor has.
        unsafe {
            let layout = Layout::for_value(self.0.as_ref());
            self.0.drop_in_place();
            blocks.give_back(self.0.cast(), layout);
        }
    }
}

/// Gives `run` a body for its main future, which may borrow from the caller of `run`, and runs `run`.
/// Returns what that returned, and the output of the future if it came to its end.
pub(crate) fn with_main<F: Future, R>(
    future: F,
    core: &Core,
    run: impl FnOnce(Body) -> R,
) -> (R, Option<F::Output>) {
    let mut future = pin!(Some(future));
    let mut output = None;
    let alive = Alive(Cell::new(true));
    let main = Main { future: future.as_mut(), output: &mut output, alive: &alive };
    // SAFETY: `alive`, which is dropped before all that `main` borrows, aborts if `main` has not been
    // dropped by then.
    let main = unsafe { Body::borrowing(main, &mut core.tables.borrow_mut().blocks) };
    let result = run(main);
    drop(alive);
    (result, output)
}

/// The main future of a run as its body holds it: borrowed from the stack of `with_main`.
struct Main<'a, F: Future> {
    future: Pin<&'a mut Option<F>>,
    output: &'a mut Option<F::Output>,
    alive: &'a Alive,
}

impl<F: Future> Future for Main<'_, F> {
    type Output = Result<(), Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.future.as_mut().as_pin_mut().expect("it is dropped with this");
        future.poll(cx).map(|output| {
            *self.output = Some(output);
            Ok(())
        })
    }
}

impl<F: Future> Drop for Main<'_, F> {
    fn drop(&mut self) {
        self.alive.0.set(false);
        self.future.set(None);
    }
}

/// Whether there is a `Main`.
struct Alive(Cell<bool>);

impl Drop for Alive {
    fn drop(&mut self) {
        if self.0.get() {
            eprintln!("executor: a run ended without dropping its main future (a bug)");
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::rc::Rc;
    use std::task::Waker;

    const CX: fn() -> Context<'static> = || Context::from_waker(Waker::noop());

    #[test]
    fn the_outcome_takes_the_place_of_the_future() {
        let mut blocks = Blocks::default();
        let mut body = Body::new(ready(Ok::<_, u8>("done")), &mut blocks);
        assert!(body.outcome::<&str, u8>().is_none(), "it is running");
        assert_eq!(body.contents().poll(&mut CX()), Poll::Ready(End::Ok));
        assert_eq!(body.take::<&str, u8>(), Some(Ok("done")));
        assert_eq!(body.take::<&str, u8>(), None, "taken before");
        body.free(&mut blocks);
    }

    #[test]
    fn a_future_is_dropped_when_it_panics_is_cancelled_or_cleared() {
        let (mut blocks, held) = (Blocks::default(), Rc::new(()));
        let [mut panics, mut cancelled, mut cleared] = [true, false, false].map(|panics| {
            let held = held.clone();
            let future = async move {
                let _held = held;
                if panics {
                    std::panic::resume_unwind(Box::new("on purpose"));
                }
                pending::<Result<(), u8>>().await
            };
            Body::new(future, &mut blocks)
        });
        assert_eq!(panics.contents().poll(&mut CX()), Poll::Ready(End::Panicked));
        assert_eq!(cancelled.contents().cancel(), End::Cancelled);
        cleared.contents().clear();
        assert_eq!(Rc::strong_count(&held), 1);
        for mut body in [panics, cancelled, cleared] {
            body.contents().clear();
            body.free(&mut blocks);
        }
    }
}
