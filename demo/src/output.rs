//! Standard output that behaves as a user of pipes expects.
//!
//! Python's `print` raises when nobody reads any more, Rust's `println!` panics, a C program is
//! simply ended by SIGPIPE. `demo | head -3` should do as the C program: end, and say nothing.
//! Any other failure (a full disk) is one line on standard error.

use std::cell::{Cell, RefCell};
use std::fmt::Arguments;
use std::io::{self, BufWriter, ErrorKind, Stdout, Write};
use std::process;

/// When a line must reach the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// At once: on the system clock somebody may be watching the lines appear.
    EveryLine,
    /// When the buffer is full, and at [`Output::finish`].
    Whenever,
}

/// What to do when nobody reads any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// End the process: there is no other use of it.
    Ends,
    /// Say nothing more, but go on: there are files to write.
    Mutes,
}

/// Standard output, one line at a time. A write that fails ends the process.
#[derive(Debug)]
pub struct Output {
    stdout: RefCell<BufWriter<Stdout>>,
    flush: Flush,
    closed: Closed,
    mute: Cell<bool>,
}

impl Output {
    /// Takes standard output over: nobody else should write to it until [`Output::finish`].
    pub fn new(flush: Flush, closed: Closed) -> Output {
        let stdout = RefCell::new(BufWriter::new(io::stdout()));
        Output { stdout, flush, closed, mute: Cell::new(false) }
    }

    /// Writes `text` and a line end.
    pub fn line(&self, text: &str) {
        self.write(format_args!("{text}\n"), self.flush == Flush::EveryLine);
    }

    /// Writes `text` as it is, and at once: somebody is to answer it.
    pub fn prompt(&self, text: &str) {
        self.write(format_args!("{text}"), true);
    }

    /// Writes out what is still in the buffer. Without this call it may be lost without a word.
    pub fn finish(&self) {
        self.write(format_args!(""), true);
    }

    fn write(&self, text: Arguments<'_>, flush: bool) {
        if self.mute.get() {
            return;
        }
        let mut stdout = self.stdout.borrow_mut();
        let written = stdout.write_fmt(text);
        let written = if flush { written.and_then(|()| stdout.flush()) } else { written };
        if let Err(error) = written {
            self.failed(&error);
        }
    }

    /// Mostly ends the process here and now, whatever the tasks still wait for: they might wait for a
    /// long time, and nobody would see what they do.
    fn failed(&self, error: &io::Error) {
        match (error.kind(), self.closed) {
            (ErrorKind::BrokenPipe, Closed::Mutes) => self.mute.set(true),
            (ErrorKind::BrokenPipe, Closed::Ends) => process::exit(0),
            _ => {
                complain(&format!("can't write the output: {error}"));
                process::exit(1);
            }
        }
    }
}

/// One line on standard error. If nobody can read that either, there is nobody left to tell.
pub fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "demo: {message}");
}
