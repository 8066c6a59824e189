//! JSON in tables: what occurs often is written once, and elsewhere stands its number.

use std::collections::HashMap;
use std::fmt::Write;

/// Rows of JSON, each of them once.
#[derive(Default)]
pub(super) struct Table {
    pub(super) rows: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Table {
    /// The number of a row, which is new or was there before.
    pub(super) fn number(&mut self, row: String) -> u32 {
        let next = self.rows.len() as u32;
        *self.numbers.entry(row).or_insert_with_key(|row| {
            self.rows.push(row.clone());
            next
        })
    }
}

/// A log, and the part of it that was looked at last.
#[derive(Default)]
pub(super) struct Log {
    pub(super) entries: Vec<u32>,
    start: usize,
}

impl Log {
    /// Where this list stands in the log: start and length.
    pub(super) fn window(&mut self, list: &[u32]) -> (usize, usize) {
        let last = &self.entries[self.start..];
        // Mostly it is the last one, without some at the head and with some more at the tail.
        let left = (0..=last.len().min(8)).find(|&left| list.starts_with(&last[left..]));
        match left {
            Some(left) => {
                self.entries.extend_from_slice(&list[last.len() - left..]);
                self.start += left;
            }
            None => {
                self.start = self.entries.len();
                self.entries.extend_from_slice(list);
            }
        }
        (self.start, list.len())
    }
}

pub(super) fn numbers(list: &[u32]) -> String {
    let numbers: Vec<String> = list.iter().map(u32::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// Text as a string of JSON that can stand inside a `<script>`, whatever is in it.
pub(super) fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            // `<` could begin `</script>`; the two separators end a line in old JavaScript.
            '<' | '\u{2028}' | '\u{2029}' | '\0'..'\u{20}' => {
                let _ = write!(json, "\\u{:04x}", u32::from(c));
            }
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_leaves_neither_its_string_nor_its_element() {
        assert_eq!(quoted("a \"b\" \\ </script>\n\u{1}"), r#""a \"b\" \\ \u003c/script>\n\u0001""#);
    }

    #[test]
    fn a_line_that_moves_on_is_a_window_that_moves_on() {
        let mut log = Log::default();
        assert_eq!(log.window(&[]), (0, 0));
        assert_eq!(log.window(&[1, 2, 3]), (0, 3));
        assert_eq!(log.window(&[2, 3, 4]), (1, 3));
        assert_eq!(log.window(&[4]), (3, 1));
        assert_eq!(log.window(&[9, 4]), (4, 2), "this one did not move on");
        assert_eq!(log.window(&[]), (6, 0));
        assert_eq!(log.window(&[4]), (6, 1));
        assert_eq!(log.entries, [1, 2, 3, 4, 9, 4, 4]);
    }
}
