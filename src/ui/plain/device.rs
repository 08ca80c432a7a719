//! The backup of a device line by line: the same questions as on the pages, but for a new phrase, which is shown on screens alone. `<`
//! goes one step back. PINs are not echoed.

use std::path::PathBuf;
use std::time::Duration;

use super::{Conversation, Prompt, TalkStep, picked};
use crate::domain::condition::Condition;
use crate::domain::text::{Safe, counted};
use crate::effect::{Answer, DeviceAct, DeviceSaid, Effect, Place, Summary, Trouble};
use crate::journey::device::{
    DEVICE_CHOICES, DeviceAsked, DeviceChoice, DeviceRefusal, METHODS, RESETS, account_rows, what_it_is,
};
use crate::journey::{Given, Goal, Reply, Route};
use crate::ui::screens::device::draw::{
    CLAIMED, MOVED, NO_COUNT, ONE_PLACE, RESET_STOPS, backup_line, device_line, phrase_wanted, practice_pin,
    status_word, superseded,
};
use crate::ui::screens::device::menu::WHAT_IT_IS;
use crate::ui::screens::device::said;

pub(super) const MENU_HELP: &str = "Manage: what the wallet of a device wrote into a file (SHARES.json) is backed up, one organization after the other.
Restore: the phrase, or the cloud key and the PIN, open a backup; its shares are written for the device.
Practise: the same on a device that is nobody's. q leaves.";

pub(super) const HELP: &str = "This is the backup of one person's device: that person's own shares, and nothing else.
Backup alone, cloud key alone, PIN alone open nothing. PINs are not echoed.
In the list of organizations a number backs one up; o restores, r resets, b names another file of the backup, a reads what the device holds again, q leaves.
< goes one step back.";

/// Said where a new phrase is wanted.
const ON_SCREENS: &str = "A new phrase is shown on screens alone: here it would stay on this terminal. Start conclave device without --plain for that, or take a cloud key and a PIN.";

impl Conversation {
    /// What can be done with the backup of a device.
    pub(super) fn begin_device_menu(&mut self) {
        self.step = TalkStep::DeviceMenu;
        self.say(WHAT_IT_IS);
        let rows = (1..).zip(&DEVICE_CHOICES).map(|(number, (_, what, more))| format!("{number} {what}: {more}."));
        let rows: Vec<String> = rows.collect();
        self.say_lines(rows);
    }

    pub(super) fn on_device_menu(&mut self, line: &str) {
        if matches!(line, "q" | "Q") {
            return self.leave();
        }
        let chosen = picked(line, DEVICE_CHOICES.len()).and_then(|row| DEVICE_CHOICES.get(row));
        match chosen {
            Some((DeviceChoice::Restore, ..)) => {
                self.journey.choose_device(DeviceChoice::Restore);
                self.step = TalkStep::Path;
            }
            Some((choice, ..)) => {
                self.journey.choose_device(*choice);
                self.begin_device();
            }
            None => self.say_no_such_number(),
        }
    }

    /// The backup of a device comes up, or comes up again.
    pub(super) fn begin_device(&mut self) {
        self.step = TalkStep::Device;
        let reply = self.journey.show_device();
        self.go_on_with_device(reply);
    }

    fn device_asked(&self) -> DeviceAsked {
        self.journey.device.as_ref().map_or(DeviceAsked::Shares, |device| device.asked())
    }

