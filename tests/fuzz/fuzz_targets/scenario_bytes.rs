//! Any bytes are a scenario file, or a complaint of one line: never a panic, never a hang.
//!
//! Begin with files that are scenarios, or it takes long to invent JSON: `data/directed/*.json`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    tests::model::fuzz::scenario_bytes(bytes);
});
