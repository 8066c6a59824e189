//! Sentences about events.

use executor::{LineKind, Waits};

use super::Narrator;
use crate::views::words::count;

impl Narrator<'_> {
    pub(super) fn wait_for_event(&self, event: u32) -> String {
        format!("Event {event} is not set: {} stands in its line.", self.who())
    }

    pub(super) fn set_event(&self, event: u32) -> String {
        let line = Waits::Line(LineKind::Event, event);
        let waiting = self.now.tasks.iter().filter(|task| task.waits == line).count();
        let who = self.who();
        match waiting {
            0 => format!("{who} sets event {event}, for which nobody waits."),
            _ => format!("{who} sets event {event}: {} to be woken.", count(waiting, "task")),
        }
    }

    pub(super) fn clear_event(&self, event: u32) -> String {
        format!("{} clears event {event}: who was woken before goes on all the same.", self.who())
    }
}
