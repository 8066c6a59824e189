//! The data structure alone: our timer wheel beside the two that the standard library offers for the
//! purpose. Which of them gets slower the more timers there are?
//!
//! Deadlines are spread at random over a minute, in nanoseconds; the same for all three. Three costs:
//!
//! * insert: an entry, until there are so many;
//! * a timeout pair: while there are so many, one is inserted and cancelled again;
//! * pop: the earliest entry, until there is none.

mod queues;

use std::fmt::Write;
use std::hint::black_box;

use crate::common::cpu::Stopwatch;
use crate::common::number::{grouped, rounded};
use crate::common::options::Options;
use crate::common::plot::{Panel, Plot, Series};
use crate::common::statistics::Summary;
use queues::{Heap, TimerQueue, Tree, Wheel};

const SIZES: [usize; 7] = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
const MINUTE: u64 = 60_000_000_000;

/// Nanoseconds for each of the three costs.
#[derive(Clone, Copy)]
struct Costs {
    insert: f64,
    pair: f64,
    pop: f64,
}

/// One structure at every size: the medians of the rounds.
struct Curve {
    name: &'static str,
    costs: Vec<Costs>,
}

/// The three curves.
pub struct Curves(Vec<Curve>);

pub fn measure(options: &Options) -> Curves {
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 5 });
    let mut wheel = Curve { name: Wheel::NAME, costs: Vec::new() };
    let mut heap = Curve { name: Heap::NAME, costs: Vec::new() };
    let mut tree = Curve { name: Tree::NAME, costs: Vec::new() };
    for size in SIZES {
        let mut samples = [const { Vec::new() }; 3];
        for _ in 0..rounds {
            samples[0].push(costs::<Wheel>(size));
            samples[1].push(costs::<Heap>(size));
            samples[2].push(costs::<Tree>(size));
        }
        wheel.costs.push(medians(&samples[0]));
        heap.costs.push(medians(&samples[1]));
        tree.costs.push(medians(&samples[2]));
    }
    Curves(vec![wheel, heap, tree])
}

fn medians(samples: &[Costs]) -> Costs {
    let median = |cost: fn(&Costs) -> f64| {
        let values: Vec<f64> = samples.iter().map(cost).collect();
        Summary::of(&values).expect("a round at least").median
    };
    Costs {
        insert: median(|costs| costs.insert),
        pair: median(|costs| costs.pair),
        pop: median(|costs| costs.pop),
    }
}

/// Small sizes are repeated, each time with a structure that has been used, so that all sizes do some
/// hundred thousand operations.
fn costs<Q: TimerQueue>(size: usize) -> Costs {
    let repeats = (200_000 / size).max(1);
    let pairs = 100_000 / repeats;
    let mut random = Random(size as u64);
    let mut queue = Q::new();
    let mut total = Costs { insert: 0.0, pair: 0.0, pop: 0.0 };
    let mut now = 0; // time goes on from one repetition to the next
    for _ in 0..repeats {
        let clock = Stopwatch::start();
        for _ in 0..size {
            black_box(queue.insert(now + random.below(MINUTE)));
        }
        total.insert += clock.per_operation(size);

        let clock = Stopwatch::start();
        for _ in 0..pairs {
            let id = queue.insert(now + random.below(MINUTE));
            queue.cancel(black_box(id));
        }
        total.pair += clock.per_operation(pairs);

        let clock = Stopwatch::start();
        for _ in 0..size {
            now = black_box(queue.pop()).expect("none is lost");
        }
        total.pop += clock.per_operation(size);
    }
    let repeats = repeats as f64;
    Costs { insert: total.insert / repeats, pair: total.pair / repeats, pop: total.pop / repeats }
}

/// Xorshift: as random as deadlines need to be.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

impl Curves {
    /// A Markdown table: a line for each size.
    pub fn table(&self) -> String {
        let mut text = String::from("| entries |");
        let mut rule = String::from("|-:|");
        for cost in ["insert", "timeout pair", "pop"] {
            for Curve { name, .. } in &self.0 {
                let _ = write!(text, " {cost}: {name} |");
                rule += "-:|";
            }
        }
        let _ = writeln!(text, "\n{rule}");
        for (index, size) in SIZES.into_iter().enumerate() {
            let _ = write!(text, "| {} |", grouped(size as u64));
            for (_, cost) in COSTS {
                for curve in &self.0 {
                    let _ = write!(text, " {} |", rounded(cost(&curve.costs[index])));
                }
            }
            text.push('\n');
        }
        text
    }

    /// A panel for each cost, a line for each structure.
    pub fn picture(&self) -> String {
        let panels = COSTS.map(|(title, cost)| {
            let series = self.0.iter().map(|curve| {
                let points = SIZES.iter().zip(&curve.costs);
                let points = points.map(|(size, costs)| (*size as f64, cost(costs))).collect();
                Series { name: curve.name, points }
            });
            Panel { title, series: series.collect() }
        });
        let plot = Plot {
            title: "Timers: nanoseconds an operation, by the number of entries",
            panels: panels.into(),
        };
        plot.svg()
    }
}

/// A cost by its title.
type Cost = (&'static str, fn(&Costs) -> f64);

const COSTS: [Cost; 3] = [
    ("insert", |costs| costs.insert),
    ("timeout pair (insert, cancel)", |costs| costs.pair),
    ("pop the earliest", |costs| costs.pop),
];
