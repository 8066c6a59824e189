//! The fenced listings of a page.

use std::ops::Range;

/// A listing between two fences.
#[derive(Debug)]
pub struct Fence<'a> {
    /// What stands behind the opening fence: `rust,ignore,file=docs/stages/s03_block_on.rs`.
    info: &'a str,
    /// The lines between the fences, without the indent that the opening fence has.
    pub body: Vec<&'a str>,
    /// Where these lines are in the page, counted from 0.
    pub lines: Range<usize>,
    pub indent: usize,
}

impl<'a> Fence<'a> {
    /// The first word: `rust`, `console`; empty if there is none.
    pub fn language(&self) -> &'a str {
        self.info.split(',').next().unwrap_or_default().trim()
    }

    /// Whether a word such as `ignore` is there.
    pub fn is(&self, word: &str) -> bool {
        self.info.split(',').skip(1).any(|each| each.trim() == word)
    }

    /// The file that it says it is from.
    pub fn file(&self) -> Option<&'a str> {
        self.info.split(',').find_map(|each| each.trim().strip_prefix("file="))
    }

    /// The number of its line `index` in the page, counted from 1.
    pub fn line(&self, index: usize) -> usize {
        self.lines.start + index + 1
    }

    /// The number of the opening fence's line, counted from 1.
    pub fn opening(&self) -> usize {
        self.lines.start
    }
}

/// The listings of a page, in their order. One that does not end goes to the page's end, as in Markdown.
pub fn fences(page: &str) -> Vec<Fence<'_>> {
    let mut fences: Vec<Fence<'_>> = Vec::new();
    let mut open: Option<&str> = None;
    for (number, line) in page.lines().enumerate() {
        let trimmed = line.trim_start();
        let ticks = &trimmed[..trimmed.len() - trimmed.trim_start_matches('`').len()];
        match open {
            None if ticks.len() >= 3 && !trimmed[ticks.len()..].contains('`') => {
                open = Some(ticks);
                fences.push(Fence {
                    info: trimmed[ticks.len()..].trim(),
                    body: Vec::new(),
                    lines: number + 1..number + 1,
                    indent: line.len() - trimmed.len(),
                });
            }
            Some(opened) if ticks.len() >= opened.len() && trimmed.trim_end() == ticks => {
                open = None
            }
            Some(_) => {
                let fence = fences.last_mut().expect("it was opened");
                let spaces = line.len() - line.trim_start_matches(' ').len();
                fence.body.push(&line[spaces.min(fence.indent)..]);
                fence.lines.end = number + 1;
            }
            None => {}
        }
    }
    fences
}

/// The page with nothing but its prose: the lines of listings are empty, inline code is blank.
pub fn prose(page: &str) -> Vec<String> {
    let fences = fences(page);
    let in_fence =
        |number| fences.iter().any(|at| at.lines.start <= number + 1 && number <= at.lines.end);
    let lines = page.lines().enumerate();
    lines
        .map(|(number, line)| if in_fence(number) { String::new() } else { without_code(line) })
        .collect()
}

/// Blanks instead of inline code.
fn without_code(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let ticks = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let (before, code) = rest.split_at(at);
        let fence = &code[..ticks];
        let Some(end) = code[ticks..].find(fence) else { break };
        let length = ticks + end + ticks;
        plain += before;
        plain.extend(std::iter::repeat_n(' ', code[..length].chars().count()));
        rest = &code[length..];
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A\n\n```rust,ignore,file=a.rs\nfn a() {}\n\n```\n\n1. x\n   ```console\n   $ true\n     2\n   ```\n\
                        ````text\n```\n````\n`[a](b)` and [c](d)\n";

    #[test]
    fn fences_are_found_with_their_lines() {
        let fences = fences(PAGE);
        let seen: Vec<_> =
            fences.iter().map(|at| (at.language(), at.opening(), at.body.clone())).collect();
        let expected = [
            ("rust", 3, vec!["fn a() {}", ""]),
            ("console", 9, vec!["$ true", "  2"]),
            ("text", 13, vec!["```"]),
        ];
        assert_eq!(seen, expected);
        assert_eq!(
            (fences[0].file(), fences[0].is("ignore"), fences[1].file()),
            (Some("a.rs"), true, None)
        );
        assert_eq!((fences[1].line(1), fences[1].lines.clone()), (11, 9..11));
    }

    #[test]
    fn prose_has_no_code() {
        let prose = prose(PAGE);
        assert_eq!(prose.len(), PAGE.lines().count());
        assert_eq!((prose[0].as_str(), prose[7].as_str()), ("# A", "1. x"));
        assert_eq!(prose[15], "         and [c](d)");
        assert!(prose[2..6].iter().chain(&prose[8..15]).all(String::is_empty), "{prose:?}");
    }
}
