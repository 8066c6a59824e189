//! The pages of the book, and what is asked of each.

use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::Problem;

pub struct Page {
    /// From the top of the repository: `docs/05-the-ready-queue.md`.
    pub name: String,
    pub text: String,
}

impl Page {
    /// Whether its `console` listings are run. Those of the reference pages are not: what they start takes
    /// hours, or needs what is not here. The debugger's chapter has a test of its own.
    pub fn is_run(&self) -> bool {
        let is_read_first = self.name.ends_with("README.md");
        (self.is_chapter() || is_read_first) && !self.has_own_test()
    }

    pub fn is_chapter(&self) -> bool {
        self.number().is_some() || self.name == "docs/quiz.md"
    }

    pub fn has_own_test(&self) -> bool {
        self.name == "docs/15-debugger.md"
    }

    /// The chapter's number: 5 for `docs/05-the-ready-queue.md`.
    pub fn number(&self) -> Option<usize> {
        self.name.strip_prefix("docs/")?.split_once('-')?.0.parse().ok()
    }

    /// Writes it anew, if nobody else has meanwhile.
    pub fn write(&self, text: &str) -> Result<(), Problem> {
        let path = root().join(&self.name);
        if read(&path) != self.text {
            let what = format!("{} was edited meanwhile: not written, try again", self.name);
            return Err(Problem::new(&self.name, 1, what));
        }
        fs::write(path, text).expect("a page can be written");
        Ok(())
    }
}

/// The top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace")
}

/// A text, with the line ends that we write.
pub fn read(path: &Path) -> String {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

/// All of `docs/*.md`, but the table of contents.
pub fn all_pages() -> Vec<Page> {
    let mut names: Vec<String> = names("docs", "md");
    names.retain(|name| name != "docs/SUMMARY.md");
    names.into_iter().map(|name| Page { text: read(&root().join(&name)), name }).collect()
}

/// The pages that this run is about, the README with them: all, or those that `CHAPTER` names.
pub fn pages() -> Vec<Page> {
    let mut pages = all_pages();
    pages.push(Page { name: "README.md".to_string(), text: read(&root().join("README.md")) });
    pages.retain(|page| is_wanted(&page.name));
    pages
}

/// What `CHAPTER` names, if it is set.
pub fn chapter() -> Option<String> {
    std::env::var("CHAPTER").ok().filter(|chapter| !chapter.is_empty())
}

pub fn is_wanted(page: &str) -> bool {
    chapter().is_none_or(|chapter| page.trim_start_matches("docs/").starts_with(&chapter))
}

/// Whether what can be written is written, instead of compared.
pub fn update() -> bool {
    std::env::var("UPDATE_DOCS").is_ok_and(|value| value == "1")
}

/// The files of a directory with this extension, from the top of the repository, sorted.
pub fn names(directory: &str, extension: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(directory)) else { return Vec::new() };
    let paths = entries.map(|entry| PathBuf::from(entry.expect("an entry").file_name()));
    let paths = paths.filter(|path| path.extension().is_some_and(|each| each == extension));
    let mut names: Vec<String> =
        paths.map(|path| format!("{directory}/{}", path.to_str().expect("UTF-8"))).collect();
    names.sort();
    names
}
