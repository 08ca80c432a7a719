//! Words that are no phrase of a backup, but something else that people keep on paper: named for what it is. A guess from the words alone.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::domain::phrase::{PhraseForm, WordCount};
use crate::domain::wordlist::{WordList, normalised};

/// The 1,024 words of SLIP-0039, section "Wordlist".
const SLIP39_WORDS: &str = include_str!("../../../assets/slip39-words.txt");
/// The fewest words of a share: of a secret of 128 bits.
const SLIP39_SHORTEST: usize = 20;

/// So many words that BIP-39 does not have are no slips any more, where SLIP-0039 has them: it has 1,024, and about half of them are in
/// both lists.
const UNKNOWN_OF_A_SHARE: usize = 3;

/// What else it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignPhrase {
    /// A share of SLIP-0039, as hardware wallets make them.
    Slip39,
    /// A seed of the wallet Electrum: its words are those of BIP-39, its checksum is another (`Seed Version System`).
    Electrum,
    /// A whole phrase of another length (BIP-39).
    OtherLength { words: usize },
}

impl ForeignPhrase {
    /// What these words are, where they are no phrase of that form.
    pub fn of(words: &[&str], form: PhraseForm) -> Option<Self> {
        let expected = form.words.words();
        if words.len() >= SLIP39_SHORTEST && words.iter().all(|word| is_slip39(word)) {
            return Some(Self::Slip39);
        }
        let is_known = |list: WordList| words.iter().all(|word| list.position(word).is_some());
        let is_length = u8::try_from(words.len()).ok().and_then(WordCount::new).is_some();
        if words.len() != expected {
            let is_phrase = is_length && (is_known(form.language) || is_known(WordList::English));
            return is_phrase.then_some(Self::OtherLength { words: words.len() });
        }
        (form.language == WordList::English && is_known(form.language) && is_electrum(words)).then_some(Self::Electrum)
    }

    /// What words that are typed one by one look like: some are in no list here, and all of them are in that of SLIP-0039.
    pub fn suspected<'a>(typed: impl Iterator<Item = &'a str>, unknown: usize) -> Option<Self> {
        let mut typed = typed.peekable();
        let is_slip39 = typed.peek().is_some() && unknown >= UNKNOWN_OF_A_SHARE && typed.all(is_slip39);
        is_slip39.then_some(Self::Slip39)
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Slip39 => {
                "It belongs to a wallet, and opens no backup of this program. Look for the paper with the phrase of this backup."
            }
            Self::Electrum => {
                "If the paper is of this backup, compare each word with it: about one wrong phrase in 200 looks so by chance."
            }
            Self::OtherLength { .. } => "Look for the paper with the phrase of this backup.",
        }
    }
}

impl fmt::Display for ForeignPhrase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slip39 => out.write_str("a share of SLIP-39, as hardware wallets make them"),
            Self::Electrum => out.write_str("perhaps the seed of an Electrum wallet"),
            Self::OtherLength { words } => write!(out, "a recovery phrase of {words} words, as wallets have them"),
        }
    }
}

fn is_slip39(word: &str) -> bool {
    let word = normalised(word);
    SLIP39_WORDS.lines().any(|known| known == word.as_str())
}

/// `HMAC-SHA512("Seed version", words)` begins with one of the versions of Electrum (`electrum/version.py`: standard 01, segwit 100,
/// with a second factor 101 and 102).
fn is_electrum(words: &[&str]) -> bool {
    let mut text = Zeroizing::new(String::with_capacity(words.len() * 32));
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(WordList::English.find(word).unwrap_or_default());
    }
    let Ok(mac) = Hmac::<Sha512>::new_from_slice(b"Seed version") else { return false };
    let digest = mac.chain_update(text.as_bytes()).finalize().into_bytes();
    matches!((digest.first(), digest.get(1).map(|byte| byte >> 4)), (Some(0x01), _) | (Some(0x10), Some(0..=2)))
}
