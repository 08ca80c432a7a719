//! Paragraphs that may be more than there is room for: row by row, and what is not in view is announced.

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::words::{broken, put};
use crate::ui::key::Key;
use crate::ui::theme;

/// How far a text was moved. Where it ends is known once it was drawn.
#[derive(Debug, Default, Clone)]
pub struct Scroll {
    first: usize,
    /// Of the last drawing, if there was one: the furthest it goes, and the rows that a page moves.
    most: Cell<Option<usize>>,
    page: Cell<usize>,
}

impl Scroll {
    /// Moves; says whether the key was used.
    pub fn on_key(&mut self, key: Key) -> bool {
        let most = self.most.get().unwrap_or(usize::MAX);
        let now = self.first.min(most);
        self.first = match key {
            Key::Up => now.saturating_sub(1),
            Key::Down => now.saturating_add(1).min(most),
            Key::PageUp => now.saturating_sub(self.page.get()),
            Key::PageDown => now.saturating_add(self.page.get()).min(most),
            Key::Home => 0,
            Key::End => most,
            _ => return false,
        };
        true
    }

    /// Whether it was drawn to its end: with what was moved through, all of it was in view.
    pub fn is_at_end(&self) -> bool {
        self.most.get().is_some_and(|most| self.first >= most)
    }

    /// Draws what is in view, and says the row behind it.
    pub fn draw(&self, paragraphs: &[(Style, String)], area: Rect, buffer: &mut Buffer) -> u16 {
        let width = usize::from(area.width);
        let rows: Vec<(Style, &str)> =
            paragraphs.iter().flat_map(|(style, text)| broken(text, width).map(move |row| (*style, row))).collect();
        let height = usize::from(area.height);
        if height == 0 {
            return 0;
        }
        // Behind the first row one of them says that there is more above, where there is room for that.
        let is_announced = height > 2;
        let most = match rows.len().checked_sub(height) {
            None | Some(0) => 0,
            Some(hidden) => hidden + usize::from(is_announced),
        };
        self.most.set(Some(most));
        self.page.set(height.saturating_sub(2).max(1));
        let first = self.first.min(most);
        let has_more = first < most && is_announced;
        let has_before = first > 0 && is_announced;
        let above = usize::from(has_before);
        let shown = height.saturating_sub(above + usize::from(has_more));
        let mut y = 0;
        if has_before {
            put(area, 0, y, "^ more above: press Up", theme::LABEL, buffer);
            y += 1;
        }
        for (style, row) in rows.iter().skip(first).take(shown) {
            put(area, 0, y, row, *style, buffer);
            y += 1;
        }
        if has_more {
            put(area, 0, y, "v more below: press Down", theme::LABEL, buffer);
            y += 1;
        }
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is in view of numbered rows, after these keys, in a window of that height.
    fn seen(count: usize, height: u16, keys: &[Key]) -> Vec<String> {
        let area = Rect::new(0, 0, 30, height);
        let paragraphs: Vec<(Style, String)> = (0..count).map(|row| (theme::PLAIN, format!("row {row}"))).collect();
        let mut scroll = Scroll::default();
        let draw = |scroll: &Scroll| {
            let mut buffer = Buffer::empty(area);
            let used = scroll.draw(&paragraphs, area, &mut buffer);
            let row = |y| (0..30).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
            (0..used).map(row).collect::<Vec<String>>()
        };
        let mut rows = draw(&scroll);
        for key in keys {
            assert!(scroll.on_key(*key));
            rows = draw(&scroll);
        }
        rows
    }

    #[test]
    fn all_rows_can_be_reached_and_what_is_not_in_view_is_announced() {
        assert_eq!(seen(3, 3, &[Key::Down]), ["row 0", "row 1", "row 2"]);
        let (above, below) = ("^ more above: press Up", "v more below: press Down");
        assert_eq!(seen(5, 4, &[]), ["row 0", "row 1", "row 2", below]);
        assert_eq!(seen(5, 4, &[Key::Down]), [above, "row 1", "row 2", below]);
        assert_eq!(seen(5, 4, &[Key::Down, Key::Down]), [above, "row 2", "row 3", "row 4"]);
        assert_eq!(seen(5, 4, &[Key::End]), seen(5, 4, &[Key::PageDown, Key::PageDown]));
        // Keys too many are not to be taken back one by one.
        let mut keys = vec![Key::Down; 50];
        keys.push(Key::Up);
        assert_eq!(seen(5, 4, &keys), [above, "row 1", "row 2", below]);
        for height in 1..12 {
            let mut reached: Vec<String> = Vec::new();
            for down in 0..12 {
                reached
                    .extend(seen(11, height, &vec![Key::Down; down]).into_iter().filter(|row| row.starts_with("row")));
            }
            assert!((0..11).all(|row| reached.contains(&format!("row {row}"))), "{height}: {reached:?}");
        }
        assert!(seen(5, 0, &[Key::Down]).is_empty());
    }
}
