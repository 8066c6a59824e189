//! Checks of chapter 8.

use executor::TimerWheel;

use crate::exercise_08::{Stop, Tie, Wheel, position, the_second_comes_first, where_they_stand};

#[test]
fn exercise_1_level_and_slot() {
    let timers = [(0, 63), (0, 64), (63, 64), (64, 127), (4095, 4096), (5000, 20000)];
    for ((cursor, deadline), answer) in timers.into_iter().zip(where_they_stand()) {
        let mut wheel = TimerWheel::new();
        assert_eq!(wheel.turn(cursor), None, "an empty wheel goes with the time");
        let timer = wheel.arm(deadline, ());
        assert_eq!(
            Some(answer),
            wheel.position(timer),
            "your level and slot of {deadline}, cursor {cursor}, and those of the executor's wheel"
        );
    }
}

#[test]
fn exercise_2_level_and_slot() {
    let places = [
        (0, 0, (0, 0)),
        (0, 9, (0, 9)),
        (0, 10, (1, 1)),
        (9, 10, (1, 1)),
        (99, 100, (2, 1)),
        (163, 168, (0, 8)),
        (163, 190, (1, 9)),
        (163, 500, (2, 5)),
        (163, 163, (0, 3)),
    ];
    for (cursor, mile, place) in places {
        assert_eq!(
            position(cursor, mile),
            place,
            "the place of {mile} when the counter shows {cursor}"
        );
    }
}

#[test]
fn exercise_2_a_cascade_empties_the_slot_and_keeps_the_order() {
    let mut wheel = Wheel::default();
    for (mile, name) in [(57, "egg"), (52, "tea"), (57, "toast"), (80, "bread")] {
        wheel.add(Stop { mile, name });
    }
    wheel.cursor = 52;
    wheel.cascade(1, 5);
    let names = |level: usize, slot: usize| -> Vec<&str> {
        wheel.slots[level][slot].iter().map(|stop| stop.name).collect()
    };
    assert_eq!(names(1, 5), [""; 0], "level 1, slot 5 is empty after the cascade");
    assert_eq!(names(0, 2), ["tea"]);
    assert_eq!(names(0, 7), ["egg", "toast"], "in the order in which they were added");
    assert_eq!(names(1, 8), ["bread"], "it was in another slot");
}

#[test]
fn exercise_2_does_what_a_sorted_list_does() {
    let (mut wheel, mut list) = (Wheel::default(), Vec::new());
    let mut random = 3u64;
    for number in 0..2000 {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let number_of_stops = random >> 62;
        for _ in 0..number_of_stops {
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let ahead = (random >> 40) % [3, 15, 120, 999][(random >> 35) as usize % 4];
            let stop =
                Stop { mile: wheel.cursor + ahead as u32, name: ["A", "B", "C"][number % 3] };
            if stop.mile < 1000 {
                list.push(stop.clone());
                wheel.add(stop);
            }
        }
        list.sort_by_key(|stop| stop.mile); // keeps the order of equal ones
        let next = (!list.is_empty()).then(|| list.remove(0));
        assert_eq!(wheel.next_stop(), next, "the next stop of the wheel, and of a sorted list");
        if wheel.cursor > 900 && list.is_empty() {
            wheel = Wheel::default();
        }
    }
}

#[test]
fn exercise_3_a_tie_in_the_wrong_order() {
    let Tie { first_added_at, second_added_at, mile } = the_second_comes_first();
    assert!(first_added_at <= second_added_at, "the first is added first");
    assert!(second_added_at < mile && mile < 1000, "the car has not been there when it is added");
    let mut slots: [[Vec<&str>; 10]; 3] = Default::default();
    let digit = |mile: u32, level: u32| (mile / 10u32.pow(level)) as usize % 10;
    let place = |cursor: u32| match mile - cursor {
        0..10 => (0, digit(mile, 0)),
        10..100 => (1, digit(mile, 1)),
        _ => (2, digit(mile, 2)),
    };
    for cursor in 0..=mile {
        for level in [2, 1] {
            if cursor % 10u32.pow(level) == 0 {
                for name in std::mem::take(&mut slots[level as usize][digit(cursor, level)]) {
                    let (level, slot) = place(cursor);
                    slots[level][slot].push(name);
                }
            }
        }
        for (name, at) in [("the first", first_added_at), ("the second", second_added_at)] {
            if cursor == at {
                let (level, slot) = place(cursor);
                slots[level][slot].push(name);
            }
        }
    }
    let order = &slots[0][digit(mile, 0)];
    assert_eq!(*order, ["the second", "the first"], "in which order they come up at mile {mile}");
}
