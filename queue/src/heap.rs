//! A heap: the smallest item first. asyncio: `heapq`.
//!
//! The standard library has one, but drops the item that it is about to give when a comparison panics. Here
//! all comparing is done before anything moves: an item whose order can't be told is still there afterwards.
//!
//! ```text
//!              0                each item is no larger than the two below it;
//!          ┌───┴───┐            below `i` stand `2i + 1` and `2i + 2`
//!          1       2
//!        ┌─┴─┐   ┌─┴─┐
//!        3   4   5   6
//! ```

use crate::store::Store;

/// The items of a [`PriorityQueue`](crate::PriorityQueue).
pub struct Heap<T>(Vec<T>);

impl<T> Default for Heap<T> {
    fn default() -> Heap<T> {
        Heap(Vec::new())
    }
}

fn above(place: usize) -> usize {
    (place - 1) / 2
}

impl<T: Ord> Heap<T> {
    /// Which of the two items below `place` is the smaller one, if there are any before `end`.
    fn below(&self, place: usize, end: usize) -> Option<usize> {
        let (left, right) = (2 * place + 1, 2 * place + 2);
        if right < end && self.0[right] < self.0[left] {
            return Some(right);
        }
        (left < end).then_some(left)
    }
}

impl<T: Ord> Store for Heap<T> {
    type Item = T;

    fn push(&mut self, item: T) {
        // Up from the end, as long as the item is smaller.
        let mut top = self.0.len();
        while top > 0 && item < self.0[above(top)] {
            top = above(top);
        }
        let mut place = self.0.len();
        self.0.push(item);
        while place > top {
            self.0.swap(place, above(place));
            place = above(place);
        }
    }

    fn pop(&mut self) -> Option<T> {
        // The last item takes the first one's place: down from there, as long as it is larger.
        let last = self.0.len().checked_sub(1)?;
        let mut place = 0;
        while let Some(below) = self.below(place, last)
            && self.0[below] < self.0[last]
        {
            place = below;
        }
        // It goes there, and what was on the way goes up by one. The first is the last then.
        self.0.swap(place, last);
        while place > 0 {
            place = above(place);
            self.0.swap(place, last);
        }
        self.0.pop()
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn in_order(&self) -> Vec<&T> {
        let mut items = Vec::from_iter(&self.0);
        items.sort();
        items
    }
}
