//! Memory for the tasks' futures, used again and again.
//!
//! Every task has a future of its own size, and tasks come and go by the million. What costs time in
//! `spawn` is memory: a fresh block is cold, and cold memory is slow. So a block that a finished
//! task gives back goes on a pile of its size, and the next task of that size gets it, still warm.
//!
//! ```text
//!   sizes      8     16     24     32    …   512       larger ones: from the global allocator
//!   piles      │      │      │      │         │
//!              ▼      ▼      ▼      ▼         ▼
//!            block   none  block   none      …         a free block holds the address of the
//!              │             │                         next one of its pile, and nothing else
//!              ▼             ▼
//!            block          none
//!
//!   chunk   [used|used|free|used|used|············]    where new blocks are cut off from, left to right;
//!                                     rest             all chunks are given back when the run ends
//! ```
//!
//! CPython does the same for its objects (`pymalloc`, "pools" and "arenas").

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

/// Sizes go in steps of this many bytes, and it is the alignment of every block.
const STEP: usize = 8;
const PILES: usize = 64;
const CHUNK: Layout = match Layout::from_size_align(64 * 1024, STEP) {
    Ok(layout) => layout,
    Err(_) => panic!("a chunk has a layout"),
};

/// All blocks of one run. Blocks that are still out when this is dropped must not be used again.
pub(crate) struct Blocks {
    piles: [Option<NonNull<Free>>; PILES],
    chunks: Vec<NonNull<u8>>,
    /// How many bytes at the end of the last chunk have not been cut off yet.
    rest: usize,
}

/// What stands in a block that nobody uses.
struct Free {
    next: Option<NonNull<Free>>,
}

impl Default for Blocks {
    fn default() -> Blocks {
        Blocks { piles: [None; PILES], chunks: Vec::new(), rest: 0 }
    }
}

impl Blocks {
    /// A block for a value of this layout, with nothing in it. Aborts when memory is exhausted, as `Box` does.
    pub(crate) fn take(&mut self, layout: Layout) -> NonNull<u8> {
        let Some(pile) = pile(layout) else { return allocate(layout) };
        match self.piles[pile] {
            Some(block) => {
                // SAFETY: what is on a pile was put there by `give_back`, which wrote a `Free` into
                // it, and nobody has used the block since.
                self.piles[pile] = unsafe { block.read() }.next;
                block.cast()
            }
            None => self.cut((pile + 1) * STEP),
        }
    }

    /// Takes a block back that holds no value any more.
    ///
    /// # Safety
    /// The block was given out by `take`, of this very `Blocks` and for this layout; whoever
    /// gives it back does not use it again.
    pub(crate) unsafe fn give_back(&mut self, block: NonNull<u8>, layout: Layout) {
        match pile(layout) {
            Some(pile) => {
                let free = block.cast::<Free>();
                // SAFETY: a block of any pile has room for a `Free`, and its alignment; nobody else uses it.
                unsafe { free.write(Free { next: self.piles[pile] }) };
                self.piles[pile] = Some(free);
            }
            // SAFETY: `take` got it from the global allocator, with the same layout.
            None => unsafe { dealloc(block.as_ptr(), layout) },
        }
    }

    /// Cuts a block off the last chunk, or off a new one.
    #[cold]
    fn cut(&mut self, size: usize) -> NonNull<u8> {
        if self.rest < size {
            self.chunks.push(allocate(CHUNK));
            self.rest = CHUNK.size();
        }
        let chunk = self.chunks[self.chunks.len() - 1];
        // SAFETY: the last `rest` bytes of the chunk are in bounds and unused, and `size <= rest`.
        let block = unsafe { chunk.add(CHUNK.size() - self.rest) };
        self.rest -= size;
        block
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        for chunk in self.chunks.drain(..) {
            // SAFETY: it came from the global allocator with this layout, and whoever has a block of
            // it has promised not to use it any more.
            unsafe { dealloc(chunk.as_ptr(), CHUNK) };
        }
    }
}

/// The pile for a layout, or `None` if it is too large or needs a larger alignment.
fn pile(layout: Layout) -> Option<usize> {
    let pile = layout.size().saturating_sub(1) / STEP;
    (pile < PILES && layout.align() <= STEP).then_some(pile)
}

fn allocate(layout: Layout) -> NonNull<u8> {
    // SAFETY: the size is not zero: a chunk's is not, nor a body's, for it has room for an outcome.
    let block = unsafe { alloc(layout) };
    NonNull::new(block).unwrap_or_else(|| handle_alloc_error(layout))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn a_block_that_was_given_back_is_the_next_one_of_its_size() {
        let mut blocks = Blocks::default();
        let old = blocks.take(layout(5 * STEP, 8));
        // SAFETY: it came from there, for this layout, and is not used again.
        unsafe { blocks.give_back(old, layout(5 * STEP, 8)) };
        assert_ne!(blocks.take(layout(4 * STEP, 8)), old, "another size, another pile");
        assert_eq!(blocks.take(layout(4 * STEP + 1, 1)), old, "more than four steps are five");
        assert_ne!(blocks.take(layout(5 * STEP, 8)), old);
    }

    #[test]
    fn blocks_of_all_sizes_are_aligned_and_apart() {
        let mut blocks = Blocks::default();
        let sizes = (1..=PILES * STEP).flat_map(|size| [size, 1, PILES * STEP]);
        let mut spans = Vec::from_iter(sizes.map(|size| {
            let start = blocks.take(layout(size, STEP)).addr().get();
            assert_eq!(start % STEP, 0);
            start..start + size
        }));
        spans.sort_by_key(|span| span.start);
        assert!(spans.is_sorted_by(|a, b| a.end <= b.start));
    }

    #[test]
    fn a_chunk_is_cut_to_its_last_byte() {
        let mut blocks = Blocks::default();
        let largest = layout(PILES * STEP, STEP);
        (0..CHUNK.size() / largest.size()).for_each(|_| _ = blocks.take(largest));
        assert_eq!((blocks.chunks.len(), blocks.rest), (1, 0));
        blocks.take(layout(1, 1));
        assert_eq!(blocks.chunks.len(), 2);
    }

    #[test]
    fn what_is_too_large_or_aligned_too_wide_is_not_piled() {
        let sizes = [0, 1, STEP, STEP + 1];
        assert_eq!(sizes.map(|size| pile(layout(size, 8))), [0, 0, 0, 1].map(Some));
        assert_eq!(pile(layout(PILES * STEP, STEP)), Some(PILES - 1));
        assert_eq!(pile(layout(PILES * STEP + 1, STEP)), None);
        assert_eq!(pile(layout(8, 2 * STEP)), None);
    }
}
