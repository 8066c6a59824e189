//! Solutions of chapter 3, "`block_on` in forty lines".

use std::pin::{Pin, pin};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(bell.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        bell.listen();
    }
}

/// Whether it has rung since somebody listened. `wake` rings it; the loop listens while the future is pending.
#[derive(Default)]
pub struct Bell {
    rung: Mutex<bool>,
    condition: Condvar,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().unwrap() = true;
        self.condition.notify_one();
    }
}

impl Bell {
    /// Sleeps until it rings, or returns at once if it has rung already.
    fn listen(&self) {
        let rung = self.rung.lock().unwrap();
        let mut rung = self.condition.wait_while(rung, |rung| !*rung).unwrap();
        *rung = false;
    }
}

pub fn one_shot<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Shared { value: None, waker: None, sender_is_gone: false };
    let shared = Arc::new(Mutex::new(shared));
    (Sender { shared: shared.clone() }, Receiver { shared })
}

pub struct Sender<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

pub struct Receiver<T> {
    shared: Arc<Mutex<Shared<T>>>,
}

struct Shared<T> {
    value: Option<T>,
    waker: Option<Waker>,
    sender_is_gone: bool,
}

impl<T> Sender<T> {
    /// Uses the sender up: so it is dropped, and that wakes.
    pub fn send(self, value: T) {
        self.shared.lock().unwrap().value = Some(value);
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut shared = self.shared.lock().unwrap();
        shared.sender_is_gone = true;
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Future for Receiver<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut shared = self.shared.lock().unwrap();
        if shared.value.is_some() || shared.sender_is_gone {
            return Poll::Ready(shared.value.take());
        }
        shared.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
