//! Version 1 of the snapshot format: its sections as types, its layout, strict reading with verdicts.

pub mod layout;
pub mod limits;
pub mod model;
mod parts;
pub mod read;
pub(super) mod rules;
mod strict;
pub mod verdict;
