//! Text as people type, copy and scan it: without the signs that nobody sees, and with full-width letters and the digits of all scripts
//! as the plain ones. For what is
//! compared with something known: phrases, words of fingerprints, addresses, PINs. Names, passphrases and codes stay as they are.

use zeroize::Zeroizing;

/// Signs of no width and no ink that programs put into text: `Default_Ignorable_Code_Point` of the Unicode Character Database
/// (`DerivedCoreProperties.txt`), by ranges. Soft hyphens, joiners, directional and byte order marks are among them.
const INVISIBLE: [(u32, u32); 17] = [
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1_BCA0, 0x1_BCA3),
    (0x1_D173, 0x1_D17A),
    (0xE_0000, 0xE_0FFF),
];

/// The full-width forms of the ASCII signs from `!` to `~`, and how far behind them they stand.
const FULL_WIDTH: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';
const FULL_WIDTH_OFFSET: u32 = 0xFEE0;

/// The zero of each script whose nine other digits follow it: `General_Category` Nd of the Unicode Character Database, of scripts
/// that keyboards have.
const ZEROS: [u32; 31] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA9D0,
    0xABF0,
];

/// Whether nobody can see it, wherever it stands.
pub fn is_invisible(c: char) -> bool {
    let code = u32::from(c);
    INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

pub fn has_invisible(text: &str) -> bool {
    text.chars().any(is_invisible)
}

/// What people see of it. It may be secret.
pub fn visible(text: &str) -> Zeroizing<String> {
    // Nothing becomes longer, so that it never grows.
    let mut visible = Zeroizing::new(String::with_capacity(text.len()));
    text.chars().filter(|c| !is_invisible(*c)).for_each(|c| visible.push(plain(c)));
    visible
}

/// A full-width letter, digit or sign as the plain one; a digit of any script as the one of the same value.
pub fn plain(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let code = u32::from(c);
    if FULL_WIDTH.contains(&c) {
        return char::from_u32(code - FULL_WIDTH_OFFSET).unwrap_or(c);
    }
    let value = ZEROS.iter().filter_map(|zero| code.checked_sub(*zero)).find(|value| *value < 10);
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_goes_and_what_is_wide_becomes_plain() {
        for sign in ['\u{ad}', '\u{200b}', '\u{200e}', '\u{202e}', '\u{2060}', '\u{feff}', '\u{fe0f}', '\u{e0041}'] {
            assert_eq!(visible(&format!("{sign}ab{sign}c{sign}")).as_str(), "abc", "{sign:?}");
            assert!(has_invisible(&format!("ab{sign}")));
        }
        for text in ["a b", "a\u{301}", "か\u{3099}", "Ł ß ñ", "\u{3000}", "한"] {
            assert_eq!(visible(text).as_str(), text);
            assert!(!has_invisible(text));
        }
        assert_eq!(visible("Ａｂ　１２．？＝～").as_str(), "Ab　12.?=~");
        assert_eq!(visible("٠٩ ۰۹ ०९ ๐๙ ០៩").as_str(), "09 09 09 09 09");
    }
}
