//! A gdb, started by `docs/debugger/start`, and what it says to a command.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, PipeReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Longer than any command takes, however slow the machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// The version of the gdb that is here. If there is none, or it may not trace anything, says so; under
/// `CI=true` that is a failure.
pub fn gdb() -> Option<String> {
    let missing = |why: &str| {
        assert!(!in_ci(), "under CI=true these tests must run: {why}");
        say(&format!("skipped: {why}"));
        None
    };
    let Ok(output) = Command::new("gdb").arg("--version").output() else {
        return missing("gdb is not installed");
    };
    let version = String::from_utf8_lossy(&output.stdout);
    let version =
        version.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let traces = Command::new("gdb")
        .args(["-nx", "-q", "-batch", "-ex", "run", "/bin/true"])
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("exited normally"));
    if !traces {
        return missing("gdb can't trace a program here (a container without ptrace?)");
    }
    Some(version.unwrap_or("of unknown version").to_string())
}

/// An lldb that can read Rust's types.
pub struct Lldb {
    pub name: &'static str,
    pub version: String,
}

/// The lldb that is here. If there is none, or one that is too old, says so; under `CI=true` that is a failure.
pub fn lldb() -> Option<Lldb> {
    let installed = ["lldb-19", "lldb-18", "lldb-17", "lldb"].into_iter().find_map(|name| {
        let output = Command::new(name).arg("--version").output().ok()?;
        let version = String::from_utf8_lossy(&output.stdout).lines().next()?.to_string();
        let good =
            ["17.", "18.", "19."].iter().any(|good| version.contains(&format!("version {good}")));
        good.then_some(Lldb { name, version })
    });
    if installed.is_none() {
        assert!(!in_ci(), "under CI=true the lldb tests must run: they need lldb 17, 18 or 19");
        say("skipped: neither lldb 17 nor 18 nor 19 is installed");
    }
    installed
}

impl Lldb {
    /// What it says to each of these on a program that `docs/debugger/start --lldb` starts.
    pub fn on_a_start(&self, arguments: &[&str], commands: &[&str]) -> Vec<String> {
        let script = scratch("lldb.commands");
        fs::write(&script, format!("run\n{}\n", commands.join("\n"))).expect("a file");
        let mut start = Command::new(root().join("docs/debugger/start"));
        start.arg("--lldb").arg("--batch").arg(script).args(arguments);
        answers(start, commands)
    }

    /// What it says to each of these on a core dump.
    pub fn on_a_core(&self, program: &Path, core: &Path, commands: &[&str]) -> Vec<String> {
        let mut lldb = Command::new(self.name);
        // As an editor does: the commands come before the program.
        lldb.args(["-x", "-b", "-O", "command script import docs/debugger/executor_lldb.py"]);
        for command in commands {
            lldb.args(["-o", command]);
        }
        lldb.arg("--core").arg(core).arg("--file").arg(program);
        answers(lldb, commands)
    }
}

/// lldb says each command before its answer.
fn answers(mut lldb: Command, commands: &[&str]) -> Vec<String> {
    let output = lldb.current_dir(root()).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let answers = said.split("\n(lldb) ").filter_map(|answer| {
        let (command, said) = answer.split_once('\n').unwrap_or((answer, ""));
        commands.contains(&command).then(|| plain(said))
    });
    answers.collect()
}

pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}

/// Not eprintln!: of a test that passes, the harness would not show it.
pub fn say(what: &str) {
    let _ = writeln!(std::io::stderr(), "{what}");
}

/// A place for a file that a test writes.
pub fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("debugger");
    fs::create_dir_all(&directory).expect("a directory for files");
    directory.join(name)
}

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_path_buf()
}

pub struct Session {
    gdb: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
    asked: usize,
    /// What it said before the first command.
    pub greeting: String,
    /// The program that is debugged.
    pub program: PathBuf,
}

impl Session {
    /// `docs/debugger/start` with these arguments.
    pub fn start(arguments: &[impl AsRef<OsStr>]) -> Session {
        let mut command = Command::new(root().join("docs/debugger/start"));
        command.args(arguments).env("RUST_GDB", "gdb -nx");
        Session::new(command)
    }

    /// gdb on a program, with the commands, and one more command before the first.
    pub fn of(program: &Path, first: &str) -> Session {
        let mut command = Command::new("gdb");
        command.args(["-nx", "-q", "-iex", "set auto-load no", "-ex", "set confirm off"]);
        command.args(["-ex", "source docs/debugger/executor.py", "-ex", first]).arg(program);
        Session::new(command)
    }

    /// gdb on a program that brings the commands along.
    pub fn with_what_it_brings(program: &Path) -> Session {
        let mut command = Command::new("gdb");
        let safe = format!("add-auto-load-safe-path {}", program.display());
        command.args(["-nx", "-q", "-iex", &safe, "-ex", "set confirm off"]);
        command.args(["-ex", "set print thread-events off"]).arg(program);
        Session::new(command)
    }

