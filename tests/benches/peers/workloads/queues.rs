//! Queues: items from producers to consumers. The cost is that of one item, put and taken.

use std::hint::black_box;

use super::measured;
use crate::contenders::{Channel, ManyReceivers, ManySenders, Needs, Runtime};

/// Producers, where there are several, and consumers alike.
const MANY: usize = 10;

pub fn one_to_one<C: Channel, R: Runtime>(capacity: usize, items: usize, repeats: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(items, repeats, async || {
            let (sender, receiver) = C::bounded(capacity);
            let producer = runtime.spawn(produce::<C>(sender, items));
            let consumer = runtime.spawn(consume::<C>(receiver, items));
            producer.await;
            consumer.await;
        })
        .await
    })
}

pub fn ten_to_one<C: ManySenders, R: Runtime>(
    capacity: usize,
    items: usize,
    repeats: usize,
) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(items, repeats, async || {
            let (sender, receiver) = C::bounded(capacity);
            let mut tasks = Vec::with_capacity(MANY + 1);
            for _ in 0..MANY {
                let sender = C::clone_sender(&sender);
                tasks.push(runtime.spawn(produce::<C>(sender, items / MANY)));
            }
            tasks.push(runtime.spawn(consume::<C>(receiver, items)));
            for task in tasks {
                task.await;
            }
        })
        .await
    })
}

pub fn ten_to_ten<C: ManyReceivers, R: Runtime>(
    capacity: usize,
    items: usize,
    repeats: usize,
) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(items, repeats, async || {
            let (sender, receiver) = C::bounded(capacity);
            let mut tasks = Vec::with_capacity(2 * MANY);
            for _ in 0..MANY {
                let sender = C::clone_sender(&sender);
                tasks.push(runtime.spawn(produce::<C>(sender, items / MANY)));
            }
            for _ in 0..MANY {
                let receiver = C::clone_receiver(&receiver);
                tasks.push(runtime.spawn(consume::<C>(receiver, items / MANY)));
            }
            for task in tasks {
                task.await;
            }
        })
        .await
    })
}

async fn produce<C: Channel>(mut sender: C::Sender, items: usize) {
    for item in 0..items {
        C::send(&mut sender, item as u64).await;
    }
}

async fn consume<C: Channel>(mut receiver: C::Receiver, items: usize) {
    for _ in 0..items {
        black_box(C::receive(&mut receiver).await);
    }
}
