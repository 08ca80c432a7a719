//! The wrapping key WK and all that only a quorum can do with it.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::commitment::{expand, into_secret};
use super::envelope::{aead_open, aead_seal};
use super::label::{Binding, label, labelled_digest};
use super::seal::OpeningKey;
use crate::domain::encoding::Hex;
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::secret::{SecretBuffer, SecretBytes};

/// 32 random bytes, one for the whole life of a backup, and the PRK that everything else is expanded from.
pub struct WrappingKey {
    key: SecretBytes<32>,
    prk: SecretBytes<32>,
    binding: Binding,
}

impl WrappingKey {
    pub fn generate(binding: Binding, entropy: &mut dyn Entropy) -> Result<Self, EntropyFailed> {
        Ok(Self::new(SecretBytes::try_init(|bytes| entropy.fill(bytes))?, binding))
    }

    /// Takes what shares were combined to. Whether it is the right key only its commitment says.
    pub fn new(key: SecretBytes<32>, binding: Binding) -> Self {
        let (prk, _) = Hkdf::<Sha256>::extract(Some(&binding.backup_id.0), key.reveal());
        Self { key, prk: into_secret(prk.into()), binding }
    }

    pub fn reveal(&self) -> &SecretBytes<32> {
        &self.key
    }

    pub fn commitment(&self) -> Hex<32> {
        let mut commitment = [0; 32];
        self.expand("wrapping-key-commitment", &[], &mut commitment);
        Hex(commitment)
    }

    /// Whether this is the key that `commitment` was made of; in constant time.
    pub fn matches(&self, commitment: &Hex<32>) -> bool {
        self.commitment().0.as_slice().ct_eq(&commitment.0).into()
    }

    /// The key pair that public boxes are sealed to.
    pub fn opening_key(&self) -> Option<OpeningKey> {
        OpeningKey::from_seed(&SecretBytes::init(|seed| self.expand("kem-seed", &[], seed)))
    }

    /// HMAC-SHA256 over label || `core_digest` || the canonical anchor without its mac.
    pub fn anchor_mac(&self, core_digest: &Hex<32>, anchor: &[u8]) -> Hex<32> {
        self.anchor_hmac(core_digest, anchor).map_or(Hex::ZERO, |mac| Hex(mac.finalize().into_bytes().into()))
    }

    /// Whether `mac` is that of the anchor; in constant time.
    pub fn is_anchor_mac(&self, core_digest: &Hex<32>, anchor: &[u8], mac: &Hex<32>) -> bool {
        self.anchor_hmac(core_digest, anchor).is_some_and(|hmac| hmac.verify_slice(&mac.0).is_ok())
    }

    /// Seals a quorum box.
    pub fn seal(&self, plaintext: SecretBuffer, context: &[u8; 32]) -> Vec<u8> {
        aead_seal(&self.box_key(context), plaintext, b"")
    }

    /// Opens a quorum box; its tag is the quorum's mark.
    pub fn open(&self, sealed: &[u8], context: &[u8; 32]) -> Option<SecretBuffer> {
        aead_open(&self.box_key(context), sealed, b"")
    }

    fn box_key(&self, context: &[u8; 32]) -> SecretBytes<44> {
        SecretBytes::init(|bytes| self.expand("quorum-box", &[context], bytes))
    }

    fn anchor_hmac(&self, core_digest: &Hex<32>, anchor: &[u8]) -> Option<Hmac<Sha256>> {
        let key = SecretBytes::<32>::init(|key| self.expand("quorum-mac", &[], key));
        let mut hmac = Hmac::<Sha256>::new_from_slice(key.reveal()).ok()?;
        hmac.update(&label(self.binding.purpose, "anchor"));
        hmac.update(&core_digest.0);
        hmac.update(anchor);
        Some(hmac)
    }

    fn expand(&self, name: &str, parts: &[&[u8]], out: &mut [u8]) {
        expand(self.prk.reveal(), self.binding, name, parts, out);
    }
}

/// What binds a box to its backup and place: SHA-256(label || `core_digest` || canonical header).
pub fn box_context(binding: Binding, core_digest: &Hex<32>, header: &[u8]) -> [u8; 32] {
    labelled_digest(binding.purpose, "box", &[&core_digest.0, header])
}
