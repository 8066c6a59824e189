//! One step as `demo step` shows it: the sentence, the two lines of code, and how everything is.

use std::panic::Location;
use std::rc::Rc;

use executor::{QueueView, ReadyView, TaskId, TimerView};

use super::Screen;
use super::text::{cut, listed, wrapped};
use crate::views::kinds::ink;
use crate::views::narrate;
use crate::views::page::sources;
use crate::views::recorder::{EventView, Recorded};
use crate::views::terminal::Ink;
use crate::views::words::{name, seconds};

/// Of more tasks, those are shown that have to do with the step, and those that are not idle.
const MOST_TASKS: usize = 16;
const FEWEST_TASKS: usize = 4;
/// Below a frame: a blank line, a remark, and what is typed.
const BELOW: usize = 3;
/// How far the words behind a label are indented.
const LABEL: usize = 14;

/// All lines, each with its end.
pub fn frame(steps: &[Recorded], at: usize, screen: &Screen) -> String {
    let frame = Frame { steps, at, now: &steps[at], screen };
    let mut lines = frame.heading();
    lines.push(String::new());
    lines.extend(frame.code());
    lines.push(String::new());
    lines.extend(frame.labelled("ready queue", &frame.ready()));
    lines.extend(frame.queues());
    lines.extend(frame.events());
    lines.extend(frame.labelled("timers", &frame.timers()));
    lines.push(String::new());
    let printed: Vec<String> =
        frame.now.printed.iter().flat_map(|line| frame.printed(line)).collect();
    // The tasks have what is left of the screen.
    let others = lines.len() + printed.len() + BELOW;
    let room = screen.rows.map_or(MOST_TASKS, |rows| rows.saturating_sub(others));
    lines.extend(frame.tasks(room.clamp(FEWEST_TASKS, MOST_TASKS)));
    lines.extend(printed);
    lines.iter().map(|line| line.trim_end().to_string() + "\n").collect()
}

pub(super) struct Frame<'a> {
    steps: &'a [Recorded],
    at: usize,
    pub(super) now: &'a Recorded,
    pub(super) screen: &'a Screen,
}

impl Frame<'_> {
    fn heading(&self) -> Vec<String> {
        let step = &self.now.step;
        let paint = self.screen.paint;
        let numbers = format!(
            "step {} of {}   {}   pass {}   ",
            step.number,
            self.steps.len(),
            seconds(step.time),
            step.pass
        );
        let kind = paint.text(ink(&step.kind), step.kind.name());
        let sentence = narrate::sentence(self.steps, self.at);
        let sentence = wrapped(&sentence, self.screen.width);
        let lines = sentence.iter().map(|line| paint.text(Ink::Bold, line));
        std::iter::once(paint.text(Ink::Dim, &numbers) + &kind).chain(lines).collect()
    }

    fn code(&self) -> [String; 2] {
        let step = &self.now.step;
        let user =
            step.user.map_or("(no line of your code: the loop does it)".into(), line_of_code);
        let lines = [("your code", user), ("executor", line_of_code(step.executor))];
        lines.map(|(label, line)| cut(&format!("{label:<LABEL$}{line}"), self.screen.width))
    }

    /// Next first; and who has to wait for the next pass.
    fn ready(&self) -> String {
        let ready = &self.now.ready;
        let words = |entry: &ReadyView| match entry {
            ReadyView::Poll(task) => self.name(*task),
            ReadyView::Timer(timer) => format!("timer {timer}'s call"),
            ReadyView::Child(task) => format!("gather's call for {}", self.name(*task)),
            ReadyView::Stop => "the call that ends the run".to_string(),
        };
        let (now, next) = ready.split_at(self.now.left_in_pass.min(ready.len()));
        let (now, next) = (listed(now.iter().map(words)), listed(next.iter().map(words)));
        match (now.is_empty(), next.is_empty()) {
            (true, true) => "empty".to_string(),
            (false, true) => now,
            (true, false) => format!("in the next pass: {next}"),
            (false, false) => format!("{now}; in the next pass: {next}"),
        }
    }

    fn queues(&self) -> Vec<String> {
        let queue = |queue: &Rc<QueueView>| {
            let items = match queue.items.len() {
                0 => "empty".to_string(),
                _ => listed(queue.items.iter().cloned()),
            };
            let room = match queue.maxsize {
                0 => String::new(),
                maxsize => format!("   room for {maxsize}"),
            };
            let words = format!(
                "{items}{room}   {} not done{}{}{}{}",
                queue.unfinished,
                if queue.closed { "   shut down" } else { "" },
                self.line("wait for an item", &queue.getters),
                self.line("wait for room", &queue.putters),
                self.line("wait until all are done", &queue.joiners),
            );
            self.labelled(&format!("queue {}", queue.queue), &words)
        };
        self.now.queues.iter().flat_map(queue).collect()
    }

    fn events(&self) -> Vec<String> {
        let event = |event: &Rc<EventView>| {
            let flag = if event.is_set { "set" } else { "not set" };
            let words = flag.to_string() + &self.line("wait for it", &event.waiters);
            self.labelled(&format!("event {}", event.event), &words)
        };
        self.now.events.iter().flat_map(event).collect()
    }

    fn line(&self, words: &str, tasks: &[TaskId]) -> String {
        match tasks {
            [] => String::new(),
            tasks => format!("   {words}: {}", listed(tasks.iter().map(|&task| self.name(task)))),
        }
    }

    /// By their deadlines.
    fn timers(&self) -> String {
        let mut timers: Vec<&TimerView> = self.now.timers.iter().map(|timer| &**timer).collect();
        timers.sort_by_key(|timer| timer.deadline);
        let together = timers.chunk_by(|a, b| a.deadline == b.deadline && a.position == b.position);
        let group = |group: &[&TimerView]| {
            let place = match group[0].position {
                Some((level, slot)) => format!("level {level} slot {slot}"),
                None => "due".to_string(),
            };
            let whose = group.iter().filter_map(|timer| timer.task).map(|task| self.name(task));
            let whose = listed(whose.collect::<Vec<_>>().into_iter());
            format!("{} ({place}) {whose}", seconds(group[0].deadline))
        };
        match timers.is_empty() {
            true => "none".to_string(),
            false => together.map(group).collect::<Vec<_>>().join(" · "),
        }
    }

    fn printed(&self, line: &str) -> Vec<String> {
        let lines = self.labelled("it prints", line);
        lines.iter().map(|line| self.screen.paint.text(Ink::Bold, line)).collect()
    }

    /// Words behind a label, in as few lines as they take; of very many, the first three.
    fn labelled(&self, label: &str, words: &str) -> Vec<String> {
        let width = self.screen.width.saturating_sub(LABEL).max(20);
        let mut lines = wrapped(words, width);
        if lines.len() > 3 {
            lines.truncate(3);
            lines[2] = cut(&lines[2], width - 2) + " …";
        }
        let labels = [label].into_iter().chain(std::iter::repeat(""));
        labels.zip(lines).map(|(label, line)| format!("{label:<LABEL$}{line}")).collect()
    }

    pub(super) fn name(&self, task: TaskId) -> String {
        name(self.steps, self.at, task)
    }
}

/// `demo/src/program.rs:64  q.put(…)`
fn line_of_code(location: &Location<'_>) -> String {
    let number = location.line() as usize;
    match sources::find(location.file()) {
        Some((path, text)) => {
            let line = text.lines().nth(number - 1).unwrap_or_default();
            format!("{path}:{number}  {}", line.trim())
        }
        None => format!("{}:{number}", sources::tail(location.file())),
    }
}
