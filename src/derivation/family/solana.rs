//! Solana: the public key itself, in base58.

use super::{ChildKey, Form, NO_ADDRESS, PublicKey, Wallets, form, one};
use crate::derivation::text::SecretLine;
use crate::domain::import_form::ImportForm;
use crate::domain::secret::{SecretBytes, SecretText};

pub struct Solana;

impl Wallets for Solana {
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        one("Solana address", bs58::encode(key).into_string())
    }

    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        recorded == derived
    }

    fn obstacle(&self, _recorded: &str, _derived: &[String]) -> Option<String> {
        None
    }

    /// There is no checksum: only the length and the letters are looked at.
    fn mistake(&self, typed: &str) -> Option<&'static str> {
        let is_key = bs58::decode(typed).into_vec().is_ok_and(|bytes| bytes.len() == 32);
        (!is_key).then_some(NO_ADDRESS)
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
