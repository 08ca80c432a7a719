//! Another place for what a ceremony writes: when the stick failed, or for a second copy of what was issued.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::planning::FOLDER;
use super::{said, say_on_board};
use crate::domain::ceremony::CeremonyStage;
use crate::domain::text::Safe;
use crate::effect::{Act, Effect, Moved, Outcome, Said, Trouble};
use crate::journey::export::is_name;
use crate::journey::{Making, Route};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::screens::places::Places;
use crate::ui::theme;
use crate::ui::widgets::{Field, wrapped};

pub struct AnotherPlace {
    places: Places,
    folder: Field,
    /// The place is chosen: the name of the folder is typed.
    is_named: bool,
    trouble: Option<Trouble>,
}

impl Default for AnotherPlace {
    fn default() -> Self {
        Self { places: Places::default(), folder: Field::with(FOLDER), is_named: false, trouble: None }
    }
}

impl AnotherPlace {
    /// All is issued: what is written is a second copy.
    fn is_copy(console: &Console) -> bool {
        console.journey.making.as_ref().is_some_and(|making| making.progress.stage() == CeremonyStage::Issued)
    }

    fn refuse(&mut self, what: &str, hint: &str) -> Reaction {
        self.trouble = Some(Trouble::new(what, hint));
        Reaction::Stay
    }

    fn enter(&mut self, console: &Console) -> Reaction {
        let Some(place) = self.places.chosen(console) else {
            return self.refuse("There is no place to write to.", "Plug in a stick, mount it, and press F5.");
        };
        if !self.is_named {
            self.is_named = true;
            return Reaction::Stay;
        }
        let name = self.folder.text().trim();
        if !is_name(name) {
            return self.refuse("That is no name for a folder.", "A name has no / in it.");
        }
        if let Some(Trouble { what, hint }) = place.refusal_of(name) {
            return self.refuse(&what, &hint);
        }
        let folder = place.path.join(name);
        let act = if Self::is_copy(console) { Act::Copy { folder } } else { Act::Move { folder } };
        Reaction::Perform(Effect::Ceremony(act), "Writing there")
    }
}

impl Screen for AnotherPlace {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, _console: &Console) -> Vec<KeyHint> {
        if self.is_named {
            return vec![("Enter", "write there"), ("^U", "empty the field"), ("Esc", "another place")];
        }
        vec![("Enter", "take this place"), ("Up/Down", "other"), ("F5", "look again"), ("Esc", "back")]
    }

    fn help(&self) -> &'static str {
        "What a ceremony writes can go to another medium at every step: what was confirmed stays, and so does what was typed against the file, because the very same file is written there and read again.\nWhat lies on the medium before is no backup as long as it is called UNCONFIRMED.\nAt the end a second copy of all that was issued can be written to a second medium."
    }

    fn intake(&self, _console: &Console) -> Intake {
        if self.is_named { Intake::Text } else { Intake::Commands }
    }

    fn on_show(&mut self, _console: &mut Console) -> Reaction {
        Reaction::Perform(Effect::FindPlaces, "Looking for media")
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        match key {
            Key::Enter => return self.enter(console),
            Key::Esc if self.is_named => self.is_named = false,
            Key::Esc => return Reaction::Back,
            Key::F(5) if !self.is_named => return Reaction::Perform(Effect::FindPlaces, "Looking for media"),
            key if self.is_named => {
                self.folder.on_key(key);
            }
            key => self.places.on_key(key, console),
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        if let Outcome::Places(places) = outcome {
            self.places.renew(console, |journey| journey.places = places);
            return Reaction::Stay;
        }
        match said(outcome, console) {
            Some(Said::Moved(Ok(Moved { folder, sealed }))) => {
                let folder = Safe(&folder.to_string_lossy()).to_string();
                let before = if sealed.is_some() {
                    " What was written at the place before does not count: delete it."
                } else {
                    ""
                };
                let said = format!("From now on it is written to {folder}. What was confirmed stays.{before}");
                say_on_board(said, console);
                let has_medium_step = console.journey.making.as_ref().is_some_and(Making::is_verified_again);
                if sealed.is_some() && has_medium_step { Reaction::Replace(Route::Medium) } else { Reaction::Back }
            }
            Some(Said::Copied(Ok(_))) => Reaction::Replace(Route::Medium),
            Some(Said::Moved(Err(trouble)) | Said::Copied(Err(trouble))) => {
                self.trouble = Some(trouble);
                Reaction::Stay
            }
            _ => Reaction::Stay,
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let (head, what) = if Self::is_copy(console) {
            ("A second copy", "All that was issued is written once more: best to another medium, kept elsewhere.")
        } else {
            ("Another place", "What was confirmed stays. What was written is written there again, and read from there.")
        };
        let mut y = wrapped(area, 0, head, theme::STRONG, buffer);
        y = wrapped(area, y, what, theme::PLAIN, buffer) + 1;
        let mut cursor = None;
        if self.is_named {
            (cursor, y) = self.folder.draw("Folder: ", area, y, buffer);
            let place = self.places.chosen(console).map_or_else(String::new, |place| place.path.display().to_string());
            y = wrapped(area, y, &format!("in {}", Safe(&place)), theme::LABEL, buffer);
        } else {
            let below = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
            y += self.places.draw(console, below, buffer);
        }
        if let Some(trouble) = &self.trouble {
            super::trouble(trouble, area, y + 1, buffer);
        }
        cursor
    }
}
