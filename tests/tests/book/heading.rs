//! The headings of a page, and the anchors that they get.

use std::collections::BTreeMap;

use crate::fence::fences;

/// The text of the first heading.
pub fn title(page: &str) -> Option<&str> {
    headings(page).into_iter().find_map(|line| line.strip_prefix("# "))
}

/// What can stand behind the `#` of a link to this page: of each heading, as GitHub and mdBook make it, and of
/// every `id="…"`.
pub fn anchors(page: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for heading in headings(page) {
        let anchor = anchor(heading.trim_start_matches('#'));
        let before = seen.entry(anchor.clone()).or_default();
        anchors.push(if *before == 0 { anchor } else { format!("{anchor}-{before}") });
        *before += 1;
    }
    let ids = page.split(" id=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    anchors.extend(ids.map(|(id, _)| id.to_string()));
    anchors
}

/// The lines that are headings.
pub fn headings(page: &str) -> Vec<&str> {
    let fences = fences(page);
    let lines = page
        .lines()
        .enumerate()
        .filter(|(number, _)| !fences.iter().any(|at| at.lines.contains(number)));
    let hashes = |line: &str| line.len() - line.trim_start_matches('#').len();
    lines
        .map(|(_, line)| line)
        .filter(|line| (1..=6).contains(&hashes(line)) && line[hashes(line)..].starts_with(' '))
        .collect()
}

/// Lower case, no punctuation, a hyphen for a blank.
fn anchor(heading: &str) -> String {
    let text = without_targets(heading.trim());
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

/// Of a link only its text.
fn without_targets(heading: &str) -> String {
    let mut text = String::new();
    let mut rest = heading;
    while let Some((before, after)) = rest.split_once("](") {
        text += before;
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_github_and_mdbook() {
        let page = "# 8. Sleep, version two: the `wheel`\n\n```sh\n# not this\n```\n## A-b_c [d](e.md)!\n## Recap\n\
                    ## Recap\n#no heading\n<a id=\"x\"></a>\n";
        let expected = ["8-sleep-version-two-the-wheel", "a-b_c-d", "recap", "recap-1", "x"];
        assert_eq!(anchors(page), expected);
        assert_eq!(title(page), Some("8. Sleep, version two: the `wheel`"));
    }
}
