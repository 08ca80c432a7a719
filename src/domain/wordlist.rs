//! The ten BIP-39 word lists, and finding the word that somebody meant.

use bip39::Language;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::encoding::words;

/// A BIP-39 word list, named as in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordList {
    ChineseSimplified,
    ChineseTraditional,
    Czech,
    English,
    French,
    Italian,
    Japanese,
    Korean,
    Portuguese,
    Spanish,
}

words!(WordList: "the name of a word list",
    ChineseSimplified = "chinese-simplified",
    ChineseTraditional = "chinese-traditional",
    Czech = "czech",
    English = "english",
    French = "french",
    Italian = "italian",
    Japanese = "japanese",
    Korean = "korean",
    Portuguese = "portuguese",
    Spanish = "spanish",
);

impl WordList {
    pub const ALL: [Self; 10] = [
        Self::ChineseSimplified,
        Self::ChineseTraditional,
        Self::Czech,
        Self::English,
        Self::French,
        Self::Italian,
        Self::Japanese,
        Self::Korean,
        Self::Portuguese,
        Self::Spanish,
    ];

    /// The name that people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::ChineseSimplified => "Chinese (simplified)",
            Self::ChineseTraditional => "Chinese (traditional)",
            Self::Czech => "Czech",
            Self::English => "English",
            Self::French => "French",
            Self::Italian => "Italian",
            Self::Japanese => "Japanese",
            Self::Korean => "Korean",
            Self::Portuguese => "Portuguese",
            Self::Spanish => "Spanish",
        }
    }

    pub(super) fn language(self) -> Language {
        match self {
            Self::ChineseSimplified => Language::SimplifiedChinese,
            Self::ChineseTraditional => Language::TraditionalChinese,
            Self::Czech => Language::Czech,
            Self::English => Language::English,
            Self::French => Language::French,
            Self::Italian => Language::Italian,
            Self::Japanese => Language::Japanese,
            Self::Korean => Language::Korean,
            Self::Portuguese => Language::Portuguese,
            Self::Spanish => Language::Spanish,
        }
    }

    /// The 2,048 words in NFKD, in their order.
    pub fn words(self) -> &'static [&'static str; 2048] {
        self.language().word_list()
    }

    /// Whether its words are written with the letters a to z, some with accents.
    pub fn is_latin(self) -> bool {
        !matches!(self, Self::ChineseSimplified | Self::ChineseTraditional | Self::Japanese | Self::Korean)
    }

    /// The word at `position`, 0 to 2047.
    pub fn word(self, position: u16) -> Option<&'static str> {
        self.words().get(usize::from(position)).copied()
    }

    /// The word of this list that `typed` stands for: the word itself in any case and Unicode form, with its accents or without,
    /// or at least four letters that begin exactly one word.
    pub fn find(self, typed: &str) -> Option<&'static str> {
        self.position(typed).and_then(|position| self.word(position))
    }

    /// The place of that word in the list, 0 to 2047.
    pub fn position(self, typed: &str) -> Option<u16> {
        let wanted = normalised(typed);
        let exact = self.words().iter().position(|word| **word == *wanted);
        let whole = exact.or_else(|| self.words().iter().position(|word| letters(word).eq(letters(&wanted))));
        let found = whole.or_else(|| {
            let mut beginning_so = self.beginning(&wanted);
            let (first, _) = (letters(&wanted).count() >= 4).then(|| beginning_so.next())??;
            beginning_so.next().is_none().then_some(first)
        });
        found.and_then(|position| u16::try_from(position).ok())
    }

    /// How many words begin with `typed`, and the word when it is only one.
    pub fn completion(self, typed: &str) -> (usize, Option<&'static str>) {
        let wanted = normalised(typed);
        let mut beginning_so = self.beginning(&wanted);
        match (beginning_so.next(), beginning_so.count()) {
            (Some((_, word)), 0) => (1, Some(word)),
            (Some(_), others) => (others + 1, None),
            (None, _) => (0, None),
        }
    }

    /// The places of the words that begin with `typed`; none where that are more than `most`.
    pub fn completions(self, typed: &str, most: usize) -> Zeroizing<Vec<u16>> {
        let wanted = normalised(typed);
        // It never grows.
        let mut places = Zeroizing::new(Vec::with_capacity(most + 1));
        let beginning_so = self.beginning(&wanted).take(most + 1);
        places.extend(beginning_so.filter_map(|(position, _)| u16::try_from(position).ok()));
        if places.len() > most { Zeroizing::default() } else { places }
    }

    fn beginning(self, wanted: &str) -> impl Iterator<Item = (usize, &'static str)> {
        self.words().iter().copied().enumerate().filter(move |(_, word)| rest(word, wanted).is_some())
    }
}

