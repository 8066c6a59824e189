//! A task's future in memory, whatever its type: polled to its end, and then the outcome in its place.
//!
//! The table of tasks holds futures of all types in rows of one type. `Box<dyn Future>` does
//! that too; a `Body` does two things more. Its memory comes from [`Blocks`], and when the future is
//! finished its outcome takes its place in the same block, until a `JoinHandle` takes it out.
//!
//! ```text
//!                   poll: Ready, or a panic                 take
//!     future  ────────────────────────────────▶  outcome  ────────▶  nothing
//!        │                                           │  ▲              ▲   ▲
//!        │               cancel                      └──┘ cancel       │   │
//!        ├───────────────────────────────────────────▶ clear ──────────┘   │
//!        └────────────────────────────────── clear ────────────────────────┘
//! ```
//!
//! What is in the block is told by the vtable that goes with it: one for each box of the drawing.
//! No panic of user code gets out of here: one in `poll` is the task's outcome, one in a destructor ends
//! here (the panic hook has reported it by then).

use std::alloc::Layout;
use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::ptr::NonNull;
use std::task::{Context, Poll};

use crate::blocks::Blocks;
use crate::error::{JoinError, Panic};

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

/// A block of memory, and the table of functions that know what is in it.
pub(crate) struct Body {
    block: NonNull<u8>,
    vtable: &'static Vtable,
}

struct Vtable {
    /// The block's, for all three contents.
    layout: Layout,
    /// The type that `take` may take: the outcome's, if it is there.
    holds: Option<TypeId>,
    /// What the block holds after `poll` was ready, or after `cancel`; `None` if what it holds now.
    finished: Option<&'static Vtable>,
    /// What the block holds after `take` or `clear`; `None` if what it holds now.
    empty: Option<&'static Vtable>,
    /// Polls the future. When it is ready, or panics, drops it and writes the outcome.
    poll: unsafe fn(NonNull<u8>, &mut Context<'_>) -> Poll<End>,
    /// Drops what is there and writes the outcome "cancelled".
    cancel: unsafe fn(NonNull<u8>) -> End,
    /// Drops what is there.
    clear: unsafe fn(NonNull<u8>),
}

impl Body {
    /// Puts a future into a block of its own.
    pub(crate) fn new<F, T, E>(future: F, blocks: &mut Blocks) -> Body
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: 'static,
        E: 'static,
    {
        // SAFETY: the future may live for ever.
        unsafe { Body::new_borrowing(future, blocks) }
    }

    /// The same for a future that borrows, as the main future of `run` may.
    ///
    /// # Safety
    /// The body is emptied (`cancel`, `clear`) or polled to its end while the borrows are valid.
    pub(crate) unsafe fn new_borrowing<F, T, E>(future: F, blocks: &mut Blocks) -> Body
    where
        F: Future<Output = Result<T, E>>,
        T: 'static,
        E: 'static,
    {
        let vtable = &Types::<F, T, E>::FUTURE;
        let block = blocks.take(vtable.layout);
        // SAFETY: the block is new, and has the size and the alignment of `F` at least.
        unsafe { block.cast::<F>().write(future) };
        Body { block, vtable }
    }

    /// Polls the future. The only place from which user futures are polled.
    ///
    /// # Panics
    /// If the future has come to its end before; the loop never does that.
    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        // SAFETY: the vtable tells what is in the block. It does not move before it is dropped there.
        let poll = unsafe { (self.vtable.poll)(self.block, cx) };
        if poll.is_ready() {
            self.vtable = self.vtable.finished.unwrap_or(self.vtable);
        }
        poll
    }

    /// Drops the future, or the outcome, and puts the outcome "cancelled" in its place. If the destructor
    /// panics, that is the outcome, as in Python a `finally` that raises.
    pub(crate) fn cancel(&mut self) -> End {
        let vtable = self.vtable;
        self.vtable = vtable.finished.unwrap_or(vtable);
        // SAFETY: the vtable tells what is in the block.
        unsafe { (vtable.cancel)(self.block) }
    }

