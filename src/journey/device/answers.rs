//! Answers about the backup of a device, and the way back; an answer may decide what is done next.

use std::path::PathBuf;

use super::{DeviceAsked, DeviceRefusal, Job, METHODS, READING, READING_SHARES, account_rows};
use crate::domain::inventory::BackupStatus;
use crate::domain::kind::Method;
use crate::domain::pin::Pin;
use crate::domain::text::Text;
use crate::effect::{DeviceAct, Effect, Place, Source};
use crate::journey::export::{is_name, with_extension};
use crate::journey::{Given, Goal, Journey, Reply, Route};

impl Journey {
    /// An answer to what is asked.
    pub fn answer_device(&mut self, given: Given<'_>) -> Reply<DeviceRefusal> {
        let Some(device) = &mut self.device else { return Reply::Left };
        match device.asked {
            DeviceAsked::Shares => match given {
                Given::File(path) => {
                    device.shares_path = Some(path.to_owned());
                    Reply::Do(Effect::Device(DeviceAct::ReadShares(Some(path.to_owned()))), READING_SHARES)
                }
                _ => Reply::Refused(DeviceRefusal::NotListed),
            },
            DeviceAsked::HasBackup => match given.row() {
                Some(0) => device.turn(DeviceAsked::Backup),
                Some(1) => {
                    self.backup = None;
                    // Whatever was chosen before, nothing is wanted of a file any more.
                    self.history.is_refused = false;
                    device.turn(DeviceAsked::Status)
                }
                _ => Reply::Refused(DeviceRefusal::NotListed),
            },
            DeviceAsked::Backup => match given {
                Given::File(path) => {
                    let source = Source::Files(vec![path.to_owned()]);
                    Reply::Do(self.read_for_device(source), READING)
                }
                _ => Reply::Refused(DeviceRefusal::NotListed),
            },
            DeviceAsked::Status => self.choose_organization(given),
            DeviceAsked::Reset => match given.row() {
                // Before anything is typed.
                Some(0) if self.device_harm().is_some() => Reply::Refused(DeviceRefusal::Harmed),
                Some(0) => self.ask_for_opener(),
                Some(1) => self.begin_anew(),
                _ => Reply::Refused(DeviceRefusal::NotListed),
            },
            DeviceAsked::OldPhrase => Reply::Left,
            DeviceAsked::OldKey => match given {
                Given::File(path) => {
                    let apart_from = matches!(device.job, Some(Job::Join(_))).then(|| device.path());
                    let act = DeviceAct::ReadKey { path: Some(path.to_owned()), apart_from };
                    Reply::Do(Effect::Device(act), "Reading the cloud key")
                }
                Given::Yes if self.has_practice_key() => {
                    let act = DeviceAct::ReadKey { path: None, apart_from: None };
                    Reply::Do(Effect::Device(act), "Reading the cloud key")
                }
                _ => Reply::Refused(DeviceRefusal::NotListed),
            },
            DeviceAsked::OldPin => match Pin::typed(given.text()) {
                Ok(pin) => Reply::Do(Effect::Device(DeviceAct::CheckPin(pin)), "Checking key and PIN"),
                Err(fault) => Reply::Refused(DeviceRefusal::Pin(fault)),
            },
            DeviceAsked::Done => {
                device.drop_job();
                device.written = None;
                device.turn(DeviceAsked::Status)
            }
            DeviceAsked::Method
            | DeviceAsked::Account
            | DeviceAsked::Label
            | DeviceAsked::Pin
            | DeviceAsked::PinAgain
            | DeviceAsked::Place
            | DeviceAsked::Name
            | DeviceAsked::KeyPlace
            | DeviceAsked::KeyName
            | DeviceAsked::Sure
            | DeviceAsked::Shown => self.answer_new(given),
        }
    }

