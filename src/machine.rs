//! The edge: all that touches the machine. Errors say what happened and what to do next.

pub(crate) mod clock;
pub(crate) mod cores;
pub mod disk;
pub mod ending;
pub mod entropy;
pub mod files;
pub(crate) mod folder;
pub mod left;
pub mod media;
pub mod medium;
pub(crate) mod memory;
mod mounts;
pub(crate) mod network;
pub mod output;
pub(crate) mod tty;
mod write_error;
mod writing;
