//! Does a real importer take the file of `--trace-json`? speedscope, out of npm, in a real browser.
//!
//! Needs node with npm, and chromium; fetches speedscope once. `tests/browser/speedscope.mjs` does the work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use demo::views::chrome::{Tick, trace_json};

use crate::common::skip;
use crate::demo::{file, recorded};

const SPEEDSCOPE: &str = "speedscope@1.25.0";

#[test]
fn speedscope_imports_the_founding_run() {
    let (Some(speedscope), Some(chromium)) = (speedscope(), chromium()) else {
        skip("the import into speedscope, there is no node, npm, network or chromium");
        return;
    };
    let path = file("founding.json");
    let recorder = recorded(5, 10);
    fs::write(&path, trace_json(recorder.borrow().steps(), Tick::Virtual)).expect("it is written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/speedscope.mjs");
    let output = Command::new("node").arg(script).arg(speedscope).arg(chromium).arg(&path).output();
    let output = output.expect("node starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");

    // The tracks that speedscope offers, each with its length.
    let tracks = String::from_utf8(output.stdout).expect("UTF-8");
    let mut tracks: Vec<&str> = tracks.lines().collect();
    tracks.sort_unstable();
    let consumers = (0..10).map(|n| format!("executor (pid 1), Consumer {n} (tid {})", 7 + n));
    let producers = (0..5).map(|n| format!("executor (pid 1), Producer {n} (tid {})", 2 + n));
    let others = ["Main (tid 1)", "loop (tid 0)"].map(|name| format!("executor (pid 1), {name}"));
    let mut expected: Vec<String> = consumers.chain(producers).chain(others).collect();
    expected.sort_unstable();
    assert_eq!(tracks, expected);
}

/// The directory of the npm package, fetched if it is not there.
fn speedscope() -> Option<PathBuf> {
    let home = file("speedscope");
    let package = home.join("node_modules/speedscope");
    if package.join("package.json").exists() {
        return Some(package);
    }
    fs::create_dir_all(&home).ok()?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]);
    npm.arg(&home).arg(SPEEDSCOPE).stdout(Stdio::null()).stderr(Stdio::null());
    npm.status().ok().filter(|status| status.success()).map(|_| package)
}

fn chromium() -> Option<PathBuf> {
    let asked = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome"].map(PathBuf::from);
    asked.into_iter().chain(names).find(|name| {
        let version = Command::new(name).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    })
}
