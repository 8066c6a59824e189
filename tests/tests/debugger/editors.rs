//! The files in .vscode: nobody clicks here, but everything they name is there, and works.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::answers::VIEWS;
use crate::session::{self, Session};

/// A file of .vscode: JSON, with comments on lines of their own.
fn settings(name: &str) -> Value {
    let text = fs::read_to_string(session::root().join(".vscode").join(name)).expect(name);
    let json: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    serde_json::from_str(&json.join("\n")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// A path as the editor fills it in.
fn filled_in(path: &str) -> PathBuf {
    let root = session::root().display().to_string();
    let path = path.replace("${workspaceFolder}", &root);
    assert!(!path.contains("${"), "{path}");
    PathBuf::from(path)
}

/// What each task leaves a link to, by the task's label. It is built if need be.
fn built() -> HashMap<String, PathBuf> {
    let tasks = settings("tasks.json");
    let built = tasks["tasks"].as_array().expect("tasks").iter().map(|task| {
        let command = text(&task["command"]);
        let link = command.split_once("--link ").and_then(|(_, rest)| rest.split(' ').next());
        let link = session::root().join(link.expect("a link"));
        fs::remove_file(&link).ok();
        // The file in the editor is one of these tests'.
        let command = command.replace("${relativeFile}", "tests/tests/debugger/hang.rs");
        let built = Command::new("sh").args(["-c", &command]).current_dir(session::root()).output();
        let built = built.expect("there is a shell");
        assert!(built.status.success(), "{command}: {}", String::from_utf8_lossy(&built.stderr));
        assert!(fs::canonicalize(&link).is_ok_and(|program| program.is_file()), "{command}");
        (text(&task["label"]).to_string(), link)
    });
    built.collect()
}

#[test]
fn every_target_is_built_by_a_task_and_every_file_is_there() {
    let built = built();
    let launch = settings("launch.json");
    let targets = launch["configurations"].as_array().expect("targets");
    for target in targets {
        let name = text(&target["name"]);
        let program =
            built.get(text(&target["preLaunchTask"])).unwrap_or_else(|| panic!("{name}: no task"));
        assert_eq!(&filled_in(text(&target["program"])), program, "{name}");
        assert!(filled_in(text(&target["cwd"])).is_dir(), "{name}");
        let commands = match text(&target["type"]) {
            "cppdbg" => target["setupCommands"]
                .as_array()
                .expect("commands")
                .iter()
                .map(|each| text(&each["text"]))
                .collect(),
            "lldb" => target["initCommands"]
                .as_array()
                .expect("commands")
                .iter()
                .map(text)
                .collect::<Vec<_>>(),
            other => panic!("{name}: {other} is neither of the two"),
        };
        let scripts: Vec<&str> = commands
            .iter()
            .filter_map(|command| command.split_once("${workspaceFolder}/"))
            .map(|(_, path)| path)
            .collect();
        assert_eq!(scripts.len(), 1, "{name}: {commands:?}");
        assert!(session::root().join(scripts[0]).is_file(), "{name}: {scripts:?}");
    }
    // Each target for both.
    assert_eq!(targets.len(), 6);
    let extensions = settings("extensions.json");
    for extension in extensions["recommendations"].as_array().expect("extensions") {
        assert_eq!(text(extension).split('.').count(), 2, "{extension}: publisher.name");
    }
}

/// The C++ extension talks to gdb's machine interface. What one types behind `-exec` it gives to the console.
#[test]
fn the_commands_work_through_the_interface_for_editors() {
    if session::gdb().is_none() {
        return;
    }
    let demo = Session::start(&["demo"]).program.clone();
    let launch = settings("launch.json");
    let setup = launch["configurations"][0]["setupCommands"].as_array().expect("commands");
    let root = session::root().display().to_string();
    let mut commands: Vec<String> =
        setup.iter().map(|each| text(&each["text"]).replace("${workspaceFolder}", &root)).collect();
    let run = ["set args --virtual-time", "tbreak demo::main", "run", "goto 8"];
    commands.extend(run.iter().chain(&VIEWS).map(|command| command.to_string()));
    let mut script = String::new();
    for command in &commands {
        script += &format!("-interpreter-exec console {command:?}\n");
    }
    script += "-gdb-exit\n";
    let file = session::scratch("machine.commands");
    fs::write(&file, script).expect("a file");
    let gdb = Command::new("gdb")
        .args(["-nx", "-q", "--interpreter=mi"])
        .arg(demo)
        .env("LC_ALL", "C.UTF-8")
        .current_dir(session::root())
        .stdin(fs::File::open(&file).expect("a file"))
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&gdb.stdout);
    assert!(!said.contains("^error"), "{said}");
    for words in [
        "step 8 (pass 1, 0ns)",
        "Producer 0",
        "(T) Main",
        "in the next pass:",
        "the wheel's time is",
        "executor 1 is not parked",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}
