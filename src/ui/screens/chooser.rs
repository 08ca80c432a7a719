//! Open, first part: choose a file; reads a backup when one is chosen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::columns::{ColumnsAsked, ColumnsOutcome};
use super::pick::{Pick, PickOutcome, WantedFiles};
use crate::effect::{Effect, Outcome, Source};
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
    is_picking: Option<FileFor>,
    /// How the table that was chosen would be understood.
    columns: Option<ColumnsAsked>,
}

impl Default for Chooser {
    fn default() -> Self {
        Self { pick: Pick::snapshot("Where is the snapshot?"), waiting: None, is_picking: None, columns: None }
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
        let endings = WantedFiles::Endings(endings);
        Self { pick: Pick::new(question, nothing, endings), is_picking: Some(wanted), ..Self::default() }
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
        if self.is_picking.is_some() { "Ceremony" } else { "Open" }
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        self.columns.as_ref().map_or_else(|| self.pick.keys(), ColumnsAsked::keys)
    }

    fn intake(&self, _room: &Console) -> Intake {
        if self.columns.is_some() { Intake::Commands } else { Intake::Text }
    }

    fn help(&self) -> &'static str {
        if self.is_picking.is_some() {
            return "Choose a file. It is only read. A stick that you plug in now shows after F5.\nOf a table whose columns have other names than here it is shown how it would be understood; nothing of it is taken before a yes.";
        }
        "Choose the snapshot: the attachment of the backup e-mail (snapshot.json, .json.gz or .zip) or the whole e-mail (.eml). The newest one is best; older ones work too.\nFiles are only read. A stick that you plug in now shows after F5."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        match self.waiting.take() {
            Some(source) => load(source, console),
            None if self.is_picking.is_some() => self.pick.begin(),
            None => {
                console.journey.leave_loaded();
                self.pick.begin()
            }
        }
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        if let Some(columns) = &mut self.columns {
            match columns.on_key(key) {
                ColumnsOutcome::Nothing => {}
                ColumnsOutcome::Taken(file) => return Reaction::Picked(file),
                ColumnsOutcome::Back => self.columns = None,
            }
            return Reaction::Stay;
        }
        match self.pick.on_key(key, console) {
            PickOutcome::React(reaction) => reaction,
            PickOutcome::File(path) => match self.is_picking {
                Some(FileFor::Inventory) => Reaction::Perform(Effect::LookAtTable { path }, "Reading the file"),
                Some(FileFor::People | FileFor::Unconfirmed) => Reaction::Picked(path.into()),
                None => load(Source::Files(vec![path]), console),
            },
            PickOutcome::Back => Reaction::Back,
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match self.pick.on_outcome(outcome, console) {
            Some(Outcome::Table { path, layout: Ok(None) }) => Reaction::Picked(path.into()),
            Some(Outcome::Table { path, layout: Ok(Some(layout)) }) => {
                self.pick.refuse(None);
                self.columns = Some(ColumnsAsked::of(path, *layout));
                Reaction::Stay
            }
            Some(Outcome::Table { layout: Err(trouble), .. }) => {
                self.pick.refuse(Some(trouble));
                Reaction::Stay
            }
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
        if let Some(columns) = &self.columns {
            columns.draw(area, buffer);
            return None;
        }
        self.pick.draw(console, area, buffer)
    }
}
