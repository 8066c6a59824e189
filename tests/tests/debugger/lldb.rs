//! lldb: the same script runs in it, on top of a layer that stands for gdb's Python module.

use crate::answers::VIEWS;
use crate::session::{self, Lldb, Session};

/// In a run of the demo, and of a program that uses everything.
#[test]
fn lldb_says_what_gdb_says() {
    let (Some(lldb), Some(_)) = (session::lldb(), session::gdb()) else { return };
    let demo = ["demo", "--virtual-time", "-p", "2", "-c", "2"];
    let mut commands = at_steps(&[8, 14, 22, 31, 34]);
    commands.extend(["next-poll", "next-wake", "next-pass", "next-fire"].map(String::from));
    commands.extend(["next-poll Consumer 1", "goto 5", "goto", "tasks all"].map(String::from));
    both_say_the_same(&lldb, &demo, &commands);
    let busy = ["test", "debugger", "busy::it_ends"];
    both_say_the_same(&lldb, &busy, &at_steps(&[20, 45, 70, 95, 110, 125, 140, 155]));
}

/// Goes to each of these steps, and looks around.
fn at_steps(steps: &[u32]) -> Vec<String> {
    let at = |step: &u32| [format!("goto {step}")].into_iter().chain(VIEWS.map(String::from));
    steps.iter().flat_map(at).collect()
}

fn both_say_the_same(lldb: &Lldb, arguments: &[&str], commands: &[String]) {
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    let mut gdb = Session::start(arguments);
    gdb.say("run");
    let gdb_said: Vec<String> = commands.iter().map(|command| gdb.say(command)).collect();
    let lldb_said = lldb.on_a_start(arguments, &commands);
    for (command, (gdb, lldb_said)) in commands.iter().zip(gdb_said.iter().zip(&lldb_said)) {
        assert_eq!(gdb, lldb_said, "`{command}` in {}", lldb.version);
    }
    assert_eq!(gdb_said.len(), lldb_said.len());
}
