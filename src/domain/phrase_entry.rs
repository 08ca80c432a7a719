//! A phrase while somebody types it: numbered cells, each checked when it is left, any of them replaced without touching
//! another. Knows words and numbers, not how they are drawn.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use super::phrase::{Phrase, PhraseError, PhraseForm};
use super::secret::SecretField;

/// The cells of one phrase. Everything in it is wiped on drop.
pub struct PhraseEntry {
    form: PhraseForm,
    cells: Vec<Cell>,
    /// The cell that is typed into; the number of cells when it stands behind the last one.
    current: usize,
    typing: SecretField,
    /// The text came back with its cell and was not touched yet: a letter begins it anew, Backspace edits it.
    is_returned: bool,
}

/// A word of the list as its place there plus one, or text that is none. Both empty: nothing was typed.
#[derive(Default)]
struct Cell {
    word: u16,
    unknown: SecretField,
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
}

/// What taking the typed text did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Nothing was typed.
    Nothing,
    InList,
    NotInList,
    /// It was a number: that cell is the current one now.
    Went,
    /// It was a number, but no cell has it.
    NoSuchCell,
}

impl PhraseEntry {
    pub fn new(form: PhraseForm) -> Self {
        let cells = (0..form.words.words()).map(|_| Cell::default()).collect();
        Self { form, cells, current: 0, typing: SecretField::default(), is_returned: false }
    }

    pub fn form(&self) -> PhraseForm {
        self.form
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether nothing at all was typed.
    pub fn is_empty(&self) -> bool {
        self.typing.is_empty() && self.filled() == 0
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
        match self.cells.get(index) {
            Some(cell) if cell.word != 0 => CellState::InList,
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

    /// What stands in a cell: a word of the list, or the text that is none.
    pub fn reveal(&self, index: usize) -> &str {
        match self.cells.get(index) {
            Some(cell) if cell.word != 0 => {
                self.form.language.words().get(usize::from(cell.word) - 1).copied().unwrap_or("")
            }
            Some(cell) => cell.unknown.reveal(),
            None => "",
        }
    }

    /// How many words begin with what is typed, and the word when it is only one.
    pub fn completion(&self) -> (usize, Option<&'static str>) {
        if self.typing.is_empty() { (0, None) } else { self.form.language.completion(self.typing.reveal()) }
    }

    /// Adds a letter, or a digit of a cell's number in an empty field. The word that stood there stays until another is taken.
    /// Says whether the character was used.
    pub fn push(&mut self, c: char) -> bool {
        if self.is_returned && (is_letter(c) || c.is_ascii_digit()) {
            self.typing.clear();
            self.is_returned = false;
        }
        let is_number = self.typing.reveal().starts_with(|c: char| c.is_ascii_digit());
        let fits = if c.is_ascii_digit() { self.typing.is_empty() || is_number } else { is_letter(c) && !is_number };
        if !fits || (self.current == self.cells.len() && !c.is_ascii_digit()) {
            return false;
        }
        c.to_lowercase().all(|c| self.typing.push(c))
    }

    /// Takes back a letter; in a cell where nothing is being typed, empties it; in an empty cell, goes to the one before.
    pub fn backspace(&mut self) {
        self.is_returned = false;
        if self.typing.pop() {
            return;
        }
        if self.current == self.cells.len() || self.state(self.current) == CellState::Empty {
            self.go(self.current.saturating_sub(1));
        } else {
            self.clear_cell();
        }
    }

    /// Empties the current cell.
    pub fn clear_cell(&mut self) {
        self.typing.clear();
        if let Some(cell) = self.cells.get_mut(self.current) {
            *cell = Cell::default();
        }
    }

    /// Takes the typed text into the current cell and goes to the next one.
    pub fn take(&mut self) -> Taken {
        if self.typing.is_empty() {
            return Taken::Nothing;
        }
        if let Some(number) = self.typed_number() {
            self.typing.clear();
            return match number.checked_sub(1) {
                Some(index) if index < self.cells.len() => {
                    self.go(index);
                    Taken::Went
                }
                _ => Taken::NoSuchCell,
            };
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

    /// Leaves the current cell for another one; what is typed is taken.
    pub fn go(&mut self, index: usize) {
        if self.typed_number().is_some() {
            self.typing.clear();
        }
        self.settle();
        self.enter(index);
    }

    /// The phrase, once every cell holds a word and the checksum is right.
    pub fn phrase(&self) -> Result<Phrase, PhraseError> {
        let mut text = Zeroizing::new(String::with_capacity(self.cells.len() * SecretField::CAPACITY));
        for index in 0..self.cells.len() {
            text.push_str(self.reveal(index));
            text.push(' ');
        }
        Phrase::parse(&text, self.form)
    }

    fn typed_number(&self) -> Option<usize> {
        let typed = self.typing.reveal();
        typed.starts_with(|c: char| c.is_ascii_digit()).then(|| typed.parse().unwrap_or(usize::MAX))
    }

    /// Puts what is typed into the current cell.
    fn settle(&mut self) -> Taken {
        if self.typing.is_empty() {
            return Taken::Nothing;
        }
        let found = self.form.language.position(self.typing.reveal());
        let typed = std::mem::take(&mut self.typing);
        let Some(cell) = self.cells.get_mut(self.current) else { return Taken::Nothing };
        *cell = Cell::default();
        if let Some(position) = found {
            cell.word = position + 1;
            Taken::InList
        } else {
            cell.unknown = typed;
            Taken::NotInList
        }
    }

    /// Makes `index` the current cell. Text that is not in the list can be edited there.
    fn enter(&mut self, index: usize) {
        self.current = index.min(self.cells.len());
        if let Some(cell) = self.cells.get_mut(self.current)
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

/// Letters of any script, and the marks that follow them in decomposed forms.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(u32::from(c), 0x300..=0x36F | 0x3099 | 0x309A)
}

#[cfg(test)]
mod tests {
    use super::*;
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
            if c == ' ' {
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
        assert!(!full.push('z'), "behind the last cell only a number is typed");
        type_into(&mut full, "12 ");
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
    fn nothing_prints_a_word() {
        assert_eq!(format!("{:?}", typed("zebra zoo")), "PhraseEntry(12 cells)");
    }
}
