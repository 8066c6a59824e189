//! Solutions of chapter 1, "What the loop actually does".

#[derive(Debug, PartialEq)]
pub struct Passes {
    pub put: u64,
    pub get: u64,
    pub join: u64,
}

/// The item is there before anybody asks: the producer puts it in its first turn, in pass 2. The consumer gives way in
/// pass 2, finds the item in pass 3, and does not wait for it.
pub fn the_producer_does_not_sleep() -> Passes {
    Passes { put: 2, get: 3, join: 4 }
}

/// Pass 3 parks and makes two calls. In pass 4 both are polled: the producer puts, and behind it, in the same pass, the
/// consumer gets. Nobody has to be woken for it.
pub fn both_sleep() -> Passes {
    Passes { put: 4, get: 4, join: 5 }
}

/// main is back in pass 5, like the producer, and the consumer has not ended yet. So it waits, and from there on
/// everything is as before. To sleep as long as one would have waited anyway costs nothing.
pub fn main_sleeps() -> Passes {
    Passes { put: 5, get: 6, join: 7 }
}

/// Each task is spawned by the one before it, and starts one pass later.
pub fn late_start() -> &'static str {
    r#"{"queues": [], "events": 0, "tasks": [
        [["spawn", 1], ["join", 1]],
        [["spawn", 2], ["join", 2]],
        [["spawn", 3], ["join", 3]],
        []]}"#
}
