//! From a program to the text of its file, so that whatever is found can be run again, by
//! `scenario` and by Python's oracle. The way back is `scenario/parse.rs`.

use serde_json::{Value, json};

use crate::scenario::{Op, Program, TaskNo};

/// The program as a scenario file, in one line.
pub fn to_json(program: &Program) -> String {
    let mut file = json!({
        "v": 1,
        "queues": program.queues,
        "events": program.events,
        "tasks": program.tasks.iter().map(|ops| block(ops)).collect::<Value>(),
    });
    if let Some(name) = &program.name {
        file["name"] = json!(name);
    }
    file.to_string()
}

fn block(ops: &[Op]) -> Value {
    ops.iter().map(op).collect()
}

fn op(op: &Op) -> Value {
    let numbers = |tasks: &[TaskNo]| tasks.iter().map(|t| json!(t.0)).collect::<Value>();
    match op {
        Op::Sleep(ms) => json!(["sleep", ms]),
        Op::Yield => json!(["yield"]),
        Op::Work(ms) => json!(["work", ms]),
        Op::Log(n) => json!(["log", n]),
        Op::Fail(n) => json!(["fail", n]),
        Op::Spawn(t) => json!(["spawn", t.0]),
        Op::Join(t) => json!(["join", t.0]),
        Op::Cancel(t) => json!(["cancel", t.0]),
        Op::State(t) => json!(["state", t.0]),
        Op::Gather(ts) => json!(["gather", numbers(ts)]),
        Op::GatherAll(ts) => json!(["gather_all", numbers(ts)]),
        Op::Timeout(ms, ops) => json!(["timeout", ms, block(ops)]),
        Op::Put(q, v) => json!(["put", q.0, v]),
        Op::Get(q) => json!(["get", q.0]),
        Op::TryPut(q, v) => json!(["try_put", q.0, v]),
        Op::TryGet(q) => json!(["try_get", q.0]),
        Op::TaskDone(q) => json!(["task_done", q.0]),
        Op::QJoin(q) => json!(["qjoin", q.0]),
        Op::QSize(q) => json!(["qsize", q.0]),
        Op::Shutdown(q, immediate) => json!(["shutdown", q.0, u8::from(*immediate)]),
        Op::Set(e) => json!(["set", e.0]),
        Op::Clear(e) => json!(["clear", e.0]),
        Op::Wait(e) => json!(["wait", e.0]),
        Op::IsSet(e) => json!(["is_set", e.0]),
    }
}
