//! Codes that were read in and are not saved yet, while something else is saved.

use super::Saving;
use crate::journey::Journey;

impl Saving {
    /// Whether there are codes that somebody read in or typed.
    pub(super) fn has_list(&self) -> bool {
        self.text.is_some() || !self.codes.is_empty() || !self.lines.is_empty()
    }

    /// Whether they are of the account that `other` begins with, or both of one that has to be asked for.
    fn is_of(&self, other: &Self) -> bool {
        self.account() == other.account() || (!self.is_known && other.account().is_none())
    }
}

impl Journey {
    /// Something else is to be saved. Codes that were read in and are not saved are set aside; those of this account come back.
    pub(in crate::journey) fn turn_saving(&mut self, next: Saving) {
        let mut held = std::mem::replace(&mut self.saving, next);
        if held.has_list() {
            held.change = None;
            self.set_aside.push(held);
        }
        let is_marking = self.saving.change.is_some();
        if let Some(place) = self.set_aside.iter().rposition(|held| !is_marking && held.is_of(&self.saving)) {
            self.saving = self.set_aside.remove(place);
        }
    }

    /// How many codes are not saved yet, and would be lost.
    pub fn unsaved_codes(&self) -> usize {
        self.set_aside.iter().chain([&self.saving]).map(Saving::held).sum()
    }
}
