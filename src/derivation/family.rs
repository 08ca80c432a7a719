//! What the wallets of a chain do, one file a family: how they write the address of a key, which texts they take for the same one,
//! and in what form they take its private key.

mod aptos;
mod bech;
mod bitcoin;
mod cosmos;
mod evm;
mod polkadot;
mod solana;
mod stellar;
mod sui;
mod tron;
mod xrp;

use bs58::Alphabet;
use ripemd::Ripemd160;
use sha2::{Digest, Sha256};

use super::ChildKey;
use super::public_key::PublicKey;
use super::text::{SecretLine, checksum};
use crate::domain::chain::{Chain, Family};
use crate::domain::import_form::ImportForm;
use crate::domain::secret::SecretText;

/// One form in which a chain writes the address of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// `P2WPKH`, where a chain has several; else the name of the only one.
    pub name: &'static str,
    pub address: String,
}

/// What wallets of a family do. Texts have no white space around them.
pub trait Wallets {
    /// The addresses of `key` that `recorded` can be, all of them when it does not look like any, the usual form first; empty for a
    /// key of the other curve.
    fn forms(&self, key: &PublicKey, recorded: Option<&str>) -> Vec<Form>;

    fn is_same(&self, recorded: &str, derived: &str) -> bool;

    /// Why one key cannot decide on `recorded`, of which it gives `derived` instead. Completes "cannot check, because …".
    fn obstacle(&self, recorded: &str, derived: &[String]) -> Option<String>;

    /// What is wrong with an address that somebody typed. Completes "cannot search, because …".
    fn mistake(&self, typed: &str) -> Option<&'static str>;

    /// The forms in which they take a private key whose address has the form `form`, and advice. Of a key on Ed25519 only what comes
    /// after the number itself.
    fn imports(&self, key: &ChildKey, form: Option<&'static str>) -> Vec<ImportForm>;
}

/// The one place where a chain's family is told.
pub fn wallets(chain: &Chain) -> &dyn Wallets {
    match chain.family() {
        Family::Bitcoin(network) => bitcoin::network(*network),
        Family::Evm(foreign) => foreign,
        Family::Tron => &tron::Tron,
        Family::Xrp => &xrp::Xrp,
        Family::Cosmos(prefix) => prefix,
        Family::Solana => &solana::Solana,
        Family::Stellar => &stellar::Stellar,
        Family::Aptos => &aptos::Aptos,
        Family::Sui => &sui::Sui,
        Family::Polkadot(prefix) => prefix,
    }
}

const MISTYPED: &str = "the address is mistyped: its checksum is wrong";
const NO_ADDRESS: &str = "this is no address of that chain";

/// The only form of a chain.
fn one(name: &'static str, address: String) -> Vec<Form> {
    vec![Form { name, address }]
}

/// What is wrong with 21 bytes and their checksum.
fn base58_mistake(text: &str, alphabet: &Alphabet) -> Option<&'static str> {
    let bytes = bs58::decode(text).with_alphabet(alphabet).into_vec().unwrap_or_default();
    let Some((payload, sum)) = bytes.split_last_chunk::<4>().filter(|(payload, _)| payload.len() == 21) else {
        return Some(NO_ADDRESS);
    };
    (checksum(payload) != *sum).then_some(MISTYPED)
}

/// RIPEMD-160 of SHA-256.
fn hash160(bytes: &[u8]) -> [u8; 20] {
    Ripemd160::digest(Sha256::digest(bytes)).into()
}

pub(super) fn form(name: &'static str, value: SecretText, hint: &'static str) -> ImportForm {
    ImportForm { name, value: Some(value), hint }
}

fn advice(name: &'static str, hint: &'static str) -> ImportForm {
    ImportForm { name, value: None, hint }
}

fn with_0x(key: &ChildKey) -> SecretText {
    SecretLine::new().with("0x").with_hex(key.private().reveal()).finish()
}
