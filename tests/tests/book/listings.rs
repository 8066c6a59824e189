//! Every listing of a source stands in that source, and there is no other code.

use crate::excerpt;
use crate::fence::{Fence, fences};
use crate::page::{Page, pages, read, root};
use crate::problem::{self, Problem, Report};

#[test]
fn every_listing_stands_in_its_file() -> Result<(), Report> {
    let mut problems = Vec::new();
    for page in pages().iter().filter(|page| !page.has_own_test()) {
        problems.extend(fences(&page.text).iter().filter_map(|fence| check(page, fence)));
    }
    problem::none(&problems)
}

/// What is code, and so must say where it is from.
const CODE: [&str; 5] = ["rust", "rs", "python", "py", "toml"];
/// What else there may be.
const OTHER: [&str; 4] = ["json", "console", "text", "sh"];

fn check(page: &Page, fence: &Fence<'_>) -> Option<Problem> {
    let problem =
        |index: usize, what: String| Some(Problem::new(&page.name, fence.line(index), what));
    let language = fence.language();
    if let Some(file) = fence.file() {
        let path = root().join(file);
        if !path.is_file() {
            return Some(Problem::new(
                &page.name,
                fence.opening(),
                format!("there is no file {file}"),
            ));
        }
        let source = read(&path);
        let source: Vec<&str> = source.lines().collect();
        let missing = excerpt::find(&fence.body, &source).err()?;
        let listed = fence.body.get(missing.line).copied().unwrap_or("(no line is listed)");
        let instead = match missing.instead {
            Some((number, line)) => format!("\n    {file}:{number} has: {line}"),
            None => String::new(),
        };
        return problem(
            missing.line,
            format!("not in {file} at this place\n    listed: {listed}{instead}"),
        );
    }
    let what = if CODE.contains(&language) {
        format!("code that nobody compiles: say where it stands, ```{language},ignore,file=…")
    } else if !OTHER.contains(&language) {
        format!(
            "a listing is one of {}, and not `{language}`",
            [&CODE[..], &OTHER[..]].concat().join(", ")
        )
    } else {
        return None;
    };
    Some(Problem::new(&page.name, fence.opening(), what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let page = Page { name: "docs/05-x.md".to_string(), text: text.to_string() };
        let problems =
            fences(&page.text).iter().filter_map(|fence| check(&page, fence)).collect::<Vec<_>>();
        problems.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn a_listing_that_is_right_is_no_problem() {
        let file = "tests/tests/book/listings.rs";
        let right = format!(
            "```rust,ignore,file={file}\nlet file = \"tests/tests/book/listings.rs\";\n// …\n```\n"
        );
        assert_eq!(of(&format!("{right}```text\n---\n```\n")), [""; 0]);
    }

    #[test]
    fn whatever_is_wrong_is_told() {
        let file = "tests/tests/book/listings.rs";
        let told = of(&format!("```rust,ignore,file={file}\n//! Every listing\n```\n"));
        assert!(told[0].starts_with(&format!("docs/05-x.md:2: not in {file}")), "{told:?}");
        assert!(told[0].contains("\n    listed: //! Every listing"), "{told:?}");
        let told = of("\n```rust,file=no/such.rs\n```\n");
        assert_eq!(told, ["docs/05-x.md:2: there is no file no/such.rs"]);
        for fence in ["rust", "rust,ignore", "python", "toml", "", "rst"] {
            assert_eq!(of(&format!("```{fence}\nx\n```\n")).len(), 1, "{fence}");
        }
    }
}
