//! The bounded queues. Which of them wake across threads (tokio, async-channel, flume) pay for it;
//! which do not (async-unsync, unsync, local-sync) are the ones to beat.

use std::rc::Rc;

use queue::Queue;

use super::{Channel, ManyReceivers, ManySenders};

const NOBODY_CLOSES: &str = "nobody closes the queue";

pub struct OurQueue;

impl Channel for OurQueue {
    const NAME: &'static str = "ours";
    type Sender = Rc<Queue<u64>>;
    type Receiver = Rc<Queue<u64>>;

    fn bounded(capacity: usize) -> (Self::Sender, Self::Receiver) {
        let queue = Rc::new(Queue::new(capacity));
        (queue.clone(), queue)
    }

    async fn send(sender: &mut Self::Sender, item: u64) {
        sender.put(item).await.expect(NOBODY_CLOSES);
    }

    async fn receive(receiver: &mut Self::Receiver) -> u64 {
        receiver.get().await.expect(NOBODY_CLOSES)
    }
}

impl ManySenders for OurQueue {
    fn clone_sender(sender: &Self::Sender) -> Self::Sender {
        sender.clone()
    }
}

impl ManyReceivers for OurQueue {
    fn clone_receiver(receiver: &Self::Receiver) -> Self::Receiver {
        receiver.clone()
    }
}

pub struct TokioMpsc;

impl Channel for TokioMpsc {
    const NAME: &'static str = "tokio mpsc";
    type Sender = tokio::sync::mpsc::Sender<u64>;
    type Receiver = tokio::sync::mpsc::Receiver<u64>;

    fn bounded(capacity: usize) -> (Self::Sender, Self::Receiver) {
        tokio::sync::mpsc::channel(capacity)
    }

    async fn send(sender: &mut Self::Sender, item: u64) {
        sender.send(item).await.expect(NOBODY_CLOSES);
    }

    async fn receive(receiver: &mut Self::Receiver) -> u64 {
        receiver.recv().await.expect(NOBODY_CLOSES)
    }
}

impl ManySenders for TokioMpsc {
    fn clone_sender(sender: &Self::Sender) -> Self::Sender {
        sender.clone()
    }
}

pub struct AsyncChannel;

impl Channel for AsyncChannel {
    const NAME: &'static str = "async-channel";
    type Sender = async_channel::Sender<u64>;
    type Receiver = async_channel::Receiver<u64>;

    fn bounded(capacity: usize) -> (Self::Sender, Self::Receiver) {
        async_channel::bounded(capacity)
    }

    async fn send(sender: &mut Self::Sender, item: u64) {
        sender.send(item).await.expect(NOBODY_CLOSES);
    }

    async fn receive(receiver: &mut Self::Receiver) -> u64 {
        receiver.recv().await.expect(NOBODY_CLOSES)
    }
}

impl ManySenders for AsyncChannel {
    fn clone_sender(sender: &Self::Sender) -> Self::Sender {
        sender.clone()
    }
}

impl ManyReceivers for AsyncChannel {
    fn clone_receiver(receiver: &Self::Receiver) -> Self::Receiver {
        receiver.clone()
    }
}

pub struct Flume;

impl Channel for Flume {
    const NAME: &'static str = "flume";
    type Sender = flume::Sender<u64>;
    type Receiver = flume::Receiver<u64>;

    fn bounded(capacity: usize) -> (Self::Sender, Self::Receiver) {
        flume::bounded(capacity)
    }

    async fn send(sender: &mut Self::Sender, item: u64) {
        sender.send_async(item).await.expect(NOBODY_CLOSES);
    }

    async fn receive(receiver: &mut Self::Receiver) -> u64 {
        receiver.recv_async().await.expect(NOBODY_CLOSES)
    }
}

impl ManySenders for Flume {
    fn clone_sender(sender: &Self::Sender) -> Self::Sender {
        sender.clone()
    }
}

impl ManyReceivers for Flume {
    fn clone_receiver(receiver: &Self::Receiver) -> Self::Receiver {
        receiver.clone()
    }
}

pub struct AsyncUnsync;

impl Channel for AsyncUnsync {
    const NAME: &'static str = "async-unsync";
    type Sender = async_unsync::bounded::Sender<u64>;
    type Receiver = async_unsync::bounded::Receiver<u64>;

    fn bounded(capacity: usize) -> (Self::Sender, Self::Receiver) {
        async_unsync::bounded::channel(capacity).into_split()
    }

    async fn send(sender: &mut Self::Sender, item: u64) {
        sender.send(item).await.expect(NOBODY_CLOSES);
    }

    async fn receive(receiver: &mut Self::Receiver) -> u64 {
        receiver.recv().await.expect(NOBODY_CLOSES)
    }
}

impl ManySenders for AsyncUnsync {
    fn clone_sender(sender: &Self::Sender) -> Self::Sender {
        sender.clone()
    }
}

/// unsync's bounded queue has one sender and one receiver.
pub struct Unsync;

impl Channel for Unsync {
    const NAME: &'static str = "unsync";
    type Sender = unsync::spsc::Sender<u64>;
    type Receiver = unsync::spsc::Receiver<u64>;

    fn bounded(capacity: usize) -> (Self::Sender, Self::Receiver) {
        unsync::spsc::channel(capacity)
    }

    async fn send(sender: &mut Self::Sender, item: u64) {
        sender.send(item).await.expect(NOBODY_CLOSES);
    }

    async fn receive(receiver: &mut Self::Receiver) -> u64 {
        receiver.recv().await.expect(NOBODY_CLOSES)
    }
}

pub struct LocalSync;

impl Channel for LocalSync {
    const NAME: &'static str = "local-sync";
    type Sender = local_sync::mpsc::bounded::Tx<u64>;
    type Receiver = local_sync::mpsc::bounded::Rx<u64>;

    fn bounded(capacity: usize) -> (Self::Sender, Self::Receiver) {
        local_sync::mpsc::bounded::channel(capacity)
    }

    async fn send(sender: &mut Self::Sender, item: u64) {
        sender.send(item).await.expect(NOBODY_CLOSES);
    }

    async fn receive(receiver: &mut Self::Receiver) -> u64 {
        receiver.recv().await.expect(NOBODY_CLOSES)
    }
}

impl ManySenders for LocalSync {
    fn clone_sender(sender: &Self::Sender) -> Self::Sender {
        sender.clone()
    }
}
