//! `demo step`: the recorded run in the terminal, one step at a time, forward and back.
//!
//! It reads lines, not keys, so that it works wherever there is a terminal, and in a pipe: `demo step < moves`.
//!
//! | type | to go |
//! |---|---|
//! | Enter | to the next step |
//! | `b` | back to the one before |
//! | `41` | to step 41 |
//! | `/wake` | to the next step of that kind |
//! | `q` | away |

mod frame;
mod tasks;
mod text;

pub use text::wrapped;

use std::io::BufRead;

use super::kinds::kind;
use super::recorder::Recorded;
use super::terminal::{Ink, Paint};

const HELP: &str = "Enter: on   b: back   41: to step 41   /wake: to the next wake   q: quit";
/// The same on a narrow screen.
const SHORT_HELP: &str = "Enter, b, 41, /wake or q";

/// Where and how frames are shown.
pub struct Screen {
    /// No line is wider than this.
    pub width: usize,
    /// How many lines there are, if it is a screen.
    pub rows: Option<usize>,
    /// In which colours.
    pub paint: Paint,
    /// What empties the screen before each frame, if it is one.
    pub clear: &'static str,
}

/// Shows a frame, reads a move, and so on until there is none. `show` is given text without a line end.
pub fn walk(
    steps: &[Recorded],
    screen: &Screen,
    mut moves: impl BufRead,
    mut show: impl FnMut(&str),
) {
    let help = if screen.width > HELP.len() + 8 { HELP } else { SHORT_HELP };
    let mut at = 0;
    let mut remark = String::new();
    while at < steps.len() {
        show(if screen.clear.is_empty() { "\n" } else { screen.clear });
        show(&frame::frame(steps, at, screen));
        show(&format!("\n{}\n", screen.paint.text(Ink::Red, &std::mem::take(&mut remark))));
        show(&format!("{} > ", screen.paint.text(Ink::Dim, help)));

        let mut line = Vec::new();
        let end = moves.read_until(b'\n', &mut line).map_or(true, |length| length == 0);
        let line = String::from_utf8_lossy(&line);
        match Move::parse(line.trim()) {
            _ if end => break,
            Ok(Move::Quit) => return,
            Ok(to) => match to.target(steps, at) {
                Ok(target) => at = target,
                Err(why_not) => remark = why_not,
            },
            Err(what) => remark = what,
        }
    }
    show("\n");
}

/// What somebody has typed.
enum Move {
    On,
    Back,
    To(usize),
    NextOf(&'static str),
    Quit,
}

impl Move {
    fn parse(text: &str) -> Result<Move, String> {
        match text {
            "" => return Ok(Move::On),
            "b" | "back" => return Ok(Move::Back),
            "q" | "quit" | "exit" => return Ok(Move::Quit),
            _ => {}
        }
        if let Some(name) = text.strip_prefix('/') {
            return kind(&name.to_lowercase()).map(Move::NextOf);
        }
        text.parse().map(Move::To).map_err(|_| format!("'{text}' means nothing here"))
    }

    /// The step to go to; or why there is none.
    fn target(self, steps: &[Recorded], at: usize) -> Result<usize, String> {
        let there = |target: usize| (target < steps.len()).then_some(target);
        match self {
            Move::On => there(at + 1).ok_or("this is the last step".into()),
            Move::Back => at.checked_sub(1).ok_or("this is the first step".into()),
            Move::To(number) => number
                .checked_sub(1)
                .and_then(there)
                .ok_or_else(|| format!("there are steps 1 to {}", steps.len())),
            Move::NextOf(kind) => (at + 1..steps.len())
                .find(|&next| steps[next].step.kind.name() == kind)
                .ok_or_else(|| format!("no {kind} comes behind this step")),
            Move::Quit => Ok(at),
        }
    }
}
