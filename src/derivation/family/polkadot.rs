//! Polkadot and other Substrate chains: SS58 addresses of Ed25519 keys (Substrate documentation, "SS58 address format").

use blake2::{Blake2b512, Digest};

use super::{ChildKey, Form, MISTYPED, PublicKey, Wallets, advice, one};
use crate::domain::chain::Ss58Prefix;
use crate::domain::import_form::ImportForm;

impl Wallets for Ss58Prefix {
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        one("SS58 address", address(self.number(), key))
    }

    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        recorded == derived
    }

    fn obstacle(&self, _recorded: &str, _derived: &[String]) -> Option<String> {
        None
    }

    fn mistake(&self, typed: &str) -> Option<&'static str> {
        let bytes = bs58::decode(typed).into_vec().unwrap_or_default();
        let key = bytes.get(if self.number() < 64 { 1..33 } else { 2..34 }).and_then(|key| key.try_into().ok());
        (key.map(|key| address(self.number(), key)).as_deref() != Some(typed)).then_some(MISTYPED)
    }

    fn imports(&self, _key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![advice(
            "Raw seed (0x…)",
            "There is none: Polkadot-JS, Talisman and subkey take a seed, and would make another account of this number.",
        )]
    }
}

/// One byte of prefix up to 63, two bytes above, with bits in the order that SS58 has.
fn address(prefix: u16, key: &[u8; 32]) -> String {
    let [high, low] = prefix.to_be_bytes();
    let mut whole = if prefix < 64 { vec![low] } else { vec![0x40 | low >> 2, (high & 0x3F) | (low & 3) << 6] };
    whole.extend(key);
    let digest = Blake2b512::new().chain_update(b"SS58PRE").chain_update(&whole).finalize();
    whole.extend(digest.iter().take(2));
    bs58::encode(whole).into_string()
}
