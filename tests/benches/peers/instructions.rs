//! Instructions an operation: `cargo bench -p tests --features peers --bench peers -- --instructions`,
//! with `--filter WORKLOAD` for others than the usual four. It needs valgrind.
//!
//! They say what a change does, on the noisiest machine, to the last instruction. This program runs
//! itself under `valgrind --tool=callgrind`, with a number of repetitions and then with twice as many;
//! what the second run takes more is the work alone, without the program's start.
//!
//! To see where the instructions go, keep callgrind's file and look at it:
//!
//! ```text
//! valgrind --tool=callgrind --callgrind-out-file=yield.out target/release/deps/peers-… --child yield/ours --repeats 5
//! callgrind_annotate yield.out
//! ```

use std::env;
use std::path::Path;
use std::process::Command;

use crate::common::number::rounded;
use crate::common::options::Options;
use crate::row::{Contender, Row};
use crate::table::markdown;

const USUAL: [&str; 4] = ["spawn-await-1k", "yield", "ping-pong", "queue-1-1-cap-1"];

/// Ours, and those that come nearest somewhere; the queues on one runtime.
const SHOWN: [&str; 7] = [
    "ours",
    "monoio",
    "async-local-executor",
    "StaticLocalExecutor",
    "async-unsync on tokio",
    "unsync on tokio",
    "flume on tokio",
];

/// A Markdown table: a line for each workload and contender.
pub fn report(rows: &[Row], options: &Options) -> String {
    let usual = |row: &Row| match options.filter {
        Some(_) => options.wants(row.name),
        None => USUAL.contains(&row.name),
    };
    let header = ["workload", "contender", "instructions an operation"];
    let mut cells = vec![header.map(str::to_string).to_vec()];
    for row in rows.iter().filter(|row| usual(row) && !row.isolated && !row.slow) {
        for contender in &row.contenders {
            if SHOWN.contains(&contender.full_name().as_str()) {
                let program = env::current_exe().map_err(|error| error.to_string());
                let count = program.and_then(|program| count(&program, row, contender));
                let count = count.map_or_else(|problem| problem, rounded);
                cells.push(vec![row.title.to_string(), contender.full_name(), count]);
            }
        }
    }
    markdown(&cells)
}

/// Instructions an operation, as counted with this build of this program.
pub fn count(program: &Path, row: &Row, contender: &Contender) -> Result<f64, String> {
    let repeats = row.repeats.div_ceil(10).max(2); // a repetition of its own warms up
    let once = run(program, row, contender, repeats)?;
    let twice = run(program, row, contender, 2 * repeats)?;
    Ok((twice.instructions - once.instructions) / (twice.operations - once.operations))
}

struct Run {
    instructions: f64,
    operations: f64,
}

fn run(program: &Path, row: &Row, contender: &Contender, repeats: usize) -> Result<Run, String> {
    let pair = format!("{}/{}", row.name, contender.full_name());
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["--child", &pair, "--repeats", &repeats.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let counted = String::from_utf8_lossy(&output.stderr);
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(Run {
        instructions: number_after("Collected :", &counted).ok_or("valgrind counted nothing")?,
        operations: number_after("operations:", &printed).ok_or("failed under valgrind")?,
    })
}

fn number_after(label: &str, text: &str) -> Option<f64> {
    let (_, rest) = text.split_once(label)?;
    rest.split_whitespace().next()?.parse().ok()
}