    /// An answer about a new file.
    fn answer_new(&mut self, given: Given<'_>) -> Reply<DeviceRefusal> {
        let claims = self.claims().cloned();
        let has_backup = self.backup.is_some();
        let places: Vec<PathBuf> =
            Place::for_exports(&self.places).into_iter().map(|place| place.path.clone()).collect();
        let Some(device) = &mut self.device else { return Reply::Left };
        match device.asked {
            DeviceAsked::Method => match given.row().and_then(|row| METHODS.get(row)) {
                Some((method, ..)) => {
                    if *method == Method::CloudPin {
                        self.note_void_phrase();
                    }
                    self.device.as_mut().map_or(Reply::Left, |device| device.choose(*method))
                }
                None => Reply::Refused(DeviceRefusal::NotListed),
            },
            DeviceAsked::Account => {
                let rows = account_rows(claims.as_ref());
                match given.row().and_then(|row| rows.into_iter().nth(row)) {
                    Some((_, account)) => {
                        let is_known = account.account.is_some();
                        device.account = Some(account);
                        device.turn(if is_known { DeviceAsked::Pin } else { DeviceAsked::Label })
                    }
                    None => Reply::Refused(DeviceRefusal::NotListed),
                }
            }
            DeviceAsked::Label => {
                let typed = given.text().trim();
                let label = Text::new(typed);
                if label.is_none() && !typed.is_empty() {
                    return Reply::Refused(DeviceRefusal::NoText);
                }
                if let Some(account) = &mut device.account {
                    account.account = label;
                }
                device.turn(DeviceAsked::Pin)
            }
            DeviceAsked::Pin => match Pin::chosen(given.text()) {
                Ok(pin) => {
                    device.pin = Some(pin);
                    device.turn(DeviceAsked::PinAgain)
                }
                Err(fault) => Reply::Refused(DeviceRefusal::Pin(fault)),
            },
            DeviceAsked::PinAgain => match &device.pin {
                Some(pin) if pin.reveal() == given.text() => device.look_for_places(DeviceAsked::Place),
                _ => Reply::Refused(DeviceRefusal::NotTheSamePin),
            },
            DeviceAsked::Place | DeviceAsked::KeyPlace if matches!(given, Given::Again) => {
                device.look_for_places(device.asked)
            }
            DeviceAsked::Place | DeviceAsked::KeyPlace => match given.row().and_then(|row| places.into_iter().nth(row))
            {
                Some(place) if device.asked == DeviceAsked::Place => {
                    device.folder = place;
                    device.turn(DeviceAsked::Name)
                }
                Some(place) => {
                    device.key_folder = place;
                    device.turn(DeviceAsked::KeyName)
                }
                None => Reply::Refused(DeviceRefusal::NotListed),
            },
            DeviceAsked::Name | DeviceAsked::KeyName if !is_name(given.text().trim()) => {
                Reply::Refused(DeviceRefusal::NotAName)
            }
            DeviceAsked::Name => {
                device.name = with_extension(given.text().trim(), "json");
                device.check_names()
            }
            DeviceAsked::KeyName => {
                device.key_name = with_extension(given.text().trim(), "json");
                device.check_names()
            }
            DeviceAsked::Sure => device.write(has_backup),
            // Shown once more.
            DeviceAsked::Shown if device.is_confirmed() => device.write(has_backup),
            DeviceAsked::Shown => Reply::Do(Effect::Device(DeviceAct::Show), "Taking out the phrase"),
            DeviceAsked::Shares
            | DeviceAsked::HasBackup
            | DeviceAsked::Backup
            | DeviceAsked::Status
            | DeviceAsked::Reset
            | DeviceAsked::OldPhrase
            | DeviceAsked::OldKey
            | DeviceAsked::OldPin
            | DeviceAsked::Done => Reply::Ask,
        }
    }

    /// One question back. [`Reply::Left`] from the first ones.
    pub fn back_from_device(&mut self) -> Reply<DeviceRefusal> {
        let has_shares = self.device.as_ref().is_some_and(|device| device.shares.is_some());
        let has_backup = self.backup.is_some();
        let Some(device) = &mut self.device else { return Reply::Left };
        let is_reset = device.is_reset();
        let to = match device.asked {
            DeviceAsked::HasBackup => DeviceAsked::Shares,
            DeviceAsked::Backup if has_backup => DeviceAsked::Status,
            DeviceAsked::Backup if has_shares => DeviceAsked::HasBackup,
            DeviceAsked::Shares | DeviceAsked::Status | DeviceAsked::Backup => return Reply::Left,
            DeviceAsked::Done => {
                device.drop_job();
                device.written = None;
                DeviceAsked::Status
            }
            DeviceAsked::OldPin => DeviceAsked::OldKey,
            DeviceAsked::OldPhrase | DeviceAsked::OldKey if device.is_restore() => {
                if device.is_managed {
                    device.drop_job();
                    device.asked = DeviceAsked::Status;
                }
                return Reply::Left;
            }
            DeviceAsked::OldPhrase | DeviceAsked::OldKey if is_reset => DeviceAsked::Reset,
            DeviceAsked::OldPhrase | DeviceAsked::OldKey | DeviceAsked::KeyPlace => DeviceAsked::Name,
            DeviceAsked::Account => DeviceAsked::Method,
            DeviceAsked::Label | DeviceAsked::Pin => DeviceAsked::Account,
            DeviceAsked::PinAgain => DeviceAsked::Pin,
            DeviceAsked::Place if device.method == Some(Method::CloudPin) => DeviceAsked::Pin,
            DeviceAsked::Place if device.method == Some(Method::Phrase) => DeviceAsked::Method,
            // The phrase stands on paper: another place can be taken.
            DeviceAsked::Shown if device.is_confirmed() => DeviceAsked::Place,
            DeviceAsked::Name => DeviceAsked::Place,
            DeviceAsked::KeyName => DeviceAsked::KeyPlace,
            DeviceAsked::Sure => DeviceAsked::KeyName,
            DeviceAsked::Reset | DeviceAsked::Method | DeviceAsked::Place | DeviceAsked::Shown => {
                self.note_void_phrase();
                let Some(device) = &mut self.device else { return Reply::Left };
                let reply = device.abandon();
                self.forget(1);
                self.desk.clear();
                return reply;
            }
        };
        if to == DeviceAsked::Pin {
            device.pin = None;
        }
        device.turn(to)
    }

