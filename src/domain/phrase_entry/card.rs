//! Card mode: the fourth letter accepts a word. Letters that go on with it are swallowed, but kept: they may be the beginning of the
//! next word of somebody who types four letters of each and nothing else.
//!
//! That cannot always be told: `cabbage` and a space are one word, or `cabb` and `age`. How the words before were typed decides;
//! where none of them tells, it is asked.

use zeroize::{Zeroize, Zeroizing};

use super::{PhraseEntry, Taken, is_letter};
use crate::domain::secret::SecretField;
use crate::domain::wordlist::{letters, normalised, rest};

/// How many letters accept a word, when it is the only one that begins so.
const LETTERS: usize = 4;

#[derive(Default)]
pub(super) struct CardMode {
    is_on: bool,
    /// The word that the fourth letter accepted last, as its place in the list plus one; 0 when something else came after it.
    after: u16,
    /// The letters that were swallowed since.
    tail: SecretField,
    /// Whether the words are typed whole, once that is known.
    is_whole: Option<bool>,
    /// [`Taken::OneOrTwo`] was the last answer.
    is_asked: bool,
}

impl Drop for CardMode {
    fn drop(&mut self) {
        self.after.zeroize();
    }
}

impl PhraseEntry {
    pub fn is_card(&self) -> bool {
        self.card.is_on
    }

    /// Switches card mode; only for lists with Latin letters, whose first four letters are those of one word.
    pub fn set_card(&mut self, is_on: bool) {
        self.forget_tail();
        self.card.is_on = is_on && self.form.language.is_latin();
        self.card.is_whole = None;
    }

    /// Whether [`Taken::OneOrTwo`] waits for [`PhraseEntry::resolve`].
    pub fn is_one_or_two(&self) -> bool {
        self.card.is_asked
    }

    /// Says what the swallowed letters were: the rest of one word, or the beginning of a second one.
    pub fn resolve(&mut self, are_two: bool) -> Taken {
        self.card.is_whole = Some(!are_two);
        self.end_tail()
    }

    /// Somebody goes elsewhere: what was swallowed is a word where words are typed by four letters.
    pub(super) fn leave_tail(&mut self) {
        if self.card.is_whole == Some(false) && !self.card.tail.is_empty() {
            self.end_tail();
        }
        self.forget_tail();
    }

    pub(super) fn forget_tail(&mut self) {
        self.card.is_asked = false;
        self.card.after = 0;
        self.card.tail.clear();
    }

    /// Accepts the word whose fourth letter was just typed.
    pub(super) fn after_letter(&mut self) -> bool {
        if self.card.is_on && letters(&normalised(self.typing.reveal())).count() >= LETTERS {
            let (_, word) = self.completion();
            if let Some(position) = word.and_then(|word| self.form.language.position(word)) {
                self.settle();
                self.enter(self.current + 1);
                self.card.after = position + 1;
            }
        }
        true
    }

    /// A letter behind an accepted word; `None` when it is for the plain way.
    pub(super) fn push_card(&mut self, c: char) -> Option<bool> {
        self.card.is_asked = false;
        if self.card.after == 0 || !is_letter(c) {
            self.forget_tail();
            return None;
        }
        let typed = self.tail_and(Some(c));
        let wanted = self.open_rest()?;
        if rest(wanted, &typed).is_some() {
            c.to_lowercase().for_each(|c| {
                self.card.tail.push(c);
            });
            return Some(true);
        }
        // The word is over. What was swallowed may belong to the next one.
        let is_over = rest(wanted, self.card.tail.reveal()) == Some("");
        let from = if is_over && self.card.is_whole == Some(true) {
            typed.char_indices().last().map(|(at, _)| at)
        } else {
            typed.char_indices().map(|(at, _)| at).find(|at| self.reads(typed.get(*at..).unwrap_or("")))
        };
        if !wanted.is_empty() && from == Some(0) {
            self.card.is_whole = Some(false);
        }
        self.forget_tail();
        let from = from.unwrap_or(typed.len().saturating_sub(c.len_utf8()));
        let mut used = true;
        for c in typed.get(from..).unwrap_or("").chars() {
            used = self.push(c);
        }
        Some(used)
    }

