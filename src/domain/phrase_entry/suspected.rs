//! What words look like while they are typed that are no phrase of a backup.

use super::{CellState, PhraseEntry};
use crate::domain::phrase_list::ForeignPhrase;

impl PhraseEntry {
    /// What these words look like that is no phrase of a backup, before all of them are typed.
    pub fn suspected(&self) -> Option<ForeignPhrase> {
        let is_typed = |index: &usize| matches!(self.state(*index), CellState::InList | CellState::NotInList);
        let text = |index: usize| if self.unknown(index).is_empty() { self.reveal(index) } else { self.unknown(index) };
        let unknown = (0..self.len()).filter(|index| self.state(*index) == CellState::NotInList).count();
        ForeignPhrase::suspected((0..self.len()).filter(is_typed).map(text), unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::PhraseForm;

    fn typed(text: &str) -> PhraseEntry {
        let mut entry = PhraseEntry::new(PhraseForm::OF_DEVICE);
        for c in text.chars() {
            if c == ' ' {
                entry.take();
            } else {
                entry.push(c);
            }
        }
        entry
    }

    #[test]
    fn words_of_a_slip_39_share_are_suspected_before_all_of_them_are_typed() {
        let share = "duckling enlarge academic academic agency result length solution fridge kidney coal piece";
        let count = (1..12).find(|count| {
            let words: Vec<&str> = share.split(' ').take(*count).collect();
            typed(&(words.join(" ") + " ")).suspected().is_some()
        });
        assert!((3..=6).contains(&count.unwrap()), "{count:?}");
        assert_eq!(typed(&format!("{share} ")).suspected(), Some(ForeignPhrase::Slip39));
        // Slips of a phrase are none, however many.
        for phrase in ["abandonn abbout zebrra duckling ", "duckling enlarge academic abandon abandon ", ""] {
            assert_eq!(typed(phrase).suspected(), None, "{phrase}");
        }
    }
}
