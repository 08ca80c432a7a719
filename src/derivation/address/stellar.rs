//! Stellar: account ids (SEP-23, "strkey").

use data_encoding::BASE32_NOPAD;

/// Makes an account id begin with G.
const ACCOUNT: u8 = 6 << 3;

pub fn address(key: &[u8; 32]) -> String {
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

pub fn obstacle(recorded: &str) -> Option<String> {
    let is_long = recorded.len() == 69 && recorded.starts_with('M');
    is_long.then(|| "it is a muxed address (M…), which holds a number too: compare the account id (G…)".to_owned())
}
