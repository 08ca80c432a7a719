//! Sui: addresses of single Ed25519 keys.

use blake2::Blake2b;
use blake2::digest::Digest;
use blake2::digest::consts::U32;
use data_encoding::HEXLOWER;

/// The byte before the key that says "Ed25519".
const ED25519: u8 = 0;

pub fn address(key: &[u8; 32]) -> String {
    let digest = Blake2b::<U32>::new().chain_update([ED25519]).chain_update(key).finalize();
    format!("0x{}", HEXLOWER.encode(&digest))
}
