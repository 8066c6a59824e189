//! Solutions of chapter 11, "`gather`: tasks, not join".

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use executor::{JoinError, JoinHandle, gather, gather_all};

/// In pass 2, 3 gives way, and 2 and 1 begin to wait. In pass 3, 3 ends; so 2 goes on in pass 4, and ends there. Its two
/// calls have their turns in pass 5: the gather of 0 has no children left, nor has that of 1, and both go on in pass 6.
/// 1 gives way, and ends in pass 7; 0 goes on in pass 8, and finds a gather of which all have ended.
pub fn passes() -> [u64; 5] {
    [4, 6, 6, 8, 8]
}

pub async fn all_or_nothing<T: Clone + 'static, E: Clone + 'static>(
    handles: Vec<JoinHandle<T, E>>,
) -> Result<Vec<T>, JoinError<E>> {
    let result = gather(handles.clone()).await;
    if result.is_err() {
        for handle in &handles {
            handle.cancel();
        }
        gather_all(handles).await;
    }
    result
}

pub async fn first_to_end<T: 'static, E: 'static>(
    handles: &mut [JoinHandle<T, E>],
) -> (usize, Result<T, JoinError<E>>) {
    poll_fn(|cx| {
        for (index, handle) in handles.iter_mut().enumerate() {
            if let Poll::Ready(outcome) = Pin::new(handle).poll(cx) {
                return Poll::Ready((index, outcome));
            }
        }
        Poll::Pending
    })
    .await
}
