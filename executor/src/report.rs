//! Who waits for what: the report on a program that can't go on.

use std::fmt::Write;

use crate::clock::Instant;
use crate::executor::Core;
use crate::task::{Line, TaskId, Wait};
use crate::waker::Ticket;

impl Core {
    /// One line for each task that has not ended.
    pub(crate) fn report(&self) -> String {
        let mut report = String::from(
            "nothing can ever happen again: no task is ready, no timer is armed, \
             and on a virtual clock nobody else can wake a task",
        );
        let tasks = self.tasks.borrow();
        for slot in tasks.alive() {
            let row = &tasks[slot];
            let name = self.name(slot);
            let _ = write!(report, "\n  {name} waits for {}", self.wait_in_words(row.waits));
        }
        report
    }

    fn wait_in_words(&self, wait: Wait) -> String {
        match wait {
            Wait::Nothing => "something outside this executor".to_string(),
            Wait::Timer(id) => {
                let deadline = self.timers.borrow().deadline(crate::wheel::TimerId(id));
                format!("its timer, at {:?}", Instant::from_nanos(deadline))
            }
            Wait::Line(Line::Event, _) => "an event to be set".to_string(),
            Wait::Line(Line::Get, queue) => format!("an item of queue {queue}"),
            Wait::Line(Line::Put, queue) => format!("room in queue {queue}"),
            Wait::Line(Line::Join, queue) => format!("the items of queue {queue} to be done"),
            Wait::Task(slot) => format!("the end of {}", self.name(slot)),
            Wait::Gather(gather) => {
                let children = &self.gathers.borrow()[gather].children;
                let tasks = self.tasks.borrow();
                let alive = children.iter().filter(|&&child| tasks[child].is_alive());
                let names: Vec<_> = alive.map(|&child| self.name(child)).collect();
                format!("the ends of {}", names.join(", "))
            }
            Wait::Several => "several things at once".to_string(),
        }
    }

    fn name(&self, slot: u32) -> String {
        let tasks = self.tasks.borrow();
        tasks.name(slot, TaskId(Ticket::new(self.number, tasks[slot].generation, slot)))
    }
}
