//! Solutions of chapter 8, "Sleep, version two: a wheel".

/// **Exercise 1.** Where do they stand, in a wheel of base 64? Level and slot for each cursor and deadline:
///
/// ```text
///   cursor      0, deadline    63
///   cursor      0, deadline    64
///   cursor     63, deadline    64
///   cursor     64, deadline   127
///   cursor   4095, deadline  4096
///   cursor   5000, deadline 20000
/// ```
pub fn where_they_stand() -> [(usize, usize); 6] {
    [(0, 63), (1, 1), (1, 1), (0, 63), (2, 1), (2, 4)]
}

/// A place where the car is to stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    pub mile: u32,
    pub name: &'static str,
}

/// **Exercise 2.** The counter of a car, with three digits: a wheel in base 10, for miles from 0 to 999.
#[derive(Default)]
pub struct Wheel {
    /// Where the car is.
    pub cursor: u32,
    /// Level, then slot, then the stops in their order.
    pub slots: [[Vec<Stop>; 10]; 3],
}

/// The highest decimal digit in which `mile` differs from the cursor: which one it is, 0 to 2, and its value. If they
/// are equal, digit 0.
pub fn position(cursor: u32, mile: u32) -> (usize, usize) {
    let digits = [1, 10, 100];
    for level in [2, 1] {
        let of = |mile: u32| mile / digits[level];
        if of(cursor) != of(mile) {
            return (level, of(mile) as usize % 10);
        }
    }
    (0, mile as usize % 10)
}

impl Wheel {
    pub fn add(&mut self, stop: Stop) {
        let (level, slot) = position(self.cursor, stop.mile);
        self.slots[level][slot].push(stop);
    }

    /// The next stop, first come, first served if several are at one mile. The car is there then.
    pub fn next_stop(&mut self) -> Option<Stop> {
        loop {
            let occupied = |(level, slot): &(usize, usize)| !self.slots[*level][*slot].is_empty();
            let all = (0..3).flat_map(|level| (0..10).map(move |slot| (level, slot)));
            let (level, slot) = all.into_iter().find(occupied)?;
            let stops = &self.slots[level][slot];
            self.cursor = stops.iter().map(|stop| stop.mile).min()?;
            if level == 0 {
                return Some(self.slots[0][slot].remove(0));
            }
            self.cascade(level, slot);
        }
    }

    /// The cursor has come into the range of this slot: its stops go to lower levels.
    pub fn cascade(&mut self, level: usize, slot: usize) {
        for stop in std::mem::take(&mut self.slots[level][slot]) {
            self.add(stop);
        }
    }
}

/// Two stops at the same mile: where the car is when the first one is added, where it is when the second one is, and
/// where both of them are.
pub struct Tie {
    pub first_added_at: u32,
    pub second_added_at: u32,
    pub mile: u32,
}

/// **Exercise 3.** The same wheel, but the level is decided by distance, as it was in Linux once: less than 10 miles
/// ahead is level 0, less than 100 is level 1, all else is level 2. The slot is the digit of that level. The car goes
/// mile by mile. At every tenth mile the slot of level 1 cascades whose digit the counter shows there, and at every
/// hundredth mile first that of level 2.
///
/// Find two stops of which the second one comes up first.
pub fn the_second_comes_first() -> Tie {
    // At 0, mile 25 is 25 ahead: level 1. At 16 it is 9 ahead: level 0. At 20 the first one cascades, behind the second.
    Tie { first_added_at: 0, second_added_at: 16, mile: 25 }
}
