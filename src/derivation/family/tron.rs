//! Tron: the account of Ethereum, written as Bitcoin writes its own.

use bs58::Alphabet;
use data_encoding::HEXLOWER_PERMISSIVE;

use super::{ChildKey, Form, NO_ADDRESS, PublicKey, Wallets, base58_mistake, evm, form, one};
use crate::derivation::text::base58_check;
use crate::domain::import_form::ImportForm;

/// The byte before the account on the main network.
const MAIN: u8 = 0x41;

pub struct Tron;

impl Wallets for Tron {
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Secp256k1 { x, y } = key else { return Vec::new() };
        one("Tron address", base58_check(&[&[MAIN], &evm::account(x, y)], Alphabet::BITCOIN))
    }

    /// In base58, or as 42 hexadecimal digits with the first byte, as some of Tron's programs show it.
    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        let hexadecimal = || {
            let bytes = HEXLOWER_PERMISSIVE.decode(recorded.as_bytes()).ok().filter(|bytes| bytes.len() == 21)?;
            Some(base58_check(&[&bytes], Alphabet::BITCOIN))
        };
        recorded == derived || hexadecimal().is_some_and(|address| address == derived)
    }

    fn obstacle(&self, _recorded: &str, _derived: &[String]) -> Option<String> {
        None
    }

    fn mistake(&self, typed: &str) -> Option<&'static str> {
        if typed.len() == 42 {
            return HEXLOWER_PERMISSIVE.decode(typed.as_bytes()).err().map(|_| NO_ADDRESS);
        }
        base58_mistake(typed, Alphabet::BITCOIN)
    }

    fn imports(&self, key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![form("Hexadecimal", key.private_key_hex(), "TronLink: Import wallet, Private key.")]
    }
}
