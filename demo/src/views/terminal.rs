//! What standard output is: a terminal or a pipe, how wide, and whether colour is welcome.
//!
//! Into a pipe go the bare words, the same bytes in every run. On a terminal there is colour, unless `NO_COLOR`
//! is set (<https://no-color.org>) or the terminal is a dumb one.

use std::env;
use std::io::{self, IsTerminal};

/// How wide a view is where nobody says.
const WIDTH: usize = 100;

/// Colours, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    colour: bool,
}

/// What a piece of text is, and so how it looks.
#[allow(missing_docs, reason = "the names are what they look like")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Plain,
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
}

impl Paint {
    /// No colours.
    pub const PLAIN: Paint = Paint { colour: false };

    /// What suits standard output.
    pub fn of_stdout() -> Paint {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Paint { colour: io::stdout().is_terminal() && !refused && !dumb }
    }

    /// The text, in colour if there are colours.
    pub fn text(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            _ if !self.colour || text.is_empty() => return text.to_string(),
            Ink::Plain => return text.to_string(),
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Red => "31",
            Ink::Green => "32",
            Ink::Yellow => "33",
            Ink::Blue => "34",
            Ink::Magenta => "35",
            Ink::Cyan => "36",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// What empties the screen, if standard output is one; else nothing.
pub fn clear_screen() -> &'static str {
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    if io::stdout().is_terminal() && !dumb { "\x1b[H\x1b[2J" } else { "" }
}

/// Columns and rows of standard output. `COLUMNS` counts for more than the terminal does, which tests and
/// documents need; in a pipe there is neither, and no number of rows.
pub fn size() -> (usize, Option<usize>) {
    let asked = env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|&n| n > 0);
    let terminal = terminal_size::terminal_size_of(io::stdout());
    let columns = terminal.map(|(width, _)| usize::from(width.0)).filter(|&n| n > 0);
    let rows = terminal.map(|(_, height)| usize::from(height.0)).filter(|&n| n > 0);
    (asked.or(columns).unwrap_or(WIDTH), rows)
}
