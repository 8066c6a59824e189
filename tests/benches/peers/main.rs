//! Ours against its peers: `cargo bench -p tests --features peers --bench peers`, options after `--`
//! (`--help` lists them).
//!
//! One run measures every workload on every runtime and queue that takes part, interleaved, on one
//! core, in CPU time, and prints the table. With `--write` it also measures how ours scales, and the
//! timer structures, and writes the whole page for the docs. Where to look:
//!
//! ```text
//! rows.rs           the list: which workload, what bar, who takes part
//! workloads/        what is measured, each workload once, for everybody
//! contenders/       who is measured: a runtime or a queue behind a small trait
//! measure.rs        how: rounds, medians, processes of their own
//! table.rs          what comes out
//! python.rs         CPython's asyncio, and uvloop, on some of the same workloads
//! scale.rs          ours alone, from a thousand tasks and timers to a million (--scale)
//! instructions.rs   instructions in place of time (--instructions)
//! notes.rs          ours alone, with nobody who observes it and without notes (--notes)
//! document.rs       the page for the docs (--write)
//! ```

#[path = "../common/mod.rs"]
mod common;
mod contenders;
mod document;
mod instructions;
mod measure;
mod notes;
mod python;
mod row;
mod rows;
mod scale;
#[path = "../structures/mod.rs"]
mod structures;
mod table;
mod workloads;

use std::time::Instant;

use common::options::Options;
use common::{allocator, cpu};
use document::Document;
use row::Row;
use table::Line;

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

fn main() {
    let options = Options::from_command_line();
    let rows = rows::rows();
    cpu::pin_main_thread();
    if let Some(pair) = &options.child {
        measure::run_as_child(&rows, pair, &options);
    } else if options.instructions {
        print!("{}", instructions::report(&rows, &options));
    } else if options.scale {
        print!("{}", scale::report(&options));
    } else if options.notes {
        let report = notes::report(&rows, &options);
        print!("{report}");
        document::write_section(&report, &options);
    } else {
        compare(rows, &options);
    }
}

fn compare(rows: Vec<Row>, options: &Options) {
    let notes = options.write.as_ref().map(|_| notes::report(&rows, options));
    let instructions = notes.as_ref().map(|_| instructions::report(&rows, options));
    measure::start_watchdog();
    let mut lines = Vec::new();
    for row in rows.into_iter().filter(|row| options.wants(row.name)) {
        let start = Instant::now();
        let outcomes = measure::run(&row, options);
        eprintln!("{:24} {:5.1} s", row.name, start.elapsed().as_secs_f64());
        lines.push(Line { row, outcomes });
    }
    let python = python::measure(options);

    print!("{}", table::tables(&lines));
    print!("{}", table::left_out(&lines));
    if let Some(python) = &python {
        print!("{}", python.report(&lines));
    }
    if let (Some(notes), Some(instructions)) = (&notes, &instructions) {
        let scale = scale::report(options);
        let curves = structures::measure(options);
        print!("{scale}\n{notes}\n{}\n", curves.table());
        let (lines, python) = (&lines[..], python.as_ref());
        let (scale, instructions, curves) = (&scale[..], &instructions[..], &curves);
        Document { lines, python, scale, notes, instructions, curves }.write(options);
    }
    print!("{}", table::last_line(&lines));
}
