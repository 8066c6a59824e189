//! The command line, `argparse` in the Python program: what may be asked for, and what is refused.
//!
//! Whatever is wrong is answered by one line that says what was expected. clap would print a
//! paragraph; [`parse`] keeps its first line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use crate::views::kinds::Kinds;

/// Each task takes memory: a number mistyped by some digits should not take all of it.
const MOST_TASKS: u32 = 1_000_000;

/// A view keeps the whole run in memory, and looks at each task after each step.
const MOST_TASKS_TO_VIEW: u32 = 1_000;

/// Runs the founding program: producers put random items on a queue, consumers take them off.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(name = "demo", args_override_self = true)]
struct CommandLine {
    #[command(flatten)]
    program: Args,
    #[command(flatten)]
    views: Views,
}

/// What the program is told, as in Python.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Args {
    /// How many producers
    #[arg(short = 'p', long, value_name = "N", default_value = "5")]
    #[arg(value_parser = producers, allow_negative_numbers = true)]
    pub nprod: u32,

    /// How many consumers
    #[arg(short = 'c', long, value_name = "N", default_value = "10")]
    #[arg(value_parser = consumers, allow_negative_numbers = true)]
    pub ncon: u32,

    /// Sleep as Python does after random.seed(N)
    #[arg(long, value_name = "N", default_value = "444")]
    #[arg(value_parser = seed, allow_negative_numbers = true)]
    pub seed: i128,

    /// Do not wait: jump from deadline to deadline, the same output in every run
    #[arg(long)]
    pub virtual_time: bool,

    /// Needs --virtual-time: let wait K (from 0) end MS milliseconds late
    #[arg(long, value_name = "K:MS,...", value_parser = lateness, value_delimiter = ',')]
    #[arg(allow_hyphen_values = true)]
    pub late: Vec<(u64, Duration)>,
}

/// How to look at the run, apart from what it prints.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub struct Views {
    /// Go through the run step by step, forward and back; implies --virtual-time
    #[arg(value_name = "step", value_parser = step)]
    pub step: Option<()>,

    /// Narrate every step, or those of some kinds: --trace=poll,wake
    #[arg(long, value_name = "KINDS", value_parser = Kinds::parse)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub trace: Option<Kinds>,

    /// Draw what each task did, and when; with --trace, below the narration
    #[arg(long)]
    pub timeline: bool,

    /// Write the run as a file for Perfetto or speedscope
    #[arg(long, value_name = "FILE")]
    pub trace_json: Option<PathBuf>,

    /// Write the run as a page for a browser, which plays it forward and back
    #[arg(long, value_name = "FILE")]
    pub page: Option<PathBuf>,
}

impl Views {
    /// Whether something is to be done even if nobody reads the output any more.
    pub fn writes_files(&self) -> bool {
        self.trace_json.is_some() || self.page.is_some()
    }

    /// Whether the run has to be kept as a whole.
    pub fn need_all_steps(&self) -> bool {
        self.timeline || self.step.is_some() || self.writes_files()
    }
}

/// What a well-formed command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Run the program.
    Run(Args, Views),
    /// Print this text.
    Help(String),
}

/// Reads the command line; the first argument is the program's name.
///
/// # Errors
/// One line, without its end, that says what is wrong and what was expected.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Request, String> {
    let CommandLine { mut program, views } = match CommandLine::try_parse_from(args) {
        Ok(command_line) => command_line,
        Err(error) if error.kind() == ErrorKind::DisplayHelp => {
            return Ok(Request::Help(error.to_string()));
        }
        Err(error) => return Err(one_line(&error, KNOWN)),
    };
    // Whoever goes back and forth has no use for a clock that waits.
    program.virtual_time |= views.step.is_some();
    check(&program, &views)?;
    Ok(Request::Run(program, views))
}

