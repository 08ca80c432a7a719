//! What all addresses in bech32 (BIP-173) share.

/// Equal, or the one spelling in capitals that BIP-173 allows. Base58 has digits that only differ in their case: it is never folded.
pub fn is_same(recorded: &str, derived: &str) -> bool {
    let is_bech32 = derived.bytes().all(|letter| !letter.is_ascii_uppercase());
    let is_capital = || recorded.bytes().all(|letter| !letter.is_ascii_lowercase());
    recorded == derived || (is_bech32 && is_capital() && recorded.eq_ignore_ascii_case(derived))
}
