//! Solutions of chapter 5, "The ready queue and the snapshot".

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use executor::{spawn, yield_now};

use crate::turns::turn;

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

/// In pass 2, A and main stand in the queue. A spawns B before it gives way, and main comes after both.
pub fn passes_of_the_first_program() -> Vec<&'static str> {
    vec!["main", "A main", "B A main"]
}

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

/// B's end makes main ready, behind A. When main awaits A, A has ended already: no pause.
pub fn passes_of_the_second_program() -> Vec<&'static str> {
    vec!["main", "A B", "A main main"]
}

#[derive(Default)]
pub struct ReadyQueue {
    now: Vec<u32>,
    /// The first of `now` that has not had its turn.
    turn: usize,
    next: Vec<u32>,
}

impl ReadyQueue {
    pub fn push(&mut self, task: u32) {
        self.next.push(task);
    }

    pub fn start_pass(&mut self) {
        self.now.clear();
        self.turn = 0;
        std::mem::swap(&mut self.now, &mut self.next);
    }

    pub fn pop(&mut self) -> Option<u32> {
        let task = self.now.get(self.turn).copied();
        self.turn += 1;
        task
    }
}

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
        self.state.is_set.set(true);
        let wakers = self.state.wakers.take();
        for waker in wakers {
            waker.wake();
        }
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

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.flag.state.is_set.get() {
            return Poll::Ready(());
        }
        let mut wakers = self.flag.state.wakers.borrow_mut();
        let waker = context.waker().clone();
        let place = match self.place {
            Some(place) => {
                wakers[place] = waker;
                place
            }
            None => {
                wakers.push(waker);
                wakers.len() - 1
            }
        };
        drop(wakers);
        self.place = Some(place);
        Poll::Pending
    }
}
