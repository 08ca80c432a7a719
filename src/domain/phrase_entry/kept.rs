//! What keeps a word that was accepted: a word too many has its own place, a number moves over none, the next word goes where one is
//! missing; and what was replaced or dropped all the same can be asked.

use super::{Cell, PhraseEntry};

/// What happened, until it is asked.
#[derive(Default)]
pub(super) struct Untold {
    /// Text that is in no list was dropped, because its cell held a word already.
    pub has_dropped: bool,
    /// A number stood before letters, and its cell holds a word already.
    pub has_left_number: bool,
    /// A number stood before letters that no cell has.
    pub has_no_cell: bool,
    /// The cell in which another word took the place of one.
    pub replaced: Option<usize>,
}

impl PhraseEntry {
    /// Whether a word stands behind the last cell.
    pub fn has_extra(&self) -> bool {
        !self.extra.is_empty()
    }

    /// A number right before a letter, as in `7word`: its cell is gone to, unless a word stands there already.
    pub(super) fn leave_number(&mut self) {
        let Some(number) = self.typed_number() else { return };
        self.typing.clear();
        match number.checked_sub(1).and_then(|index| Some((index, self.cells.get(index)?.word))) {
            // Whoever writes numbers means them by the next digits too.
            Some((index, _)) if index == self.current => self.is_by_number = true,
            Some((index, 0)) => {
                self.go(index);
                self.is_by_number = true;
            }
            Some(_) => self.untold.has_left_number = true,
            None => self.untold.has_no_cell = true,
        }
    }

    /// Whether typed text was dropped since this was asked last, because its cell holds a word.
    pub fn take_dropped(&mut self) -> bool {
        std::mem::take(&mut self.untold.has_dropped)
    }

    /// Whether a number right before letters was left out since this was asked last, because its cell holds a word.
    pub fn take_left_number(&mut self) -> bool {
        std::mem::take(&mut self.untold.has_left_number)
    }

    /// Whether a number right before letters was left out since this was asked last, because no cell has it.
    pub fn take_no_cell(&mut self) -> bool {
        std::mem::take(&mut self.untold.has_no_cell)
    }

    /// The cell in which a word took the place of another one since this was asked last.
    pub fn take_replaced(&mut self) -> Option<usize> {
        self.untold.replaced.take()
    }

    /// Behind the last cell: goes to the first empty one, where a word is missing. Says which that is.
    pub fn go_to_gap(&mut self) -> Option<usize> {
        let is_behind = self.current == self.cells.len() && self.typing.is_empty() && !self.has_extra();
        let gap = self.cells.iter().position(Cell::is_empty).filter(|_| is_behind)?;
        self.enter(gap);
        Some(gap)
    }
}
