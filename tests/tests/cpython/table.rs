//! Makes `docs/cpython-tests.md`, and checks that it tells the truth: `UPDATE_DOCS=1` writes it anew.
//!
//! The list of CPython's tests is `tests/data/cpython_tests.txt`. It says which of them are here, and in which
//! module; whether they really are is looked up in these sources.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use crate::common::sources::{all_tests, document};

/// A line of the list: a test function of CPython.
struct Row {
    file: &'static str,
    class: &'static str,
    function: &'static str,
    /// Where it is here: `test_queues::queue_get`. `None` if it is not.
    module: Option<&'static str>,
    /// What it pins, or why it is not here.
    text: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = include_str!("../../data/cpython_tests.txt").lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let columns: Vec<&str> = line.split(" | ").collect();
    let [file, class, function, module, text] = columns[..] else { panic!("five columns: {line}") };
    Row { file, class, function, module: (module != "-").then_some(module), text }
}

/// The files of which every test is in the list. Of the others only those that have to do with the schedule.
const COMPLETE: [(&str, usize); 5] = [
    ("test_queues", 41),
    ("test_tasks", 160),
    ("test_timeouts", 34),
    ("test_waitfor", 19),
    ("test_locks", 75),
];

#[test]
fn every_test_of_cpython_is_in_the_list() {
    let rows = rows();
    for (file, count) in COMPLETE {
        assert_eq!(rows.iter().filter(|row| row.file == file).count(), count, "{file}");
    }
    let names: BTreeSet<_> = rows.iter().map(|row| (row.file, row.class, row.function)).collect();
    assert_eq!(names.len(), rows.len(), "one of them is in there twice");
}

#[test]
fn what_the_list_says_is_here_is_here_and_nothing_else() {
    let listed: BTreeSet<String> = rows().iter().filter_map(rust_name).collect();
    let found: BTreeSet<String> =
        all_tests().into_keys().filter(|name| name.starts_with("cpython::test_")).collect();
    assert_eq!(listed, found);
}

fn rust_name(row: &Row) -> Option<String> {
    row.module.map(|module| format!("cpython::{module}::{}", row.function))
}

/// Reasons may name tests of ours, too.
#[test]
fn tests_that_the_list_mentions_are_there() {
    let tests = all_tests();
    for row in rows() {
        for name in row.text.split('`').skip(1).step_by(2).filter(|name| name.contains("::")) {
            assert!(tests.contains_key(name), "there is no test {name}");
        }
    }
}

#[test]
fn the_document_is_made_from_the_list() {
    let text = text();
    let hint = "run `UPDATE_DOCS=1 cargo test -p tests --test cpython table`";
    assert!(document("cpython-tests.md", &text) == text, "docs/cpython-tests.md is old: {hint}");
}

fn text() -> String {
    let (rows, sources) = (rows(), all_tests());
    let ported = rows.iter().filter(|row| row.module.is_some()).count();
    let mut text = format!(
        "# CPython's own tests\n\n\
         asyncio has tests, and they say what it is better than its documentation does. Here is every test\n\
         function of five files of `Lib/test/test_asyncio`, CPython 3.13.0, with those of two more that have to do\n\
         with the schedule. {ported} of these {} are in [`tests/tests/cpython`](../tests/tests/cpython), written anew in\n\
         Rust under the same names. For the others the table says why they are not.\n\n\
         This file is made by a test, which checks that the tests it names are there:\n\
         `UPDATE_DOCS=1 cargo test -p tests --test cpython table`.\n",
        rows.len(),
    );
    for file_rows in rows.chunk_by(|a, b| a.file == b.file) {
        let here = file_rows.iter().filter(|row| row.module.is_some()).count();
        let all = COMPLETE.iter().any(|(file, _)| *file == file_rows[0].file);
        let all = if all { "" } else { " that are listed" };
        let count = format!("{here} of {}{all}", file_rows.len());
        let _ = write!(text, "\n## {}.py: {count}\n", file_rows[0].file);
        for class_rows in file_rows.chunk_by(|a, b| a.class == b.class) {
            let _ = write!(text, "\n### {}\n\n", class_rows[0].class);
            text += "| test | here | what it pins, or why it is not here |\n|---|---|---|\n";
            for row in class_rows {
                let here = rust_name(row).map_or("-".to_string(), |name| link(&sources[&name]));
                let _ = writeln!(text, "| `{}` | {here} | {} |", row.function, row.text);
            }
        }
    }
    text
}

/// A link to a source file. In one of the tests' directories the name of the file says enough.
fn link(source: &Path) -> String {
    let name = source.file_name().expect("a file has a name").display();
    let path: Vec<_> = source.iter().map(|part| part.to_str().expect("UTF-8")).collect();
    format!("[{name}](../tests/tests/{})", path.join("/"))
}
