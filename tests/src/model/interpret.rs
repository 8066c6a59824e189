//! What each op does, and what its line in the trace says. `tests/oracle/interp.py`, op for op.
//!
//! The counterpart on the executor is `scenario/interpret.rs`. The two share the program's types and the
//! words for an op and its numbers, and nothing that decides who runs next.

use std::cell::{Cell, RefCell};
use std::fmt::Write;
use std::rc::Rc;

use super::Run;
use super::queue::{Event, Queue, Refused};
use super::schedule::{
    Awaitable, Coroutine, Deadlock, Gather, Loop, State, Task, sleep, timeout, wait,
};
use crate::scenario::{EventNo, Op, Program, QueueNo, TaskNo};

/// Runs a program until its main task ends.
pub fn run(program: &Program) -> Run {
    let eventloop = Rc::new(Loop::default());
    let scenario = Rc::new(Scenario {
        queues: program.queues.iter().map(|&maxsize| Queue::new(&eventloop, maxsize)).collect(),
        events: (0..program.events).map(|_| Event::new(&eventloop)).collect(),
        handles: RefCell::new(vec![None; program.tasks.len()]),
        spawned: RefCell::default(),
        trace: RefCell::default(),
        over: Cell::new(false),
        program: program.clone(),
        eventloop,
    });
    spawn(&scenario, TaskNo::MAIN);
    let stuck = scenario.run_until_done().is_err();
    let tasks = scenario.spawned.take();
    if stuck {
        // `asyncio.run` does it in any order, the executor in that of the table.
        tasks.iter().for_each(|task| _ = task.cancel());
        while !tasks[0].end().is_done() && !scenario.eventloop.has_nothing_ready() {
            scenario.eventloop.run_once().expect("somebody is ready");
        }
    }
    // Nobody waits for the others. What they hold each other by in memory is let go.
    tasks.iter().for_each(|task| task.forget());
    scenario.eventloop.clear();
    scenario.handles.take();
    Run { trace: scenario.trace.take(), stuck }
}

/// One run of one program: what its tasks share.
struct Scenario {
    eventloop: Rc<Loop>,
    program: Program,
    queues: Vec<Queue>,
    events: Vec<Event>,
    /// Of the tasks spawned so far, by their numbers.
    handles: RefCell<Vec<Option<Rc<Task>>>>,
    /// The same, in the order in which they were spawned.
    spawned: RefCell<Vec<Rc<Task>>>,
    trace: RefCell<String>,
    /// The trace stops at main's end.
    over: Cell<bool>,
}

fn spawn(scenario: &Rc<Scenario>, t: TaskNo) {
    // A task that is cancelled before its first step never runs: so the line is not the body's to write.
    let on_drop = {
        let scenario = scenario.clone();
        move || scenario.emit(t, "end cancelled")
    };
    let body = Body { scenario: scenario.clone(), t, acc: Cell::new(0) };
    let task = Task::new(&scenario.eventloop, Box::pin(body.run()), on_drop);
    scenario.handles.borrow_mut()[t.0] = Some(task.clone());
    scenario.spawned.borrow_mut().push(task);
}

impl Scenario {
    fn run_until_done(&self) -> Result<(), Deadlock> {
        let main = self.spawned.borrow()[0].clone();
        while !main.end().is_done() {
            self.eventloop.run_once()?;
        }
        Ok(())
    }

    fn emit(&self, t: TaskNo, text: &str) {
        if self.over.get() {
            return;
        }
        let (ms, pass) = (self.eventloop.now_in_ms(), self.eventloop.passes.get());
        writeln!(self.trace.borrow_mut(), "{ms} {pass} {t} {text}").expect("a String takes all");
        self.over.set(t == TaskNo::MAIN && text.starts_with("end "));
    }

    fn handle(&self, t: TaskNo) -> Option<Rc<Task>> {
        self.handles.borrow()[t.0].clone()
    }

    fn handles(&self, ts: &[TaskNo]) -> Option<Vec<Rc<Task>>> {
        ts.iter().map(|&t| self.handle(t)).collect()
    }

    fn queue(&self, q: QueueNo) -> &Queue {
        &self.queues[q.0]
    }

    fn event(&self, e: EventNo) -> &Event {
        &self.events[e.0]
    }
}

/// One task: runs its ops one after the other.
struct Body {
    scenario: Rc<Scenario>,
    t: TaskNo,
    /// The task's register, and its result.
    acc: Cell<u128>,
}

impl Body {
    async fn run(self) -> Result<u128, u64> {
        self.emit("start");
        let body = Rc::new(self);
        let ops = body.scenario.program.tasks[body.t.0].clone();
        match body.clone().run_ops(ops).await {
            Err(number) => {
                body.emit(&format!("end err {number}"));
                Err(number)
            }
            Ok(()) => {
                body.emit(&format!("end ok {}", body.acc.get()));
                Ok(body.acc.get())
            }
        }
    }

    fn emit(&self, text: &str) {
        self.scenario.emit(self.t, text);
    }

