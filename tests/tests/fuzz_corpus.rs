//! The executor against the model, in this process: what a fuzzer has found worth keeping, and random programs.
//!
//! `tests/fuzz` lets a fuzzer invent bytes for hours. It keeps those that reach new code, and
//! what is left of them when nothing can be left out without losing some of that code stands in
//! `data/fuzz/`: about as many files as there are different things to do. Here they are run again, by the
//! same two functions (`model/fuzz.rs`), in each plain `cargo test`.
//!
//! A comparison is worth as much as the model is. So that is held against CPython first.
//!
//! `PROGRAMS=1000000 cargo test --release -p tests --test fuzz_corpus random` looks longer.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use executor::{Activity, Observer, State, Step};
use serde_json::Value;
use tests::model;
use tests::scenario::{Program, Time, Watcher, run_watched};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn program(json: &Value) -> Program {
    Program::from_json(json).unwrap_or_else(|error| panic!("{error}"))
}

/// How many programs to make: so many, or `PROGRAMS`.
fn programs(default: usize) -> usize {
    std::env::var("PROGRAMS").map_or(default, |count| count.parse().expect("PROGRAMS is a number"))
}

/// The model gives this trace.
fn assert_models(program: &Program, expected: &str) {
    let run = model::run(program);
    if let Some(difference) = model::difference(expected, &run.trace) {
        panic!("the model is wrong: {difference}\n{}", model::to_json(program));
    }
    assert!(!run.stuck);
}

/// Programs with the traces that CPython wrote, one a line, in the format of `scen.py --record`.
fn assert_models_all(recorded: &str) -> usize {
    for line in recorded.lines() {
        let json: Value = serde_json::from_str(line).expect("each line is JSON");
        let lines = json["trace"].as_array().expect("each program has its trace");
        let lines = lines.iter().map(|line| line.as_str().expect("a trace is made of lines"));
        assert_models(&program(&json), &lines.map(|line| format!("{line}\n")).collect::<String>());
    }
    recorded.lines().count()
}

#[test]
fn the_model_has_the_recorded_traces_of_asyncio() {
    assert_eq!(assert_models_all(&read(&data("samples.jsonl"))), 300);
    for entry in fs::read_dir(data("directed")).expect("data/directed is there") {
        let json = entry.expect("a file").path();
        if json.extension().is_some_and(|extension| extension == "json") {
            let value = serde_json::from_str(&read(&json)).expect("it is JSON");
            assert_models(&program(&value), &read(&json.with_extension("trace")));
        }
    }
}

/// Programs of a fresh seed, run by asyncio here and now.
#[test]
fn the_model_has_the_traces_of_asyncio_for_fresh_programs() {
    let python = ["python3", "python"].into_iter().find(|python| {
        let check = "import sys; sys.exit(sys.version_info < (3, 11))";
        Command::new(python).args(["-c", check]).output().is_ok_and(|it| it.status.success())
    });
    let Some(python) = python else {
        let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!in_ci, "CI has to have Python 3.11 or later");
        println!("skipped: there is no Python 3.11 or later to ask");
        return;
    };
    let count = programs(300);
    let script = "import gen, json, scen, secrets, sys
seed = secrets.randbelow(10**12)
for program in map(gen.make, range(seed, seed + int(sys.argv[1]))):
    print(json.dumps({'program': program, 'trace': scen.run(program)}))";
    let output = Command::new(python)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle"))
        .args(["-B", "-c", script, &count.to_string()])
        .output()
        .expect("Python was there a moment ago");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(assert_models_all(&String::from_utf8_lossy(&output.stdout)), count);
}

