//! Addresses of Bitcoin Cash, which are digests of the same keys (Bitcoin Cash specification, "Cash address").

use super::super::Unread;
use super::ScriptKind;
use super::bch::{Generator, step};

/// The characters of a value below 32: those of bech32.
const DIGITS: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: Generator = [0x98_F2BC_8E61, 0x79_B76D_99E2, 0xF3_3E5F_B3C4, 0xAE_2EAB_E2A8, 0x1E_4F43_E470];
/// The prefixes of its networks; the first is left out often.
const PREFIXES: [&str; 4] = ["bitcoincash", "bchtest", "bchreg", "ecash"];
/// One byte for the script and the length, 20 bytes of a digest and 8 values of checksum, 5 bits each.
const VALUES: usize = 34 + CHECKSUM;
const CHECKSUM: usize = 8;

/// The script that the digest of 20 bytes is for, and the digest.
pub(super) fn read(text: &str) -> Result<(ScriptKind, [u8; 20]), Unread> {
    let lower = text.to_ascii_lowercase();
    let has_one_case = lower == text || text.to_ascii_uppercase() == text;
    let (prefix, digits) = lower.split_once(':').unwrap_or((PREFIXES[0], &lower));
    let values: Option<Vec<u8>> =
        digits.chars().map(|c| u8::try_from(DIGITS.chars().position(|digit| digit == c)?).ok()).collect();
    let values = values.filter(|values| values.len() == VALUES && has_one_case).ok_or(Unread::NoAddress)?;
    if !PREFIXES.contains(&prefix) {
        return Err(Unread::NoAddress);
    }
    // The low five bits of the prefix, 0, and the values.
    let sum = prefix
        .bytes()
        .map(|byte| byte & 31)
        .chain([0])
        .chain(values.iter().copied())
        .fold(1, |sum, value| step(&GENERATOR, sum, u64::from(value)));
    if sum != 1 {
        return Err(Unread::Checksum);
    }
    let mut bits =
        values.iter().take(VALUES - CHECKSUM).flat_map(|value| (0..5).rev().map(move |bit| value >> bit & 1));
    let mut byte = || (0..8).try_fold(0_u8, |byte, _| Some(byte << 1 | bits.next()?));
    let script = match byte() {
        Some(0) => ScriptKind::P2pkh,
        Some(8) => ScriptKind::P2shP2wpkh,
        _ => return Err(Unread::NoAddress),
    };
    let mut digest = [0; 20];
    for place in &mut digest {
        *place = byte().unwrap_or(0);
    }
    Ok((script, digest))
}
