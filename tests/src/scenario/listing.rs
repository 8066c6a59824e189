//! A program as a page of text, and at which of its lines each step of a run is: so the player's page shows
//! the user's program, and not the interpreter.
//!
//! Where a task is, its lines of the trace tell: an op's line comes when the op is finished, so the task is at
//! the op after it.

use std::collections::HashMap;

use demo::views::page::{Line, Listing, subject_task};
use demo::views::recorder::Recorded;
use executor::TaskId;

use super::format::{Op, Program, TaskNo};

/// The listing of a program, for the steps of its run.
pub fn listing(program: &Program, steps: &[Recorded]) -> Listing {
    let mut text = Text::default();
    text.program(program);
    let mut cursors: Vec<Cursor<'_>> = program.tasks.iter().map(|ops| Cursor::new(ops)).collect();
    let mut names = HashMap::new();
    let mut lines = Vec::with_capacity(steps.len());
    for (at, now) in steps.iter().enumerate() {
        names.extend(now.tasks.iter().filter_map(|task| Some((task.id, number(&task.name)?))));
        let at_line = |task: TaskId| {
            let &TaskNo(t) = names.get(&task)?;
            Some(cursors[t].op().map_or(text.heads[t], |op| text.ops[&(op as *const Op)]))
        };
        let before = at.checked_sub(1).map(|before| &steps[before]);
        lines.push(match now.step.task {
            Some(task) => at_line(task).map(Line::Acts),
            None => subject_task(now, before).and_then(at_line).map(Line::Waits),
        });
        for line in &now.printed {
            // MS PASS TASK EVENT
            let mut columns = line.splitn(4, ' ').skip(2);
            if let (Some(Some(TaskNo(t))), Some(event)) =
                (columns.next().map(number), columns.next())
            {
                cursors[t].finished(event);
            }
        }
    }
    Listing { name: "scenario".to_string(), text: text.text, lines }
}

/// `t3` is task 3.
fn number(name: &str) -> Option<TaskNo> {
    name.strip_prefix('t')?.parse().ok().map(TaskNo)
}

/// The text, and the line of each op and of each task's head, from 1.
#[derive(Default)]
struct Text {
    text: String,
    line: u32,
    heads: Vec<u32>,
    ops: HashMap<*const Op, u32>,
}

impl Text {
    fn program(&mut self, program: &Program) {
        for (q, maxsize) in program.queues.iter().enumerate() {
            match maxsize {
                0 => self.push(0, &format!("queue q{q}")),
                _ => self.push(0, &format!("queue q{q}, room for {maxsize}")),
            };
        }
        for (t, ops) in program.tasks.iter().enumerate() {
            if t > 0 || self.line > 0 {
                self.push(0, "");
            }
            let head = self.push(0, &format!("{}:", TaskNo(t)));
            self.heads.push(head);
            self.ops(1, ops);
        }
    }

    fn ops(&mut self, depth: usize, ops: &[Op]) {
        for op in ops {
            let line = self.push(depth, &op.to_string());
            self.ops.insert(op, line);
            if let Op::Timeout(_, body) = op {
                self.ops(depth + 1, body);
            }
        }
    }

    fn push(&mut self, depth: usize, line: &str) -> u32 {
        self.text += &"    ".repeat(depth);
        self.text += line;
        self.text += "\n";
        self.line += 1;
        self.line
    }
}

/// Where a task is: in its ops, in the body of the timeout that it is in there, and so on.
struct Cursor<'a> {
    started: bool,
    blocks: Vec<(&'a [Op], usize)>,
}

impl<'a> Cursor<'a> {
    fn new(ops: &'a [Op]) -> Cursor<'a> {
        Cursor { started: false, blocks: vec![(ops, 0)] }
    }

    /// The op that it is at; `None` before the first and behind the last one.
    fn op(&self) -> Option<&'a Op> {
        let at = self.blocks.iter().rev().find_map(|&(ops, at)| ops.get(at));
        at.filter(|_| self.started)
    }

    /// A line of the trace: the task has started, or ended, or has finished an op.
    fn finished(&mut self, event: &str) {
        if event == "start" {
            self.started = true;
        } else if event.starts_with("end ") {
            self.blocks.clear();
        } else {
            self.leave(event);
            if let Some((_, at)) = self.blocks.last_mut() {
                *at += 1;
            }
        }
        self.enter();
    }

    /// If it is a timeout that is finished, leaves its body. Of two with the same duration the outer one
    /// expires first; but a timeout that ends well is the one whose body is done.
    fn leave(&mut self, event: &str) {
        let ends = |&(ops, at): &(&[Op], usize)| match ops.get(at) {
            Some(op @ Op::Timeout(..)) => event.starts_with(&format!("{op} ")),
            _ => false,
        };
        let block = match event.ends_with(" expired") {
            true => self.blocks.iter().position(ends),
            false => self.blocks.iter().rposition(ends),
        };
        if let Some(block) = block {
            self.blocks.truncate(block + 1);
        }
    }

    /// Whoever comes to a timeout is at the first op of its body.
    fn enter(&mut self) {
        while let Some(&(ops, at)) = self.blocks.last()
            && let Some(Op::Timeout(_, body)) = ops.get(at)
            && !body.is_empty()
        {
            self.blocks.push((body, 0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ops at which a task is, line by line of its trace.
    fn places(ops: &[Op], events: &[&str]) -> Vec<String> {
        let mut cursor = Cursor::new(ops);
        let place = |cursor: &Cursor<'_>| cursor.op().map_or("-".to_string(), |op| op.to_string());
        events
            .iter()
            .map(|event| {
                cursor.finished(event);
                place(&cursor)
            })
            .collect()
    }

    #[test]
    fn a_task_is_at_the_op_after_the_finished_one() {
        let ops = [Op::Sleep(5), Op::Yield];
        let events = ["start", "sleep 5", "yield", "end ok 0"];
        assert_eq!(places(&ops, &events), ["sleep 5", "yield", "-", "-"]);
    }

    #[test]
    fn a_timeout_that_ends_well_is_left_when_its_body_is_done() {
        let ops = [Op::Timeout(9, vec![Op::Sleep(5), Op::Yield]), Op::Log(1)];
        let events = ["start", "sleep 5", "yield", "timeout 9 ok", "log 1"];
        assert_eq!(places(&ops, &events), ["sleep 5", "yield", "timeout 9", "log 1", "-"]);
    }

    #[test]
    fn a_timeout_that_expires_is_left_wherever_it_was() {
        let inner = Op::Timeout(9, vec![Op::Timeout(3, vec![]), Op::Sleep(20)]);
        let ops = [Op::Timeout(9, vec![inner]), Op::Log(1)];
        let events = ["start", "timeout 3 ok", "timeout 9 expired"];
        assert_eq!(places(&ops, &events), ["timeout 3", "sleep 20", "log 1"]);
    }
}