    /// The organization in that row is backed up.
    fn choose_organization(&mut self, given: Given<'_>) -> Reply<DeviceRefusal> {
        let rows = self.standings();
        let Some((label, status, _)) = given.row().and_then(|row| rows.into_iter().nth(row)) else {
            return Reply::Refused(DeviceRefusal::NotListed);
        };
        let (has_backup, is_harmed) = (self.backup.is_some(), self.device_harm().is_some());
        let has_cloud_key = self.backup.as_ref().is_some_and(|backup| backup.summary.method() == Method::CloudPin);
        let Some(device) = &mut self.device else { return Reply::Left };
        match status {
            None => Reply::Refused(DeviceRefusal::NoShares),
            Some(BackupStatus::NotHere) => Reply::Refused(DeviceRefusal::NotOnDevice),
            Some(BackupStatus::Newer) => Reply::Refused(DeviceRefusal::NewerInBackup),
            Some(_) if is_harmed => Reply::Refused(DeviceRefusal::Harmed),
            Some(_) if has_backup => {
                device.job = Some(Job::Join(label.id));
                device.has_cloud_key = has_cloud_key;
                device.look_for_places(DeviceAsked::Place)
            }
            Some(_) => {
                device.job = Some(Job::New(vec![label.id]));
                device.turn(DeviceAsked::Method)
            }
        }
    }

    /// Another way of opening the backup is wanted.
    pub fn reset_device(&mut self) -> Reply<DeviceRefusal> {
        let has_backup = self.backup.is_some();
        let Some(device) = self.device.as_mut().filter(|device| device.asked == DeviceAsked::Status) else {
            return Reply::Ask;
        };
        if !has_backup {
            return Reply::Refused(DeviceRefusal::NoBackup);
        }
        device.job = Some(Job::Reset);
        device.turn(DeviceAsked::Reset)
    }

    /// Nothing opens the backup any more: a new one of all that the device holds.
    fn begin_anew(&mut self) -> Reply<DeviceRefusal> {
        let Some(device) = &mut self.device else { return Reply::Left };
        let Some(shares) = &device.shares else { return Reply::Refused(DeviceRefusal::NoShares) };
        device.job = Some(Job::New(shares.organizations.iter().map(|(label, _)| label.id.clone()).collect()));
        device.turn(DeviceAsked::Method)
    }

    /// The shares of the backup are wanted: where that goes on. `None` without a backup.
    pub fn restore_device(&mut self) -> Option<Route> {
        let summary = &self.backup.as_ref()?.summary;
        let method = summary.method();
        // From now on it is one that is to be opened.
        self.history.file = summary.files.first().map(|file| file.name.clone());
        self.history.method = Some(method);
        if let Some(device) = &mut self.device {
            device.job = Some(Job::Restore);
            device.asked = if method == Method::Phrase { DeviceAsked::OldPhrase } else { DeviceAsked::OldKey };
        }
        self.goal = Goal::Restore;
        Some(self.next())
    }

    /// What the device holds is read once more.
    pub fn read_device_again(&mut self) -> Reply<DeviceRefusal> {
        match self.device.as_ref().filter(|device| device.asked == DeviceAsked::Status && device.shares.is_some()) {
            Some(device) => {
                Reply::Do(Effect::Device(DeviceAct::ReadShares(device.shares_path.clone())), READING_SHARES)
            }
            None => Reply::Ask,
        }
    }

    /// Another file is the backup.
    pub fn ask_for_backup(&mut self) -> Reply<DeviceRefusal> {
        match &mut self.device {
            Some(device) if device.asked == DeviceAsked::Status => {
                device.written = None;
                device.turn(DeviceAsked::Backup)
            }
            _ => Reply::Ask,
        }
    }

    /// What opens the backup is asked for.
    pub(super) fn ask_for_opener(&mut self) -> Reply<DeviceRefusal> {
        let method = self.backup.as_ref().map(|backup| backup.summary.method());
        let Some(device) = &mut self.device else { return Reply::Left };
        device.turn(if method == Some(Method::CloudPin) { DeviceAsked::OldKey } else { DeviceAsked::OldPhrase })
    }

    /// The name that is offered for a new file of the backup.
    pub fn device_name_offered(&self) -> String {
        let name = match (&self.backup, self.device.as_ref().and_then(|device| device.job.as_ref())) {
            (Some(backup), Some(Job::Join(_))) => {
                format!("device-backup-{}.json", backup.summary.sequence.saturating_add(1))
            }
            (Some(_), _) => "device-backup-new.json".to_owned(),
            (None, _) => "device-backup.json".to_owned(),
        };
        self.of_practice(&name)
    }

    /// The name that is offered for a new cloud key.
    pub fn key_name_offered(&self) -> String {
        self.of_practice("cloud-key.json")
    }

    /// What is made in practice must not look like what counts.
    fn of_practice(&self, name: &str) -> String {
        let is_practice = self.device.as_ref().is_some_and(|device| device.is_practice);
        if is_practice { format!("practice-{name}") } else { name.to_owned() }
    }
}
