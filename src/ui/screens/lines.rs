//! The lines of an item as a list: the chosen one below it in full, a secret only while somebody asks for it.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::secret::SecretText;
use crate::domain::text::Safe;
use crate::journey::History;
use crate::journey::Route;
use crate::journey::items::ItemLine;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, broken, columns, fit, in_fours, put, secret, wrapped};

#[derive(Default)]
pub struct Lines {
    rows: ChosenRow,
    /// Whether the chosen line is shown, if it is a secret.
    is_revealed: bool,
}

impl Lines {
    /// With that line chosen.
    pub fn at(row: usize) -> Self {
        Self { rows: ChosenRow::at(row), is_revealed: false }
    }

    /// The code that is shown now, if it can be marked as used.
    pub fn shown_code<'a, 'b>(&self, lines: &'a [ItemLine<'b>]) -> Option<&'a ItemLine<'b>> {
        self.chosen(lines).filter(|line| self.is_revealed && line.can_be_marked)
    }

    /// The chosen line stands elsewhere now.
    pub fn move_to(&mut self, row: usize) {
        self.rows = ChosenRow::at(row);
    }

    pub fn chosen<'a, 'b>(&self, lines: &'a [ItemLine<'b>]) -> Option<&'a ItemLine<'b>> {
        self.rows.chosen(lines.len()).and_then(|index| lines.get(index))
    }

    pub fn keys(&self, lines: &[ItemLine<'_>]) -> Vec<KeyHint> {
        let is_secret = self.chosen(lines).is_some_and(|line| line.is_secret);
        let enter = if is_secret && self.is_revealed { "hide" } else { "next line" };
        let mut keys = vec![("Enter", enter), ("Up/Down", "other line"), ("q", "QR code")];
        if is_secret && !self.is_revealed {
            keys.insert(0, ("y", "show this secret"));
        } else if self.shown_code(lines).is_some() {
            keys.insert(0, ("u", "it was used: mark it"));
        }
        keys
    }

    pub fn on_key(&mut self, key: Key, lines: &[ItemLine<'_>], record: &mut History) -> Reaction {
        let was_revealed = std::mem::take(&mut self.is_revealed);
        let chosen = self.chosen(lines);
        let is_secret = chosen.is_some_and(|line| line.is_secret);
        match (key, chosen) {
            // Not Enter: one that is held would go on from the quorum into a private key.
            (Key::Char('y' | 'Y'), _) if is_secret => {
                self.is_revealed = !was_revealed;
                record.revealed += usize::from(self.is_revealed);
            }
            (Key::Enter, _) if was_revealed => {}
            (Key::Enter, _) => {
                self.rows.on_key(Key::Down, lines.len());
            }
            (Key::Char('q' | 'Q'), Some(line)) => {
                return Reaction::Open(Route::QrCode {
                    label: Safe(&line.label).to_string(),
                    value: SecretText::copy_of(line.value),
                    is_secret: line.is_secret,
                });
            }
            (key, _) => {
                self.rows.on_key(key, lines.len());
            }
        }
        Reaction::Stay
    }

    pub fn hide(&mut self) {
        self.is_revealed = false;
    }

    pub fn draw(&self, lines: &[ItemLine<'_>], area: Rect, buffer: &mut Buffer) {
        // Rows below the list for the chosen value: more of them for a long note that is shown.
        let is_shown = |line: &&ItemLine<'_>| !line.is_secret || self.is_revealed;
        let shown = self.chosen(lines).filter(is_shown);
        let letters = shown.map_or(0, |line| line.value.chars().count());
        let hint = self.chosen(lines).map_or("", |line| line.hint);
        let across = usize::from(area.width.max(1));
        let rows = u16::try_from(letters / across + hint.len().div_ceil(across)).unwrap_or(u16::MAX);
        let pane_height = rows.saturating_add(3).clamp(4, area.height.saturating_sub(6).max(4));
        let list = Rect { height: area.height.saturating_sub(1 + pane_height), ..area };
        let width = ChosenRow::columns(list, lines.len());
        let label_width = lines.iter().map(|line| line.label.chars().count()).max().unwrap_or(0).min(34);
        let row = |index: usize| {
            lines.get(index).map_or_else(String::new, |line| {
                let value =
                    if line.is_secret { Cow::Borrowed("(hidden)") } else { Cow::Owned(Safe(line.value).to_string()) };
                let label = fit(&Safe(&line.label).to_string(), label_width);
                let gap = " ".repeat(label_width.saturating_sub(columns(&label)));
                fit(&format!("{label}{gap}  {value}  {}", line.mark), width)
            })
        };
        self.rows.draw(list, lines.len(), row, buffer);
        let Some(chosen) = self.chosen(lines) else { return };
        let pane = Rect { y: area.bottom().saturating_sub(pane_height), height: pane_height, ..area };
        put(pane, 0, 0, &format!("{}:", Safe(&chosen.label)), theme::LABEL, buffer);
        let after = if hint.is_empty() { 1 } else { wrapped(pane, 1, hint, theme::PLAIN, buffer) };
        let value = Rect { y: pane.y + after, height: pane_height.saturating_sub(after), ..pane };
        let is_whole = match (chosen.is_secret, self.is_revealed) {
            (true, false) => {
                put(value, 0, 0, "(hidden: y shows it)", theme::PLAIN, buffer);
                true
            }
            (true, true) => {
                let below = Rect { y: value.y + 2, height: value.height.saturating_sub(2), ..value };
                if chosen.is_code && below.height > 0 && in_fours(below, chosen.value, theme::SECRET, buffer) {
                    put(value, 0, 1, "in groups of four, without the spaces:", theme::LABEL, buffer);
                }
                secret(value, chosen.value, theme::SECRET, buffer)
            }
            // Sentences break between words, digits where the row ends.
            (false, _) if chosen.value.contains(' ') => {
                let text = Safe(chosen.value).to_string();
                wrapped(value, 0, &text, theme::PLAIN, buffer);
                broken(&text, usize::from(value.width)).nth(usize::from(value.height)).is_none()
            }
            (false, _) => secret(value, chosen.value, theme::PLAIN, buffer),
        };
        if !is_whole {
            let bottom = value.height.saturating_sub(1);
            let text = format!("{:<60}", "(longer than this: an export has all of it)");
            put(value, 0, bottom, &text, theme::CARE, buffer);
        }
    }
}
