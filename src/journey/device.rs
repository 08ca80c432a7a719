//! The backup of one person's device: what the device holds, how it is backed up, and what is done about it. A new backup is opened
//! by a cloud key and a PIN, or by a phrase; whatever goes on from one asks first for what opens it.

mod answers;
mod ask;
mod heard;
mod known;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use self::ask::{
    DEVICE_CHOICES, DeviceAsked, DeviceChoice, DeviceRefusal, METHODS, RESETS, account_rows, device_facts,
    device_holds, what_it_is,
};
use super::{Goal, Journey, Reply, Route};
use crate::domain::kind::Method;
use crate::domain::pin::{self, Pin};
use crate::domain::text::Text;
use crate::effect::{
    BACKUP_FOLDER, CloudAccount, DeviceAct, DeviceContents, DeviceFacts, DeviceOrder, DeviceWay, DeviceWritten, Effect,
    KEY_FOLDER, Source,
};

/// What is known of a device, and what is asked now.
#[derive(Debug, Default)]
pub struct Device {
    asked: DeviceAsked,
    shares: Option<DeviceFacts>,
    /// Where that was read.
    shares_path: Option<PathBuf>,
    /// The sample is practised on: what opens it is at hand.
    is_practice: bool,
    /// It is managed here: a restore that is left leads back to it.
    is_managed: bool,
    /// What opens it.
    sheet: Option<&'static str>,
    job: Option<Job>,
    /// How the new backup is opened, once that is chosen.
    method: Option<Method>,
    /// It is opened by a cloud key, a new one or that of the backup before.
    has_cloud_key: bool,
    account: Option<CloudAccount>,
    pin: Option<Pin>,
    folder: PathBuf,
    name: String,
    key_folder: PathBuf,
    key_name: String,
    phrase: NewPhrase,
    written: Option<DeviceWritten>,
    /// Read as soon as the page comes up.
    to_read: (Option<PathBuf>, Option<PathBuf>),
}

/// How far the phrase of a new backup is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum NewPhrase {
    #[default]
    None,
    /// It was made, and perhaps shown.
    Made,
    TypedBack,
    /// It was given up: a paper may hold it.
    Void,
}

/// What is being done.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Job {
    /// A first backup, of these organizations.
    New(Vec<Text>),
    /// This organization joins the backup, or takes the place of its older shares.
    Join(Text),
    /// All of the backup is sealed anew, opened in another way.
    Reset,
    /// The shares of the backup are opened, to be restored.
    Restore,
}

impl Device {
    /// Of the files that the command line names: what the device holds, and its backup.
    pub fn of(shares: Option<PathBuf>, backup: Option<PathBuf>) -> Self {
        Self { to_read: (shares, backup), ..Self::default() }
    }

    pub fn asked(&self) -> DeviceAsked {
        self.asked
    }

    pub fn shares(&self) -> Option<&DeviceFacts> {
        self.shares.as_ref()
    }

    pub fn is_training(&self) -> bool {
        self.shares.as_ref().is_some_and(|shares| shares.is_training)
    }

    /// What it holds, or how it is backed up, is in view here.
    pub fn is_managed(&self) -> bool {
        self.is_managed
    }

    /// A phrase was shown, and no backup was made with it.
    pub fn has_void_paper(&self) -> bool {
        self.phrase == NewPhrase::Void
    }

    /// The new phrase was typed back.
    pub fn is_confirmed(&self) -> bool {
        self.phrase == NewPhrase::TypedBack
    }

    pub fn is_reset(&self) -> bool {
        self.job == Some(Job::Reset)
    }

    /// The backup is opened for its shares.
    pub fn is_restore(&self) -> bool {
        self.job == Some(Job::Restore)
    }

    pub fn account(&self) -> Option<&CloudAccount> {
        self.account.as_ref()
    }

    /// What was written, at the end.
    pub fn written(&self) -> Option<&DeviceWritten> {
        self.written.as_ref()
    }

