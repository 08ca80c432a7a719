//! Export: the contents into a new file. Not encrypted, so four digits have to be typed first.

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::text::Safe;
use crate::effect::{Effect, Outcome, Place, Trouble};
use crate::ui::key::Key;
use crate::ui::room::Room;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Field, Rows, fit_end, put, wrapped};

pub struct Export {
    step: Step,
    rows: Rows,
    name: Field,
    digits: Field,
    /// What the last attempt did.
    result: Option<Result<PathBuf, Trouble>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Place,
    Name,
    Digits,
    Done,
}

impl Default for Export {
    fn default() -> Self {
        Self {
            step: Step::Place,
            rows: Rows::default(),
            name: Field::with("contents.json"),
            digits: Field::default(),
            result: None,
        }
    }
}

impl Export {
    /// Where this run may write.
    fn places(room: &Room) -> Vec<&Place> {
        room.places.iter().filter(|place| place.is_writable).collect()
    }

    fn path(&self, room: &Room) -> Option<PathBuf> {
        let places = Self::places(room);
        let place = self.rows.chosen(places.len()).and_then(|chosen| places.get(chosen).copied())?;
        Some(place.path.join(self.name.text().trim()))
    }

    fn enter(&mut self, room: &Room) -> Reaction {
        match self.step {
            Step::Place if Self::places(room).is_empty() => {}
            Step::Place => self.step = Step::Name,
            Step::Name => {
                let name = self.name.text().trim();
                let is_plain = !name.is_empty() && !name.contains('/') && name != "." && name != "..";
                if is_plain {
                    self.step = Step::Digits;
                } else {
                    let hint = "The folder was chosen above; a name has no / in it.";
                    self.result = Some(Err(Trouble::new("that is no name for a file.", hint)));
                }
            }
            Step::Digits => return self.write(room),
            Step::Done => return Reaction::Back,
        }
        Reaction::Stay
    }

    fn write(&mut self, room: &Room) -> Reaction {
        let (Some(opening), Some(path)) = (&room.opening, self.path(room)) else { return Reaction::Stay };
        let is_agreed = self.digits.text() == opening.digits;
        self.digits.clear();
        if !is_agreed {
            let hint = "Type them as they stand before the field.";
            self.result = Some(Err(Trouble::new("those are not the four digits.", hint)));
            return Reaction::Stay;
        }
        let inventory = Arc::clone(&opening.inventory);
        Reaction::Perform(Effect::Export { inventory, path }, "Writing, and reading back what was written")
    }
}

