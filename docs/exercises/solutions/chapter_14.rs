//! Solutions of chapter 14, "The founding program, whole".

use demo::random::Random;

/// A producer draws its number of items, and in the same turn the time of its first sleep, if there is an item to make.
pub fn items(seed: i128) -> [u32; 5] {
    let mut random = Random::seed(seed);
    std::array::from_fn(|_| {
        let items = random.randint(0, 10);
        if items > 0 {
            random.randint(0, 10);
        }
        items
    })
}

/// First pass: Consumer 2 finds nothing, and stands in line behind 4 and 7. Then the producers put two items, and wake 4
/// and 7. Second pass: 4 takes the first, and gives way; 7 takes the second; Producer 3 puts the third, and wakes 2. Third pass:
/// 4 stands before 2, for it gave way before 2 was woken. It takes the third, and 2 finds nothing again.
pub fn who_gets_them() -> [u32; 3] {
    [4, 7, 4]
}

/// Two consumers are too slow for what five producers make.
pub fn join_that_waits() -> (u32, u32, i128) {
    (5, 2, 444)
}
