//! The sources that steps point at, as they were when this program was built.

/// Path in the repository, and text.
pub type Source = (&'static str, &'static str);

macro_rules! sources {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../../../", $path)))),*]
    };
}

const SOURCES: &[Source] = sources![
    "demo/src/program.rs"
    "executor/src/cancel.rs"
    "executor/src/event.rs"
    "executor/src/executor.rs"
    "executor/src/gather.rs"
    "executor/src/ready.rs"
    "executor/src/spawn.rs"
    "executor/src/timer.rs"
    "executor/src/trace.rs"
    "executor/src/turn.rs"
    "queue/src/get.rs"
    "queue/src/join.rs"
    "queue/src/put.rs"
    "queue/src/queue.rs"
];

/// The source of a file as the compiler names it, which depends on the system and on where it was built.
pub fn find(file: &str) -> Option<&'static Source> {
    let file = file.replace('\\', "/");
    SOURCES.iter().find(|(path, _)| {
        file.strip_suffix(path).is_some_and(|before| before.is_empty() || before.ends_with('/'))
    })
}

/// What tells a file that is not among them: of its path on somebody's machine no more than the end.
pub fn tail(file: &str) -> String {
    let file = file.replace('\\', "/");
    let cut = file.rmatch_indices('/').nth(2).map_or(0, |(at, _)| at + 1);
    file[cut..].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_however_the_compiler_names_it() {
        let timer = "executor/src/timer.rs";
        for name in [timer, "/a/b/executor/src/timer.rs", r"executor\src\timer.rs"] {
            assert_eq!(find(name).map(|source| source.0), Some(timer), "{name}");
        }
        assert_eq!(find("other_executor/src/timer.rs"), None);
        assert_eq!(find("executor/src/timer"), None);
    }

    #[test]
    fn of_a_foreign_path_the_end_is_shown() {
        assert_eq!(tail("/a/b/futures-lite-2.6/src/stream.rs"), "futures-lite-2.6/src/stream.rs");
        assert_eq!(tail("src/main.rs"), "src/main.rs");
    }

    /// Every file that says what happens is among the sources.
    #[test]
    fn no_file_that_steps_point_at_is_missing() {
        for (of, says) in [("executor", "note("), ("queue", ".report(")] {
            let folder = format!("{}/../{of}/src", env!("CARGO_MANIFEST_DIR"));
            for file in std::fs::read_dir(folder).expect("the workspace is whole") {
                let file = file.expect("a file").path();
                let name = file.file_name().expect("a name").display();
                let text = std::fs::read_to_string(&file).expect("text");
                if text.contains(says) {
                    let path = format!("{of}/src/{name}");
                    assert!(find(&path).is_some(), "{path} is to be added to SOURCES");
                }
            }
        }
    }
}
