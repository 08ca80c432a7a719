//! Stellar: account ids (SEP-23, "strkey").

use data_encoding::BASE32_NOPAD;

use super::{Account, ChildKey, Form, PublicKey, Unread, Wallets, Written, advice, one};
use crate::domain::import_form::ImportForm;

/// Makes an account id begin with G.
const ACCOUNT: u8 = 6 << 3;
/// With M: an account id and a number of 8 bytes.
const MUXED: u8 = 12 << 3;
/// With C.
const CONTRACT: u8 = 2 << 3;

pub struct Stellar;

impl Wallets for Stellar {
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Ed25519(key) = key else { return Vec::new() };
        one("account id", strkey(ACCOUNT, key), *key)
    }

    /// Base32 has no small letters; some programs make all letters small all the same.
    fn read(&self, text: &str) -> Result<Written, Unread> {
        let is_small = !text.bytes().any(|c| c.is_ascii_uppercase());
        let whole = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).map_err(|_| Unread::NoAddress)?;
        let (payload, sum) = whole.split_last_chunk::<2>().ok_or(Unread::NoAddress)?;
        let known = match payload {
            [ACCOUNT, key @ ..] if key.len() == 32 => Ok(Written::usual(key)),
            [MUXED, rest @ ..] if rest.len() == 40 => {
                let (key, id) = rest.split_at(32);
                let id = id.iter().fold(0_u64, |id, byte| id << 8 | u64::from(*byte));
                Ok(Written::noted(key, format!("muxed address with the number {id}")))
            }
            [CONTRACT, hash @ ..] if hash.len() == 32 => {
                Err(Unread::Undecidable("it is the address of a contract (C…), and not of one key".into()))
            }
            _ => return Err(Unread::NoAddress),
        };
        if crc16(payload).to_le_bytes() != *sum {
            return Err(Unread::Checksum);
        }
        known.map(|known| if is_small { Written { notation: Some("small letters".into()), ..known } } else { known })
    }

    fn imports(&self, _key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![advice(
            "Secret seed (S…)",
            "There is none: S… holds a seed, and from this key no seed can be computed. Lobstr, Freighter and Stellar Laboratory \
             cannot take it.",
        )]
    }
}

fn strkey(kind: u8, bytes: &[u8]) -> String {
    let mut whole = [&[kind], bytes].concat();
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
