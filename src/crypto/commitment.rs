//! A phrase is recognised alone, by a commitment behind the derivation; a share by a commitment to its bytes.

use hkdf::Hkdf;
use sha2::Sha256;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::kdf::{Kdf, KdfError, KdfNumbers};
use super::label::{Binding, label, labelled_digest};
use crate::domain::encoding::Hex;
use crate::domain::secret::SecretBytes;

/// `PRK`: what is left of a phrase after its derivation. A ceremony keeps this, and not the phrase.
pub struct PhraseKey {
    prk: SecretBytes<32>,
    binding: Binding,
}

impl PhraseKey {
    /// One derivation: Argon2id, then HKDF-Extract with the backup's id.
    pub fn derive(entropy: &[u8], binding: Binding, numbers: &KdfNumbers, kdf: &dyn Kdf) -> Result<Self, KdfError> {
        let root = kdf.derive(entropy, numbers)?;
        let (prk, _) = Hkdf::<Sha256>::extract(Some(&binding.backup_id.0), root.reveal());
        Ok(Self { prk: into_secret(prk.into()), binding })
    }

    /// The commitment that stands in core when this is the phrase of shareholder `number`.
    pub fn commitment(&self, number: u8) -> Hex<32> {
        let mut commitment = [0; 32];
        self.expand("phrase-commitment", &[&[number]], &mut commitment);
        Hex(commitment)
    }

    /// Key and nonce of the envelope of shareholder `number`: 32 and 12 bytes.
    pub(super) fn envelope_key(&self, number: u8, core_digest: &Hex<32>) -> SecretBytes<44> {
        SecretBytes::init(|bytes| self.expand("envelope", &[&[number], &core_digest.0], bytes))
    }

    /// Compares with every commitment in constant time. `Err` when two match: no ceremony makes such a core.
    pub fn recognise(&self, commitments: &[Hex<32>]) -> Result<Option<u8>, ForgedCommitments> {
        let mut hits = 0u8;
        let mut number = 0u8;
        for (candidate, commitment) in (1..=u8::MAX).zip(commitments) {
            let hit: Choice = self.commitment(candidate).0.ct_eq(&commitment.0);
            number = u8::conditional_select(&number, &candidate, hit);
            hits = hits.saturating_add(hit.unwrap_u8());
        }
        match hits {
            0 => Ok(None),
            1 => Ok(Some(number)),
            _ => Err(ForgedCommitments),
        }
    }

    fn expand(&self, name: &str, parts: &[&[u8]], out: &mut [u8]) {
        expand(self.prk.reveal(), self.binding, name, parts, out);
    }
}

/// One phrase matches the commitments of two shareholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("one phrase matches the commitments of two shareholders: this file was not made by a ceremony")]
pub struct ForgedCommitments;

/// The commitment to a share: SHA-256(label || `backup_id` || x || y).
pub fn share_commitment(binding: Binding, number: u8, value: &[u8]) -> Hex<32> {
    Hex(labelled_digest(binding.purpose, "share-commitment", &[&binding.backup_id.0, &[number], value]))
}

/// HKDF-Expand with a label and parts as its info.
pub(super) fn expand(prk: &[u8; 32], binding: Binding, name: &str, parts: &[&[u8]], out: &mut [u8]) {
    let label = label(binding.purpose, name);
    let info: Vec<&[u8]> = std::iter::once(label.as_slice()).chain(parts.iter().copied()).collect();
    let expanded = Hkdf::<Sha256>::from_prk(prk).ok().and_then(|hkdf| hkdf.expand_multi_info(&info, out).ok());
    debug_assert!(expanded.is_some(), "a key of 32 bytes and at most 44 bytes of output are within HKDF's limits");
}

/// Moves bytes that a library returned into a secret, and wipes what it returned.
pub(super) fn into_secret(bytes: [u8; 32]) -> SecretBytes<32> {
    let bytes = zeroize::Zeroizing::new(bytes);
    SecretBytes::init(|secret| secret.copy_from_slice(bytes.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::label::Purpose;

    fn key(purpose: Purpose, root: u8) -> PhraseKey {
        struct Fixed(u8);
        impl Kdf for Fixed {
            fn derive(&self, _: &[u8], _: &KdfNumbers) -> Result<SecretBytes<32>, KdfError> {
                Ok(into_secret([self.0; 32]))
            }
        }
        let binding = Binding { purpose, backup_id: Hex([9; 16]) };
        let numbers = KdfNumbers::new(crate::crypto::kdf::FLOOR, Hex([1; 32]));
        PhraseKey::derive(b"", binding, &numbers, &Fixed(root)).unwrap()
    }

    #[test]
    fn a_phrase_is_recognised_by_exactly_one_commitment() {
        let commitments: Vec<_> = (1..=5).map(|number| key(Purpose::Training, number).commitment(number)).collect();
        for number in 1..=5 {
            assert_eq!(key(Purpose::Training, number).recognise(&commitments), Ok(Some(number)));
        }
        assert_eq!(key(Purpose::Training, 6).recognise(&commitments), Ok(None));
        assert_eq!(key(Purpose::Production, 1).recognise(&commitments), Ok(None));
        let forged = [key(Purpose::Training, 1).commitment(1), key(Purpose::Training, 1).commitment(2)];
        assert_eq!(key(Purpose::Training, 1).recognise(&forged), Err(ForgedCommitments));
    }
}
