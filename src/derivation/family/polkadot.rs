//! Polkadot and other Substrate chains: SS58 addresses of Ed25519 keys (Substrate documentation, "SS58 address format").

use blake2::{Blake2b512, Digest};

use super::{Account, ChildKey, Form, PublicKey, Unread, Wallets, Written, advice, one};
use crate::domain::chain::Ss58Prefix;
use crate::domain::import_form::ImportForm;

impl Wallets for Ss58Prefix {
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        one("SS58 address", address(self.number(), key), *key)
    }

    /// With the prefix of any chain: the account behind it is the same.
    fn read(&self, text: &str) -> Result<Written, Unread> {
        let bytes = bs58::decode(text).into_vec().map_err(|_| Unread::NoAddress)?;
        let (prefix, rest) = match bytes.as_slice() {
            [low @ 0..=63, rest @ ..] => (u16::from(*low), rest),
            [first @ 64..=127, second, rest @ ..] => {
                let (first, second) = (u16::from(*first), u16::from(*second));
                ((first & 0x3F) << 2 | second >> 6 | (second & 0x3F) << 8, rest)
            }
            _ => return Err(Unread::NoAddress),
        };
        let key: &[u8; 32] =
            rest.split_last_chunk::<2>().and_then(|(key, _)| key.try_into().ok()).ok_or(Unread::NoAddress)?;
        if address(prefix, key) != text {
            return Err(Unread::Checksum);
        }
        let is_own = prefix == self.number();
        Ok(if is_own { Written::usual(*key) } else { Written::noted(*key, format!("SS58 prefix {prefix}")) })
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
