//! Is our schedule CPython's? Scenarios run here and on asyncio; the traces must be equal, every
//! line, every column.
//!
//! - `data/samples.jsonl`: random programs with the traces that CPython wrote.
//! - `data/directed/`: for each way in which an executor could differ from asyncio the smallest
//!   program that shows it, the trace of asyncio and the `.wrong` one of such an executor.
//! - Fresh random programs, if there is a Python to ask.
//! - On the system clock, programs without ties must give the virtual order.

#[path = "common/mod.rs"]
mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use common::{say, skip};
use serde_json::Value;
use tests::scenario::{Op, Program, Time, run};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn program(json: &Value) -> Program {
    Program::from_json(json).unwrap_or_else(|error| panic!("{error}"))
}

/// The trace on the virtual clock, which always comes to an end.
fn trace(program: Program) -> String {
    let run = run(program, Time::Virtual);
    assert_eq!(run.stuck, None);
    run.trace
}

/// Panics at the first line that differs, and shows those before it.
fn assert_same(name: &str, expected: &str, actual: &str) {
    if expected == actual {
        return;
    }
    let (expected, actual): (Vec<_>, Vec<_>) =
        (expected.lines().collect(), actual.lines().collect());
    let same = expected.iter().zip(&actual).take_while(|(e, a)| e == a).count();
    panic!(
        "{name} differs at line {}\n  {}\nexpected\n  {}\ngot\n  {}",
        same + 1,
        expected[same.saturating_sub(5)..same].join("\n  "),
        expected.get(same).unwrap_or(&"the end"),
        actual.get(same).unwrap_or(&"the end"),
    );
}

/// The samples: programs, and what CPython made of them.
fn samples() -> Vec<(Program, String)> {
    let sample = |line: &str| {
        let json: Value = serde_json::from_str(line).expect("the samples are JSON");
        let lines = json["trace"].as_array().expect("each sample has its trace");
        let lines = lines.iter().map(|line| line.as_str().expect("a trace is made of lines"));
        (program(&json), lines.map(|line| format!("{line}\n")).collect())
    };
    read(&data("samples.jsonl")).lines().map(sample).collect()
}

#[test]
fn the_samples_have_the_traces_of_asyncio() {
    let samples = samples();
    assert!(samples.len() >= 300, "only {} samples", samples.len());
    for (program, expected) in samples {
        let name = program.name.clone().unwrap_or_default();
        assert_same(&name, &expected, &trace(program));
    }
}

#[test]
fn no_deviation_from_asyncio_is_ours() {
    let mut programs = 0;
    for entry in fs::read_dir(data("directed")).expect("data/directed is there") {
        let json = entry.unwrap().path();
        if json.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let actual = trace(program(&serde_json::from_str(&read(&json)).unwrap()));
        assert_same(&json.display().to_string(), &read(&json.with_extension("trace")), &actual);
        assert_ne!(read(&json.with_extension("wrong")), actual, "{}", json.display());
        programs += 1;
    }
    assert!(programs >= 29, "only {programs} programs");
}

