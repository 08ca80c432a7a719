//! Public boxes: anybody seals, only the wrapping key opens. HPKE (RFC 9180) base mode, MLKEM768-X25519 (X-Wing),
//! HKDF-SHA256, AES-256-GCM.

use hpke::aead::AesGcm256;
use hpke::inout::InOutBuf;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};

use super::rng::Latched;
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::secret::{SecretBuffer, SecretBytes};

/// Bytes of a public key: ML-KEM-768 (1,184) and X25519 (32).
pub const PUBLIC_KEY_LENGTH: usize = 1216;
/// Bytes before the ciphertext: ML-KEM-768 (1,088) and X25519 (32).
pub const ENCAPSULATED_LENGTH: usize = 1120;
const TAG_LENGTH: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the public key of this backup is malformed; nothing was sealed")]
    PublicKey,
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

/// A private key from its serialised form, the 32-byte seed. On the heap: a value that is moved leaves a copy on the stack, and from
/// there into what is written over it.
pub struct OpeningKey(Box<<XWing as Kem>::PrivateKey>);

impl OpeningKey {
    pub fn from_seed(seed: &SecretBytes<32>) -> Option<Self> {
        <XWing as Kem>::PrivateKey::from_bytes(seed.reveal()).ok().map(|key| Self(Box::new(key)))
    }

    pub fn public(&self) -> Vec<u8> {
        XWing::sk_to_pk(&self.0).to_bytes().to_vec()
    }

    /// Opens enc || ciphertext || tag. `None` when it is not for this key and context, or was altered.
    pub fn open(&self, sealed: &[u8], context: &[u8; 32]) -> Option<SecretBuffer> {
        let (encapsulated, rest) = sealed.split_at_checked(ENCAPSULATED_LENGTH)?;
        let (ciphertext, tag) = rest.split_at_checked(rest.len().checked_sub(TAG_LENGTH)?)?;
        let encapsulated = <XWing as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
        let tag = hpke::aead::AeadTag::<AesGcm256>::from_bytes(tag).ok()?;
        let mut plaintext = SecretBuffer::zeros(ciphertext.len());
        plaintext.reveal_mut().copy_from_slice(ciphertext);
        hpke::single_shot_open_inout_detached::<AesGcm256, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.0,
            &encapsulated,
            context,
            InOutBuf::from(plaintext.reveal_mut()),
            b"",
            &tag,
        )
        .ok()?;
        Some(plaintext)
    }
}

/// Seals to a backup's public key: enc || ciphertext || tag.
pub fn seal(
    public_key: &[u8],
    mut plaintext: SecretBuffer,
    context: &[u8; 32],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let recipient = <XWing as Kem>::PublicKey::from_bytes(public_key).map_err(|_| SealError::PublicKey)?;
    let mut random = Latched::new(entropy);
    let (encapsulated, tag) = hpke::single_shot_seal_inout_detached_with_rng::<AesGcm256, HkdfSha256, XWing>(
        &OpModeS::Base,
        &recipient,
        context,
        InOutBuf::from(plaintext.reveal_mut()),
        b"",
        &mut random,
    )
    .map_err(|_| SealError::PublicKey)?;
    random.check()?;
    Ok([encapsulated.to_bytes().as_slice(), plaintext.reveal(), tag.to_bytes().as_slice()].concat())
}