impl Screen for Export {
    fn title(&self) -> &'static str {
        "Export"
    }

    fn keys(&self, _room: &Room) -> Vec<KeyHint> {
        match self.step {
            Step::Place => {
                vec![("Enter", "take this place"), ("Up/Down", "other place"), ("F5", "look again"), ("Esc", "back")]
            }
            Step::Name => vec![("Enter", "take this name"), ("Backspace", "change it"), ("Esc", "other place")],
            Step::Digits => vec![("Enter", "write the file"), ("Esc", "other name")],
            Step::Done => vec![("Enter", "back to what was recovered"), ("F10", "finish and wipe")],
        }
    }

    fn takes_text(&self) -> bool {
        matches!(self.step, Step::Name | Step::Digits)
    }

    fn help(&self) -> &'static str {
        "The file holds all keys and codes as they were sealed, as JSON, and is not encrypted: whoever reads it has them. Write it to a medium that you can lock away or destroy.\nNothing is ever overwritten. The file is complete or it is not there: it is written under another name, read back, compared, and only then named.\nPlaces: the folder that the program was started in, mounted media, and the folder of --export-dir."
    }

    fn on_show(&mut self, _room: &mut Room) -> Reaction {
        Reaction::Perform(Effect::FindPlaces, "Looking for media")
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        if key != Key::Enter && self.step != Step::Done {
            self.result = None;
        }
        match (key, self.step) {
            (Key::Enter, _) => {
                self.result = self.result.take().filter(|_| self.step == Step::Done);
                self.enter(room)
            }
            (Key::Esc, Step::Place | Step::Done) => Reaction::Back,
            (Key::F(10), Step::Done) => Reaction::Finish,
            (Key::Esc, Step::Name) => {
                self.step = Step::Place;
                Reaction::Stay
            }
            (Key::Esc, Step::Digits) => {
                self.digits.clear();
                self.step = Step::Name;
                Reaction::Stay
            }
            (Key::F(5), Step::Place) => self.on_show(room),
            (key, Step::Place) => {
                self.rows.on_key(key, Self::places(room).len());
                Reaction::Stay
            }
            (key, Step::Name) => {
                self.name.on_key(key);
                Reaction::Stay
            }
            (key, Step::Digits) => {
                self.digits.on_key(key);
                Reaction::Stay
            }
            (_, Step::Done) => Reaction::Stay,
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, room: &mut Room) -> Reaction {
        match outcome {
            Outcome::Places(places) => room.places = places,
            Outcome::Exported(result) => {
                room.record.export(&result);
                self.step = if result.is_ok() { Step::Done } else { Step::Name };
                self.result = Some(result);
            }
            _ => {}
        }
        Reaction::Stay
    }

    fn draw(&self, room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let opening = room.opening.as_ref()?;
        let width = usize::from(area.width);
        let mut y = wrapped(
            area,
            0,
            "! Everything, as JSON, NOT ENCRYPTED: whoever reads the file has the keys and codes.",
            theme::CARE,
            buffer,
        );
        let places = Self::places(room);
        let height = u16::try_from(places.len()).unwrap_or(u16::MAX).min(4);
        let heading = if self.step == Step::Place { theme::STRONG } else { theme::LABEL };
        put(area, 0, y, "Where", heading, buffer);
        let list = Rect { y: area.y + y + 1, height, ..area };
        let row = |index: usize| {
            places
                .get(index)
                .map_or_else(String::new, |place| fit_end(&Safe(&place.path.to_string_lossy()).to_string(), width - 2))
        };
        self.rows.draw(list, places.len(), row, buffer);
        y += 1 + height;
        if places.is_empty() {
            y = wrapped(
                area,
                y,
                "! No place to write to: start the program in another folder, or with --export-dir.",
                theme::BAD,
                buffer,
            );
        }
        let chosen = self.rows.chosen(places.len()).and_then(|index| places.get(index).copied());
        if let Some(remark) = chosen.and_then(|place| place.remark) {
            y = wrapped(area, y, &format!("! {remark}"), theme::CARE, buffer);
        }
        let mut cursor = None;
        let mut field = |label: &str, value: &Field, is_current: bool, y: u16, buffer: &mut Buffer| {
            let x = put(area, 0, y, label, if is_current { theme::STRONG } else { theme::LABEL }, buffer);
            let end = put(area, x, y, &Safe(value.text()).to_string(), theme::FIELD, buffer);
            if is_current {
                put(area, end, y, "_", theme::PLAIN, buffer);
                cursor = Some(Position::new((area.x + end).min(area.right() - 1), area.y + y));
            }
        };
        if self.step != Step::Place {
            field("Name    ", &self.name, self.step == Step::Name, y + 1, buffer);
        }
        if self.step == Step::Digits {
            let ask = format!("Type {} to agree: ", opening.digits);
            field(&ask, &self.digits, true, y + 2, buffer);
        }
        match &self.result {
            Some(Ok(path)) => {
                let path = Safe(&path.to_string_lossy()).to_string();
                let y = wrapped(area, y + 3, &format!("ok  Written and read back: {path}"), theme::GOOD, buffer);
                wrapped(
                    area,
                    y,
                    "Deleting it later does not erase it: destroy the medium when you are done.",
                    theme::PLAIN,
                    buffer,
                );
            }
            Some(Err(Trouble { what, hint })) => {
                let y = wrapped(area, y + 3, &format!("! Not written: {what}"), theme::BAD, buffer);
                wrapped(area, y, &format!("{hint} What was recovered is still here."), theme::PLAIN, buffer);
            }
            None => {}
        }
        cursor
    }
}
