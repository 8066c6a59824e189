//! `--timeline`: the run as rows of tasks over time, as wide as the terminal.
//!
//! A column is a stretch of time. A task that had a turn in it is shown as running, however short that was: on
//! the virtual clock, running takes no time at all. Otherwise the column shows what the task did longest. Below
//! the tasks stand the queues, with the most items that each held.
//!
//! ```text
//!             0 s       5 s       10 s
//! Main        █aaaaaaaaaaaaaaaaaaaaa█
//! Producer 0  █───────█─────────────█
//! Consumer 0  █ggggggg█─────────────×
//! queue 0             1
//! ```

mod scale;

use std::ops::Range;

use super::recorder::Recorded;
use super::spans::{Track, tracks};
use super::terminal::{Ink, Paint};
use super::words::count;
use scale::Scale;

/// Nobody would look at more rows than this: of more tasks the first and the last ones are shown.
const MOST_TASKS: usize = 40;
const MOST_QUEUES: usize = 5;
/// Longer names are cut.
const LONGEST_NAME: usize = 20;
const NARROWEST: usize = 40;

/// All that a cell can show, as the legend explains it.
const SIGNS: [(char, Ink, &str); 12] = [
    ('█', Ink::Green, "has a turn"),
    ('▒', Ink::Yellow, "is ready"),
    ('─', Ink::Dim, "sleeps"),
    ('g', Ink::Cyan, "waits for an item"),
    ('p', Ink::Magenta, "waits for room"),
    ('j', Ink::Blue, "waits until all items are done"),
    ('a', Ink::Blue, "awaits tasks"),
    ('e', Ink::Blue, "waits for an event"),
    ('?', Ink::Blue, "waits for something else"),
    ('×', Ink::Red, "cancelled"),
    ('!', Ink::Red, "failed"),
    ('+', Ink::Plain, "ten items or more"),
];

/// The timeline, each line with its line end. None is wider than `width`, if that is 40 or more.
pub fn timeline(steps: &[Recorded], width: usize, paint: Paint) -> String {
    let Some(last) = steps.last() else { return String::new() };
    let width = width.max(NARROWEST);
    let tracks = tracks(steps);
    let hidden = hidden(&tracks);
    let queues = last.queues.iter().map(|queue| format!("queue {}", queue.queue));
    let queues: Vec<String> = queues.take(MOST_QUEUES).collect();

    let shown = tracks[..hidden.start].iter().chain(&tracks[hidden.end..]);
    let names = shown.map(|track| &track.name).chain(&queues);
    let longest = names.map(|name| name.chars().count()).max().unwrap_or(0).min(LONGEST_NAME);
    let scale = Scale::new(steps, width - longest - 2);
    let mut drawing = Drawing { text: String::new(), longest, paint, used: Vec::new() };
    drawing.row("", &scale.labels());
    for (row, track) in tracks.iter().enumerate() {
        if row == hidden.start && !hidden.is_empty() {
            let (first, last) = (&track.name, &tracks[hidden.end - 1].name);
            drawing.remark(&format!("... {} more: {first} to {last}", hidden.len()), width);
        }
        if !hidden.contains(&row) {
            drawing.row(&track.name, &scale.cells(track));
        }
    }
    for (row, name) in queues.iter().enumerate() {
        drawing.row(name, &scale.items(row));
    }
    if last.queues.len() > queues.len() {
        let more = count(last.queues.len() - queues.len(), "more queue");
        drawing.remark(&format!("... {more}"), width);
    }
    drawing.legend(&format!("one column is about {}", scale.column_in_words()), width);
    drawing.text
}

/// The tracks that are not shown.
fn hidden(tracks: &[Track]) -> Range<usize> {
    match tracks.len() {
        0..=MOST_TASKS => 0..0,
        // One row says what is left out.
        more => MOST_TASKS / 2..more - (MOST_TASKS / 2 - 1),
    }
}

struct Drawing {
    text: String,
    longest: usize,
    paint: Paint,
    /// The signs that the legend has to explain.
    used: Vec<char>,
}

impl Drawing {
    /// A name and its cells, of which those at the end may be blank.
    fn row(&mut self, name: &str, cells: &[char]) {
        let name: String = match name.chars().count() > self.longest {
            true => name.chars().take(self.longest - 1).chain(['…']).collect(),
            false => format!("{name:width$}", width = self.longest),
        };
        let blanks = cells.iter().rev().take_while(|cell| **cell == ' ').count();
        let mut line = name + "  ";
        for run in cells[..cells.len() - blanks].chunk_by(|a, b| a == b) {
            let sign = SIGNS.iter().find(|(sign, ..)| *sign == run[0]);
            self.used.extend(sign.map(|(sign, ..)| sign));
            let run: String = run.iter().collect();
            line += &self.paint.text(sign.map_or(Ink::Plain, |&(_, ink, _)| ink), &run);
        }
        self.text += line.trim_end();
        self.text.push('\n');
    }

    fn remark(&mut self, words: &str, width: usize) {
        let words: String = words.chars().take(width).collect();
        self.text += &self.paint.text(Ink::Dim, &words);
        self.text.push('\n');
    }

    /// Explains the signs that were used, in lines as wide as the rest.
    fn legend(&mut self, scale: &str, width: usize) {
        let mut room = 0;
        let used = SIGNS.iter().filter(|(sign, ..)| self.used.contains(sign));
        let entries = used.map(|&(sign, ink, words)| (Some((sign, ink)), format!(" {words}")));
        for (sign, words) in entries.chain([(None, scale.to_string())]) {
            let length = words.chars().count() + usize::from(sign.is_some());
            let (gap, needed) =
                if room < length + 3 { ("\n", length) } else { ("   ", length + 3) };
            room = if gap == "\n" { width } else { room } - needed;
            self.text += gap;
            if let Some((sign, ink)) = sign {
                self.text += &self.paint.text(ink, &sign.to_string());
            }
            self.text += &words;
        }
        self.text.push('\n');
    }
}
