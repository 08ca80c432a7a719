//! The checksum at the end of an output descriptor (BIP-380, "Checksum").

use super::bch::{Generator, step};
use crate::derivation::text::SecretLine;
use crate::domain::secret::SecretText;

/// The characters of descriptors; the place of one in this list is its value.
const CHARACTERS: &str =
    "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
/// The characters of the checksum: those of bech32.
const DIGITS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: Generator = [0xF5_DEE5_1989, 0xA9_FDCA_3312, 0x1B_AB10_E32D, 0x37_06B1_677A, 0x64_4D62_6FFD];

/// `line`, a hash sign and the eight characters of its checksum.
pub(super) fn with_checksum(line: SecretLine) -> SecretText {
    let sum = checksum(line.reveal());
    let line = line.with("#");
    let digits = sum.map(|value| DIGITS.get(usize::from(value)).copied().unwrap_or(b'q'));
    line.with(std::str::from_utf8(&digits).unwrap_or("")).finish()
}

/// Eight values below 32.
fn checksum(text: &str) -> [u8; 8] {
    let mut sum = 1;
    // Three characters give one value more, of their high parts in base 3.
    let (mut group, mut count) = (0, 0);
    for character in text.chars() {
        let value =
            (0_u64..).zip(CHARACTERS.chars()).find(|(_, known)| *known == character).map_or(0, |(value, _)| value);
        sum = step(&GENERATOR, sum, value & 31);
        group = group * 3 + (value >> 5);
        count += 1;
        if count == 3 {
            sum = step(&GENERATOR, sum, group);
            (group, count) = (0, 0);
        }
    }
    if count > 0 {
        sum = step(&GENERATOR, sum, group);
    }
    sum = (0..8).fold(sum, |sum, _| step(&GENERATOR, sum, 0)) ^ 1;
    let mut values = [0; 8];
    for (place, value) in (0_u32..).zip(values.iter_mut()) {
        *value = u8::try_from(sum >> (5 * (7 - place)) & 31).unwrap_or(0);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // BIP-380, test vectors; the second is of Bitcoin Core's documentation of descriptors.
        for (descriptor, sum) in [
            ("raw(deadbeef)", "89f8spxm"),
            (
                "wpkh([d34db33f/84h/0h/0h]0279be667ef9dcbbac55a06295Ce870b07029Bfcdb2dce28d959f2815b16f81798)",
                "qwlqgth7",
            ),
        ] {
            let written = with_checksum(SecretLine::new().with(descriptor));
            assert_eq!(written.reveal(), format!("{descriptor}#{sum}"));
        }
    }
}
