//! A timer as a future holds it: armed when the future is first polled, disarmed when it is dropped.
//!
//! asyncio's counterpart is `TimerHandle`, with `call_at` and `cancel`. A timer that comes due makes a call
//! in the ready queue, and that call *fires* it. Between the two it can still be disarmed: then
//! the call finds nothing to do, but it was in the queue, and its pass takes place.

use std::mem;
use std::task::Waker;
use std::time::Duration;

use crate::clock::Instant;
use crate::executor::Core;
use crate::ready::{Call, Ready};
use crate::trace::{StepKind, takes_notes};
use crate::waits::{QuietWaker, Wait, Waiter, call};
use crate::waker::{OnThisThread, TaskId, current_run};
use crate::wheel::TimerId;

/// What a timer does when it fires.
pub(crate) enum Alarm {
    /// A sleeper wakes up.
    Wake(Waiter),
    /// A timeout has expired: its task is interrupted in what it waits for inside the timeout.
    Expire(QuietWaker, Wait),
    /// Nothing: it has fired.
    Fired,
    /// Nothing: it was disarmed after it came due. Its call will remove it.
    Disarmed,
}

impl Alarm {
    /// The task that the alarm is for, if it is one of ours.
    pub(crate) fn task(&self) -> Option<TaskId> {
        match self {
            Alarm::Wake(waiter) => waiter.task(),
            Alarm::Expire(waker, _) => TaskId::of(&waker.0),
            Alarm::Fired | Alarm::Disarmed => None,
        }
    }
}

/// A timer of one run.
#[derive(Debug)]
pub(crate) struct Timer {
    run: u32,
    id: TimerId,
    here: OnThisThread,
}

impl Timer {
    /// A timer that wakes a sleeper.
    #[doc(alias = "call_at")]
    pub(crate) fn to_wake(core: &Core, deadline: Instant, waker: &Waker) -> Timer {
        let waker = waker.clone();
        let mut tables = core.tables.borrow_mut();
        let wait = Wait::Timer(tables.timers.next_id().0);
        let waiter = tables.waiter(waker, wait);
        let id = tables.timers.arm(deadline.as_nanos(), Alarm::Wake(waiter));
        drop(tables);
        core.note_armed(id, deadline);
        Timer { run: core.run, id, here: OnThisThread::default() }
    }

    /// A timer that ends a timeout. One that is to last no time makes its call at once.
    pub(crate) fn to_expire(core: &Core, duration: Duration, waker: &Waker) -> Timer {
        let alarm = Alarm::Expire(QuietWaker(waker.clone()), Wait::Nothing);
        let deadline = core.clock.now() + duration;
        let mut tables = core.tables.borrow_mut();
        let id = if duration.is_zero() {
            let id = tables.timers.due_now(alarm);
            tables.push(Ready::Call(Call::Timer(id)));
            drop(tables);
            core.note(StepKind::Fire { timer: id.0 });
            id
        } else {
            let id = tables.timers.arm(deadline.as_nanos(), alarm);
            drop(tables);
            core.note_armed(id, deadline);
            id
        };
        Timer { run: core.run, id, here: OnThisThread::default() }
    }

    /// Whether it has fired. A timer whose run is over counts as fired: nothing will come of it.
    pub(crate) fn has_fired(&self) -> bool {
        current_run(self.run)
            .is_none_or(|core| matches!(core.tables.borrow().timers[self.id], Alarm::Fired))
    }

    /// From now on this is who waits for the timer.
    pub(crate) fn wakes(&self, core: &Core, waker: &Waker) {
        if let Alarm::Wake(waiter) = &core.tables.borrow().timers[self.id]
            && waiter.will_wake(waker)
        {
            return;
        }
        let waker = waker.clone();
        let mut tables = core.tables.borrow_mut();
        let waiter = tables.waiter(waker, Wait::Timer(self.id.0));
        let old = mem::replace(&mut tables.timers[self.id], Alarm::Wake(waiter));
        drop(tables);
        drop(old);
    }

    /// From now on this is who is in the timeout, and what the body of the timeout waits for.
    pub(crate) fn expires(&self, core: &Core, waker: &Waker, inside: Wait) {
        let alarm = Alarm::Expire(QuietWaker(waker.clone()), inside);
        let old = mem::replace(&mut core.tables.borrow_mut().timers[self.id], alarm);
        drop(old);
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let Some(core) = current_run(self.run) else { return };
        let mut tables = core.tables.borrow_mut();
        let timers = &mut tables.timers;
        let has_fired = matches!(timers[self.id], Alarm::Fired);
        let alarm = match timers.is_due(self.id) && !has_fired {
            true => mem::replace(&mut timers[self.id], Alarm::Disarmed),
            false => timers.cancel(self.id),
        };
        drop(tables);
        drop(alarm);
        if !has_fired {
            core.note(StepKind::Disarm { timer: self.id.0 });
        }
    }
}

impl Core {
    /// The call of a timer that is due.
    pub(crate) fn timer_fired(&self, id: TimerId) {
        self.note(StepKind::CallTimer { timer: id.0 });
        let mut tables = self.tables.borrow_mut();
        let alarm = mem::replace(&mut tables.timers[id], Alarm::Fired);
        if let Alarm::Disarmed = alarm {
            tables.timers.cancel(id);
        }
        drop(tables);
        match alarm {
            Alarm::Wake(waiter) => waiter.wake(),
            Alarm::Expire(waker, inside) => self.expire(&waker, inside),
            Alarm::Fired | Alarm::Disarmed => {}
        }
    }

    /// A timeout has expired. Like a request to cancel, it takes effect at once on what the task waits
    /// for, if that is what the timeout is around; the timeout itself looks when it is polled next.
    fn expire(&self, QuietWaker(waker): &QuietWaker, inside: Wait) {
        match TaskId::of(waker) {
            Some(task) if inside.is_one() && inside == self.waits_of(waker) => {
                self.interrupt(task.slot())
            }
            _ => call(waker),
        }
    }

    #[inline]
    fn note_armed(&self, id: TimerId, deadline: Instant) {
        if takes_notes() {
            let position = self.tables.borrow().timers.position(id);
            self.note(StepKind::Arm { timer: id.0, deadline, position });
        }
    }
}
