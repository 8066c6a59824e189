//! The options after `--`, the same few for every benchmark.

use std::path::{Path, PathBuf};

#[derive(Clone, Default)]
pub struct Options {
    /// Fewer rounds and repetitions: a look in under a minute, not a result.
    pub quick: bool,
    /// Only workloads whose name contains this.
    pub filter: Option<String>,
    pub rounds: Option<usize>,
    /// Write the result for the docs, into this folder.
    pub write: Option<PathBuf>,
    /// Count instructions (valgrind) in place of measuring time.
    pub instructions: bool,
    /// Only how ours scales.
    pub scale: bool,
    /// Only what the notes cost that observers read, when there is none.
    pub notes: bool,
    /// `WORKLOAD/CONTENDER` pairs to leave out; a run that hung restarts itself with one more.
    pub leave_out: Vec<String>,
    /// Measure this `WORKLOAD/CONTENDER` once, print the number, and end: a run asks itself for this
    /// in a process of its own.
    pub child: Option<String>,
    pub repeats: Option<usize>,
}

pub const HELP: &str = "\
options (after `--`):
  --quick                  fewer rounds and repetitions
  --filter WORKLOAD        only workloads whose name contains this
  --rounds N               rounds of every workload
  --write [FOLDER]         write the result for the docs (default: the docs folder)
  --instructions           count instructions with valgrind in place of time (peers only)
  --scale                  how ours scales, nothing else (peers only)
  --notes                  ours without an observer beside ours without notes (peers only)
  --leave-out WORKLOAD/CONTENDER";

impl Options {
    pub fn from_command_line() -> Options {
        Options::parse(std::env::args().skip(1)).unwrap_or_else(|mistake| {
            eprintln!("{mistake}\n{HELP}");
            std::process::exit(2);
        })
    }

    fn parse(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let mut options = Options::default();
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                "--bench" => {} // cargo adds it
                "--quick" => options.quick = true,
                "--scale" => options.scale = true,
                "--notes" => options.notes = true,
                "--instructions" => options.instructions = true,
                "--filter" => options.filter = Some(value()?),
                "--rounds" => options.rounds = Some(number(&value()?)?),
                "--repeats" => options.repeats = Some(number(&value()?)?),
                "--leave-out" => options.leave_out.push(value()?),
                "--child" => options.child = Some(value()?),
                "--write" => {
                    let folder = arguments.next_if(|next| !next.starts_with("--"));
                    options.write = Some(folder.map_or_else(docs_folder, PathBuf::from));
                }
                "--help" => return Err("a benchmark".to_string()),
                _ => return Err(format!("unknown option {argument}")),
            }
        }
        Ok(options)
    }

    /// Does the name pass the filter?
    pub fn wants(&self, workload: &str) -> bool {
        match &self.filter {
            Some(part) => workload.contains(part.as_str()),
            None => true,
        }
    }
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("`{text}` is not a whole number"))
}

/// The folder `docs` beside the package `tests`, wherever the checkout lies.
fn docs_folder() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    package.join("../docs")
}

/// Writes one file of the result; the folder may be a new one.
pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    let parent = path.parent().expect("a file is in a folder");
    let written = std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&path, text));
    match written {
        Ok(()) => println!("written: {name}"),
        Err(error) => println!("{name} can't be written: {error}"),
    }
}
