//! What do the notes cost that an observer reads, when there is none? `-- --notes`; with `--write` as well, the
//! answer goes into the page for the docs.
//!
//! Every place in the executor where something happens notes it, and a note without an observer is one
//! comparison that never holds; in a program that has no observer anywhere, like this one, the linker finds
//! that out, and it is not even that. So this program builds itself twice more: with the notes compiled out
//! (`--cfg without_notes`), and with an observer that could come, but does not (`--cfg could_observe`). All
//! three do the same work in turn, each time in a process of its own. Builds differ in where their code lies,
//! too, which moves times by some percent in either direction; instructions are counted as well, where there is
//! valgrind: they tell the notes from that.

use std::env;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::common::number::rounded;
use crate::common::options::Options;
use crate::common::statistics::{Summary, geometric_mean};
use crate::instructions;
use crate::measure;
use crate::row::Row;
use crate::table::markdown;

const HEADING: &str = "## What it costs to be ready for an observer

Every place where something happens notes it, for an observer if there is one. In a program that has no observer \
anywhere the linker finds that out, if it sees the whole program (`lto = \"fat\"`, as here), and drops the notes: \
*ours*, the build of all tables above, takes as many instructions as one whose notes, and the lines of the user's code \
that they would tell, were compiled out. In a program that could have an observer, but has none in this run, a note is \
one comparison: *could observe*. That is what cargo's usual release profile gives, too.

Nanoseconds of CPU time an operation, each round in a process of its own, the medians of rounds in which the three \
builds took turns; *ratio* is to *without notes*. Instructions an operation are callgrind's, which no noise can touch. \
*Spread* is the greatest of the three, as above; where code happens to lie moves times by some percent more, also where \
the instructions are the same. Rows of memory, of other threads and those that take long are left out.

```text
cargo bench -p tests --features peers --bench peers -- --notes --write
```

";

/// How many builds there are, and the one without notes among them.
const BUILDS: usize = 3;
const WITHOUT: usize = 1;

/// The section of the page.
pub fn report(rows: &[Row], options: &Options) -> String {
    let table = builds().and_then(|builds| table(rows, &builds, options));
    HEADING.to_string() + &table.unwrap_or_else(|problem| format!("Not measured: {problem}\n"))
}

fn table(rows: &[Row], builds: &[PathBuf; BUILDS], options: &Options) -> Result<String, String> {
    let times_of = ["workload", "ours", "without notes", "could observe", "ratio", "ratio, could"];
    let counts_of = ["spread", "instructions", "without", "could"];
    let header = times_of.iter().chain(&counts_of).map(ToString::to_string);
    let mut cells = vec![header.collect()];
    let mut ratios: [Vec<f64>; BUILDS] = Default::default();
    let measured = |row: &&Row| !row.slow && !row.isolated && !row.bytes;
    for row in rows.iter().filter(measured).filter(|row| options.wants(row.name)) {
        let times = times(row, builds, options)?;
        let mut line = vec![row.title.to_string()];
        line.extend(times.iter().map(|time| rounded(time.median)));
        for build in [0, 2] {
            let ratio = times[build].median / times[WITHOUT].median;
            ratios[build].push(ratio);
            line.push(format!("{ratio:.2}"));
        }
        let spread = times.iter().map(Summary::spread_percent).fold(0.0, f64::max);
        line.push(format!("{spread:.0} %"));
        line.extend(builds.iter().map(|build| {
            let count = instructions::count(build, row, &row.contenders[0]);
            count.map_or("-".to_string(), rounded)
        }));
        eprintln!("{}", line.join("  "));
        cells.push(line);
    }
    let mut text = markdown(&cells);
    let [ours, could] = [0, 2].map(|build| geometric_mean(&ratios[build]));
    let _ =
        writeln!(text, "\nGeometric means of the ratios: {ours:.3}; could observe: {could:.3}.");
    Ok(text)
}

/// The builds take turns.
fn times(
    row: &Row,
    builds: &[PathBuf; BUILDS],
    options: &Options,
) -> Result<[Summary; BUILDS], String> {
    let rounds = options.rounds.unwrap_or(if options.quick { 3 } else { 11 });
    let mut samples: [Vec<f64>; BUILDS] = Default::default();
    for round in 0..rounds {
        for turn in 0..BUILDS {
            let build = (round + turn) % BUILDS;
            samples[build].push(measure::ours_in(&builds[build], row, options)?);
        }
    }
    Ok(samples.map(|samples| Summary::of(&samples).expect("a round at least")))
}

/// This program, and its other builds.
fn builds() -> Result<[PathBuf; BUILDS], String> {
    let usual = env::current_exe().map_err(|error| error.to_string())?;
    Ok([usual, build("without_notes")?, build("could_observe")?])
}

/// Builds this program with `--cfg`, in a directory of its own, and says where it is.
fn build(cfg: &str) -> Result<PathBuf, String> {
    let usual = env::current_exe().map_err(|error| error.to_string())?;
    let target = usual.ancestors().nth(3).ok_or("this program lies in no target directory")?;
    let cargo = env::var_os("CARGO").unwrap_or("cargo".into());
    let flags = env::var("RUSTFLAGS").unwrap_or_default() + " --cfg " + cfg;
    eprintln!("building it once more, {cfg}");
    let built = Command::new(cargo)
        .args(["bench", "-p", "tests", "--features", "peers", "--bench", "peers", "--no-run"])
        .args(["--message-format", "json", "--target-dir"])
        .arg(target.join(cfg))
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
    programs.next_back().ok_or(format!("the build failed: {cfg}"))
}
