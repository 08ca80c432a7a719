//! How the columns of a table would be understood, for a yes before anything of it is taken.

use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::places::list;
use crate::domain::inventory::TableLayout;
use crate::domain::text::Safe;
use crate::effect::ContentsFile;
use crate::ui::key::Key;
use crate::ui::screen::KeyHint;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, fit, fit_end, put, wrapped};

pub struct ColumnsAsked {
    path: PathBuf,
    layout: TableLayout,
    rows: ChosenRow,
}

/// What came of a key.
pub enum ColumnsOutcome {
    Nothing,
    Taken(ContentsFile),
    /// Another file.
    Back,
}

impl ColumnsAsked {
    pub fn of(path: PathBuf, layout: TableLayout) -> Self {
        let first = layout.told().iter().position(|(_, column)| column.is_some()).unwrap_or(0);
        Self { path, layout, rows: ChosenRow::at(first) }
    }

    pub fn keys(&self) -> Vec<KeyHint> {
        let mut keys = vec![("y", "take it so"), ("Esc", "another file")];
        if self.layout.unknown().next().is_some() {
            keys.insert(1, ("Space", "leave out, or keep"));
        }
        keys.push(("Up/Down", "look"));
        keys
    }

    pub fn on_key(&mut self, key: Key) -> ColumnsOutcome {
        match key {
            Key::Char('y' | 'Y') => {
                let (path, agreed) = (self.path.clone(), self.layout.agreed());
                return ColumnsOutcome::Taken(ContentsFile { path, agreed });
            }
            Key::Esc => return ColumnsOutcome::Back,
            Key::Char(' ') => {
                let told = self.layout.told();
                if let Some(column) = self.rows.chosen(told.len()).and_then(|row| told.get(row)?.1) {
                    self.layout.turn(column);
                }
            }
            key => drop(self.rows.on_key(key, self.layout.told().len())),
        }
        ColumnsOutcome::Nothing
    }

    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let width = usize::from(area.width);
        put(area, 0, 0, &fit_end(&Safe(&self.path.to_string_lossy()).to_string(), width), theme::STRONG, buffer);
        let text = "The table is not written as this program writes one. It would be understood so; y takes it, and nothing is sealed yet.";
        let y = wrapped(area, 1, text, theme::PLAIN, buffer) + 1;
        let below = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
        let row = |(line, _): &(String, Option<usize>)| fit(line, width.saturating_sub(2));
        list("In this table", self.rows, &self.layout.told(), row, below, buffer);
    }
}
