//! The events of the Chrome trace event format, each in one line of JSON.
//!
//! The format is described in "Trace Event Format", a document of the Chromium project. Times are microseconds,
//! and may have a fraction. An event belongs to a process and a thread; here, all to one process.

use std::fmt::{Arguments, Write};

/// The events so far.
#[derive(Default)]
pub struct Events(String);

/// A stretch of a thread's time, in nanoseconds.
#[derive(Clone, Copy)]
pub struct Stretch {
    pub thread: usize,
    pub start: u64,
    pub end: u64,
}

impl Events {
    /// The whole file.
    pub fn finish(self) -> String {
        let events = self.0.trim_end_matches(",\n");
        format!("{{\"displayTimeUnit\": \"ms\", \"traceEvents\": [\n{events}\n]}}\n")
    }

    /// `M`: says something about a process or a thread. `value` is JSON.
    pub fn metadata(&mut self, what: &str, thread: usize, (key, value): (&str, &str)) {
        self.add(format_args!(
            r#""ph": "M", "tid": {thread}, "name": "{what}", "args": {{"{key}": {value}}}"#
        ));
    }

    /// `X`, a complete event: a thread does something for a while.
    pub fn slice(&mut self, Stretch { thread, start, end }: Stretch, name: &str) {
        let (ts, dur) = (micros(start), micros(end - start));
        self.add(format_args!(
            r#""ph": "X", "tid": {thread}, "ts": {ts}, "dur": {dur}, "cat": "span", "name": "{name}""#
        ));
    }

    /// `i`: something happens on a thread. `s` says how far the mark reaches: over this thread (`t`).
    /// `args` is the inside of a JSON object.
    pub fn instant(&mut self, thread: usize, at: u64, (cat, name): (&str, &str), args: &str) {
        let (ts, name) = (micros(at), quoted(name));
        self.add(format_args!(
            r#""ph": "i", "s": "t", "tid": {thread}, "ts": {ts}, "cat": "{cat}", "name": {name}, "args": {{{args}}}"#
        ));
    }

    /// `s` and `f`: an arrow from one slice to another. `bp` says to which: the one in which the end lies (`e`).
    pub fn arrow(&mut self, name: &str, id: u64, from: (usize, u64), to: (usize, u64)) {
        let arrow = format!(r#""cat": "wake", "name": "{name}", "id": {id}"#);
        let (start, end) = (micros(from.1), micros(to.1));
        self.add(format_args!(r#""ph": "s", "tid": {}, "ts": {start}, {arrow}"#, from.0));
        self.add(format_args!(r#""ph": "f", "bp": "e", "tid": {}, "ts": {end}, {arrow}"#, to.0));
    }

    /// `C`: numbers that change in the course of time.
    pub fn counter(&mut self, at: u64, name: &str, numbers: &[(&str, usize)]) {
        let ts = micros(at);
        let numbers: Vec<String> =
            numbers.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        let numbers = numbers.join(", ");
        self.add(format_args!(
            r#""ph": "C", "tid": 0, "ts": {ts}, "name": "{name}", "args": {{{numbers}}}"#
        ));
    }

    fn add(&mut self, fields: Arguments<'_>) {
        writeln!(self.0, r#"{{"pid": 1, {fields}}},"#).expect("a String takes everything");
    }
}

fn micros(nanos: u64) -> String {
    format!("{}.{:03}", nanos / 1_000, nanos % 1_000)
}

/// Text as a string of JSON.
pub fn quoted(text: &str) -> String {
    let mut json = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            '\0'..='\x1f' => write!(json, "\\u{:04x}", u32::from(c)).expect("a String takes it"),
            c => json.push(c),
        }
    }
    json + "\""
}
