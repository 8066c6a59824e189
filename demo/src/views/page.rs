//! `--page`: the player, a run as one HTML file that steps forward and *back*.
//!
//! The file holds everything: the recorded run as JSON, the sources its steps point at, a style and a script.
//! It asks for nothing over the network and needs no framework. Every state on it is the executor's own, taken
//! down by the [recorder](super::recorder): the script looks states up and computes none.
//!
//! | at the end of the address | what it does |
//! |---|---|
//! | `#step=41` | begins with step 41 |
//! | `?embed` | the compact form, for a frame of some 720 x 420 pixels: code, ready queue, tasks, and what the step is about |
//! | `?embed=code,wheel` | the same with these panels: `code`, `ready`, `tasks`, `queue`, `wheel`, `steps`, `output` |
//! | `?theme=dark`, `?embed&theme=light` | not as the system says; a message `{theme: "dark"}` to the frame does it, too |
//!
//! ```text
//! page.rs              from a recorded run to a file
//! page/run.rs          the run as JSON, step by step
//! page/states.rs       how things are after a step
//! page/tables.rs       what occurs often is written once
//! page/words.rs        what a task does and waits for, in words
//! page/sources.rs      the sources of executor, queue and demo
//! page/page.html       the frame, into which the rest is put
//! page/page.css, *.js  how it looks, and what it does
//! ```

mod run;
pub mod sources;
mod states;
mod tables;
mod words;

use super::recorder::Recorded;

pub use run::subject_task;

const FRAME: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
/// One script in six chapters, in the order in which they need each other.
const SCRIPT: [&str; 6] = [
    include_str!("page/run.js"),
    include_str!("page/panels.js"),
    include_str!("page/wheel.js"),
    include_str!("page/code.js"),
    include_str!("page/list.js"),
    include_str!("page/player.js"),
];

/// A program that is not Rust, to stand where the user's code would.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// What to call it.
    pub name: String,
    /// All of it.
    pub text: String,
    /// For each step a line of it, if there is one that says why.
    pub lines: Vec<Option<Line>>,
}

/// A line of the user's code, counted from 1, and what it has to do with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// It is because of this line that the step happened.
    Acts(u32),
    /// The step is the loop's own, and the task that it is about waits at this line.
    Waits(u32),
}

/// The page of a run. `title` says which run it is.
pub fn html(title: &str, steps: &[Recorded], listing: Option<&Listing>) -> String {
    let mut page = String::new();
    let mut rest = FRAME;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, hole)| Some((before, hole.split_once("}}")?)))
    {
        page += before;
        match name {
            "title" => page += &escaped(title),
            "style" => page += STYLE,
            "run" => page += &run::json(title, steps, listing),
            "script" => SCRIPT.iter().for_each(|chapter| page += chapter),
            other => unreachable!("page.html has a hole that nobody fills: {other}"),
        }
        rest = after;
    }
    page + rest
}

/// Text as it must stand in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::recorder::Recorder;
    use executor::{Clock, Executor, spawn_named};
    use queue::Queue;

    const NASTY: &str = "</script><!--<script> \" \\ \u{2028} & </title>";

    #[test]
    fn nothing_in_a_run_is_taken_for_html() {
        let recorder = Recorder::shared();
        let printer = recorder.clone();
        Executor::new(Clock::virtual_time()).observed_by(recorder.clone()).run(async move {
            let queue = Queue::new(0).shown_as(|item: &&str| item.to_string());
            queue.put(NASTY).await.expect("there is room");
            printer.borrow_mut().print(NASTY);
            spawn_named(NASTY, async {}).await.expect("it ends");
        });
        let page = html(NASTY, recorder.borrow().steps(), None);
        assert_eq!(page.matches("</script").count(), 2, "the run, and the script");
        assert_eq!(page.matches("<script").count(), 2);
        assert_eq!(page.matches("</title").count(), 1);
        assert!(!page.contains("{{"), "all holes are filled");
        let quoted = r#""\u003c/script>\u003c!--\u003cscript> \" \\ \u2028 & \u003c/title>""#;
        assert!(page.matches(quoted).count() >= 3, "item, name and line");
    }
}
