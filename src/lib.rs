//! The program `countersign`: its commands, and the one place where configuration becomes a running process.

pub mod commands;
pub mod console;
pub mod serve;
