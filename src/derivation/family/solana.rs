//! Solana: the public key itself, in base58.

use super::{Account, ChildKey, Form, PublicKey, Unread, Wallets, Written, form, one};
use crate::derivation::text::SecretLine;
use crate::domain::import_form::ImportForm;
use crate::domain::secret::{SecretBytes, SecretText};

pub struct Solana;

impl Wallets for Solana {
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        one("Solana address", bs58::encode(key).into_string(), *key)
    }

    /// There is no checksum: only the length and the letters are looked at.
    fn read(&self, text: &str) -> Result<Written, Unread> {
        let key = bs58::decode(text).into_vec().ok().filter(|bytes| bytes.len() == 32);
        key.map(Written::usual).ok_or(Unread::NoAddress)
    }

    fn imports(&self, key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        let PublicKey::Ed25519(public) = key.public_key() else { return Vec::new() };
        vec![
            form(
                "Scalar and public key, base58",
                base58(key, public),
                "Looks like the secret key of a Solana wallet, but its first half is a scalar. Phantom, Solflare and solana-keygen refuse \
                 it or show another address: do not receive anything there. Only for software that signs with a scalar.",
            ),
            form(
                "Scalar and public key, byte array",
                array(key, public),
                "The same 64 bytes as a list of numbers, as key files of Solana have it. solana-keygen refuses it for the same reason.",
            ),
        ]
    }
}

fn base58(key: &ChildKey, public: &[u8; 32]) -> SecretText {
    let whole = SecretBytes::<64>::init(|bytes| {
        let halves = key.private().reveal().iter().chain(public);
        bytes.iter_mut().zip(halves).for_each(|(to, from)| *to = *from);
    });
    SecretLine::new().with_base58(whole.reveal()).finish()
}

fn array(key: &ChildKey, public: &[u8; 32]) -> SecretText {
    let bytes = key.private().reveal().iter().chain(public);
    let line = bytes.enumerate().fold(SecretLine::new().with("["), |line, (place, byte)| {
        let line = if place == 0 { line } else { line.with(",") };
        line.with_number(*byte)
    });
    line.with("]").finish()
}
