//! What the commands say where there is nothing to see: one line.

use std::path::PathBuf;
use std::process::Command;

use crate::session::{self, Session};

/// The commands that only look.
pub const VIEWS: [&str; 7] =
    ["tasks", "await-tree", "ready", "wheel", "inbox", "queues", "step-number"];

fn one_line_each(gdb: &mut Session, answer: &str) {
    for command in VIEWS {
        let said = gdb.say(command);
        assert!(said.starts_with(answer) && said.lines().count() == 1, "{command}: {said}");
    }
}

/// Also: what they say if they are used wrongly.
#[test]
fn before_the_run_and_after_it_no_executor_is_running() {
    if session::gdb().is_none() {
        return;
    }
    let mut gdb = Session::start(&["demo", "--virtual-time", "-p", "2", "-c", "2"]);
    one_line_each(&mut gdb, "no executor is running");
    gdb.say("run");
    one_line_each(&mut gdb, "no executor is running");
    gdb.say("goto 40");
    for (wrong, answer) in [
        ("goto", "goto which step? expected a number from 1, as in: goto 41"),
        ("goto x", "goto which step? expected a number from 1, as in: goto 41"),
        (
            "goto 7",
            "step 7 is past, this is step 40: `run` again. Or let gdb record: start --record",
        ),
        (
            "previous-poll",
            "there is no way back: gdb has to record it first (docs/debugger/start --record)",
        ),
        ("tasks all", "expected how many to show at most, a number, not `all`"),
        (
            "print $task(99)",
            "the number of a task (99) is nonsense: the memory is damaged, or the core dump is of another build",
        ),
        ("print $task(\"nobody\")", "there is no such task"),
    ] {
        let said = gdb.say(wrong);
        assert_eq!(said.trim_start_matches("Error: "), answer, "{wrong}");
    }
    let said = gdb.say("goto 100000");
    let answer = "the program has ended before that: `run` starts it again";
    assert!(said.ends_with(answer), "{said}");
    one_line_each(&mut gdb, "no executor is running");
}

/// A release build has line tables only. So has, nearly, what is left after `strip -g`.
#[test]
fn a_release_build_has_nothing_to_read_with() {
    if session::gdb().is_none() {
        return;
    }
    let demo = Session::start(&["demo"]).program.clone();
    let stripped = session::scratch("demo.stripped");
    let strip = Command::new("strip").arg("-g").arg("-o").args([&stripped, &demo]).status();
    let stripped = strip.is_ok_and(|status| status.success()).then_some(stripped);
    // A real one, if somebody has built it.
    let release = demo.parent().and_then(|debug| Some(debug.parent()?.join("release/demo")));
    let release = release.filter(|demo| demo.exists());
    for program in [stripped, release, Some(PathBuf::from("/bin/true"))].into_iter().flatten() {
        let mut gdb = Session::of(&program, "set args --virtual-time");
        one_line_each(&mut gdb, "this program has no full debug information");
        let said = gdb.say("goto 3");
        assert!(said.starts_with("this program has no full debug information"), "{said}");
    }
}

/// The demo brings the commands along, and needs no file of this repository.
#[test]
fn gdb_finds_the_commands_in_the_demo() {
    if session::gdb().is_none() {
        return;
    }
    let arguments = ["demo", "--virtual-time", "-p", "1", "-c", "1"];
    let mut started = Session::start(&arguments);
    let mut alone = Session::with_what_it_brings(&started.program);
    alone.say("set args --virtual-time -p 1 -c 1");
    for command in ["run", "goto 12", "tasks", "await-tree", "wheel", "queues", "next-poll", "bt 3"]
    {
        if command == "run" {
            alone.say("tbreak demo::main");
        }
        assert_eq!(alone.say(command), started.say(command), "{command}");
    }
    assert_eq!(alone.say("python print(Run.__module__)"), "__main__");
    assert_ne!(started.say("python print(executor_gdb.tables.Run.__module__)"), "__main__");
}
