//! The players of the book: for each `docs/programs/NAME.json` a page `docs/player/NAME.html`, made by
//! `scenario --page`; and the founding program's, made by `demo --page`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::link::links;
use crate::page::{chapter, names, pages, read, root, update};
use crate::problem::{self, Problem, Report};
use crate::programs;

/// Runs of the founding program: the usual one, and the small one that chapter 15 steps through.
const FOUNDING: [(&str, &[&str]); 2] = [
    ("docs/player/founding.html", &["--virtual-time"]),
    ("docs/player/ch15_smallest.html", &["--virtual-time", "-p", "1", "-c", "1", "--seed", "183"]),
];

#[test]
fn every_player_shows_its_program_as_it_runs_now() -> Result<(), Report> {
    let mut problems = Vec::new();
    let programs = names("docs/programs", "json");
    for program in programs.iter().filter(|program| is_wanted(&player(program))) {
        let rewrite = "cargo run -q -p tests --bin scenario -- --page";
        let rewrite = format!("{rewrite} {} {program}", player(program));
        problems.extend(check(&player(program), &rewrite, || page(program)));
    }
    for (page, arguments) in FOUNDING.iter().filter(|(page, _)| is_wanted(page)) {
        let rewrite = format!("cargo run -q -- {} --page {page}", arguments.join(" "));
        problems.extend(check(page, &rewrite, || founding_page(page, arguments)));
    }
    for page in names("docs/player", "html") {
        let is_founding = FOUNDING.iter().any(|(founding, _)| *founding == page);
        if !is_founding && !programs.iter().any(|program| player(program) == page) {
            problems.push(Problem::new(
                &page,
                1,
                "no program in docs/programs is the one that it plays",
            ));
        }
    }
    problem::none(&problems)
}

fn player(program: &str) -> String {
    program.replace("docs/programs/", "docs/player/").replace(".json", ".html")
}

/// With `CHAPTER` only those that the chapter shows.
fn is_wanted(player: &str) -> bool {
    let shows = |text: &str| {
        links(text)
            .iter()
            .any(|link| player.ends_with(link.target.split(['?', '#']).next().unwrap_or("-")))
    };
    chapter().is_none() || pages().iter().any(|page| shows(&page.text))
}

/// Compares a player with the page that is made of its program now.
fn check(
    player: &str,
    rewrite: &str,
    page: impl Fn() -> Result<String, String>,
) -> Option<Problem> {
    let page = match page() {
        Ok(page) => page,
        Err(what) => return Some(Problem::new(player, 1, what)),
    };
    let path = root().join(player);
    if path.exists() && read(&path) == page {
        return None;
    }
    if update() {
        fs::create_dir_all(path.parent().expect("a directory")).expect("it can be made");
        fs::write(path, page).expect("a player can be written");
        return None;
    }
    let what = format!("not what is written now\n    to rewrite: {rewrite}");
    Some(Problem::new(player, 1, what))
}

/// The page that `scenario` makes of a program.
fn page(program: &str) -> Result<String, String> {
    let name = Path::new(program).with_extension("html");
    let scenario = Command::new(env!("CARGO_BIN_EXE_scenario"));
    written(scenario, name.file_name().and_then(|name| name.to_str()).expect("a name"), &[program])
}

/// The page that `demo` makes of a run.
fn founding_page(page: &str, arguments: &[&str]) -> Result<String, String> {
    let demo = programs::demo().ok_or("demo does not build")?;
    let name = page.rsplit('/').next().expect("a name");
    written(Command::new(demo), name, arguments)
}

/// The page that a program writes.
fn written(mut program: Command, name: &str, arguments: &[&str]) -> Result<String, String> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
    fs::create_dir_all(&directory).expect("a directory");
    let file = directory.join(name);
    let _ = fs::remove_file(&file);
    program.arg("--page").arg(&file).args(arguments).current_dir(root()).stdin(Stdio::null());
    let output = program.output().expect("it starts");
    // A program that can't go on has a page, too.
    let page = fs::read_to_string(&file);
    page.map_err(|_| String::from_utf8_lossy(&output.stderr).trim().to_string())
}

/// How many steps the run of a player has.
pub fn last_step(page: &str) -> usize {
    let run = page.split_once("<script type=\"application/json\" id=\"run\">");
    let run = run.and_then(|(_, rest)| rest.split_once("</script>"));
    let run = run.and_then(|(run, _)| serde_json::from_str::<serde_json::Value>(run).ok());
    run.and_then(|run| run["steps"].as_array().map(Vec::len)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_player_has_as_many_steps_as_its_run() {
        let page = page("tests/data/directed/no_snapshot.json").expect("a page");
        assert!(last_step(&page) > 10, "{}", last_step(&page));
        assert_eq!(last_step("<p>no player"), 0);
    }

    #[test]
    fn a_program_that_is_none_is_told() {
        assert!(page("tests/data/README.md").is_err());
    }
}
