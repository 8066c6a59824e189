//! A chapter begins with a run, and ends with a recap of five points, a design note, and exercises.

use crate::fence::fences;
use crate::heading::headings;
use crate::page::{Page, pages};
use crate::problem::{self, Problem, Report};

#[test]
fn every_chapter_has_the_shape_of_a_chapter() -> Result<(), Report> {
    let pages = pages();
    let chapters = pages.iter().filter(|page| page.number().is_some());
    let problems: Vec<Problem> = chapters.flat_map(check).collect();
    problem::none(&problems)
}

const END: [&str; 3] = ["## Recap", "## Design note", "## Exercises"];

fn check(page: &Page) -> Vec<Problem> {
    let lines: Vec<&str> = page.text.lines().collect();
    let mut problems = Vec::new();
    let mut tell = |line: usize, what: &str| problems.push(Problem::new(&page.name, line, what));
    let headings: Vec<&str> =
        headings(&page.text).into_iter().filter(|line| line.starts_with("## ")).collect();
    if !headings.ends_with(&END) {
        tell(lines.len(), "a chapter ends with ## Recap, ## Design note, ## Exercises");
    }
    let line_of = |heading| lines.iter().position(|line| *line == heading);
    if let (Some(recap), Some(note)) = (line_of(END[0]), line_of(END[1]))
        && lines[recap.min(note)..note].iter().filter(|line| is_point(line)).count() != 5
    {
        tell(recap + 1, "a recap is a list of five");
    }
    let first = lines.iter().position(|line| line.starts_with("## ")).unwrap_or(lines.len());
    if fences(&page.text)
        .first()
        .is_none_or(|run| run.language() != "console" || run.opening() > first)
    {
        tell(1, "a chapter begins with a run, a ```console, before its first ##");
    }
    problems
}

/// `- …` or `1. …`
fn is_point(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ") || (number.len() < line.len() && number.starts_with(". "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAPTER: &str = "# 5. A\n\nHere:\n\n```console\n$ true\n```\n\n## B\n\n## Recap\n\n- a\n- b\n  c\n- d\n- e\n- f\n\n\
                           ## Design note\n\nc\n\n## Exercises\n\nd\n";

    fn problems(text: &str) -> usize {
        check(&Page { name: "docs/05-x.md".to_string(), text: text.to_string() }).len()
    }

    #[test]
    fn a_chapter_has_its_parts() {
        assert_eq!(problems(CHAPTER), 0);
        let parts = [
            ("console", "text"),
            ("Recap", "Rest"),
            ("- f\n", ""),
            ("- f", "- f\n6. g"),
            ("Here:", "## H"),
        ];
        for (part, other) in parts
            .into_iter()
            .chain([("## Exercises", "## More\n\n## Exercises"), ("## Design note", "Note")])
        {
            assert_eq!(problems(&CHAPTER.replacen(part, other, 1)), 1, "{part} -> {other}");
        }
    }
}
