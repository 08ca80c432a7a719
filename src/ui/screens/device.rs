//! Device: what a person's device holds, how it is backed up, and the steps of a backup of it. A PIN is never in view.

pub mod draw;
pub mod menu;
mod refusal;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use self::refusal::said;
use super::pick::{Pick, PickOutcome, WantedFiles};
use super::places::Places;
use crate::domain::secret::SecretField;
use crate::effect::{DeviceSaid, Effect, Outcome, Trouble};
use crate::journey::device::{DeviceAsked, DeviceRefusal, METHODS, RESETS, account_rows};
use crate::journey::{Given, Goal, Reply, Route, Task};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::widgets::{ChosenRow, Field, Scroll};

/// The name of all pages around a device in the first row.
pub const TITLE: &str = "Device";

pub struct AskDevice {
    rows: ChosenRow,
    pick: Pick,
    /// What the file that is picked is.
    picked_for: DeviceAsked,
    /// A label, a name of a file.
    text: Field,
    pin: SecretField,
    place: Places,
    /// Through what is longer than the room.
    scroll: Scroll,
    /// What is damaged is in view, instead of the list of organizations.
    shows_harm: bool,
    /// A place for the cloud key was offered.
    has_key_place: bool,
    /// What was typed where somebody went back, and for what.
    drafts: Vec<(DeviceAsked, Field)>,
    trouble: Option<Trouble>,
}

impl Default for AskDevice {
    fn default() -> Self {
        Self {
            rows: ChosenRow::default(),
            pick: pick_for(DeviceAsked::Shares),
            picked_for: DeviceAsked::Shares,
            text: Field::default(),
            pin: SecretField::default(),
            place: Places::default(),
            scroll: Scroll::default(),
            shows_harm: false,
            has_key_place: false,
            drafts: Vec::new(),
            trouble: None,
        }
    }
}

fn pick_for(asked: DeviceAsked) -> Pick {
    let nothing = "No .json file or folder is here. Tab shows all files, Left the folder above.";
    let wanted = WantedFiles::Endings(&[".json"]);
    match asked {
        DeviceAsked::Backup => Pick::snapshot("Where is the backup of this device?").likely(&[
            "device-backup",
            "practice-device-backup",
            "backup",
            "snapshot",
        ]),
        DeviceAsked::OldKey => Pick::new("Where is the cloud key file, downloaded from the account?", nothing, wanted)
            .likely(&["cloud-key", "practice-cloud-key"]),
        _ => Pick::new("Where is what the device holds (SHARES.json, written by its wallet)?", nothing, wanted)
            .likely(&["shares"]),
    }
}

impl AskDevice {
    fn asked(console: &Console) -> DeviceAsked {
        console.journey.device.as_ref().map_or(DeviceAsked::Shares, |device| device.asked())
    }

    /// Whether a file is chosen from folders.
    fn is_picking(console: &Console) -> bool {
        match Self::asked(console) {
            DeviceAsked::Shares | DeviceAsked::Backup => true,
            DeviceAsked::OldKey => !console.journey.has_practice_key(),
            _ => false,
        }
    }

    fn answer(&mut self, given: Given<'_>, console: &mut Console) -> Reaction {
        let reply = console.journey.answer_device(given);
        // Keys that were pressed before are not meant for what is asked next.
        console.pace.begin(console.journey.now);
        self.go_on(reply, console)
    }

    fn go_on(&mut self, reply: Reply<DeviceRefusal>, console: &mut Console) -> Reaction {
        match reply {
            Reply::Ask => self.turn(console),
            Reply::Do(Effect::FindPlaces, what) => {
                self.turn(console);
                Reaction::Perform(Effect::FindPlaces, what)
            }
            Reply::Do(effect, what) => Reaction::Perform(effect, what),
            Reply::Refused(why) => {
                self.pin.clear();
                let trouble = said(why);
                if Self::is_picking(console) {
                    // Another file may be asked for now than before.
                    let asked = Self::asked(console);
                    if std::mem::replace(&mut self.picked_for, asked) != asked {
                        self.pick = pick_for(asked);
                    }
                    self.pick.refuse(trouble);
                    if self.pick.is_at_places() && console.journey.places.is_empty() {
                        return self.pick.begin();
                    }
                } else {
                    self.trouble = trouble;
                }
                Reaction::Stay
            }
            // A restore goes on elsewhere.
            Reply::Left if console.journey.goal() != Goal::Device => Reaction::Replace(console.journey.next()),
            Reply::Left => Reaction::Back,
        }
    }