/// The rules about several options together, which clap can't tell in one line.
fn check(args: &Args, views: &Views) -> Result<(), String> {
    let tasks = args.nprod + args.ncon;
    if tasks > MOST_TASKS {
        return Err(format!(
            "{tasks} tasks are too many: expected at most {MOST_TASKS} producers and consumers together"
        ));
    }
    if tasks > MOST_TASKS_TO_VIEW && *views != Views::default() {
        return Err(format!(
            "{tasks} tasks are too many to look at: expected at most {MOST_TASKS_TO_VIEW} with a view"
        ));
    }
    if views.step.is_some() && (views.trace.is_some() || views.timeline) {
        return Err(
            "step has the terminal for itself: expected no --trace and no --timeline".into()
        );
    }
    if !args.late.is_empty() && !args.virtual_time {
        return Err("--late needs --virtual-time: the system clock is late by itself".into());
    }
    let mut waits: Vec<u64> = args.late.iter().map(|&(k, _)| k).collect();
    waits.sort_unstable();
    if let Some(twice) = waits.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(format!("--late names wait {} twice: expected each once", twice[0]));
    }
    Ok(())
}

fn producers(text: &str) -> Result<u32, String> {
    count(text, 0)
}

/// At least one, although Python takes 0 as well: it then waits for ever, unless no producer
/// happens to make an item.
fn consumers(text: &str) -> Result<u32, String> {
    count(text, 1)
}

/// The one word that may stand without dashes.
fn step(text: &str) -> Result<(), String> {
    if text == "step" { Ok(()) } else { Err(format!("expected {KNOWN}")) }
}

fn count(text: &str, least: u32) -> Result<u32, String> {
    match text.parse() {
        Ok(number) if (least..=MOST_TASKS).contains(&number) => Ok(number),
        _ => Err(format!("expected a whole number from {least} to {MOST_TASKS}")),
    }
}

fn seed(text: &str) -> Result<i128, String> {
    let most = i128::from(u64::MAX);
    match text.parse() {
        Ok(number) if (-most..=most).contains(&number) => Ok(number),
        _ => Err(format!("expected a whole number from -{most} to {most}")),
    }
}

fn lateness(text: &str) -> Result<(u64, Duration), String> {
    let pair = text.split_once(':');
    let numbers = pair.and_then(|(k, ms)| Some((k.parse().ok()?, ms.parse().ok()?)));
    match numbers {
        Some((k, ms)) => Ok((k, Duration::from_millis(ms))),
        None => Err("expected K:MS, two whole numbers, as in 2:1,10:1".into()),
    }
}

/// What may be asked for.
const KNOWN: &str = "-p N, -c N, --seed N, --virtual-time, --late K:MS,..., step, --trace[=KINDS], \
                     --timeline, --trace-json FILE, --page FILE or --help";

