//! What all addresses in bech32 (BIP-173) share.

use bech32::Bech32;
use bech32::primitives::decode::UncheckedHrpstring;

use super::Unread;

/// The letters before the separator, in lower case, and the bytes behind it. All letters may be capitals.
pub fn read(text: &str) -> Result<(String, Vec<u8>), Unread> {
    let unchecked = UncheckedHrpstring::new(text).map_err(|_| Unread::NoAddress)?;
    unchecked.validate_checksum::<Bech32>().map_err(|_| Unread::Checksum)?;
    let checked = unchecked.remove_checksum::<Bech32>();
    Ok((checked.hrp().to_lowercase(), checked.byte_iter().collect()))
}