    /// Something else is asked.
    fn turn(&mut self, console: &Console) -> Reaction {
        let asked = Self::asked(console);
        self.rows = ChosenRow::default();
        (self.scroll, self.shows_harm) = (Scroll::default(), false);
        self.pin.clear();
        let device = console.journey.device.as_ref();
        self.has_key_place &= asked == DeviceAsked::KeyPlace;
        if asked == DeviceAsked::Status {
            self.drafts.clear();
        }
        let draft = self.drafts.iter().position(|(of, _)| *of == asked).map(|at| self.drafts.swap_remove(at).1);
        let offered = || match asked {
            DeviceAsked::Name => Field::with(&console.journey.device_name_offered()),
            DeviceAsked::KeyName => Field::with(&console.journey.key_name_offered()),
            DeviceAsked::Label => {
                let label = device.and_then(|device| device.account()).and_then(|account| account.account.as_ref());
                label.map_or_else(Field::default, |label| Field::with(label.raw()))
            }
            _ => Field::default(),
        };
        self.text = draft.unwrap_or_else(offered);
        if Self::is_picking(console) {
            (self.pick, self.picked_for) = (pick_for(asked), asked);
            return self.pick.begin();
        }
        Reaction::Stay
    }

    fn enter(&mut self, console: &mut Console) -> Reaction {
        let row = |count: usize| Given::Row(self.rows.chosen(count).unwrap_or(usize::MAX));
        match Self::asked(console) {
            DeviceAsked::HasBackup => self.answer(row(2), console),
            DeviceAsked::Status => self.answer(row(console.journey.standings().len()), console),
            DeviceAsked::Reset => self.answer(row(RESETS.len()), console),
            DeviceAsked::Method => self.answer(row(METHODS.len()), console),
            DeviceAsked::Account => {
                let count = account_rows(console.journey.claims()).len();
                self.answer(row(count), console)
            }
            DeviceAsked::Label | DeviceAsked::Name | DeviceAsked::KeyName => {
                let text = self.text.clone();
                let reaction = self.answer(Given::Text(text.text()), console);
                if self.trouble.is_some() {
                    self.text = text;
                }
                reaction
            }
            DeviceAsked::Pin | DeviceAsked::PinAgain | DeviceAsked::OldPin => {
                let pin = std::mem::take(&mut self.pin);
                self.answer(Given::Text(pin.reveal()), console)
            }
            DeviceAsked::Place | DeviceAsked::KeyPlace => {
                let row = Given::Row(self.place.row(console).unwrap_or(usize::MAX));
                self.answer(row, console)
            }
            DeviceAsked::OldPhrase => {
                console.journey.begin_phrase(Task::Recovery).map_or(Reaction::Stay, Reaction::Open)
            }
            DeviceAsked::Sure | DeviceAsked::Shown | DeviceAsked::Done | DeviceAsked::OldKey => {
                self.answer(Given::Yes, console)
            }
            DeviceAsked::Shares | DeviceAsked::Backup => Reaction::Stay,
        }
    }

    fn on_pin_key(&mut self, key: Key) {
        let is_taken = match key {
            Key::Char(c) => self.pin.push(c),
            Key::Backspace => {
                self.pin.pop();
                true
            }
            Key::Ctrl('u') => {
                self.pin.clear();
                true
            }
            _ => true,
        };
        if !is_taken {
            self.trouble = Some(Trouble::new("That is longer than any PIN.", "A PIN has 6 to 12 digits."));
        }
    }
}

