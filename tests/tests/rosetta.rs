//! The dictionary of chapter 17 is right: our names are public, CPython's are where the tables say, and the
//! words for rustdoc are those of the sources.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::skip;
use common::sources::document;

const CHAPTER: &str = "17-rosetta.md";
const HEADER: &str = "| here | CPython | tokio | smol |";
const WORDS_HEADER: &str = "| file | public | private |";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

fn chapter() -> String {
    read(&root().join("docs").join(CHAPTER))
}

/// The rows of the tables with four columns.
fn rows(chapter: &str) -> Vec<[&str; 4]> {
    let mut rows = Vec::new();
    let mut in_table = false;
    for line in chapter.lines() {
        in_table = line == HEADER || (in_table && line.starts_with('|'));
        if in_table && line != HEADER && !line.starts_with("|---") {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            rows.push(cells.try_into().unwrap_or_else(|_| panic!("not four columns: {line}")));
        }
    }
    rows
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Our sources, each with its path below the repository's root.
fn sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    for directory in ["executor/src", "queue/src"] {
        for entry in fs::read_dir(root().join(directory)).expect("the sources") {
            let path = entry.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.ends_with(".rs") {
                sources.push((format!("{directory}/{name}"), read(&path)));
            }
        }
    }
    sources.sort();
    sources
}

/// The name that a line defines, and whether it is public to the users of the crate.
fn defined(line: &str) -> Option<(&str, bool)> {
    let line = line.trim_start();
    let public = line.starts_with("pub ");
    let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
    let line = line.strip_prefix("const ").or(line.strip_prefix("async ")).unwrap_or(line);
    let kinds = ["fn ", "struct ", "enum ", "type ", "trait "];
    let rest = kinds.into_iter().find_map(|kind| line.strip_prefix(kind))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    (end > 0).then_some((&rest[..end], public))
}

/// Whether a word occurs in a text, and not as a part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

/// Whether this is a public item, `Queue`, or one of a type, `Queue::put`, `JoinError::Failed`.
fn is_public(name: &str, sources: &[(String, String)]) -> bool {
    let defines = |text: &str, name: &str| {
        text.lines().any(|line| defined(line).is_some_and(|found| found == (name, true)))
    };
    let Some((ty, member)) = name.split_once("::") else {
        return sources.iter().any(|(_, text)| defines(text, name));
    };
    // A type may be another name of a type.
    let alias = format!("pub type {ty}<T> = ");
    let real = sources.iter().find_map(|(_, text)| text.split_once(&alias)?.1.split('<').next());
    let ty = real.unwrap_or(ty);
    let is_variant = |line: &str| {
        line.strip_prefix("    ")
            .and_then(|line| line.strip_prefix(member))
            .is_some_and(|rest| rest.starts_with(['(', '{', ',', ' ']))
    };
    sources.iter().any(|(_, text)| {
        let has_type = defines(text, ty)
            || text.lines().any(|line| line.starts_with("impl") && has_word(line, ty));
        has_type && (defines(text, member) || text.lines().any(is_variant))
    })
}

#[test]
fn our_names_are_public() {
    let (chapter, sources) = (chapter(), sources());
    let rows = rows(&chapter);
    assert!(rows.len() >= 45, "only {} rows", rows.len());
    // A step is called what `trace.rs` calls it; a command or an option, what these two pages call it.
    let words = read(&root().join("docs/15-debugger.md")) + &read(&root().join("README.md"));
    let is_step =
        |name: &str| sources.iter().any(|(_, text)| text.contains(&format!("=> \"{name}\",")));
    let mut wrong = Vec::new();
    for [here, ..] in rows {
        for name in quoted(here) {
            if !is_public(name, &sources) && !is_step(name) && !has_word(&words, name) {
                wrong.push(name);
            }
        }
    }
    assert!(wrong.is_empty(), "neither public nor documented: {}", wrong.join(", "));
    for no in ["spwan", "Queue::putt", "JoinError::Fail", "run_once", "core"] {
        assert!(!is_public(no, &sources), "{no}");
    }
}

