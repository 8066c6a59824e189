//! Solutions of chapter 16, "asyncio's features and how to use them well".

/// A `put` that need not wait does not give way: into an unbounded queue all items go in one turn.
pub fn put_before_the_first_is_got() -> [usize; 2] {
    [100, 3]
}

pub const WORKER: &str = "docs/exercises/solutions/chapter_16.py";
