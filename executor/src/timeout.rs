//! `timeout`: a deadline round a future. asyncio: `timeout`, `wait_for`.
//!
//! The order of two questions decides what happens in a tie. asyncio asks first whether the deadline
//! has passed, and so do we: a result that is there at last, in the same pass, comes too late.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use crate::timer::Timer;
use crate::waker::expect_current;

/// Awaits `body`, but no longer than `duration`: then `body` is dropped, and the result is [`Elapsed`].
///
/// When the time is over, what the task waits for inside `body` is cancelled at once, as if by
/// [`cancel`](crate::TaskRef::cancel): if it awaits another task, that is cancelled, and the timeout ends
/// when that has ended.
///
/// ```
/// use executor::{Clock, Elapsed, Executor, sleep, timeout};
/// use std::time::Duration;
///
/// Executor::new(Clock::virtual_time()).run(async {
///     let (short, long) = (Duration::from_secs(1), Duration::from_secs(2));
///     assert_eq!(timeout(long, sleep(short)).await, Ok(()));
///     assert_eq!(timeout(short, sleep(long)).await, Err(Elapsed));
/// });
/// ```
///
/// # Panics
/// Outside a running executor.
#[doc(alias("asyncio.timeout", "wait_for"))]
#[track_caller]
pub fn timeout<F: Future>(duration: Duration, body: F) -> Timeout<F> {
    expect_current("timeout");
    Timeout { body: Some(body), duration, timer: None, location: Location::caller() }
}

/// The time of a [`timeout`] is over. asyncio: `TimeoutError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "TimeoutError")]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time of a timeout was over before what it waited for was ready")
    }
}

impl std::error::Error for Elapsed {}

pin_project! {
    /// The future of [`timeout`].
    #[derive(Debug)]
    #[must_use = "a timeout does nothing unless it is awaited"]
    pub struct Timeout<F> {
        #[pin]
        body: Option<F>,
        duration: Duration,
        timer: Option<Timer>,
        location: &'static Location<'static>,
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let core = expect_current("timeout");
        let mut this = self.project();
        core.at(this.location);
        // First the deadline,
        if this.timer.as_ref().is_some_and(Timer::has_fired) {
            this.body.set(None);
            *this.timer = None;
            return Poll::Ready(Err(Elapsed));
        }
        let arm = || Timer::to_expire(core, *this.duration, cx.waker());
        let timer = this.timer.get_or_insert_with(arm);
        // then the body.
        let body = this.body.as_mut().as_pin_mut().expect("a Timeout was polled after its end");
        let poll = body.poll(cx);
        if poll.is_pending() {
            timer.expires(core, cx.waker(), core.waits_of(cx.waker()));
        } else {
            this.body.set(None);
            *this.timer = None;
        }
        poll.map(Ok)
    }
}
