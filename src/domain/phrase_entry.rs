//! A phrase while somebody types it: numbered cells, each checked when it is left, any of them replaced without touching
//! another. Knows words and numbers, not how they are drawn.

mod card;
mod kept;
mod mend;
mod paste;
mod suspected;

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use self::card::CardMode;
use self::kept::Untold;
use self::mend::PickedWord;
use super::phrase::{Phrase, PhraseError, PhraseForm};
use super::phrase_list::{ForeignPhrase, WORD_NUMBER, is_letter, position_of};
use super::secret::SecretField;
use super::typed::{is_invisible, plain};

pub use self::paste::{Pasted, can_be_word};
pub use super::phrase_list::{UNREADABLE, is_separator};

/// The cells of one phrase. Everything in it is wiped on drop.
pub struct PhraseEntry {
    form: PhraseForm,
    cells: Vec<Cell>,
    /// A word more than the phrase has, typed behind the last cell.
    extra: Cell,
    /// The cell that is typed into; the number of cells when it stands behind the last one.
    current: usize,
    typing: SecretField,
    /// The text came back with its cell and was not touched yet: a letter begins it anew, Backspace edits it.
    is_returned: bool,
    /// The last cell was gone to by typing its number, as in a numbered list.
    is_by_number: bool,
    untold: Untold,
    picked: Option<PickedWord>,
    card: CardMode,
}

/// A word of the list as its place there plus one, or text that is none. Both empty: nothing was typed.
#[derive(Default)]
struct Cell {
    word: u16,
    unknown: SecretField,
}

impl Cell {
    fn is_empty(&self) -> bool {
        self.word == 0 && self.unknown.is_empty()
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        self.word.zeroize();
    }
}

/// What can be said of a cell without showing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellState {
    Empty,
    Typing,
    InList,
    NotInList,
    /// Marked as impossible to read on the paper.
    Unreadable,
}

/// What taking the typed text did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Nothing was typed.
    Nothing,
    InList,
    NotInList,
    Unreadable,
    /// It was a number: that cell is the current one now.
    Went,
    /// It was a number, but no cell has it.
    NoSuchCell,
    /// It was the number of a word (`=1234`), but the list has no such one.
    NoSuchWord,
    /// In card mode: the last letters end the word before, or are a word of their own. [`PhraseEntry::resolve`] tells.
    OneOrTwo,
}

impl PhraseEntry {
    pub fn new(form: PhraseForm) -> Self {
        let cells = (0..form.words.words()).map(|_| Cell::default()).collect();
        Self {
            form,
            cells,
            extra: Cell::default(),
            current: 0,
            typing: SecretField::default(),
            is_returned: false,
            is_by_number: false,
            untold: Untold::default(),
            picked: None,
            card: CardMode::default(),
        }
    }

