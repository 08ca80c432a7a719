//! The numbered cells of a phrase, read downwards like a list on paper, and the practice sheet beside them.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::phrase::PhraseForm;
use crate::domain::phrase_entry::{CellState, PhraseEntry};
use crate::domain::phrase_list::practice;
use crate::domain::recovery::Holder;
use crate::domain::wordlist::{normalised, rest};
use crate::ui::theme;
use crate::ui::widgets::{columns, put};

/// What may be seen.
#[derive(Clone, Copy)]
pub struct CellsView {
    pub is_masked: bool,
    pub is_shown: bool,
}

/// A word that is hidden looks like this, however long it is.
pub const HIDDEN: &str = "********";
pub const HIDDEN_UNKNOWN: &str = "????????";
const UNREADABLE: &str = "?";

/// Rows of the grid: 3 columns, 4 for long phrases, 2 beside a sheet.
pub fn rows(form: PhraseForm, has_sheet: bool) -> usize {
    let words = form.words.words();
    words.div_ceil(if has_sheet {
        2
    } else if words > 15 {
        4
    } else {
        3
    })
}

/// Draws all cells and says where the cursor stands.
pub fn draw(entry: &PhraseEntry, view: CellsView, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let rows = area.height.max(1);
    let columns = u16::try_from(entry.len()).unwrap_or(u16::MAX).div_ceil(rows).max(1);
    let width = area.width / columns;
    let mut cursor = None;
    for index in 0..entry.len() {
        let at = u16::try_from(index).unwrap_or(u16::MAX);
        let cell = Rect { x: area.x + at / rows * width, y: area.y + at % rows, width, height: 1 };
        let is_current = index == entry.current();
        let (mark, style) = if is_current { (">", theme::STRONG) } else { (" ", theme::PLAIN) };
        let x = put(cell, 0, 0, &format!("{mark}{:>2} ", index + 1), style, buffer);
        let inside = Rect { x: cell.x + x, width: width.saturating_sub(x + 1), ..cell };
        let end = draw_cell(entry, index, view, inside, buffer);
        if is_current {
            cursor = Some(Position::new((inside.x + end).min(inside.right()), inside.y));
        }
    }
    cursor
}

/// The word behind the last cell, where one is or is being typed; says where the cursor stands then.
pub fn draw_extra(entry: &PhraseEntry, view: CellsView, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let index = entry.len();
    let is_current = index == entry.current();
    if entry.state(index) == CellState::Empty {
        return None;
    }
    let (mark, style) = if is_current { (">", theme::STRONG) } else { (" ", theme::PLAIN) };
    let x = put(area, 0, 0, &format!("{mark}{:>2} ", index + 1), style, buffer);
    let inside = Rect { x: area.x + x, width: area.width.saturating_sub(x + 20), ..area };
    let end = draw_cell(entry, index, view, inside, buffer);
    put(area, x + inside.width.min(12), 0, "! one too many", theme::CARE, buffer);
    is_current.then(|| Position::new((inside.x + end).min(inside.right()), inside.y))
}

/// One cell; says the column of the cursor in it.
fn draw_cell(entry: &PhraseEntry, index: usize, view: CellsView, area: Rect, buffer: &mut Buffer) -> u16 {
    let show = |text: &str, style, buffer: &mut Buffer| {
        buffer.set_stringn(area.x, area.y, text, usize::from(area.width), style);
        u16::try_from(columns(text)).unwrap_or(area.width)
    };
    match entry.state(index) {
        CellState::Empty => {
            show("--------", theme::PLAIN, buffer);
            0
        }
        CellState::Typing if view.is_masked && !view.is_shown => {
            show("(typing)", theme::FIELD, buffer);
            0
        }
        CellState::Typing => {
            let typed = entry.reveal_typing();
            let end = show(typed, theme::FIELD, buffer);
            if let (1, Some(word)) = entry.completion()
                && let Some(rest) = rest(word, &normalised(typed))
            {
                let width = usize::from(area.width.saturating_sub(end));
                buffer.set_stringn(area.x + end, area.y, rest, width, theme::PLAIN);
            }
            end
        }
        CellState::InList if view.is_shown => {
            show(entry.reveal(index), theme::SECRET, buffer);
            0
        }
        CellState::InList => {
            show(HIDDEN, theme::GOOD, buffer);
            0
        }
        CellState::Unreadable => {
            show(UNREADABLE, theme::STRONG, buffer);
            0
        }
        CellState::NotInList if view.is_shown => {
            let end = show(entry.reveal(index), theme::BAD, buffer);
            // Not by colour alone.
            put(area, end + 1, 0, "(?)", theme::BAD, buffer);
            0
        }
        CellState::NotInList => {
            show(HIDDEN_UNKNOWN, theme::BAD, buffer);
            0
        }
    }
}

/// One word of a practice sheet, where there is one.
pub fn sheet_word(sheets: Option<&str>, index: usize, place: usize) -> String {
    let lines = practice(sheets.unwrap_or_default());
    let word = lines.get(index).and_then(|line| line.words.get(place));
    word.map_or_else(String::new, |word| format!("Practice sheet {}: {:>2} {word}", index + 1, place + 1))
}

/// The practice sheet of one shareholder: it protects nothing and is there to be read.
pub fn draw_sheet(sheets: &str, index: usize, shareholders: &[Holder], area: Rect, buffer: &mut Buffer) {
    let lines = practice(sheets);
    let Some(line) = lines.get(index) else { return };
    let name = shareholders.get(index).map_or_else(String::new, Holder::title);
    put(area, 0, 0, &format!("Practice sheet {}: {name}", index + 1), theme::LABEL, buffer);
    let rows = area.height.saturating_sub(2).max(1);
    for (place, word) in (0_u16..).zip(&line.words) {
        let x = place / rows * (area.width / 2);
        put(area, x, 2 + place % rows, &format!("{:>2} {word}", place + 1), theme::PLAIN, buffer);
    }
}
