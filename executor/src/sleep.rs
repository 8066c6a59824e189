//! `sleep`, `sleep_until`, `yield_now`. asyncio: `sleep`, and `sleep(0)`.
//!
//! A sleeper arms a timer at its first poll, and is woken by its call: in pass *d* the timer is due and the
//! call runs, in pass *d + 1* the sleeper goes on. Sleeping for zero is no sleep: the task gives way
//! for one pass, and no timer is armed.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::clock::Instant;
use crate::executor::Core;
use crate::timer::Timer;
use crate::waits::call;
use crate::waker::expect_current;

/// Waits for a duration, counted from the first poll. Never less; zero gives way for one pass.
///
/// More than 584 years, counted from the start of the clock, are 584 years.
///
/// ```
/// use executor::{Clock, Executor, now, sleep};
/// use std::time::Duration;
///
/// Executor::new(Clock::virtual_time()).run(async {
///     sleep(Duration::from_millis(1500)).await;
///     assert_eq!(now().as_millis(), 1500);
/// });
/// ```
///
/// # Panics
/// Outside a running executor.
#[doc(alias = "asyncio.sleep")]
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    expect_current("sleep");
    Sleep { state: State::New(duration), location: Location::caller() }
}

/// Waits until a point in time. If that is past already, the sleeper goes on in the pass after next, like
/// everyone whose timer is due.
///
/// # Panics
/// Outside a running executor.
#[track_caller]
pub fn sleep_until(deadline: Instant) -> Sleep {
    expect_current("sleep_until");
    Sleep { state: State::Until(deadline), location: Location::caller() }
}

/// Gives way: whatever is ready runs first. This is a sleep of no time, as in asyncio.
///
/// # Panics
/// Outside a running executor.
#[doc(alias = "sleep(0)")]
#[track_caller]
pub fn yield_now() -> Sleep {
    expect_current("yield_now");
    Sleep { state: State::New(Duration::ZERO), location: Location::caller() }
}

/// The time on the clock of the running executor: `loop.time()`.
///
/// # Panics
/// Outside a running executor.
#[doc(alias = "loop.time")]
#[track_caller]
pub fn now() -> Instant {
    expect_current("now").clock.now()
}

/// The number of the pass that is running. The main future's first poll is in pass 1.
///
/// # Panics
/// Outside a running executor.
#[track_caller]
pub fn pass() -> u64 {
    expect_current("pass").pass.get()
}

/// The future of [`sleep`], [`sleep_until`] and [`yield_now`].
#[derive(Debug)]
#[must_use = "a sleep does nothing unless it is awaited"]
pub struct Sleep {
    state: State,
    location: &'static Location<'static>,
}

#[derive(Debug)]
enum State {
    New(Duration),
    Until(Instant),
    Armed(Timer),
    /// A sleep of no time that has given way.
    Yielded,
}

impl Future for Sleep {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let core = expect_current("sleep");
        core.at(self.location);
        match self.state {
            State::New(Duration::ZERO) => {
                self.state = State::Yielded;
                call(cx.waker());
                Poll::Pending
            }
            State::Yielded => Poll::Ready(()),
            _ => self.poll_sleep(core, cx),
        }
    }
}

impl Sleep {
    #[inline(never)] // so that giving way stays short
    fn poll_sleep(&mut self, core: &Core, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = match &self.state {
            State::New(duration) => core.clock.now() + *duration,
            State::Until(deadline) => *deadline,
            State::Armed(timer) if !timer.has_fired() => {
                timer.wakes(core, cx.waker());
                return Poll::Pending;
            }
            State::Armed(_) => return Poll::Ready(()),
            State::Yielded => unreachable!("it has given way"),
        };
        self.state = State::Armed(Timer::to_wake(core, deadline, cx.waker()));
        Poll::Pending
    }
}
