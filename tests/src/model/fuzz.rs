//! The two fuzz targets: what is done with the bytes that a fuzzer invents.
//!
//! They are here, and not in the fuzzer's crate (`tests/fuzz`), because the corpus that it has found is
//! run again in every plain `cargo test`, where there is no fuzzer: `tests/tests/fuzz_corpus.rs`.

use std::fs;
use std::path::PathBuf;

use super::{check, random};
use crate::scenario::{Program, programs};

/// Any bytes are a scenario file, or what is wrong with them is said in one line. What is well-formed is
/// run on the virtual clock, and comes to the end that the model says: never a panic, never a hang.
///
/// The file's name says how it is to be read, so they are read in all three ways.
///
/// # Panics
/// If it is not so. The result is how many programs were run.
pub fn scenario_bytes(bytes: &[u8]) -> usize {
    let mut seen: Vec<Program> = Vec::new();
    for extension in ["", ".json", ".jsonl"] {
        let path = file(extension);
        fs::write(&path, bytes).expect("a scratch file can be written");
        for next in programs(&path) {
            match next {
                Ok(located) if seen.contains(&located.program) => {}
                Ok(located) => {
                    if is_small(&located.program) {
                        check(&located.program);
                    }
                    seen.push(located.program);
                }
                Err(problem) => {
                    let said = problem.to_string();
                    assert!(!said.contains(char::is_control), "not one plain line: {said:?}");
                }
            }
        }
        fs::remove_file(&path).expect("the scratch file is there");
    }
    seen.len()
}

/// The bytes choose a program; it has the model's trace.
///
/// # Panics
/// If it is not so. The result is how many lines the trace has.
pub fn against_model(bytes: &[u8]) -> usize {
    check(&random::program(bytes)).trace.lines().count()
}

/// A scratch file of this thread.
fn file(extension: &str) -> PathBuf {
    let (process, thread) = (std::process::id(), std::thread::current().id());
    std::env::temp_dir().join(format!("fuzz-{process}-{thread:?}{extension}"))
}

/// A file is as long as its programs are: only the events are a mere number, of up to a million. That many
/// are made, and that is all; so there is nothing to be learnt from waiting for it.
fn is_small(program: &Program) -> bool {
    program.events <= 1000
}
