//! What an earlier run left half-written: looked at, and deleted when somebody says so twice.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::effect::{Effect, LeftDraft, Outcome, Trouble};
use crate::journey::left::{DELETED, WHAT_IS_LEFT, removal};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, fit_end, put, wrapped};

#[derive(Default)]
pub struct ShowLeft {
    rows: ChosenRow,
    step: LeftStep,
}

#[derive(Default)]
enum LeftStep {
    #[default]
    Looking,
    /// Whether this one is deleted.
    Asked(LeftDraft),
    Deleted,
    NotDeleted(Vec<Trouble>),
}

impl ShowLeft {
    fn chosen<'a>(&self, console: &'a Console) -> Option<&'a LeftDraft> {
        console.journey.left().nth(self.rows.chosen(console.journey.left_count())?)
    }
}

impl Screen for ShowLeft {
    fn title(&self) -> &'static str {
        "Left behind"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        match self.step {
            LeftStep::Asked(_) => vec![("y", "delete it"), ("any other key", "keep it")],
            _ if console.journey.left_count() == 0 => vec![("Esc", "back"), ("F5", "look again")],
            _ => vec![("Esc", "back"), ("d", "delete it"), ("Up/Down", "other file"), ("F5", "look again")],
        }
    }

    fn help(&self) -> &'static str {
        "A file is written under such a name on media that know no files without a name (FAT, as most sticks have). It gets its own name when it is complete. Where the power failed or the program was killed in between, the half-written file stays.\nWhat another program is writing just now is not listed. Nothing is deleted before y."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        match (std::mem::take(&mut self.step), key) {
            (LeftStep::Asked(draft), Key::Char('y' | 'Y')) => {
                let (effect, what) = removal(vec![draft]);
                Reaction::Perform(effect, what)
            }
            (LeftStep::Asked(_), _) => Reaction::Stay,
            (_, Key::Char('d' | 'D') | Key::Delete) => {
                self.step = self.chosen(console).cloned().map_or(LeftStep::Looking, LeftStep::Asked);
                Reaction::Stay
            }
            (_, Key::F(5)) => Reaction::Perform(Effect::FindPlaces, "Looking for media"),
            (_, Key::Esc) => Reaction::Back,
            (_, key) => {
                self.rows.on_key(key, console.journey.left_count());
                Reaction::Stay
            }
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::DraftsRemoved(troubles) if troubles.is_empty() => self.step = LeftStep::Deleted,
            Outcome::DraftsRemoved(troubles) => self.step = LeftStep::NotDeleted(troubles),
            Outcome::Places(places) => {
                console.journey.hear_left(places);
                return Reaction::Stay;
            }
            _ => return Reaction::Stay,
        }
        Reaction::Perform(Effect::FindPlaces, "Looking what is left")
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let count = console.journey.left_count();
        let mut y = wrapped(area, 0, if count == 0 { "Nothing is left." } else { WHAT_IS_LEFT }, theme::STRONG, buffer);
        let rows = u16::try_from(count).unwrap_or(u16::MAX).min(area.height.saturating_sub(y + 8));
        let list = Rect { y: area.y + y + 1, height: rows, ..area };
        let left: Vec<&LeftDraft> = console.journey.left().collect();
        let width = usize::from(area.width).saturating_sub(2);
        let row = |index: usize| left.get(index).map_or_else(String::new, |draft| fit_end(&draft.to_string(), width));
        self.rows.draw(list, count, row, buffer);
        y += rows + 2;
        match &self.step {
            LeftStep::Looking => {
                if let Some(draft) = self.chosen(console) {
                    wrapped(area, y, &draft.to_string(), theme::PLAIN, buffer);
                }
            }
            LeftStep::Asked(draft) => {
                y = wrapped(area, y, &format!("! Delete {draft}?"), theme::CARE, buffer);
                put(area, 0, y, "Press y to delete it; any other key keeps it.", theme::PLAIN, buffer);
            }
            LeftStep::Deleted => {
                wrapped(area, y, &format!("ok  {DELETED}"), theme::GOOD, buffer);
            }
            LeftStep::NotDeleted(troubles) => {
                for Trouble { what, hint } in troubles {
                    y = wrapped(area, y, &format!("! {what}"), theme::BAD, buffer);
                    y = wrapped(area, y, hint, theme::PLAIN, buffer);
                }
            }
        }
        None
    }
}
