//! `--trace`: the narrated run, each step as it happens.
//!
//! One line a step: its number, the time, the pass, its kind, and the [narrator](super::narrate)'s sentence.
//! What the program itself prints stands between them behind a bar. Nothing is kept: on the system clock the
//! lines come as they happen, and a run may be as long as it likes.
//!
//! ```text
//!  step        time   pass  kind       what happens
//!     8         0 s      2  poll       Producer 0 is polled for the first time: its code begins to run.
//!                           │ Producer 0 sleeping for 4 seconds.
//!     9         0 s      2  arm        Producer 0 arms timer 0, due at 4 s: …
//! ```

use executor::{Observer, State, Step};

use super::kinds::{Kinds, ink};
use super::narrate;
use super::recorder::Recorder;
use super::step::wrapped;
use super::terminal::{self, Ink, Paint};
use super::words::seconds;

/// The column at which sentences begin.
const SENTENCE: usize = 37;
const NARROWEST: usize = 30;

/// An observer that narrates.
pub struct Trace {
    /// The last two steps: a sentence needs no more.
    recorder: Recorder,
    kinds: Kinds,
    paint: Paint,
    /// How wide a sentence may be; as long as it is, where nothing says how wide the output is.
    room: usize,
    print: Box<dyn FnMut(&str)>,
}

impl Trace {
    /// Narrates steps of these kinds; `print` is given each line, and puts it on standard output. On a screen
    /// the rest of a sentence stands below its beginning.
    pub fn new(kinds: Kinds, mut print: impl FnMut(&str) + 'static) -> Trace {
        let paint = Paint::of_stdout();
        let room = match terminal::size() {
            (columns, Some(_)) => columns.saturating_sub(SENTENCE).max(NARROWEST),
            (_, None) => usize::MAX,
        };
        let heading =
            format!("{:>5} {:>11} {:>6}  {:<9}  what happens", "step", "time", "pass", "kind");
        print(&paint.text(Ink::Dim, &heading));
        Trace { recorder: Recorder::new(), kinds, paint, room, print: Box::new(print) }
    }

    /// What to call the main future.
    pub fn main_is(mut self, name: &str) -> Trace {
        self.recorder = self.recorder.main_is(name);
        self
    }

    /// The program prints a line.
    pub fn program_prints(&mut self, line: &str) {
        let bar = format!("{:24}  │ ", "");
        (self.print)(&(self.paint.text(Ink::Dim, &bar) + &self.paint.text(Ink::Bold, line)));
    }
}

impl Observer for Trace {
    fn step(&mut self, step: &Step, state: &State<'_>) {
        self.recorder.keep_last();
        self.recorder.step(step, state);
        if !self.kinds.contain(&step.kind) {
            return;
        }
        let steps = self.recorder.steps();
        let sentence = narrate::sentence(steps, steps.len() - 1);
        let time = seconds(step.time);
        let numbers = format!("{:>5} {time:>11} {:>6}", step.number, step.pass);
        let numbers = self.paint.text(Ink::Dim, &numbers);
        let kind = self.paint.text(ink(&step.kind), &format!("{:<9}", step.kind.name()));
        let mut lines = wrapped(&sentence, self.room).into_iter();
        (self.print)(&format!("{numbers}  {kind}  {}", lines.next().unwrap_or_default()));
        lines.for_each(|line| (self.print)(&format!("{:SENTENCE$}{line}", "")));
    }
}
