//! Tron: the account of Ethereum, written as Bitcoin writes its own.

use bs58::Alphabet;

use super::{Account, ChildKey, Form, PublicKey, Unread, Wallets, Written, base58_checked, evm, form, one};
use crate::derivation::text::base58_check;
use crate::domain::import_form::ImportForm;

/// The byte before the account on the main network.
pub(super) const MAIN: u8 = 0x41;

pub struct Tron;

impl Wallets for Tron {
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Secp256k1 { x, y } = key else { return Vec::new() };
        let account = evm::account(x, y);
        one("Tron address", base58_check(&[&[MAIN], &account], Alphabet::BITCOIN), account)
    }

    /// In base58, or in hexadecimal: with the first byte, as Tron's own programs show it, or without, as Ethereum's do.
    fn read(&self, text: &str) -> Result<Written, Unread> {
        match super::hexadecimal(text) {
            Some(bytes) => match bytes.as_slice() {
                [MAIN, account @ ..] if account.len() == 20 => Ok(Written::noted(account, "hexadecimal")),
                account if account.len() == 20 => Ok(Written::noted(account, "as Ethereum writes it")),
                _ => Err(Unread::NoAddress),
            },
            None => match base58_checked::<21>(text, Alphabet::BITCOIN)? {
                [MAIN, account @ ..] => Ok(Written::usual(account)),
                _ => Err(Unread::NoAddress),
            },
        }
    }

    fn imports(&self, key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![form("Hexadecimal", key.private_key_hex(), "TronLink: Import wallet, Private key.")]
    }
}
