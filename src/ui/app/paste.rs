//! What is pasted comes between two marks: it is gathered and given to the screen as one text.

use zeroize::Zeroizing;

use super::keys::no_words;
use super::{App, Overlay, frame};
use crate::domain::code_list::TEXT_LIMIT;
use crate::ui::key::Key;
use crate::ui::pace::Intake;

/// The most bytes that are taken at once: as many as a list of codes may have, and more than any phrase.
const PASTED_BYTES: usize = TEXT_LIMIT;
impl App {
    /// What comes between the marks of a paste is gathered and given to the screen as one text. Says whether the key was part of it.
    pub(super) fn take_pasted(&mut self, key: Key) -> bool {
        match (key, &mut self.pasted) {
            (Key::PasteStart, _) => self.pasted = Some(Zeroizing::new(String::with_capacity(PASTED_BYTES))),
            (Key::PasteEnd, pasted) => {
                let text = pasted.take().unwrap_or_default();
                let is_free = self.overlay == Overlay::None && self.working.is_none();
                if text.len() > PASTED_BYTES - 4 {
                    self.notice = Some("What was pasted is longer than any phrase or list: nothing was taken.");
                } else if is_free && self.intake() != Intake::Text {
                    self.notice = Some(no_words(self.intake()));
                } else if is_free && !frame::is_too_small(self.size) {
                    self.with_top(|screen, console| screen.on_paste(&text, console));
                } else {
                    self.notice = Some("Something was pasted at the wrong moment: nothing was taken.");
                }
            }
            (Key::Char(c), Some(text)) => {
                if text.len() + c.len_utf8() <= PASTED_BYTES {
                    text.push(c);
                }
            }
            _ => return false,
        }
        true
    }
}
