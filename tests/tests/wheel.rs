//! The timer wheel against the heap that asyncio has.
//!
//! A heap of (deadline, number of arming) is right at a glance; the wheel is fast. Both are given the
//! same operations, chosen at random, and must say the same: which timer is next, when, and, among
//! equal deadlines, the one that was armed first. The wheel may say less in one place only: after a
//! cancellation its `next_deadline` may be a bound that is too early, never one that is too late.
//!
//! Deadlines come from all of u64, and mostly from where it hurts: digits that are about to carry,
//! equal ones, past ones, the two ends of time. `PROPTEST_CASES=100000` looks longer.

use std::collections::BTreeMap;

use executor::{NextDeadline, TimerId, TimerWheel, Turn};
use proptest::prelude::*;

/// What can be done to a wheel. `pick` numbers are taken modulo what there is to pick from.
#[derive(Clone, Copy, Debug)]
enum Op {
    Arm(When),
    /// Another timer with the deadline of one that is armed.
    ArmAgain {
        pick: usize,
    },
    Cancel {
        pick: usize,
    },
    /// Removes one that is due, as a future does that has been woken.
    CancelDue {
        pick: usize,
    },
    /// Time goes on, and everything that is due comes up.
    Advance(When),
    /// Time goes on, but the wheel is turned once only: it is left between two cascades.
    TurnOnce(When),
    /// Time goes on to what `next_deadline` says.
    Jump,
}

/// A point in time, as seen from now.
#[derive(Clone, Copy, Debug)]
enum When {
    /// So many nanoseconds from now.
    In(u64),
    /// So many nanoseconds ago.
    Ago(u64),
    /// Where the next digit of that level (in base 64) begins, and some nanoseconds more.
    Carry { level: u32, more: u64 },
    /// Anywhere.
    At(u64),
    /// So many nanoseconds before the end of time.
    BeforeTheEnd(u64),
}

impl When {
    fn from(self, now: u64) -> u64 {
        match self {
            When::In(nanos) => now.saturating_add(nanos),
            When::Ago(nanos) => now.saturating_sub(nanos),
            When::Carry { level, more } => {
                let lower_digits = (1 << (6 * level)) - 1;
                (now | lower_digits).saturating_add(1 + more)
            }
            When::At(nanos) => nanos,
            When::BeforeTheEnd(nanos) => u64::MAX - nanos,
        }
    }
}

/// The wheel, and a heap that is given the same timers.
#[derive(Default)]
struct Twins {
    wheel: TimerWheel<u64>,
    /// The model: what waits, in the order in which it must come up.
    heap: BTreeMap<(u64, u64), TimerId>,
    /// What has come up and was not removed.
    due: Vec<(TimerId, u64)>,
    now: u64,
    armed: u64,
    fired: u64,
    cascades: u64,
    /// How often `next_deadline` was a bound only.
    bounds: u64,
}

impl Twins {
    fn apply(&mut self, op: Op) {
        match op {
            Op::Arm(when) => self.arm(when.from(self.now)),
            Op::ArmAgain { pick } => {
                if let Some((deadline, _)) = self.pick(pick) {
                    self.arm(deadline);
                }
            }
            Op::Cancel { pick } => {
                if let Some(key) = self.pick(pick) {
                    let id = self.heap.remove(&key).expect("picked");
                    assert_eq!(self.wheel.cancel(id), key.1, "the value it was armed with");
                }
            }
            Op::CancelDue { pick } if !self.due.is_empty() => {
                let (id, value) = self.due.swap_remove(pick % self.due.len());
                assert_eq!(self.wheel.cancel(id), value);
            }
            Op::CancelDue { .. } => {}
            Op::Advance(when) => self.advance(when.from(self.now)),
            Op::TurnOnce(when) => {
                self.now = self.now.max(when.from(self.now));
                self.turn();
            }
            Op::Jump => self.jump(),
        }
        self.check_next();
    }

