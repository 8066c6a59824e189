//! The player's page: is it whole, and does it work in a real browser?
//!
//! The pages are made by the binaries, as users make them. `tests/browser/player.mjs` then plays them in
//! headless Chromium. That needs node, playwright-core and Chromium; where one of them is missing the test says so
//! in a line, and under `CI=true` it fails. To install playwright-core where this test looks for it:
//!
//! ```text
//! npm ci --prefix target/browser       with tests/browser/package*.json copied there
//! ```

#[path = "common/binary.rs"]
mod binary;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use binary::DEMO;

fn demo(args: &[&str]) -> Output {
    Command::new(&*DEMO).args(args).stdin(Stdio::null()).output().expect("the demo starts")
}

fn scenario(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scenario"));
    command.args(args).stdin(Stdio::null()).output().expect("scenario starts")
}

/// A file in a directory of these tests' own, below the target directory.
fn path(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("player");
    fs::create_dir_all(&directory).expect("a directory");
    directory.join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the target directory has a name in UTF-8")
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A page that `demo` makes.
fn page_of_demo(name: &str, args: &[&str]) -> String {
    let file = path(name);
    let output = demo(&[args, &["--virtual-time", "--page", text(&file)]].concat());
    assert_eq!(said(&output), (Some(0), String::new()), "{args:?}");
    fs::read_to_string(&file).expect("the page is there")
}

/// A page that `scenario` makes, and what is printed meanwhile.
fn page_of_scenario(name: &str, program: &str) -> (String, String) {
    let (file, json) = (path(name), path(name).with_extension("json"));
    fs::write(&json, program).expect("a file");
    let output = scenario(&["--page", text(&file), text(&json)]);
    assert_eq!(said(&output), (Some(0), String::new()), "{program}");
    let trace = String::from_utf8_lossy(&output.stdout).into_owned();
    (fs::read_to_string(&file).expect("the page is there"), trace)
}

/// The run that a page holds.
fn run_of(page: &str) -> serde_json::Value {
    let (_, run) = page.split_once(r#"<script type="application/json" id="run">"#).expect("a run");
    let (run, _) = run.split_once("</script>").expect("its end");
    serde_json::from_str(run).expect("JSON")
}

const NASTY: &str = r#"{"name": "</script><script>alert(\"x\")</script> & <b>'bold'</b>",
    "queues": [1, 0], "tasks": [[["spawn", 1], ["put", 0, 7], ["put", 0, 8], ["timeout", 5, [["qjoin", 0]]],
    ["cancel", 1]], [["get", 0], ["put", 1, 9], ["sleep", 9]]]}"#;

/// Two wait for an event; then a queue with room for two is full.
const EVENTS: &str = r#"{"queues": [2], "events": 1, "tasks": [[["spawn", 1], ["spawn", 2], ["yield"], ["set", 0],
    ["clear", 0], ["put", 0, 1], ["put", 0, 2], ["put", 0, 3]],
    [["wait", 0], ["sleep", 3], ["get", 0], ["get", 0], ["get", 0]], [["wait", 0]]]}"#;

#[test]
fn a_page_is_one_file_and_the_same_each_time() {
    let page = page_of_demo("once.html", &[]);
    assert_eq!(page, page_of_demo("again.html", &[]));
    assert_eq!(page.matches("</script>").count(), 2, "the run, and the script");
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    for foreign in ["http://", "https://", "src=", "@import", "url(", text(here)] {
        let found = page.replace("http://www.w3.org/2000/svg", "").contains(foreign);
        assert!(!found, "{foreign}: the page needs nothing but itself, and knows no machine");
    }
}

#[test]
fn a_page_holds_the_run_as_it_is_printed() {
    let run = run_of(&page_of_demo("printed.html", &["-p", "2", "-c", "3"]));
    let printed: Vec<&str> =
        run["printed"].as_array().expect("lines").iter().filter_map(|line| line.as_str()).collect();
    let output = demo(&["-p", "2", "-c", "3", "--virtual-time"]);
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(printed, lines.lines().collect::<Vec<_>>());
}

