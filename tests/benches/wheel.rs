//! The timer wheel beside a heap and a tree, as data structures only:
//! `cargo bench -p tests --features measure --bench wheel`, options after `--` (`--help` lists them).
//!
//! With `--write` it draws the curve for the docs. What is measured: structures/mod.rs.

mod common;
mod structures;

use common::options::Options;

fn main() {
    let options = Options::from_command_line();
    common::cpu::pin_main_thread();
    let curves = structures::measure(&options);
    print!("{}", curves.table());
    if let Some(folder) = &options.write {
        common::options::write(folder, "pictures/timer-structures.svg", &curves.picture());
    }
}