    fn arm(&mut self, deadline: u64) {
        let id = self.wheel.arm(deadline, self.armed);
        assert_eq!(self.wheel[id], self.armed);
        assert!(!self.wheel.is_due(id), "even one that is overdue comes up in a turn only");
        self.heap.insert((deadline, self.armed), id);
        self.armed += 1;
    }

    fn pick(&self, pick: usize) -> Option<(u64, u64)> {
        let index = pick.checked_rem(self.heap.len())?;
        self.heap.keys().nth(index).copied()
    }

    fn advance(&mut self, now: u64) {
        self.now = self.now.max(now);
        while self.turn() {}
        let next = self.heap.keys().next();
        assert!(next.is_none_or(|&(deadline, _)| deadline > self.now), "{next:?} is due");
    }

    /// One turn, which must do what the heap says, or cascade. Whether anything happened.
    fn turn(&mut self) -> bool {
        match self.wheel.turn(self.now) {
            None => false,
            Some(Turn::Cascaded { level, slot }) => {
                assert!((1..=10).contains(&level) && slot < 64, "level {level}, slot {slot}");
                self.cascades += 1;
                true
            }
            Some(Turn::Due(id)) => {
                let first = self.heap.pop_first();
                let ((deadline, number), expected) = first.expect("something waits");
                assert_eq!((self.wheel[id], id), (number, expected), "not the first in order");
                assert!(deadline <= self.now, "{deadline} came up at {}", self.now);
                assert!(self.wheel.is_due(id));
                assert_eq!(self.wheel.deadline(id), deadline);
                assert_eq!(self.wheel.position(id), None, "it stands in no slot any more");
                self.due.push((id, number));
                self.fired += 1;
                true
            }
        }
    }

    /// Parks as the loop does: to the next deadline, again as long as that is only a bound.
    fn jump(&mut self) {
        for looks in 0.. {
            let Some(next) = self.wheel.next_deadline() else { return };
            self.advance(next.time());
            if let NextDeadline::At(_) = next {
                return;
            }
            self.bounds += 1;
            let after = self.wheel.next_deadline();
            assert!(after != Some(next) && looks < 11, "{next:?} leads nowhere");
        }
    }

    /// At the end of time everything is due. Then comes a new wheel, whose time is 0.
    fn start_again(&mut self) {
        self.advance(u64::MAX);
        assert!(self.heap.is_empty() && self.wheel.next_deadline().is_none());
        self.due.clear();
        self.wheel = TimerWheel::new();
        self.now = 0;
    }

    fn check_next(&self) {
        let first = self.heap.keys().next().map(|&(deadline, _)| deadline);
        match self.wheel.next_deadline() {
            None => assert_eq!(first, None),
            Some(NextDeadline::At(time)) => assert_eq!(Some(time), first),
            Some(NextDeadline::NotBefore(time)) => {
                assert!(first.is_some_and(|first| time <= first), "{time} is later than {first:?}");
            }
        }
        assert_eq!(self.wheel.len(), self.heap.len() + self.due.len());
        assert_eq!(self.wheel.is_empty(), self.heap.is_empty() && self.due.is_empty());
    }

    /// Who is due earlier stands in a lower level, or in an earlier slot; the slot is a digit of the
    /// deadline; and whoever stands in none is overdue, which comes before everything else.
    fn check_positions(&self) {
        let mut last = None;
        for (&(deadline, _), &id) in &self.heap {
            let position = self.wheel.position(id);
            assert!(position >= last, "{deadline} at {position:?} stands behind {last:?}");
            last = position;
            let Some((level, slot)) = position else {
                assert!(deadline <= self.now, "{deadline} is not past, but in no slot");
                continue;
            };
            assert!(level <= 10, "level {level}");
            assert_eq!(slot as u64, deadline >> (6 * level) & 63, "{deadline} in level {level}");
        }
    }
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        4 => (0..200u64).prop_map(When::In),
        2 => (0..11u32, 0..3u64).prop_map(|(level, more)| When::Carry { level, more }),
        1 => (0..64u32).prop_map(|bits| When::In(1 << bits)),
        1 => any::<u64>().prop_map(When::At),
        1 => (0..300u64).prop_map(When::Ago),
    ]
}

