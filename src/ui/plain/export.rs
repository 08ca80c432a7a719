//! The contents into a new file. Not encrypted, so four digits have to be typed first.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Conversation, Step};
use crate::domain::text::Safe;
use crate::effect::{Effect, Place, Trouble};

pub(super) const PATH_HELP: &str =
    "The file holds all keys and codes as they were sealed, as JSON, and is not encrypted: whoever reads it has them.
Enter takes the path that is offered. A name alone goes into the same folder; else type a whole path.
Nothing is ever overwritten. The file is complete or it is not there.
< goes back and writes nothing.";

pub(super) const DIGITS_HELP: &str = "Typing the four digits agrees that everything is written, not encrypted. Enter alone goes back and writes nothing.";

/// The name that is offered.
const NAME: &str = "contents.json";

impl Conversation {
    pub(super) fn begin_export(&mut self) {
        self.say("Looking for places to write to.");
        self.perform(Effect::FindPlaces);
    }

    pub(super) fn on_places(&mut self, places: Vec<Place>) {
        self.room.places = places;
        let writable: Vec<&Place> = self.room.places.iter().filter(|place| place.is_writable).collect();
        let Some(first) = writable.first() else {
            self.say("No place to write to: start the program in another folder, or with --export-dir.");
            return;
        };
        let offered = first.path.join(NAME);
        let line = |place: &&Place| {
            let remark = place.remark.map_or_else(String::new, |remark| format!(" ({remark})"));
            format!("{}{remark}", shown(&place.path))
        };
        let folders: Vec<String> = writable.iter().map(line).collect();
        self.say(format!("Folders that may be written to: {}.", folders.join(", ")));
        self.ask_for_path(offered);
    }

    fn ask_for_path(&mut self, offered: PathBuf) {
        self.say(format!("Enter takes {}. < goes back.", shown(&offered)));
        self.step = Step::ExportPath(offered);
    }

    pub(super) fn on_export_path(&mut self, line: &str) {
        let Step::ExportPath(offered) = &self.step else { return };
        let offered = offered.clone();
        let path = match line {
            "<" => {
                self.go_back();
                return;
            }
            "" => offered.clone(),
            // A name alone.
            name if !name.contains('/') => offered.with_file_name(name),
            path => PathBuf::from(path),
        };
        if path.file_name().is_none() || matches!(line, "." | "..") || line.ends_with('/') {
            self.say("That is no name for a file. Type another one.");
            return;
        }
        let digits = self.room.opening.as_ref().map_or_else(String::new, |opening| opening.digits.clone());
        self.say(format!(
            "Everything is written to {}, as JSON, NOT ENCRYPTED: whoever reads the file has the keys and codes.",
            shown(&path)
        ));
        self.say(format!("Type {digits} to agree."));
        self.step = Step::ExportDigits { offered, path };
    }

    pub(super) fn on_digits(&mut self, line: &str) {
        let (Step::ExportDigits { path, .. }, Some(opening)) = (&self.step, &self.room.opening) else { return };
        if line == opening.digits {
            let effect = Effect::Export { inventory: Arc::clone(&opening.inventory), path: path.clone() };
            self.say("Writing, and reading back what was written.");
            self.perform(effect);
        } else if line.is_empty() {
            self.go_back();
        } else {
            let digits = opening.digits.clone();
            self.say(format!("Those are not the four digits. Type {digits} to agree, or Enter to go back."));
        }
    }

    fn go_back(&mut self) {
        self.step = Step::Recovered;
        self.say("Nothing was written.");
    }

    pub(super) fn on_exported(&mut self, result: Result<PathBuf, Trouble>) {
        self.room.record.export(&result);
        match (result, &self.step) {
            (Ok(path), _) => {
                self.say(format!("Written and read back: {}", shown(&path)));
                self.say("Deleting it later does not erase it: destroy the medium when you are done.");
                self.step = Step::Recovered;
            }
            (Err(trouble), Step::ExportDigits { offered, .. }) => {
                let offered = offered.clone();
                self.say_trouble("Not written", &trouble);
                self.say("What was recovered is still here. Type another path.");
                self.ask_for_path(offered);
            }
            (Err(trouble), _) => self.say_trouble("Not written", &trouble),
        }
    }
}

fn shown(path: &Path) -> String {
    Safe(&path.to_string_lossy()).to_string()
}
