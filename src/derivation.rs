//! Master key, child key, address: everything that is derived from the key material of a backup. Pure: no files, no threads.

pub mod address;
mod create;
mod curve;
mod extended;
mod family;
pub mod import;
mod key;
pub mod keyring;
mod notation;
mod public_key;
pub mod search;
mod text;

pub use create::create;
pub use key::{ChildKey, DeriveError, MasterKey};
pub use keyring::{Derived, Keyring, master_of};
pub use public_key::PublicKey;
