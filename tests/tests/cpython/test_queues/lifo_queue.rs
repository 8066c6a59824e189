//! `LifoQueueTests`

use queue::LifoQueue;

use crate::common::virtual_run;

/// The last item that was put is the first.
#[test]
fn test_order() {
    virtual_run(async {
        let queue = LifoQueue::new(0);
        for item in [1, 3, 2] {
            queue.put(item).await.unwrap();
        }
        let items = [queue.get().await, queue.get().await, queue.get().await];
        assert_eq!(items, [Ok(2), Ok(3), Ok(1)]);
    });
}
