//! Aptos: the authentication keys of one Ed25519 key, each of which is the address of an account whose key was never changed (Aptos
//! documentation, "Accounts"; AIP-55 for the newer one).

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use sha3::{Digest, Sha3_256};

use super::{Account, ChildKey, Form, PublicKey, Unread, Wallets, Written, advice};
use crate::domain::import_form::ImportForm;

/// The byte after the key that says "one Ed25519 key".
const LEGACY: u8 = 0;
/// The same for one key of any type.
const SINGLE_KEY: u8 = 2;
/// What stands before a key of any type: that it is on Ed25519, and its length.
const ANY_ED25519: [u8; 2] = [0, 32];

pub struct Aptos;

impl Wallets for Aptos {
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        let form = |name, parts: &[&[u8]]| {
            let digest = Sha3_256::digest(parts.concat());
            Form::new(name, format!("0x{}", HEXLOWER.encode(&digest)), Account::of(digest.to_vec()))
        };
        vec![
            form("Aptos address", &[key, &[LEGACY]]),
            form("Aptos address, SingleKey", &[&ANY_ED25519, key, &[SINGLE_KEY]]),
        ]
    }

    fn read(&self, text: &str) -> Result<Written, Unread> {
        number(text)
    }

    fn doubt(&self) -> Option<&'static str> {
        Some("an address cannot decide: an Aptos account can change its key, and keeps its address then")
    }

    fn imports(&self, _key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![advice(
            "Private key (ed25519-priv-…)",
            "There is none: Petra, Martian and the Aptos command line take a seed, and would make another account of this number.",
        )]
    }
}

/// 32 bytes in hexadecimal. There is no checksum: only the length and the digits are looked at. Behind 0x zeros at the front may be
/// missing; without 0x all 64 digits are there.
pub fn number(text: &str) -> Result<Written, Unread> {
    let short = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let is_long = short.is_some_and(|digits| (1..=64).contains(&digits.len())) || (short.is_none() && text.len() == 64);
    let digits = format!("{:0>64}", short.unwrap_or(text));
    let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok().filter(|_| is_long);
    bytes.map(Written::usual).ok_or(Unread::NoAddress)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_at_the_front_may_be_missing_and_digits_may_not() {
        let whole = format!("{}a1", "0".repeat(62));
        for same in ["0xA1", "0xa1", "0X0a1", &format!("0x{whole}"), &whole] {
            assert_eq!(number(same), number("0xa1"), "{same}");
        }
        for other in ["", "0x", "a1", "0xg1", &format!("0x0{whole}"), &format!("0{whole}"), "é"] {
            assert_eq!(number(other), Err(Unread::NoAddress), "{other}");
        }
    }
}
