//! One file for each use of a primitive. Suite 1 of `docs/format.md`, section 7; nothing here knows the file.

pub mod commitment;
pub mod digest;
pub mod envelope;
pub mod issuer;
pub mod kdf;
pub mod label;
mod rng;
pub mod seal;
pub mod sharing;
pub mod wrapping;
