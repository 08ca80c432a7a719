//! Stellar: account ids (SEP-23, "strkey").

use data_encoding::BASE32_NOPAD;

use super::{ChildKey, Form, MISTYPED, PublicKey, Wallets, advice, one};
use crate::domain::import_form::ImportForm;

/// Makes an account id begin with G.
const ACCOUNT: u8 = 6 << 3;

pub struct Stellar;

impl Wallets for Stellar {
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        one("account id", address(key))
    }

    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        recorded == derived
    }

    fn obstacle(&self, recorded: &str, _derived: &[String]) -> Option<String> {
        let is_long = recorded.len() == 69 && recorded.starts_with('M');
        is_long.then(|| "it is a muxed address (M…), which holds a number too: compare the account id (G…)".to_owned())
    }

    fn mistake(&self, typed: &str) -> Option<&'static str> {
        let bytes = BASE32_NOPAD.decode(typed.as_bytes()).unwrap_or_default();
        let key = bytes.get(1..33).and_then(|key| key.try_into().ok());
        (key.map(address).as_deref() != Some(typed)).then_some(MISTYPED)
    }

    fn imports(&self, _key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![advice(
            "Secret seed (S…)",
            "There is none: S… holds a seed, and from this key no seed can be computed. Lobstr, Freighter and Stellar Laboratory \
             cannot take it.",
        )]
    }
}

fn address(key: &[u8; 32]) -> String {
    let mut whole = vec![ACCOUNT];
    whole.extend(key);
    whole.extend(crc16(&whole).to_le_bytes());
    BASE32_NOPAD.encode(&whole)
}

/// CRC16-XModem: polynomial 0x1021, from 0, highest bit first.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(
            sum ^ (u16::from(*byte) << 8),
            |sum, _| if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 },
        )
    })
}
