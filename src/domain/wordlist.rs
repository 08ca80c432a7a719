//! The ten BIP-39 word lists, and finding the word that somebody meant.

use bip39::{Language, Mnemonic};
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

    /// The word of this list that `typed` stands for: the word itself in any case and Unicode form, or at least four
    /// letters that begin exactly one word.
    pub fn find(self, typed: &str) -> Option<&'static str> {
        self.position(typed).and_then(|position| self.words().get(usize::from(position)).copied())
    }

    /// The place of that word in the list, 0 to 2047.
    pub fn position(self, typed: &str) -> Option<u16> {
        let wanted = normalised(typed);
        let whole = self.words().iter().position(|word| **word == **wanted);
        let found = whole.or_else(|| {
            let mut beginning_so = self.beginning(&wanted);
            let (first, _) = (wanted.chars().count() >= 4).then(|| beginning_so.next())??;
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

    fn beginning(self, wanted: &str) -> impl Iterator<Item = (usize, &'static str)> {
        self.words().iter().copied().enumerate().filter(move |(_, word)| word.starts_with(wanted))
    }
}

/// Lower case in the form of the lists (NFKD).
fn normalised(typed: &str) -> Zeroizing<String> {
    let lower = Zeroizing::new(typed.to_lowercase());
    let mut normalised = std::borrow::Cow::Borrowed(lower.as_str());
    Mnemonic::normalize_utf8_cow(&mut normalised);
    Zeroizing::new(normalised.into_owned())
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
        // Composed and decomposed accents are one word.
        assert_eq!(WordList::Spanish.find("\u{e1}baco"), Some("a\u{301}baco"));
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
