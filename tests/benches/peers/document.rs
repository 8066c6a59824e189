//! The page for the docs: all of it comes from one run of the command, and says so.

use crate::common::cpu;
use crate::common::options::{self, Options};
use crate::python::Python;
use crate::structures::Curves;
use crate::table::{self, Line};

const PICTURE: &str = "pictures/timer-structures.svg";

/// The peers of the table, as Cargo.lock calls them.
const PEERS: [&str; 13] = [
    "async-channel",
    "async-executor",
    "async-io",
    "async-local-executor",
    "async-unsync",
    "compio-runtime",
    "flume",
    "futures-executor",
    "glommio",
    "local-sync",
    "monoio",
    "tokio",
    "unsync",
];

pub struct Document<'a> {
    pub lines: &'a [Line],
    pub python: Option<&'a Python>,
    pub scale: &'a str,
    pub notes: &'a str,
    pub instructions: &'a str,
    pub curves: &'a Curves,
}

impl Document<'_> {
    pub fn write(&self, options: &Options) {
        let Some(folder) = &options.write else { return };
        options::write(folder, PICTURE, &self.curves.picture());
        options::write(folder, "benchmarks.md", &self.text());
    }

    fn text(&self) -> String {
        let mut text = format!(
            "# Benchmarks\n\n\
             This page is written by one run of\n\n\
             ```text\ncargo bench -p tests --features peers --bench peers -- --write\n```\n\n\
             on {}, {}, {} cores. Numbers of another machine differ, and ratios differ less.\n\n",
            std::env::consts::OS,
            std::env::consts::ARCH,
            cpu::core_count()
        );
        text += HOW_TO_READ;
        text += &table::tables(self.lines);
        text += WHERE_A_BAR_IS_MISSED;
        text += ABOUT_INSTRUCTIONS;
        text += self.instructions;
        text += "\n## Who did not take part, and why\n\n";
        text += &table::left_out(self.lines);
        if let Some(python) = self.python {
            text += "## Beside CPython\n\n";
            text += &python.report(self.lines);
        }
        text += "## How it scales\n\nNanoseconds for each task or timer, or bytes, the more of them there are.\n\n";
        text += self.scale;
        text += "\n";
        text += self.notes;
        text += "\n## The timer wheel alone\n\n\
                 An insertion takes the wheel and the heap the same time however many entries there are; a timeout \
                 that is not needed, armed and cancelled, does so in the wheel alone. To take out the earliest entry \
                 is what the tree does best, and the wheel still better than the heap.\n\n";
        text += &format!("![timer structures]({PICTURE})\n\n");
        text += &self.curves.table();
        text += "\n## Versions\n\n";
        text += &versions();
        text += "\n";
        text += &table::last_line(self.lines);
        text
    }
}

/// Puts a section of the page, heading first, in the place of the old one, or before the last but two.
pub fn write_section(section: &str, options: &Options) {
    let Some(folder) = &options.write else { return };
    let page = folder.join("benchmarks.md");
    let Ok(text) = std::fs::read_to_string(&page) else {
        return println!("there is no {} to write it into", page.display());
    };
    let heading = section.lines().next().unwrap_or_default();
    let start = text.find(&format!("{heading}\n")).or(text.find("## The timer wheel alone"));
    let start = start.unwrap_or(text.len());
    let rest = &text[start..];
    let end = match rest.starts_with(heading) {
        true => rest[1..].find("\n## ").map_or(rest.len(), |end| end + 2),
        false => 0,
    };
    let text = format!("{}{section}\n{}", &text[..start], &rest[end..]);
    options::write(folder, "benchmarks.md", &text);
}

const HOW_TO_READ: &str = "\
Nanoseconds of CPU time an operation, the median of some rounds; fewer is better. (The two rows of memory are bytes.) \
Workload by workload, in each round every contender has its turn, all in one process and on one core. *Spread* is the \
distance of the quartiles in percent of the median; where it is above some 20 percent, read nothing into a ratio. \
*Ratio* is ours to the best peer, *bar* the greatest ratio that we allow ourselves; a ratio above it is bold. A queue \
runs on several runtimes, and its column shows the best of them. Wakes from other threads are measured in processes of \
their own: the round trip in wall time, the others in the CPU time of both threads.\n\n\
tokio is its current-thread runtime; LocalExecutor and StaticLocalExecutor are async-executor's, with the timers of \
async-io; LocalPool is futures-executor's; monoio runs on its legacy driver, which is epoll.\n\n\
Two peers do less than a workload's name says, and count all the same. monoio polls a task that wakes \
itself at once again, before all others: there, nobody yields to anybody. glommio polls a new task inside \
`spawn_local`: what is ready then never sees the ready queue, and a tree of tasks is a recursion; *glommio \
queued* spawns as everybody else does, and stands only where something is spawned. The schedule of the peers is \
whatever is fastest for them; ours is CPython's.\n\n";

const WHERE_A_BAR_IS_MISSED: &str = "\
## Where a bar is missed, and what that buys\n\n\
- *Spawn one*, *chain*, *tree*: glommio polls the new task inside `spawn_local`. Here nobody is polled inside \
`spawn`, as in asyncio; so two passes lie between spawning one task and going on with its outcome. *glommio queued* \
does the same work as we do, and takes about twice as long.\n\
- *A timeout around something ready*: asyncio arms the timer, and then runs the body; the order decides who is first \
when two deadlines are equal, so ours is the same. Most peers poll the body first, and if it is ready, arm nothing. \
Reading the clock is half of what we take, and most of what the best of them takes.\n\
- *Arm and drop a sleep*: we are level with the best peer. Half of it is reading the clock, and asyncio reads it for \
each sleep: one that was counted from the beginning of the pass would end early.\n\
- *A waiting task in memory*: a row of 48 bytes for each task says what it does, what it waits for and who waits for \
it; that is what cancelling, the report of who waits for what and the debugger read. The future and its outcome lie in \
a block of 16 bytes beside it, and the ready queue keeps the room of its longest pass. Tables grow by doubling, so \
there is more room to spare just after they have grown.\n\
- *A queue of capacity 1, one task at each end*: we are faster, but not by as much as we want. unsync's is made for \
exactly that; ours has lines for any number of waiters, from which one can be cancelled.\n\
- *A foreign wake on one core*: the inbox is a mutex and a condition variable, where the best peer parks the thread on \
an atomic. It is most of all two changes of threads.\n\n";

const ABOUT_INSTRUCTIONS: &str = "\
## Instructions\n\n\
Counted by callgrind, an operation each. We take fewer than the best peer to spawn a task, and more in the other three: \
every borrow of a table is checked, and every task has its row.\n\n";

/// The versions of the peers, from the lock file with which this program was built. Of a package that
/// is there several times (somebody needs an older one), the newest comes last.
fn versions() -> String {
    let lock = include_str!("../../../Cargo.lock");
    let newest = PEERS.map(|peer| {
        let label = format!("name = \"{peer}\"\nversion = \"");
        let version = lock.rsplit(&label).next().and_then(|rest| rest.split('"').next());
        format!("{peer} {}", version.unwrap_or_default())
    });
    newest.join(", ") + ".\n"
}