#[test]
fn random_programs_have_the_traces_of_the_model() {
    let count = programs(2000);
    let mut random = SplitMix(444);
    let (mut lines, mut stuck, mut events) = (0, 0, BTreeSet::new());
    for _ in 0..count {
        let length = random.next() as usize % 700;
        let bytes: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
        let run = model::check(&model::program(&bytes));
        lines += run.trace.lines().count();
        stuck += usize::from(run.stuck);
        events.extend(run.trace.lines().map(kind));
    }
    println!("{count} programs, {lines} lines, {stuck} of them stuck, {} kinds", events.len());
    // Nothing that can be written is missing.
    let kinds = [
        "cancel false",
        "cancel none",
        "cancel true",
        "clear",
        "end cancelled",
        "end err",
        "end ok",
        "gather cancelled",
        "gather err",
        "gather none",
        "gather ok",
        "gather_all none",
        "get",
        "get shutdown",
        "is_set false",
        "is_set true",
        "join cancelled",
        "join err",
        "join none",
        "join ok",
        "log",
        "put",
        "put shutdown",
        "qjoin",
        "qsize",
        "set",
        "shutdown",
        "sleep",
        "spawn",
        "start",
        "state cancelled",
        "state err",
        "state none",
        "state ok",
        "state pending",
        "task_done ok",
        "task_done too_many",
        "timeout expired",
        "timeout ok",
        "try_get",
        "try_get empty",
        "try_get shutdown",
        "try_put full",
        "try_put ok",
        "try_put shutdown",
        "wait",
        "work",
        "yield",
    ];
    for kind in kinds {
        assert!(events.contains(kind), "never seen: {kind}");
    }
    assert!(stuck > 0);
}

/// What happened, without names and numbers: `5 3 t2 join t4 ok 7` is a `join ok`.
fn kind(line: &str) -> String {
    let is_word = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase()) && !names(word);
    let words = line.split(' ').skip(3).filter(is_word);
    words.map(|word| word.split([':', ',']).next().unwrap_or(word)).collect::<Vec<_>>().join(" ")
}

/// `t4`, or `q0`, `e1`, `t1,t2`.
fn names(word: &str) -> bool {
    word[1..].starts_with(|c: char| c.is_ascii_digit())
}

#[test]
fn the_corpus_of_scenario_files_gets_its_answers() {
    let ran = corpus("scenario_bytes", model::fuzz::scenario_bytes);
    println!(
        "{} files, {} of them with programs",
        ran.len(),
        ran.iter().filter(|&&n| n > 0).count()
    );
    assert!(ran.contains(&0) && ran.iter().any(|&programs| programs > 0));
}

#[test]
fn the_corpus_of_programs_has_the_traces_of_the_model() {
    let lines = corpus("against_model", model::fuzz::against_model);
    println!("{} programs, {} lines", lines.len(), lines.iter().sum::<usize>());
}

/// An observer that looks at everything, at every step, sees a run that makes sense, and the same run.
#[test]
fn watching_changes_nothing() {
    struct Looks(u64);

    impl Observer for Looks {
        fn step(&mut self, step: &Step, state: &State<'_>) {
            self.0 += 1;
            assert_eq!(step.number, self.0, "no step is left out");
            let tasks = state.tasks();
            let running = tasks.iter().filter(|task| task.activity == Activity::Running);
            assert!(running.count() <= 1);
            assert!(state.ready().len() >= state.left_in_pass());
            assert!(state.timers().len() <= 8 * tasks.len(), "a sleep and timeouts for each task");
            for queue in state.queues() {
                assert!(queue.maxsize == 0 || queue.items.len() <= queue.maxsize);
            }
        }
    }

    corpus("against_model", |bytes| {
        let program = model::program(bytes);
        let observer = Rc::new(RefCell::new(Looks(0)));
        let watcher = Watcher { observer, line: Rc::new(|_| ()) };
        let watched = run_watched(program.clone(), Time::Virtual, Some(watcher));
        let difference = model::difference(&model::run(&program).trace, &watched.trace);
        assert_eq!(difference, None);
        watched.trace.len()
    });
}

/// Runs a target on each file of its corpus, which is not empty.
fn corpus(target: &str, run: fn(&[u8]) -> usize) -> Vec<usize> {
    let directory = data("fuzz").join(target);
    let entries = fs::read_dir(&directory).expect("the corpus is there");
    let files: BTreeSet<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    assert!(files.len() >= 20, "only {} files in {}", files.len(), directory.display());
    let run = |file: &PathBuf| {
        println!("{}", file.display()); // the last one printed is the one that fails
        run(&fs::read(file).expect("it can be read"))
    };
    files.iter().map(run).collect()
}

/// The generator of that name: always the same numbers.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
