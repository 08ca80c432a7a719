//! XRP Ledger: classic addresses of secp256k1 keys (XRPL documentation, "Accounts", "Address Encoding").

use bs58::Alphabet;

use super::{Account, ChildKey, Form, PublicKey, Unread, Wallets, Written, advice, base58_checked, form, hash160, one};
use crate::derivation::text::base58_check;
use crate::domain::import_form::ImportForm;

/// The byte before an account.
const ACCOUNT: u8 = 0;

/// The byte before the public key of an account, 33 bytes.
const ACCOUNT_PUBLIC: u8 = 35;
/// The two bytes before the account in an X-address, on the main and the test network (XLS-5).
const X_MAIN: [u8; 2] = [0x05, 0x44];
const X_TEST: [u8; 2] = [0x04, 0x93];

pub struct Xrp;

impl Wallets for Xrp {
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Secp256k1 { .. } = key else { return Vec::new() };
        let account = hash160(&key.bytes());
        one("classic address", base58_check(&[&[ACCOUNT], &account], Alphabet::RIPPLE), account)
    }

    fn read(&self, text: &str) -> Result<Written, Unread> {
        match base58_checked::<31>(text, Alphabet::RIPPLE) {
            Ok(address) => return x_address(&address).ok_or(Unread::NoAddress),
            Err(Unread::Checksum) => return Err(Unread::Checksum),
            Err(_) => {}
        }
        if let Ok([ACCOUNT_PUBLIC, key @ ..]) = base58_checked::<34>(text, Alphabet::RIPPLE) {
            return Ok(Written::noted(hash160(&key), "public key of the account"));
        }
        match base58_checked::<21>(text, Alphabet::RIPPLE)? {
            [ACCOUNT, account @ ..] => Ok(Written::usual(account)),
            _ => Err(Unread::NoAddress),
        }
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

/// Two bytes for the network, the account, one byte that says whether there is a tag, and the tag (little-endian, 8 bytes of which 4
/// are used).
fn x_address(bytes: &[u8; 31]) -> Option<Written> {
    let (network, rest) = bytes.split_first_chunk::<2>()?;
    let (account, rest) = rest.split_first_chunk::<20>()?;
    let (has_tag, tag) = rest.split_first()?;
    let tag = u64::from_le_bytes(tag.try_into().ok()?);
    if ![X_MAIN, X_TEST].contains(network) {
        return None;
    }
    let of = if *network == X_TEST { " of the test network" } else { "" };
    match has_tag {
        0 => Some(Written::noted(*account, format!("X-address{of}"))),
        1 => Some(Written::noted(*account, format!("X-address{of} with the tag {tag}"))),
        _ => None,
    }
}
