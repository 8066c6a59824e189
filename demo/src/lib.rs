//! The founding program of this repository, and what it needs around it.
//!
//! Read [`program`] first: it is the Python program in Rust. Then, as questions come up:
//!
//! | file | in Python | why it exists |
//! |---|---|---|
//! | [`program`] | the program | what all the rest is for |
//! | [`world`] | `import random, os`; `print` | what the program takes from outside |
//! | [`random`] | `random.seed`, `random.randint` | the same sleeps as in Python |
//! | [`urandom`] | `os.urandom` | items, reproducible on the virtual clock |
//! | [`output`] | `sys.stdout` | a closed pipe ends the demo quietly |
//! | [`cli`] | `argparse` | one clear line for whatever is wrong |
//! | [`views`] | | the same run, seen in other ways |
//!
//! It is a library as well as a binary so that tests and views can run the program too.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod cli;
pub mod output;
pub mod program;
pub mod random;
pub mod urandom;
pub mod views;
pub mod world;
