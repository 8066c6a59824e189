//! Sentences about queues.

use executor::{QueueStep, QueueView, TaskId};

use super::Narrator;
use crate::views::words::count;

impl Narrator<'_> {
    pub(super) fn queue(&self, queue: u32, what: QueueStep) -> String {
        let who = self.who();
        let none = QueueView::default();
        let now = self.now.queue(queue).unwrap_or(&none);
        let before = self.before.and_then(|before| before.queue(queue)).unwrap_or(&none);
        let holds = match now.items.len() {
            0 => "is empty now".to_string(),
            items => format!("holds {} now", count(items, "item")),
        };
        let not_done = match now.unfinished {
            1 => "1 item is not done yet".to_string(),
            items => format!("{items} items are not done yet"),
        };
        match what {
            QueueStep::Put => {
                let item = odd_one(&now.items, &before.items);
                format!("{who} puts {item} into queue {queue}, which {holds}.")
            }
            QueueStep::Get => {
                let item = odd_one(&before.items, &now.items);
                format!("{who} takes {item} out of queue {queue}, which {holds}.")
            }
            QueueStep::Full => {
                let (items, place) = (count(now.items.len(), "item"), place(&now.putters));
                format!("Queue {queue} is full ({items}): {who} stands {place} for room.")
            }
            QueueStep::Empty => {
                let place = place(&now.getters);
                format!("Queue {queue} is empty: {who} stands {place} for an item.")
            }
            QueueStep::TaskDone if now.unfinished == 0 => {
                format!("{who} is done with an item of queue {queue}: now all are done.")
            }
            QueueStep::TaskDone => {
                format!("{who} is done with an item of queue {queue}: {not_done}.")
            }
            QueueStep::Join => {
                format!("Of queue {queue}, {not_done}: {who} waits in line until all are.")
            }
            QueueStep::Shutdown => {
                format!("{who} shuts queue {queue} down: nothing can be put into it any more.")
            }
        }
    }
}

/// Where the last one in a line stands.
pub(super) fn place(line: &[TaskId]) -> String {
    match line.len() {
        0 | 1 => "first in line".to_string(),
        length => format!("in line behind {}", count(length - 1, "other")),
    }
}

/// The item that is in `more` but not in `less`.
fn odd_one<'a>(more: &'a [String], less: &[String]) -> &'a str {
    let differs = more.iter().zip(less).position(|(a, b)| a != b);
    more.get(differs.unwrap_or(less.len())).map_or("an item", |item| item)
}
