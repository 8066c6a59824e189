//! Standard output that behaves as a user of pipes expects.
//!
//! Python's `print` raises when nobody reads any more, Rust's `println!` panics, a C program is
//! simply ended by SIGPIPE. `demo | head -3` should do as the C program: end, and say nothing.
//! Any other failure (a full disk) is one line on standard error.

use std::cell::RefCell;
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

/// Standard output, one line at a time. A write that fails ends the process.
#[derive(Debug)]
pub struct Output {
    stdout: RefCell<BufWriter<Stdout>>,
    flush: Flush,
}

impl Output {
    /// Takes standard output over: nobody else should write to it until [`Output::finish`].
    pub fn new(flush: Flush) -> Output {
        Output { stdout: RefCell::new(BufWriter::new(io::stdout())), flush }
    }

    /// Writes `text` and a line end.
    pub fn line(&self, text: &str) {
        let mut stdout = self.stdout.borrow_mut();
        let mut written = writeln!(stdout, "{text}");
        if written.is_ok() && self.flush == Flush::EveryLine {
            written = stdout.flush();
        }
        end_on_error(written);
    }

    /// Writes out what is still in the buffer. Without this call it may be lost without a word.
    pub fn finish(&self) {
        end_on_error(self.stdout.borrow_mut().flush());
    }
}

/// Ends the process here and now, whatever the tasks still wait for: they might wait for a long
/// time, and nobody would see what they do.
fn end_on_error(written: io::Result<()>) {
    let Err(error) = written else { return };
    if error.kind() == ErrorKind::BrokenPipe {
        process::exit(0);
    }
    complain(&format!("can't write the output: {error}"));
    process::exit(1);
}

/// One line on standard error. If nobody can read that either, there is nobody left to tell.
pub fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "demo: {message}");
}