/// What is left of `word` behind the letters of `typed`, if it begins with them; accents may be missing.
pub fn rest<'a>(word: &'a str, typed: &str) -> Option<&'a str> {
    // Most words of a list begin otherwise, and no word begins with an accent.
    if typed.bytes().next().is_some_and(|first| first.is_ascii() && word.bytes().next() != Some(first)) {
        return None;
    }
    let mut of_word = word.char_indices().filter(|(_, c)| !is_accent(*c));
    for c in letters(typed) {
        if of_word.next()?.1 != c {
            return None;
        }
    }
    let end = of_word.next().map_or(word.len(), |(at, _)| at);
    word.get(end..)
}

/// The letters of a word in the form of the lists, without accents. No two words of a list differ in accents alone.
pub fn letters(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| !is_accent(*c))
}

/// The accents of Latin letters (combining diacritical marks). The voicing marks of Japanese are others.
fn is_accent(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36F)
}

/// Lower case in the form of the lists (NFKD).
pub fn normalised(typed: &str) -> Zeroizing<String> {
    // One character becomes at most 18 in NFKD; room for all, so that nothing is left behind by growing.
    let mut normalised = Zeroizing::new(String::with_capacity(typed.len().saturating_mul(18).saturating_add(64)));
    typed.chars().flat_map(char::to_lowercase).map(undotted).nfkd().map(hiragana).for_each(|c| normalised.push(c));
    normalised
}

/// The Turkish letter without a dot as the one that the lists have; the one with a dot loses it with the accents.
fn undotted(c: char) -> char {
    if c == '\u{131}' { 'i' } else { c }
}

/// Katakana, in which Japanese words may be typed or copied, as the hiragana of the list. The half-width ones are full by then.
fn hiragana(c: char) -> char {
    /// How far behind the hiragana they stand.
    const OFFSET: u32 = 0x60;
    if ('\u{30a1}'..='\u{30f6}').contains(&c) { char::from_u32(u32::from(c) - OFFSET).unwrap_or(c) } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_any_case_form_and_by_four_letters() {
        assert_eq!(WordList::English.find("Abandon"), Some("abandon"));
        assert_eq!(WordList::English.find("aban"), Some("abandon"));
        assert_eq!(WordList::English.find("act"), Some("act"));
        assert_eq!(WordList::English.find("actr"), Some("actress"));
        assert_eq!(WordList::English.find("aba"), None);
        assert_eq!(WordList::English.find("abandonn"), None);
        assert_eq!(WordList::English.completion("zeb"), (1, Some("zebra")));
        assert_eq!(WordList::English.completion("act"), (5, None));
        assert_eq!(WordList::English.completion("zq"), (0, None));
        // Composed and decomposed accents are one word, and so is the word without them.
        for typed in ["\u{e1}baco", "a\u{301}baco", "\u{c1}BACO", "abaco", "abac"] {
            assert_eq!(WordList::Spanish.find(typed), Some("a\u{301}baco"), "{typed}");
        }
        assert_eq!(WordList::Spanish.find("\u{e1}ba"), None, "an accent is not a fourth letter");
        assert_eq!(WordList::Japanese.find("か"), None);
        // Turkish keyboards and capitals, wide letters, katakana in both widths.
        for typed in ["NA\u{130}VE", "na\u{131}ve", "NAIVE", "ｎａｉｖｅ", "ＮＡＩＶＥ"] {
            assert_eq!(WordList::English.find(typed), Some("naive"), "{typed}");
        }
        for typed in ["がっこう", "ガッコウ", "ｶﾞｯｺｳ"] {
            assert_eq!(WordList::Japanese.position(typed), WordList::Japanese.position("がっこう"), "{typed}");
            assert!(WordList::Japanese.position(typed).is_some());
        }
        assert_eq!((rest("a\u{301}baco", "ab"), rest("abandon", "abandon")), (Some("aco"), Some("")));
        assert_eq!((rest("cafe\u{301}", "cafe"), rest("act", "acts")), (Some(""), None));
    }

    #[test]
    fn no_two_words_of_a_list_differ_in_accents_alone_and_every_word_is_found_without_them() {
        for list in WordList::ALL {
            for (position, word) in (0..).zip(list.words()).step_by(17) {
                let plain: String = letters(word).collect();
                assert_eq!(list.position(&plain), Some(position), "{word}");
                assert_eq!(list.position(word), Some(position), "{word}");
            }
            let plain: std::collections::BTreeSet<String> =
                list.words().iter().map(|word| letters(word).collect()).collect();
            assert_eq!(plain.len(), 2048, "{list:?}");
        }
    }

    #[test]
    fn the_shipped_lists_for_other_readers_are_the_same_lists() {
        for list in WordList::ALL {
            let path = format!("{}/assets/wordlists/{}.txt", env!("CARGO_MANIFEST_DIR"), list.name());
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.lines().eq(list.words().iter().copied()), "{path}");
        }
    }
}
