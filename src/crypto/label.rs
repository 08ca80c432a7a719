//! Domain separation: every key, commitment and mark is made under a label that says its purpose and use.

use sha2::{Digest, Sha256};

use crate::domain::encoding::{Hex, words};

/// Whether a backup protects something. Part of every label: training material never verifies as production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Production,
    Training,
}

words!(Purpose: "production or training", Production = "production", Training = "training");

impl Purpose {
    /// Whether it protects nothing, and its phrases are no secret.
    pub fn is_training(self) -> bool {
        self == Self::Training
    }
}

/// What every use of suite 1 is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    pub purpose: Purpose,
    pub backup_id: Hex<16>,
}

/// `conclave/v1/` purpose `/` name, then a zero byte.
pub fn label(purpose: Purpose, name: &str) -> Vec<u8> {
    format!("conclave/v1/{}/{name}\0", purpose.name()).into_bytes()
}

/// SHA-256 of a label and what follows it.
pub fn labelled_digest(purpose: Purpose, name: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(label(purpose, name));
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// `core_digest` of the canonical form of a core.
pub fn core_digest(purpose: Purpose, canonical_core: &[u8]) -> Hex<32> {
    Hex(labelled_digest(purpose, "core", &[canonical_core]))
}
