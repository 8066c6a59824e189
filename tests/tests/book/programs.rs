//! The programs that the book runs: built once, and started without cargo.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;

/// Which program a command starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Program {
    /// `bin` or `example`.
    kind: String,
    name: String,
    /// Features of the package `tests` that it needs.
    features: Option<String>,
}

/// Where a program is. None if there is no such program, or it does not build; then the compiler has said why.
pub fn path(program: &Program) -> Option<PathBuf> {
    static ALL: LazyLock<BTreeMap<Program, PathBuf>> =
        LazyLock::new(|| build(&["--package", "demo", "--examples", "--bins"], None));
    match &program.features {
        None => ALL.get(program).cloned(),
        Some(features) => {
            let one = format!("--{}={}", program.kind, program.name);
            build(&["--features", features, &one], Some(features)).remove(program)
        }
    }
}

/// Where the demo is, if it builds.
pub fn demo() -> Option<PathBuf> {
    path(&Program { kind: "bin".into(), name: "demo".into(), features: None })
}

/// Builds programs, as many of them as can be built.
fn build(which: &[&str], features: Option<&str>) -> BTreeMap<Program, PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(env!("CARGO_MANIFEST_DIR"));
    build.args(["build", "--quiet", "--keep-going", "--package", "tests"]).args(which);
    build.args(["--message-format", "json-render-diagnostics"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build.stderr(Stdio::inherit()).output().expect("cargo starts");
    let messages = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages.filter_map(|message| built(&message, features)).collect()
}

/// The program that a message of cargo is about, if it is about one.
fn built(message: &Value, features: Option<&str>) -> Option<(Program, PathBuf)> {
    let path = message["executable"].as_str()?;
    let target = &message["target"];
    let kind = target["kind"][0].as_str()?.to_string();
    let name = target["name"].as_str()?.to_string();
    Some((Program { kind, name, features: features.map(String::from) }, PathBuf::from(path)))
}

/// The command with the programs themselves where it says `cargo run -q …`.
pub fn without_cargo(
    command: &str,
    path: impl Fn(&Program) -> Option<PathBuf>,
) -> Result<String, String> {
    const CARGO_RUN: &str = "cargo run";
    let mut direct = String::new();
    let mut rest = command;
    while let Some((before, after)) = rest.split_once(CARGO_RUN) {
        let (program, arguments) = cargo_run(after)?;
        let Program { kind, name, .. } = &program;
        let path =
            path(&program).ok_or(format!("there is no {kind} {name}, or it does not build"))?;
        direct += &format!("{before}'{}'", path.display());
        rest = arguments;
    }
    direct += rest;
    match direct.split_whitespace().any(|word| word == "cargo") {
        true => {
            Err("of cargo's commands only `cargo run -q` is known here: make it ```console,ignore"
                .to_string())
        }
        false => Ok(direct),
    }
}

/// Which program, and the rest of the command, a blank at its front.
fn cargo_run(after: &str) -> Result<(Program, &str), String> {
    let mut rest = after;
    let mut is_quiet = false;
    let mut program = Program { kind: "bin".into(), name: "demo".into(), features: None };
    loop {
        let (word, behind) = first_word(rest);
        let (value, behind_value) = first_word(behind);
        rest = match word {
            "-q" => {
                is_quiet = true;
                behind
            }
            "-p" if ["tests", "demo"].contains(&value) => behind_value,
            "--bin" | "--example" => {
                program.kind = word.trim_start_matches("--").to_string();
                program.name = value.to_string();
                behind_value
            }
            "--features" => {
                program.features = Some(value.to_string());
                behind_value
            }
            "--" => {
                rest = behind;
                break;
            }
            _ if word.starts_with('-') => {
                return Err(format!("`cargo run {word} {value}` is not known here"));
            }
            _ => break,
        };
    }
    if is_quiet { Ok((program, rest)) } else { Err("write `cargo run -q`".to_string()) }
}

/// The first word of a text, and what is behind it.
fn first_word(text: &str) -> (&str, &str) {
    let word = text.trim_start_matches(' ');
    let end = word.find([' ', '\n', ')', ';']).unwrap_or(word.len());
    word.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn direct(command: &str) -> Result<String, String> {
        without_cargo(command, |Program { kind, name, features }| {
            let features = features.as_deref().unwrap_or("plain");
            (name != "none").then(|| PathBuf::from(format!("/{features}/{kind}/{name}")))
        })
    }

    #[test]
    fn programs_stand_where_cargo_stood() {
        for (command, expected) in [
            ("cargo run -q -p tests --example s03 | head -3", "'/plain/example/s03' | head -3"),
            ("cargo run -q -p tests --bin scenario -- a.json b", "'/plain/bin/scenario' a.json b"),
            (
                "cargo run -q -- --virtual-time | tail -1",
                "'/plain/bin/demo' --virtual-time | tail -1",
            ),
            ("cargo run -q -p tests --features x --example a", "'/x/example/a'"),
            ("(cargo run -q) 2>&1", "('/plain/bin/demo') 2>&1"),
            (
                "cargo run -q -- -p 1; cargo run -q -- -p 2",
                "'/plain/bin/demo' -p 1; '/plain/bin/demo' -p 2",
            ),
            ("python3 a.py | diff - b", "python3 a.py | diff - b"),
        ] {
            assert_eq!(direct(command).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn other_commands_of_cargo_are_told() {
        for command in [
            "cargo run",
            "cargo test",
            "cargo run -q --release",
            "cargo run -q -p queue",
            "cargo run -q --bin none",
        ] {
            assert!(direct(command).is_err(), "{command}");
        }
    }
}
