//! Tron: the account of Ethereum, written as Bitcoin writes its own.

use bs58::Alphabet;

use super::evm;
use crate::derivation::text::base58_check;

/// The byte before the account on the main network.
const MAIN: u8 = 0x41;

pub fn address(x: &[u8; 32], y: &[u8; 32]) -> String {
    base58_check(&[&[MAIN], &evm::account(x, y)], Alphabet::BITCOIN)
}

/// In base58, or as 42 hexadecimal digits with the first byte, as some of Tron's programs show it.
pub fn is_same(recorded: &str, derived: &str) -> bool {
    let hexadecimal = || {
        let bytes =
            data_encoding::HEXLOWER_PERMISSIVE.decode(recorded.as_bytes()).ok().filter(|bytes| bytes.len() == 21)?;
        Some(base58_check(&[&bytes], Alphabet::BITCOIN))
    };
    recorded == derived || hexadecimal().is_some_and(|address| address == derived)
}
