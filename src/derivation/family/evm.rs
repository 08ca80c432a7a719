//! Ethereum and the chains with its addresses (EIP-55 for the letters).

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use sha3::{Digest, Keccak256};

use super::{ChildKey, Form, PublicKey, Wallets, form, one, with_0x};
use crate::domain::chain::ForeignAddresses;
use crate::domain::import_form::ImportForm;

/// With the addresses of another chain of the same name, if there is one.
impl Wallets for Option<ForeignAddresses> {
    fn forms(&self, key: &PublicKey, _recorded: Option<&str>) -> Vec<Form> {
        let PublicKey::Secp256k1 { x, y } = key else { return Vec::new() };
        one("EVM address", written(&account(x, y)))
    }

    fn is_same(&self, recorded: &str, derived: &str) -> bool {
        is_same(recorded, derived)
    }

    fn obstacle(&self, recorded: &str, derived: &[String]) -> Option<String> {
        let lower = recorded.to_ascii_lowercase();
        let is_foreign = |foreign: &&ForeignAddresses| foreign.starts.iter().any(|start| lower.starts_with(start));
        if let Some(foreign) = self.as_ref().filter(is_foreign) {
            return Some(format!("it is an address of {}", foreign.of));
        }
        // The right digits, but the capitals are neither none, nor all, nor those of EIP-55.
        let given = derived.iter().find(|derived| {
            digits(derived)
                .is_some_and(|digits| Some(digits.to_ascii_lowercase()) == self::digits(&lower).map(str::to_owned))
        })?;
        Some(format!(
            "it is mistyped: the digits are those that the key gives, the capital letters are wrong (EIP-55); it is written {given}"
        ))
    }

    /// Not 40 digits, or with capitals that are not those of EIP-55.
    fn mistake(&self, typed: &str) -> Option<&'static str> {
        let account = digits(typed).and_then(|digits| HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok());
        let account = account.and_then(|account| <[u8; 20]>::try_from(account).ok());
        let is_right = account.is_some_and(|account| is_same(typed, &written(&account)));
        (!is_right).then_some("the address is mistyped: a digit or a capital letter is wrong (EIP-55)")
    }

    fn imports(&self, key: &ChildKey, _form: Option<&'static str>) -> Vec<ImportForm> {
        vec![
            form(
                "Hexadecimal, 0x",
                with_0x(key),
                "MetaMask: Add account, Private key. Rabby, Frame and hardware-free tools such as cast take it too. A smart \
                 contract wallet (Safe) is not opened by it alone.",
            ),
            form("Hexadecimal", key.private_key_hex(), "The same without 0x, for programs that ask for 64 digits."),
        ]
    }
}

/// The last 20 bytes of Keccak-256 of x and y.
pub fn account(x: &[u8; 32], y: &[u8; 32]) -> [u8; 20] {
    let digest: [u8; 32] = Keccak256::new().chain_update(x).chain_update(y).finalize().into();
    digest.last_chunk().copied().unwrap_or_default()
}

/// A letter is a capital where the digest of the lower-case digits has a half byte of 8 or more (EIP-55).
fn written(account: &[u8; 20]) -> String {
    let digits = HEXLOWER.encode(account);
    let digest = Keccak256::digest(digits.as_bytes());
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let letters =
        digits.chars().zip(halves).map(|(digit, half)| if half >= 8 { digit.to_ascii_uppercase() } else { digit });
    "0x".chars().chain(letters).collect()
}

/// The 40 digits after 0x, which may be missing.
fn digits(text: &str) -> Option<&str> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    (digits.len() == 40 && HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).is_ok()).then_some(digits)
}

/// All digits lower case, all capitals, or exactly as EIP-55 has them.
fn is_same(recorded: &str, derived: &str) -> bool {
    let (Some(recorded), Some(derived)) = (digits(recorded), digits(derived)) else { return false };
    let has_one_case =
        || !recorded.bytes().any(|c| c.is_ascii_lowercase()) || !recorded.bytes().any(|c| c.is_ascii_uppercase());
    recorded == derived || (has_one_case() && recorded.eq_ignore_ascii_case(derived))
}
