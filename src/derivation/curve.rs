//! Arithmetic on the two curves: private keys and shares to numbers, numbers to public keys, parent keys to child keys.
//! Nothing here knows of paths, records or addresses.

use curve25519_dalek::EdwardsPoint;
use curve25519_dalek::scalar::Scalar as EdScalar;
use hmac::{Hmac, KeyInit, Mac};
use k256::elliptic_curve::PrimeField;
use k256::elliptic_curve::ops::Reduce;
use k256::elliptic_curve::sec1::ToSec1Point;
use k256::{FieldBytes, ProjectivePoint, Scalar};
use sha2::Sha512;
use zeroize::{Zeroize, Zeroizing};

use super::public_key::PublicKey;
use crate::domain::derivation_path::PathPart;
use crate::domain::key_type::KeyType;
use crate::domain::secret::SecretBytes;

/// The number is 0, or beyond the order of the curve where that is no number of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfRange;

/// Reads a private key. ECDSA: 1 to n - 1 (SEC 1, section 3.2.1). `EdDSA`: any multiple of the base point; a number of l or more
/// is the same key as its remainder, which is what is kept.
pub fn private_key(key_type: KeyType, bytes: &[u8; 32]) -> Result<SecretBytes<32>, OutOfRange> {
    match key_type {
        KeyType::Ecdsa => {
            let number: Option<Scalar> = Scalar::from_repr(FieldBytes::from(*bytes)).into();
            ecdsa_key(&Zeroizing::new(number.ok_or(OutOfRange)?))
        }
        KeyType::Eddsa => eddsa_key(&Zeroizing::new(EdScalar::from_bytes_mod_order(*bytes))),
    }
}

/// Adds additive shares modulo the order of the curve.
pub fn sum_of_shares(key_type: KeyType, shares: &[SecretBytes<32>]) -> Result<SecretBytes<32>, OutOfRange> {
    match key_type {
        KeyType::Ecdsa => {
            let mut sum = Zeroizing::new(Scalar::ZERO);
            for share in shares {
                let share = Zeroizing::new(ecdsa_number(share.reveal()));
                *sum += &*share;
            }
            ecdsa_key(&sum)
        }
        KeyType::Eddsa => {
            let mut sum = Zeroizing::new(EdScalar::ZERO);
            for share in shares {
                let share = Zeroizing::new(EdScalar::from_bytes_mod_order(*share.reveal()));
                *sum += &*share;
            }
            eddsa_key(&sum)
        }
    }
}

/// The public key of a private key that [`private_key`] or [`child`] gave.
pub fn public_key(key_type: KeyType, private: &SecretBytes<32>) -> PublicKey {
    match key_type {
        KeyType::Ecdsa => {
            let number = Zeroizing::new(ecdsa_number(private.reveal()));
            PublicKey::of_secp256k1(&ProjectivePoint::mul_by_generator(&number).to_affine().to_sec1_point(false))
        }
        KeyType::Eddsa => {
            let number = Zeroizing::new(EdScalar::from_bytes_mod_order(*private.reveal()));
            PublicKey::Ed25519(EdwardsPoint::mul_base(&number).compress().0)
        }
    }
}

/// The private key and chain code one step down.
///
/// ECDSA: BIP-32, "Private parent key to private child key". `EdDSA`: as wallets whose keys are shared between parties do it, never
/// hardened: I = HMAC-SHA512(chain code, public key || 00 || index as 4 bytes big-endian); the child is the parent plus the first
/// half of I, read big-endian, modulo l; the other half is its chain code.
pub fn child(
    key_type: KeyType,
    private: &SecretBytes<32>,
    public: &PublicKey,
    chain_code: &SecretBytes<32>,
    part: PathPart,
) -> Result<(SecretBytes<32>, SecretBytes<32>), OutOfRange> {
    let mut mac = Hmac::<Sha512>::new_from_slice(chain_code.reveal()).map_err(|_| OutOfRange)?;
    match (key_type, part.is_hardened()) {
        (KeyType::Ecdsa, false) => mac.update(&public.bytes()),
        (KeyType::Ecdsa, true) => {
            mac.update(&[0]);
            mac.update(private.reveal());
        }
        (KeyType::Eddsa, false) => {
            mac.update(&public.bytes());
            mac.update(&[0]);
        }
        (KeyType::Eddsa, true) => return Err(OutOfRange),
    }
    mac.update(&part.number().to_be_bytes());
    let mut digest = mac.finalize().into_bytes();
    let halves =
        digest.split_first_chunk::<32>().map(|(left, right)| (Zeroizing::new(*left), SecretBytes::copy_of(right)));
    digest.as_mut_slice().zeroize();
    let Some((mut left, Some(chain_code))) = halves else { return Err(OutOfRange) };
    let private = match key_type {
        KeyType::Ecdsa => {
            let tweak: Option<Scalar> = Scalar::from_repr(FieldBytes::from(*left)).into();
            let tweak = Zeroizing::new(tweak.ok_or(OutOfRange)?);
            let parent = Zeroizing::new(ecdsa_number(private.reveal()));
            ecdsa_key(&Zeroizing::new(*parent + *tweak))?
        }
        KeyType::Eddsa => {
            left.reverse();
            let tweak = Zeroizing::new(EdScalar::from_bytes_mod_order(*left));
            let parent = Zeroizing::new(EdScalar::from_bytes_mod_order(*private.reveal()));
            eddsa_key(&Zeroizing::new(*parent + *tweak))?
        }
    };
    Ok((private, chain_code))
}

/// Big-endian, modulo n.
fn ecdsa_number(bytes: &[u8; 32]) -> Scalar {
    <Scalar as Reduce<FieldBytes>>::reduce(&FieldBytes::from(*bytes))
}

fn ecdsa_key(number: &Scalar) -> Result<SecretBytes<32>, OutOfRange> {
    if bool::from(number.is_zero()) {
        return Err(OutOfRange);
    }
    let mut bytes = number.to_bytes();
    let key = SecretBytes::copy_of(&bytes);
    bytes.as_mut_slice().zeroize();
    key.ok_or(OutOfRange)
}

fn eddsa_key(number: &EdScalar) -> Result<SecretBytes<32>, OutOfRange> {
    if *number == EdScalar::ZERO {
        return Err(OutOfRange);
    }
    Ok(SecretBytes::init(|bytes| bytes.copy_from_slice(number.as_bytes())))
}