#[test]
fn a_scenarios_page_shows_its_own_program() {
    let (page, trace) = page_of_scenario("nasty.html", NASTY);
    assert_eq!(page.matches("</script>").count(), 2, "the program's name is a text like any other");
    assert!(trace.starts_with("0 1 t0 start\n"), "the trace is printed as ever: {trace}");
    let run = run_of(&page);
    let listing = run["files"].as_array().expect("files");
    let listing = listing.iter().find(|file| file[0] == "scenario").expect("the listing");
    let lines: Vec<&str> = listing[1].as_str().expect("text").lines().collect();
    assert_eq!(lines[..5], ["queue q0, room for 1", "queue q1", "", "t0:", "    spawn t1"]);
    let queues = run["queues"].as_array().expect("queues");
    let numbers: Vec<_> = queues.iter().filter_map(|queue| queue[1].as_u64()).collect();
    assert!(numbers.contains(&0) && numbers.contains(&1), "two queues are two: {numbers:?}");
}

#[test]
fn a_page_that_cannot_be_written_is_one_complaint_and_the_run_is_whole() {
    let nowhere = path("nowhere").join("page.html");
    let whole = demo(&["--virtual-time"]);
    let output = demo(&["--virtual-time", "--page", text(&nowhere)]);
    let (status, complaint) = said(&output);
    assert_eq!((status, complaint.lines().count()), (Some(1), 1), "{complaint}");
    assert!(complaint.starts_with("demo: can't write ") && complaint.contains("page.html: "));
    assert_eq!(output.stdout, whole.stdout);

    let json = path("cannot.json");
    fs::write(&json, NASTY).expect("a file");
    let whole = scenario(&[text(&json)]);
    let output = scenario(&["--page", text(&nowhere), text(&json)]);
    let (status, complaint) = said(&output);
    assert_eq!((status, complaint.lines().count()), (Some(1), 1), "{complaint}");
    assert!(complaint.starts_with("scenario: can't write ") && complaint.contains("page.html: "));
    assert_eq!(output.stdout, whole.stdout);
}

#[test]
fn a_page_shows_one_program() {
    let (file, several) = (path("several.html"), path("several.jsonl"));
    fs::write(&several, "{\"tasks\": [[]]}\n{\"tasks\": [[]]}\n").expect("a file");
    let (status, complaint) = said(&scenario(&["--page", text(&file), text(&several)]));
    assert_eq!((status, complaint.lines().count()), (Some(2), 1), "{complaint}");
    assert!(complaint.contains("expected one file that holds one"), "{complaint}");
}

#[test]
fn the_player_works_in_a_browser() {
    let browser = match Browser::find() {
        Ok(browser) => browser,
        Err(missing) => {
            assert_ne!(
                env::var("CI").as_deref(),
                Ok("true"),
                "the player can't be tested: {missing}"
            );
            eprintln!("skipped, the player is not tested in a browser: {missing}");
            return;
        }
    };
    page_of_demo("founding.html", &[]);
    page_of_demo("long.html", &["-p", "100", "-c", "100"]);
    page_of_scenario("nasty.html", NASTY);
    page_of_scenario("events.html", EVENTS);
    let output = browser.play(path("founding.html").parent().expect("its directory"));
    let report = String::from_utf8_lossy(&output.stdout);
    println!("{report}");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}\n{complaints}");
}

/// What it takes to try the page.
struct Browser {
    chromium: PathBuf,
    /// A directory with a `node_modules` in which playwright-core is.
    playwright: PathBuf,
}

impl Browser {
    /// Finds everything, or says what is missing.
    fn find() -> Result<Browser, String> {
        let node = Command::new("node").arg("--version").output();
        if !node.is_ok_and(|output| output.status.success()) {
            return Err("there is no node".to_string());
        }
        let named = env::var_os("CHROMIUM").map(PathBuf::from);
        let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].map(PathBuf::from);
        let chromium = named.into_iter().chain(usual).find(|path| path.exists());
        let chromium = chromium.ok_or("there is no Chromium, in /usr/bin or named by $CHROMIUM")?;
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
        let playwright = env::var_os("PLAYWRIGHT").map_or(target.join("browser"), PathBuf::from);
        if !playwright.join("node_modules/playwright-core").exists() {
            return Err(format!("there is no playwright-core in {}", playwright.display()));
        }
        Ok(Browser { chromium, playwright })
    }

    /// Plays the pages in this directory.
    fn play(&self, directory: &Path) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/player.mjs");
        let mut node = Command::new("node");
        node.arg(script).arg(directory).stdin(Stdio::null());
        node.env("CHROMIUM", &self.chromium).env("PLAYWRIGHT", &self.playwright);
        node.output().expect("node starts")
    }
}
