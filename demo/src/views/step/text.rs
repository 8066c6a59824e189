//! Text that has to fit: cut, wrapped, listed.

/// Of longer lists the first ones are shown.
const MOST_ENTRIES: usize = 20;

/// "A, B, C"; of very many, the first ones.
pub fn listed(words: impl ExactSizeIterator<Item = String>) -> String {
    let more = words.len().saturating_sub(MOST_ENTRIES);
    let shown: Vec<String> = words.take(MOST_ENTRIES).collect();
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    shown.join(", ") + &rest
}

/// The beginning of a line, if it is wider than this.
pub fn cut(line: &str, width: usize) -> String {
    match line.chars().count() > width {
        true => line.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
        false => line.to_string(),
    }
}

/// The lines of a text, none wider than this unless a word is.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a first one");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_string());
        }
    }
    lines
}
