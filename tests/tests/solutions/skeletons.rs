//! No exercise is solved in the tree, and each says which file to write into.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

#[test]
fn every_check_fails_on_the_skeleton_and_names_its_file() {
    let output = Command::new(exercises()).env("RUST_BACKTRACE", "0").output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout);
    let wrong = wrong(&told);
    assert!(wrong.is_empty(), "{}\n\n{told}", wrong.join("\n"));
}

/// What the reader would start: the test binary of the skeletons.
fn exercises() -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(env!("CARGO_MANIFEST_DIR"));
    build.args(["test", "--quiet", "--package", "tests", "--test", "exercises", "--no-run"]);
    build.args(["--message-format", "json-render-diagnostics"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build.stderr(Stdio::inherit()).output().expect("cargo starts");
    assert!(output.status.success(), "the skeletons build");
    let messages = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let of_exercises = |message: &Value| {
        let name = message["target"]["name"].as_str()?;
        let path = message["executable"].as_str()?;
        (name == "exercises").then(|| path.to_string())
    };
    let path = messages.filter_map(|message| of_exercises(&message)).next();
    let path = path.expect("cargo says where it is");
    assert!(Path::new(&path).is_file());
    path
}

/// The checks that pass, and those whose failure does not help, by what the test harness tells.
fn wrong(told: &str) -> Vec<String> {
    let results = told.lines().filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "));
    let results: Vec<(&str, &str)> = results.filter(|(name, _)| name.contains("::")).collect();
    let mut wrong = Vec::new();
    if results.is_empty() {
        wrong.push("there are no checks".to_string());
    }
    for (name, result) in results {
        let file = format!("docs/exercises/{}.rs: ", name.split("::").next().unwrap_or_default());
        if result != "FAILED" {
            wrong.push(format!(
                "{name} is {result} on the skeleton: it checks nothing that is to be written"
            ));
        } else if !message(told, name).is_some_and(|message| message.contains(&file)) {
            wrong.push(format!("{name} fails, but not by todo!(\"exercise … of {file}…\")"));
        }
    }
    wrong
}

/// With which message a test failed.
fn message<'a>(told: &'a str, name: &str) -> Option<&'a str> {
    let (_, section) = told.split_once(&format!("---- {name} stdout ----"))?;
    let (_, message) = section.split_once(" panicked at ")?.1.split_once('\n')?;
    message.lines().next()
}

#[test]
fn a_skeleton_that_is_solved_is_told() {
    let told = "test chapter_02::a ... FAILED\ntest chapter_02::b ... ok\n\n---- chapter_02::a stdout ----\n\n\
                thread 'x' (1) panicked at docs/exercises/chapter_02.rs:1:2:\nnot yet implemented: WHERE\n";
    let right = told.replace("WHERE", "exercise 1 of docs/exercises/chapter_02.rs: a hint");
    assert_eq!(wrong(&right).len(), 1, "b passes");
    assert_eq!(wrong(&right.replace("ok", "ignored")).len(), 1, "b is not run");
    assert_eq!(wrong(told).len(), 2, "and a does not say where");
    assert_eq!(wrong("running 0 tests").len(), 1);
}
