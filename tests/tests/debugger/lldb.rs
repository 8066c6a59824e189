//! lldb: the same script runs in it, on top of a layer that stands for gdb's Python module.

use crate::answers::VIEWS;
use crate::session::{self, Session};

#[test]
fn lldb_says_what_gdb_says() {
    let (Some(lldb), Some(_)) = (session::lldb(), session::gdb()) else { return };
    let arguments = ["demo", "--virtual-time", "-p", "2", "-c", "2"];
    let stops = [8, 14, 22, 31, 34].map(|step| format!("goto {step}"));
    let mut commands: Vec<&str> = Vec::new();
    for stop in &stops {
        commands.push(stop);
        commands.extend(VIEWS);
    }
    commands.extend(["next-poll", "next-wake", "next-pass", "next-fire"]);
    commands.extend(["next-poll Consumer 1", "goto 5", "goto", "tasks all", "tasks 2"]);
    let mut gdb = Session::start(&arguments);
    gdb.say("run");
    let gdb_said: Vec<String> = commands.iter().map(|command| gdb.say(command)).collect();
    let lldb_said = lldb.on_a_start(&arguments, &commands);
    for (command, (gdb, lldb_said)) in commands.iter().zip(gdb_said.iter().zip(&lldb_said)) {
        assert_eq!(gdb, lldb_said, "`{command}` in {}", lldb.version);
    }
    assert_eq!(gdb_said.len(), lldb_said.len());
}