    pub(super) fn device_prompt(&self) -> Prompt {
        match self.device_asked() {
            DeviceAsked::Shares => Prompt::open("Path of what the device holds (SHARES.json):"),
            DeviceAsked::HasBackup => Prompt::open("Is there a backup of this device? 1 there is, 2 there is none:"),
            DeviceAsked::Backup => Prompt::open("Path of the backup:"),
            DeviceAsked::Status => Prompt::open("Which organization is backed up, by number; o, r, b or q:"),
            DeviceAsked::Reset => Prompt::open("From what does it go on, by number:"),
            DeviceAsked::Method => Prompt::open("How shall it be opened, by number, or Enter for 1:"),
            DeviceAsked::Account => Prompt::open("Where will the cloud key be kept, by number:"),
            DeviceAsked::Label => Prompt::open("Account there, or Enter for none:"),
            DeviceAsked::Pin => Prompt::secret("New PIN, 6 to 12 digits:"),
            DeviceAsked::PinAgain => Prompt::secret("The same PIN again:"),
            DeviceAsked::OldPin => Prompt::secret("PIN of this backup:"),
            DeviceAsked::Place => Prompt::open("Where is the backup written, by number, or Enter for 1:"),
            DeviceAsked::KeyPlace => {
                let offered = self.journey.key_place() + 1;
                Prompt::open(format!("Where is the cloud key written, by number, or Enter for {offered}:"))
            }
            DeviceAsked::Name => {
                Prompt::open(format!("Name of the backup, or Enter for {}:", self.journey.device_name_offered()))
            }
            DeviceAsked::KeyName => {
                Prompt::open(format!("Name of the cloud key, or Enter for {}:", self.journey.key_name_offered()))
            }
            DeviceAsked::Sure => Prompt::rested("y writes both:"),
            DeviceAsked::OldPhrase => Prompt::rested("y goes on to the words of the phrase:"),
            DeviceAsked::OldKey if self.journey.has_practice_key() => Prompt::open("Enter takes the practice key:"),
            DeviceAsked::OldKey => Prompt::open("Path of the cloud key file:"),
            DeviceAsked::Shown => Prompt::open("< goes back:"),
            DeviceAsked::Done => Prompt::rested("Enter goes back to the organizations, q leaves:"),
        }
    }

    /// Says what is asked, where that is more than the prompt.
    fn ask_of_device(&mut self) {
        let Some(device) = &self.journey.device else { return };
        let numbered = |rows: Vec<String>| (1..).zip(rows).map(|(number, row)| format!("{number} {row}.")).collect();
        let lines: Vec<String> = match device.asked() {
            DeviceAsked::Status => return self.say_standings(),
            DeviceAsked::Reset => {
                let stops = RESET_STOPS.iter().map(|text| (*text).to_owned());
                let rows: Vec<String> = numbered(RESETS.iter().map(|row| (*row).to_owned()).collect());
                stops.chain(self.journey.only_in_backup()).chain(rows).collect()
            }
            DeviceAsked::Method => numbered(METHODS.iter().map(|(_, what, more)| format!("{what}: {more}")).collect()),
            DeviceAsked::Account => {
                numbered(account_rows(self.journey.claims()).into_iter().map(|(said, _)| said).collect())
            }
            DeviceAsked::Pin => {
                vec!["Digits of no meaning to anybody, and no date. Nobody can tell it to you again.".to_owned()]
            }
            DeviceAsked::PinAgain => {
                let worth = device.worth().map(|worth| format!("All PINs of this length take {worth}."));
                [NO_COUNT.to_owned()].into_iter().chain(worth).collect()
            }
            DeviceAsked::OldPin => {
                practice_pin(&self.journey).map(|pin| format!("Practice PIN: {pin}.")).into_iter().collect()
            }
            DeviceAsked::Place | DeviceAsked::KeyPlace => {
                let places = Place::for_exports(&self.journey.places);
                if places.is_empty() {
                    return self.say_no_place();
                }
                let apart = (device.asked() == DeviceAsked::KeyPlace)
                    .then(|| "The cloud key is written apart from the backup, for the upload.".to_owned());
                apart.into_iter().chain(super::export::said_places(&places)).collect()
            }
            DeviceAsked::Sure => {
                let account = device.account().map_or_else(String::new, ToString::to_string);
                let mut said = vec![
                    format!("Backup: {}", Safe(&device.path().to_string_lossy())),
                    format!("Cloud key: {}, to be uploaded to {account}", Safe(&device.key_path().to_string_lossy())),
                    "All three are needed: the backup, the cloud key, and the PIN.".to_owned(),
                ];
                said.extend(device.is_one_place().then(|| ONE_PLACE.trim_start_matches("! ").to_owned()));
                said
            }
            DeviceAsked::OldPhrase => vec![phrase_wanted(device).to_owned()],
            DeviceAsked::Done => return self.say_backed_up(),
            DeviceAsked::Shares
            | DeviceAsked::HasBackup
            | DeviceAsked::Backup
            | DeviceAsked::Label
            | DeviceAsked::Name
            | DeviceAsked::KeyName
            | DeviceAsked::OldKey
            | DeviceAsked::Shown => Vec::new(),
        };
        self.say_lines(lines);
    }

