//! The founding program prints in Rust what it prints in Python: the same lines in the same order.
//!
//! Two witnesses. `data/founding/` holds what CPython printed once: on the ideal clock for some
//! seeds, with the time and the loop pass of every line; and the run of the founding note, whose
//! clock was late five times. Where there is a python3, it runs the program again, for hundreds of
//! seeds and sizes.
//!
//! The items are random and the latencies depend on the machine, so on both sides the items are
//! numbered in the order in which they appear, and the latencies are masked.

use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use demo::cli::Args;
use demo::program;

/// When somebody really ran it, the loop woke 1 ms late from these waits.
const LATE: [u64; 5] = [2, 10, 13, 18, 22];

fn args(seed: i128, nprod: u32, ncon: u32) -> Args {
    Args { nprod, ncon, seed, virtual_time: true, late: Vec::new() }
}

fn late(args: Args) -> Args {
    Args { late: LATE.map(|wait| (wait, Duration::from_millis(1))).to_vec(), ..args }
}

/// Every line but the last, normalised, each after the time and the pass in which it was printed;
/// and the last one, which is printed when there is no loop any more.
fn run(args: &Args) -> (Vec<(String, String)>, String) {
    let printed = Rc::new(RefCell::new(Vec::new()));
    let completed = Rc::new(RefCell::new(String::new()));
    let normaliser = RefCell::new(Normaliser::default());
    let print = {
        let (printed, completed) = (printed.clone(), completed.clone());
        move |line: &str| {
            if line.starts_with("Program completed") {
                *completed.borrow_mut() = line.to_string();
                return;
            }
            let time = seconds(executor::now().as_nanos());
            let stamp = format!("t={time} pass={}", executor::pass());
            printed.borrow_mut().push((stamp, normaliser.borrow_mut().line(line)));
        }
    };
    program::run(args, print).expect("the program runs to its end");
    (printed.take(), completed.take())
}

/// A run as the recorded files show it.
fn stamped(args: &Args) -> Vec<String> {
    let (lines, completed) = run(args);
    let mut lines: Vec<String> =
        lines.iter().map(|(stamp, line)| format!("{stamp} {line}")).collect();
    let end = completed.strip_prefix("Program completed in ").expect("the last line");
    let end: f64 = end.strip_suffix(" seconds.").expect("its end").parse().expect("seconds");
    lines.push(format!("# end t={end}"));
    lines
}

/// Seconds as the recorded files write them: "4", "4.001".
fn seconds(nanos: u64) -> String {
    let exact = format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000);
    exact.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Gives the items numbers, and masks the latencies.
#[derive(Default)]
struct Normaliser {
    items: Vec<String>,
}

impl Normaliser {
    fn line(&mut self, line: &str) -> String {
        let Some((before, rest)) = line.split_once('<') else { return line.to_string() };
        let (item, after) = rest.split_once('>').expect("an item between < and >");
        let number = self.number(item);
        let latency = after.strip_prefix(" in ").and_then(|rest| rest.strip_suffix(" seconds."));
        match latency {
            Some(latency) => {
                latency.parse::<f64>().expect("a latency is a number");
                format!("{before}<#{number}> in L seconds.")
            }
            None => format!("{before}<#{number}>{after}"),
        }
    }

    fn number(&mut self, item: &str) -> usize {
        assert!(item.len() == 10 && item.bytes().all(|b| b.is_ascii_hexdigit()), "{item}");
        let known = self.items.iter().position(|known| known == item);
        known.unwrap_or_else(|| {
            self.items.push(item.to_string());
            self.items.len() - 1
        })
    }
}

fn recorded(name: &str) -> Vec<String> {
    let path = data().join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    text.lines().map(String::from).collect()
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/founding")
}

/// The names say which run they are; none may be left out.
#[test]
fn every_recorded_run() {
    let runs = [
        ("s0_p5_c10.txt", args(0, 5, 10)),
        ("s1_p5_c10.txt", args(1, 5, 10)),
        ("s2_p5_c10.txt", args(2, 5, 10)),
        ("s3_p5_c10.txt", args(3, 5, 10)),
        ("s444_p5_c10.txt", args(444, 5, 10)),
        ("recorded_s444_p5_c10_late.txt", late(args(444, 5, 10))),
    ];
    for (name, args) in &runs {
        assert_eq!(stamped(args), recorded(name), "{name}");
    }

    // The note's own output, without stamps.
    let plain = "recorded_out_normalised.txt";
    let (lines, _) = run(&late(args(444, 5, 10)));
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, recorded(plain), "{plain}");

    let mut names: Vec<&str> = runs.iter().map(|(name, _)| *name).chain([plain]).collect();
    names.sort_unstable();
    let mut files: Vec<String> = fs::read_dir(data())
        .expect("the recorded runs")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("UTF-8"))
        .collect();
    files.sort_unstable();
    assert_eq!(files, names);
}

/// The same runs again, here and in CPython: some hundred seeds at the default sizes, then all sorts
/// of sizes, then a clock that is late.
#[test]
fn every_run_of_a_living_python() {
    if !python_is_there() {
        return;
    }
    let mut cases: Vec<Args> = (0..250).map(|seed| args(seed, 5, 10)).collect();
    cases.extend((1..=60).map(|i| args(-i, (i * 7 % 23) as u32, (1 + i * 5 % 19) as u32)));
    for (nprod, ncon) in [(0, 1), (0, 30), (1, 1), (1, 100), (100, 1), (200, 100)] {
        cases.push(args(444, nprod, ncon));
        cases.push(args(u64::MAX.into(), nprod, ncon));
    }
    compare(&cases, &[]);
    let late: Vec<Args> = cases.into_iter().map(late).collect();
    compare(&late, &["--late", "2:1,10:1,13:1,18:1,22:1"]);
}

fn compare(cases: &[Args], options: &[&str]) {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/run_prog.py");
    let names = cases.iter().map(|args| format!("{}:{}:{}", args.seed, args.nprod, args.ncon));
    // `--`: a seed may be negative.
    let python = Command::new("python3").arg(oracle).args(options).arg("--").args(names).output();
    let python = python.expect("python3 starts");
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let python = String::from_utf8(python.stdout).expect("UTF-8");
    let mut python = python.lines();
    for args in cases {
        let case = format!("# {} {} {}", args.seed, args.nprod, args.ncon);
        for line in std::iter::once(case.clone()).chain(stamped(args)) {
            assert_eq!(Some(line.as_str()), python.next(), "in the run {case}");
        }
    }
    assert_eq!(python.next(), None);
}

/// Where it is not, the test says that it did nothing, except on CI: there it must not go unnoticed.
fn python_is_there() -> bool {
    let recent = "import sys; sys.exit(sys.version_info < (3, 11))";
    let there = Command::new("python3").args(["-c", recent]).output();
    if there.is_ok_and(|python| python.status.success()) {
        return true;
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs python3, 3.11 or later");
    // Straight to standard error: of a test that passes, the harness shows nothing else.
    let skipped = "skipped: the comparison with a living Python, there is no python3 >= 3.11";
    writeln!(std::io::stderr(), "{skipped}").expect("standard error");
    false
}
