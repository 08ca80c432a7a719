//! The fingerprint of a core: words that people compare with a public card (`docs/format.md`, section 13).
//! PGP words, never BIP-39 words: nobody shall type them as a phrase.

use std::fmt;

/// Line b, counted from 0: the word of two syllables and the word of three for byte b.
const WORDS: &str = include_str!("../../assets/pgp-words.txt");

/// The first 16 bytes of a core digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    pub fn of(core_digest: &[u8; 32]) -> Self {
        let mut first = [0; 16];
        first.copy_from_slice(core_digest.first_chunk::<16>().unwrap_or(&[0; 16]));
        Self(first)
    }

    /// The 16 words in order.
    pub fn words(&self) -> Vec<&'static str> {
        words(&self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words().join(" "))
    }
}

/// The PGP words of any bytes: even places from the first column, odd ones from the second.
pub fn words(bytes: &[u8]) -> Vec<&'static str> {
    bytes
        .iter()
        .enumerate()
        .filter_map(|(place, byte)| WORDS.lines().nth(usize::from(*byte))?.split(' ').nth(place % 2))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_list_has_512_different_words() {
        let lines: Vec<Vec<&str>> = WORDS.lines().map(|line| line.split(' ').collect()).collect();
        assert_eq!(lines.len(), 256);
        assert!(lines.iter().all(|words| words.len() == 2));
        assert_eq!(lines.iter().flatten().collect::<BTreeSet<_>>().len(), 512);
    }

    #[test]
    fn the_words_are_those_of_the_published_example() {
        // The usual example of the PGP word list, a key fingerprint that begins E582 94F2 E9A2 2748.
        let bytes = [0xE5, 0x82, 0x94, 0xF2, 0xE9, 0xA2, 0x27, 0x48];
        let expected = "topmost istanbul pluto vagabond treadmill pacific brackish dictator";
        assert_eq!(words(&bytes).join(" "), expected);
    }
}
