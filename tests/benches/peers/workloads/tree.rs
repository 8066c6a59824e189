//! Tasks that spawn tasks and wait for them: a chain, and a binary tree.
//!
//! The recursion is a future of its own, so that nobody pays for the box that a recursive `async fn`
//! needs.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::measured;
use crate::contenders::{Needs, Runtime};

/// A chain so many tasks deep: each spawns the next and awaits it. The cost is that of one task.
pub fn chain<R: Runtime>(depth: usize, repeats: usize) -> f64 {
    R::run(Needs::Tasks, move |runtime| async move {
        measured(depth, repeats, async || runtime.spawn(Node::new(&runtime, 1, depth)).await).await
    })
}

/// A full binary tree with so many levels. The cost is that of one of its 2^levels - 1 tasks.
pub fn binary_tree<R: Runtime>(levels: usize, repeats: usize) -> f64 {
    let tasks = (1 << levels) - 1;
    R::run(Needs::Tasks, move |runtime| async move {
        measured(tasks, repeats, async || runtime.spawn(Node::new(&runtime, 2, levels)).await).await
    })
}

/// Spawns its children at the first poll, then awaits one after the other.
struct Node<R: Runtime> {
    runtime: R,
    fan_out: usize,
    levels: usize,
    first: Option<R::Handle<()>>,
    second: Option<R::Handle<()>>,
    children_spawned: bool,
}

impl<R: Runtime> Node<R> {
    fn new(runtime: &R, fan_out: usize, levels: usize) -> Node<R> {
        Node {
            runtime: runtime.clone(),
            fan_out,
            levels,
            first: None,
            second: None,
            children_spawned: false,
        }
    }

    fn spawn_child(&self) -> R::Handle<()> {
        self.runtime.spawn(Node::new(&self.runtime, self.fan_out, self.levels - 1))
    }
}

impl<R: Runtime> Future for Node<R> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let node = self.get_mut();
        if node.levels > 1 && !node.children_spawned {
            node.children_spawned = true;
            node.first = Some(node.spawn_child());
            if node.fan_out == 2 {
                node.second = Some(node.spawn_child());
            }
        }
        for child in [&mut node.first, &mut node.second] {
            if let Some(handle) = child {
                ready!(Pin::new(handle).poll(context));
                *child = None;
            }
        }
        Poll::Ready(())
    }
}