/// clap's first line, and where that says only what is wrong, what would have been right.
pub fn one_line(error: &clap::Error, known: &str) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("{message}: expected {known}"),
        ErrorKind::MissingRequiredArgument => format!("something is missing: expected {known}"),
        _ => message.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Request, String> {
        parse(line.split(' ').map(OsString::from))
    }

    fn args(line: &str) -> Args {
        match parse_line(line) {
            Ok(Request::Run(args, _)) => args,
            other => panic!("{line}: {other:?}"),
        }
    }

    fn views(line: &str) -> Views {
        match parse_line(line) {
            Ok(Request::Run(_, views)) => views,
            other => panic!("{line}: {other:?}"),
        }
    }

    fn complaint(line: &str) -> String {
        let complaint = parse_line(line).expect_err(line);
        assert!(!complaint.contains('\n'), "{line}: {complaint}");
        complaint
    }

    #[test]
    fn defaults_are_pythons() {
        let defaults = args("demo");
        assert_eq!((defaults.nprod, defaults.ncon, defaults.seed), (5, 10, 444));
        assert_eq!(args("demo --nprod 5 --ncon 10 --seed 444"), defaults);
        assert_eq!(args("demo -p9 -c 9 -p 5 -c10"), defaults, "the last one counts");
    }

    #[test]
    fn every_seed_of_64_bits_with_either_sign() {
        let most = u64::MAX;
        assert_eq!(args(&format!("demo --seed {most}")).seed, i128::from(most));
        assert_eq!(args(&format!("demo --seed -{most}")).seed, -i128::from(most));
        assert!(complaint("demo --seed 18446744073709551616").contains("expected a whole number"));
        assert!(complaint("demo --seed 1.5").contains("expected a whole number"));
    }

    #[test]
    fn lateness_is_a_list_of_pairs() {
        let late = args("demo --virtual-time --late 2:1,10:30").late;
        assert_eq!(late, [(2, Duration::from_millis(1)), (10, Duration::from_millis(30))]);
        for bad in ["x", "2", "2:", ":1", "2:x", "2:-1", "-2:1", "2:1,", "2:1:1", "2:1;3:1"] {
            let complaint = complaint(&format!("demo --virtual-time --late {bad}"));
            assert!(complaint.contains("expected K:MS"), "{bad}: {complaint}");
        }
        assert!(complaint("demo --late 2:1").contains("--late needs --virtual-time"));
        assert!(complaint("demo --virtual-time --late 2:1,2:5").contains("wait 2 twice"));
    }

    #[test]
    fn counts_are_bounded() {
        assert_eq!(args("demo -p 0 -c 1000000").ncon, 1_000_000);
        for bad in ["-p x", "-p -1", "-p 1.5", "-p 1000001", "-p 99999999999999999999", "-p "] {
            let complaint = complaint(&format!("demo {bad}"));
            assert!(complaint.contains("expected a whole number from 0 to 1000000"), "{complaint}");
        }
        assert!(complaint("demo -c 0").contains("expected a whole number from 1 to 1000000"));
        assert!(complaint("demo -p 0 -c 0").contains("expected a whole number from 1"));
        assert!(complaint("demo -p 999999 -c 2").contains("at most 1000000"));
    }

    #[test]
    fn what_is_unknown_is_answered_with_what_is_known() {
        for bad in ["--colour", "-x", "file", "--virtual", "-p 1 2"] {
            assert!(complaint(&format!("demo {bad}")).contains("expected -p N, -c N"), "{bad}");
        }
        assert!(complaint("demo -p").contains("a value is required for '--nprod <N>'"));
        assert!(complaint("demo --virtual-time=yes").contains("'--virtual-time'"));
    }

    #[test]
    fn views_are_chosen_one_by_one() {
        assert_eq!(views("demo -p 3"), Views::default());
        let kinds = |text| Some(Kinds::parse(text).unwrap());
        assert_eq!(views("demo --trace").trace, kinds(""));
        assert_eq!(views("demo --trace -p 3").trace, kinds(""));
        assert_eq!(views("demo --trace=poll,wake").trace, kinds("poll,wake"));
        assert_eq!(views("demo --trace-json x.json").trace_json, Some("x.json".into()));
        assert_eq!(views("demo --page x.html").page, Some("x.html".into()));
        assert!(views("demo --timeline").timeline);
        for line in ["demo step -p 3", "demo -p 3 step", "demo step --late 2:1 -p 3"] {
            assert_eq!((views(line).step, args(line).virtual_time), (Some(()), true), "{line}");
            assert_eq!(args(line).nprod, 3, "{line}");
        }
        assert!(complaint("demo --trace=polls").contains("expected spawn, poll, pending"));
        assert!(complaint("demo --trace poll").contains("expected -p N"));
        assert!(complaint("demo steps").contains("expected -p N"));
        assert!(complaint("demo step --trace").contains("step has the terminal for itself"));
        assert!(complaint("demo step --timeline").contains("step has the terminal for itself"));
        assert!(complaint("demo --timeline -p 600 -c 600").contains("expected at most 1000"));
        assert!(complaint("demo --trace-json").contains("a value is required"));
    }
}
