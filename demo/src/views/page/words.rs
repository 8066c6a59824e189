//! What only the page says: a task's state in a word, who holds its waker, how long a slot of the wheel is.

use executor::{Activity, End, LineKind, TaskId, Waits};

/// What a task does, in a word.
pub fn activity(activity: Activity) -> &'static str {
    match activity {
        Activity::Queued => "ready",
        Activity::Running => "running",
        Activity::Idle => "waiting",
        Activity::Done(End::Ok) => "done",
        Activity::Done(End::Failed) => "failed",
        Activity::Done(End::Cancelled) => "cancelled",
        Activity::Done(End::Panicked) => "panicked",
    }
}

/// Who holds the waker of a task that waits, and so will wake it. It stands before "holds its waker".
pub fn holder(waits: &Waits, name: impl Fn(TaskId) -> String) -> String {
    match waits {
        Waits::Nothing => "somebody outside".to_string(),
        Waits::Timer(timer, _) => format!("timer {timer}"),
        Waits::Line(LineKind::Event, event) => format!("event {event}"),
        Waits::Line(LineKind::Get | LineKind::Put | LineKind::Join, queue) => {
            format!("queue {queue}")
        }
        Waits::Task(task) => name(*task),
        Waits::Gather(_) => "the gather".to_string(),
        Waits::Several => "each of them".to_string(),
    }
}

/// How long a slot of a level of the wheel is: 64 times as long as one of the level below.
pub fn slot_width(level: usize) -> String {
    const UNITS: [(f64, &str); 6] = [
        (86400e9 * 365.25, "years"),
        (86400e9, "days"),
        (3600e9, "h"),
        (1e9, "s"),
        (1e6, "ms"),
        (1e3, "µs"),
    ];
    let nanos = (1u64 << (6 * level)) as f64;
    match UNITS.iter().find(|(unit, _)| nanos >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", nanos / unit),
        None => format!("{nanos} ns"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_of_all_levels_have_a_width() {
        let widths: Vec<String> = (0..11).map(slot_width).collect();
        assert_eq!(widths[..6], ["1 ns", "64 ns", "4.1 µs", "262.1 µs", "16.8 ms", "1.1 s"]);
        assert_eq!(widths[6..], ["68.7 s", "1.2 h", "3.3 days", "208.5 days", "36.5 years"]);
    }
}
