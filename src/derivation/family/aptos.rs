//! Aptos: the authentication key of a single Ed25519 key, which is the address of an account whose key was never changed.

use data_encoding::HEXLOWER;
use sha3::{Digest, Sha3_256};

use super::{ChildKey, Form, NO_ADDRESS, PublicKey, Wallets, advice, one};
use crate::domain::import_form::ImportForm;

/// The byte after the key that says "one Ed25519 key".
const SINGLE_ED25519: u8 = 0;

pub struct Aptos;

impl Wallets for Aptos {
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        let digest = Sha3_256::new().chain_update(key).chain_update([SINGLE_ED25519]).finalize();
        one("Aptos address", format!("0x{}", HEXLOWER.encode(&digest)))
    }

    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        is_same_number(recorded, derived)
    }

    fn obstacle(&self, _recorded: &str, _derived: &[String]) -> Option<String> {
        None
    }

    /// There is no checksum: only the length and the digits are looked at.
    fn mistake(&self, typed: &str) -> Option<&'static str> {
        (!is_same_number(typed, typed)).then_some(NO_ADDRESS)
    }

    fn imports(&self, _key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![advice(
            "Private key (ed25519-priv-…)",
            "There is none: Petra, Martian and the Aptos command line take a seed, and would make another account of this number.",
        )]
    }
}

/// The same number: zeros after 0x may be missing, letters may be capitals.
pub fn is_same_number(recorded: &str, derived: &str) -> bool {
    let number = |text: &str| {
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
        Some(digits.trim_start_matches('0').to_ascii_lowercase()).filter(|_| (1..=64).contains(&digits.len()))
    };
    number(recorded).is_some_and(|recorded| Some(recorded) == number(derived))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_front_may_be_missing_and_digits_may_not() {
        assert!(is_same_number("0xA1", &format!("0x{}a1", "0".repeat(62))) && !is_same_number("0x", "0x0"));
    }
}
