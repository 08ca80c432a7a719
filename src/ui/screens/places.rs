//! Where a file is written to, for screens that ask for it: the places that may be written to, the best first, with what is to be
//! known of each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::text::Safe;
use crate::effect::Place;
use crate::journey::{Journey, left};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, beside, fit_end, put, wrapped};

#[derive(Default)]
pub struct Places {
    rows: ChosenRow,
    /// They were looked for here.
    were_heard: bool,
}

impl Places {
    /// The one that is chosen; none where nothing may be written.
    pub fn chosen<'a>(&self, console: &'a Console) -> Option<&'a Place> {
        self.row(console).and_then(|row| Place::for_exports(&console.journey.places).get(row).copied())
    }

    /// Its row among [`Place::for_exports`].
    pub fn row(&self, console: &Console) -> Option<usize> {
        self.rows.chosen(Place::for_exports(&console.journey.places).len())
    }

    pub fn on_key(&mut self, key: Key, console: &Console) {
        self.rows.on_key(key, Place::for_exports(&console.journey.places).len());
    }

    /// Lets the journey hear of places. What was chosen here before stays chosen, wherever it stands in the list now.
    pub fn renew<R>(&mut self, console: &mut Console, hear: impl FnOnce(&mut Journey) -> R) -> R {
        let chosen = self.chosen(console).filter(|_| self.were_heard).map(|place| place.path.clone());
        self.were_heard = true;
        let heard = hear(&mut console.journey);
        let places = Place::for_exports(&console.journey.places);
        let found = places.iter().position(|place| Some(&place.path) == chosen.as_ref());
        self.rows = found.map_or_else(ChosenRow::default, ChosenRow::at);
        heard
    }

    /// This row among [`Place::for_exports`] is chosen.
    pub fn choose(&mut self, row: usize) {
        self.rows = ChosenRow::at(row);
    }

    /// Says in which row it ends.
    pub fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> u16 {
        let places = Place::for_exports(&console.journey.places);
        let width = usize::from(area.width).saturating_sub(2);
        let row = |place: &&Place| {
            let path = Safe(&place.path.to_string_lossy()).to_string();
            beside(&fit_end(&path, width), &place.facts(), width)
        };
        let y = list("Where", self.rows, &places, row, area, buffer);
        if places.is_empty() {
            let text = "! No place to write to: start the program in another folder, or with --export-dir.";
            return wrapped(area, y, text, theme::BAD, buffer);
        }
        let count = console.journey.left_count();
        let remarks = self.chosen(console).into_iter().flat_map(|place| &place.remarks);
        let y = remarks.fold(y + 1, |y, remark| wrapped(area, y, &format!("! {remark}"), theme::CARE, buffer));
        if count == 0 { y } else { wrapped(area, y, &format!("! {}", left::remark(count)), theme::CARE, buffer) }
    }
}

/// A heading and a list below it; says in which row it ends.
pub fn list<T>(
    heading: &str,
    rows: ChosenRow,
    items: &[T],
    row: impl Fn(&T) -> String,
    area: Rect,
    buffer: &mut Buffer,
) -> u16 {
    put(area, 0, 0, heading, theme::STRONG, buffer);
    let most = area.height.saturating_sub(5);
    let height = u16::try_from(items.len()).unwrap_or(u16::MAX).min(most);
    let below = Rect { y: area.y + 1, height, ..area };
    rows.draw(below, items.len(), |index| items.get(index).map_or_else(String::new, &row), buffer);
    1 + height
}
