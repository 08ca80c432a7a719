//! What the session says of files and places for a plan.

use super::people::{People, PeopleOutcome};
use super::{Planning, Waiting};
use crate::domain::ceremony::Person;
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
            Said::People(result) if std::mem::take(&mut self.takes_all) => {
                match result {
                    Ok(people) => self.take_all(people),
                    Err(trouble) => self.note_refused(trouble),
                }
                return self.look_at_next();
            }
            Said::People(Ok(list)) => self.draft.people.hear(list),
            Said::People(Err(trouble)) | Said::Begun(Err(trouble)) => {
                self.message = Some(trouble);
            }
            _ => {}
        }
        Reaction::Stay
    }

    /// A file was read, or refused.
    fn hear_inventory(&mut self, trouble: Option<Trouble>) -> Reaction {
        if let Some(trouble) = trouble {
            self.note_refused(trouble);
        }
        self.look_at_next()
    }

    fn note_refused(&mut self, trouble: Trouble) {
        self.refused = match self.refused.take() {
            Some((first, more)) => Some((first, more + 1)),
            None => Some((trouble, 0)),
        };
    }

    /// What the command line names is looked at one by one. In the end it is said what is not there.
    pub(super) fn look_at_next(&mut self) -> Reaction {
        if let Some(waiting) = self.waiting.pop_front() {
            let act = match waiting {
                Waiting::Nothing => Act::ClearInventory(self.draft.kind),
                Waiting::Contents(file) => Act::AddInventory { file },
                Waiting::NewKeys => Act::CreateKeys(true),
                Waiting::People(path) => {
                    self.takes_all = true;
                    Act::ReadPeople { path }
                }
            };
            return Reaction::Perform(Effect::Ceremony(act), "Reading the file");
        }
        if let Some((mut trouble, more)) = self.refused.take() {
            if more > 0 {
                trouble.what = format!("{} Further files that were refused: {more}.", trouble.what);
            }
            self.message = Some(trouble);
        }
        Reaction::Stay
    }

    /// All people of a list become shareholders, as far as that is possible.
    fn take_all(&mut self, people: Vec<Person>) {
        self.draft.people = People::default();
        for person in people {
            if let PeopleOutcome::Refused(trouble) = self.draft.people.add(person, self.draft.kind.rules()) {
                return self.note_refused(trouble);
            }
        }
    }

    /// What was chosen stays chosen, wherever it stands in the list now.
    pub(super) fn hear_places(&mut self, mut places: Vec<Place>, console: &mut Console) {
        let chosen = self.draft.place(console).map(|place| place.path.clone());
        // Before anything was chosen that is what the command line names.
        let chosen = chosen.filter(|_| self.draft.has_seen_places).or_else(|| self.draft.named_place.clone());
        self.draft.has_seen_places = true;
        self.draft.keep_named_place(&mut places);
        console.journey.places = places;
        let found =
            Place::for_exports(&console.journey.places).iter().position(|place| Some(&place.path) == chosen.as_ref());
        self.draft.place = found.map_or_else(ChosenRow::default, ChosenRow::at);
    }
}
