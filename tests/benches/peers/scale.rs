//! How ours scales: the cost of a task and of a timer from a thousand to a million of them (flat, but
//! for cache misses), their memory (linear), and the founding program on virtual time with thousands
//! of producers and consumers, beside CPython on the oracle's virtual clock.

use std::cell::Cell;
use std::env;
use std::fmt::Write;
use std::process::Stdio;
use std::rc::Rc;
use std::time::Instant;

use demo::cli::{Request, parse};

use crate::common::number::{grouped, rounded};
use crate::common::options::Options;
use crate::common::statistics::Summary;
use crate::contenders::Ours;
use crate::instructions;
use crate::python;
use crate::rows;
use crate::table::markdown;
use crate::workloads::{memory, spawn, timers, wake};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// A column: its title, and its cost at a size, the work being done so many times.
type Column = (&'static str, fn(usize, usize) -> f64);

const TASKS: [Column; 4] = [
    ("spawn and await", spawn::and_await::<Ours>),
    ("spawn and gather", spawn::and_join_all::<Ours>),
    ("yield", |tasks, repeats| wake::yields::<Ours>(tasks, 10, repeats)),
    ("bytes, waiting", |tasks, _| memory::waiting_task::<Ours>(tasks)),
];

const TIMERS: [Column; 3] = [
    ("arm and drop a sleep", |armed, _| timers::arm_and_drop::<Ours>(armed, 100_000)),
    ("fire, virtual clock", timers::fire::<Ours>),
    ("bytes, sleeping task", |tasks, _| memory::sleeping_task::<Ours>(tasks)),
];

/// Two tables and a sentence.
pub fn report(options: &Options) -> String {
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 5 });
    let mut text = table("tasks", &TASKS, rounds);
    text += "\n";
    text += &table("timers", &TIMERS, rounds);
    text += "\n";
    text += &instructions_of_a_timer();
    text += "\n";
    text += &founding_program(2_000, 1_000);
    text
}

/// Time grows with the timers, since they lie in more memory than a cache holds. What is done for each does not.
fn instructions_of_a_timer() -> String {
    let count = |name: &str| {
        let rows = rows::rows();
        let row = rows.iter().find(|row| row.name == name).ok_or("no such workload")?;
        let program = env::current_exe().map_err(|error| error.to_string())?;
        instructions::count(&program, row, &row.contenders[0]).map(rounded)
    };
    match (count("fire-10k"), count("fire-1m")) {
        (Ok(few), Ok(many)) => format!(
            "What grows is the time that memory takes, and not the work: to fire is {few} instructions for each \
             of 10,000 timers, {many} for each of 1,000,000 (callgrind).\n"
        ),
        (Err(problem), _) | (_, Err(problem)) => {
            format!("Instructions were not counted: {problem}\n")
        }
    }
}

fn table(what: &str, columns: &[Column], rounds: usize) -> String {
    let mut header = vec![what.to_string()];
    header.extend(columns.iter().map(|(title, _)| title.to_string()));
    let mut cells = vec![header];
    for size in SIZES {
        let repeats = (200_000 / size).max(2); // one alone would have untouched memory
        let mut row = vec![grouped(size as u64)];
        for (_, cost) in columns {
            let samples: Vec<f64> = (0..rounds).map(|_| cost(size, repeats)).collect();
            row.push(rounded(Summary::of(&samples).expect("a round at least").median));
        }
        cells.push(row);
    }
    markdown(&cells)
}

fn founding_program(producers: u32, consumers: u32) -> String {
    let (lines, ours) = our_run(producers, consumers);
    let mut text = format!(
        "The founding program with {} producers and {} consumers, {} lines, on virtual time: \
         {ours:.3} s",
        grouped(producers.into()),
        grouped(consumers.into()),
        grouped(lines),
    );
    if let Some((lines, theirs)) = cpythons_run(producers, consumers) {
        let _ = write!(
            text,
            "; CPython takes {theirs:.2} s for {} lines, which it also prints, and into which its start is counted",
            grouped(lines)
        );
    }
    text + ".\n"
}

/// How many lines, and how many seconds.
fn our_run(producers: u32, consumers: u32) -> (u64, f64) {
    let command_line = format!("demo -p {producers} -c {consumers} --virtual-time");
    let request = parse(command_line.split(' ').map(Into::into)).expect("a good command line");
    let Request::Run(arguments, ..) = request else { unreachable!("no help was asked for") };
    let lines = Rc::new(Cell::new(0));
    let count = {
        let lines = lines.clone();
        move |_: &str| lines.set(lines.get() + 1)
    };
    let start = Instant::now();
    demo::program::run(&arguments, count).expect("the founding program ends");
    let seconds = start.elapsed().as_secs_f64();
    (lines.get() - 1, seconds) // without the line that it took so long
}

/// The time includes the interpreter's start, some hundredths of a second.
fn cpythons_run(producers: u32, consumers: u32) -> Option<(u64, f64)> {
    let (producers, consumers) = (producers.to_string(), consumers.to_string());
    let mut command =
        python::command(&["run_prog.py", "--plain", "-p", &producers, "-c", &consumers])?;
    let start = Instant::now();
    let output = command.stderr(Stdio::null()).output().ok()?;
    let seconds = start.elapsed().as_secs_f64();
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter(|line| !line.starts_with('#')).count();
    output.status.success().then_some((lines as u64, seconds))
}