/// Every link of the tables to tokio and smol has a target, and every target is linked to.
#[test]
fn the_others_names_lead_to_their_documentation() {
    let chapter = chapter();
    let (mut named, mut targets) = (Vec::new(), Vec::new());
    for line in chapter.lines() {
        if let Some((name, target)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]: "))
        {
            assert!(target.starts_with("https://docs.rs/"), "{target}");
            targets.push(name.to_string());
        }
        named.extend(
            line.split("][").skip(1).filter_map(|rest| Some(rest.split_once(']')?.0.to_string())),
        );
    }
    for list in [&mut named, &mut targets] {
        list.sort();
        list.dedup();
    }
    assert_eq!(named, targets);
}

/// Asks the installed Python. CPython's side is looked up in the sources of its asyncio.
#[test]
fn cpythons_names_are_where_the_tables_say() {
    let recent = "import sys; sys.exit(sys.version_info < (3, 11))";
    let there = Command::new("python3").args(["-c", recent]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        return skip("CPython's names of chapter 17: there is no python3, 3.11 or later");
    }
    let program = root().join("tests/oracle/rosetta.py");
    let check = |files: &[PathBuf]| {
        let mut python = Command::new("python3");
        let output = python.arg(&program).arg("--check").args(files).output().expect("it starts");
        let told = String::from_utf8(output.stdout).expect("UTF-8");
        (output.status.success(), told + &String::from_utf8_lossy(&output.stderr))
    };
    let (is_right, told) = check(&[]);
    assert!(is_right, "{told}");
    common::say(told.trim_end());

    let wrong = [
        ("`Task.cancel` (tasks.py)", "`Task.cancle` (tasks.py)"),
        ("`Task.cancel` (tasks.py)", "`Task.cancel` (task.py)"),
        ("`Task.cancel` (tasks.py)", "`Task.cancel`"),
        ("`BaseEventLoop._ready`", "`BaseEventLoop._redy`"),
        ("`current_task` (tasks.py)", "`task_current` (tasks.py)"),
    ];
    for (number, (right, wrong)) in wrong.into_iter().enumerate() {
        let name = format!("rosetta-{}-{number}.md", std::process::id());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let text = chapter();
        assert!(text.contains(right), "{right}");
        fs::write(&file, text.replace(right, wrong)).expect("a file for the test");
        let (is_right, told) = check(std::slice::from_ref(&file));
        fs::remove_file(&file).expect("it is there");
        assert!(!is_right, "{wrong} is taken for a name\n{told}");
    }
}

/// The words of `#[doc(alias = …)]` in a source, each with the item below it: those of public items first.
fn words(source: &str) -> [Vec<String>; 2] {
    let (mut public, mut private) = (Vec::new(), Vec::new());
    // A method of a public trait is as public as the trait.
    let in_trait = source.contains("\npub trait ");
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let Some(list) = line.trim_start().strip_prefix("#[doc(alias") else { continue };
        let (item, is_public) = lines.clone().find_map(defined).expect("an alias of something");
        let words = list.split('"').skip(1).step_by(2).map(|word| format!("`{word}`"));
        let words: Vec<String> = words.collect();
        let entry = format!("{} → `{item}`", words.join(", "));
        if is_public || in_trait { public.push(entry) } else { private.push(entry) }
    }
    [public, private]
}

/// `UPDATE_DOCS=1 cargo test -p tests --test rosetta` writes the table of words anew.
#[test]
fn the_words_for_rustdoc_are_those_of_the_sources() {
    let mut table = format!("{WORDS_HEADER}\n|---|---|---|\n");
    for (path, text) in sources() {
        let [public, private] = words(&text);
        if public.len() + private.len() > 0 {
            let (public, private) = (public.join("; "), private.join("; "));
            table += &format!("| [{path}](../{path}) | {public} | {private} |\n");
        }
    }
    let chapter = chapter();
    let (before, rest) = chapter.split_once(WORDS_HEADER).expect("the table of words");
    let (_, after) = rest.split_once("\n\n").expect("something after it");
    let expected = format!("{before}{table}\n{after}");
    assert!(
        document(CHAPTER, &expected) == expected,
        "the words for rustdoc have changed: UPDATE_DOCS=1 cargo test -p tests --test rosetta"
    );
}