/// `tests/oracle/check.py` makes programs of a fresh seed, which it prints, and compares.
#[test]
fn fresh_programs_have_the_traces_of_asyncio() {
    let python = ["python3", "python"].into_iter().find(|python| {
        let check = "import sys; sys.exit(sys.version_info < (3, 11))";
        Command::new(python).args(["-c", check]).output().is_ok_and(|it| it.status.success())
    });
    let Some(python) = python else {
        return skip("fresh programs in asyncio, there is no Python 3.11 or later");
    };
    let output = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/check.py"))
        .args(["--count", "500", "--against"])
        // In quotes, because check.py splits it as a shell does.
        .arg(format!("'{}'", env!("CARGO_BIN_EXE_scenario")))
        .output()
        .expect("Python was there a moment ago");
    let said = String::from_utf8_lossy(&output.stdout);
    say(said.trim_end());
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// On a real clock every timer is a little late, and where two are close their lateness decides
/// which is first. Here are programs in which it never does.
#[test]
fn without_ties_the_system_clock_gives_the_virtual_order() {
    let programs = tie_free::programs(&samples(), 12);
    let runs = programs.into_iter().map(|program| {
        thread::spawn(move || {
            let name = program.name.clone().unwrap_or_default();
            let ideal = trace(program.clone());
            // The machine may be busy beyond all slack, but hardly ten times running.
            let mut real = run(program.clone(), Time::System).trace;
            for _ in 0..9 {
                if events(&real) == events(&ideal) {
                    break;
                }
                real = run(program.clone(), Time::System).trace;
            }
            assert_same(&name, &events(&ideal).join("\n"), &events(&real).join("\n"));
            for (ideal, real) in ideal.lines().zip(real.lines()) {
                assert!(ms(real) >= ms(ideal), "{name}: early, {real} instead of {ideal}");
            }
        })
    });
    let runs: Vec<_> = runs.collect();
    for run in runs {
        run.join().expect("see above");
    }
}

fn ms(line: &str) -> u64 {
    let ms = line.split(' ').next().and_then(|ms| ms.parse().ok());
    ms.expect("a line begins with its time")
}

/// A trace without time and pass.
fn events(trace: &str) -> Vec<&str> {
    trace.lines().map(|line| line.splitn(3, ' ').last().unwrap_or_default()).collect()
}

/// Programs that give the same order however late their timers are, up to `SLACK`.
mod tie_free {
    use super::*;

    /// In milliseconds.
    const SLACK: u64 = 10;

    /// Samples with other durations: random ones, until no two timers are close.
    pub fn programs(samples: &[(Program, String)], count: usize) -> Vec<Program> {
        let mut random = SplitMix(444);
        let mut found = Vec::new();
        for (sample, _) in samples {
            let mut program = sample.clone();
            let suits = (0..40).any(|_| {
                program = sample.clone();
                each_duration(&mut program, &mut |ms| *ms = random.between(20, 500));
                let trace = trace(program.clone());
                let timers = |line: &&str| line.contains(" sleep ") || line.contains(" expired");
                let end = trace.lines().last().map_or(0, ms);
                trace.lines().filter(timers).count() >= 6
                    && end < 1000
                    && is_tie_free(&program, &trace, &mut random)
            });
            if suits {
                found.push(program);
            }
            if found.len() == count {
                return found;
            }
        }
        panic!("only {} samples can be freed of ties", found.len());
    }

    /// Lateness is a longer duration, so random ones stand for it.
    fn is_tie_free(program: &Program, ideal: &str, random: &mut SplitMix) -> bool {
        (0..40).all(|_| {
            let mut late = program.clone();
            each_duration(&mut late, &mut |ms| *ms += random.between(0, SLACK));
            let late = trace(late);
            late.lines().count() == ideal.lines().count()
                && events(&late).iter().zip(events(ideal)).all(|(late, ideal)| same(late, ideal))
        })
    }

    /// The same but for a duration: `t3 sleep 20` and `t3 sleep 23`.
    fn same(one: &str, other: &str) -> bool {
        let timed = [" sleep ", " work ", " timeout "].iter().any(|op| one.contains(op));
        let without_duration = |event: &str| -> Vec<String> {
            let words = event.split(' ').map(String::from).enumerate();
            words.filter(|(i, _)| !(timed && *i == 2)).map(|(_, word)| word).collect()
        };
        without_duration(one) == without_duration(other)
    }

    fn each_duration(program: &mut Program, change: &mut impl FnMut(&mut u64)) {
        fn in_ops(ops: &mut [Op], change: &mut impl FnMut(&mut u64)) {
            for op in ops {
                // Sleeping for 0 is a yield, and a timeout of 0 is no timer either.
                match op {
                    Op::Sleep(ms) | Op::Work(ms) | Op::Timeout(ms, _) if *ms > 0 => change(ms),
                    _ => {}
                }
                if let Op::Timeout(_, ops) = op {
                    in_ops(ops, change);
                }
            }
        }
        for ops in &mut program.tasks {
            in_ops(ops, change);
        }
    }

    /// The generator of that name: always the same numbers.
    struct SplitMix(u64);

    impl SplitMix {
        fn between(&mut self, low: u64, high: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e3779b97f4a7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
            low + (z ^ (z >> 31)) % (high - low + 1)
        }
    }
}
