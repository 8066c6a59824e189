//! Core dumps: whole ones show what the program showed, damaged ones do no harm.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::answers::VIEWS;
use crate::session::{self, Session};

/// The demo at step 40, as `generate-core-file` (and so `gcore`) writes it; and what the views say there.
fn demo_at_step_40(name: &str) -> (PathBuf, PathBuf, Vec<String>) {
    let mut gdb = Session::start(&["demo", "--virtual-time", "-p", "2", "-c", "2"]);
    let core = session::scratch(name);
    gdb.say("run");
    gdb.say("goto 40");
    gdb.say(&format!("generate-core-file {}", core.display()));
    (gdb.program.clone(), core, views(&mut gdb))
}

fn views(gdb: &mut Session) -> Vec<String> {
    VIEWS.iter().map(|view| gdb.say(view)).collect()
}

#[test]
fn a_core_dump_shows_what_the_program_showed() {
    if session::gdb().is_none() {
        return;
    }
    let (demo, core, shown) = demo_at_step_40("core");
    let mut gdb = Session::of(&demo, &format!("core {}", core.display()));
    assert_eq!(views(&mut gdb), shown);
    for command in ["goto 50", "next-poll", "next-wake", "next-pass", "next-fire", "previous-poll"]
    {
        let said = gdb.say(command);
        assert_eq!(said, "this is a core dump: it can be looked at, but it does not run");
    }
    if let Some(lldb) = session::lldb() {
        assert_eq!(lldb.on_a_core(&demo, &core, &VIEWS), shown, "{}", lldb.version);
    }
}

/// What the system writes when a program dies.
#[test]
fn the_dump_of_a_program_that_aborts_tells_where_its_tasks_were() {
    if session::gdb().is_none() {
        return;
    }
    let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap_or_default();
    if !pattern.starts_with("core") {
        return session::say(
            "skipped: this system does not write core dumps into files beside the program",
        );
    }
    let directory = session::scratch("aborted");
    fs::remove_dir_all(&directory).ok();
    fs::create_dir_all(&directory).expect("a directory");
    let program = std::env::current_exe().expect("this program");
    let dies = "ulimit -c unlimited && exec \"$0\" crash::it_aborts --exact";
    let status =
        Command::new("sh").args(["-c", dies]).arg(&program).current_dir(&directory).output();
    assert!(!status.expect("there is a shell").status.success(), "it aborts");
    let Some(core) = fs::read_dir(&directory).expect("a directory").flatten().next() else {
        return session::say("skipped: no core dump was written (is that forbidden here?)");
    };
    let mut gdb = Session::of(&program, &format!("core {}", core.path().display()));
    let tasks: Vec<String> = gdb
        .say("tasks")
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let [main, patient, dies] = ["victim.await", "event.wait()", "abort()"].map(place_in_crash_rs);
    assert_eq!(tasks[1], format!("0 Main idle the end of victim {main} 1 0"));
    assert_eq!(tasks[2], format!("1 patient idle event 0 to be set {patient} 1 0"));
    assert_eq!(tasks[3], "2 victim running 2 1");
    let step = gdb.say("step-number");
    assert!(step.ends_with("3s), the turn of victim"), "{step}");
    let tree = gdb.say("await-tree");
    assert!(tree.contains(&format!("debugger::crash::dies  {dies}")), "{tree}");
    assert!(tree.contains("wait for event 0"), "{tree}");
}

fn place_in_crash_rs(text: &str) -> String {
    let line = include_str!("crash.rs").lines().position(|line| line.contains(text));
    format!("tests/tests/debugger/crash.rs:{}", line.expect("it is there") + 1)
}

/// More and more of it is overwritten, then most of it is missing.
#[test]
fn a_damaged_core_dump_makes_no_tracebacks() {
    if session::gdb().is_none() {
        return;
    }
    let (demo, core, _) = demo_at_step_40("core.whole");
    let whole = fs::read(&core).expect("gdb has written it");
    let damaged = session::scratch("core.damaged");
    let mut gdb = Session::of(&demo, "set confirm off");
    let memory = where_memory_is(&whole);
    for damage in 1..=12 {
        let mut bytes = whole.clone();
        // Not the notes beside the memory: over damage there gdb itself falls, now and then.
        let places = memory.iter().flat_map(|part| part.clone());
        for i in places.skip(damage).step_by(6000 / damage) {
            bytes[i] ^= 0x5a;
        }
        if damage == 12 {
            bytes.truncate(bytes.len() / 3);
        }
        harmless(&mut gdb, &damaged, &bytes);
    }
    // Cut off right behind its beginning; and no dump at all.
    for length in [64, 5000, 0] {
        harmless(&mut gdb, &damaged, &whole[..length]);
    }
    harmless(&mut gdb, &damaged, b"this is not a core dump");
}

/// The segments that are loaded, as the program headers of an ELF file of 64 bits say.
fn where_memory_is(core: &[u8]) -> Vec<Range<usize>> {
    let number = |at: usize, bytes: usize| {
        core[at..at + bytes].iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
    };
    let (headers, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    let headers = (0..count).map(|i| headers + i * size);
    let loaded = headers.filter(|&header| number(header, 4) == 1);
    let place = |header| (number(header + 8, 8), number(header + 32, 8));
    let parts = loaded.map(place).map(|(offset, size)| offset..offset + size);
    let parts = Vec::from_iter(parts.filter(|part| !part.is_empty()));
    assert!(!parts.is_empty(), "a dump holds memory");
    parts
}

fn harmless(gdb: &mut Session, damaged: &Path, bytes: &[u8]) {
    gdb.say("core-file");
    fs::write(damaged, bytes).expect("a file");
    gdb.say(&format!("core-file {}", damaged.display()));
    for command in VIEWS {
        let said = gdb.say(command);
        assert!(!said.contains("Traceback") && !said.contains("Python"), "{command}: {said}");
        assert!(!said.is_empty() && said.lines().count() < 200, "{command}: {said}");
    }
}
