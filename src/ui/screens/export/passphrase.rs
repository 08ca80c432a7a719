//! The passphrase of an encrypted file: which one, how the made one is shown, and the field that it is typed into.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::secret::SecretField;
use crate::effect::Trouble;
use crate::journey::export::{Asked, Export, PASSPHRASES, Refusal};
use crate::journey::{Given, Journey, Reply};
use crate::ui::key::Key;
use crate::ui::screen::KeyHint;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, put, secret, wrapped};

#[derive(Default)]
pub struct AskPassphrase {
    rows: ChosenRow,
    typed: SecretField,
    /// Nobody touched a key for a while, or nobody asked for it yet.
    is_hidden: bool,
}

impl AskPassphrase {
    /// This is asked from now on.
    pub fn begin(&mut self, asked: Asked) {
        self.typed.clear();
        // Not by the Enter that asked for it: that may be held.
        self.is_hidden = asked == Asked::Made;
    }

    pub fn hide(&mut self) {
        self.is_hidden = true;
    }

    pub fn keys(&self, export: &Export) -> Vec<KeyHint> {
        match export.asked() {
            Asked::Which => vec![("Enter", "take this"), ("Up/Down", "other"), ("Esc", "other name")],
            Asked::Made if self.is_hidden => vec![("y", "show it"), ("Esc", "back")],
            Asked::Made => vec![("Enter", "it stands on paper"), ("Esc", "back")],
            Asked::TypedBack => vec![("Enter", "compare"), ("^U", "clear"), ("Esc", "see it again")],
            Asked::Own | Asked::OwnAgain => vec![("Enter", "take it"), ("^U", "clear"), ("Esc", "back")],
            Asked::What | Asked::Form | Asked::Place | Asked::Name | Asked::Digits | Asked::Done => Vec::new(),
        }
    }

    pub fn enter(&mut self, export: &mut Export, journey: &Journey) -> Reply<Refusal> {
        match export.asked() {
            Asked::Which => export.answer(Given::Row(self.rows.chosen(PASSPHRASES.len()).unwrap_or(0)), journey),
            Asked::Made if self.is_hidden => Reply::Ask,
            Asked::Made => export.answer(Given::Yes, journey),
            Asked::TypedBack
            | Asked::Own
            | Asked::OwnAgain
            | Asked::What
            | Asked::Form
            | Asked::Place
            | Asked::Name
            | Asked::Digits
            | Asked::Done => {
                self.is_hidden = false;
                // One's own that is too short is made longer; of what was typed from paper a group is corrected.
                let is_kept = matches!(export.asked(), Asked::Own | Asked::TypedBack);
                let reply = export.answer(Given::Text(self.typed.reveal()), journey);
                if !(is_kept && matches!(reply, Reply::Refused(_))) {
                    self.typed.clear();
                }
                reply
            }
        }
    }

    /// Says what is wrong with the key.
    pub fn on_key(&mut self, key: Key, export: &mut Export, journey: &mut Journey) -> Option<Trouble> {
        match (export.asked(), key) {
            (Asked::Which, key) => {
                self.rows.on_key(key, PASSPHRASES.len());
            }
            (Asked::Made, Key::Char('y' | 'Y')) if self.is_hidden => {
                export.show(journey);
                self.is_hidden = false;
            }
            (Asked::Made, _) => {}
            (_, key) => {
                self.is_hidden = false;
                match key {
                    Key::Char(c) if !self.typed.push(c) => {
                        return Some(Trouble::new("That is too long.", "Take at most 128 characters."));
                    }
                    Key::Backspace => {
                        self.typed.pop();
                    }
                    Key::Ctrl('u') => self.typed.clear(),
                    _ => {}
                }
            }
        }
        None
    }

    /// Says where the cursor is and in which row it ends.
    pub fn draw(&self, export: &Export, area: Rect, buffer: &mut Buffer) -> (Option<Position>, u16) {
        match export.asked() {
            Asked::Which => {
                put(area, 0, 0, "Passphrase of the file", theme::STRONG, buffer);
                let list = Rect { y: area.y + 1, height: 2.min(area.height.saturating_sub(1)), ..area };
                let row = |index: usize| PASSPHRASES.get(index).map_or_else(String::new, |&row| row.to_owned());
                self.rows.draw(list, PASSPHRASES.len(), row, buffer);
                (None, 3)
            }
            Asked::Made => (None, self.draw_made(export, area, buffer)),
            Asked::TypedBack => (Some(self.draw_field("From the paper: ", !self.is_hidden, area, buffer)), 1),
            Asked::Own => {
                let cursor = Some(self.draw_field("Passphrase: ", false, area, buffer));
                let hint = "At least 12 characters: letters without accents, digits, signs, spaces. Several words are better than one.";
                (cursor, wrapped(area, 2, hint, theme::PLAIN, buffer))
            }
            Asked::OwnAgain => (Some(self.draw_field("The same again: ", false, area, buffer)), 1),
            Asked::What | Asked::Form | Asked::Place | Asked::Name | Asked::Digits | Asked::Done => (None, 0),
        }
    }

    fn draw_made(&self, export: &Export, area: Rect, buffer: &mut Buffer) -> u16 {
        let Some(passphrase) = export.seen().filter(|_| !self.is_hidden) else {
            let text = "The passphrase is hidden. Have paper and pen ready, and look around: y shows it.";
            return wrapped(area, 0, text, theme::STRONG, buffer);
        };
        let y = wrapped(area, 0, "Write this on paper, then type it back from there:", theme::STRONG, buffer);
        let row = Rect { x: area.x + 2, y: area.y + y + 1, width: area.width.saturating_sub(2), height: 2 };
        secret(row.intersection(area), passphrase.reveal(), theme::SECRET, buffer);
        let hint = "Small letters and digits, none of which looks like another one, and the dashes. Keep the paper apart from the file.";
        let y = wrapped(area, y + 3, hint, theme::PLAIN, buffer);
        if !export.has_void_paper() {
            return y;
        }
        wrapped(area, y, "! It is a new one: cross out what was written before.", theme::CARE, buffer)
    }

    fn draw_field(&self, label: &str, is_shown: bool, area: Rect, buffer: &mut Buffer) -> Position {
        let x = put(area, 0, 0, label, theme::STRONG, buffer);
        let count = u16::try_from(self.typed.reveal().chars().count()).unwrap_or(u16::MAX);
        let end = if is_shown {
            let rest = Rect { x: area.x + x, width: area.width.saturating_sub(x + 1), height: 1, ..area };
            secret(rest, self.typed.reveal(), theme::FIELD, buffer);
            x + count
        } else {
            put(area, x, 0, &"*".repeat(usize::from(count)), theme::FIELD, buffer)
        };
        let end = end.min(area.width.saturating_sub(1));
        put(area, end, 0, "_", theme::PLAIN, buffer);
        Position::new(area.x + end, area.y)
    }
}
