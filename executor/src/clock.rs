//! Time: what the loop reads, and what it waits on.
//!
//! The loop asks its clock for two things only: what time is it, and *park* until then. On the
//! system clock parking puts the thread to sleep. On the virtual clock it moves the time, at once, to
//! the next deadline: a program that sleeps for an hour runs in microseconds, and always in the
//! same order. asyncio's counterparts are `loop.time()` and the timeout of `selector.select()`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Add, Sub};
use std::rc::Rc;
use std::time::Duration;

/// A point in time: whole nanoseconds since the clock was made. asyncio: a value of `loop.time()`.
///
/// Nanoseconds in a `u64` last for 584 years. Sums that are larger stay at [`Instant::MAX`], and
/// differences that would be negative are zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u64);

impl Instant {
    /// When the clock was made.
    pub const ZERO: Instant = Instant(0);
    /// The end of time, after 584 years.
    pub const MAX: Instant = Instant(u64::MAX);

    /// The point that many nanoseconds after the clock was made.
    pub const fn from_nanos(nanos: u64) -> Instant {
        Instant(nanos)
    }

    /// Nanoseconds since the clock was made.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Whole milliseconds since the clock was made.
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn duration_since(self, earlier: Instant) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    fn add(self, duration: Duration) -> Instant {
        Instant(self.0.saturating_add(nanos(duration)))
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Duration::from_nanos(self.0), f)
    }
}

/// A clock for an [`Executor`](crate::Executor). Clones of a clock show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System { start: std::time::Instant },
    Virtual(Rc<Virtual>),
}

#[derive(Debug, Default)]
struct Virtual {
    now: Cell<u64>,
    parkings: Cell<u64>,
    late: RefCell<BTreeMap<u64, Duration>>,
}

impl Clock {
    /// The monotonic clock of the operating system, counted from now.
    pub fn system() -> Clock {
        Clock(Kind::System { start: std::time::Instant::now() })
    }

    /// A clock that moves only when the loop has nothing to do, and then straight to the next deadline.
    /// Two runs of one program are the same to the last byte.
    ///
    /// ```
    /// use executor::{Clock, Executor, now, sleep};
    /// use std::time::Duration;
    ///
    /// let executor = Executor::new(Clock::virtual_time());
    /// let end = executor.run(async {
    ///     sleep(Duration::from_secs(3600)).await;
    ///     now()
    /// });
    /// assert_eq!(end.as_nanos(), 3_600_000_000_000);
    /// ```
    pub fn virtual_time() -> Clock {
        Clock(Kind::Virtual(Rc::default()))
    }

    /// Makes a virtual clock wake up late: each pair is the number of a parking, counted from 0, and
    /// how late its end is. Real clocks always are a little late, and lateness decides which of
    /// two tasks comes first; so this replays the order of a real run.
    ///
    /// # Panics
    /// On the system clock, which is late by itself.
    pub fn late(self, lateness: impl IntoIterator<Item = (u64, Duration)>) -> Clock {
        let clock = self.expect_virtual("late");
        clock.late.borrow_mut().extend(lateness);
        self
    }

    /// The time now.
    #[doc(alias = "time")]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Kind::System { start } => Instant(nanos(start.elapsed())),
            Kind::Virtual(clock) => Instant(clock.now.get()),
        }
    }

    /// Moves a virtual clock on, as if the code that calls this had kept the processor busy.
    ///
    /// # Panics
    /// On the system clock, which nobody can move.
    pub fn advance(&self, by: Duration) {
        let clock = self.expect_virtual("advance");
        clock.now.set(clock.now.get().saturating_add(nanos(by)));
    }

    pub(crate) fn is_virtual(&self) -> bool {
        matches!(self.0, Kind::Virtual(_))
    }

    /// Parks on a virtual clock: time jumps to the deadline. A deadline that is only a bound is
    /// no end of a parking, for the loop goes on parking from there.
    pub(crate) fn jump(&self, deadline: crate::NextDeadline) {
        let Kind::Virtual(clock) = &self.0 else { return };
        let mut time = deadline.time();
        if let crate::NextDeadline::At(_) = deadline {
            let parking = clock.parkings.replace(clock.parkings.get() + 1);
            let late = clock.late.borrow().get(&parking).copied().unwrap_or_default();
            time = time.saturating_add(nanos(late));
        }
        clock.now.set(time.max(clock.now.get()));
    }

    fn expect_virtual(&self, method: &str) -> &Virtual {
        match &self.0 {
            Kind::Virtual(clock) => clock,
            Kind::System { .. } => panic!(
                "Clock::{method} was called on the system clock, which runs by itself: \
                 make the clock with Clock::virtual_time()"
            ),
        }
    }
}

/// Nanoseconds, at most `u64::MAX` of them.
fn nanos(duration: Duration) -> u64 {
    let seconds = duration.as_secs().saturating_mul(1_000_000_000);
    seconds.saturating_add(u64::from(duration.subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NextDeadline::{At, NotBefore};

    #[test]
    fn a_virtual_clock_goes_from_deadline_to_deadline_and_never_back() {
        let clock = Clock::virtual_time();
        let clone = clock.clone();
        clock.jump(At(50));
        clock.jump(At(40));
        assert_eq!(clone.now(), Instant::from_nanos(50), "clones show the same time");
        clock.advance(Duration::from_nanos(7));
        assert_eq!(clone.now(), Instant::from_nanos(57));
    }

    #[test]
    fn lateness_counts_the_parkings_that_end_at_a_deadline() {
        let clock = Clock::virtual_time().late([(1, Duration::from_nanos(3))]);
        let parkings = [At(10), NotBefore(15), At(20), At(30)];
        let times = parkings.map(|deadline| {
            clock.jump(deadline);
            clock.now().as_nanos()
        });
        assert_eq!(times, [10, 15, 23, 30]);
    }

    #[test]
    fn time_stays_at_its_ends() {
        let second = Duration::from_secs(1);
        assert_eq!(Instant::MAX + second, Instant::MAX);
        assert_eq!(Instant::ZERO - Instant::MAX, Duration::ZERO);
        assert_eq!(nanos(Duration::MAX), u64::MAX);
        assert_eq!(Instant::from_nanos(1_999_999).as_millis(), 1, "whole ones");
    }
}
