//! Sui: addresses of single Ed25519 keys.

use blake2::Blake2b;
use blake2::digest::Digest;
use blake2::digest::consts::U32;
use data_encoding::HEXLOWER;

use super::aptos::is_same_number;
use super::{ChildKey, Form, NO_ADDRESS, PublicKey, Wallets, advice, one};
use crate::domain::import_form::ImportForm;

/// The byte before the key that says "Ed25519".
const ED25519: u8 = 0;

pub struct Sui;

impl Wallets for Sui {
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        let digest = Blake2b::<U32>::new().chain_update([ED25519]).chain_update(key).finalize();
        one("Sui address", format!("0x{}", HEXLOWER.encode(&digest)))
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
            "Private key (suiprivkey…)",
            "There is none: Sui Wallet and the Sui command line take a seed, and would make another address of this number.",
        )]
    }
}
