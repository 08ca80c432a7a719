//! The edge: all that touches the machine. Errors say what happened and what to do next.

pub mod clock;
pub mod cores;
pub mod disk;
pub mod entropy;
pub mod files;
pub mod folder;
pub mod media;
pub mod medium;
pub mod memory;
mod mounts;
pub mod network;
pub mod output;
pub mod tty;
mod write_error;
mod writing;