    /// A separator where nothing is being typed: what was swallowed is the rest of the word, or the next word.
    pub(super) fn end_tail(&mut self) -> Taken {
        if self.card.after == 0 {
            return Taken::Nothing;
        }
        let is_rest = self.open_rest().is_some_and(|wanted| !wanted.is_empty());
        if self.card.tail.is_empty() {
            if is_rest {
                self.card.is_whole = Some(false);
            }
            self.forget_tail();
            return Taken::Nothing;
        }
        if !self.tail_is_words() {
            self.card.is_whole = Some(true);
            self.forget_tail();
            return Taken::Nothing;
        }
        // Who writes numbers before the words ends each of them.
        match self.card.is_whole.or(self.is_by_number.then_some(true)) {
            None => {
                self.card.is_asked = true;
                Taken::OneOrTwo
            }
            Some(true) => {
                self.forget_tail();
                Taken::Nothing
            }
            Some(false) => {
                let typed = self.tail_and(None);
                self.forget_tail();
                typed.chars().for_each(|c| {
                    self.push(c);
                });
                if self.typing.is_empty() { Taken::InList } else { self.take() }
            }
        }
    }

    /// Takes back a swallowed letter, or goes back into the word that was just accepted; says whether there was one.
    pub(super) fn take_back_card(&mut self) -> bool {
        if self.card.after == 0 {
            return false;
        }
        if self.card.tail.pop() {
            return true;
        }
        let Some(word) = self.form.language.word(self.card.after - 1) else { return false };
        self.forget_tail();
        // Text that came back with this cell stays in it.
        self.settle();
        self.enter(self.current.saturating_sub(1));
        letters(word).take(LETTERS - 1).for_each(|c| {
            self.typing.push(c);
        });
        true
    }

