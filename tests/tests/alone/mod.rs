//! Tests in processes of their own.
//!
//! A mistake of the executor that ends the whole process, or hangs it, would take all other tests along.

use std::env;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Runs the body of this test in a process of its own: if that dies or hangs, the test has failed, and
/// only the test. `test` is its name, with its modules.
pub fn alone(test: &str, body: impl FnOnce()) {
    if is_alone(test) {
        return body();
    }
    // With another name no test would run there, and that would look like success.
    let thread = thread::current();
    assert!([test, "main"].map(Some).contains(&thread.name()), "this is not {test}");
    let mut child = command(test).spawn().expect("it runs, for this is it");
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(30) {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return assert!(status.success(), "the process ended with {status}");
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().and_then(|()| child.wait()).expect("it hangs, so it is there");
    panic!("the process hangs");
}

/// Whether this is the process that was started for this test.
pub fn is_alone(test: &str) -> bool {
    env::var("ALONE").is_ok_and(|alone| alone == test)
}

/// The command that runs this test, and no other, in a process of its own.
pub fn command(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("the test's own file"));
    command.args([test, "--exact", "--nocapture"]).env("ALONE", test).env("RUST_BACKTRACE", "0");
    command.stdout(Stdio::null());
    command
}