/// Deadlines, more so than steps of time, may be at the end of it.
fn deadline() -> impl Strategy<Value = When> {
    prop_oneof![9 => when(), 1 => (0..100u64).prop_map(When::BeforeTheEnd)]
}

/// How time goes on: mostly by little, or everything would be over at once.
fn step() -> impl Strategy<Value = When> {
    prop_oneof![
        8 => (0..100u64).prop_map(When::In),
        4 => (0..5u32, 0..3u64).prop_map(|(level, more)| When::Carry { level, more }),
        1 => when(),
        1 => (0..100u64).prop_map(When::BeforeTheEnd),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let pick = any::<usize>();
    prop_oneof![
        6 => deadline().prop_map(Op::Arm),
        2 => pick.prop_map(|pick| Op::ArmAgain { pick }),
        4 => pick.prop_map(|pick| Op::Cancel { pick }),
        1 => pick.prop_map(|pick| Op::CancelDue { pick }),
        2 => step().prop_map(Op::Advance),
        2 => step().prop_map(Op::TurnOnce),
        2 => Just(Op::Jump),
    ]
}

fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(default),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_wheel_does_what_a_heap_does(ops in prop::collection::vec(op(), 1..120)) {
        let mut twins = Twins::default();
        for op in ops {
            twins.apply(op);
            twins.check_positions();
        }
        twins.start_again();
    }
}

/// The same for longer: one wheel, a million operations, always the same ones.
#[test]
fn a_million_operations_on_one_wheel() {
    let mut random = SplitMix(444);
    let mut twins = Twins::default();
    for count in 0..1_000_000 {
        // As many timers as keep several levels busy, and no more.
        let crowded = twins.heap.len() > 60;
        let op = match random.below(20) {
            0..9 if !crowded => Op::Arm(random.when()),
            0..2 => Op::ArmAgain { pick: random.below(100) as usize },
            // Every other time the first one: then `next_deadline` has only a bound.
            2..13 => Op::Cancel { pick: (random.below(100) * random.below(2)) as usize },
            13..16 => Op::TurnOnce(random.soon(24)),
            16..18 => Op::Advance(random.soon(24)),
            _ => Op::Jump,
        };
        twins.apply(op);
        for (id, _) in std::mem::take(&mut twins.due) {
            twins.wheel.cancel(id);
        }
        if count % 64 == 0 {
            twins.check_positions();
        }
        if twins.now > u64::MAX / 2 {
            twins.start_again();
        }
    }
    // It was not idle: every path of the wheel was taken, and often.
    let Twins { fired, cascades, bounds, .. } = twins;
    assert!(fired > 200_000, "only {fired} timers came up");
    assert!(cascades > 200_000, "only {cascades} cascades");
    assert!(bounds > 5_000, "only {bounds} bounds");
}

/// The generator of that name: always the same numbers.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e3779b97f4a7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A deadline, of any order of magnitude.
    fn when(&mut self) -> When {
        match self.below(16) {
            0 => When::Ago(self.below(1000)),
            1 => When::Carry { level: self.below(6) as u32, more: self.below(3) },
            2 => When::At(self.next()),
            3 => When::BeforeTheEnd(self.below(1000)),
            _ => self.soon(30),
        }
    }

    /// So many bits at most: as often a nanosecond as a second.
    fn soon(&mut self, bits: u64) -> When {
        let magnitude = 1 << self.below(bits);
        When::In(self.below(magnitude))
    }
}