    fn new(mut command: Command) -> Session {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        command.stdin(Stdio::piped()).stdout(writer.try_clone().expect("a pipe")).stderr(writer);
        // What is said should not depend on who runs the test.
        command
            .env("TERM", "dumb")
            .env("LC_ALL", "C.UTF-8")
            .env("NO_COLOR", "1")
            .current_dir(root());
        let mut gdb = command.spawn().expect("it starts");
        drop(command); // it holds an end of the pipe
        let stdin = gdb.stdin.take().expect("a pipe");
        let lines = lines_of(reader);
        let mut session = Session {
            gdb,
            stdin,
            lines,
            asked: 0,
            greeting: String::new(),
            program: PathBuf::new(),
        };
        session.greeting = session.raw("set width 0", false);
        session.raw("set height 0", false);
        let files = session.raw("info inferiors", false);
        let path = files.split_whitespace().rev().find(|word| word.starts_with('/'));
        session.program = PathBuf::from(path.unwrap_or_default());
        session
    }

    /// What gdb says to a command, without what differs from machine to machine.
    pub fn say(&mut self, command: &str) -> String {
        plain(&self.raw(command, false))
    }

    /// The same for a command after which the program hangs: presses Ctrl-C when it does.
    pub fn interrupt(&mut self, command: &str) -> String {
        plain(&self.raw(command, true))
    }

    fn raw(&mut self, command: &str, interrupt: bool) -> String {
        self.asked += 1;
        let end = format!("@@ {} @@", self.asked);
        writeln!(self.stdin, "{command}\necho \\n{end}\\n").expect("gdb reads");
        let mut said = String::new();
        if interrupt {
            let child = self.sleeping_child();
            let before = self.lines.try_iter();
            said.extend(before.map(|line| format!("{}\n", line.trim_start_matches("(gdb) "))));
            said += "^C\n";
            kill(child);
        }
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.trim_start_matches("(gdb) ") == end => return said,
                Ok(line) => said += &format!("{}\n", line.trim_start_matches("(gdb) ")),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("{command}: no end of it. So far:\n{said}")
                }
                Err(RecvTimeoutError::Disconnected) => panic!("{command}: gdb has ended:\n{said}"),
            }
        }
    }

    /// Waits until all threads of the program sleep, and have done so for a while.
    fn sleeping_child(&self) -> u32 {
        let mut since = Instant::now();
        let begin = Instant::now();
        loop {
            std::thread::sleep(Duration::from_millis(50));
            let children = children_of(self.gdb.id());
            let asleep = children.iter().all(|&child| is_asleep(child)) && !children.is_empty();
            if !asleep {
                since = Instant::now();
            }
            if since.elapsed() > Duration::from_secs(1) {
                return children[0];
            }
            assert!(begin.elapsed() < PATIENCE, "it does not hang");
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = writeln!(self.stdin, "kill\nquit");
        let _ = self.gdb.wait();
    }
}

fn lines_of(reader: PipeReader) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    lines
}

fn kill(process: u32) {
    let status = Command::new("kill").args(["-INT", &process.to_string()]).status();
    assert!(status.expect("there is a kill command").success());
}

/// A field of /proc/N/stat, counted behind the name, which may contain blanks.
fn stat(path: &str, field: usize) -> Option<String> {
    let stat = fs::read_to_string(format!("{path}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(field).map(String::from)
}

fn children_of(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("Linux has it").flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|n: &u32| stat(&format!("/proc/{n}"), 1) == Some(parent.to_string())).collect()
}

fn is_asleep(process: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return false };
    let states: HashSet<_> =
        threads.flatten().map(|thread| stat(&thread.path().to_string_lossy(), 0)).collect();
    states == HashSet::from([Some("S".to_string())])
}

/// Lines that say something about the machine, not about the program.
const DROPPED: [&str; 6] = [
    "[Thread debugging using libthread_db",
    "Using host libthread_db library",
    "warning: ",
    "Starting program: ",
    "[Switching to Thread",
    "Download failed",
];

/// What gdb has said, without what differs from run to run: addresses, numbers of processes, paths.
fn plain(said: &str) -> String {
    let root = format!("{}/", root().display());
    let mut plain: Vec<String> = Vec::new();
    for line in said.lines() {
        if DROPPED.iter().any(|start| line.starts_with(start)) {
            continue;
        }
        let mut line = line.replace(&root, "");
        for (before, digits) in [("0x", 5), ("process ", 1), ("LWP ", 1), ("debugger-", 1)] {
            line = without_digits(&line, before, digits);
        }
        let interrupted = line.contains("received signal SIGINT");
        plain.push(line.trim_end().to_string());
        if interrupted {
            // Where that was in the system's library is the system's business.
            plain.push("…".to_string());
            break;
        }
    }
    plain.join("\n").trim().to_string()
}

/// `…` in place of the hexadecimal digits behind a word, if there are so many at least.
fn without_digits(line: &str, before: &str, least: usize) -> String {
    let mut parts = line.split(before);
    let mut plain = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_hexdigit()).len();
        plain += before;
        plain += if digits >= least { "…" } else { &part[..digits] };
        plain += &part[digits..];
    }
    plain
}
