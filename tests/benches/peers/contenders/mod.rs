//! The runtimes and queues under test, each behind the same small trait.
//!
//! A workload is written once, against the traits, so that everybody runs the identical thing. How
//! the traits are kept fair:
//!
//! * The body of a workload runs as a task of a runtime that has just been made. (Some runtimes treat
//!   the future given to `block_on` as a task, others poll it apart from the tasks and less often.)
//! * The clock is read inside the body: making and dropping the runtime is not measured.
//! * Each runtime is made the way its documentation shows, without drivers that a workload does not
//!   need: timers only where something sleeps, I/O never (unless it can't be left out).
//! * A task is joined and forgotten in the way that is cheapest there.
//! * monoio has its feature `sync`, or no thread could wake its tasks; the local path pays no more
//!   than a nanosecond for it.

mod async_executor;
mod async_local_executor;
mod channels;
mod compio;
mod futures_executor;
#[cfg(target_os = "linux")]
mod glommio;
#[cfg(target_os = "linux")]
mod monoio;
mod ours;
mod tokio;

use std::fmt::Debug;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

pub use self::async_executor::{Local, Static};
pub use self::async_local_executor::AsyncLocalExecutor;
pub use self::channels::{
    AsyncChannel, AsyncUnsync, Flume, LocalSync, OurQueue, TokioMpsc, Unsync,
};
pub use self::compio::Compio;
pub use self::futures_executor::LocalPool;
#[cfg(target_os = "linux")]
pub use self::glommio::{Glommio, GlommioQueued};
#[cfg(target_os = "linux")]
pub use self::monoio::Monoio;
pub use self::ours::Ours;
pub use self::tokio::{CurrentThread, LocalSet};

/// What a workload needs of the runtime it runs on. No runtime is asked for what it does not have:
/// the traits `Timers` and `VirtualTime` say who has it.
#[derive(Clone, Copy, PartialEq)]
pub enum Needs {
    Tasks,
    Timers,
    VirtualTime,
}

/// A single-threaded executor. `self` is what a task needs in order to spawn another one.
pub trait Runtime: Clone + Unpin + 'static {
    const NAME: &'static str;

    type Handle<T: 'static>: Future<Output = T> + Unpin + 'static;

    /// Makes a runtime, runs the body as a task of it, and drops it.
    fn run<F>(needs: Needs, body: impl FnOnce(Self) -> F + 'static) -> F::Output
    where
        F: Future + 'static;

    fn spawn<F>(&self, future: F) -> Self::Handle<F::Output>
    where
        F: Future + 'static;

    /// Spawns a task that nobody will wait for.
    fn forget(&self, future: impl Future<Output = ()> + 'static);

    /// All the outputs, in the order of the handles, in the way that is usual there.
    fn join_all<T: 'static>(handles: Vec<Self::Handle<T>>) -> impl Future<Output = Vec<T>> {
        futures_util::future::join_all(handles)
    }

    /// Goes to the end of the ready queue.
    fn yield_now() -> impl Future<Output = ()> {
        YieldNow { yielded: false }
    }
}

/// A runtime with timers.
pub trait Timers: Runtime {
    fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static;

    /// `None` if the time was over first.
    fn timeout<F: Future>(duration: Duration, future: F)
    -> impl Future<Output = Option<F::Output>>;
}

/// A runtime that can jump to the next deadline when nothing is ready.
pub trait VirtualTime: Timers {}

/// A bounded queue. Items are plain numbers; nobody closes it, everybody knows how many will come.
pub trait Channel: 'static {
    const NAME: &'static str;
    type Sender: 'static;
    type Receiver: 'static;

    fn bounded(capacity: usize) -> (Self::Sender, Self::Receiver);
    async fn send(sender: &mut Self::Sender, item: u64);
    async fn receive(receiver: &mut Self::Receiver) -> u64;
}

/// A bounded queue that several tasks put into …
pub trait ManySenders: Channel {
    fn clone_sender(sender: &Self::Sender) -> Self::Sender;
}

/// … and several take from.
pub trait ManyReceivers: ManySenders {
    fn clone_receiver(receiver: &Self::Receiver) -> Self::Receiver;
}

/// Wakes itself and returns once: what `yield_now` is in most libraries.
struct YieldNow {
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// A join handle whose output is a `Result`: no task of a benchmark fails.
pub struct Unwrapped<H>(pub H);

impl<H, T, E> Future for Unwrapped<H>
where
    H: Future<Output = Result<T, E>> + Unpin,
    E: Debug,
{
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let output = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(output.expect("no task of a benchmark fails"))
    }
}
