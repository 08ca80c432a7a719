//! A line of an item as a QR code, to be read by a camera. A secret one only after a question: it can be taken across a room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::secret::SecretText;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Needed, put, qr, wrapped};

pub struct ShowQr {
    label: String,
    value: SecretText,
    is_secret: bool,
    is_shown: bool,
}

impl ShowQr {
    /// `label` is safe to show.
    pub fn new(label: String, value: SecretText, is_secret: bool) -> Self {
        Self { label, value, is_secret, is_shown: !is_secret }
    }
}

impl Screen for ShowQr {
    fn title(&self) -> &'static str {
        "Recovered"
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        if self.is_shown { vec![("Enter or Esc", "back")] } else { vec![("Esc", "back"), ("y", "show it")] }
    }

    fn help(&self) -> &'static str {
        "A QR code that a camera reads. It is drawn whole or not at all. A secret one is shown after a question only, and hides after a while without a key."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        match key {
            Key::Char('y' | 'Y') if !self.is_shown => {
                self.is_shown = true;
                console.journey.history.revealed += 1;
                Reaction::Stay
            }
            Key::Esc => Reaction::Back,
            Key::Enter if self.is_shown => Reaction::Back,
            _ => Reaction::Stay,
        }
    }

    fn hide(&mut self) {
        self.is_shown = !self.is_secret;
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if !self.is_shown {
            put(area, 0, 0, &self.label, theme::STRONG, buffer);
            let text = "! This is a secret. A QR code can be read by any camera that sees the screen, also from afar and through a window. Cover cameras, and look around.";
            let y = wrapped(area, 2, text, theme::CARE, buffer);
            wrapped(area, y + 1, "y shows it.", theme::PLAIN, buffer);
            return None;
        }
        // As many rows as there are: the label goes beside the code.
        match qr(area, self.value.reveal(), console.options.is_ascii || console.options.is_console, buffer) {
            Ok(Needed { columns, .. }) => {
                let width = area.width.saturating_sub(columns + 2);
                let beside = Rect { x: area.right() - width, width, ..area };
                wrapped(beside, 0, &self.label, theme::STRONG, buffer);
            }
            Err(Some(Needed { columns, rows })) => {
                put(area, 0, 0, &self.label, theme::STRONG, buffer);
                let (have_columns, have_rows) = (area.width, area.height);
                let text = format!(
                    "! The QR code needs {rows} rows and {columns} columns here, and there are {have_rows} and {have_columns}. Make the window larger, or the letters smaller. It is never shown cut."
                );
                wrapped(area, 2, &text, theme::CARE, buffer);
            }
            Err(None) => {
                put(area, 0, 0, &self.label, theme::STRONG, buffer);
                wrapped(area, 2, "! This is longer than any QR code can be. Export it.", theme::CARE, buffer);
            }
        }
        None
    }
}
