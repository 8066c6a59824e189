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

use crate::timer::{Alarm, Timer};
use crate::waits::{Wait, waits_for};
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
        match this.timer {
            Some(timer) if timer.poll(cx.waker()) => {
                this.body.set(None);
                *this.timer = None;
                return Poll::Ready(Err(Elapsed));
            }
            Some(_) => {}
            None => {
                let alarm = Alarm::Expire(cx.waker().clone(), Wait::Nothing);
                let timer = match *this.duration {
                    Duration::ZERO => Timer::due_now(core, alarm),
                    duration => Timer::arm(core, core.clock.now() + duration, alarm),
                };
                *this.timer = Some(timer);
            }
        }
        // then the body.
        let before = core.waits.borrow().len();
        let body = this.body.as_mut().as_pin_mut().expect("a Timeout was polled after its end");
        let poll = body.poll(cx);
        match this.timer {
            Some(timer) if poll.is_pending() => {
                let waits = Wait::all(core.waits.borrow().get(before..).unwrap_or_default());
                if waits == Wait::Nothing {
                    // The body does not say what it waits for. But it does wait, and for this at least.
                    waits_for(timer.wait(), cx.waker());
                }
                let inside = if waits == Wait::Nothing { timer.wait() } else { waits };
                timer.is_around(core, inside);
            }
            _ => {
                this.body.set(None);
                *this.timer = None;
            }
        }
        poll.map(Ok)
    }
}