    /// Whether backup and cloud key go to the same place.
    pub fn is_one_place(&self) -> bool {
        self.method == Some(Method::CloudPin) && self.folder == self.key_folder
    }

    /// Where the backup is going to be: in a folder of its own where it has a cloud key, which must not lie in that folder.
    pub fn path(&self) -> PathBuf {
        if self.has_cloud_key && !self.folder.ends_with(BACKUP_FOLDER) {
            self.folder.join(BACKUP_FOLDER).join(&self.name)
        } else {
            self.folder.join(&self.name)
        }
    }

    /// Where its cloud key is going to be.
    pub fn key_path(&self) -> PathBuf {
        if self.is_one_place() {
            self.key_folder.join(KEY_FOLDER).join(&self.key_name)
        } else {
            self.key_folder.join(&self.key_name)
        }
    }

    /// What the PIN is worth against somebody who has the rest.
    pub fn worth(&self) -> Option<String> {
        let derivation = self.shares.as_ref()?.derivation;
        self.pin.as_ref().map(|pin| pin::worth(pin.reveal().len(), derivation))
    }

    /// The organizations that are being backed up, by their names.
    pub fn names(&self) -> Vec<String> {
        let ids: &[Text] = match &self.job {
            Some(Job::New(ids)) => ids,
            Some(Job::Join(id)) => std::slice::from_ref(id),
            Some(Job::Reset | Job::Restore) | None => &[],
        };
        let all = || self.shares.iter().flat_map(|shares| &shares.organizations).map(|(label, _)| label);
        let name = |id: &Text| all().find(|label| label.id == *id).map(|label| label.told_apart(all()));
        ids.iter().filter_map(name).collect()
    }

    /// Whether something is held that a wipe would lose.
    pub fn is_holding(&self) -> bool {
        self.shares.is_some() || self.pin.is_some() || self.phrase != NewPhrase::None || self.job.is_some()
    }

    /// What leaving loses.
    pub fn losses(&self) -> Vec<String> {
        let made = match (&self.written, &self.job) {
            _ if self.phrase != NewPhrase::None => Some(VOID),
            (None, Some(Job::New(_) | Job::Join(_) | Job::Reset)) => Some("What was begun last is not written."),
            _ => None,
        };
        let read = self.shares.as_ref().map(|_| "What was read of the device is wiped here; its file stays.");
        made.into_iter().chain(read).map(str::to_owned).collect()
    }

    fn turn(&mut self, to: DeviceAsked) -> Reply<DeviceRefusal> {
        self.asked = to;
        Reply::Ask
    }

    /// Nothing is being done any more; what was made for it is forgotten.
    fn abandon(&mut self) -> Reply<DeviceRefusal> {
        self.drop_job();
        self.asked = DeviceAsked::Status;
        forget_made()
    }

    fn drop_job(&mut self) {
        (self.job, self.method, self.account, self.pin) = (None, None, None, None);
        if self.phrase != NewPhrase::None {
            self.phrase = NewPhrase::Void;
        }
    }

    /// A phrase was made that nothing is sealed with.
    pub(super) fn has_open_phrase(&self) -> bool {
        matches!(self.phrase, NewPhrase::Made | NewPhrase::TypedBack)
    }

    fn contents(&self) -> DeviceContents {
        match &self.job {
            Some(Job::New(ids)) => DeviceContents::OfDevice(ids.clone()),
            Some(Job::Join(id)) => DeviceContents::OfDevice(vec![id.clone()]),
            Some(Job::Reset | Job::Restore) | None => DeviceContents::OfBackup,
        }
    }

    fn look_for_places(&mut self, asked: DeviceAsked) -> Reply<DeviceRefusal> {
        self.asked = asked;
        Reply::Do(Effect::FindPlaces, "Looking for media")
    }

