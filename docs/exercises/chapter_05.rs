//! Exercises of chapter 5, "The ready queue and the snapshot".
//!
//! Fill in what says `todo!`, until this passes: `cargo test -p tests --test exercises chapter_05`

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use executor::{spawn, yield_now};

use crate::turns::turn;

/// **Exercise 1.** Which turns are in which pass? `turn` writes a name down, whenever somebody comes past it.
pub async fn first_program() {
    drop(spawn(async {
        turn("A");
        drop(spawn(async { turn("B") }));
        yield_now().await;
        turn("A");
    }));
    turn("main");
    yield_now().await;
    turn("main");
    yield_now().await;
    turn("main");
}

/// A string for each pass, with the names in their order, such as `"A main"`.
pub fn passes_of_the_first_program() -> Vec<&'static str> {
    todo!(
        "exercise 1 of docs/exercises/chapter_05.rs: who stands in the queue when the pass begins?"
    )
}

/// Awaiting a handle that has ended is no pause; one that ends makes whoever awaits it ready.
pub async fn second_program() {
    let a = spawn(async {
        turn("A");
        yield_now().await;
        turn("A");
    });
    let b = spawn(async { turn("B") });
    turn("main");
    b.await.unwrap();
    turn("main");
    a.await.unwrap();
    turn("main");
}

pub fn passes_of_the_second_program() -> Vec<&'static str> {
    todo!("exercise 1 of docs/exercises/chapter_05.rs: has A ended when main comes to await it?")
}

/// **Exercise 2.** The snapshot in the shape: what is pushed while a pass runs waits in `next`.
#[derive(Default)]
pub struct ReadyQueue {
    now: Vec<u32>,
    next: Vec<u32>,
}

impl ReadyQueue {
    /// Behind all others.
    pub fn push(&mut self, task: u32) {
        todo!("exercise 2 of docs/exercises/chapter_05.rs: into which half?")
    }

    /// Between two passes, when everybody has had a turn. Who is ready now will have one in the new pass.
    pub fn start_pass(&mut self) {
        todo!("exercise 2 of docs/exercises/chapter_05.rs: the halves change places")
    }

    /// The next turn of this pass, first in, first out. Another field may help to know whose it is.
    pub fn pop(&mut self) -> Option<u32> {
        todo!(
            "exercise 2 of docs/exercises/chapter_05.rs: the first of `now` that has not had its turn"
        )
    }
}

/// **Exercise 3.** The flag of stage 5 keeps one waker: of two who wait for it, the first is never woken. Make one
/// for many. They are woken in the order in which they began to wait. Who is woken for nothing keeps its place.
#[derive(Clone, Default)]
pub struct Flag {
    state: Rc<FlagState>,
}

#[derive(Default)]
struct FlagState {
    is_set: Cell<bool>,
    wakers: RefCell<Vec<Waker>>,
}

impl Flag {
    pub fn set(&self) {
        todo!(
            "exercise 3 of docs/exercises/chapter_05.rs: wake everybody, and borrow nothing meanwhile"
        )
    }

    pub fn wait(&self) -> Wait {
        Wait { flag: self.clone(), place: None }
    }
}

/// Waits for the flag.
pub struct Wait {
    flag: Flag,
    /// Its place among the wakers, once it has one.
    place: Option<usize>,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        todo!(
            "exercise 3 of docs/exercises/chapter_05.rs: look first; then leave the waker, at a place of its own"
        )
    }
}
