//! Secret bytes as text, through buffers of a fixed size that are wiped: no `String` that grows.

use bs58::Alphabet;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::domain::secret::SecretText;

/// The most characters of any text made here.
pub const LINE_BYTES: usize = 320;

/// A text that is put together in one place and wiped.
pub struct SecretLine {
    bytes: Zeroizing<[u8; LINE_BYTES]>,
    length: usize,
}

impl SecretLine {
    pub fn new() -> Self {
        Self { bytes: Zeroizing::new([0; LINE_BYTES]), length: 0 }
    }

    /// Appends; what has no room is left out, which no text made here reaches.
    #[must_use]
    pub fn with(mut self, text: &str) -> Self {
        let end = self.length + text.len();
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            room.copy_from_slice(text.as_bytes());
            self.length = end;
        }
        self
    }

    #[must_use]
    pub fn with_hex(mut self, bytes: &[u8]) -> Self {
        let end = self.length + 2 * bytes.len();
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            HEXLOWER.encode_mut(bytes, room);
            self.length = end;
        }
        self
    }

    #[must_use]
    pub fn with_base58(mut self, bytes: &[u8]) -> Self {
        if let Some(room) = self.bytes.get_mut(self.length..) {
            let written = bs58::encode(bytes).with_alphabet(Alphabet::BITCOIN).onto(room);
            self.length += written.unwrap_or(0);
        }
        self
    }

    /// In decimal.
    #[must_use]
    pub fn with_number(self, number: u8) -> Self {
        let digits = Zeroizing::new([number / 100, number / 10 % 10, number % 10].map(|digit| b'0' + digit));
        let text = std::str::from_utf8(digits.as_slice()).unwrap_or("");
        let skipped = if number < 10 { 2 } else { usize::from(number < 100) };
        self.with(text.get(skipped..).unwrap_or(""))
    }

    pub fn reveal(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    pub fn finish(self) -> SecretText {
        SecretText::copy_of(self.reveal())
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> SecretText {
    SecretLine::new().with_hex(bytes).finish()
}

/// The first four bytes of SHA-256 twice: the checksum of Bitcoin's base58.
pub fn checksum(bytes: &[u8]) -> [u8; 4] {
    let mut digest = Sha256::digest(Sha256::digest(bytes));
    let mut first = [0; 4];
    first.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    digest.as_mut_slice().zeroize();
    first
}

/// `parts` one after the other with their checksum, as base58.
pub fn secret_base58_check(parts: &[&[u8]]) -> SecretLine {
    let mut whole = Zeroizing::new([0_u8; 128]);
    let mut length = 0;
    for part in parts {
        if let Some(room) = whole.get_mut(length..length + part.len()) {
            room.copy_from_slice(part);
            length += part.len();
        }
    }
    let sum = checksum(whole.get(..length).unwrap_or(&[]));
    if let Some(room) = whole.get_mut(length..length + sum.len()) {
        room.copy_from_slice(&sum);
        length += sum.len();
    }
    SecretLine::new().with_base58(whole.get(..length).unwrap_or(&[]))
}

/// The same of what is public, in any alphabet.
pub fn base58_check(parts: &[&[u8]], alphabet: &Alphabet) -> String {
    let mut whole = parts.concat();
    whole.extend(checksum(&whole));
    bs58::encode(whole).with_alphabet(alphabet).into_string()
}