    /// Boxed, because blocks have blocks in them.
    fn run_ops(self: Rc<Body>, ops: Vec<Op>) -> Coroutine<Result<(), u64>> {
        Box::pin(async move {
            for op in &ops {
                let outcome = self.run_op(op).await?;
                self.emit(format!("{op} {outcome}").trim_end());
            }
            Ok(())
        })
    }

    async fn run_op(self: &Rc<Body>, op: &Op) -> Result<String, u64> {
        let Body { scenario, acc, .. } = &**self;
        let eventloop = &scenario.eventloop;
        let nothing = String::new();
        Ok(match op {
            Op::Sleep(ms) => {
                sleep(eventloop.clone(), *ms).await;
                nothing
            }
            Op::Yield => {
                sleep(eventloop.clone(), 0).await;
                nothing
            }
            Op::Work(ms) => {
                eventloop.work(*ms);
                nothing
            }
            Op::Timeout(ms, ops) => {
                let block = self.clone().run_ops(ops.clone());
                match timeout(eventloop.clone(), *ms, block).await {
                    Some(result) => result.map(|()| "ok".into())?,
                    None => "expired".into(),
                }
            }

            Op::Log(_) => nothing,
            Op::Fail(n) => return Err(*n),
            Op::Spawn(t) => {
                spawn(scenario, *t);
                nothing
            }
            Op::Join(t) => match scenario.handle(*t) {
                None => "none".into(),
                Some(task) => {
                    wait(task.clone()).await;
                    if let State::Ok(value) = task.end().state() {
                        acc.set(value);
                    }
                    words(task.end().state(), ' ')
                }
            },
            Op::Cancel(t) => match scenario.handle(*t) {
                None => "none".into(),
                Some(task) => task.cancel().to_string(),
            },
            Op::State(t) => match scenario.handle(*t) {
                None => "none".into(),
                Some(task) => words(task.end().state(), ' '),
            },
            Op::Gather(ts) => match scenario.handles(ts) {
                None => "none".into(),
                Some(tasks) => self.gather(&tasks).await,
            },
            Op::GatherAll(ts) => match scenario.handles(ts) {
                None => "none".into(),
                Some(tasks) => {
                    wait(Gather::new(eventloop, &tasks, true)).await;
                    commas(tasks.iter().map(|task| words(task.end().state(), ':')))
                }
            },

            Op::Put(q, value) => match scenario.queue(*q).put(*value).await {
                Ok(()) => nothing,
                Err(refused) => refusal(refused),
            },
            Op::Get(q) => self.taken(scenario.queue(*q).get().await),
            Op::TryPut(q, value) => match scenario.queue(*q).put_nowait(*value) {
                Ok(()) => "ok".into(),
                Err(refused) => refusal(refused),
            },
            Op::TryGet(q) => self.taken(scenario.queue(*q).get_nowait()),
            Op::TaskDone(q) => match scenario.queue(*q).task_done() {
                true => "ok".into(),
                false => "too_many".into(),
            },
            Op::QJoin(q) => {
                scenario.queue(*q).join().await;
                nothing
            }
            Op::QSize(q) => scenario.queue(*q).qsize().to_string(),
            Op::Shutdown(q, immediate) => {
                scenario.queue(*q).shutdown(*immediate);
                nothing
            }

            Op::Set(e) => {
                scenario.event(*e).set();
                nothing
            }
            Op::Clear(e) => {
                scenario.event(*e).clear();
                nothing
            }
            Op::IsSet(e) => scenario.event(*e).is_set().to_string(),
            Op::Wait(e) => {
                scenario.event(*e).wait().await;
                nothing
            }
        })
    }

    async fn gather(&self, tasks: &[Rc<Task>]) -> String {
        let gather = Gather::new(&self.scenario.eventloop, tasks, false);
        wait(gather.clone()).await;
        if !matches!(gather.end().state(), State::Ok(_)) {
            return words(gather.end().state(), ' ');
        }
        let value = |task: &Rc<Task>| match task.end().state() {
            State::Ok(value) => value,
            _ => unreachable!("the gather ended well"),
        };
        let values: Vec<u128> = tasks.iter().map(value).collect();
        self.acc.set(values.iter().fold(0, |sum, &value| sum.saturating_add(value)));
        format!("ok {}", commas(values.iter().map(u128::to_string)))
    }

    /// An item goes to the register.
    fn taken(&self, item: Result<u64, Refused>) -> String {
        match item {
            Ok(item) => {
                self.acc.set(item.into());
                item.to_string()
            }
            Err(refused) => refusal(refused),
        }
    }
}

fn refusal(refused: Refused) -> String {
    match refused {
        Refused::Full => "full".into(),
        Refused::Empty => "empty".into(),
        Refused::ShutDown => "shutdown".into(),
    }
}

fn words(state: State, between: char) -> String {
    match state {
        State::Pending => "pending".into(),
        State::Ok(value) => format!("ok{between}{value}"),
        State::Err(number) => format!("err{between}{number}"),
        State::Cancelled => "cancelled".into(),
    }
}

/// With commas, and `-` for nothing.
fn commas(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { "-".into() } else { words.join(",") }
}
