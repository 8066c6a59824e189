//! The queue, and everything that does not wait. asyncio: `queues.py`.
//!
//! The rule that surprises: a queue never hands an item over. `put` stores its item and *wakes* the longest
//! waiter, who goes on in the next pass and looks again. If somebody has come in between and taken the item
//! (who did not wait need not stand in line), the waiter waits again, at the tail.

use std::cell::{Cell, RefCell};
use std::panic::Location;

use executor::{Line, LineKind, Place, QueueStep, QueueView};

use crate::error::{TaskDoneError, TryGetError, TryPutError};
use crate::get::{Get, Items};
use crate::join::Join;
use crate::put::Put;
use crate::store::Store;

/// The queue under [`Queue`](crate::Queue), [`LifoQueue`](crate::LifoQueue) and
/// [`PriorityQueue`](crate::PriorityQueue).
///
/// All methods take `&self`: tasks share a queue in an `Rc`.
#[doc(alias = "asyncio.Queue")]
pub struct BaseQueue<S: Store> {
    store: RefCell<S>,
    maxsize: usize,
    /// Items that were put and not yet done.
    pub(crate) unfinished: Cell<usize>,
    closed: Cell<bool>,
    /// How observers are shown an item. `None` if nobody has said.
    in_words: Option<fn(&S::Item) -> String>,
    /// By this number reports tell the queues of a run apart.
    number: u32,
    pub(crate) getters: Line,
    pub(crate) putters: Line,
    pub(crate) joiners: Line,
}

impl<S: Store> BaseQueue<S> {
    /// A queue that holds at most `maxsize` items at a time; with 0, as many as there are.
    pub fn new(maxsize: usize) -> BaseQueue<S> {
        let number = executor::next_queue();
        BaseQueue {
            store: RefCell::default(),
            maxsize,
            unfinished: Cell::new(0),
            closed: Cell::new(false),
            in_words: None,
            number,
            getters: Line::new(LineKind::Get, number),
            putters: Line::new(LineKind::Put, number),
            joiners: Line::new(LineKind::Join, number),
        }
    }

    /// The same queue, whose items an observer is shown in these words.
    pub fn shown_as(mut self, in_words: fn(&S::Item) -> String) -> BaseQueue<S> {
        self.in_words = Some(in_words);
        self
    }

