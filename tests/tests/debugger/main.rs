//! The debugger: the listings of chapter 15, the commands' own views against the executor's, and what the
//! commands say when there is nothing to see.
//!
//! ```text
//! main.rs       the tests
//! session.rs    a gdb, started by docs/debugger/start, and what it says to a command
//! chapter.rs    the listings of docs/15-debugger.md
//! words.rs      the executor's state in the words of the commands
//! busy.rs       a program that uses everything
//! hang.rs       a program that hangs: the chapter finds out why
//! ```
//!
//! Without gdb these tests say so, and pass; under `CI=true` they fail.

mod busy;
#[cfg(target_os = "linux")]
mod chapter;
mod hang;
#[cfg(target_os = "linux")]
mod session;
#[cfg(target_os = "linux")]
mod words;

#[cfg(target_os = "linux")]
use {chapter::Listing, session::Session, std::path::Path, std::process::Command};

/// `UPDATE_DOCS=1` writes the real outputs into the chapter instead of comparing.
#[test]
#[cfg(target_os = "linux")]
fn every_listing_of_the_chapter_is_what_gdb_says() {
    let Some(version) = session::gdb() else { return };
    let chapter = chapter::read();
    let mut replayed: Vec<Listing> = Vec::new();
    let mut session = None;
    for listing in chapter::listings(&chapter) {
        match &listing {
            Listing::Start { arguments, says } => {
                let started = Session::start(arguments);
                let missing = says.iter().find(|line| !started.greeting.contains(line.as_str()));
                assert_eq!(missing, None, "docs/debugger/start does not say this any more");
                session = Some(started);
                replayed.push(listing);
            }
            Listing::Commands(commands) => {
                let gdb = session.as_mut().expect("a ```console listing with docs/debugger/start");
                replayed.push(Listing::Commands(chapter::replay(gdb, commands)));
            }
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return chapter::write(&chapter, &replayed);
    }
    let Some(difference) = chapter::first_difference(&chapter, &replayed) else { return };
    let advice = "\nIf this is how it should be: UPDATE_DOCS=1 cargo test -p tests --test debugger";
    if version.starts_with(chapter::GDB) || session::in_ci() {
        panic!("docs/15-debugger.md differs from what gdb says.\n{difference}{advice}");
    }
    session::say(&format!("skipped: the listings are gdb {}'s, this is {version}", chapter::GDB));
}

/// At every step of a program that uses everything, the commands show what the executor shows its observers.
#[test]
#[cfg(target_os = "linux")]
fn at_every_step_the_commands_show_what_an_observer_sees() {
    if session::gdb().is_none() {
        return;
    }
    let observed = words::of_every_step();
    let mut gdb = Session::start(&["test", "debugger", "busy::it_ends"]);
    gdb.say("run");
    let mut queues = 0;
    for (step, expected) in (1..).zip(&observed) {
        let arrived = gdb.say(&format!("goto {step}"));
        assert!(arrived.starts_with(&format!("step {step} (")), "{arrived}");
        for (command, expected) in expected {
            let shown = words::comparable(&gdb.say(command));
            if *command != "queues" {
                assert_eq!(&shown, expected, "`{command}` after step {step}");
                continue;
            }
            // An observer knows a queue from its first step on and for ever, the command while somebody has it.
            let (shown, expected) = (words::by_queue(&shown), words::by_queue(expected));
            for queue in &expected {
                let number = queue.split(':').next().unwrap_or_default();
                if let Some(same) =
                    shown.iter().find(|shown| shown.starts_with(&format!("{number}:")))
                {
                    assert_eq!(same, queue, "`queues` after step {step}");
                    queues += 1;
                }
            }
        }
        let tree = gdb.say("await-tree");
        assert!(!tree.contains("can't") && !tree.contains("nonsense"), "step {step}: {tree}");
    }
    assert!(queues > 60, "{queues} queues were seen in all: too few to show much");
    assert!(observed.len() > 150, "{} steps are too few to show much", observed.len());
}

/// The commands, where there is nothing that they could show, or where that is damaged.
#[test]
#[cfg(target_os = "linux")]
fn where_there_is_nothing_to_see_the_answer_is_one_line() {
    if session::gdb().is_none() {
        return;
    }
    let mut gdb = Session::start(&["demo", "--virtual-time", "-p", "2", "-c", "2"]);
    let demo = gdb.program.clone();
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("debugger");
    std::fs::create_dir_all(&scratch).expect("a directory for files");
    let [core, cut, stripped] =
        ["core", "core.cut", "demo.stripped"].map(|name| scratch.join(name));

    // Before the run.
    one_line_each(&mut gdb, "no executor is running");
    gdb.say("run");
    gdb.say("goto 40");
    let (tasks, tree, queues) = (gdb.say("tasks"), gdb.say("await-tree"), gdb.say("queues"));
    gdb.say(&format!("generate-core-file {}", core.display()));
    // After it.
    gdb.say("continue");
    one_line_each(&mut gdb, "no executor is running");

    // A core dump shows what the program showed.
    let mut gdb = Session::of(&demo, &format!("core {}", core.display()));
    assert_eq!((gdb.say("tasks"), gdb.say("await-tree"), gdb.say("queues")), (tasks, tree, queues));
    for command in ["goto 50", "next-poll", "next-wake", "next-pass", "next-fire", "previous-poll"]
    {
        assert_eq!(
            gdb.say(command),
            "this is a core dump: it can be looked at, but it does not run"
        );
    }

    // A core dump that is damaged: more and more of it is overwritten, then most of it is missing.
    let whole = std::fs::read(&core).expect("gdb has written it");
    for damage in 1..=12 {
        let mut bytes = whole.clone();
        for i in (0..bytes.len()).skip(4096 + damage).step_by(6000 / damage) {
            bytes[i] ^= 0x5a;
        }
        if damage == 12 {
            bytes.truncate(bytes.len() / 3);
        }
        std::fs::write(&cut, bytes).expect("a file");
        let mut gdb = Session::of(&demo, &format!("core {}", cut.display()));
        for command in VIEWS {
            let said = gdb.say(command);
            assert!(!said.contains("Traceback") && !said.contains("Python"), "{command}: {said}");
            assert!(!said.is_empty() && said.lines().count() < 200, "{command}: {said}");
        }
    }

    // A release build has line tables only. So has, nearly, what is left after `strip -g`.
    let strip = Command::new("strip").arg("-g").arg("-o").args([&stripped, &demo]).status();
    if strip.is_ok_and(|status| status.success()) {
        let mut gdb = Session::of(&stripped, "set args --virtual-time");
        one_line_each(&mut gdb, "this program has no full debug information");
        assert!(gdb.say("goto 3").starts_with("this program has no full debug information"));
    }
}

#[cfg(target_os = "linux")]
const VIEWS: [&str; 7] =
    ["tasks", "await-tree", "ready", "wheel", "inbox", "queues", "step-number"];

#[cfg(target_os = "linux")]
fn one_line_each(gdb: &mut Session, answer: &str) {
    for command in VIEWS {
        let said = gdb.say(command);
        assert!(said.starts_with(answer) && said.lines().count() == 1, "{command}: {said}");
    }
}

/// The same script runs in lldb, on top of a layer that stands for gdb's Python module.
#[test]
#[cfg(target_os = "linux")]
fn lldb_says_what_gdb_says() {
    let version = session::lldb();
    let (Some(version), Some(_)) = (version, session::gdb()) else { return };
    let arguments = ["demo", "--virtual-time", "-p", "2", "-c", "2"];
    let commands: Vec<String> = [8, 14, 22, 31, 34]
        .iter()
        .flat_map(|step| {
            let goto = format!("goto {step}");
            [goto].into_iter().chain(VIEWS.map(String::from))
        })
        .chain(["next-poll", "next-wake", "next-pass", "next-fire", "goto 5"].map(String::from))
        .collect();
    let mut gdb = Session::start(&arguments);
    gdb.say("run");
    let gdb_said: Vec<String> = commands.iter().map(|command| gdb.say(command)).collect();
    let lldb_said = session::lldb_says(&gdb.program, &arguments[1..], &commands);
    for (command, (gdb, lldb)) in commands.iter().zip(gdb_said.iter().zip(&lldb_said)) {
        assert_eq!(gdb, lldb, "`{command}` in {version}");
    }
    assert_eq!(gdb_said.len(), lldb_said.len());
}
