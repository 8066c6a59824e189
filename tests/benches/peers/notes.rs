//! What do the notes cost that an observer reads, when there is none? `-- --notes`; with `--write` as well, the
//! answer goes into the page for the docs.
//!
//! Every place in the executor where something happens notes it, and a note without an observer is one
//! comparison that never holds. So this program builds itself once more, with the notes compiled out
//! (`--cfg without_notes`), and has both builds do the same work in turn, each time in a process of its own. Two
//! builds differ in where their code lies, too, which moves times by some percent in either direction;
//! instructions are counted as well, where there is valgrind: they tell the notes from that.

use std::env;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::common::number::rounded;
use crate::common::options::Options;
use crate::common::statistics::{Summary, geometric_mean};
use crate::instructions;
use crate::measure;
use crate::row::Row;
use crate::table::markdown;

const HEADING: &str = "## What it costs to be ready for an observer

Every place where something happens notes it, for an observer if there is one; if there is none, a note is one \
comparison. Here nobody observes, and beside the usual build stands one whose notes, and the lines of the user's code \
that they would tell, are compiled out. Nanoseconds of CPU time an operation, the medians of rounds in which the two \
took turns; and instructions an operation (callgrind), which no noise can touch. *Spread* is the greater of the two, \
as above: a difference below it is noise, and where code happens to lie makes some more.

```text
cargo bench -p tests --features peers --bench peers -- --notes --write
```

";

/// The section of the page.
pub fn report(rows: &[Row], options: &Options) -> String {
    let table = env::current_exe()
        .map_err(|error| error.to_string())
        .and_then(|usual| Ok((usual, without_notes()?)))
        .and_then(|(usual, without)| table(rows, [&usual, &without], options));
    HEADING.to_string() + &table.unwrap_or_else(|problem| format!("Not measured: {problem}\n"))
}

fn table(rows: &[Row], builds: [&Path; 2], options: &Options) -> Result<String, String> {
    let header =
        ["workload", "ours", "without notes", "ratio", "spread", "instructions", "without", "more"];
    let mut cells = vec![header.map(str::to_string).to_vec()];
    let mut ratios = Vec::new();
    let measured = |row: &&Row| !row.slow && !row.isolated && !row.bytes;
    for row in rows.iter().filter(measured).filter(|row| options.wants(row.name)) {
        let [usual, without] = times(row, builds, options)?;
        let ratio = usual.median / without.median;
        ratios.push(ratio);
        let spread = usual.spread_percent().max(without.spread_percent());
        let mut line = vec![row.title.to_string(), rounded(usual.median), rounded(without.median)];
        line.extend([format!("{ratio:.2}"), format!("{spread:.0} %")]);
        line.extend(counts(row, builds));
        eprintln!("{}", line.join("  "));
        cells.push(line);
    }
    let mut text = markdown(&cells);
    let _ = writeln!(text, "\nGeometric mean of the ratios: {:.3}.", geometric_mean(&ratios));
    Ok(text)
}

/// The two builds take turns.
fn times(row: &Row, builds: [&Path; 2], options: &Options) -> Result<[Summary; 2], String> {
    let rounds = options.rounds.unwrap_or(if options.quick { 3 } else { 11 });
    let mut samples = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        for turn in 0..2 {
            let build = (round + turn) % 2;
            samples[build].push(measure::ours_in(builds[build], row, options)?);
        }
    }
    Ok(samples.map(|samples| Summary::of(&samples).expect("a round at least")))
}

fn counts(row: &Row, builds: [&Path; 2]) -> [String; 3] {
    let count = |build: &Path| instructions::count(build, row, &row.contenders[0]);
    match (count(builds[0]), count(builds[1])) {
        (Ok(usual), Ok(without)) => {
            let more = format!("{:.1} %", 100.0 * (usual / without - 1.0));
            [rounded(usual), rounded(without), more]
        }
        _ => ["-", "-", "-"].map(str::to_string),
    }
}

/// Builds this program without notes, in a directory of its own, and says where it is.
fn without_notes() -> Result<PathBuf, String> {
    let usual = env::current_exe().map_err(|error| error.to_string())?;
    let target = usual.ancestors().nth(3).ok_or("this program lies in no target directory")?;
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let flags = env::var("RUSTFLAGS").unwrap_or_default() + " --cfg without_notes";
    eprintln!("building it once more, without notes");
    let built = Command::new(cargo)
        .args(["bench", "-p", "tests", "--features", "peers", "--bench", "peers", "--no-run"])
        .args(["--message-format", "json", "--target-dir"])
        .arg(target.join("without-notes"))
        .env("RUSTFLAGS", flags)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    let messages = String::from_utf8_lossy(&built.stdout);
    let messages = messages.lines().filter_map(|line| serde_json::from_str(line).ok());
    let mut programs = messages.filter_map(|message: serde_json::Value| {
        let this_one = message["target"]["name"] == "peers";
        message["executable"].as_str().filter(|_| this_one).map(PathBuf::from)
    });
    programs.next_back().ok_or("the build without notes failed".to_string())
}
