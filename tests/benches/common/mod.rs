//! What every benchmark needs: one core and its clock, the middle of many samples, options.

// Each benchmark is a program of its own and takes from here what it needs.
#![allow(dead_code)]

pub mod allocator;
pub mod cpu;
pub mod number;
pub mod options;
pub mod plot;
pub mod statistics;