    pub fn form(&self) -> PhraseForm {
        self.form
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether nothing at all was typed.
    pub fn is_empty(&self) -> bool {
        self.typing.is_empty() && self.filled() == 0 && !self.has_extra()
    }

    /// A cell; behind the last one, that of a word too many.
    fn cell(&self, index: usize) -> Option<&Cell> {
        if index == self.cells.len() { Some(&self.extra) } else { self.cells.get(index) }
    }

    fn cell_mut(&mut self, index: usize) -> Option<&mut Cell> {
        if index == self.cells.len() { Some(&mut self.extra) } else { self.cells.get_mut(index) }
    }

    /// How many cells hold something, also what is being typed.
    pub fn filled(&self) -> usize {
        (0..self.cells.len()).filter(|index| self.state(*index) != CellState::Empty).count()
    }

    /// The current cell, from 0; [`PhraseEntry::len`] when it stands behind the last one.
    pub fn current(&self) -> usize {
        self.current
    }

    pub fn state(&self, index: usize) -> CellState {
        if index == self.current && !self.typing.is_empty() {
            return CellState::Typing;
        }
        match self.cell(index) {
            Some(cell) if cell.word != 0 => CellState::InList,
            Some(cell) if is_unreadable(cell.unknown.reveal()) => CellState::Unreadable,
            Some(cell) if !cell.unknown.is_empty() => CellState::NotInList,
            _ => CellState::Empty,
        }
    }

    /// The first cell that does not hold a word of the list.
    pub fn first_open(&self) -> Option<usize> {
        self.cells.iter().position(|cell| cell.word == 0)
    }

    /// What is being typed.
    pub fn reveal_typing(&self) -> &str {
        self.typing.reveal()
    }

    /// The place in the list of the word in a cell.
    pub fn reveal_position(&self, index: usize) -> Option<u16> {
        self.cell(index)?.word.checked_sub(1)
    }

    /// What stands in a cell: a word of the list, or the text that is none.
    pub fn reveal(&self, index: usize) -> &str {
        match (self.reveal_position(index), self.cell(index)) {
            (Some(position), _) => self.form.language.word(position).unwrap_or(""),
            (None, Some(cell)) => cell.unknown.reveal(),
            (None, None) => "",
        }
    }

    /// How many words begin with what is typed, and the word when it is only one.
    pub fn completion(&self) -> (usize, Option<&'static str>) {
        if self.typing.is_empty() { (0, None) } else { self.form.language.completion(self.typing.reveal()) }
    }

    /// The places of the words that begin with what is typed, where they are several and not more than `most`.
    pub fn reveal_completions(&self, most: usize) -> Zeroizing<Vec<u16>> {
        let typed = self.typing.reveal();
        if !typed.starts_with(char::is_alphabetic) || self.is_returned {
            return Zeroizing::default();
        }
        let found = self.form.language.completions(typed, most);
        if found.len() > 1 { found } else { Zeroizing::default() }
    }

    /// The place of the second of two words that stand side by side and are the same.
    pub fn doubled(&self) -> Option<usize> {
        let word = |index: usize| self.cells.get(index).map(|cell| cell.word).filter(|word| *word != 0);
        (1..self.cells.len()).find(|index| word(*index).is_some() && word(*index) == word(index - 1))
    }

    /// The word behind the last one goes.
    pub fn drop_extra(&mut self) {
        self.extra = Cell::default();
    }

    /// Whether text that is in no list came back with its cell and was not touched yet.
    pub fn is_returned(&self) -> bool {
        self.is_returned && !is_unreadable(self.typing.reveal())
    }

    /// Whether the last cell was gone to by typing its number: then digits are such numbers.
    pub fn is_by_number(&self) -> bool {
        self.is_by_number
    }

    /// Adds a letter; a digit of a cell's number, or what begins the number of a word, in an empty field. The word that stood
    /// there stays until another is taken. Says whether the character was used.
    pub fn push(&mut self, c: char) -> bool {
        if is_invisible(c) {
            return true;
        }
        let c = plain(c);
        self.push_card(c).unwrap_or_else(|| self.push_plain(c) && self.after_letter())
    }

    fn push_plain(&mut self, c: char) -> bool {
        let is_mark = matches!(c, UNREADABLE | WORD_NUMBER);
        if is_letter(c) {
            self.leave_number();
        }
        if self.is_returned && (is_letter(c) || c.is_ascii_digit() || is_mark) {
            // It stays in its cell until something else is taken.
            self.settle();
        }
        let typed = self.typing.reveal();
        let fits = match c {
            UNREADABLE | WORD_NUMBER => typed.is_empty(),
            '0'..='9' => typed.is_empty() || is_number(typed),
            c => is_letter(c) && !is_number(typed) && !is_unreadable(typed),
        };
        let is_full = self.current == self.cells.len() && self.typing.is_empty() && self.has_extra();
        if !fits || (is_full && !c.is_ascii_digit()) {
            return false;
        }
        c.to_lowercase().all(|c| self.typing.push(c))
    }

    /// Takes back a letter; in a cell where nothing is being typed, empties it; in an empty cell, goes to the one before.
    pub fn backspace(&mut self) {
        self.is_returned = false;
        if self.take_back_card() || self.typing.pop() {
            return;
        }
        if self.state(self.current) == CellState::Empty {
            self.go(self.current.saturating_sub(1));
        } else {
            self.clear_cell();
        }
    }

    /// Empties the current cell; behind the last one, that one.
    pub fn clear_cell(&mut self) {
        self.forget_tail();
        if self.current == self.cells.len() && self.typing.is_empty() && !self.has_extra() {
            self.enter(self.cells.len().saturating_sub(1));
        }
        self.typing.clear();
        if let Some(cell) = self.cell_mut(self.current) {
            *cell = Cell::default();
        }
    }

    /// Takes the typed text into the current cell and goes to the next one.
    pub fn take(&mut self) -> Taken {
        // Text that came back and was not touched is taken already.
        if self.typing.is_empty() || self.is_returned {
            return self.end_tail();
        }
        if let Some(number) = self.typed_number() {
            self.typing.clear();
            return match number.checked_sub(1) {
                Some(index) if index < self.cells.len() => {
                    self.go(index);
                    self.is_by_number = true;
                    Taken::Went
                }
                _ => Taken::NoSuchCell,
            };
        }
        if self.typing.reveal().starts_with(WORD_NUMBER) && self.position_of(self.typing.reveal()).is_none() {
            self.typing.clear();
            return Taken::NoSuchWord;
        }
        let taken = self.settle();
        self.enter(self.current + 1);
        taken
    }

    /// The word that the typed letters can only be, taken at once; says whether there was one.
    pub fn complete(&mut self) -> bool {
        let (_, Some(word)) = self.completion() else { return false };
        self.typing.clear();
        self.is_returned = false;
        word.chars().all(|c| self.typing.push(c)) && self.take() == Taken::InList
    }

    /// Leaves the current cell for another one; what is typed is taken, but not text of no list over a word.
    pub fn go(&mut self, index: usize) {
        self.settle_all();
        self.is_by_number = false;
        self.enter(index);
    }

    /// Goes back to the cell that was just left.
    pub fn stay(&mut self, index: usize) {
        self.settle_all();
        self.enter(index);
    }

    /// The phrase, once every cell holds a word and the checksum is right.
    pub fn phrase(&self) -> Result<Phrase, PhraseError> {
        let unknown: Vec<usize> =
            (1..).zip(&self.cells).filter(|(_, cell)| cell.word == 0).map(|(number, _)| number).collect();
        if !unknown.is_empty() {
            return Err(PhraseError::UnknownWords { positions: unknown, list: self.form.language });
        }
        let positions: Zeroizing<Vec<u16>> =
            Zeroizing::new(self.cells.iter().filter_map(|cell| cell.word.checked_sub(1)).collect());
        Phrase::of_positions(&positions, self.form).ok_or_else(|| {
            let words: Vec<&str> = (0..self.len()).map(|index| self.reveal(index)).collect();
            ForeignPhrase::of(&words, self.form).map_or(PhraseError::Checksum, PhraseError::Foreign)
        })
    }

    /// The text of a cell that is in no list.
    fn unknown(&self, index: usize) -> &str {
        self.cell(index).map_or("", |cell| cell.unknown.reveal())
    }

    fn typed_number(&self) -> Option<usize> {
        let typed = self.typing.reveal();
        typed.starts_with(|c: char| c.is_ascii_digit()).then(|| typed.parse().unwrap_or(usize::MAX))
    }

    /// The place in the list of what `typed` means: a word, or the number of one, counted from 1 as the lines of the list are.
    fn position_of(&self, typed: &str) -> Option<u16> {
        position_of(typed, self.form.language)
    }

    /// Puts what is typed into the current cell, wherever it came from; a number that goes to no cell is dropped.
    fn settle_all(&mut self) {
        self.leave_tail();
        if self.typed_number().is_some() {
            self.typing.clear();
        }
        let held = self.cell(self.current).is_some_and(|cell| cell.word != 0);
        if held && !self.typing.is_empty() && self.position_of(self.typing.reveal()).is_none() {
            // A stray key, and then an arrow: the word stays.
            self.typing.clear();
            self.untold.has_dropped = true;
        }
        self.settle();
    }

    /// Puts what is typed into the current cell.
    fn settle(&mut self) -> Taken {
        self.is_returned = false;
        if self.typing.is_empty() {
            return Taken::Nothing;
        }
        let found = self.position_of(self.typing.reveal());
        let typed = std::mem::take(&mut self.typing);
        let at = self.current;
        let Some(cell) = self.cell_mut(at) else { return Taken::Nothing };
        let is_replaced = cell.word != 0 && found.map(|position| position + 1) != Some(cell.word);
        *cell = Cell::default();
        if let Some(position) = found {
            cell.word = position + 1;
            if is_replaced {
                self.untold.replaced = Some(at);
            }
            return Taken::InList;
        }
        cell.unknown = typed;
        let taken = if is_unreadable(cell.unknown.reveal()) { Taken::Unreadable } else { Taken::NotInList };
        if is_replaced {
            self.untold.replaced = Some(at);
        }
        taken
    }

    /// Makes `index` the current cell. Text that is not in the list can be edited there.
    fn enter(&mut self, index: usize) {
        self.current = index.min(self.cells.len());
        self.is_returned = false;
        let at = self.current;
        if let Some(cell) = self.cell_mut(at)
            && cell.word == 0
        {
            self.typing = std::mem::take(&mut cell.unknown);
            self.is_returned = !self.typing.is_empty();
        }
    }
}

impl fmt::Debug for PhraseEntry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PhraseEntry({} cells)", self.cells.len())
    }
}

