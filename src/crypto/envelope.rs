//! An envelope: one share, sealed to one phrase. AES-256-GCM does not commit to its key, so this is opened only after the
//! phrase's commitment matched, and what comes out must match the share's commitment.

use aes_gcm::aead::AeadInOut;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce, Tag};

use super::commitment::PhraseKey;
use super::sharing::Share;
use crate::domain::encoding::Hex;
use crate::domain::secret::{SecretBuffer, SecretBytes};

/// x || y: 33 bytes, and a tag of 16.
pub const SEALED_LENGTH: usize = 49;
const SHARE_LENGTH: usize = 33;

/// Seals a share of 32 bytes to the phrase of its shareholder.
pub fn seal(share: &Share, phrase: &PhraseKey, core_digest: &Hex<32>) -> Vec<u8> {
    let mut plaintext = SecretBuffer::zeros(SHARE_LENGTH);
    let bytes = std::iter::once(&share.number).chain(share.value.reveal());
    plaintext.reveal_mut().iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    aead_seal(&phrase.envelope_key(share.number, core_digest), plaintext, &core_digest.0)
}

/// Opens the envelope of shareholder `number`. `None` when it was altered or is not that shareholder's.
pub fn open(sealed: &[u8], number: u8, phrase: &PhraseKey, core_digest: &Hex<32>) -> Option<Share> {
    if sealed.len() != SEALED_LENGTH {
        return None;
    }
    let plaintext = aead_open(&phrase.envelope_key(number, core_digest), sealed, &core_digest.0)?;
    let (x, y) = plaintext.reveal().split_first()?;
    (*x == number).then_some(Share { number, value: SecretBytes::copy_of(y)? })
}

/// AES-256-GCM; key and nonce are 32 and 12 bytes, used for one message only. Ciphertext || tag.
pub(super) fn aead_seal(key_and_nonce: &SecretBytes<44>, mut plaintext: SecretBuffer, aad: &[u8]) -> Vec<u8> {
    let (cipher, nonce) = cipher(key_and_nonce);
    let tag = cipher.encrypt_inout_detached(&nonce, aad, InOutBuf::from(plaintext.reveal_mut()));
    // It fails only above 64 GiB; then nothing is given out.
    tag.map(|tag| [plaintext.reveal(), tag.as_slice()].concat()).unwrap_or_default()
}

/// The plaintext, when key, nonce, associated data and tag fit.
pub(super) fn aead_open(key_and_nonce: &SecretBytes<44>, sealed: &[u8], aad: &[u8]) -> Option<SecretBuffer> {
    let (ciphertext, tag) = sealed.split_last_chunk::<16>()?;
    let mut plaintext = SecretBuffer::zeros(ciphertext.len());
    plaintext.reveal_mut().copy_from_slice(ciphertext);
    let (cipher, nonce) = cipher(key_and_nonce);
    cipher.decrypt_inout_detached(&nonce, aad, InOutBuf::from(plaintext.reveal_mut()), &Tag::from(*tag)).ok()?;
    Some(plaintext)
}

fn cipher(key_and_nonce: &SecretBytes<44>) -> (Aes256Gcm, Nonce<aes_gcm::aead::consts::U12>) {
    let (key, nonce) = split(key_and_nonce.reveal());
    (Aes256Gcm::new(key.into()), Nonce::from(*nonce))
}

fn split(bytes: &[u8; 44]) -> (&[u8; 32], &[u8; 12]) {
    const ABSENT: ([u8; 32], [u8; 12]) = ([0; 32], [0; 12]);
    let (key, nonce) = bytes.split_first_chunk::<32>().unwrap_or((&ABSENT.0, &ABSENT.1));
    (key, nonce.first_chunk::<12>().unwrap_or(&ABSENT.1))
}
