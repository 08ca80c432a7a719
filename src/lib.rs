//! Conclave: offline recovery of an organization's keys and MFA recovery codes.
//!
//! The layers, each of which may use those named after it (`tests/layers.rs` keeps the law; `docs/architecture.md` draws it):
//!
//! - [`cli`]: one file a command; sees all
//! - [`training`]: the built-in training backups -> `snapshot` and below
//! - [`machine`]: files, entropy, clock, memory -> `crypto`, `domain`
//! - [`snapshot`]: the file: bytes in, types out -> `crypto`, `domain`
//! - [`crypto`]: one file a use of a primitive -> `domain`
//! - [`domain`]: the trade, pure

pub mod cli;
pub mod crypto;
pub mod domain;
pub mod machine;
pub mod snapshot;
pub mod training;
