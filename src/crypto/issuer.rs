//! The optional signature of an issuer: Ed25519 (RFC 8032) over a snapshot section.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::label::{Purpose, label};
use crate::domain::encoding::Hex;
use crate::domain::secret::SecretBytes;

/// The 32-byte seed of an issuer's key.
pub struct IssuerKey(SigningKey);

impl IssuerKey {
    pub fn from_seed(seed: &SecretBytes<32>) -> Self {
        Self(SigningKey::from_bytes(seed.reveal()))
    }

    pub fn public(&self) -> Hex<32> {
        Hex(self.0.verifying_key().to_bytes())
    }

    /// 64 bytes over the canonical snapshot section without signature and checksum.
    pub fn sign(&self, purpose: Purpose, core_digest: &Hex<32>, section: &[u8]) -> Vec<u8> {
        self.0.sign(&message(purpose, core_digest, section)).to_bytes().to_vec()
    }
}

/// Whether `signature` is the issuer's. Weak keys and malleable signatures are refused.
pub fn verify(issuer: &Hex<32>, purpose: Purpose, core_digest: &Hex<32>, section: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(&issuer.0) else { return false };
    let Ok(signature) = Signature::from_slice(signature) else { return false };
    key.verify_strict(&message(purpose, core_digest, section), &signature).is_ok()
}

fn message(purpose: Purpose, core_digest: &Hex<32>, section: &[u8]) -> Vec<u8> {
    [label(purpose, "issuer").as_slice(), &core_digest.0, section].concat()
}
