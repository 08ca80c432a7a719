//! A recovery phrase: words in order (BIP-39), and the entropy they stand for.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::entropy::{Entropy, EntropyFailed};
use super::explain::Explain;
use super::phrase_list::{ForeignPhrase, is_number, is_separator, position_of, tokens};
use super::secret::SecretBuffer;
use super::text::counted;
use super::typed::visible;
use super::wordlist::WordList;

/// What the phrases of a backup look like; the file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseForm {
    pub language: WordList,
    pub words: WordCount,
}

impl PhraseForm {
    /// Of the phrases that this program makes for the backup of a device.
    pub const OF_DEVICE: Self = Self { language: WordList::English, words: WordCount::TWELVE };
}

/// 12, 15, 18, 21 or 24 words (BIP-39).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct WordCount(u8);

impl WordCount {
    pub const TWELVE: Self = Self(12);

    pub fn new(words: u8) -> Option<Self> {
        matches!(words, 12 | 15 | 18 | 21 | 24).then_some(Self(words))
    }

    pub fn words(self) -> usize {
        usize::from(self.0)
    }

    /// Bytes of entropy that so many words carry beside the checksum bits: 16 to 32.
    pub fn entropy_length(self) -> usize {
        self.words() / 3 * 4
    }
}

impl TryFrom<u8> for WordCount {
    type Error = &'static str;

    fn try_from(words: u8) -> Result<Self, Self::Error> {
        Self::new(words).ok_or("expected 12, 15, 18, 21 or 24 words")
    }
}

impl From<WordCount> for u8 {
    fn from(count: WordCount) -> Self {
        count.0
    }
}

/// A phrase whose words are in the list and whose BIP-39 checksum is right. That alone does not make it anybody's.
#[derive(Debug)]
pub struct Phrase {
    form: PhraseForm,
    entropy: SecretBuffer,
}

/// Why typed text is not a phrase. Positions count from 1; no word is ever part of the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    #[error("has {}; the phrases of this backup have {expected}", counted(*.found, "word"))]
    WordCount { found: usize, expected: usize },
    #[error("word {} {} not in the {} list", numbers(.positions), if .positions.len() == 1 { "is" } else { "are" }, .list.title())]
    UnknownWords { positions: Vec<usize>, list: WordList },
    #[error(
        "every word is in the list, but together they do not fit (wrong checksum): a word is wrong, or two changed places"
    )]
    Checksum,
    #[error(
        "{}it is {}",
        if matches!(.0, ForeignPhrase::Electrum) { "the words do not fit together (wrong checksum); " } else { "" },
        .0
    )]
    Foreign(ForeignPhrase),
}

impl PhraseError {
    /// Whether the words are all in the list and only do not fit together: then a slip can be looked for, also where by chance they
    /// look like something else.
    pub fn is_checksum(&self) -> bool {
        matches!(self, Self::Checksum | Self::Foreign(ForeignPhrase::Electrum))
    }
}

impl Explain for PhraseError {
    fn hint(&self) -> String {
        match self {
            Self::WordCount { .. } => {
                "Compare with the numbers on the paper: was a word left out, or one written twice?"
            }
            Self::UnknownWords { .. } => "Compare that word with the paper, letter by letter.",
            Self::Checksum => "Compare each word and its number with the paper.",
            Self::Foreign(foreign) => foreign.hint(),
        }
        .to_owned()
    }
}

impl Phrase {
    /// Reads the words of a text, whatever stands between them; numbers before words are left out.
    pub fn parse(text: &str, form: PhraseForm) -> Result<Self, PhraseError> {
        let text = visible(text);
        let words = tokens(&text, form.language, is_separator);
        Self::of_words(&words.into_iter().filter(|token| !is_number(token)).collect::<Vec<_>>(), form)
    }

    /// The phrase of these words, or numbers of words.
    pub fn of_words(typed: &[&str], form: PhraseForm) -> Result<Self, PhraseError> {
        let (found, expected) = (typed.len(), form.words.words());
        if found != expected {
            let foreign = ForeignPhrase::of(typed, form).map(PhraseError::Foreign);
            return Err(foreign.unwrap_or(PhraseError::WordCount { found, expected }));
        }
        // Room for the longest word of any list, and a space after it.
        let mut joined = Zeroizing::new(String::with_capacity(expected * 64));
        let mut positions = Vec::new();
        for (index, typed) in typed.iter().enumerate() {
            match position_of(typed, form.language).and_then(|position| form.language.word(position)) {
                Some(word) => {
                    joined.push_str(word);
                    joined.push(' ');
                }
                None => positions.push(index + 1),
            }
        }
        if !positions.is_empty() {
            return Err(PhraseError::UnknownWords { positions, list: form.language });
        }
        let mnemonic = bip39::Mnemonic::parse_in_normalized(form.language.language(), joined.trim_end())
            .map(Zeroizing::new)
            .map_err(|_| ForeignPhrase::of(typed, form).map_or(PhraseError::Checksum, PhraseError::Foreign))?;
        let (bytes, length) = mnemonic.to_entropy_array();
        let bytes = Zeroizing::new(bytes);
        let mut entropy = SecretBuffer::zeros(length);
        entropy.reveal_mut().iter_mut().zip(bytes.iter()).for_each(|(to, from)| *to = *from);
        Ok(Self { form, entropy })
    }

