//! A list of words at once: pasted, or typed by somebody who sees no cells. Numbers before the words are cells.

use super::{PhraseEntry, Taken, UNREADABLE, WORD_NUMBER, is_letter};
use crate::domain::phrase_list::{is_number, is_separator, is_usual_separator, tokens};
use crate::domain::typed::{has_invisible, visible};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pasted {
    pub in_list: usize,
    pub not_in_list: usize,
    /// Signs in it are part of no word, and were left out.
    pub has_odd_signs: bool,
    /// Signs that nobody can see were left out.
    pub has_invisible: bool,
    /// There was more than found room, or a number that no cell has.
    pub is_too_much: bool,
    /// Words that found no room behind the one word more that is kept.
    pub skipped: usize,
    /// Words that took the place of others.
    pub replaced: usize,
}

impl PhraseEntry {
    /// Takes words and numbers into the cells, from the current one on; a whole phrase from the first one on.
    pub fn paste(&mut self, text: &str) -> Pasted {
        let seen = visible(text);
        let list = self.form().language;
        let count = |tokens: &[&str]| tokens.iter().filter(|token| !is_number(token)).count();
        let (all, whole) = (tokens(&seen, list, is_separator), tokens(&seen, list, is_usual_separator));
        // Where a sign within a word tears it, and makes one too many of them, it was meant as one.
        let tokens = if count(&all) != self.len() && count(&whole) == self.len() { whole } else { all };
        let mut pasted = Pasted { has_invisible: has_invisible(text), ..Pasted::default() };
        if tokens.is_empty() {
            return pasted;
        }
        let is_whole = count(&tokens) == self.len();
        let was_card = self.is_card();
        self.set_card(false);
        self.go(if is_whole { 0 } else { self.current() });
        for token in tokens {
            let at = self.current();
            let is_behind = at == self.len() && !is_number(token);
            pasted.is_too_much |= is_behind;
            // One word more is kept; of further ones nobody would know where they belong.
            if is_behind && self.has_extra() {
                pasted.skipped += 1;
                continue;
            }
            for c in token.chars() {
                pasted.has_odd_signs |= !self.push(c);
            }
            let taken = self.take();
            pasted.replaced += usize::from(self.take_replaced().is_some());
            match taken {
                _ if is_behind => {}
                Taken::InList => pasted.in_list += 1,
                Taken::NotInList | Taken::Unreadable => pasted.not_in_list += 1,
                Taken::NoSuchCell | Taken::NoSuchWord => pasted.is_too_much = true,
                // Nothing of it is a word: its cell stays open.
                Taken::Nothing => self.go(at + 1),
                Taken::Went | Taken::OneOrTwo => {}
            }
        }
        self.set_card(was_card);
        pasted
    }
}

/// Whether all of `token` may be part of one word: letters, the number of a word, or the mark for one that cannot be read.
pub fn can_be_word(token: &str) -> bool {
    let is_number = token.strip_prefix(WORD_NUMBER).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    is_number || token.chars().all(is_letter) || token.chars().eq([UNREADABLE])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::{PhraseForm, WordCount};
    use crate::domain::wordlist::WordList;

    const WORDS: &str = "abandon ability able about above absent absorb abstract absurd abuse access accident";

    fn entry() -> PhraseEntry {
        PhraseEntry::new(PhraseForm { language: WordList::English, words: WordCount::TWELVE })
    }

    fn words(entry: &PhraseEntry) -> String {
        (0..entry.len()).map(|index| entry.reveal(index)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_list_arrives_however_it_was_written() {
        let numbered = |before: &str, after: &str| {
            let item = |(number, word)| format!("{number}{before}{word}{after}");
            (1..).zip(WORDS.split(' ')).map(item).collect::<Vec<_>>().concat()
        };
        for text in [
            WORDS.to_owned(),
            WORDS.to_uppercase(),
            WORDS.replace(' ', "\r\n"),
            WORDS.replace(' ', ", "),
            numbered(". ", "\n"),
            numbered(") ", "\t"),
            numbered(".", " "),
            numbered(" ", " "),
            numbered(":", ";"),
            numbered("", " "),
            WORDS.split(' ').map(|word| word.chars().take(4).collect::<String>() + " ").collect(),
        ] {
            let mut entry = entry();
            for c in "zebra zoo".chars() {
                if c == ' ' {
                    entry.take();
                } else {
                    entry.push(c);
                }
            }
            assert_eq!(entry.paste(&text), Pasted { in_list: 12, replaced: 2, ..Pasted::default() }, "{text:?}");
            assert_eq!((words(&entry), entry.current()), (WORDS.to_owned(), 12), "{text:?}");
        }
    }

    #[test]
    fn single_words_go_where_the_cursor_is_and_what_is_too_much_is_said() {
        let mut entry = entry();
        assert_eq!(entry.paste("abandon abilty"), Pasted { in_list: 1, not_in_list: 1, ..Pasted::default() });
        entry.go(10);
        assert_eq!(entry.paste("zoo zebra zone"), Pasted { in_list: 2, is_too_much: true, ..Pasted::default() });
        assert_eq!(words(&entry), "abandon abilty         zoo zebra");
        assert_eq!((entry.reveal(12), entry.has_extra()), ("zone", true), "one more is kept");
        assert_eq!(entry.paste("zoo zone"), Pasted { is_too_much: true, skipped: 2, ..Pasted::default() });
        assert!(entry.paste("44 zoo").is_too_much);
        entry.go(3);
        assert!(entry.paste(&"x".repeat(5000)).has_odd_signs, "longer than any word");
        // A word that is torn by another sign keeps its place, and so do those behind it.
        let mut entry = self::entry();
        let torn = entry.paste(&WORDS.replace("above", "ab*ve"));
        assert_eq!(torn, Pasted { in_list: 11, not_in_list: 1, has_odd_signs: true, ..Pasted::default() });
        assert_eq!(words(&entry), WORDS.replace("above", "abve"));
        let mut entry = self::entry();
        assert!(entry.paste(&WORDS.replace("above", "***")).has_odd_signs);
        assert_eq!(words(&entry), WORDS.replace("above", ""));
        // Nothing at all changes nothing.
        let mut entry = self::entry();
        entry.paste("abandin");
        entry.go(0);
        assert_eq!(entry.paste("\u{1b}\u{0} \n"), Pasted::default());
        assert_eq!(entry.reveal_typing(), "abandin");
    }
}
