//! A program out of bytes: any bytes give a well-formed one, and a few bytes changed give one much like it.
//!
//! Each byte is one choice, and where they end every further choice is the first. So a fuzzer can
//! search by changing bytes, and random bytes are a random program. `tests/oracle/gen.py` is the
//! generator for people who read programs; what makes tasks collide is taken from there: durations are
//! few and short, so that deadlines coincide, and most of the traffic goes through one small queue.
//!
//! Why a program comes to its end: it has no loops. It may get stuck, though; then so must the model.

use std::slice;

use crate::scenario::{EventNo, Op, Program, QueueNo, TaskNo};

/// One of these is a program's stock of durations, in milliseconds.
const DURATIONS: [&[u64]; 8] =
    [&[1, 2], &[1, 2, 3], &[2, 4, 6], &[5, 10], &[1], &[1, 2, 3, 5, 8], &[64, 128], &[10]];
/// Round the end of time, 2^64 nanoseconds.
const FAR: [u64; 4] = [18_446_744_073_708, 18_446_744_073_709, 18_446_744_073_710, u64::MAX];
/// `maxsize` of a queue; 0 is unbounded.
const SIZES: [usize; 8] = [1, 0, 1, 2, 0, 3, 1, 2];
/// What a task mostly does.
#[derive(Clone, Copy)]
enum Role {
    Anything,
    Gets,
    Puts,
    Cancels,
}
use Role::*;

/// Of timeouts in timeouts.
const MAX_DEPTH: usize = 3;

/// The program that these bytes choose.
pub fn program(bytes: &[u8]) -> Program {
    let mut choices = Choices(bytes.iter());
    let ends = choices.below(4) > 0;
    let mut making = Making {
        tasks: 2 + choices.below(12),
        queues: 1 + choices.below(3),
        events: 1 + choices.below(2),
        durations: DURATIONS[choices.below(DURATIONS.len())],
        theme: choices.one_of(&[Gets, Puts, Anything, Anything]),
        items: 0,
        choices,
    };
    let queues = (0..making.queues).map(|_| making.choices.one_of(&SIZES)).collect();
    let mut tasks: Vec<Vec<Op>> = (0..making.tasks).map(|t| making.body(t)).collect();
    for t in 1..making.tasks {
        // Mostly main, at its beginning: so that the task is there when others name it.
        let (spawner, at) = match making.choices.below(4) {
            0 => (making.choices.below(making.tasks), making.choices.below(8)),
            _ => (0, t - 1),
        };
        let spawner = &mut tasks[if spawner == t { 0 } else { spawner }];
        spawner.insert(at.min(spawner.len()), Op::Spawn(TaskNo(t)));
    }
    if ends {
        // As `gen.py` does it: a timeout round main, then it cancels everybody, and waits for all.
        let others = || (1..making.tasks).map(TaskNo);
        let limit = 10 * making.durations[making.durations.len() - 1];
        let mut main = vec![Op::Timeout(limit, std::mem::take(&mut tasks[0]))];
        main.extend(others().map(Op::Cancel));
        main.extend(others().map(Op::Join));
        tasks[0] = main;
    }
    Program { name: None, queues, events: making.events, tasks }
}

/// The bytes that have not been used.
struct Choices<'a>(slice::Iter<'a, u8>);

impl Choices<'_> {
    /// A number below `limit`, which is 256 at most.
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % limit
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

/// A program in the making.
struct Making<'a> {
    choices: Choices<'a>,
    tasks: usize,
    queues: usize,
    events: usize,
    durations: &'static [u64],
    /// What many of the tasks do, so that they wait for the same thing.
    theme: Role,
    /// Put so far: each item is a new number.
    items: u64,
}