    /// The letters of the accepted word behind its fourth one.
    fn open_rest(&self) -> Option<&'static str> {
        let word = self.form.language.word(self.card.after.checked_sub(1)?)?;
        let first = Zeroizing::new(letters(word).take(LETTERS).collect::<String>());
        rest(word, &first)
    }

    /// What was swallowed, and one more letter, in the form of the lists.
    fn tail_and(&self, c: Option<char>) -> Zeroizing<String> {
        let mut typed = Zeroizing::new(String::with_capacity(2 * SecretField::CAPACITY));
        typed.push_str(self.card.tail.reveal());
        typed.extend(c);
        normalised(&typed)
    }

    /// Whether the swallowed letters, ended by a separator, are words on their own, and there is room for them.
    fn tail_is_words(&self) -> bool {
        let typed = self.tail_and(None);
        let mut at = 0;
        while let Some(rest) = typed.get(at..).filter(|rest| !rest.is_empty()) {
            let accepted = rest.char_indices().map(|(at, c)| at + c.len_utf8()).find(|end| self.accepts(rest, *end));
            match accepted {
                Some(end) => at += end,
                None => return self.form.language.position(rest).is_some() && self.current < self.len(),
            }
        }
        !typed.is_empty() && self.current < self.len()
    }

    /// Whether `typed` is words of four letters and the beginning of another.
    fn reads(&self, typed: &str) -> bool {
        let mut at = 0;
        while let Some(rest) = typed.get(at..).filter(|rest| !rest.is_empty()) {
            match rest.char_indices().map(|(at, c)| at + c.len_utf8()).find(|end| self.accepts(rest, *end)) {
                Some(end) => at += end,
                None => return self.form.language.completion(rest).0 > 0,
            }
        }
        true
    }

    fn accepts(&self, typed: &str, end: usize) -> bool {
        let Some(beginning) = typed.get(..end) else { return false };
        letters(beginning).count() >= LETTERS && self.form.language.completion(beginning).0 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::{PhraseForm, WordCount};
    use crate::domain::wordlist::WordList;

    fn entry(language: WordList) -> PhraseEntry {
        let mut entry = PhraseEntry::new(PhraseForm { language, words: WordCount::TWELVE });
        entry.set_card(true);
        entry
    }

    /// Types `keys`; a question whether it was one word or two is answered with `are_two`. Says the words.
    fn typed(language: WordList, keys: &str, are_two: bool) -> Vec<String> {
        let mut entry = entry(language);
        type_into(&mut entry, keys, are_two);
        words(&entry)
    }

    fn type_into(entry: &mut PhraseEntry, keys: &str, are_two: bool) {
        for c in keys.chars() {
            if c != ' ' {
                entry.push(c);
            } else if entry.take() == Taken::OneOrTwo {
                assert!(entry.is_one_or_two());
                entry.resolve(are_two);
            }
        }
    }

    fn words(entry: &PhraseEntry) -> Vec<String> {
        (0..entry.len())
            .map(|index| letters(entry.reveal(index)).collect())
            .filter(|word: &String| !word.is_empty())
            .collect()
    }

    #[test]
    fn the_fourth_letter_accepts_and_the_rest_of_the_word_is_swallowed() {
        let english = |keys| typed(WordList::English, keys, false);
        assert_eq!(english("abanzebrzoo act actiaddr"), ["abandon", "zebra", "zoo", "act", "action", "address"]);
        assert_eq!(
            english("abandon zebra zoo act action address "),
            ["abandon", "zebra", "zoo", "act", "action", "address"]
        );
        assert_eq!(english("ABANDON ZEBR"), ["abandon", "zebra"]);
        // Without a space, where no word begins with the end of the other.
        assert_eq!(english("zebrazone"), ["zebra", "zone"]);
        assert_eq!(typed(WordList::Spanish, "abacabdo\u{e1}baco ", false), ["abaco", "abdomen", "abaco"]);
    }

    #[test]
    fn the_beginning_of_the_next_word_is_not_lost_in_the_end_of_this_one() {
        let english = |keys, are_two| typed(WordList::English, keys, are_two);
        assert_eq!(english("abandona", false), ["abandon", "donate"], "abandon goes on with don");
        assert_eq!(english("mushroomzebr", false), ["mushroom", "room", "zebra"], "somebody who types four letters");
        assert_eq!(
            english("abandon mushroom zebr", false),
            ["abandon", "mushroom", "zebra"],
            "somebody who types whole words"
        );
        assert_eq!(english("mushroom ", false), ["mushroom"], "one word, as was said when asked");
        assert_eq!(english("mushroom ", true), ["mushroom", "room"], "two words");
        assert_eq!(english("abancabbage ", true), ["abandon", "cabbage", "age"]);
        assert_eq!(english("abandon cabbage ", true), ["abandon", "cabbage"], "without asking");
        assert_eq!(
            english("1 mushroom 2 ability 3 about ", true),
            ["mushroom", "ability", "about"],
            "numbers end words"
        );
        // A slip in the swallowed rest begins nothing that is kept for long.
        assert_eq!(english("abandzoo ", false), ["abandon", "zoo"]);
    }

    #[test]
    fn every_pair_of_words_arrives_however_it_is_typed() {
        for language in WordList::ALL.into_iter().filter(|language| language.is_latin()) {
            let list = language.words();
            let plain = |index: usize| letters(list[index % 2048]).collect::<String>();
            let four = |word: &str| {
                let first: String = word.chars().take(LETTERS).collect();
                if word.chars().count() < LETTERS { first + " " } else { first }
            };
            for index in (0..2048).step_by(31) {
                // Words that begin as the end of the other, and any.
                let first = plain(index);
                let end: String = first.chars().skip(LETTERS).collect();
                let seconds = (0..2048).map(plain).filter(|word| {
                    !end.is_empty() && (word.starts_with(&end) || end.starts_with(&four(word).trim_end().to_owned()))
                });
                for second in seconds.chain([plain(index * 7 + 13)]) {
                    let pair = [first.clone(), second.clone(), first.clone()];
                    let keys: String = pair.iter().map(|word| four(word)).collect();
                    assert_eq!(typed(language, &(keys + " "), true), pair, "{language:?} four letters");
                    let keys = pair.join(" ") + " ";
                    assert_eq!(typed(language, &keys, false), pair, "{language:?} whole words");
                }
            }
        }
    }

    #[test]
    fn backspace_takes_back_what_was_swallowed_and_then_the_word() {
        let mut entry = entry(WordList::English);
        type_into(&mut entry, "abando", false);
        entry.backspace();
        entry.backspace();
        assert_eq!((entry.current(), entry.reveal_typing()), (1, ""));
        entry.backspace();
        assert_eq!((entry.current(), entry.reveal_typing()), (0, "aba"));
        entry.push('n');
        assert_eq!((entry.current(), entry.reveal(0)), (1, "abandon"));
        entry.go(5);
        assert!(entry.push('d') && entry.reveal_typing() == "d", "elsewhere nothing is swallowed");
    }

    #[test]
    fn there_is_no_card_mode_where_four_letters_are_not_enough() {
        for language in WordList::ALL {
            assert_eq!(entry(language).is_card(), language.is_latin(), "{language:?}");
        }
        // Text of no list in the next cell is neither lost nor mixed in.
        let mut beside = entry(WordList::English);
        beside.go(1);
        type_into(&mut beside, "qqqq ", false);
        beside.go(0);
        type_into(&mut beside, "aban", false);
        beside.backspace();
        assert_eq!((beside.reveal_typing(), beside.reveal(1)), ("aba", "qqqq"));
        // What matches nothing stays to be seen.
        let mut entry = entry(WordList::English);
        type_into(&mut entry, "abqxy", false);
        assert_eq!((entry.current(), entry.reveal_typing()), (0, "abqxy"));
    }
}