    fn check_names(&self) -> Reply<DeviceRefusal> {
        let has_key = self.method == Some(Method::CloudPin) && self.asked == DeviceAsked::KeyName;
        let key = has_key.then(|| self.key_path());
        Reply::Do(Effect::Device(DeviceAct::CheckNames { backup: self.path(), key }), "Looking at the places")
    }

    /// `has_backup`: one is loaded.
    fn write(&mut self, has_backup: bool) -> Reply<DeviceRefusal> {
        let way = match (&self.job, self.method, &self.account, &self.pin) {
            (Some(Job::Join(_)), ..) => DeviceWay::AsBefore,
            (_, Some(Method::CloudPin), Some(account), Some(pin)) => {
                DeviceWay::Cloud { pin: pin.duplicate(), account: account.clone(), key: self.key_path() }
            }
            (_, Some(Method::Phrase), ..) => DeviceWay::Phrase,
            (_, Some(Method::CloudPin) | None, ..) => return Reply::Refused(DeviceRefusal::NotListed),
        };
        let order = DeviceOrder { contents: self.contents(), way, has_backup, path: self.path() };
        Reply::Do(
            Effect::Device(DeviceAct::Write(Box::new(order))),
            "Sealing, writing, reading back and opening what was written",
        )
    }

    /// From the method of a new backup to its place.
    fn choose(&mut self, method: Method) -> Reply<DeviceRefusal> {
        self.method = Some(method);
        self.has_cloud_key = method == Method::CloudPin;
        if self.has_cloud_key && self.phrase != NewPhrase::None {
            self.phrase = NewPhrase::Void;
        }
        match method {
            Method::CloudPin => self.turn(DeviceAsked::Account),
            Method::Phrase => self.look_for_places(DeviceAsked::Place),
        }
    }
}

impl Journey {
    /// Somebody came for the backup of a device.
    pub fn choose_device(&mut self, choice: DeviceChoice) -> Route {
        match choice {
            DeviceChoice::Manage => {
                // Whatever else is read takes the device away: what is loaded beside one is its backup.
                if self.device.as_ref().is_none_or(|device| device.is_practice || !device.is_managed) {
                    (self.device, self.backup) = (None, None);
                }
                self.note_void_phrase();
                if let Some(device) = &mut self.device {
                    device.drop_job();
                    device.asked = if device.shares.is_some() { DeviceAsked::Status } else { DeviceAsked::Shares };
                }
                self.goal = Goal::Device;
                Route::Device
            }
            DeviceChoice::Restore => {
                self.goal = Goal::Restore;
                Route::Choose
            }
            DeviceChoice::Practise(method) => self.practise_device(method),
        }
    }

    /// The device of the training samples, with its backup that opens in this way.
    pub fn practise_device(&mut self, method: Method) -> Route {
        self.goal = Goal::Device;
        self.wipe();
        self.device = Some(Box::new(Device { is_practice: true, method: Some(method), ..Device::default() }));
        Route::Device
    }

    /// The device of a sample is left: nothing of it is anybody's.
    pub(super) fn leave_practice(&mut self) {
        if self.device.as_ref().is_some_and(|device| device.is_practice) {
            self.note_void_phrase();
            (self.device, self.backup) = (None, None);
            self.desk.clear();
        }
    }

    /// Manages the backup of a device from these files.
    pub fn manage_device(&mut self, shares: Option<PathBuf>, backup: Option<PathBuf>) -> Route {
        self.goal = Goal::Device;
        self.device = Some(Box::new(Device::of(shares, backup)));
        Route::Device
    }

    /// Resets this backup.
    pub fn reset_device_in(&mut self, backup: PathBuf) -> Route {
        let route = self.manage_device(None, Some(backup));
        if let Some(device) = &mut self.device {
            device.job = Some(Job::Reset);
        }
        route
    }

