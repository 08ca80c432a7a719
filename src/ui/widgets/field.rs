//! One line that somebody types: paths, words of a card, searches. Nothing secret: for that there is `SecretField`.

use crate::ui::key::Key;

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

    pub fn clear(&mut self) {
        self.text.clear();
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
