//! `gather`.

use executor::{JoinError, gather, gather_all, sleep, spawn, spawn_fallible, yield_now};

use crate::common::{passes, seconds};
use crate::hops;

/// `gather`: last child ends -> resumes: +2. The child's callback takes one pass, the task another.
#[test]
fn gather_last_child_ends_to_resumes() {
    let all = hops(async |ruler| {
        let children = [1, 2].map(|second| {
            let ruler = ruler.clone();
            spawn(async move {
                sleep(seconds(second)).await;
                ruler.cause();
            })
        });
        gather(children).await.unwrap();
    });
    assert_eq!(all, 2);
}

/// `gather`: first child fails, or is cancelled -> resumes: +2. The others go on.
#[test]
fn gather_first_child_fails_to_resumes() {
    let fails = hops(async |ruler| {
        let failing = spawn_fallible(async move {
            sleep(seconds(1)).await;
            ruler.cause();
            Err("fails")
        });
        let other = spawn_fallible(async {
            sleep(seconds(9)).await;
            Ok(())
        });
        let result = gather([other.clone(), failing]).await;
        assert_eq!(result, Err(JoinError::Failed("fails")));
        assert!(!other.is_finished());
    });
    assert_eq!(fails, 2);

    let cancelled = hops(async |ruler| {
        let children = [(); 2].map(|()| spawn(sleep(seconds(9))));
        let victim = children[1].clone();
        drop(spawn(async move {
            yield_now().await;
            victim.cancel();
            yield_now().await;
            assert!(victim.is_finished());
            // It ended in this pass, at its turn, which was before ours.
            ruler.cause();
        }));
        assert_eq!(gather(children).await, Err(JoinError::Cancelled));
    });
    assert_eq!(cancelled, 2);
}

/// `gather` of finished tasks only: 0. (CPython 3.11: +2.) A finished one that has failed decides at once.
#[test]
fn gather_of_finished_tasks_only() {
    let finished = hops(async |ruler| {
        let children = [(); 2].map(|()| spawn(async {}));
        passes(2).await;
        ruler.cause();
        gather(children).await.unwrap();
    });
    assert_eq!(finished, 0);

    let failed = hops(async |ruler| {
        let failed = spawn_fallible(async { Err("failed") });
        let running = spawn_fallible(async {
            sleep(seconds(9)).await;
            Ok(())
        });
        passes(2).await;
        ruler.cause();
        assert_eq!(gather([running, failed]).await, Err(JoinError::Failed("failed")));
    });
    assert_eq!(failed, 0);
}

/// `gather()`: 0.
#[test]
fn gather_of_nothing() {
    let nothing = hops(async |ruler| {
        ruler.cause();
        assert_eq!(gather::<(), &str>([]).await, Ok(vec![]));
        assert_eq!(gather_all::<(), &str>([]).await, []);
    });
    assert_eq!(nothing, 0);
}