    /// The page comes up: what is read or done at once.
    pub fn show_device(&mut self) -> Reply<DeviceRefusal> {
        // Not one that was accepted for something else.
        let is_accepted = self.backup.as_ref().is_some_and(|backup| backup.last_answer.is_some());
        let has_backup = self.backup.is_some();
        let is_restoring = self.goal != Goal::Device;
        let is_new = self.device.is_none();
        let method = self.backup.as_ref().map(|backup| backup.summary.method());
        let device = self.device.get_or_insert_default();
        if is_new && !is_restoring {
            // Nothing that the session still holds of a device or of its restore outlives this.
            return Reply::Do(Effect::Device(DeviceAct::Drop { keeps_shares: false }), FORGETTING);
        }
        if is_restoring && device.is_managed && device.asked == DeviceAsked::Status {
            // Back from a restore that was begun here.
            self.goal = Goal::Device;
            self.forget(1);
            if self.history.opened.is_none() {
                // Nothing of it is to be told.
                self.history.file = None;
            }
            return forget_made();
        }
        if is_restoring && device.job.is_none() {
            device.job = Some(Job::Restore);
            device.asked = if method == Some(Method::Phrase) { DeviceAsked::OldPhrase } else { DeviceAsked::OldKey };
        }
        if device.is_practice && device.shares.is_none() {
            return Reply::Do(Effect::Device(DeviceAct::ReadShares(None)), "Reading what the device holds");
        }
        match (device.to_read.0.take(), device.asked) {
            (Some(path), _) => {
                device.shares_path = Some(path.clone());
                Reply::Do(Effect::Device(DeviceAct::ReadShares(Some(path))), READING_SHARES)
            }
            (None, DeviceAsked::OldPhrase) if is_accepted => self.go_on_opened(),
            (None, DeviceAsked::Shown) if device.is_confirmed() => device.write(has_backup),
            (None, _) => match self.read_named_backup() {
                Some(effect) => Reply::Do(effect, READING),
                None => self.device.as_ref().map_or(Reply::Left, |device| ask_or_look(device.asked)),
            },
        }
    }

    /// A phrase that was made and is given up belongs into the record.
    pub(super) fn note_void_phrase(&mut self) {
        if self.device.as_ref().is_some_and(|device| device.has_open_phrase() && !device.is_practice) {
            (self.history.is_unwritten, self.history.void) = (true, Some(VOID));
        }
    }

    /// The backup that the command line names, once what the device holds was read.
    fn read_named_backup(&mut self) -> Option<Effect> {
        let device = self.device.as_mut()?;
        let path = device.to_read.1.take()?;
        // Asked for, where it cannot be read.
        device.asked = DeviceAsked::Backup;
        Some(self.read_for_device(Source::Files(vec![path])))
    }

    /// Reads a backup of the device; what the device holds stays.
    fn read_for_device(&mut self, source: Source) -> Effect {
        let device = self.device.take();
        let mut effect = self.read(source);
        self.device = device;
        if let Effect::Load { keeps_device, .. } = &mut effect {
            *keeps_device = true;
        }
        effect
    }
}

/// What was made, read and accepted for a backup is forgotten in the session too.
fn forget_made() -> Reply<DeviceRefusal> {
    Reply::Do(Effect::Device(DeviceAct::Drop { keeps_shares: true }), FORGETTING)
}

/// Places may have changed.
fn ask_or_look(asked: DeviceAsked) -> Reply<DeviceRefusal> {
    match asked {
        DeviceAsked::Place | DeviceAsked::KeyPlace => Reply::Do(Effect::FindPlaces, "Looking for media"),
        _ => Reply::Ask,
    }
}

/// Said of a phrase that was shown, while no backup was made with it.
pub const VOID: &str = "No backup was made with the phrase that was shown: it is void, write VOID on the paper.";

const FORGETTING: &str = "Forgetting what was typed";
const READING: &str = "Reading the backup";
const READING_SHARES: &str = "Reading what the device holds";
