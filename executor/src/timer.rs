//! A timer as a future holds it: armed when the future is first polled, disarmed when it is dropped.
//!
//! asyncio's counterpart is `TimerHandle`, with `call_at` and `cancel`. A timer that comes due makes a call
//! in the ready queue, and that call *fires* it. Between the two it can still be disarmed: then
//! the call finds nothing to do, but it was in the queue, and its pass takes place.

use std::task::Waker;

use crate::clock::Instant;
use crate::executor::Core;
use crate::ready::{Call, Ready};
use crate::trace::StepKind;
use crate::waits::{Wait, waits_no_longer};
use crate::waker::{TaskId, current};
use crate::wheel::TimerId;

/// What a timer does when it fires.
pub(crate) enum Alarm {
    /// A sleeper wakes up.
    Wake(Waker),
    /// A timeout has expired: its task is interrupted in what it waits for inside the timeout.
    Expire(Waker, Wait),
    /// It has fired.
    Fired,
    /// Disarmed after it came due: its call will remove it.
    Disarmed,
}

impl Alarm {
    /// The task that the alarm is for, if it is one of ours.
    pub(crate) fn task(&self) -> Option<TaskId> {
        match self {
            Alarm::Wake(waker) | Alarm::Expire(waker, _) => TaskId::of(waker),
            Alarm::Fired | Alarm::Disarmed => None,
        }
    }
}

/// A timer of the executor with this number.
#[derive(Debug)]
pub(crate) struct Timer {
    run: u32,
    id: TimerId,
}

impl Timer {
    /// A timer for a deadline.
    #[doc(alias = "call_at")]
    pub(crate) fn arm(core: &Core, deadline: Instant, alarm: Alarm) -> Timer {
        let id = core.timers.borrow_mut().arm(deadline.as_nanos(), alarm);
        if core.takes_notes() {
            let position = core.timers.borrow().position(id);
            core.note(StepKind::Arm { timer: id.0, deadline, position });
        }
        Timer { run: core.run, id }
    }

    /// A timer that is due now: its call stands in the ready queue at once.
    #[doc(alias = "call_soon")]
    pub(crate) fn due_now(core: &Core, alarm: Alarm) -> Timer {
        let id = core.timers.borrow_mut().due_now(alarm);
        core.push(Ready::Call(Call::Timer(id)));
        core.note(StepKind::Fire { timer: id.0 });
        Timer { run: core.run, id }
    }

    /// The executor of this timer, if it is the one that is running here.
    fn core(&self) -> Option<&'static Core> {
        current().filter(|core| core.run == self.run)
    }

    /// Whether it has fired. A timer whose executor is gone counts as fired: nothing will come of it.
    /// If it has not, whoever polls now is the one to wake.
    pub(crate) fn poll(&self, waker: &Waker) -> bool {
        let Some(core) = self.core() else { return true };
        let new = match &core.timers.borrow()[self.id] {
            Alarm::Fired => return true,
            Alarm::Wake(old) | Alarm::Expire(old, _) => !old.will_wake(waker),
            Alarm::Disarmed => unreachable!("only dropping a timer disarms it"),
        };
        if new {
            let mut waker = waker.clone();
            if let Alarm::Wake(old) | Alarm::Expire(old, _) = &mut core.timers.borrow_mut()[self.id]
            {
                std::mem::swap(old, &mut waker);
            }
            // It has changed hands: who waited for it does so no longer.
            waits_no_longer(self.wait(), &waker);
        }
        false
    }

    /// A timeout's body has been polled, and waits for this.
    pub(crate) fn is_around(&self, core: &Core, inside: Wait) {
        if let Alarm::Expire(_, wait) = &mut core.timers.borrow_mut()[self.id] {
            *wait = inside;
        }
    }

    /// What waits for this timer waits for this.
    pub(crate) fn wait(&self) -> Wait {
        Wait::Timer(self.id.0)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let Some(core) = self.core() else { return };
        let mut timers = core.timers.borrow_mut();
        let waits_for_its_call = timers.is_due(self.id) && !matches!(timers[self.id], Alarm::Fired);
        let alarm = match waits_for_its_call {
            true => std::mem::replace(&mut timers[self.id], Alarm::Disarmed),
            false => timers.cancel(self.id),
        };
        drop(timers);
        if let Alarm::Wake(waker) | Alarm::Expire(waker, _) = &alarm {
            waits_no_longer(self.wait(), waker);
            core.note(StepKind::Disarm { timer: self.id.0 });
        }
        drop(alarm);
    }
}

impl Core {
    /// The call of a timer that is due.
    pub(crate) fn timer_fired(&self, id: TimerId) {
        let mut timers = self.timers.borrow_mut();
        let alarm = std::mem::replace(&mut timers[id], Alarm::Fired);
        if let Alarm::Disarmed = alarm {
            timers.cancel(id);
        }
        drop(timers);
        self.note(StepKind::CallTimer { timer: id.0 });
        match alarm {
            Alarm::Wake(waker) => self.call_waker(waker),
            Alarm::Expire(waker, inside) => self.expire(waker, inside),
            Alarm::Fired | Alarm::Disarmed => {}
        }
    }

    /// A timeout has expired. Like a request to cancel, it takes effect at once on what the task waits
    /// for, if that is what the timeout is around; the timeout itself looks when it is polled next.
    fn expire(&self, waker: Waker, inside: Wait) {
        let task = TaskId::of(&waker);
        let waits = task.and_then(|task| Some(self.tasks.borrow_mut().find(task)?.waits));
        match task {
            Some(task) if inside != Wait::Several && waits == Some(inside) => {
                self.interrupt(task.slot())
            }
            _ => self.call_waker(waker),
        }
    }
}
