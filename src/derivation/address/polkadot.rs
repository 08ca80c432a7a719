//! Polkadot and other Substrate chains: SS58 addresses of Ed25519 keys (Substrate documentation, "SS58 address format").

use blake2::{Blake2b512, Digest};

/// `prefix` is at most `Chain::SS58_LIMIT`: one byte up to 63, two bytes above, with bits in the order that SS58 has.
pub fn address(prefix: u16, key: &[u8; 32]) -> String {
    let [high, low] = prefix.to_be_bytes();
    let mut whole = if prefix < 64 { vec![low] } else { vec![0x40 | low >> 2, (high & 0x3F) | (low & 3) << 6] };
    whole.extend(key);
    let digest = Blake2b512::new().chain_update(b"SS58PRE").chain_update(&whole).finalize();
    whole.extend(digest.iter().take(2));
    bs58::encode(whole).into_string()
}
