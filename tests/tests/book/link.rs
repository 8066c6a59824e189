//! The links of a page.

use crate::fence::prose;

/// A link as it is written, and its line, counted from 1.
#[derive(Debug, PartialEq)]
pub struct Link {
    pub line: usize,
    pub target: String,
}

/// `[text](target)`, `![text](target)`, `[name]: target`, and what HTML has in `src` and `href`.
pub fn links(page: &str) -> Vec<Link> {
    let mut links = Vec::new();
    for (number, line) in prose(page).iter().enumerate() {
        let inline =
            line.match_indices("](").map(|(at, found)| until_closed(&line[at + found.len()..]));
        let html = ["src=\"", "href=\""].into_iter().flat_map(|name| {
            line.match_indices(name)
                .filter_map(|(at, found)| line[at + found.len()..].split('"').next())
        });
        let named = line
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "))
            .map(|(_, target)| target);
        for target in inline.chain(html).chain(named) {
            // A title may follow, and the target may stand between < and >.
            let target =
                target.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']);
            links.push(Link { line: number + 1, target: target.to_string() });
        }
    }
    links
}

/// Up to the parenthesis that closes the link.
fn until_closed(text: &str) -> &str {
    let mut depth = 0;
    let end = text.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0
    });
    &text[..end.unwrap_or(text.len())]
}

/// What a link within the book consists of: `player/a.html?embed#step=2`.
#[derive(Debug, PartialEq)]
pub struct Parts<'a> {
    /// Empty for this page.
    pub path: &'a str,
    pub fragment: Option<&'a str>,
}

/// The parts of a link; none if it leads out of the book.
pub fn parts(target: &str) -> Option<Parts<'_>> {
    if ["http:", "https:", "mailto:"].iter().any(|scheme| target.starts_with(scheme)) {
        return None;
    }
    let (path, fragment) = match target.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (target, None),
    };
    Some(Parts { path: path.split('?').next().unwrap_or_default(), fragment })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_link_is_found() {
        let page = "[a](b.md#c) ![p](q.svg \"r\") `[x](y)`\n<iframe src=\"d.html?embed#step=1\"></iframe>\n[e]: f.md\n\
                    [g](<h.md>) [i](j(k).md)\n```text\n[x](y)\n```\n";
        let found = links(page);
        let found: Vec<_> = found.iter().map(|link| (link.line, link.target.as_str())).collect();
        let expected = [
            (1, "b.md#c"),
            (1, "q.svg"),
            (2, "d.html?embed#step=1"),
            (3, "f.md"),
            (4, "h.md"),
            (4, "j(k).md"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn links_have_parts() {
        assert_eq!(
            parts("a.html?embed#step=1"),
            Some(Parts { path: "a.html", fragment: Some("step=1") })
        );
        assert_eq!(parts("#b"), Some(Parts { path: "", fragment: Some("b") }));
        assert_eq!(parts("https://example.org/#b"), None);
    }
}
