//! `test_tasks.py`: a module for each of its subjects.

mod basics;
mod cancel;
mod gather;
mod sleep;
