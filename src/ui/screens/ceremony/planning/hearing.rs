//! What the session says of files and places for a plan.

use super::Planning;
use crate::effect::{Act, Effect, Place, Said, Trouble};
use crate::ui::console::Console;
use crate::ui::screen::Reaction;
use crate::ui::widgets::{ChosenRow, Scroll};

impl Planning {
    pub(super) fn hear(&mut self, said: Said) -> Reaction {
        self.scroll = Scroll::default();
        let said = match said {
            Said::Inventory(result) => return self.hear_inventory(result.err()),
            said => said,
        };
        match said {
            Said::People(Ok(list)) => self.draft.people.hear(list),
            Said::People(Err(trouble)) | Said::Begun(Err(trouble)) => {
                self.message = Some(trouble);
            }
            _ => {}
        }
        Reaction::Stay
    }

    /// A file was read, or refused: the next one. In the end it is said what is not there.
    fn hear_inventory(&mut self, trouble: Option<Trouble>) -> Reaction {
        self.refused = match (self.refused.take(), trouble) {
            (Some((first, more)), Some(_)) => Some((first, more + 1)),
            (None, Some(trouble)) => Some((trouble, 0)),
            (refused, None) => refused,
        };
        if let Some(path) = self.waiting.pop_front() {
            return Reaction::Perform(Effect::Ceremony(Act::AddInventory { path }), "Reading the file");
        }
        if let Some((mut trouble, more)) = self.refused.take() {
            if more > 0 {
                trouble.what = format!("{} Further files that were refused: {more}.", trouble.what);
            }
            self.message = Some(trouble);
        }
        Reaction::Stay
    }

    /// What was chosen stays chosen, wherever it stands in the list now.
    pub(super) fn hear_places(&mut self, places: Vec<Place>, console: &mut Console) {
        let chosen = self.draft.place(console).map(|place| place.path.clone());
        console.journey.places = places;
        let found =
            Place::for_exports(&console.journey.places).iter().position(|place| Some(&place.path) == chosen.as_ref());
        self.draft.place = found.map_or_else(ChosenRow::default, ChosenRow::at);
    }
}
