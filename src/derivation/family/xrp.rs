//! XRP Ledger: classic addresses of secp256k1 keys (XRPL documentation, "Accounts", "Address Encoding").

use bs58::Alphabet;

use super::{ChildKey, Form, PublicKey, Wallets, advice, base58_mistake, form, hash160, one};
use crate::derivation::text::base58_check;
use crate::domain::import_form::ImportForm;

/// The byte before an account.
const ACCOUNT: u8 = 0;

pub struct Xrp;

impl Wallets for Xrp {
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Secp256k1 { .. } = key else { return Vec::new() };
        one("classic address", base58_check(&[&[ACCOUNT], &hash160(&key.bytes())], Alphabet::RIPPLE))
    }

    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        recorded == derived
    }

    fn obstacle(&self, recorded: &str, _derived: &[String]) -> Option<String> {
        let is_x_address = recorded.len() == 47 && recorded.starts_with(['X', 'T']);
        is_x_address.then(|| {
            "it is an X-address, which holds a tag too: compare the classic address (r…) of the account".to_owned()
        })
    }

    fn mistake(&self, typed: &str) -> Option<&'static str> {
        base58_mistake(typed, Alphabet::RIPPLE)
    }

    fn imports(&self, key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![
            form(
                "Hexadecimal",
                key.private_key_hex(),
                "For libraries that take a secp256k1 private key (xrpl.js wants 00 before it).",
            ),
            advice(
                "Family seed (s…)",
                "There is none: the key was not made from a seed, so wallets that ask for one (Xaman, rippled) cannot take it. Sign \
                 one transfer to a new wallet with xrpl.js or another library.",
            ),
        ]
    }
}