impl Making<'_> {
    fn body(&mut self, t: usize) -> Vec<Op> {
        let theme = self.theme;
        let role = self.choices.one_of(&[Anything, theme, Cancels, theme, Gets, Puts]);
        let mut ops = Vec::new();
        for _ in 0..self.choices.below(10) {
            match (role, self.choices.below(2)) {
                (Gets, 0) => ops.push(Op::Get(self.queue())),
                (Puts, 0) => ops.push(Op::Put(self.queue(), self.item())),
                // Wakes somebody and cancels, perhaps the same one, in one step; and perhaps wakes another.
                (Cancels, 0) => {
                    let pause = Op::Sleep(self.ms());
                    ops.extend([pause, self.waker(), Op::Cancel(self.task())]);
                    if self.choices.below(2) == 0 {
                        ops.push(self.waker());
                    }
                }
                _ => ops.push(self.op(t, 0)),
            }
        }
        ops
    }

    /// An op that may wake another task, and does not wait itself.
    fn waker(&mut self) -> Op {
        match self.choices.below(8) {
            0..3 => Op::TryPut(self.queue(), self.item()),
            3..6 => Op::TryGet(self.queue()),
            6 => Op::Set(self.event()),
            _ => Op::TaskDone(self.queue()),
        }
    }

    /// The bounds say how often each op is chosen, of 128.
    fn op(&mut self, t: usize, depth: usize) -> Op {
        match self.choices.below(128) {
            0..18 => Op::Sleep(self.ms()),
            18..28 => Op::Yield,
            28..38 => Op::Put(self.queue(), self.item()),
            38..48 => Op::Get(self.queue()),
            48..54 => Op::TryPut(self.queue(), self.item()),
            54..60 => Op::TryGet(self.queue()),
            60..65 => Op::TaskDone(self.queue()),
            65..68 => Op::QJoin(self.queue()),
            68..71 => Op::Set(self.event()),
            71..76 => Op::Wait(self.event()),
            76..78 => Op::Clear(self.event()),
            78..79 => Op::IsSet(self.event()),
            79..86 => Op::Cancel(self.task()),
            86..89 => Op::State(self.task()),
            89..95 => match self.later(t, 1).pop() {
                Some(later) => Op::Join(later),
                None => Op::Yield,
            },
            95..101 => Op::Gather(self.some_later(t)),
            101..104 => Op::GatherAll(self.some_later(t)),
            104..118 if depth < MAX_DEPTH => {
                let (ms, count) = (self.ms(), 1 + self.choices.below(3));
                Op::Timeout(ms, (0..count).map(|_| self.op(t, depth + 1)).collect())
            }
            118..122 => Op::Work(self.ms()),
            122..124 => Op::Shutdown(self.queue(), self.choices.below(3) == 0),
            124..125 => Op::QSize(self.queue()),
            125..126 => Op::Fail(self.choices.below(100) as u64),
            _ => Op::Log(self.choices.below(100) as u64),
        }
    }

    fn ms(&mut self) -> u64 {
        match self.choices.below(256) {
            255 => self.choices.one_of(&FAR),
            250..255 => 0,
            any => self.durations[any % self.durations.len()],
        }
    }

    fn queue(&mut self) -> QueueNo {
        QueueNo(self.choices.below(256).saturating_sub(170) % self.queues)
    }

    fn event(&mut self) -> EventNo {
        EventNo(self.choices.below(self.events))
    }

    fn task(&mut self) -> TaskNo {
        TaskNo(self.choices.below(self.tasks))
    }

    fn item(&mut self) -> u64 {
        self.items += 1;
        self.items
    }

    /// So many tasks that `t` may wait for: those with a larger number, as far as there are any.
    fn later(&mut self, t: usize, count: usize) -> Vec<TaskNo> {
        let mut later: Vec<TaskNo> = (t + 1..self.tasks).map(TaskNo).collect();
        while later.len() > count {
            let index = self.choices.below(later.len());
            later.swap_remove(index);
        }
        later
    }

    fn some_later(&mut self, t: usize) -> Vec<TaskNo> {
        let count = self.choices.below(6);
        self.later(t, count)
    }
}
