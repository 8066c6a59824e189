//! Solutions of chapter 17, "Rosetta: ours, CPython's, tokio's, smol's".

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use executor::{Event, gather_all, spawn, timeout};

/// What was said, each with the pass in which it was.
pub type Log = Rc<RefCell<Vec<(u64, String)>>>;

/// As in the Python program.
pub fn say(log: &Log, what: impl ToString) {
    log.borrow_mut().push((executor::pass(), what.to_string()));
}

pub async fn crossing(log: Log) {
    let light = Rc::new(Event::new());
    let cars = [1, 2].map(|number| spawn(car(number, light.clone(), log.clone())));
    if timeout(Duration::from_secs(3), light.wait()).await.is_err() {
        say(&log, "still red");
    }
    cars[0].cancel();
    light.set();
    gather_all(cars).await;
    say(&log, "all gone");
}

async fn car(number: u32, light: Rc<Event>, log: Log) {
    light.wait().await;
    say(&log, format!("car {number} drives"));
}

#[derive(Debug, PartialEq)]
pub struct Comes {
    pub here: bool,
    pub in_asyncio: bool,
    pub in_tokio: bool,
    pub in_smol: bool,
}

pub fn comes() -> Comes {
    Comes {
        here: true,
        in_asyncio: true, // by luck: while it sleeps, its timer holds it
        in_tokio: true,
        in_smol: false, // dropping a `Task` cancels it
    }
}
