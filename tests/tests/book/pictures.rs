//! Every picture is whole, says what it shows, and can be seen on a light and on a dark page.

use crate::fence::prose;
use crate::page::{chapter, names, pages, read, root};
use crate::problem::{self, Problem, Report};

#[test]
fn every_picture_is_whole_and_can_be_seen_in_the_dark() -> Result<(), Report> {
    let mut problems = Vec::new();
    if chapter().is_none() {
        for name in names("docs/pictures", "svg") {
            let text = read(&root().join(&name));
            problems.extend(
                faults(&text).into_iter().map(|(line, what)| Problem::new(&name, line, what)),
            );
        }
    }
    for page in pages() {
        for (number, line) in
            prose(&page.text).iter().enumerate().filter(|(_, line)| line.contains("![]("))
        {
            problems.push(Problem::new(
                &page.name,
                number + 1,
                format!("a picture says what it shows: {line}"),
            ));
        }
    }
    problem::none(&problems)
}

/// What is wrong with a picture, and in which line.
fn faults(text: &str) -> Vec<(usize, String)> {
    let document = match roxmltree::Document::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![(error.pos().row as usize, format!("not well-formed: {error}"))],
    };
    let root = document.root_element();
    let mut faults = Vec::new();
    let mut expect = |is_there: bool, what: &str| {
        if !is_there {
            faults.push((1, what.to_string()));
        }
    };
    let says = |name| {
        root.children().any(|child| {
            child.has_tag_name(("http://www.w3.org/2000/svg", name)) && child.text().is_some()
        })
    };
    expect(says("title"), "a picture has a <title>, right below <svg>");
    expect(root.has_attribute("viewBox"), "a picture has a viewBox");
    expect(!root.has_attribute("width"), "a picture is as wide as the page: no width");
    expect(text.contains("prefers-color-scheme: dark"), "a picture has colours for a dark page");
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">\n<title>a</title><g></g>\n\
                           <style>@media (prefers-color-scheme: dark) {}</style></svg>\n";

    #[test]
    fn a_picture_that_is_right_is_no_problem() {
        assert_eq!(faults(PICTURE), []);
    }

    #[test]
    fn whatever_a_picture_lacks_is_told() {
        let parts =
            ["<title>a</title>", "viewBox=\"0 0 1 1\"", "(prefers-color-scheme: dark)", "</svg>"];
        for part in parts {
            assert_eq!(faults(&PICTURE.replace(part, "")).len(), 1, "{part}");
        }
        assert_eq!(faults(&PICTURE.replace("viewBox", "width=\"1\" viewBox")).len(), 1);
        assert_eq!(faults(&PICTURE.replace("</g>", "</h>"))[0].0, 2, "the line of the fault");
    }
}
