//! Conclave: recovery of an organization's keys and MFA recovery codes, without using a network.
//!
//! The layers, each of which may use those named after it (`tests/layers.rs` keeps the law; `docs/architecture.md` draws it):
//!
//! - [`cli`]: one file a command; sees all
//! - [`session`]: a recovery in progress; does what screens ask -> `machine`, `export`, `training`, `effect` and below
//! - [`ui`]: the screens and the prompts -> `journey`, `effect`, `domain`
//! - [`journey`]: what happens, and in which order -> `effect`, `domain`
//! - [`machine`]: terminal, files, media, entropy, clock, memory -> `effect`, `crypto`, `domain`
//! - [`training`]: the built-in training backups -> `snapshot` and below
//! - [`effect`]: what a journey asks and hears back: plain data -> `domain`
//! - [`export`]: recovered contents in every form, bytes out -> `derivation` and below
//! - [`derivation`]: master key, child key, address -> `crypto`, `domain`
//! - [`snapshot`]: the file: bytes in, types out -> `crypto`, `domain`
//! - [`crypto`]: one file a use of a primitive -> `domain`
//! - [`domain`]: the trade, pure

pub mod cli;
pub mod crypto;
pub mod derivation;
pub mod domain;
pub mod effect;
pub mod export;
pub mod journey;
pub mod machine;
pub mod session;
pub mod snapshot;
pub mod training;
pub mod ui;
