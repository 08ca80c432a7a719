//! The fingerprint of a core: words that people compare with a public card (`docs/format.md`, section 13).
//! PGP words, never BIP-39 words: nobody shall type them as a phrase.

use std::fmt;

use super::typed::visible;

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

    /// Whether this is the word at a place, counted from 0, in any case.
    pub fn has(&self, place: usize, word: &str) -> bool {
        self.words().get(place).is_some_and(|right| right.eq_ignore_ascii_case(visible(word).trim()))
    }

    /// Whether these are all of its words.
    pub fn is(&self, words: &[String]) -> bool {
        words.len() == self.0.len() && words.iter().enumerate().all(|(place, word)| self.has(place, word))
    }
}

/// The words of a line as somebody typed or copied them: in any case, with anything between them; what stands before a colon is a
/// title.
pub fn typed(line: &str) -> Vec<String> {
    let line = visible(line);
    let words = line.rsplit(':').next().unwrap_or(&line).split(|c: char| !c.is_alphabetic());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
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
    fn a_fingerprint_is_typed_in_any_case_with_anything_between() {
        let fingerprint = Fingerprint::of(&[7; 32]);
        let text = fingerprint.to_string();
        assert!(fingerprint.is(&typed(&format!("Fingerprint: {}", text.to_uppercase().replace(' ', " 3, ")))));
        assert!(!fingerprint.is(&typed(text.rsplit_once(' ').unwrap().0)) && !fingerprint.is(&typed("")));
        assert!(!fingerprint.is(&typed(&text.replacen(fingerprint.words()[4], "zulu", 1))));
        assert!(fingerprint.has(3, fingerprint.words()[3]) && !fingerprint.has(16, "zulu"));
        // Copied with signs that nobody sees, or in wide letters.
        assert!(fingerprint.is(&typed(&text.replace(' ', " \u{200e}\u{ad}"))));
        assert!(fingerprint.has(3, &format!("\u{feff}{}\u{200b} ", fingerprint.words()[3])));
    }

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