impl Screen for AskDevice {
    fn title(&self) -> &'static str {
        TITLE
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let back = ("Esc", "back");
        if Self::is_picking(console) {
            return self.pick.keys();
        }
        match Self::asked(console) {
            DeviceAsked::Status if self.shows_harm => vec![("Esc", "back to the organizations"), ("Up/Down", "scroll")],
            DeviceAsked::Status => {
                let can_back_up = console.journey.device.as_ref().is_some_and(|device| device.shares().is_some());
                let mut keys = if can_back_up { vec![("Enter", "back up")] } else { Vec::new() };
                keys.extend([("Up/Down", "other"), back]);
                if console.journey.backup.is_some() {
                    keys.extend([("o", "restore"), ("r", "reset")]);
                }
                if console.journey.device_harm().is_some() {
                    keys.push(("F6", "what is damaged"));
                }
                keys.push(("b", "its backup file"));
                if can_back_up {
                    keys.push(("F5", "read it again"));
                }
                keys
            }
            DeviceAsked::HasBackup | DeviceAsked::Reset | DeviceAsked::Method | DeviceAsked::Account => {
                vec![("Enter", "take this"), ("Up/Down", "other"), back]
            }
            DeviceAsked::Label => vec![("Enter", "take this"), ("Backspace", "change it"), back],
            DeviceAsked::Pin => vec![("Enter", "take this PIN"), ("^U", "clear"), back],
            DeviceAsked::PinAgain => vec![("Enter", "the same PIN"), ("^U", "clear"), ("Esc", "another PIN")],
            DeviceAsked::OldPin => vec![("Enter", "check the PIN"), ("^U", "clear"), back],
            DeviceAsked::Place | DeviceAsked::KeyPlace => {
                vec![("Enter", "take this place"), ("Up/Down", "other place"), ("F5", "look again"), back]
            }
            DeviceAsked::Name | DeviceAsked::KeyName => {
                vec![("Enter", "take this name"), ("Backspace", "change it"), ("Esc", "other place")]
            }
            DeviceAsked::Sure => vec![("Enter", "confirm and write"), ("Up/Down", "scroll"), back],
            DeviceAsked::Shown if is_confirmed(console) => {
                vec![("Enter", "write it once more"), ("Esc", "another place")]
            }
            DeviceAsked::Shown => vec![("Enter", "show the phrase again"), ("Esc", "give it up")],
            DeviceAsked::OldPhrase => vec![("Enter", "type the phrase"), back],
            DeviceAsked::OldKey => vec![("Enter", "take the practice key"), back],
            DeviceAsked::Done => vec![("Enter", "back to the organizations"), ("F10", "finish and wipe")],
            DeviceAsked::Shares | DeviceAsked::Backup => Vec::new(),
        }
    }

    fn lists_places(&self, console: &Console) -> bool {
        matches!(Self::asked(console), DeviceAsked::Place | DeviceAsked::KeyPlace)
    }

    fn intake(&self, console: &Console) -> Intake {
        match Self::asked(console) {
            DeviceAsked::Shares
            | DeviceAsked::Backup
            | DeviceAsked::OldKey
            | DeviceAsked::Label
            | DeviceAsked::Pin
            | DeviceAsked::PinAgain
            | DeviceAsked::OldPin
            | DeviceAsked::Name
            | DeviceAsked::KeyName => Intake::Text,
            DeviceAsked::Status
            | DeviceAsked::HasBackup
            | DeviceAsked::Reset
            | DeviceAsked::Method
            | DeviceAsked::Account
            | DeviceAsked::Place
            | DeviceAsked::KeyPlace => Intake::Commands,
            DeviceAsked::Sure | DeviceAsked::Shown | DeviceAsked::OldPhrase | DeviceAsked::Done => Intake::Rested,
        }
    }

    fn help(&self) -> &'static str {
        "This is the backup of one person's device: that person's own shares, and nothing else. It cannot rebuild the keys of an organization, and it is no help when the vendor is gone.\nOne way of opening at a time, for all organizations: a cloud key with a PIN, or a phrase of twelve words. Another organization joins after the same, once more. A reset makes a new file: what opened the old one does not open it.\nBackup alone, cloud key alone, PIN alone open nothing. A forgotten PIN or a lost key: nothing opens the file; make a new backup from the device."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        let reply = console.journey.show_device();
        self.go_on(reply, console)
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        if Self::is_picking(console) {
            self.pick.refuse(None);
            return match self.pick.on_key(key, console) {
                PickOutcome::React(reaction) => reaction,
                PickOutcome::File(path) => self.answer(Given::File(&path), console),
                PickOutcome::Back => self.back(console),
            };
        }
        if self.shows_harm {
            self.shows_harm = !matches!(key, Key::Esc | Key::Enter | Key::F(6));
            self.scroll.on_key(key);
            return Reaction::Stay;
        }
        match (key, Self::asked(console)) {
            (Key::F(6), DeviceAsked::Status) => {
                self.shows_harm = console.journey.device_harm().is_some();
                self.scroll = Scroll::default();
            }
            (key, DeviceAsked::Sure | DeviceAsked::Done) if self.scroll.on_key(key) => {}
            (Key::Enter, _) => return self.enter(console),
            (Key::Esc, _) => return self.back(console),
            (Key::F(5), DeviceAsked::Place | DeviceAsked::KeyPlace) => return self.answer(Given::Again, console),
            (Key::F(10), DeviceAsked::Done) => return Reaction::Finish,
            (Key::Char('r' | 'R'), DeviceAsked::Status) => {
                let reply = console.journey.reset_device();
                return self.go_on(reply, console);
            }
            (Key::F(5), DeviceAsked::Status) => {
                let reply = console.journey.read_device_again();
                return self.go_on(reply, console);
            }
            (Key::Char('b' | 'B'), DeviceAsked::Status) => {
                let reply = console.journey.ask_for_backup();
                return self.go_on(reply, console);
            }
            (Key::Char('o' | 'O'), DeviceAsked::Status) => {
                return console.journey.restore_device().map_or(Reaction::Stay, Reaction::Open);
            }
            (key, DeviceAsked::HasBackup | DeviceAsked::Reset | DeviceAsked::Method) => drop(self.rows.on_key(key, 2)),
            (key, DeviceAsked::Status) => drop(self.rows.on_key(key, console.journey.standings().len())),
            (key, DeviceAsked::Account) => {
                self.rows.on_key(key, account_rows(console.journey.claims()).len());
            }
            (key, DeviceAsked::Place | DeviceAsked::KeyPlace) => self.place.on_key(key, console),
            (key, DeviceAsked::Label | DeviceAsked::Name | DeviceAsked::KeyName) => drop(self.text.on_key(key)),
            (key, DeviceAsked::Pin | DeviceAsked::PinAgain | DeviceAsked::OldPin) => self.on_pin_key(key),
            (
                _,
                DeviceAsked::Sure
                | DeviceAsked::Shown
                | DeviceAsked::OldPhrase
                | DeviceAsked::OldKey
                | DeviceAsked::Done
                | DeviceAsked::Shares
                | DeviceAsked::Backup,
            ) => {}
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        let reply = match outcome {
            Outcome::Device(said) => match *said {
                DeviceSaid::Phrase(Ok(phrase)) => return Reaction::Open(Route::DevicePhrase(phrase)),
                said => console.journey.hear_device(said),
            },
            Outcome::Loaded(result) => console.journey.hear_device_loaded(result),
            Outcome::Checked { answer, took } => console.journey.hear_pin(answer, took),
            Outcome::Places(places) if matches!(Self::asked(console), DeviceAsked::Place | DeviceAsked::KeyPlace) => {
                self.place.renew(console, |journey| journey.places = places);
                if Self::asked(console) == DeviceAsked::KeyPlace && !std::mem::replace(&mut self.has_key_place, true) {
                    self.place.choose(console.journey.key_place());
                }
                return Reaction::Stay;
            }
            outcome => {
                self.pick.on_outcome(outcome, console);
                return Reaction::Stay;
            }
        };
        self.go_on(reply, console)
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if Self::is_picking(console) {
            return self.pick.draw(console, area, buffer);
        }
        self.draw_asked(console, area, buffer)
    }
}

impl AskDevice {
    fn back(&mut self, console: &mut Console) -> Reaction {
        let asked = Self::asked(console);
        if matches!(asked, DeviceAsked::Label | DeviceAsked::Name | DeviceAsked::KeyName) {
            self.drafts.push((asked, self.text.clone()));
        }
        match console.journey.back_from_device() {
            Reply::Left => Reaction::Back,
            reply => self.go_on(reply, console),
        }
    }
}

fn is_confirmed(console: &Console) -> bool {
    console.journey.device.as_ref().is_some_and(|device| device.is_confirmed())
}
