//! Every link within the book leads somewhere: to a file, to a heading of a page, to a step of a player.

use std::path::{Component, Path, PathBuf};

use crate::heading::anchors;
use crate::link::{Parts, links, parts};
use crate::page::{Page, pages, read, root};
use crate::players::last_step;
use crate::problem::{self, Problem, Report};

#[test]
fn every_link_leads_somewhere() -> Result<(), Report> {
    let problems: Vec<Problem> = pages().iter().flat_map(check).collect();
    problem::none(&problems)
}

fn check(page: &Page) -> Vec<Problem> {
    let links = links(&page.text).into_iter().filter_map(|link| {
        let why = lost(page, &parts(&link.target)?)?;
        Some(Problem::new(&page.name, link.line, format!("{}: {why}", link.target)))
    });
    let frames = page.text.lines().enumerate().filter(|(_, line)| line.contains("<iframe"));
    let frames = frames.filter_map(|(number, line)| {
        let what = wrong_frame(line).map(String::from).or_else(|| wrong_steps(page, line))?;
        Some(Problem::new(&page.name, number + 1, format!("a player {what}\n    {line}")))
    });
    links.chain(frames).collect()
}

/// Why a link leads nowhere, if it does.
fn lost(page: &Page, link: &Parts<'_>) -> Option<String> {
    let Some(file) = resolved(&page.name, link.path) else {
        return Some("it leads out of the repository".to_string());
    };
    let path = root().join(&file);
    if page.name.starts_with("docs/") && link.path.ends_with(".md") && !file.starts_with("docs") {
        return Some("of Markdown outside of docs mdBook makes a page that is not there; link to its directory".into());
    }
    if !link.path.is_empty() && !path.exists() {
        return Some(format!("there is no {}", file.display()));
    }
    let fragment = link.fragment?;
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("md") => {
            let anchors =
                anchors(&if link.path.is_empty() { page.text.clone() } else { read(&path) });
            let is_there = anchors.iter().any(|anchor| anchor == fragment);
            (!is_there).then(|| format!("no such heading; there are {}", anchors.join(", ")))
        }
        Some("html") => {
            let step = fragment.strip_prefix("step=").and_then(|step| step.parse::<usize>().ok());
            let Some(step) = step else {
                return Some("of a player one links to `#step=…`".to_string());
            };
            let last = last_step(&read(&path));
            (step == 0 || step > last).then(|| format!("the run has steps 1 to {last}"))
        }
        _ => Some(
            "only pages and players have places to link to; of a source quote the text".to_string(),
        ),
    }
}

/// The file that a link leads to, from the top of the repository.
fn resolved(page: &str, path: &str) -> Option<PathBuf> {
    if path.is_empty() {
        return Some(PathBuf::from(page));
    }
    let mut resolved = Path::new(page).parent()?.to_path_buf();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => resolved.push(name),
            Component::ParentDir if resolved.pop() => {}
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(resolved)
}

/// What is wrong with the line of a player.
fn wrong_frame(line: &str) -> Option<&'static str> {
    let (_, title) = line.split_once(" title=\"").unwrap_or_default();
    if !line.starts_with("<iframe class=\"player\" src=\"player/")
        || !line.ends_with("\"></iframe>")
    {
        Some(
            "is a line of its own: <iframe class=\"player\" src=\"player/NAME.html?embed#step=1\" title=\"…\"></iframe>",
        )
    } else if !line.contains(".html?embed") {
        Some("is embedded: NAME.html?embed#step=1")
    } else if title.starts_with('"') || title.is_empty() {
        Some("has a title, for those who can't see it")
    } else {
        None
    }
}

/// What is wrong with the number of steps by which the book knows where a link into the player may lead.
fn wrong_steps(page: &Page, line: &str) -> Option<String> {
    let path = resolved(&page.name, parts(attribute(line, "src")?)?.path)?;
    let path = root().join(path);
    // That it is not there is told already.
    let last = path.exists().then(|| last_step(&read(&path)))?;
    let says = attribute(line, "data-steps").and_then(|steps| steps.parse::<usize>().ok());
    (says != Some(last)).then(|| format!("has data-steps=\"{last}\""))
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let page = Page { name: "docs/05-x.md".to_string(), text: text.to_string() };
        check(&page).iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_link_that_leads_somewhere_is_no_problem() {
        let right =
            "# A b\n[a](#a-b) [r](../) [d](../docs) [t](trust.md) [o](https://example.org/x)\n";
        assert_eq!(told(right), [""; 0]);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_told() {
        let targets = [
            "no.md",
            "#no",
            "../README.md",
            "../../x",
            "/etc",
            "../executor/src/lib.rs#L1",
            "../docs/NO/../trust.md#x",
        ];
        for target in targets {
            let told = told(&format!("# A\n\n[a]({target})\n"));
            assert!(
                told.len() == 1 && told[0].starts_with(&format!("docs/05-x.md:3: {target}: ")),
                "{target}: {told:?}"
            );
        }
    }

    #[test]
    fn a_player_says_how_many_steps_it_has() {
        let last = last_step(&read(&root().join("docs/player/ch01_first.html")));
        let frame = |steps: &str| {
            format!(
                "<iframe class=\"player\" src=\"player/ch01_first.html?embed#step=1\"{steps} title=\"a\"></iframe>\n"
            )
        };
        assert_eq!(told(&frame(&format!(" data-steps=\"{last}\""))), [""; 0]);
        for wrong in ["", " data-steps=\"many\"", " data-steps=\"1\""] {
            let told = told(&frame(wrong));
            assert!(
                told.len() == 1 && told[0].contains(&format!("has data-steps=\"{last}\"")),
                "{told:?}"
            );
        }
    }

    #[test]
    fn a_player_has_its_shape() {
        let right =
            "<iframe class=\"player\" src=\"player/a.html?embed#step=1\" title=\"a\"></iframe>";
        assert_eq!(wrong_frame(right), None);
        assert_eq!(attribute(right, "title"), Some("a"));
        for (part, other) in
            [("?embed", ""), ("\"a\"", "\"\""), (" class=\"player\"", ""), ("<iframe", " <iframe")]
        {
            assert!(wrong_frame(&right.replacen(part, other, 1)).is_some(), "{part}");
        }
    }
}
