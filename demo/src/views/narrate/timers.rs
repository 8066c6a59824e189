//! Sentences about timers, and about the loop, which waits for them.

use executor::{Instant, TimerView};

use super::{Narrator, TO_THE_TAIL};
use crate::views::words::{count, seconds};

impl Narrator<'_> {
    pub(super) fn arm(
        &self,
        timer: u32,
        deadline: Instant,
        position: Option<(usize, usize)>,
    ) -> String {
        let (who, due) = (self.who(), seconds(deadline));
        match position {
            Some((level, slot)) => format!(
                "{who} arms timer {timer}, due at {due}: it stands in level {level}, slot {slot} \
                 of the wheel."
            ),
            None => {
                format!(
                    "{who} arms timer {timer} for {due}, which is past: it is due in the next pass."
                )
            }
        }
    }

    pub(super) fn cascade(&self, level: usize, slot: usize) -> String {
        let before = self.before.into_iter().flat_map(|before| before.timers.iter());
        let timers = before.filter(|timer| timer.position == Some((level, slot))).count();
        let cascade = if timers == 1 { "cascades" } else { "cascade" };
        let timers = count(timers, "timer");
        format!(
            "The wheel's time reaches slot {slot} of level {level}: {timers} there {cascade} to \
             lower levels."
        )
    }

    pub(super) fn fire(&self, timer: u32) -> String {
        format!("{} is due: its call {TO_THE_TAIL}.", self.timer(timer, "Timer"))
    }

    pub(super) fn disarm(&self, timer: u32) -> String {
        format!("{} is disarmed: nobody waits for it any more.", self.timer(timer, "Timer"))
    }

    pub(super) fn call_timer(&self, timer: u32) -> String {
        match self.timer_before(timer) {
            Some(_) => format!("The call of {} has its turn.", self.timer(timer, "timer")),
            None => format!(
                "The call of timer {timer} has its turn and does nothing: the timer was disarmed."
            ),
        }
    }

    pub(super) fn call_stop(&self) -> String {
        "The call that ends the run has its turn: after this pass, whatever is left is cancelled."
            .to_string()
    }

    pub(super) fn park(&self, until: Option<Instant>) -> String {
        let until = match until {
            None => "and no timer is armed, until another thread wakes a task".to_string(),
            Some(until) if self.now.timers.iter().any(|timer| timer.deadline == until) => {
                format!("until {}, the next deadline", seconds(until))
            }
            // A deadline may be a bound only: see `NextDeadline::NotBefore`.
            Some(until) => format!("until {}, to look for the next deadline then", seconds(until)),
        };
        format!("Nothing is ready: the loop parks {until}.")
    }

    /// A timer, behind its owner's name if that is known, else behind this word.
    fn timer(&self, timer: u32, word: &str) -> String {
        let view = self.timer_before(timer).or(self.now.timer(timer));
        match view.and_then(|view| view.task) {
            Some(task) => format!("{}'s timer {timer}", self.name(task)),
            None => format!("{word} {timer}"),
        }
    }

    /// The timer as it was one step before: when it has fired, or is disarmed, it is there no more.
    fn timer_before(&self, timer: u32) -> Option<&TimerView> {
        self.before?.timer(timer)
    }
}