    /// Puts an item, as soon as there is room. When this is dropped before its end, so is the item.
    ///
    /// # Errors
    /// [`PutError::Shutdown`](crate::PutError::Shutdown), with the item, if the queue is shut down, even while this waits.
    #[track_caller]
    pub fn put(&self, item: S::Item) -> Put<'_, S> {
        Put { queue: self, item: Some(item), place: None, location: Location::caller() }
    }

    /// Takes the next item, as soon as there is one.
    ///
    /// # Errors
    /// [`Shutdown`](crate::Shutdown) if the queue is shut down and empty, even while this waits.
    #[track_caller]
    pub fn get(&self) -> Get<'_, S> {
        Get { queue: self, place: None, location: Location::caller() }
    }

    /// The items to come, as a stream that ends when the queue is shut down and empty.
    ///
    /// ```
    /// use futures_lite::StreamExt;
    /// use queue::Queue;
    ///
    /// let queue = Queue::new(0);
    /// queue.try_put("one").unwrap();
    /// queue.shutdown(false);
    /// executor::run(async {
    ///     let mut items = queue.stream();
    ///     while let Some(item) = items.next().await {
    ///         assert_eq!(item, "one");
    ///     }
    /// });
    /// ```
    #[track_caller]
    pub fn stream(&self) -> Items<'_, S> {
        Items { next: self.get() }
    }

    /// Puts an item now: `put_nowait`. Wakes the task that has waited longest for one.
    ///
    /// # Errors
    /// If the queue is full or shut down; the error gives the item back.
    #[doc(alias = "put_nowait")]
    #[track_caller]
    pub fn try_put(&self, item: S::Item) -> Result<(), TryPutError<S::Item>> {
        if self.is_shut_down() {
            return Err(TryPutError::Shutdown(item));
        }
        if self.is_full() {
            return Err(TryPutError::Full(item));
        }
        self.push(item, Location::caller());
        Ok(())
    }

    /// Takes the next item now: `get_nowait`. Wakes the task that has waited longest for room.
    ///
    /// # Errors
    /// If the queue is empty, now or for ever.
    #[doc(alias = "get_nowait")]
    #[track_caller]
    pub fn try_get(&self) -> Result<S::Item, TryGetError> {
        match self.pop(Location::caller()) {
            Some(item) => Ok(item),
            None if self.is_shut_down() => Err(TryGetError::Shutdown),
            None => Err(TryGetError::Empty),
        }
    }

    /// Says that an item which was taken is done with. When all are, who awaits [`join`](Self::join) goes on.
    ///
    /// # Errors
    /// If it is called more often than items were put.
    #[track_caller]
    pub fn task_done(&self) -> Result<(), TaskDoneError> {
        let unfinished = self.unfinished.get().checked_sub(1).ok_or(TaskDoneError)?;
        self.unfinished.set(unfinished);
        self.done(Location::caller());
        Ok(())
    }

    /// Waits until every item that was put is done with.
    #[track_caller]
    pub fn join(&self) -> Join<'_, S> {
        Join { queue: self, place: None, location: Location::caller() }
    }

    /// Closes the queue: nothing can be put any more, and `get` ends when the queue is empty. With
    /// `immediate` it is empty at once: its items are dropped, and count as done.
    ///
    /// All who wait, getters before putters, are woken.
    #[track_caller]
    pub fn shutdown(&self, immediate: bool) {
        self.closed.set(true);
        let items = if immediate { self.store.take() } else { S::default() };
        self.unfinished.set(self.unfinished.get().saturating_sub(items.len()));
        self.end(Location::caller());
    }

    /// How many items there are: `qsize`.
    #[doc(alias = "qsize")]
    pub fn len(&self) -> usize {
        self.store.borrow().len()
    }

    /// Whether there is no item: `empty`.
    #[doc(alias = "empty")]
    pub fn is_empty(&self) -> bool {
        self.store.borrow().is_empty()
    }

    /// Whether there is no room: `full`. Never so if `maxsize` is 0.
    #[doc(alias = "full")]
    pub fn is_full(&self) -> bool {
        self.maxsize > 0 && self.len() >= self.maxsize
    }

    /// The most items it holds at a time; 0 is no limit.
    pub fn maxsize(&self) -> usize {
        self.maxsize
    }

    /// Whether [`shutdown`](Self::shutdown) was called.
    pub fn is_shut_down(&self) -> bool {
        self.closed.get()
    }

    /// Adds an item, and wakes the task that has waited longest for one.
    pub(crate) fn push(&self, item: S::Item, user: &'static Location<'static>) {
        self.store.borrow_mut().push(item);
        self.unfinished.set(self.unfinished.get() + 1);
        self.report(QueueStep::Put, user);
        self.wake_first(&self.getters);
    }

    /// Takes the next item, and wakes the task that has waited longest for room.
    pub(crate) fn pop(&self, user: &'static Location<'static>) -> Option<S::Item> {
        let item = self.store.borrow_mut().pop()?;
        self.report(QueueStep::Get, user);
        self.wake_first(&self.putters);
        Some(item)
    }

    /// Wakes whoever has waited longest in a line. He stands in it no more by then.
    fn wake_first(&self, line: &Line) {
        if let Some(waiter) = line.pop() {
            self.publish();
            waiter.wake();
        }
    }

    /// Somebody waits no longer. If it was woken, but dropped before it could do what it came for, and
    /// that is still possible, the next one can.
    #[cold]
    pub(crate) fn leave(
        &self,
        line: &Line,
        place: &mut Option<Place>,
        is_possible: impl FnOnce() -> bool,
    ) {
        let was_woken = line.leave(place);
        self.publish();
        if was_woken && is_possible() {
            self.wake_first(line);
        }
    }

    /// An item is done.
    fn done(&self, user: &'static Location<'static>) {
        self.report(QueueStep::TaskDone, user);
        self.wake_joiners();
    }

    /// It is shut down: whoever waits has nothing to wait for.
    fn end(&self, user: &'static Location<'static>) {
        self.report(QueueStep::Shutdown, user);
        self.wake_joiners();
        self.wake_all(&self.getters);
        self.wake_all(&self.putters);
    }

    fn wake_all(&self, line: &Line) {
        for _ in 0..line.len() {
            self.wake_first(line);
        }
    }

    /// When all items are done, who awaits that goes on.
    fn wake_joiners(&self) {
        if self.unfinished.get() == 0 {
            self.wake_all(&self.joiners);
        }
    }

    /// Tells observers, if there are any, what has happened, and how the queue is now.
    #[inline]
    #[track_caller]
    pub(crate) fn report(&self, what: QueueStep, user: &'static Location<'static>) {
        if executor::takes_notes() {
            executor::publish(|| self.view());
            executor::report(self.number, what, user);
        }
    }

    /// Shows them the queue.
    #[inline]
    fn publish(&self) {
        if executor::takes_notes() {
            executor::publish(|| self.view());
        }
    }

    #[cold]
    fn view(&self) -> QueueView {
        let in_words = self.in_words.unwrap_or(|_| "item".to_string());
        QueueView {
            queue: self.number,
            items: self.store.borrow().in_order().into_iter().map(in_words).collect(),
            maxsize: self.maxsize,
            unfinished: self.unfinished.get(),
            closed: self.closed.get(),
            getters: self.getters.tasks().into_iter().flatten().collect(),
            putters: self.putters.tasks().into_iter().flatten().collect(),
            joiners: self.joiners.tasks().into_iter().flatten().collect(),
        }
    }
}
