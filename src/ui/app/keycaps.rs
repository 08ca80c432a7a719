//! What is printed on the keys: chosen from a list, or found from three presses.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::keyboard::{ASKED, Keyboard, Layout};
use crate::ui::key::Key;
use crate::ui::screen::KeyHint;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, wrapped};

/// The setting, laid over any screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Keycaps {
    rows: ChosenRow,
    /// What arrived so far when the asked keys were pressed, while they are asked for.
    pressed: Option<([char; 3], usize)>,
    /// The presses fitted no keyboard that is known.
    is_unknown: bool,
}

/// What a key came to.
pub(super) enum CapsChoice {
    /// Nothing was chosen yet.
    Open,
    AsItIs,
    Keyboard(Keyboard),
}

impl Keycaps {
    pub fn new(keyboard: Keyboard) -> Self {
        let row = Layout::ALL.iter().position(|layout| *layout == keyboard.caps());
        // The first row is the search.
        Self { rows: ChosenRow::at(row.map_or(0, |row| row + 1)), pressed: None, is_unknown: false }
    }

    /// Says what the key came to.
    pub fn on_key(&mut self, key: Key) -> CapsChoice {
        if key == Key::Esc {
            return CapsChoice::AsItIs;
        }
        if let Some((pressed, count)) = &mut self.pressed {
            let Key::Char(c) = key else { return CapsChoice::Open };
            if let Some(place) = pressed.get_mut(*count) {
                *place = c;
                *count += 1;
            }
            if *count < ASKED.len() {
                return CapsChoice::Open;
            }
            let found = Keyboard::found(*pressed);
            self.pressed = None;
            self.is_unknown = found.is_none();
            return found.map_or(CapsChoice::Open, CapsChoice::Keyboard);
        }
        let count = Layout::ALL.len() + 1;
        match (key, self.rows.chosen(count)) {
            (Key::Enter, Some(0)) => self.pressed = Some((['\0'; 3], 0)),
            (Key::Enter, Some(row)) => {
                let layout = Layout::ALL.get(row - 1).copied().unwrap_or_default();
                return CapsChoice::Keyboard(Keyboard::labelled(layout));
            }
            _ => {
                self.rows.on_key(key, count);
            }
        }
        CapsChoice::Open
    }

    pub fn keys(self) -> Vec<KeyHint> {
        match self.pressed {
            Some(_) => vec![("Esc", "leave it as it is")],
            None => vec![("Enter", "choose"), ("Up/Down", "move"), ("Esc", "leave it as it is")],
        }
    }

    pub fn draw(self, area: Rect, buffer: &mut Buffer) {
        if let Some((_, count)) = self.pressed {
            let label = ASKED.get(count).copied().unwrap_or(' ').to_ascii_uppercase();
            let ask = format!("Press the key that is labelled {label}.");
            let y = wrapped(area, 0, &ask, theme::STRONG, buffer);
            wrapped(
                area,
                y + 1,
                &format!("Key {} of {}. Nothing is typed by it.", count + 1, ASKED.len()),
                theme::PLAIN,
                buffer,
            );
            return;
        }
        let y = wrapped(area, 0, "What is printed on the keys?", theme::STRONG, buffer);
        let list = Rect { y: area.y + y + 1, height: area.height.saturating_sub(y + 1).min(9), ..area };
        let row = |row: usize| match row.checked_sub(1).and_then(|row| Layout::ALL.get(row)) {
            Some(layout) => format!("{:<6}  {}", layout.short(), layout.title()),
            None => "Find it out: press three keys".to_owned(),
        };
        self.rows.draw(list, Layout::ALL.len() + 1, row, buffer);
        let below = if self.is_unknown {
            "! These three presses fit no keyboard that is known. Try again, or choose one."
        } else {
            "Choose one when letters come out wrong: the machine takes the keys for American ones then."
        };
        let style = if self.is_unknown { theme::CARE } else { theme::PLAIN };
        wrapped(area, y + 1 + list.height + 1, below, style, buffer);
    }
}