    /// The phrase of these places in the list (0 to 2047), in order; `None` when the checksum is wrong or they are too few or too
    /// many.
    pub fn of_positions(positions: &[u16], form: PhraseForm) -> Option<Self> {
        /// Bits of one word.
        const BITS: usize = 11;
        if positions.len() != form.words.words() {
            return None;
        }
        let mut entropy = SecretBuffer::zeros(form.words.entropy_length());
        for (index, byte) in entropy.reveal_mut().iter_mut().enumerate() {
            for bit in index * 8..index * 8 + 8 {
                let position = positions.get(bit / BITS).copied().unwrap_or(0);
                *byte = *byte << 1 | u8::from(position >> (BITS - 1 - bit % BITS) & 1 == 1);
            }
        }
        let mnemonic = bip39::Mnemonic::from_entropy_in(form.language.language(), entropy.reveal()).ok()?;
        let last = Zeroizing::new(mnemonic).word_indices().last().and_then(|last| u16::try_from(last).ok());
        (last == positions.last().copied()).then_some(Self { form, entropy })
    }

    /// A new random phrase.
    pub fn generate(form: PhraseForm, source: &mut dyn Entropy) -> Result<Self, EntropyFailed> {
        let mut entropy = SecretBuffer::zeros(form.words.entropy_length());
        source.fill(entropy.reveal_mut())?;
        Ok(Self { form, entropy })
    }

    /// The same phrase once more, for somebody else to hold.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let mut entropy = SecretBuffer::zeros(self.entropy.reveal().len());
        entropy.reveal_mut().copy_from_slice(self.entropy.reveal());
        Self { form: self.form, entropy }
    }

    pub fn form(&self) -> PhraseForm {
        self.form
    }

    /// 16 to 32 bytes, without the checksum bits: the secret that goes into the key derivation.
    pub fn reveal_entropy(&self) -> &[u8] {
        self.entropy.reveal()
    }

    /// The words in order. They point into the public list, but which ones they are is the secret.
    pub fn reveal_words(&self) -> Vec<&'static str> {
        bip39::Mnemonic::from_entropy_in(self.form.language.language(), self.entropy.reveal())
            .map(|mnemonic| Zeroizing::new(mnemonic).words().collect())
            .unwrap_or_default()
    }

    /// The numbers, from 1, of the words that are not those at these places of its list.
    pub fn differing(&self, positions: &[u16]) -> Vec<usize> {
        let words = self.reveal_words();
        let differs = |index: &usize| {
            let typed = positions.get(*index).and_then(|position| self.form.language.word(*position));
            typed != words.get(*index).copied()
        };
        (0..words.len().max(positions.len())).filter(differs).map(|index| index + 1).collect()
    }
}

/// `7`, `7 and 9`, `2, 7 and 9`.
fn numbers(positions: &[usize]) -> String {
    match positions {
        [] => String::new(),
        [one] => one.to_string(),
        [before @ .., last] => {
            let before: Vec<String> = before.iter().map(usize::to_string).collect();
            format!("{} and {last}", before.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: PhraseForm = PhraseForm { language: WordList::English, words: WordCount::TWELVE };
    /// The first vector of BIP-39: 16 zero bytes.
    const ZEROS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    struct Counter(u8);
    impl Entropy for Counter {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyFailed> {
            for byte in out {
                self.0 = self.0.wrapping_mul(77).wrapping_add(13);
                *byte = self.0;
            }
            Ok(())
        }
    }

    #[test]
    fn a_phrase_is_read_however_it_is_typed() {
        let typed = ZEROS.to_uppercase().replace(' ', " \t\n ").replace("ABOUT", "Abou");
        assert_eq!(Phrase::parse(&typed, ENGLISH).unwrap().reveal_entropy(), [0; 16]);
    }

    #[test]
    fn each_slip_is_named_without_the_word() {
        let of = |text: &str| Phrase::parse(text, ENGLISH).unwrap_err();
        assert_eq!(of("abandon about"), PhraseError::WordCount { found: 2, expected: 12 });
        let unknown = of(&ZEROS.replacen("abandon", "zebraz", 2));
        assert_eq!(unknown.to_string(), "word 1 and 2 are not in the English list");
        assert_eq!(of(&ZEROS.replace("about", "zebra")), PhraseError::Checksum);
    }

    #[test]
    fn places_in_the_list_are_a_phrase_when_their_checksum_is_right() {
        for language in WordList::ALL {
            for words in [12, 15, 18, 21, 24] {
                let form = PhraseForm { language, words: WordCount::new(words).unwrap() };
                let phrase = Phrase::generate(form, &mut Counter(words)).unwrap();
                let mut positions: Vec<u16> =
                    phrase.reveal_words().iter().map(|word| language.position(word).unwrap()).collect();
                let read = Phrase::of_positions(&positions, form).unwrap();
                assert_eq!(read.reveal_entropy(), phrase.reveal_entropy());
                let last = positions.len() - 1;
                positions[last] ^= 1;
                assert!(Phrase::of_positions(&positions, form).is_none(), "a bit of the checksum");
                assert!(Phrase::of_positions(&positions[1..], form).is_none());
            }
        }
    }

    #[test]
    fn a_new_phrase_of_any_form_is_read_back() {
        for language in WordList::ALL {
            for words in [12, 15, 18, 21, 24] {
                let form = PhraseForm { language, words: WordCount::new(words).unwrap() };
                let phrase = Phrase::generate(form, &mut Counter(words)).unwrap();
                assert_eq!(phrase.reveal_words().len(), usize::from(words));
                let read = Phrase::parse(&phrase.reveal_words().join(" "), form).unwrap();
                assert_eq!(read.reveal_entropy(), phrase.reveal_entropy());
            }
        }
    }
}