    /// Takes the outcome out. `None` if it has been taken before, or there is none yet.
    ///
    /// # Panics
    /// If the task's types are others. A `JoinHandle` always asks for those it was made with.
    pub(crate) fn take<T: 'static, E: 'static>(&mut self) -> Option<Outcome<T, E>> {
        let outcome = self.outcome_ptr::<T, E>()?;
        self.vtable = self.vtable.empty.unwrap_or(self.vtable);
        // SAFETY: `outcome_ptr` has checked what is there, and from now on it counts as empty.
        Some(unsafe { outcome.read() })
    }

    /// Looks at the outcome, if it is there.
    pub(crate) fn outcome<T: 'static, E: 'static>(&self) -> Option<&Outcome<T, E>> {
        // SAFETY: `outcome_ptr` has checked what is there; it stays there while `self` is borrowed.
        self.outcome_ptr::<T, E>().map(|outcome| unsafe { outcome.as_ref() })
    }

    fn outcome_ptr<T: 'static, E: 'static>(&self) -> Option<NonNull<Outcome<T, E>>> {
        let holds = self.vtable.holds?;
        assert!(holds == TypeId::of::<Outcome<T, E>>(), "a handle asked for another type");
        Some(self.block.cast())
    }

    /// Drops what is there, by its destructor: user code.
    pub(crate) fn clear(&mut self) {
        let vtable = self.vtable;
        self.vtable = vtable.empty.unwrap_or(vtable);
        // SAFETY: the vtable tells what is in the block.
        unsafe { (vtable.clear)(self.block) }
    }

    /// Gives the memory back. What is still in it is forgotten, so `clear` it before.
    pub(crate) fn free(self, blocks: &mut Blocks) {
        // SAFETY: the block was taken for this layout, and a `Body` is the only one that knows it. That
        // it is the same `Blocks` is true because an executor has one, and keeps its bodies to itself.
        unsafe { blocks.give_back(self.block, self.vtable.layout) }
    }
}

/// The three vtables for the types of one task.
struct Types<F, T, E>(std::marker::PhantomData<(F, T, E)>);

impl<F, T, E> Types<F, T, E>
where
    F: Future<Output = Result<T, E>>,
    T: 'static,
    E: 'static,
{
    const LAYOUT: Layout = {
        let (future, outcome) = (Layout::new::<F>(), Layout::new::<Outcome<T, E>>());
        let size = if future.size() > outcome.size() { future.size() } else { outcome.size() };
        let align = if future.align() > outcome.align() { future.align() } else { outcome.align() };
        match Layout::from_size_align(size, align) {
            Ok(layout) => layout,
            Err(_) => panic!("a task's future is too large"),
        }
    };

    const FUTURE: Vtable = Vtable {
        layout: Self::LAYOUT,
        holds: None,
        finished: Some(&Self::OUTCOME),
        empty: Some(&Self::EMPTY),
        poll: Self::poll,
        cancel: Self::cancel::<F>,
        clear: Self::clear::<F>,
    };

    const OUTCOME: Vtable = Vtable {
        layout: Self::LAYOUT,
        holds: Some(TypeId::of::<Outcome<T, E>>()),
        finished: None,
        empty: Some(&Self::EMPTY),
        poll: |_, _| unreachable!("a task was polled after its end"),
        cancel: Self::cancel::<Outcome<T, E>>,
        clear: Self::clear::<Outcome<T, E>>,
    };

    const EMPTY: Vtable = Vtable {
        layout: Self::LAYOUT,
        holds: None,
        finished: None,
        empty: None,
        poll: |_, _| unreachable!("a task was polled after its end"),
        cancel: |_| unreachable!("a task was cancelled after its end"),
        clear: |_| (),
    };

    /// # Safety
    /// The block holds the future. If this returns `Ready`, it holds the outcome.
    unsafe fn poll(block: NonNull<u8>, cx: &mut Context<'_>) -> Poll<End> {
        let polled = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: the future is there, and is not moved until it is dropped: it is pinned.
            let future = unsafe { Pin::new_unchecked(block.cast::<F>().as_mut()) };
            future.poll(cx)
        }));
        let outcome = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Ok(value))) => Ok(value),
            Ok(Poll::Ready(Err(error))) => Err(JoinError::Failed(error)),
            Err(payload) => Err(JoinError::Panicked(Panic::new(payload))),
        };
        // SAFETY: the future is there, and nobody looks at it again.
        let outcome = match unsafe { drop_in_place::<F>(block) } {
            Ok(()) => outcome,
            Err(panic) => Err(JoinError::Panicked(panic)),
        };
        // SAFETY: the block is empty now.
        Poll::Ready(unsafe { Self::finish(outcome, block) })
    }

    /// # Safety
    /// The block holds a `V`. When this returns, it holds the outcome.
    unsafe fn cancel<V>(block: NonNull<u8>) -> End {
        // SAFETY: the caller says that the `V` is there, and nobody looks at it again.
        let outcome = match unsafe { drop_in_place::<V>(block) } {
            Ok(()) => JoinError::Cancelled,
            Err(panic) => JoinError::Panicked(panic),
        };
        // SAFETY: the block is empty now.
        unsafe { Self::finish(Err(outcome), block) }
    }

    /// # Safety
    /// The block holds a `V`. When this returns, it holds nothing.
    unsafe fn clear<V>(block: NonNull<u8>) {
        // SAFETY: the caller says that the `V` is there, and nobody looks at it again.
        let dropped = unsafe { drop_in_place::<V>(block) };
        // If it panicked, what it was thrown with may panic when dropped, and so on. Let it be.
        std::mem::forget(dropped);
    }

    /// # Safety
    /// The block holds nothing. When this returns, it holds the outcome.
    unsafe fn finish(outcome: Outcome<T, E>, block: NonNull<u8>) -> End {
        let end = match &outcome {
            Ok(_) => End::Ok,
            Err(JoinError::Failed(_)) => End::Failed,
            Err(JoinError::Cancelled) => End::Cancelled,
            Err(JoinError::Panicked(_)) => End::Panicked,
        };
        // SAFETY: the block has room for an outcome, and its alignment.
        unsafe { block.cast::<Outcome<T, E>>().write(outcome) };
        end
    }
}

