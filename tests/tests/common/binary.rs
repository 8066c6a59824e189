//! The binary `demo`, for tests that start it as a user does.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The demo's. The binary of another package is not handed to a test, and not even built for it, so it is built
/// here: always the one that belongs to these sources.
pub static DEMO: LazyLock<PathBuf> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(env!("CARGO_MANIFEST_DIR"));
    build.args(["build", "--package", "demo", "--bin", "demo", "--message-format", "json"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build.stderr(Stdio::inherit()).output().expect("cargo starts");
    assert!(output.status.success(), "the demo builds");
    let messages = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let (_, path) = messages.split_once(r#""executable":""#).expect("cargo says where it is");
    let (path, _) = path.split_once('"').expect("the path ends");
    PathBuf::from(path.replace(r"\\", r"\"))
});
