//! The command `demo`: reads the command line, runs the founding program, answers with an exit
//! status (0 done, 1 failed, 2 not understood). The program itself is in `program.rs`.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

use std::env;
use std::process::ExitCode;
use std::rc::Rc;

use demo::cli::{self, Args, Request};
use demo::output::{Flush, Output, complain};
use demo::program;

fn main() -> ExitCode {
    match cli::parse(env::args_os()) {
        Ok(Request::Run(args)) => run(&args),
        Ok(Request::Help(text)) => help(&text),
        Err(message) => {
            complain(&message);
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args) -> ExitCode {
    let flush = if args.virtual_time { Flush::Whenever } else { Flush::EveryLine };
    let output = Rc::new(Output::new(flush));
    let printer = output.clone();
    let ran = program::run(args, move |line| printer.line(line));
    output.finish();
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn help(text: &str) -> ExitCode {
    let output = Output::new(Flush::Whenever);
    output.line(text.trim_end());
    output.finish();
    ExitCode::SUCCESS
}
