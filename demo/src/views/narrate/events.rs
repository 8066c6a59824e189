//! Sentences about events.

use super::Narrator;
use super::queues::place;
use crate::views::recorder::EventView;

impl Narrator<'_> {
    pub(super) fn wait_for_event(&self, event: u32) -> String {
        let place = place(&self.event(event).waiters);
        format!("Event {event} is not set: {} stands {place} for it.", self.who())
    }

    pub(super) fn set_event(&self, event: u32) -> String {
        let who = self.who();
        match self.event(event).waiters[..] {
            [] => format!("{who} sets event {event}: from now on nobody has to wait for it."),
            [task] => {
                let waiter = self.name(task);
                format!("{who} sets event {event}: {waiter}, which waits for it, is woken next.")
            }
            [_, ..] => {
                let tasks = self.event(event).waiters.len();
                format!("{who} sets event {event}: the {tasks} tasks in its line are woken next.")
            }
        }
    }

    pub(super) fn clear_event(&self, event: u32) -> String {
        format!(
            "{} clears event {event}: who comes from now on has to wait. Who was woken before goes \
             on all the same.",
            self.who()
        )
    }

    fn event(&self, event: u32) -> EventView {
        self.now.event(event).cloned().unwrap_or_default()
    }
}
