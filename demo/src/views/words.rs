//! Words that several views use: names, times, and what a task waits for.

use executor::{End, Instant, LineKind, TaskId, Waits};

use super::recorder::Recorded;

/// A time in seconds, without needless zeros, down to microseconds: "4 s", "0.0015 s".
pub fn seconds(time: Instant) -> String {
    let micros = time.as_nanos() / 1_000;
    let exact = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    format!("{} s", exact.trim_end_matches('0').trim_end_matches('.'))
}

/// "1 item", "2 items".
pub fn count(number: usize, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    }
}

/// How a task has ended, behind "it".
pub fn end(end: End) -> &'static str {
    match end {
        End::Ok => "returned a value",
        End::Failed => "returned an error",
        End::Cancelled => "was cancelled",
        End::Panicked => "panicked",
    }
}

/// The name of a task that is there, or was there one step before.
pub fn name(steps: &[Recorded], at: usize, id: TaskId) -> String {
    let before = at.checked_sub(1).and_then(|before| steps[before].task(id));
    let task = steps[at].task(id).or(before);
    task.map_or_else(|| format!("task {id}"), |task| task.name.clone())
}

/// What a task waits for, behind the words "waits for".
pub fn waits(waits: &Waits, name: impl Fn(TaskId) -> String) -> String {
    match waits {
        Waits::Nothing => "something outside this executor".to_string(),
        Waits::Timer(_, deadline) => format!("its timer, due at {}", seconds(*deadline)),
        Waits::Line(LineKind::Event, event) => format!("event {event} to be set"),
        Waits::Line(LineKind::Get, queue) => format!("an item of queue {queue}"),
        Waits::Line(LineKind::Put, queue) => format!("room in queue {queue}"),
        Waits::Line(LineKind::Join, queue) => format!("the items of queue {queue} to be done"),
        Waits::Task(task) => format!("the end of {}", name(*task)),
        Waits::Gather(tasks) if tasks.is_empty() => "a gather, whose tasks have ended".to_string(),
        Waits::Gather(tasks) => format!("the {} of {}", ends(tasks.len()), list(tasks, name)),
        Waits::Several => "several things at once".to_string(),
    }
}

fn ends(tasks: usize) -> &'static str {
    if tasks == 1 { "end" } else { "ends" }
}

/// "A", "A and B", "A, B and C", "A, B and 7 more".
fn list(tasks: &[TaskId], name: impl Fn(TaskId) -> String) -> String {
    const MOST: usize = 3;
    let named = if tasks.len() > MOST { MOST - 1 } else { tasks.len() };
    let mut words: Vec<String> = tasks[..named].iter().map(|&task| name(task)).collect();
    if named < tasks.len() {
        words.push(format!("{} more", tasks.len() - named));
    }
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_no_needless_digits() {
        let words = |nanos| seconds(Instant::from_nanos(nanos));
        assert_eq!(words(0), "0 s");
        assert_eq!(words(4_000_000_000), "4 s");
        assert_eq!(words(10_500_000_000), "10.5 s");
        assert_eq!(words(1_001_000), "0.001001 s");
        assert_eq!(words(999), "0 s");
        assert_eq!(words(u64::MAX), "18446744073.709551 s");
    }
}
