//! Checks of chapter 4.

use std::thread;

use crate::exercise_04::{Table, Ticket, WOKEN, number_waker, pack, unpack};

#[test]
fn exercise_1_writes_its_number_down() {
    let seven = number_waker(7);
    let clone = seven.clone();
    drop(number_waker(8));
    assert_eq!(*WOKEN.lock().unwrap(), [0; 0], "nobody was woken yet");
    seven.wake_by_ref();
    assert_eq!(*WOKEN.lock().unwrap(), [7], "after wake_by_ref of 7");
    number_waker(9).wake();
    assert_eq!(*WOKEN.lock().unwrap(), [7, 9], "after wake of 9");
    drop(seven);
    thread::spawn(move || clone.wake()).join().unwrap();
    assert_eq!(*WOKEN.lock().unwrap(), [7, 9, 7], "after wake of a clone of 7, on another thread");
    assert!(number_waker(3).will_wake(&number_waker(3)), "the same number and the same table");
    assert!(!number_waker(3).will_wake(&number_waker(4)), "another number");
}

#[test]
fn exercise_2_packs_and_unpacks() {
    let ticket = pack(1, 2, 3);
    assert_eq!(ticket, 0x0001_0000_2000_0003, "pack(1, 2, 3) is {ticket:#018x}");
    let largest = (u16::MAX, (1 << 20) - 1, (1 << 28) - 1);
    for parts in
        [(0, 0, 0), (1, 2, 3), (u16::MAX, 0, 0), (0, largest.1, 0), (0, 0, largest.2), largest]
    {
        assert_eq!(unpack(pack(parts.0, parts.1, parts.2)), parts);
    }
    assert_eq!(unpack(pack(1, 1 << 20, 3)), (1, 0, 3), "the generation begins again at 0");
    assert_eq!(unpack(pack(1, (1 << 20) + 5, 3)), (1, 5, 3));
}

#[test]
fn exercise_3_knows_stale_tickets() {
    let mut table = Table::new();
    let (a, b) = (table.insert("a"), table.insert("b"));
    assert_eq!((a.slot, b.slot), (0, 1));
    assert_eq!((table.get(a), table.get(b)), (Some(&"a"), Some(&"b")));
    assert_eq!(table.remove(a), Some("a"));
    assert_eq!(table.get(a), None, "a was removed");
    assert_eq!(table.remove(a), None, "and is not removed again");
    let c = table.insert("c");
    assert_eq!((c.slot, c.generation), (0, 1), "c has a's row, and is its second owner");
    assert_eq!((table.get(a), table.get(b), table.get(c)), (None, Some(&"b"), Some(&"c")));
    assert_eq!(table.remove(a), None, "a's ticket does not remove c");
    assert_eq!(table.remove(c), Some("c"));
    assert_eq!(table.get(Ticket { generation: 2, slot: 0 }), None, "nobody has the row");
    assert_eq!(table.get(Ticket { generation: 0, slot: 9 }), None, "there is no such row");
}