/// # Safety
/// The block holds a `V`, and nobody looks at it again.
unsafe fn drop_in_place<V>(block: NonNull<u8>) -> Result<(), Panic> {
    // SAFETY: see above.
    let drop = || unsafe { block.cast::<V>().drop_in_place() };
    catch_unwind(AssertUnwindSafe(drop)).map_err(Panic::new)
}

/// Gives `run` a body for its main future, which may borrow from the caller of `run`, and runs
/// `run`. Returns what that returned, and the output of the future if it came to its end.
pub(crate) fn with_main<F: Future, R>(
    future: F,
    blocks: &RefCell<Blocks>,
    run: impl FnOnce(Body) -> R,
) -> (R, Option<F::Output>) {
    let mut future = pin!(Some(future));
    let mut output = None;
    let gone = Gone(Cell::new(false));
    let main = Main { future: future.as_mut(), output: &mut output, gone: &gone };
    // SAFETY: `gone`, which is dropped before anything that `main` borrows, aborts if `main` is alive.
    let body = unsafe { Body::new_borrowing(main, &mut blocks.borrow_mut()) };
    let result = run(body);
    drop(gone);
    (result, output)
}

/// The main future of a run as its body holds it: borrowed from the stack of `with_main`.
struct Main<'a, F: Future> {
    future: Pin<&'a mut Option<F>>,
    output: &'a mut Option<F::Output>,
    gone: &'a Gone,
}

impl<F: Future> Future for Main<'_, F> {
    type Output = Result<(), Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.future.as_mut().as_pin_mut().expect("dropped only with this");
        future.poll(cx).map(|output| {
            *self.output = Some(output);
            Ok(())
        })
    }
}

impl<F: Future> Drop for Main<'_, F> {
    fn drop(&mut self) {
        self.gone.0.set(true);
        self.future.set(None);
    }
}

/// Whether the body's `Main` has been dropped. If it were not, it would be left with dangling borrows.
struct Gone(Cell<bool>);

impl Drop for Gone {
    fn drop(&mut self) {
        if !self.0.get() {
            eprintln!("executor: a run ended without dropping its main future (a bug)");
            std::process::abort();
        }
    }
}
