//! Looks into the tests' own sources, so that tables which name tests can be checked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The tests of this workspace member: the name is `file::function`, or `directory::file::function`;
/// the value is the file, from the directory `tests/tests` on.
pub fn all_tests() -> BTreeMap<String, PathBuf> {
    let mut tests = BTreeMap::new();
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut directories = vec![top.clone()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).expect("the tests' sources") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let file = path.strip_prefix(&top).expect("it is below");
                for function in tests_of(&fs::read_to_string(&path).expect("UTF-8")) {
                    tests.insert(format!("{}::{function}", module(file)), file.to_path_buf());
                }
            }
        }
    }
    tests
}

/// A file's module: `hops.rs` is `hops`, `cpython/test_locks/mod.rs` is `cpython::test_locks`.
fn module(file: &Path) -> String {
    let mut names: Vec<&str> = file.iter().map(|name| name.to_str().expect("UTF-8")).collect();
    let last = names.pop().expect("a file has a name").trim_end_matches(".rs");
    if !matches!(last, "mod" | "main") {
        names.push(last);
    }
    names.join("::")
}

/// The functions below a `#[test]`, in their order.
fn tests_of(source: &str) -> Vec<&str> {
    let mut functions = Vec::new();
    let mut is_test = false;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test]") {
            is_test = true;
        } else if let Some(rest) = line.strip_prefix("fn ").filter(|_| is_test) {
            functions.push(rest.split('(').next().expect("a function has a list of parameters"));
            is_test = false;
        }
    }
    functions
}

/// The text of a file of `docs/`. With `UPDATE_DOCS=1` it is written anew, and equal to `expected`.
pub fn document(name: &str, expected: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    if std::env::var("UPDATE_DOCS").is_ok_and(|value| value == "1") {
        fs::write(&path, expected).expect("docs/ can be written to");
    }
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    text.replace("\r\n", "\n")
}
