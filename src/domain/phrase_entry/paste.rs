//! A list of words at once: pasted, or typed by somebody who sees no cells. Numbers before the words are cells.

use super::{PhraseEntry, Taken};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pasted {
    pub in_list: usize,
    pub not_in_list: usize,
    /// There was more than found room, or a number that no cell has.
    pub is_too_much: bool,
}

/// Whether a character stands between words.
pub fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, ',' | ';' | '.' | ':' | ')' | '(' | '-' | '_' | '|' | '、' | '。' | '，')
}

impl PhraseEntry {
    /// Takes words and numbers into the cells, from the current one on; a whole phrase from the first one on.
    pub fn paste(&mut self, text: &str) -> Pasted {
        let tokens = || text.split(is_separator).filter(|token| !token.is_empty());
        let is_cell_number = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
        let is_whole = tokens().filter(|token| !is_cell_number(token)).count() == self.len();
        let was_card = self.is_card();
        self.set_card(false);
        self.go(if is_whole { 0 } else { self.current() });
        self.typing.clear();
        let mut pasted = Pasted::default();
        for token in tokens() {
            let fits = token.chars().all(|c| self.push(c));
            if !fits {
                self.typing.clear();
            }
            match self.take() {
                _ if !fits => pasted.is_too_much = true,
                Taken::InList => pasted.in_list += 1,
                Taken::NotInList | Taken::Unreadable => pasted.not_in_list += 1,
                Taken::NoSuchCell | Taken::NoSuchWord => pasted.is_too_much = true,
                Taken::Nothing | Taken::Went | Taken::OneOrTwo => {}
            }
        }
        self.set_card(was_card);
        pasted
    }
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
            assert_eq!(entry.paste(&text), Pasted { in_list: 12, not_in_list: 0, is_too_much: false }, "{text:?}");
            assert_eq!((words(&entry), entry.current()), (WORDS.to_owned(), 12), "{text:?}");
        }
    }

    #[test]
    fn single_words_go_where_the_cursor_is_and_what_is_too_much_is_said() {
        let mut entry = entry();
        assert_eq!(entry.paste("abandon abilty"), Pasted { in_list: 1, not_in_list: 1, is_too_much: false });
        entry.go(10);
        assert_eq!(entry.paste("zoo zebra zone"), Pasted { in_list: 2, not_in_list: 0, is_too_much: true });
        assert_eq!(words(&entry), "abandon abilty         zoo zebra");
        assert!(entry.paste("44 zoo").is_too_much);
        assert!(entry.paste(&"x".repeat(5000)).is_too_much, "longer than any word");
        assert_eq!(entry.paste("\u{1b}\u{0} \n"), Pasted::default());
    }
}