/// All entries of a slot cascade together, in the order in which they were armed: down the whole
/// wheel, from the highest level to the lowest, with neighbours that leave on the way.
#[test]
fn equal_deadlines_keep_their_order_through_every_cascade() {
    // The last nanosecond before every digit changes: a timer for it waits in level 10.
    let deadline = (1 << 63) - 1;
    let mut wheel = TimerWheel::new();
    let first = wheel.arm(deadline, 1);
    // One for each level, a little earlier than the last: each makes the others cascade.
    for level in 0..=10 {
        wheel.arm(deadline - (1 << (6 * level)).min(deadline), 0);
    }
    let second = wheel.arm(deadline, 2);
    let mut order = Vec::new();
    let mut levels = vec![wheel.position(first).unwrap().0];
    while let Some(next) = wheel.next_deadline() {
        while let Some(turn) = wheel.turn(next.time()) {
            if let Turn::Due(id) = turn {
                order.push(wheel[id]);
            }
            levels.extend(wheel.position(first).map(|(level, _)| level));
        }
        if order.len() == 6 {
            // Half way down, a third one joins them.
            wheel.arm(deadline, 3);
            order.push(0);
        }
    }
    levels.dedup();
    assert_eq!(levels, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    assert_eq!(order[order.len() - 3..], [1, 2, 3]);
    assert!(wheel.is_due(second));
}

/// What `next_deadline` says after a cancellation: a bound, and the truth when one looks again then.
#[test]
fn a_cancelled_timer_leaves_a_bound_behind() {
    let mut wheel = TimerWheel::new();
    let early = wheel.arm(1000, "early");
    wheel.arm(1010, "late");
    assert_eq!(wheel.next_deadline(), Some(NextDeadline::At(1000)));
    wheel.cancel(early);
    // Both stood in one slot, and which of the others is the earliest is not known.
    assert_eq!(wheel.next_deadline(), Some(NextDeadline::NotBefore(1000)));
    assert!(matches!(wheel.turn(1000), Some(Turn::Cascaded { .. })));
    assert_eq!(wheel.turn(1000), None, "nothing is due");
    assert_eq!(wheel.next_deadline(), Some(NextDeadline::At(1010)));
}

/// A cancellation that leaves the earliest timer of a slot where it is leaves the deadline exact.
#[test]
fn a_cancelled_timer_that_was_not_the_only_earliest_one_leaves_no_bound() {
    let mut wheel = TimerWheel::new();
    let [later, _, twin] = [1010, 1000, 1000].map(|deadline| wheel.arm(deadline, ()));
    wheel.cancel(later);
    assert_eq!(wheel.next_deadline(), Some(NextDeadline::At(1000)));
    // In the lowest level the deadlines of a slot are all the same.
    assert!(matches!(wheel.turn(1000), Some(Turn::Cascaded { .. })));
    assert_eq!(wheel.position(twin), Some((0, 40)));
    wheel.cancel(twin);
    assert_eq!(wheel.next_deadline(), Some(NextDeadline::At(1000)));
}

/// The two ends of time, and all of it at one step.
#[test]
fn the_whole_range_of_u64() {
    let mut wheel = TimerWheel::new();
    let deadlines = [0, 1, 63, 64, 1 << 60, (1 << 60) - 1, u64::MAX - 1, u64::MAX];
    for deadline in deadlines.iter().rev() {
        wheel.arm(*deadline, *deadline);
    }
    let mut order = Vec::new();
    while let Some(turn) = wheel.turn(u64::MAX) {
        if let Turn::Due(id) = turn {
            order.push(wheel.cancel(id));
        }
    }
    assert!(order.is_sorted() && order.len() == deadlines.len(), "{order:?}");
    // After the end of time, everything but the last nanosecond is overdue.
    let (past, last) = (wheel.arm(5, 5), wheel.arm(u64::MAX, u64::MAX));
    assert_eq!(wheel.position(past), None);
    assert_eq!(wheel.position(last), Some((0, 63)));
    assert_eq!(wheel.turn(u64::MAX), Some(Turn::Due(past)));
    assert_eq!(wheel.turn(u64::MAX), Some(Turn::Due(last)));
}
