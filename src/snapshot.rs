//! The file: bytes in, types out, and back. `docs/format.md` is the normative text.
//! Bytes -> [`container`] -> [`v1::read`] -> [`backup::Backup`] -> [`opening`]; [`sealing`] and [`refresh`] go the other way.

pub mod backup;
mod boxes;
pub(crate) mod card;
pub mod cloud_key;
pub mod completeness;
pub(crate) mod condition;
pub mod container;
pub mod delivery;
pub mod finding;
mod foreign;
pub mod founding;
pub mod opening;
pub(crate) mod paper;
pub mod refresh;
pub mod relation;
pub mod sealing;
pub mod v1;
