//! From JSON to a [`Program`], or to one line that says what is wrong, and where.
//!
//! All of FORMAT.md's rules are checked here, before anything runs. Python's oracle
//! (`tests/oracle/scen.py`) trusts its generator and checks nothing; our files come from people
//! too, and a wrong one should cost its writer one look.

use std::collections::HashSet;

use serde_json::Value;

use super::format::{EventNo, Op, Program, QueueNo, TaskNo};
use super::malformed::{Malformed, short, wrong};

/// Each event costs memory before the first step, so a slip of the key shouldn't cost all of it.
const MOST_EVENTS: usize = 1_000_000;

/// How each op is written; shown to those who wrote it differently.
const FORMS: [&str; 24] = [
    r#"["sleep", ms]"#,
    r#"["yield"]"#,
    r#"["work", ms]"#,
    r#"["log", n]"#,
    r#"["fail", n]"#,
    r#"["spawn", t]"#,
    r#"["join", t]"#,
    r#"["cancel", t]"#,
    r#"["state", t]"#,
    r#"["gather", [t, ..]]"#,
    r#"["gather_all", [t, ..]]"#,
    r#"["timeout", ms, [OP, ..]]"#,
    r#"["put", q, v]"#,
    r#"["get", q]"#,
    r#"["try_put", q, v]"#,
    r#"["try_get", q]"#,
    r#"["task_done", q]"#,
    r#"["qjoin", q]"#,
    r#"["qsize", q]"#,
    r#"["shutdown", q, 0 or 1]"#,
    r#"["set", e]"#,
    r#"["clear", e]"#,
    r#"["wait", e]"#,
    r#"["is_set", e]"#,
];

impl Program {
    /// Takes a program, bare or as `{"program": …}`; the keys it doesn't know are left to others.
    pub fn from_json(value: &Value) -> Result<Program, Malformed> {
        let value = value.get("program").unwrap_or(value);
        if !value.is_object() {
            return wrong(format!("expected a program, got {}", short(value)));
        }
        let name = match value.get("name") {
            None => None,
            Some(Value::String(name)) if !name.contains(char::is_control) => Some(name.clone()),
            Some(other) => {
                return wrong(format!("\"name\": expected a line of text, got {}", short(other)));
            }
        };
        read_program(value, name.clone()).map_err(|error| error.in_program(name))
    }
}

fn read_program(value: &Value, name: Option<String>) -> Result<Program, Malformed> {
    if let Some(version) = value.get("v").filter(|&v| v != 1) {
        return wrong(format!("\"v\": expected version 1, got {}", short(version)));
    }
    let queues = match value.get("queues") {
        None => Vec::new(),
        Some(sizes) => list(sizes)
            .and_then(|sizes| sizes.iter().map(|size| below(usize::MAX, size)).collect())
            .map_err(|error| error.at_key("queues"))?,
    };
    let events = match value.get("events") {
        None => 0,
        Some(count) => below(MOST_EVENTS + 1, count).map_err(|error| error.at_key("events"))?,
    };
    let Some(tasks) = value.get("tasks") else {
        return wrong("expected \"tasks\"".into());
    };
    let tasks = list(tasks).map_err(|error| error.at_key("tasks"))?;
    if tasks.is_empty() {
        return wrong("\"tasks\": expected at least one, task 0".into());
    }

    let mut reader = Reader {
        tasks: tasks.len(),
        queues: queues.len(),
        events,
        own: TaskNo::MAIN,
        spawners: vec![None; tasks.len()],
    };
    let mut bodies = Vec::with_capacity(tasks.len());
    for (t, body) in tasks.iter().enumerate() {
        reader.own = TaskNo(t);
        let body = reader.block(body).map_err(|error| error.in_task(t))?;
        bodies.push(body);
    }
    Ok(Program { name, queues, events, tasks: bodies })
}

/// Reads the ops of one program.
struct Reader {
    tasks: usize,
    queues: usize,
    events: usize,
    /// The task whose body is being read.
    own: TaskNo,
    /// For each task who spawns it, as far as that has been read.
    spawners: Vec<Option<TaskNo>>,
}

impl Reader {
    fn block(&mut self, value: &Value) -> Result<Vec<Op>, Malformed> {
        let ops = list(value)?.iter().enumerate();
        ops.map(|(i, op)| self.op(op).map_err(|error| error.in_op(i, op))).collect()
    }