    /// Each organization, and how it stands.
    fn say_standings(&mut self) {
        let of = self.journey.device.as_deref().and_then(device_line);
        self.say_lines(of.map(|of| format!("Manage backup: {of}.")));
        let backup = backup_line(&self.journey);
        self.say(format!("{backup}."));
        let harm = self.journey.device_harm().map(Condition::sentences);
        let is_harmed = harm.is_some();
        self.say_lines(harm.unwrap_or_default());
        let rows: Vec<String> = (1..)
            .zip(self.journey.standings())
            .map(|(number, (label, status, count))| {
                let shares = if count > 0 { format!("{}, ", counted(count, "share")) } else { String::new() };
                let (name, id, changed) = (label.name, label.id, label.changed.date());
                format!("{number} {name} ({id}): {}. {shares}changed {changed}.", status_word(status, is_harmed))
            })
            .collect();
        self.say_lines(rows);
        if self.journey.backup.is_some() {
            self.say(CLAIMED);
        }
    }

    fn say_backed_up(&mut self) {
        let Some(written) = self.journey.device.as_ref().and_then(|device| device.written()).cloned() else { return };
        for name in &written.names {
            self.say(format!("Backup of {} was successful.", Safe(name)));
        }
        self.say(format!("Written, read back and opened: {}", Safe(&written.path.to_string_lossy())));
        if written.is_reset {
            self.say(MOVED);
        }
        self.say_lines(written.before.as_deref().map(superseded));
        if let Some((path, account)) = &written.key {
            self.say(format!("The cloud key is in {}", Safe(&path.to_string_lossy())));
            self.say(format!("Upload it to {account}, then delete it here. The backup goes somewhere else."));
        }
        self.say_standings();
    }

    pub(super) fn on_device_line(&mut self, typed: &str) {
        let line = typed.trim();
        let asked = self.device_asked();
        let row = || Given::Row(picked(line, usize::MAX).unwrap_or(usize::MAX));
        let path = match asked {
            DeviceAsked::Shares | DeviceAsked::Backup | DeviceAsked::OldKey => PathBuf::from(line),
            _ => PathBuf::new(),
        };
        let (offered, key_offered) = (self.journey.device_name_offered(), self.journey.key_name_offered());
        let given = match (asked, line) {
            (DeviceAsked::Status | DeviceAsked::Done | DeviceAsked::Shares, "q" | "Q") => return self.ask_to_leave(),
            (_, "<") => {
                let reply = self.journey.back_from_device();
                return self.go_back_from_device(reply);
            }
            (DeviceAsked::Status, "r" | "R") => {
                let reply = self.journey.reset_device();
                return self.go_on_with_device(reply);
            }
            (DeviceAsked::Status, "b" | "B") => {
                let reply = self.journey.ask_for_backup();
                return self.go_on_with_device(reply);
            }
            (DeviceAsked::Status, "a" | "A") => {
                let reply = self.journey.read_device_again();
                return self.go_on_with_device(reply);
            }
            (DeviceAsked::Status, "o" | "O") => return self.restore_device(),
            // Nothing is chosen by an Enter too many.
            (DeviceAsked::Status, "") => return self.say("Type the number of an organization, o, r, b or q."),
            (DeviceAsked::Method, _) if matches!(picked(line, METHODS.len()), Some(1)) => return self.say(ON_SCREENS),
            (DeviceAsked::Place | DeviceAsked::KeyPlace, "l" | "L") => Given::Again,
            (DeviceAsked::KeyPlace, "") => Given::Row(self.journey.key_place()),
            (
                DeviceAsked::HasBackup
                | DeviceAsked::Reset
                | DeviceAsked::Status
                | DeviceAsked::Method
                | DeviceAsked::Account
                | DeviceAsked::Place
                | DeviceAsked::KeyPlace,
                _,
            ) => row(),
            (DeviceAsked::Name, "") => Given::Text(&offered),
            (DeviceAsked::KeyName, "") => Given::Text(&key_offered),
            (DeviceAsked::OldKey, "") if self.journey.has_practice_key() => Given::Yes,
            (DeviceAsked::Shares | DeviceAsked::Backup | DeviceAsked::OldKey, "") => return,
            (DeviceAsked::Shares | DeviceAsked::Backup | DeviceAsked::OldKey, _) => Given::File(&path),
            (DeviceAsked::Sure, "y" | "Y") | (DeviceAsked::Done, _) => Given::Yes,
            (DeviceAsked::OldPhrase, "y" | "Y") => return self.begin_phrase(),
            (DeviceAsked::Sure | DeviceAsked::OldPhrase, _) => return self.say("Type y to go on, or < to go back."),
            _ => Given::Text(line),
        };
        let reply = self.journey.answer_device(given);
        self.go_on_with_device(reply);
    }

