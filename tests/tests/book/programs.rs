//! The programs that the book runs: built once, and started without cargo.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;

/// A program by its kind (`bin` or `example`) and name.
pub type Key = (String, String);

/// All that were built. One that does not build is not in it; the compiler has said why.
pub static PROGRAMS: LazyLock<BTreeMap<Key, PathBuf>> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(env!("CARGO_MANIFEST_DIR"));
    build.args(["build", "--quiet", "--keep-going", "--package", "tests", "--package", "demo"]);
    build.args(["--examples", "--bins", "--message-format", "json-render-diagnostics"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build.stderr(Stdio::inherit()).output().expect("cargo starts");
    let messages = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages.filter_map(|message| program(&message)).collect()
});

fn program(message: &Value) -> Option<(Key, PathBuf)> {
    let path = message["executable"].as_str()?;
    let target = &message["target"];
    let kind = target["kind"][0].as_str()?.to_string();
    Some(((kind, target["name"].as_str()?.to_string()), PathBuf::from(path)))
}

/// The command with the programs themselves where it says `cargo run -q …`.
pub fn without_cargo(
    command: &str,
    path: impl Fn(&Key) -> Option<String>,
) -> Result<String, String> {
    const CARGO_RUN: &str = "cargo run";
    let mut direct = String::new();
    let mut rest = command;
    while let Some((before, after)) = rest.split_once(CARGO_RUN) {
        let (program, arguments) = cargo_run(after)?;
        let (kind, name) = &program;
        let path =
            path(&program).ok_or(format!("there is no {kind} {name}, or it does not build"))?;
        direct += &format!("{before}'{path}'");
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
fn cargo_run(after: &str) -> Result<(Key, &str), String> {
    let mut rest = after;
    let mut is_quiet = false;
    let mut program = ("bin".to_string(), "demo".to_string());
    loop {
        let (word, behind) = first_word(rest);
        match word {
            "-q" => is_quiet = true,
            "-p" => {
                let (package, behind) = first_word(behind);
                if !["tests", "demo"].contains(&package) {
                    return Err(format!(
                        "programs are in the packages tests and demo, not in `{package}`"
                    ));
                }
                rest = behind;
                continue;
            }
            "--bin" | "--example" => {
                let (name, behind) = first_word(behind);
                program = (word.trim_start_matches("--").to_string(), name.to_string());
                rest = behind;
                continue;
            }
            "--" => {
                rest = behind;
                break;
            }
            _ if word.starts_with('-') => {
                return Err(format!("`cargo run {word}` is not known here"));
            }
            _ => break,
        }
        rest = behind;
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
        without_cargo(command, |(kind, name)| (name != "none").then(|| format!("/{kind}/{name}")))
    }

    #[test]
    fn programs_stand_where_cargo_stood() {
        for (command, expected) in [
            ("cargo run -q -p tests --example s03 | head -3", "'/example/s03' | head -3"),
            ("cargo run -q -p tests --bin scenario -- a.json b", "'/bin/scenario' a.json b"),
            ("cargo run -q -- --virtual-time | tail -1", "'/bin/demo' --virtual-time | tail -1"),
            ("(cargo run -q) 2>&1", "('/bin/demo') 2>&1"),
            ("cargo run -q -- -p 1; cargo run -q -- -p 2", "'/bin/demo' -p 1; '/bin/demo' -p 2"),
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
