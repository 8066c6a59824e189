//! A test in a process of its own: for what it writes to standard error, and for what might end the process.

use std::process::Command;

/// How it went.
pub struct Run {
    /// Whether the test has passed. Not so if the process was aborted, either.
    pub passed: bool,
    /// What the process has written to standard error.
    pub stderr: String,
}

const ALONE: &str = "TEST_RUNS_ALONE";

/// Whether this process was started by [`run_alone`]. A test for such a process does nothing in any other.
pub fn is_alone() -> bool {
    std::env::var_os(ALONE).is_some()
}

/// Runs one test of this test binary alone in a process.
pub fn run_alone(test: &str) -> Run {
    let binary = std::env::current_exe().expect("a test knows its binary");
    let output = Command::new(binary)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("RUST_BACKTRACE", "0")
        .env(ALONE, "1")
        .output()
        .expect("the binary can be started again");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("running 1 test"), "there is no test {test}:\n{stdout}");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Run { passed: output.status.success(), stderr }
}