/// A cell's number, or that of a word.
fn is_number(typed: &str) -> bool {
    typed.starts_with(|c: char| c.is_ascii_digit() || c == WORD_NUMBER)
}

fn is_unreadable(typed: &str) -> bool {
    typed.starts_with(UNREADABLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::keyboard::Keyboard;
    use crate::domain::phrase::WordCount;
    use crate::domain::wordlist::WordList;

    const FORM: PhraseForm = PhraseForm { language: WordList::English, words: WordCount::TWELVE };

    fn typed(text: &str) -> PhraseEntry {
        let mut entry = PhraseEntry::new(FORM);
        type_into(&mut entry, text);
        entry
    }

    fn type_into(entry: &mut PhraseEntry, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | ',') {
                entry.take();
            } else {
                entry.push(c);
            }
        }
    }

    fn words(entry: &PhraseEntry) -> Vec<&str> {
        (0..entry.len()).map(|index| entry.reveal(index)).collect()
    }

    const ZEROS: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about ";

    #[test]
    fn twelve_words_typed_whole_or_by_four_letters_in_any_case_are_a_phrase() {
        for text in [ZEROS.to_owned(), ZEROS.replace("abandon", "ABAN").replace("about", "Abou")] {
            let entry = typed(&text);
            assert_eq!(entry.phrase().unwrap().reveal_entropy(), [0; 16]);
            assert_eq!((entry.current(), entry.filled(), entry.first_open()), (12, 12, None));
        }
    }

    #[test]
    fn a_wrong_word_is_replaced_without_retyping_any_other() {
        let mut entry = typed(&ZEROS.replacen("abandon", "abandom", 3));
        assert_eq!(entry.first_open(), Some(0));
        for index in 0..3 {
            entry.go(11);
            assert_eq!(entry.state(index), CellState::NotInList);
            entry.go(index);
            assert_eq!(entry.reveal_typing(), "abandom", "what is not in the list can be edited");
            entry.backspace();
            entry.push('n');
            assert_eq!(entry.take(), Taken::InList);
        }
        assert!(entry.phrase().is_ok());
        entry.go(5);
        type_into(&mut entry, "abandom ");
        entry.go(5);
        type_into(&mut entry, "zebra ");
        assert_eq!(entry.phrase().unwrap_err(), PhraseError::Checksum);
        entry.go(5);
        type_into(&mut entry, "aban ");
        assert!(entry.phrase().is_ok());
    }

    #[test]
    fn a_word_stays_until_another_is_taken() {
        let mut entry = typed(ZEROS);
        entry.go(3);
        type_into(&mut entry, "ze");
        assert_eq!(entry.state(3), CellState::Typing);
        entry.backspace();
        entry.backspace();
        assert_eq!((entry.state(3), entry.reveal(3)), (CellState::InList, "abandon"));
        entry.backspace();
        assert_eq!(entry.state(3), CellState::Empty, "one more empties the cell");
        entry.backspace();
        assert_eq!(entry.current(), 2, "and then it goes back");
        assert_eq!(entry.reveal(2), "abandon");
    }

    #[test]
    fn a_number_goes_to_its_cell() {
        let mut entry = typed("1 abandon 3 zoo 2 zebra ");
        assert_eq!(words(&entry)[..4], ["abandon", "zebra", "zoo", ""]);
        type_into(&mut entry, "13");
        assert_eq!(entry.take(), Taken::NoSuchCell);
        type_into(&mut entry, "99999999999999999999999999");
        assert_eq!(entry.take(), Taken::NoSuchCell);
        let before = entry.current();
        entry.push('0');
        entry.go(before);
        assert_eq!(entry.reveal_typing(), "", "a number is never a word");
        let mut full = typed(ZEROS);
        type_into(&mut full, "zebra zone 12 ");
        assert_eq!((full.reveal(12), full.reveal(11)), ("zebra", "about"), "one word more is kept, and no third one");
        assert_eq!(full.current(), 11);
    }

    #[test]
    fn words_that_begin_other_words_do_not_trap() {
        let entry = typed("act action add address ");
        assert_eq!(words(&entry)[..4], ["act", "action", "add", "address"]);
        let mut entry = typed("zeb");
        assert_eq!(entry.completion(), (1, Some("zebra")));
        assert!(entry.complete());
        assert_eq!(entry.reveal(0), "zebra");
        type_into(&mut entry, "act");
        assert!(!entry.complete(), "several words begin so");
        assert_eq!(entry.take(), Taken::InList);
    }

    #[test]
    fn words_of_every_list_and_length_can_be_typed() {
        for language in WordList::ALL {
            for words in [12, 15, 18, 21, 24] {
                let form = PhraseForm { language, words: WordCount::new(words).unwrap() };
                let mut entry = PhraseEntry::new(form);
                for index in 0..entry.len() {
                    language.words()[index * 80].chars().for_each(|c| assert!(entry.push(c), "{c:?}"));
                    assert_eq!(entry.take(), Taken::InList);
                }
                assert_eq!(entry.first_open(), None);
            }
        }
    }

    #[test]
    fn a_forgotten_word_is_put_in_and_one_too_many_taken_out() {
        let mut entry = typed("abandon zebra zoo act ");
        entry.go(1);
        assert!(entry.insert_cell());
        assert_eq!((words(&entry)[..6].to_vec(), entry.current()), (vec!["abandon", "", "zebra", "zoo", "act", ""], 1));
        type_into(&mut entry, "able ");
        assert_eq!(words(&entry)[..5], ["abandon", "able", "zebra", "zoo", "act"]);
        entry.go(2);
        entry.remove_cell();
        assert_eq!(words(&entry)[..5], ["abandon", "able", "zoo", "act", ""]);
        // Only as far as the next empty cell, and never over the end.
        let mut entry = typed("abandon 3 zoo 1 ");
        assert!(entry.insert_cell());
        assert_eq!(words(&entry)[..4], ["", "abandon", "zoo", ""]);
        let mut full = typed(ZEROS);
        full.go(4);
        assert!(!full.insert_cell() && full.filled() == 12);
        full.go(12);
        full.remove_cell();
        assert!(!full.insert_cell() && full.filled() == 12);
        // What is half typed is not lost.
        let mut entry = typed("zebra ab");
        assert!(entry.insert_cell());
        assert_eq!((words(&entry)[..3].to_vec(), entry.reveal_typing()), (vec!["zebra", "", "ab"], ""));
    }

    #[test]
    fn a_word_is_typed_by_its_number_in_the_list() {
        let entry = typed("=1 =2048 =1024 ");
        assert_eq!(words(&entry)[..3], ["abandon", "zoo", "lend"]);
        for number in ["=0", "=2049", "=", "=99999999"] {
            let mut entry = typed(number);
            assert_eq!(entry.take(), Taken::NoSuchWord, "{number}");
            assert!(entry.is_empty());
        }
        assert!(!typed("=12").push('a') && !typed("ab").push('='));
    }

    #[test]
    fn a_word_that_cannot_be_read_is_marked_and_stays_so() {
        let mut entry = typed("zebra ?");
        assert!(!entry.push('a') && !entry.push('1'));
        assert_eq!(entry.take(), Taken::Unreadable);
        assert_eq!((entry.state(1), entry.filled(), entry.first_open()), (CellState::Unreadable, 2, Some(1)));
        entry.go(1);
        type_into(&mut entry, "zoo ");
        assert_eq!(entry.reveal(1), "zoo");
    }

    #[test]
    fn a_near_word_is_picked_in_the_cell_that_is_left_or_the_current_one() {
        let mut entry = typed("abandin zebra ");
        let near = entry.reveal_near(0);
        assert_eq!(entry.form().language.word(near[0]), Some("abandon"));
        entry.pick(0, near[0]);
        assert_eq!((words(&entry)[..2].to_vec(), entry.current()), (vec!["abandon", "zebra"], 2));
        let mut entry = typed("zebr");
        entry.push('q');
        let near = entry.reveal_near(0);
        entry.pick(0, near[0]);
        assert_eq!((entry.reveal(0), entry.current(), entry.reveal_typing()), ("zebra", 1, ""));
        assert!(typed("12").reveal_near(0).is_empty() && typed("?").reveal_near(0).is_empty());
        assert!(typed("").reveal_near(99).is_empty());
    }

    #[test]
    fn words_typed_on_another_keyboard_are_read_again() {
        use crate::domain::keyboard::Layout;
        let mut entry = typed("yebra abandon lazer xyzzy ");
        let keyboard = Keyboard::that_reads(WordList::English, &["yebra"].into_iter()).unwrap();
        assert_eq!(entry.reveal_unknown().collect::<Vec<_>>(), ["yebra", "lazer", "xyzzy"]);
        assert_eq!(entry.reread(Keyboard::default(), keyboard), 2);
        assert_eq!(words(&entry)[..3], ["zebra", "abandon", "layer"]);
        assert_eq!(words(&entry)[3], "xzyyz", "as it stands on those keys");
        assert_eq!(entry.reread(keyboard, Keyboard::labelled(Layout::Us)), 0);
        assert_eq!(words(&entry)[..4], ["zebra", "abandon", "layer", "xyzzy"], "and back");
    }

    #[test]
    fn a_separator_too_many_moves_over_no_word() {
        for text in ["zebra, zone, able, ", "zebra  zone  able  "] {
            let mut entry = typed("abandon abandin abandon zoo ");
            entry.go(0);
            type_into(&mut entry, text);
            assert_eq!(words(&entry)[..4], ["zebra", "zone", "able", "zoo"], "{text:?}");
        }
    }

    #[test]
    fn a_number_over_text_of_no_list_loses_nothing() {
        let mut entry = typed("abandin zebra ");
        entry.go(0);
        type_into(&mut entry, "5 zoo ");
        assert_eq!((entry.reveal(0), entry.reveal(4)), ("abandin", "zoo"));
        entry.go(0);
        entry.push('5');
        assert!(entry.is_unknown(0) && !entry.reveal_near(0).is_empty());
        entry.backspace();
        assert_eq!(entry.state(0), CellState::NotInList);
    }

    #[test]
    fn a_stray_key_and_an_arrow_take_no_word_away() {
        for stray in ["k", "?", "zebraz", "=9999", "7"] {
            let mut entry = typed("zebra zoo ");
            entry.go(0);
            type_into(&mut entry, stray);
            entry.go(1);
            assert_eq!(entry.take_dropped(), stray != "7", "{stray}");
            assert!(entry.reveal(0) == "zebra" && !entry.take_dropped());
        }
        // Where no word was, it stays to be seen.
        let mut entry = typed("zebr");
        entry.push('q');
        entry.go(1);
        assert!(!entry.take_dropped() && entry.reveal(0) == "zebrq");
    }

    #[test]
    fn nothing_prints_a_word() {
        assert_eq!(format!("{:?}", typed("zebra zoo")), "PhraseEntry(12 cells)");
    }
}
