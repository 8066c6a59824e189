//! The table of contents: `SUMMARY.md` names every page once, by its own title, and the chapters in their order.

use crate::heading::title;
use crate::page::{Page, all_pages, is_wanted, read, root, update};
use crate::problem::{self, Problem, Report};

const FILE: &str = "docs/SUMMARY.md";

#[test]
fn the_table_of_contents_names_every_page_and_nothing_else() -> Result<(), Report> {
    let summary = Page { name: FILE.to_string(), text: read(&root().join(FILE)) };
    let pages = all_pages();
    if update() {
        let new = with_titles(&summary.text, &pages, is_wanted);
        if new != summary.text {
            problem::none(&Vec::from_iter(summary.write(&new).err()))?;
        }
        return problem::none(&check(&new, &pages, is_wanted));
    }
    problem::none(&check(&summary.text, &pages, is_wanted))
}

/// A line of the table: the title, the file, and the chapter's number where it has one.
struct Entry<'a> {
    line: usize,
    title: &'a str,
    file: String,
    number: Option<usize>,
}

fn entries(summary: &str) -> Vec<Entry<'_>> {
    let mut chapters = 0;
    let mut entries = Vec::new();
    for (index, line) in summary.lines().enumerate() {
        let is_chapter = line.starts_with("- ");
        let link =
            line.trim_start_matches("- ").strip_prefix('[').and_then(|rest| rest.split_once("]("));
        let Some((title, file)) = link else { continue };
        chapters += usize::from(is_chapter);
        let file = format!("docs/{}", file.trim_end_matches(')'));
        entries.push(Entry {
            line: index + 1,
            title,
            file,
            number: is_chapter.then_some(chapters),
        });
    }
    entries
}

/// The page's title without the chapter's number, which mdBook writes itself.
fn name_of(page: &Page) -> Option<&str> {
    let title = title(&page.text)?;
    match page.number() {
        Some(number) => title.strip_prefix(&format!("{number}. ")),
        None => Some(title),
    }
}

fn check(summary: &str, pages: &[Page], is_wanted: fn(&str) -> bool) -> Vec<Problem> {
    let entries = entries(summary);
    let mut problems = Vec::new();
    for entry in entries.iter().filter(|entry| is_wanted(&entry.file)) {
        let mut tell = |what: String| problems.push(Problem::new(FILE, entry.line, what));
        let Some(page) = pages.iter().find(|page| page.name == entry.file) else {
            tell(format!("there is no {}", entry.file));
            continue;
        };
        if page.number() != entry.number {
            tell(format!(
                "{} is not chapter {:?} in this order",
                entry.file,
                entry.number.unwrap_or(0)
            ));
        }
        match name_of(page) {
            Some(name) if name == entry.title || entry.file == "docs/README.md" => {}
            Some(name) => {
                let rewrite = Problem::rewrite(&entry.file);
                tell(format!(
                    "{} has another title\n    here:  {}\n    there: {name}\n{rewrite}",
                    entry.file, entry.title
                ));
            }
            None => {
                let number = page.number().map(|number| format!("{number}. ")).unwrap_or_default();
                tell(format!("{} does not begin with `# {number}…`", entry.file));
            }
        }
    }
    for page in pages.iter().filter(|page| is_wanted(&page.name)) {
        let times = entries.iter().filter(|entry| entry.file == page.name).count();
        if times != 1 {
            problems.push(Problem::new(FILE, 1, format!("{} is in it {times} times", page.name)));
        }
    }
    problems
}

/// The table with the titles that the pages have.
fn with_titles(summary: &str, pages: &[Page], is_wanted: fn(&str) -> bool) -> String {
    let mut lines: Vec<String> = summary.lines().map(String::from).collect();
    for entry in entries(summary)
        .iter()
        .filter(|entry| is_wanted(&entry.file) && entry.file != "docs/README.md")
    {
        if let Some(name) = pages.iter().find(|page| page.name == entry.file).and_then(name_of) {
            let line = &mut lines[entry.line - 1];
            *line = line.replace(&format!("[{}](", entry.title), &format!("[{name}]("));
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = "# Summary\n\n- [A](01-a.md)\n- [B](02-b.md)\n\n[Quiz](quiz.md)\n";

    fn pages() -> Vec<Page> {
        let page =
            |(name, text): (&str, &str)| Page { name: name.to_string(), text: text.to_string() };
        [("docs/01-a.md", "# 1. A\n"), ("docs/02-b.md", "# 2. B\n"), ("docs/quiz.md", "# Quiz\n")]
            .map(page)
            .into()
    }

    #[test]
    fn a_table_that_is_right_is_no_problem() {
        assert_eq!(check(SUMMARY, &pages(), |_| true), []);
        assert_eq!(with_titles(SUMMARY, &pages(), |_| true), SUMMARY);
        assert_eq!(with_titles(&SUMMARY.replace("[B]", "[C]"), &pages(), |_| true), SUMMARY);
    }

    #[test]
    fn whatever_is_wrong_with_a_table_is_told() {
        for (part, other) in [
            ("- [B](02-b.md)\n", ""),
            ("[B]", "[C]"),
            ("- [A]", "[A]"),
            ("[Quiz]", "- [Quiz]"),
            ("[Quiz]", "[D](d.md)\n[Quiz]"),
            ("[Quiz]", "[Quiz](quiz.md)\n[Quiz]"),
        ] {
            assert!(
                !check(&SUMMARY.replacen(part, other, 1), &pages(), |_| true).is_empty(),
                "{part} -> {other}"
            );
        }
        let mut pages = pages();
        pages[1].text = "# B\n".to_string();
        assert_eq!(check(SUMMARY, &pages, |_| true).len(), 1);
    }
}
