//! `PriorityQueueTests`

use queue::PriorityQueue;

use crate::common::virtual_run;

/// The smallest item is the first.
#[test]
fn test_order() {
    virtual_run(async {
        let queue = PriorityQueue::new(0);
        for item in [1, 3, 2] {
            queue.put(item).await.unwrap();
        }
        let items = [queue.get().await, queue.get().await, queue.get().await];
        assert_eq!(items, [Ok(1), Ok(2), Ok(3)]);
    });
}
