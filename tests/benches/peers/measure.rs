//! Runs a row: in each round every contender once, each time beginning with the next one, so that a
//! slow minute of the machine, or a neighbour in the caches, harms nobody in particular.
//!
//! No contender spoils the run. One that panics is left out from there on, with what it said. Where
//! one is known to hang (wakes from other threads), each measurement has a process of its own and a
//! time limit. Should one hang elsewhere, the run begins again without it.

use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Command, Stdio, exit};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::cpu;
use crate::common::options::Options;
use crate::common::statistics::Summary;
use crate::row::{Contender, Row};
use crate::workloads::OPERATIONS;

/// For one measurement in a process of its own: many times what the slowest needs.
const CHILD_LIMIT: Duration = Duration::from_secs(10);
const QUICK_CHILD_LIMIT: Duration = Duration::from_secs(4);
/// For one measurement in this process.
const HANG_LIMIT: Duration = Duration::from_secs(90);

/// What came out for one contender: numbers, or why there are none.
pub type Outcome = Result<Summary, String>;

/// Measures a row: the outcomes in the order of its contenders.
pub fn run(row: &Row, options: &Options) -> Vec<Outcome> {
    let rounds = rounds(row, options);
    // A process of its own is always a cold one, and what is slow warms itself up.
    let warm_up = if row.isolated || row.slow { 0 } else { 1 };
    let mut samples = vec![Vec::new(); row.contenders.len()];
    let mut failures = vec![None; row.contenders.len()];

    for (index, contender) in row.contenders.iter().enumerate() {
        if options.leave_out.contains(&pair_name(row, contender)) {
            failures[index] = Some("hung, or was left out by option".to_string());
        }
    }
    for round in 0..warm_up + rounds {
        for turn in 0..row.contenders.len() {
            let index = (turn + round) % row.contenders.len();
            if failures[index].is_some() {
                continue;
            }
            match measure_once(row, &row.contenders[index], options) {
                Ok(_) if round < warm_up => {}
                Ok(sample) => samples[index].push(sample),
                Err(reason) => failures[index] = Some(reason),
            }
        }
    }
    let outcome = |(failure, samples): (Option<String>, Vec<f64>)| match failure {
        Some(reason) => Err(reason),
        None => Ok(Summary::of(&samples).expect("a round at least")),
    };
    failures.into_iter().zip(samples).map(outcome).collect()
}

fn rounds(row: &Row, options: &Options) -> usize {
    let usual = match (options.quick, row.slow) {
        _ if row.bytes => 1,
        (false, false) => 11,
        (false, true) => 4,
        (true, false) => 3,
        (true, true) => 1,
    };
    options.rounds.filter(|_| !row.bytes).unwrap_or(usual).max(1)
}

pub fn repeats(row: &Row, options: &Options) -> usize {
    if let Some(repeats) = options.repeats {
        return repeats;
    }
    if options.quick && !row.bytes { row.repeats.div_ceil(5) } else { row.repeats }
}

fn pair_name(row: &Row, contender: &Contender) -> String {
    format!("{}/{}", row.name, contender.full_name())
}

fn measure_once(row: &Row, contender: &Contender, options: &Options) -> Result<f64, String> {
    let repeats = repeats(row, options);
    if row.isolated {
        let limit = if options.quick { QUICK_CHILD_LIMIT } else { CHILD_LIMIT };
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        return measure_in_child(&program, &pair_name(row, contender), repeats, limit);
    }
    let _watched = Watched::start(pair_name(row, contender));
    measure_quietly(contender, repeats)
}

/// A panic is told in the table, nowhere else.
fn measure_quietly(contender: &Contender, repeats: usize) -> Result<f64, String> {
    let usual_hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let measured = catch_unwind(AssertUnwindSafe(|| (contender.measure)(repeats)));
    panic::set_hook(usual_hook);
    measured.map_err(|payload| format!("panicked: {}", message(&*payload)))
}

fn message(payload: &dyn std::any::Any) -> String {
    let text = match (payload.downcast_ref::<String>(), payload.downcast_ref::<&str>()) {
        (Some(text), _) => text.as_str(),
        (_, Some(text)) => text,
        _ => "without a message",
    };
    text.lines().next().unwrap_or_default().to_string()
}

/// Asks a new process of this program, or of another build of it, for one number.
fn measure_in_child(
    program: &Path,
    pair: &str,
    repeats: usize,
    limit: Duration,
) -> Result<f64, String> {
    let mut child = Command::new(program)
        .args(["--child", pair, "--repeats", &repeats.to_string()])
        .envs([cpu::for_child()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    let start = Instant::now();
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        if start.elapsed() > limit {
            child.kill().and_then(|()| child.wait()).map_err(|error| error.to_string())?;
            return Err("hung".to_string());
        }
        thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().unwrap_or("ended by a signal");
    let number = line.split(' ').next().and_then(|word| word.parse().ok());
    number.ok_or(line.to_string())
}

/// The time that ours takes for a workload in another build of this program.
pub fn ours_in(program: &Path, row: &Row, options: &Options) -> Result<f64, String> {
    let ours = &row.contenders[0];
    measure_in_child(program, &pair_name(row, ours), repeats(row, options), CHILD_LIMIT)
}

/// The child's side: measures one pair, prints the number, or what the panic said, and ends at once.
pub fn run_as_child(rows: &[Row], pair: &str, options: &Options) -> ! {
    for row in rows {
        for contender in &row.contenders {
            if pair_name(row, contender) == pair {
                match measure_quietly(contender, repeats(row, options)) {
                    Ok(number) => println!("{number} ns, operations: {}", OPERATIONS.get()),
                    Err(reason) => println!("{reason}"),
                }
                exit(0);
            }
        }
    }
    eprintln!("there is no `{pair}`");
    exit(2);
}

/// What is being measured in this process, and since when.
static WATCHED: Mutex<Option<(String, Instant)>> = Mutex::new(None);

struct Watched;

impl Watched {
    fn start(pair: String) -> Watched {
        *WATCHED.lock().expect("nobody panics") = Some((pair, Instant::now()));
        Watched
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        *WATCHED.lock().expect("nobody panics") = None;
    }
}

/// Starts the thread that begins the run again, without the culprit, when a measurement hangs.
pub fn start_watchdog() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_secs(1));
            let watched = WATCHED.lock().expect("nobody panics").clone();
            if let Some((pair, since)) = watched
                && since.elapsed() > HANG_LIMIT
            {
                begin_again_without(&pair);
            }
        }
    });
}

fn begin_again_without(pair: &str) -> ! {
    eprintln!("{pair} hangs: once more, without it");
    let program = std::env::current_exe().expect("this program has a path");
    let arguments = std::env::args().skip(1);
    let mut again = Command::new(program);
    again.args(arguments).args(["--leave-out", pair]).envs([cpu::for_child()]);
    let status = again.status();
    exit(status.ok().and_then(|status| status.code()).unwrap_or(1));
}
