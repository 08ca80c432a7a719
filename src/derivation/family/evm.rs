//! Ethereum and the chains with its addresses (EIP-55 for the letters).

use bs58::Alphabet;
use data_encoding::HEXLOWER;
use sha3::{Digest, Keccak256};

use super::{
    Account, ChildKey, Form, PublicKey, Unread, Wallets, Written, base58_checked, bech, form, one, tron, with_0x,
};
use crate::domain::chain::ForeignAddresses;
use crate::domain::import_form::ImportForm;

/// With the addresses of another chain of the same name, if there is one.
impl Wallets for Option<ForeignAddresses> {
    fn forms(&self, key: &PublicKey, _like: Option<&Account>) -> Vec<Form> {
        let PublicKey::Secp256k1 { x, y } = key else { return Vec::new() };
        let account = account(x, y);
        one("EVM address", capitals(&account, None), account)
    }

    fn read(&self, text: &str) -> Result<Written, Unread> {
        let lower = text.to_ascii_lowercase();
        let is_foreign = |foreign: &&ForeignAddresses| foreign.starts.iter().any(|start| lower.starts_with(start));
        if let Some(foreign) = self.as_ref().filter(is_foreign) {
            return Err(Unread::Undecidable(format!("it is an address of {}", foreign.of).into()));
        }
        read(text)
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

/// The chains that write the number of their network into the capital letters (EIP-1191): Rootstock and its test network.
const EIP1191_CHAINS: [u8; 2] = [30, 31];

/// `0x` and 40 digits; a letter is a capital where the digest of the lower-case digits has a half byte of 8 or more (EIP-55). With
/// the number of a chain the digest begins with it (EIP-1191).
fn capitals(account: &[u8; 20], chain: Option<u8>) -> String {
    let digits = HEXLOWER.encode(account);
    let before = chain.map_or_else(String::new, |chain| format!("{chain}0x"));
    let digest = Keccak256::new().chain_update(before).chain_update(&digits).finalize();
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let letters =
        digits.chars().zip(halves).map(|(digit, half)| if half >= 8 { digit.to_ascii_uppercase() } else { digit });
    "0x".chars().chain(letters).collect()
}

/// An account in every notation that names no chain of another kind: 40 digits, ICAP, and as
/// chains write it whose accounts are the same: Tron, and some relatives of Cosmos in bech32.
pub fn read(text: &str) -> Result<Written, Unread> {
    let starts = |start: &str| text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
    if starts("xe") && matches!(text.len(), 34 | 35) {
        return icap(text).map(|account| Written::noted(account, "ICAP"));
    }
    let (digits, notation) = if starts("xdc") {
        (text.get(3..), Some("xdc in place of 0x"))
    } else if starts("c-0x") {
        (text.get(2..), Some("C- before it"))
    } else {
        (Some(text), None)
    };
    let digits = digits.unwrap_or("");
    let account = super::hexadecimal(digits).and_then(|bytes| <[u8; 20]>::try_from(bytes).ok());
    let Some(account) = account else {
        if let Ok([tron::MAIN, account @ ..]) = base58_checked::<21>(text, Alphabet::BITCOIN) {
            return Ok(Written::noted(account, "as Tron writes it"));
        }
        let (_, bytes) = bech::read(text)?;
        let account = <[u8; 20]>::try_from(bytes).map_err(|_| Unread::NoAddress)?;
        return Ok(Written::noted(account, "bech32"));
    };
    let written = Written { notation: notation.map(Into::into), ..Written::usual(account) };
    let digits = digits.get(digits.len() - 40..).unwrap_or("");
    let is = |chain| capitals(&account, chain).get(2..) == Some(digits);
    Ok(if has_one_case(digits) || is(None) {
        written
    } else if EIP1191_CHAINS.into_iter().any(|chain| is(Some(chain))) {
        Written { notation: Some("capital letters of EIP-1191".into()), ..written }
    } else {
        Written { fault: Some("it is mistyped: its capital letters are wrong (EIP-55)"), ..written }
    })
}

/// All letters small, or all capitals: there is no checksum in them then.
fn has_one_case(digits: &str) -> bool {
    !digits.bytes().any(|c| c.is_ascii_lowercase()) || !digits.bytes().any(|c| c.is_ascii_uppercase())
}

/// `XE`, two digits of checksum and 30 or 31 digits in base 36 (Ethereum's Inter exchange Client Address Protocol, "Direct" and
/// "Basic"); the checksum is that of an IBAN (ISO 7064, MOD 97-10).
fn icap(text: &str) -> Result<[u8; 20], Unread> {
    let digit = |c: char| c.to_digit(36).ok_or(Unread::NoAddress);
    let (start, number) = text.split_at_checked(4).ok_or(Unread::NoAddress)?;
    let rest = number.chars().chain(start.chars()).try_fold(0, |rest, c| {
        let digit = digit(c)?;
        Ok((if digit < 10 { rest * 10 } else { rest * 100 } + digit) % 97)
    })?;
    if rest != 1 {
        return Err(Unread::Checksum);
    }
    number.chars().try_fold([0_u8; 20], |mut account, c| {
        let mut carry = digit(c)?;
        for byte in account.iter_mut().rev() {
            let [.., above, low] = (u32::from(*byte) * 36 + carry).to_be_bytes();
            (*byte, carry) = (low, u32::from(above));
        }
        if carry == 0 { Ok(account) } else { Err(Unread::NoAddress) }
    })
}
