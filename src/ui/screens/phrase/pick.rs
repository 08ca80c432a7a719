//! Near words and the digits that pick them, and what is said when an accepted word is not there any more.

use super::{EnterPhrase, Message, NEAR, Offer, remarks};
use crate::domain::phrase_entry::PhraseEntry;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::Reaction;

impl EnterPhrase {
    /// The cell for which near words are offered: the current one, or the one that was just left. Not while somebody types the numbers
    /// of a list, because then a digit is one of them.
    pub(super) fn offered(&self, entry: &PhraseEntry) -> Option<usize> {
        let is_free = entry.reveal_typing().is_empty() || entry.is_returned();
        let current = Some(entry.current()).filter(|current| entry.is_unknown(*current));
        let left = match self.offer {
            Offer::Left(left) => Some(left).filter(|left| entry.is_unknown(*left)),
            Offer::Usual | Offer::Gone | Offer::Picked(_) => None,
        };
        current.or(left).filter(|_| is_free && (self.offer == Offer::Gone || !entry.is_by_number()))
    }

    /// Whether near words are offered for that cell, and there are any.
    pub(super) fn has_near(&self, index: usize, entry: &PhraseEntry) -> bool {
        self.offered(entry) == Some(index) && !entry.reveal_near(index).is_empty()
    }

    /// A digit picks a near word at once, or answers whether it was one word or two. Says whether it did. Near words are not even
    /// looked for while the words are hidden.
    pub(super) fn pick(&mut self, key: Key, console: &mut Console) -> Option<Reaction> {
        let is_hidden = self.is_hidden(console);
        let entry = console.journey.desk.entry.as_mut()?;
        if entry.is_one_or_two() && matches!(key, Key::Char('1' | '2')) {
            let at = entry.current();
            let taken = entry.resolve(key == Key::Char('2'));
            return Some(self.remark_on(taken, at, entry));
        }
        let Key::Char(digit @ '1'..='9') = key else { return None };
        if is_hidden {
            return None;
        }
        let number = usize::try_from(digit.to_digit(10)?).ok()?;
        let completions = remarks::listed(entry);
        if !completions.is_empty() {
            // No number is typed in the middle of a word.
            if let Some(position) = completions.get(number.checked_sub(1)?) {
                let at = entry.current();
                entry.pick(at, *position);
                entry.keep_pick();
                self.message = None;
            }
            return Some(Reaction::Stay);
        }
        let index = self.offered(entry)?;
        let near = entry.reveal_near(index);
        let position = *near.get(..NEAR.min(near.len()))?.get(number.checked_sub(1)?)?;
        entry.pick(index, position);
        self.offer = Offer::Picked(digit);
        // It stays in view while somebody types on: the digit may have been the number of that word.
        let text = format!("Word {} was replaced by near word {number}.", index + 1);
        self.message = Some(Message { is_bad: false, text, stays: true });
        Some(Reaction::Stay)
    }

    /// A digit that picked a word is taken back when what follows shows that it was the number of a list: `12`, `1.`, `1)`. A
    /// space or a letter behind it changes nothing. Says which cell is as it was.
    pub(super) fn unpick(&mut self, key: Key, entry: &mut PhraseEntry) -> Option<usize> {
        let Offer::Picked(digit) = self.offer else { return None };
        if matches!(key, Key::Char('0'..='9' | '.' | ')' | ':')) {
            self.offer = Offer::Usual;
            self.message = None;
            return entry.unpick(digit);
        }
        entry.keep_pick();
        None
    }

    /// What the key did to words that were accepted, said behind what is said already.
    pub(super) fn say_of_words(&mut self, unpicked: Option<usize>, entry: &mut PhraseEntry) {
        let mut more = Vec::new();
        if let Some(index) = unpicked {
            more.push(format!("That was a number: word {} is as it was.", index + 1));
        }
        if entry.take_left_number() {
            more.push("The number was left out: a word stands there. A number and a space go to it.".to_owned());
        }
        if entry.take_no_cell() {
            more.push(format!("The number was left out: there are words 1 to {}.", entry.len()));
        }
        if let Some(index) = entry.take_replaced() {
            more.push(format!("Word {} was replaced.", index + 1));
        }
        for text in more {
            match &mut self.message {
                Some(message) => {
                    message.text = format!("{text} {}", message.text);
                    message.stays = true;
                }
                None => self.message = Some(Message { is_bad: false, text, stays: true }),
            }
        }
    }

    /// Where a word is missing, that is typed next.
    pub(super) fn go_to_gap(&mut self, entry: &mut PhraseEntry) {
        if let Some(gap) = entry.go_to_gap() {
            let text = remarks::gap(gap, entry);
            let is_bad = self.message.as_ref().is_some_and(|message| message.is_bad);
            let before = self.message.take().map_or_else(String::new, |message| message.text + " ");
            self.say(is_bad, before + &text);
        }
    }
}
