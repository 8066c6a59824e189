//! The founding program on tokio and on smol, for the book's last chapter: is it still the same program, and is
//! the book right about it?
//!
//! ```text
//! cargo test -p tests --features ports --test ports
//! UPDATE_DOCS=1 cargo test -p tests --features ports --test ports    writes recordings and listings anew
//! ```

// The book's commands are for a Unix shell.
#![cfg(unix)]

#[path = "book/console.rs"]
mod console;
#[path = "book/fence.rs"]
#[allow(dead_code)]
mod fence;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

const CHAPTER: &str = "docs/18-what-we-left-out.md";

/// A recording, and the run it is of.
const RECORDINGS: [(&str, &str); 2] = [
    ("docs/ports/demo_tokio.txt", "--example demo_tokio -- --virtual-time"),
    ("docs/ports/demo_smol.txt", "--example demo_smol -- --virtual-time"),
];

#[test]
fn every_item_is_got_once_on_virtual_time() {
    for seed in [0, 1, 444] {
        for port in ["demo_tokio", "demo_smol"] {
            let run = || printed(&format!("--example {port} -- --virtual-time --seed {seed}"));
            let lines = run();
            check(&lines);
            assert_eq!(run(), lines, "{port} is the same in every run");
        }
    }
}

/// Here a second lasts ten milliseconds, and the order of the lines is another in each run.
#[test]
fn every_item_is_got_once_on_the_real_clock() {
    for run in [
        "--example demo_tokio -- --fast",
        "--example demo_tokio -- --fast --threads 4",
        "--example demo_smol -- --fast",
    ] {
        check(&printed(run));
    }
}

/// Each item that was put was got, once, and after that the program came to its end.
fn check(lines: &[String]) {
    let (last, before) = lines.split_last().expect("it prints lines");
    assert!(last.starts_with("Program completed in "), "{lines:#?}");
    let mut items: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for line in before {
        let item = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
        let Some((item, _)) = item else { continue };
        let (added, got) = items.entry(item).or_default();
        *(if line.starts_with("Producer") { added } else { got }) += 1;
    }
    assert!(items.len() > 5, "{lines:#?}");
    assert!(items.values().all(|&times| times == (1, 1)), "{items:#?}");
}

#[test]
fn recordings_are_what_the_ports_print() {
    for (file, run) in RECORDINGS {
        let lines = printed(run);
        let path = root().join(file);
        if update() {
            fs::write(path, lines.join("\n") + "\n").expect("a recording can be written");
            continue;
        }
        let recorded = console::lines(&fs::read_to_string(path).unwrap_or_default());
        if let Some((line, told)) = console::difference(&recorded, &lines) {
            panic!("{file}:{} is not what it prints\n{told}", line + 1);
        }
    }
}

/// The chapter's listings that need the ports: those with the word `ports`.
#[test]
fn listings_are_what_the_ports_print() {
    let path = root().join(CHAPTER);
    let mut text = fs::read_to_string(&path).expect("the chapter");
    // From the last to the first, so that lines that are written move none that are to be.
    let listings = fence::fences(&text).len();
    for index in (0..listings).rev() {
        let fences = fence::fences(&text);
        let fence = &fences[index];
        if !fence.is("ports") {
            continue;
        }
        let mut said = console::commands(&fence.body).expect("commands");
        for said in &mut said {
            let lines = console::lines(&shell(&said.command));
            let differs = console::difference(&said.output, &lines);
            if let Some((at, told)) = differs.filter(|_| !update()) {
                let line = fence.line(said.line + 1 + at);
                panic!("{CHAPTER}:{line} is not what it prints\n$ {}\n{told}", said.command);
            }
            said.output = lines;
        }
        let place = fence.lines.clone();
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        lines.splice(place, console::listing(&said).expect("a listing"));
        text = lines.join("\n") + "\n";
    }
    if update() {
        fs::write(path, text).expect("the chapter can be written");
    }
}

/// On tokio two deadlines in one millisecond are a tie, and come in the order of arming, at its end.
#[test]
fn tokio_rounds_deadlines_up_to_milliseconds() {
    let mut paused = tokio::runtime::Builder::new_current_thread();
    let runtime = paused.enable_time().start_paused(true).build().expect("a clock");
    assert_eq!(runtime.block_on(two_sleeps()), [(1700, 2000), (1200, 2000)]);
}

/// Two sleeps of so many microseconds, in the order in which they end, and when they do.
async fn two_sleeps() -> Vec<(u64, u128)> {
    let (sender, mut ends) = mpsc::unbounded_channel();
    let start = Instant::now();
    for micros in [1700, 1200] {
        let sender = sender.clone();
        tokio::spawn(async move {
            sleep(Duration::from_micros(micros)).await;
            sender.send((micros, start.elapsed().as_micros())).expect("it is received");
        });
    }
    drop(sender);
    let mut order = Vec::new();
    while let Some(end) = ends.recv().await {
        order.push(end);
    }
    order
}

/// What a port prints.
fn printed(run: &str) -> Vec<String> {
    console::lines(&shell(&format!("cargo run -q -p tests --features ports {run}")))
}

fn shell(command: &str) -> String {
    const PATIENCE: Duration = Duration::from_secs(300);
    let mut sh = Command::new("sh");
    sh.args(["-c", command]).current_dir(root()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = sh.spawn().expect("sh starts");
    let (sender, ended) = channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    let output = ended.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        panic!("$ {command}\nhas not ended after {} seconds: a lost wake-up?", PATIENCE.as_secs())
    });
    let output = output.expect("sh has ended");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "$ {command}\n{complaint}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn update() -> bool {
    std::env::var("UPDATE_DOCS").is_ok_and(|value| value == "1")
}

/// The top of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_path_buf()
}
