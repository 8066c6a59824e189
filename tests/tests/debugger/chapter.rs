//! The listings of `docs/15-debugger.md`: read, replayed, compared, and written anew.
//!
//! A ```` ```console ```` listing that begins with `$ docs/debugger/start` starts a gdb; the ```` ```gdb ````
//! listings behind it go on with it. A line `(gdb) …` is a command, what follows is what gdb says. A line
//! `^C` in that is Ctrl-C, pressed when the program hangs.

use std::fs;

use crate::session::{self, Session};

/// `UPDATE_DOCS=1` writes the real outputs into the chapter instead of comparing.
#[test]
fn every_listing_of_the_chapter_is_what_gdb_says() {
    let Some(version) = session::gdb() else { return };
    let chapter = read();
    let mut replayed: Vec<Listing> = Vec::new();
    let mut session = None;
    for listing in listings(&chapter) {
        match &listing {
            Listing::Start { arguments, says } => {
                let started = Session::start(arguments);
                let missing = says.iter().find(|line| !started.greeting.contains(line.as_str()));
                assert_eq!(missing, None, "docs/debugger/start does not say this any more");
                session = Some(started);
                replayed.push(listing);
            }
            Listing::Commands(commands) => {
                let gdb = session.as_mut().expect("a ```console listing with docs/debugger/start");
                replayed.push(Listing::Commands(replay(gdb, commands)));
            }
        }
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return write(&chapter, &replayed);
    }
    let Some(difference) = first_difference(&chapter, &replayed) else { return };
    let advice = "\nIf this is how it should be: UPDATE_DOCS=1 cargo test -p tests --test debugger";
    if version.starts_with(GDB) || session::in_ci() {
        panic!("docs/15-debugger.md differs from what gdb says.\n{difference}{advice}");
    }
    session::say(&format!("skipped: the listings are gdb {}'s, this is {version}", GDB));
}

/// The version whose outputs the chapter shows.
const GDB: &str = "13.";

enum Listing {
    Start { arguments: Vec<String>, says: Vec<String> },
    Commands(Vec<Said>),
}

/// A command, and what gdb says to it.
#[derive(Clone)]
struct Said {
    command: String,
    output: String,
}

fn path() -> std::path::PathBuf {
    session::root().join("docs/15-debugger.md")
}

fn read() -> String {
    fs::read_to_string(path()).expect("the chapter")
}

/// The listings, in their order.
fn listings(chapter: &str) -> Vec<Listing> {
    blocks(chapter).into_iter().filter_map(|block| listing(block.language, block.text)).collect()
}

struct Block<'a> {
    language: &'a str,
    text: &'a str,
}

fn blocks(chapter: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut rest = chapter;
    while let Some((_, opened)) = rest.split_once("\n```") {
        let (language, body) = opened.split_once('\n').expect("a listing");
        let (text, after) = body.split_once("\n```").expect("a listing ends");
        blocks.push(Block { language, text });
        rest = after;
    }
    blocks
}

fn listing(language: &str, text: &str) -> Option<Listing> {
    if language == "gdb" {
        return Some(Listing::Commands(commands(text)));
    }
    let mut lines = text.lines();
    let start =
        lines.next()?.strip_prefix("$ docs/debugger/start").filter(|_| language == "console")?;
    let arguments = start.split_whitespace().map(String::from).collect();
    Some(Listing::Start { arguments, says: lines.map(String::from).collect() })
}

fn commands(text: &str) -> Vec<Said> {
    let mut commands: Vec<Said> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("(gdb) "), commands.last_mut()) {
            (Some(command), _) => {
                commands.push(Said { command: command.to_string(), output: String::new() });
            }
            (None, Some(last)) => last.output += &format!("{line}\n"),
            (None, None) => panic!("a listing begins with a command, not with: {line}"),
        }
    }
    commands.iter_mut().for_each(|said| said.output = said.output.trim().to_string());
    commands
}

/// The same commands, and what this gdb says to them.
fn replay(gdb: &mut Session, commands: &[Said]) -> Vec<Said> {
    let replayed = commands.iter().map(|said| Said {
        command: said.command.clone(),
        output: match said.output.lines().any(|line| line == "^C") {
            true => gdb.interrupt(&said.command),
            false => gdb.say(&said.command),
        },
    });
    replayed.collect()
}

fn first_difference(chapter: &str, replayed: &[Listing]) -> Option<String> {
    let written = listings(chapter);
    let said = |listing: &Listing| match listing {
        Listing::Commands(commands) => commands.clone(),
        Listing::Start { .. } => Vec::new(),
    };
    let written = written.iter().flat_map(said);
    let (old, new) =
        written.zip(replayed.iter().flat_map(said)).find(|(old, new)| old.output != new.output)?;
    Some(format!("(gdb) {}\n--- written\n{}\n--- said\n{}\n", old.command, old.output, new.output))
}

/// Writes the chapter with these outputs in place of its own.
fn write(chapter: &str, replayed: &[Listing]) {
    let mut replayed = replayed.iter();
    let mut new = chapter.to_string();
    for block in
        blocks(chapter).iter().filter(|block| listing(block.language, block.text).is_some())
    {
        if let Some(Listing::Commands(commands)) = replayed.next() {
            let texts = commands.iter().map(|said| match said.output.as_str() {
                "" => format!("(gdb) {}", said.command),
                output => format!("(gdb) {}\n{output}", said.command),
            });
            let text = texts.collect::<Vec<_>>().join("\n");
            new = new.replacen(
                &format!("```gdb\n{}\n```", block.text),
                &format!("```gdb\n{text}\n```"),
                1,
            );
        }
    }
    fs::write(path(), new).expect("the chapter can be written");
}
