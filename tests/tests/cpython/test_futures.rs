//! `test_futures.py`: who is told when something has come. (There is no bare `Future` here: a task's end
//! stands for it, and those who await it are the callbacks.)

use executor::{Event, gather, spawn};
use std::rc::Rc;

use crate::common::{Log, passes, virtual_run};

/// All who wait for one thing are told, in the order in which they began to wait.
#[test]
fn test_callbacks_invoked_on_set_result() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let task = spawn({
            let event = event.clone();
            async move {
                event.wait().await;
                42
            }
        });
        let log = Log::new();
        let joiners = [1, 2, 3].map(|number| {
            let (task, log) = (task.clone(), log.clone());
            spawn(async move { log.add((number, task.await)) })
        });
        passes(1).await;
        event.set();
        gather(joiners).await.unwrap();
        assert_eq!(log.take(), [(1, Ok(42)), (2, Ok(42)), (3, Ok(42))]);
    });
}

/// Who has stopped waiting is not told; the others still are.
#[test]
fn test_remove_done_callback() {
    virtual_run(async {
        let event = Rc::new(Event::new());
        let log = Log::new();
        let [first, second, third] = [1, 2, 3].map(|number| {
            let (event, log) = (event.clone(), log.clone());
            spawn(async move {
                event.wait().await;
                log.add(number);
            })
        });
        passes(1).await;
        second.cancel();
        passes(1).await;
        assert!(second.is_finished());
        event.set();
        gather([first, third]).await.unwrap();
        assert_eq!(log.take(), [1, 3]);
    });
}
