//! Checks `docs/divergences.md`.

use std::collections::BTreeSet;

use crate::common::sources::all_tests;

/// A row of the table: its cells, without the blanks around them.
fn rows() -> Vec<Vec<&'static str>> {
    let table = include_str!("../../../docs/divergences.md");
    let rows = table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The rows are numbered, whatever their order; each says whether we match, and names tests that there are.
#[test]
fn every_row_of_the_table_names_a_test() {
    let tests = all_tests();
    let rows = rows();
    assert!(rows.len() >= 30, "only {} rows", rows.len());
    let numbers: BTreeSet<usize> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert!(numbers.into_iter().eq(1..=rows.len()), "a number is missing, or there twice");
    for row in rows {
        let [number, _asyncio, matched, _here, shown_by] = row[..] else {
            panic!("five columns: {row:?}")
        };
        assert!(["match", "diverge", "not here"].contains(&matched), "row {number}: {matched}");
        let named: Vec<&str> = shown_by.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "row {number} names no test");
        for name in named {
            assert!(tests.contains_key(name), "row {number}: there is no test {name}");
        }
    }
}

/// Every test of this directory is in the table.
#[test]
fn every_test_here_is_in_the_table() {
    let table = include_str!("../../../docs/divergences.md");
    let tests = all_tests();
    let here = tests.keys().filter(|name| name.starts_with("divergences::"));
    for name in here.filter(|name| !name.starts_with("divergences::table::")) {
        assert!(table.contains(&format!("`{name}`")), "{name} is not in the table");
    }
}
