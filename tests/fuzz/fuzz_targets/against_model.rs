//! Any bytes choose a program, and the executor runs it in the order of the model.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    tests::model::fuzz::against_model(bytes);
});
