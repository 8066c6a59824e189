//! What is needed to see what somebody has asked to see: observers before the run, and after it the views
//! that show all of it.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use executor::{Observer, State, Step};

use super::chrome::{Tick, trace_json};
use super::page;
use super::recorder::Recorder;
use super::terminal::{self, Paint};
use super::timeline::timeline;
use super::trace::Trace;
use crate::cli::Views;
use crate::output::Output;

/// The views of one run.
#[derive(Clone)]
pub struct Watch {
    views: Views,
    tick: Tick,
    output: Rc<Output>,
    trace: Option<Rc<RefCell<Trace>>>,
    /// Of a run that somebody wants to see as a whole.
    recorder: Option<Rc<RefCell<Recorder>>>,
}

impl Watch {
    /// Prepares the views. All that is not written into files goes to `output`.
    pub fn new(views: &Views, tick: Tick, output: Rc<Output>) -> Watch {
        let trace = views.trace.clone().map(|kinds| {
            let output = output.clone();
            let print = move |line: &str| output.line(line);
            Rc::new(RefCell::new(Trace::new(kinds, print)))
        });
        let recorder = views.need_all_steps().then(Recorder::shared);
        Watch { views: views.clone(), tick, output, trace, recorder }
    }

    /// Who is to observe the run. `None` if nobody: then it is as fast as ever.
    pub fn observer(&self) -> Option<Rc<RefCell<dyn Observer>>> {
        match (&self.trace, &self.recorder) {
            (None, None) => None,
            _ => Some(Rc::new(RefCell::new(self.clone()))),
        }
    }

    /// The program prints a line.
    pub fn program_prints(&self, line: &str) {
        if let Some(recorder) = &self.recorder {
            recorder.borrow_mut().print(line);
        }
        match &self.trace {
            Some(trace) => trace.borrow_mut().program_prints(line),
            // In the stepper it stands at its step.
            None if self.views.step.is_some() => {}
            None => self.output.line(line),
        }
    }

    /// The run is over: shows what can be shown only now. `title` says which run it was.
    ///
    /// Returns a complaint for each file that can't be written.
    pub fn finish(&self, title: &str) -> Vec<String> {
        let Some(recorder) = &self.recorder else { return Vec::new() };
        let recorder = recorder.borrow();
        if self.views.timeline {
            let (width, _) = terminal::size();
            let timeline = timeline(recorder.steps(), width, Paint::of_stdout());
            self.output.line(&format!("\n{}", timeline.trim_end()));
        }
        let json = self.views.trace_json.as_ref();
        let json = json.map(|file| write(file, &trace_json(recorder.steps(), self.tick)));
        let page = self.views.page.as_ref();
        let page = page.map(|file| write(file, &page::html(title, recorder.steps(), None)));
        [json, page].into_iter().flatten().filter_map(Result::err).collect()
    }

    /// All steps, for the stepper.
    pub fn recorder(&self) -> Option<Rc<RefCell<Recorder>>> {
        self.recorder.clone()
    }
}

impl Observer for Watch {
    fn step(&mut self, step: &Step, state: &State<'_>) {
        if let Some(trace) = &self.trace {
            trace.borrow_mut().step(step, state);
        }
        if let Some(recorder) = &self.recorder {
            recorder.borrow_mut().step(step, state);
        }
    }
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("can't write {}: {error}", file.display()))
}
