//! Sui: addresses of single Ed25519 keys.

use blake2::Blake2b;
use blake2::digest::Digest;
use blake2::digest::consts::U32;
use data_encoding::HEXLOWER;

use super::aptos::number;
use super::{Account, ChildKey, Form, PublicKey, Unread, Wallets, Written, advice, one};
use crate::domain::import_form::ImportForm;

/// The byte before the key that says "Ed25519".
const ED25519: u8 = 0;

pub struct Sui;

impl Wallets for Sui {
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        let digest = Blake2b::<U32>::new().chain_update([ED25519]).chain_update(key).finalize();
        one("Sui address", format!("0x{}", HEXLOWER.encode(&digest)), digest.to_vec())
    }

    fn read(&self, text: &str) -> Result<Written, Unread> {
        number(text)
    }

    fn imports(&self, _key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![advice(
            "Private key (suiprivkey…)",
            "There is none: Sui Wallet and the Sui command line take a seed, and would make another address of this number.",
        )]
    }
}
