//! Solutions of chapter 9, "Time you can hold".

use std::time::Duration;

use executor::sleep;

/// In pass 2, one after the other: 1 arms its timer for 31. 2 works until 10, and arms for 30. 3 gives way. 4 works
/// until 15, and arms for 30. In pass 3, still at 15, 3 arms for 30. So three are due at 30, armed in the order
/// 2, 4, 3; and 1, which was armed first, is due last.
pub fn order() -> [u32; 4] {
    [2, 4, 3, 1]
}

/// Waits 5 and 9. The first makes Producer 2 a millisecond later than Producer 4 at 12 s, the second unties another pair
/// four waits later.
pub fn late() -> Vec<(u64, u64)> {
    vec![(5, 1), (9, 1)]
}

pub async fn retry<T, E>(
    attempts: u32,
    mut operation: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, E> {
    let mut pause = Duration::from_secs(1);
    for _ in 1..attempts {
        if let Ok(value) = operation().await {
            return Ok(value);
        }
        sleep(pause).await;
        pause *= 2;
    }
    operation().await
}