    fn op(&mut self, value: &Value) -> Result<Op, Malformed> {
        let Some((Value::String(name), args)) = value.as_array().and_then(|op| op.split_first())
        else {
            return wrong(format!("expected an op, [name, ..], got {}", short(value)));
        };
        Ok(match (name.as_str(), args) {
            ("sleep", [ms]) => Op::Sleep(number(ms)?),
            ("yield", []) => Op::Yield,
            ("work", [ms]) => Op::Work(number(ms)?),
            ("log", [n]) => Op::Log(number(n)?),
            ("fail", [n]) => Op::Fail(number(n)?),
            ("spawn", [t]) => Op::Spawn(self.new_task(t)?),
            ("join", [t]) => Op::Join(self.later_task(t)?),
            ("cancel", [t]) => Op::Cancel(self.task(t)?),
            ("state", [t]) => Op::State(self.task(t)?),
            ("gather", [ts]) => Op::Gather(self.later_tasks(ts)?),
            ("gather_all", [ts]) => Op::GatherAll(self.later_tasks(ts)?),
            ("timeout", [ms, body]) => Op::Timeout(number(ms)?, self.block(body)?),
            ("put", [q, v]) => Op::Put(self.queue(q)?, number(v)?),
            ("get", [q]) => Op::Get(self.queue(q)?),
            ("try_put", [q, v]) => Op::TryPut(self.queue(q)?, number(v)?),
            ("try_get", [q]) => Op::TryGet(self.queue(q)?),
            ("task_done", [q]) => Op::TaskDone(self.queue(q)?),
            ("qjoin", [q]) => Op::QJoin(self.queue(q)?),
            ("qsize", [q]) => Op::QSize(self.queue(q)?),
            ("shutdown", [q, now]) => Op::Shutdown(self.queue(q)?, below(2, now)? == 1),
            ("set", [e]) => Op::Set(self.event(e)?),
            ("clear", [e]) => Op::Clear(self.event(e)?),
            ("wait", [e]) => Op::Wait(self.event(e)?),
            ("is_set", [e]) => Op::IsSet(self.event(e)?),
            ("lock" | "sem" | "shield", _) => {
                return wrong(format!(
                    "{name} is of the extra profile, which needs locks, semaphores or shields: \
                     there are none here"
                ));
            }
            (name, _) => {
                let opening = format!("[\"{name}\"");
                return match FORMS.iter().find(|form| form.starts_with(&opening)) {
                    Some(form) => wrong(format!("expected {form}, got {}", short(value))),
                    None => wrong("there is no op of this name".into()),
                };
            }
        })
    }

    fn queue(&self, value: &Value) -> Result<QueueNo, Malformed> {
        index("a queue", self.queues, value).map(QueueNo)
    }

    fn event(&self, value: &Value) -> Result<EventNo, Malformed> {
        index("an event", self.events, value).map(EventNo)
    }

    fn task(&self, value: &Value) -> Result<TaskNo, Malformed> {
        index("a task", self.tasks, value).map(TaskNo)
    }

    /// A task to spawn: nobody else does, and main is there from the beginning.
    fn new_task(&mut self, value: &Value) -> Result<TaskNo, Malformed> {
        let task = self.task(value)?;
        if task == TaskNo::MAIN {
            return wrong("t0 is main and can't be spawned".into());
        }
        if let Some(spawner) = self.spawners[task.0].replace(self.own) {
            return wrong(format!("{task} is spawned twice, first by {spawner}"));
        }
        Ok(task)
    }

    /// A task to wait for.
    fn later_task(&self, value: &Value) -> Result<TaskNo, Malformed> {
        let task = self.task(value)?;
        if task.0 <= self.own.0 {
            let own = self.own;
            return wrong(format!(
                "{own} may wait only for tasks numbered above it, not for {task}"
            ));
        }
        Ok(task)
    }

    fn later_tasks(&self, value: &Value) -> Result<Vec<TaskNo>, Malformed> {
        let values = list(value)?;
        let tasks =
            values.iter().map(|t| self.later_task(t)).collect::<Result<Vec<TaskNo>, _>>()?;
        let mut seen = HashSet::new();
        for task in &tasks {
            if !seen.insert(task.0) {
                return wrong(format!("{task} is gathered twice"));
            }
        }
        Ok(tasks)
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, Malformed> {
    match value {
        Value::Array(values) => Ok(values),
        other => wrong(format!("expected a list, got {}", short(other))),
    }
}

fn number(value: &Value) -> Result<u64, Malformed> {
    match value.as_u64() {
        Some(number) => Ok(number),
        None => {
            wrong(format!("expected a whole number from 0 to {}, got {}", u64::MAX, short(value)))
        }
    }
}

fn below(limit: usize, value: &Value) -> Result<usize, Malformed> {
    match value.as_u64().map(usize::try_from) {
        Some(Ok(number)) if number < limit => Ok(number),
        _ => wrong(format!("expected a whole number below {limit}, got {}", short(value))),
    }
}

/// The number of one of `count` things.
fn index(kind: &str, count: usize, value: &Value) -> Result<usize, Malformed> {
    below(count, value).or_else(|_| match count {
        0 => wrong(format!("expected {kind} number, but the program has none of these")),
        _ => wrong(format!("expected {kind} number below {count}, got {}", short(value))),
    })
}
