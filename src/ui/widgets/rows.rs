//! A list of which one row is chosen. Only the rows in view are ever asked for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::words::put;
use crate::ui::key::Key;
use crate::ui::theme;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ChosenRow {
    chosen: usize,
}

impl ChosenRow {
    pub fn at(chosen: usize) -> Self {
        Self { chosen }
    }

    /// The chosen row of a list of `count`.
    pub fn chosen(self, count: usize) -> Option<usize> {
        (count > 0).then(|| self.chosen.min(count - 1))
    }

    /// Moves; says whether the key was used.
    pub fn on_key(&mut self, key: Key, count: usize) -> bool {
        let last = count.saturating_sub(1);
        let now = self.chosen.min(last);
        self.chosen = match key {
            Key::Up => now.saturating_sub(1),
            Key::Down => (now + 1).min(last),
            Key::PageUp => now.saturating_sub(10),
            Key::PageDown => (now + 10).min(last),
            Key::Home => 0,
            Key::End => last,
            _ => return false,
        };
        true
    }

    /// The columns of a row in `area`: where not all rows are in view, room is left for saying so.
    pub fn columns(area: Rect, count: usize) -> usize {
        let taken = if count > usize::from(area.height) { 2 + 7 } else { 2 };
        usize::from(area.width).saturating_sub(taken)
    }

    /// Draws the rows that fit into `area` so that the chosen one is among them. It is marked with `>` and reversed.
    pub fn draw(self, area: Rect, count: usize, row: impl Fn(usize) -> String, buffer: &mut Buffer) {
        let Some(chosen) = self.chosen(count) else { return };
        let height = usize::from(area.height);
        if height == 0 {
            return;
        }
        let first = chosen.saturating_sub(height / 2).min(count.saturating_sub(height));
        for (y, index) in (0..area.height).zip(first..count) {
            let (mark, style) = if index == chosen { ("> ", theme::CHOSEN) } else { ("  ", theme::PLAIN) };
            let end = put(area, 0, y, &format!("{mark}{}", row(index)), style, buffer);
            put(area, end, y, &" ".repeat(usize::from(area.width - end.min(area.width))), style, buffer);
        }
        // What is not in view is announced.
        let x = area.width.saturating_sub(6);
        if first > 0 {
            put(area, x, 0, "^ more", theme::LABEL, buffer);
        }
        if first + height < count {
            put(area, x, area.height - 1, "v more", theme::LABEL, buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_row_is_in_view_and_only_rows_in_view_are_asked_for() {
        let area = Rect::new(0, 0, 12, 4);
        for chosen in [0, 1, 2, 500_000, 999_998, 999_999, usize::MAX] {
            let rows = ChosenRow::at(chosen);
            let mut buffer = Buffer::empty(area);
            let asked = std::cell::RefCell::new(Vec::new());
            let row = |index: usize| {
                asked.borrow_mut().push(index);
                index.to_string()
            };
            rows.draw(area, 1_000_000, row, &mut buffer);
            assert_eq!(asked.borrow().len(), 4);
            assert!(asked.borrow().contains(&chosen.min(999_999)));
        }
    }

    #[test]
    fn moving_stays_inside() {
        let mut rows = ChosenRow::default();
        assert_eq!(rows.chosen(0), None);
        for (key, at) in [(Key::Up, 0), (Key::Down, 1), (Key::PageDown, 2), (Key::Home, 0), (Key::End, 2)] {
            assert!(rows.on_key(key, 3));
            assert_eq!(rows.chosen(3), Some(at));
        }
        assert!(!rows.on_key(Key::Enter, 3));
    }
}
