//! One line that somebody types: paths, words of a card, searches. Nothing secret: for that there is `SecretField`.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::words::put;
use crate::domain::text::Safe;
use crate::ui::key::Key;
use crate::ui::theme;

/// The most characters of a field.
const LIMIT: usize = 1024;

/// Text with the cursor at its end.
#[derive(Debug, Default, Clone)]
pub struct Field {
    text: String,
}

impl Field {
    pub fn with(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// A star for each character, where a word of a phrase may be typed by mistake.
    pub fn stars(&self) -> String {
        "*".repeat(self.text.chars().count())
    }

    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Draws it behind its label as what is being typed into. Says where the cursor is, and the row below.
    pub fn draw(&self, label: &str, area: Rect, y: u16, buffer: &mut Buffer) -> (Option<Position>, u16) {
        let x = put(area, 0, y, label, theme::STRONG, buffer);
        let end = put(area, x, y, &Safe(&self.text).to_string(), theme::FIELD, buffer);
        put(area, end, y, "_", theme::PLAIN, buffer);
        let column = (area.x + end).min(area.right().saturating_sub(1));
        (Some(Position::new(column, area.y + y)), y + 1)
    }

    /// Types or takes back; says whether the key was used.
    pub fn on_key(&mut self, key: Key) -> bool {
        match key {
            Key::Char(c) if !c.is_control() && self.text.chars().count() < LIMIT => {
                self.text.push(c);
                true
            }
            Key::Backspace => self.text.pop().is_some(),
            Key::Ctrl('u') => {
                self.clear();
                true
            }
            _ => false,
        }
    }
}