    /// The shares of the backup are opened.
    fn restore_device(&mut self) {
        match self.journey.restore_device() {
            Some(Route::People) => self.show_people(),
            Some(_) => self.begin_device(),
            None => self.say("There is no backup yet."),
        }
    }

    fn go_back_from_device(&mut self, reply: Reply<DeviceRefusal>) {
        if !matches!(reply, Reply::Left) {
            return self.go_on_with_device(reply);
        }
        let Some(device) = &self.journey.device else { return self.begin_device_menu() };
        match (device.is_managed(), self.journey.goal() == Goal::Device) {
            // Out of a restore that was begun from here.
            (true, false) => self.begin_device(),
            (true, true) => self.ask_to_leave(),
            (false, _) => {
                // Its end leads to the menu.
                self.journey.wipe();
                self.perform(Effect::Device(DeviceAct::Drop { keeps_shares: false }));
            }
        }
    }

    pub(super) fn go_on_with_device(&mut self, reply: Reply<DeviceRefusal>) {
        match reply {
            Reply::Ask => self.ask_of_device(),
            Reply::Do(effect, what) => {
                if !effect.nature().is_brief {
                    self.say(format!("{what}."));
                }
                self.perform(effect);
            }
            Reply::Refused(why) => {
                match said(why) {
                    Some(Trouble { what, hint }) => self.say_lines([what, hint]),
                    None => self.say_no_such_number(),
                }
                if self.device_asked() == DeviceAsked::Status {
                    return;
                }
                self.ask_of_device();
            }
            Reply::Left if matches!(self.journey.next(), Route::Quorum) => self.show_people(),
            Reply::Left => self.begin_device_menu(),
        }
    }

    pub(super) fn on_device_said(&mut self, device_said: DeviceSaid) {
        let reply = self.journey.hear_device(device_said);
        self.go_on_with_device(reply);
    }

    pub(super) fn on_device_loaded(&mut self, result: Result<Box<Summary>, Trouble>) {
        let reply = self.journey.hear_device_loaded(result);
        self.go_on_with_device(reply);
    }

    pub(super) fn on_pin_checked(&mut self, answer: Result<Answer, Trouble>, took: Duration) {
        let reply = self.journey.hear_pin(answer, took);
        self.go_on_with_device(reply);
    }

    /// Whether a phrase that is typed opens the backup of a device for something else than its restore.
    pub(super) fn is_managing(&self) -> bool {
        self.journey.goal() == Goal::Device
    }

    pub(super) fn hear_places_for_device(&mut self, places: Vec<Place>) {
        self.journey.places = places;
        self.ask_of_device();
    }
}

/// What a file is, and whether to go on with that.
pub(super) fn of_kind(summary: &Summary) -> Vec<String> {
    what_it_is(summary).iter().map(|text| (*text).to_owned()).collect()
}
