//! A chapter's exercises are whole: skeleton, solution and checks, and both test binaries know them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_chapter_with_exercises_has_all_its_files() {
    let all: BTreeSet<String> =
        ["../docs/exercises", "../docs/exercises/solutions", "tests/exercises"]
            .into_iter()
            .flat_map(chapters)
            .collect();
    assert!(!all.is_empty());
    for chapter in &all {
        for place in ["../docs/exercises", "../docs/exercises/solutions", "tests/exercises"] {
            assert!(chapters(place).contains(chapter), "there is no {place}/{chapter}.rs");
        }
        let exercise = chapter.replace("chapter", "exercise");
        for main in ["exercises", "solutions"] {
            let text =
                fs::read_to_string(format!("{}/tests/{main}/main.rs", env!("CARGO_MANIFEST_DIR")));
            let text = text.expect("its main.rs");
            for module in [chapter, &exercise] {
                assert!(
                    text.contains(&format!("\nmod {module};\n")),
                    "{main}/main.rs has no mod {module}"
                );
            }
        }
    }
}

/// The files `chapter_NN.rs` of a directory, without `.rs`.
fn chapters(directory: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let entries = fs::read_dir(path).expect("a directory");
    let names =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    let chapters = names.filter(|name| name.starts_with("chapter_"));
    chapters.filter_map(|name| Some(name.strip_suffix(".rs")?.to_string())).collect()
}
