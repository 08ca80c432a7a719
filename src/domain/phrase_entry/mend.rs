//! What helps with slips: near words, cells put in and taken out, words typed on other keys.

use zeroize::Zeroizing;

use super::{Cell, CellState, PhraseEntry, is_number, is_unreadable};
use crate::domain::keyboard::Keyboard;
use crate::domain::near_words::{TWO_SLIPS, near};
use crate::domain::secret::SecretField;

/// A near word that was picked, and what it took the place of.
pub(super) struct PickedWord {
    index: usize,
    text: SecretField,
    was_current: bool,
}

impl PhraseEntry {
    /// The cell holds text that is in no list, also when a number is being typed over it.
    pub fn is_unknown(&self, index: usize) -> bool {
        let typed = if index == self.current { self.typing.reveal() } else { "" };
        let text = if is_number(typed) || typed.is_empty() { self.unknown(index) } else { typed };
        self.reveal_position(index).is_none() && !text.is_empty() && !is_unreadable(text) && !is_number(text)
    }

    /// The texts of the cells that are in no list.
    pub fn reveal_unknown(&self) -> impl Iterator<Item = &str> + Clone {
        let is_typed = |index: &usize| *index != self.current || self.typing.is_empty();
        let unknown = (0..self.cells.len()).filter(is_typed).filter(|index| self.state(*index) == CellState::NotInList);
        unknown.map(|index| self.unknown(index))
    }

    /// The places of words that may have been meant by the text of a cell that is in no list, the nearest first.
    pub fn reveal_near(&self, index: usize) -> Zeroizing<Vec<u16>> {
        let is_typed = index == self.current && !self.typing.is_empty() && !is_number(self.typing.reveal());
        let typed = if is_typed { self.typing.reveal() } else { self.unknown(index) };
        if is_number(typed) || is_unreadable(typed) {
            return Zeroizing::default();
        }
        near(self.form.language, typed, TWO_SLIPS)
    }

    /// Puts the word at `position` of the list into a cell, and goes on behind it where that was the current one.
    pub fn pick(&mut self, index: usize, position: u16) {
        let was_current = index == self.current;
        let is_typed = was_current && !self.typing.is_empty() && !is_number(self.typing.reveal());
        let typed = is_typed.then(|| std::mem::take(&mut self.typing));
        let Some(cell) = self.cell_mut(index) else { return };
        let text = typed.unwrap_or_else(|| std::mem::take(&mut cell.unknown));
        *cell = Cell { word: position + 1, unknown: SecretField::default() };
        if was_current {
            self.typing.clear();
            self.enter(index + 1);
        }
        self.picked = Some(PickedWord { index, text, was_current });
    }

    /// Undoes the pick: the digit was one of a number, which is begun with it. Says which cell is as it was.
    pub fn unpick(&mut self, digit: char) -> Option<usize> {
        let PickedWord { index, text, was_current } = self.picked.take()?;
        self.settle_all();
        if was_current {
            self.current = index;
        }
        *self.cell_mut(index)? = Cell { word: 0, unknown: text };
        self.is_returned = false;
        self.typing.clear();
        self.typing.push(digit);
        Some(index)
    }

    /// What was picked stays.
    pub fn keep_pick(&mut self) {
        self.picked = None;
    }

    /// Makes room at the current cell: it and those behind it move on by one, up to the next empty one. Says whether there was
    /// one.
    pub fn insert_cell(&mut self) -> bool {
        self.settle_all();
        let from = self.current;
        let empty = (from..self.cells.len()).find(|index| self.state(*index) == CellState::Empty);
        let Some(moved) = empty.and_then(|empty| self.cells.get_mut(from..=empty)) else {
            self.enter(from);
            return false;
        };
        moved.rotate_right(1);
        self.enter(from);
        true
    }

    /// Takes the current cell out: those behind it move back by one, a word too many into the last one. Goes to the first empty cell
    /// from there on, else before; else behind the last one.
    pub fn remove_cell(&mut self) {
        self.settle_all();
        let from = self.current;
        let mut extra = std::mem::take(&mut self.extra);
        if let Some(moved) = self.cells.get_mut(from..)
            && let [first, ..] = moved
        {
            *first = Cell::default();
            moved.rotate_left(1);
            if let Some(last) = moved.last_mut() {
                std::mem::swap(last, &mut extra);
            }
        }
        let all = self.cells.len();
        let is_gap = |index: &usize| self.cells.get(*index).is_some_and(Cell::is_empty);
        self.enter((from..all).find(is_gap).or_else(|| (0..all).find(is_gap)).unwrap_or(all));
    }

    /// Reads the cells that hold no word of the list, typed on keyboard `before`, as if they had been typed on `keyboard`; says how
    /// many became words.
    pub fn reread(&mut self, before: Keyboard, keyboard: Keyboard) -> usize {
        self.settle_all();
        let mut found = 0;
        for cell in self.cells.iter_mut().filter(|cell| cell.word == 0 && !cell.unknown.is_empty()) {
            let mut read = SecretField::default();
            cell.unknown.reveal().chars().for_each(|c| {
                read.push(keyboard.read(before.unread(c)));
            });
            if let Some(position) = self.form.language.position(read.reveal()) {
                *cell = Cell { word: position + 1, unknown: SecretField::default() };
                found += 1;
            } else {
                cell.unknown = read;
            }
        }
        self.enter(self.current);
        found
    }
}
