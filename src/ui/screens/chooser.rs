//! Open, first part: choose a file; reads a backup when one is chosen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::pick::{Pick, PickOutcome, WantedFiles};
use crate::effect::{Outcome, Source};
use crate::journey::FileFor;
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};

pub struct Chooser {
    pick: Pick,
    /// What is to be read as soon as the screen comes up.
    waiting: Option<Source>,
    /// The file is chosen for the screen below.
    is_picking: bool,
}

impl Default for Chooser {
    fn default() -> Self {
        Self { pick: Pick::snapshot("Where is the snapshot?"), waiting: None, is_picking: false }
    }
}

impl Chooser {
    /// Reads `source` at once.
    pub fn loading(source: Source) -> Self {
        Self { waiting: Some(source), ..Self::default() }
    }

    /// Chooses a file for the screen below. Names that end like this are shown first.
    pub fn picking(wanted: FileFor) -> Self {
        let (question, endings): (_, &[_]) = match wanted {
            FileFor::Inventory => {
                ("Where is the file with what is to be backed up?", &[".json", ".csv", ".tsv", ".txt"])
            }
            FileFor::Unconfirmed => {
                ("Where is the file that was not confirmed (UNCONFIRMED-snapshot.json)?", &[".json"])
            }
            FileFor::People => ("Where is the list of people (CSV: name, e-mail)?", &[".csv", ".tsv", ".txt"]),
        };
        let nothing = "No such file or folder is here. Tab shows all files, Left the folder above.";
        let wanted = WantedFiles::Endings(endings);
        Self { pick: Pick::new(question, nothing, wanted), is_picking: true, waiting: None }
    }
}

/// Said while a backup is read.
pub const READING: &str = "Reading the backup";

/// Reads a backup; what was held of another one is wiped.
fn load(source: Source, console: &mut Console) -> Reaction {
    Reaction::Perform(console.journey.read(source), READING)
}

impl Screen for Chooser {
    fn title(&self) -> &'static str {
        if self.is_picking { "Ceremony" } else { "Open" }
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        self.pick.keys()
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Text
    }

    fn help(&self) -> &'static str {
        if self.is_picking {
            return "Choose a file. It is only read. A stick that you plug in now shows after F5.";
        }
        "Choose the snapshot: the attachment of the backup e-mail (snapshot.json, .json.gz or .zip) or the whole e-mail (.eml). The newest one is best; older ones work too.\nFiles are only read. A stick that you plug in now shows after F5."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        match self.waiting.take() {
            Some(source) => load(source, console),
            None if self.is_picking => self.pick.begin(),
            None => {
                console.journey.leave_loaded();
                self.pick.begin()
            }
        }
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        match self.pick.on_key(key, console) {
            PickOutcome::React(reaction) => reaction,
            PickOutcome::File(path) if self.is_picking => Reaction::Picked(path),
            PickOutcome::File(path) => load(Source::Files(vec![path]), console),
            PickOutcome::Back => Reaction::Back,
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match self.pick.on_outcome(outcome, console) {
            Some(Outcome::Loaded(Ok(summary))) => {
                self.pick.refuse(None);
                console.journey.load(*summary);
                Reaction::Open(console.journey.next())
            }
            Some(Outcome::Loaded(Err(trouble))) => {
                console.journey.history.is_refused = true;
                self.pick.refuse(Some(trouble));
                if self.pick.is_at_places() && console.journey.places.is_empty() {
                    return self.pick.begin();
                }
                Reaction::Stay
            }
            _ => Reaction::Stay,
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.pick.draw(console, area, buffer)
    }
}
