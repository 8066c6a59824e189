//! The command `demo`: reads the command line, runs the founding program, answers with an exit
//! status (0 done, 1 failed, 2 not understood). The program itself is in `program.rs`.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod debugger;

use std::env;
use std::io;
use std::process::ExitCode;
use std::rc::Rc;

use demo::cli::{self, Args, Request, Views};
use demo::output::{Closed, Flush, Output, complain};
use demo::program;
use demo::views::chrome::Tick;
use demo::views::step::{self, Screen};
use demo::views::terminal::{self, Paint};
use demo::views::watch::Watch;

fn main() -> ExitCode {
    match cli::parse(env::args_os()) {
        Ok(Request::Run(args, views)) => run(&args, &views),
        Ok(Request::Help(text)) => help(&text),
        Err(message) => {
            complain(&message);
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args, views: &Views) -> ExitCode {
    let flush = if args.virtual_time { Flush::Whenever } else { Flush::EveryLine };
    let closed = if views.writes_files() { Closed::Mutes } else { Closed::Ends };
    let tick = if args.virtual_time { Tick::Virtual } else { Tick::System };
    let output = Rc::new(Output::new(flush, closed));
    let watch = Watch::new(views, tick, output.clone());
    let printer = watch.clone();
    let ran = program::run_observed(args, watch.observer(), move |line| {
        printer.program_prints(line);
    });
    let title = format!("demo -p {} -c {} --seed {}", args.nprod, args.ncon, args.seed);
    let complaints = watch.finish(&title);
    if views.step.is_some() {
        walk(&watch, &output);
    }
    output.finish();
    let failed = ran.map_err(|error| error.to_string()).err();
    let complaints: Vec<String> = failed.into_iter().chain(complaints).collect();
    complaints.iter().for_each(|complaint| complain(complaint));
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn walk(watch: &Watch, output: &Output) {
    let (width, rows) = terminal::size();
    let (paint, clear) = (Paint::of_stdout(), terminal::clear_screen());
    let screen = Screen { width, rows, paint, clear };
    if let Some(recorder) = watch.recorder() {
        let show = |text: &str| output.prompt(text);
        step::walk(recorder.borrow().steps(), &screen, io::stdin().lock(), show);
    }
}

fn help(text: &str) -> ExitCode {
    let output = Output::new(Flush::Whenever, Closed::Ends);
    output.line(text.trim_end());
    output.finish();
    ExitCode::SUCCESS
}
