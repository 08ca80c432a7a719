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

use std::borrow::Cow;

use bs58::Alphabet;
use data_encoding::HEXLOWER_PERMISSIVE;
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
    account: Account,
    usage: Usage,
}

/// Whether accounts of a form are met on the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Usage {
    Usual,
    /// The key spends them too, but nobody makes them today: not offered where the addresses of a key are listed.
    Rare,
    /// The key does not spend them there. Completes "cannot check, because …".
    Never(String),
}

/// What an address names, in whatever notation: 20 or 32 bytes, and the script that they are for where a chain has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    script: &'static str,
    bytes: Vec<u8>,
}

/// What was read from the text of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    account: Account,
    /// Where it is not one of the spellings that are usual on the chain: which notation it is.
    pub notation: Option<Cow<'static, str>>,
    /// What is wrong with it although the account can be told. Completes "cannot check, because …".
    pub fault: Option<&'static str>,
}

/// Why no account was read from a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    NoAddress,
    Checksum,
    /// One key does not decide on it. Completes "cannot check, because …".
    Undecidable(Cow<'static, str>),
}

/// What wallets of a family do. Texts have no white space in them.
pub trait Wallets {
    /// The addresses of `key` that can name `like`, all of them without it, the usual form first; empty for a key of the other
    /// curve.
    fn forms(&self, key: &PublicKey, like: Option<&Account>) -> Vec<Form>;

    /// Reads an address in any notation of its own; what programs write around addresses is taken off before
    /// ([`super::notation`]).
    fn read(&self, text: &str) -> Result<Written, Unread>;

    /// Why an account that the key does not give can belong to it all the same. Completes "cannot check, because …".
    fn doubt(&self) -> Option<&'static str> {
        None
    }

    /// The forms in which they take a private key whose address has the form `form`, and advice. Of a key on Ed25519 only what comes
    /// after the number itself.
    fn imports(&self, key: &ChildKey, form: Option<&'static str>) -> Vec<ImportForm>;
}

impl Form {
    fn new(name: &'static str, address: String, account: Account) -> Self {
        Self { name, address, account, usage: Usage::Usual }
    }

    fn used(self, usage: Usage) -> Self {
        Self { usage, ..self }
    }

    pub fn is_usual(&self) -> bool {
        self.usage == Usage::Usual
    }

    /// Why the key does not spend accounts of this form. Completes "cannot check, because …".
    pub fn obstacle(&self) -> Option<&str> {
        match &self.usage {
            Usage::Never(because) => Some(because),
            Usage::Usual | Usage::Rare => None,
        }
    }

    pub fn is_of(&self, written: &Written) -> bool {
        self.account == written.account
    }
}

impl Account {
    /// Of a chain whose accounts are all spent alike.
    fn of(bytes: impl Into<Vec<u8>>) -> Self {
        Self { script: "", bytes: bytes.into() }
    }
}

impl Written {
    fn usual(bytes: impl Into<Vec<u8>>) -> Self {
        Self { account: Account::of(bytes), notation: None, fault: None }
    }

    fn noted(bytes: impl Into<Vec<u8>>, notation: impl Into<Cow<'static, str>>) -> Self {
        Self { notation: Some(notation.into()), ..Self::usual(bytes) }
    }

    /// With what stood around it.
    pub fn inside(self, around: Option<&'static str>) -> Self {
        let Some(around) = around else { return self };
        let notation = match self.notation {
            None => around.into(),
            Some(own) => format!("{around}, {own}").into(),
        };
        Self { notation: Some(notation), ..self }
    }

    pub fn account(&self) -> &Account {
        &self.account
    }
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

/// The only form of a chain.
fn one(name: &'static str, address: String, account: impl Into<Vec<u8>>) -> Vec<Form> {
    vec![Form::new(name, address, Account::of(account))]
}

/// The `N` bytes before the checksum of a base58 text.
fn base58_checked<const N: usize>(text: &str, alphabet: &Alphabet) -> Result<[u8; N], Unread> {
    let bytes = bs58::decode(text).with_alphabet(alphabet).into_vec().unwrap_or_default();
    let (payload, sum) = bytes.split_last_chunk::<4>().ok_or(Unread::NoAddress)?;
    let payload: &[u8; N] = payload.try_into().map_err(|_| Unread::NoAddress)?;
    if checksum(payload) == *sum { Ok(*payload) } else { Err(Unread::Checksum) }
}

/// The bytes of hexadecimal digits, with 0x before them or without.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()
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
