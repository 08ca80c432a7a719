//! One word at a time, five rows high, for who cannot read small letters.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::cells::{CellsView, HIDDEN, HIDDEN_UNKNOWN};
use crate::domain::phrase_entry::{CellState, PhraseEntry};
use crate::ui::theme;
use crate::ui::widgets::{large, put};

/// Rows of the word: five of its letters, and one for what it may go on with.
pub const ROWS: u16 = 6;

/// Draws the current word and says where the cursor stands.
pub fn draw(entry: &PhraseEntry, view: CellsView, area: Rect, buffer: &mut Buffer) -> Position {
    let index = entry.current().min(entry.len().saturating_sub(1));
    let typed = entry.reveal_typing();
    let (text, style) = match entry.state(index) {
        CellState::Typing if view.is_masked => ("........", theme::PLAIN),
        CellState::Typing => (typed, theme::STRONG),
        CellState::Empty => ("--------", theme::PLAIN),
        CellState::InList => (HIDDEN, theme::GOOD),
        CellState::NotInList => (HIDDEN_UNKNOWN, theme::BAD),
        CellState::Unreadable => ("?", theme::STRONG),
    };
    let end = large(area, text, style, buffer);
    if entry.state(index) == CellState::Typing
        && !view.is_masked
        && let (1, Some(word)) = entry.completion()
    {
        put(area, 0, ROWS - 1, word, theme::PLAIN, buffer);
    }
    let y = area.y + (ROWS - 2).min(area.height.saturating_sub(1));
    Position::new((area.x + end).min(area.right().saturating_sub(1)), y)
}
