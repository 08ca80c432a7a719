//! Aptos: the authentication key of a single Ed25519 key, which is the address of an account whose key was never changed.

use data_encoding::HEXLOWER;
use sha3::{Digest, Sha3_256};

/// The byte after the key that says "one Ed25519 key".
const SINGLE_ED25519: u8 = 0;

pub fn address(key: &[u8; 32]) -> String {
    let digest = Sha3_256::new().chain_update(key).chain_update([SINGLE_ED25519]).finalize();
    format!("0x{}", HEXLOWER.encode(&digest))
}

/// The same number: zeros after 0x may be missing, letters may be capitals.
pub fn is_same(recorded: &str, derived: &str) -> bool {
    let number = |text: &str| {
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
        Some(digits.trim_start_matches('0').to_ascii_lowercase()).filter(|_| (1..=64).contains(&digits.len()))
    };
    number(recorded).is_some_and(|recorded| Some(recorded) == number(derived))
}
