//! What pages and prompts ask around the backup of a device. What the device holds, a phrase that is being made and a cloud key stay
//! here.

use std::path::{Path, PathBuf};

use super::{
    DeviceError, check_apart, check_device, check_key, check_key_apart, check_newer, check_user, next, read_cloud_key,
    read_shares, replaced,
};
use crate::crypto::kdf::{Kdf, KdfNumbers, STANDARD};
use crate::crypto::label::Purpose;
use crate::domain::encoding::Hex;
use crate::domain::explain::Explain;
use crate::domain::inventory::{Collection, DeviceShares, Item, Kept, OrganizationLabel};
use crate::domain::kind::{Kind, Method};
use crate::domain::phrase::{Phrase, PhraseForm};
use crate::domain::pin::Pin;
use crate::domain::secret::SecretBuffer;
use crate::domain::text::{Text, capital};
use crate::effect::{
    BACKUP_FOLDER, Confirmation, DeviceAct, DeviceContents, DeviceFacts, DeviceOrder, DeviceSaid, DeviceWay,
    DeviceWritten, KEY_FOLDER, Outcome, Trouble, TypedWords,
};
use crate::machine::output::parent;
use crate::machine::{clock, files};
use crate::session::load::load;
use crate::session::phrase_judge::PhraseJudge;
use crate::session::{Session, no_backup, summary};
use crate::snapshot::cloud_key::CloudKey;
use crate::snapshot::finding::Finding;
use crate::snapshot::founding::{NewOpener, found_device};
use crate::snapshot::opening::Opened;
use crate::snapshot::refresh::Issue;
use crate::snapshot::sealing::SealingError;
use crate::snapshot::v1::layout;
use crate::snapshot::v1::model::{CloudLabel, Replaces, Snapshot};
use crate::training::{DEVICE_EARLIER, DEVICE_SAMPLES, DEVICE_SHARES, SampleOpener};

/// What is held of a device and of its backup in the making.
#[derive(Default)]
pub(in crate::session) struct DeviceDesk {
    shares: Option<DeviceShares>,
    is_training: bool,
    /// Where that was read.
    path: Option<PathBuf>,
    /// It was shown, and is not sealed with yet.
    phrase: Option<Phrase>,
    is_typed_back: bool,
    /// Waits for its PIN.
    key: Option<CloudKey>,
}

impl DeviceDesk {
    pub(in crate::session) fn shares(&self) -> Option<&DeviceShares> {
        self.shares.as_ref()
    }

    /// Forgets what was made for a backup, and what the device holds, unless that is kept.
    pub(in crate::session) fn drop_made(&mut self, keeps_shares: bool) {
        (self.phrase, self.key, self.is_typed_back) = (None, None, false);
        if !keeps_shares {
            *self = Self::default();
        }
    }
}

/// What becomes of a backup, and what is then asked of it.
struct SealedDevice {
    snapshot: Snapshot,
    /// The cloud key, and where it is written.
    key: Option<(PathBuf, SecretBuffer)>,
    opener: ReadBackWith,
}

/// What opens what was written, to prove it.
enum ReadBackWith {
    Phrase(Phrase),
    Cloud(Pin),
    /// What was accepted for the file before.
    Before,
}

impl Session {
    pub(in crate::session) fn device(&mut self, act: DeviceAct) -> Outcome {
        let said = match act {
            DeviceAct::ReadShares(path) => DeviceSaid::Shares(self.read_shares(path.as_deref())),
            DeviceAct::CheckNames { backup, key } => DeviceSaid::Names(self.check_names(&backup, key.as_deref())),
            DeviceAct::Show => DeviceSaid::Phrase(self.show_phrase()),
            DeviceAct::Confirm(typed) => DeviceSaid::Confirmed(self.confirm(&typed)),
            DeviceAct::ReadKey { path, apart_from } => {
                DeviceSaid::Key(self.read_key(path.as_deref(), apart_from.as_deref()))
            }
            DeviceAct::CheckPin(pin) => return self.check_pin(&pin),
            DeviceAct::Write(order) => DeviceSaid::Written(self.write_device(*order)),
            DeviceAct::Drop { keeps_shares } => {
                self.device.drop_made(keeps_shares);
                if let Some(judge) = &mut self.state.judge {
                    judge.remove(1);
                }
                DeviceSaid::Dropped
            }
        };
        Outcome::Device(Box::new(said))
    }

    fn read_shares(&mut self, path: Option<&Path>) -> Result<DeviceFacts, Trouble> {
        let shares = match path {
            Some(path) => read_shares(path).map_err(|error| said(&error))?,
            None => DeviceShares::read(DEVICE_SHARES)
                .map_err(|why| said(&DeviceError::Shares { path: PathBuf::from("SHARES.json"), why }))?,
        };
        // A backup of what is nobody's protects nothing.
        let is_of_sample = |sample: &[u8]| DeviceShares::read(sample).is_ok_and(|sample| sample.is_same(&shares));
        let is_training = is_of_sample(DEVICE_SHARES) || is_of_sample(DEVICE_EARLIER);
        let count = |label: &OrganizationLabel| {
            let item = shares.item(label.id.raw());
            item.and_then(|item| item.fields().list("shares")).map_or(0, <[Kept]>::len)
        };
        let organizations = shares.labels().into_iter().map(|label| (label.clone(), count(&label))).collect();
        let facts = DeviceFacts {
            device: shares.device.clone(),
            user: shares.user.clone(),
            is_training,
            organizations,
            derivation: summary::expected(&KdfNumbers::new(STANDARD, Hex([0; 32])), &*self.kdf),
        };
        (self.device.shares, self.device.is_training) = (Some(shares), is_training);
        self.device.path = path.map(Path::to_owned);
        Ok(facts)
    }

    fn check_names(&self, backup: &Path, key: Option<&Path>) -> Result<(), Trouble> {
        self.is_same_place(backup)?;
        // Whoever uploads that folder would upload both.
        if parent(backup).components().any(|part| part.as_os_str() == KEY_FOLDER) {
            return Err(said(&DeviceError::Beside { path: backup.to_owned() }));
        }
        if let Some(key) = key {
            self.is_same_place(key)?;
            check_apart(key, backup).map_err(|error| said(&error))?;
        }
        // A folder of its own is made with the file; the place itself, which may be gone, is not.
        let has_folder = |path: &&Path| files::is_folder(parent(path)) || !is_own_folder(parent(path));
        let (there, new): (Vec<&Path>, Vec<&Path>) = [backup].into_iter().chain(key).partition(has_folder);
        for path in new {
            files::look_at_new_file(path, &self.folders).map_err(|error| Trouble::of(&error))?;
        }
        files::look_at_names(&*self.disk, &there, &self.folders).map_err(|error| Trouble::of(&error))
    }

    fn show_phrase(&mut self) -> Result<Phrase, Trouble> {
        if let Some(phrase) = &self.device.phrase {
            return Ok(phrase.duplicate());
        }
        let phrase = Phrase::generate(PhraseForm::OF_DEVICE, &mut *self.entropy)
            .map_err(|error| Trouble::new(format_args!("{error}."), "Nothing was shown. Restart the machine."))?;
        let copy = phrase.duplicate();
        (self.device.phrase, self.device.is_typed_back) = (Some(phrase), false);
        Ok(copy)
    }

    fn confirm(&mut self, typed: &TypedWords) -> Result<Confirmation, Trouble> {
        let phrase = self.device.phrase.as_ref().ok_or_else(|| {
            Trouble::new("No phrase was shown that could be typed back.", "Go back, and begin the backup anew.")
        })?;
        let numbers = phrase.differing(typed.reveal());
        self.device.is_typed_back = numbers.is_empty();
        Ok(if numbers.is_empty() { Confirmation::Same } else { Confirmation::Differs { numbers } })
    }

    fn read_key(&mut self, path: Option<&Path>, apart_from: Option<&Path>) -> Result<(), Trouble> {
        if let (Some(key), Some(backup)) = (path, apart_from) {
            check_key_apart(key, backup).map_err(|error| said(&error))?;
        }
        let judge = self.state.judge.as_ref().ok_or_else(no_backup)?;
        let key = match path {
            Some(path) => read_cloud_key(path).map_err(|error| said(&error))?,
            None => built_in_key().ok_or_else(|| said(&DeviceError::CloudKeyMissing { noted: None }))?,
        };
        check_key(&judge.backup, &key).map_err(|error| said(&error))?;
        self.device.key = Some(key);
        Ok(())
    }

    fn check_pin(&mut self, pin: &Pin) -> Outcome {
        let begun = clock::since_boot();
        let answer = match (&mut self.state.judge, &self.device.key) {
            (Some(judge), Some(key)) => {
                judge.take_cloud(key, pin, &*self.kdf).map_err(|error| Trouble::undone("checked", &error))
            }
            (Some(_), None) => Err(said(&DeviceError::CloudKeyMissing { noted: None })),
            (None, _) => Err(no_backup()),
        };
        Outcome::Checked { answer, took: clock::since_boot().saturating_sub(begun) }
    }

    fn write_device(&mut self, order: DeviceOrder) -> Result<DeviceWritten, Trouble> {
        let key_path = match &order.way {
            DeviceWay::Cloud { key, .. } => Some(key.clone()),
            DeviceWay::AsBefore | DeviceWay::Phrase => None,
        };
        self.check_names(&order.path, key_path.as_deref())?;
        let opened = match order.way {
            DeviceWay::AsBefore => Some(self.opened_device()?),
            DeviceWay::Phrase | DeviceWay::Cloud { .. } if matches!(order.contents, DeviceContents::OfBackup) => {
                Some(self.opened_device()?)
            }
            DeviceWay::Phrase | DeviceWay::Cloud { .. } => None,
        };
        let is_reset = matches!(order.contents, DeviceContents::OfBackup);
        let items = self.items_of(&order.contents, opened.as_ref()).map_err(|error| said(&error))?;
        let items: Vec<&Item> = items.iter().collect();
        let account = match &order.way {
            DeviceWay::Cloud { account, .. } => Some(account.clone()),
            DeviceWay::AsBefore | DeviceWay::Phrase => None,
        };
        let loaded = self.state.judge.as_ref().filter(|_| matches!(order.way, DeviceWay::AsBefore));
        let before = loaded.and_then(|judge| judge.backup.files().first()).map(|file| file.name.clone());
        let sealed = self.seal_device(&items, order.way, order.has_backup, opened.as_ref())?;
        let bytes = layout::to_bytes(&sealed.snapshot);
        // What opens it comes first: a backup that nothing opens must not look finished.
        let key = sealed.key.as_ref().map(|(path, key)| (path.as_path(), key.reveal()));
        let all: Vec<(&Path, &[u8])> = key.into_iter().chain([(order.path.as_path(), bytes.as_slice())]).collect();
        files::write_all_below(&*self.disk, Path::new("/"), &all, &self.folders)
            .map_err(|error| Trouble::of(&error))?;
        let written: Vec<String> = all.iter().map(|(path, _)| files::shown(path)).collect();
        self.read_back(&order.path, &sealed, &items).map_err(|Trouble { what, hint }| {
            let written = written.join(" and ");
            Trouble::new(what, format_args!("What was written is no backup, delete it: {written}. {hint}"))
        })?;
        self.device.drop_made(true);
        let labels: Vec<OrganizationLabel> = items.iter().filter_map(|item| OrganizationLabel::of(item)).collect();
        let held = self.device.shares.as_ref().map(DeviceShares::labels).unwrap_or_default();
        let name = |label: &OrganizationLabel| label.told_apart(labels.iter().chain(&held));
        let key = sealed.key.map(|(path, _)| path).zip(account);
        Ok(DeviceWritten { path: order.path, key, names: labels.iter().map(name).collect(), is_reset, before })
    }

    /// What the loaded backup of the device holds; the one who opened it did so in this session.
    fn opened_device(&self) -> Result<Opened, Trouble> {
        let judge = self.state.judge.as_ref().ok_or_else(no_backup)?;
        let opened = judge.open().map_err(|error| said(&DeviceError::from(error)))?;
        // Nobody looks into the new file for what was wrong with the old one.
        if opened.findings.iter().any(Finding::is_red) {
            return Err(said(&DeviceError::NotWhole));
        }
        Ok(opened)
    }

    fn items_of(&self, contents: &DeviceContents, opened: Option<&Opened>) -> Result<Vec<Item>, DeviceError> {
        let items: Vec<Item> = match contents {
            DeviceContents::OfBackup => {
                let items = opened.into_iter().flat_map(|opened| opened.inventory.items(Collection::Shares));
                items.map(|version| version.item.duplicate()).collect()
            }
            DeviceContents::OfDevice(ids) => {
                let device = self.device.shares.as_ref().ok_or(DeviceError::NothingInside)?;
                // Where the file is gone, what was read of it counts.
                let now = self.device.path.as_deref().and_then(|path| read_shares(path).ok());
                if now.is_some_and(|now| !now.is_same(device)) {
                    return Err(DeviceError::SharesChanged);
                }
                if let Some(opened) = opened {
                    check_user(device, &opened.inventory)?;
                }
                let item = |id: &Text| {
                    let item = device.item(id.raw()).map(Item::duplicate);
                    item.ok_or_else(|| DeviceError::NoOrganization { id: id.raw().to_owned() })
                };
                let items = ids.iter().map(item).collect::<Result<Vec<_>, _>>()?;
                if let Some(opened) = opened {
                    let new: Vec<&Item> = items.iter().collect();
                    check_device(device, &new, &opened.inventory)?;
                    check_newer(&new, &opened.inventory)?;
                }
                items
            }
        };
        if items.is_empty() { Err(DeviceError::NothingInside) } else { Ok(items) }
    }

    fn seal_device(
        &mut self,
        items: &[&Item],
        way: DeviceWay,
        has_backup: bool,
        opened: Option<&Opened>,
    ) -> Result<SealedDevice, Trouble> {
        let created = clock::now().ok_or_else(|| {
            Trouble::new("The clock of this machine shows no usable date.", "Nothing was made. Set the date.")
        })?;
        let failed = |error: SealingError| said(&error.into());
        let purpose = self.purpose_of_device(has_backup);
        let loaded = self.state.judge.as_ref().filter(|judge| has_backup && judge.backup.core().kind == Kind::Device);
        match way {
            DeviceWay::AsBefore => {
                let (Some(judge), Some(opened)) = (loaded, opened) else { return Err(no_backup()) };
                let issue = Issue { created, issuer: None, entropy: &mut *self.entropy };
                let snapshot = next(&judge.backup, opened, items, issue).map_err(|error| said(&error))?;
                Ok(SealedDevice { snapshot, key: None, opener: ReadBackWith::Before })
            }
            DeviceWay::Phrase => {
                let replaces: Option<Replaces> = loaded.map(|judge| replaced(&judge.backup));
                let phrase = self.device.phrase.as_ref().filter(|_| self.device.is_typed_back);
                let phrase = phrase.ok_or_else(|| said(&DeviceError::PhraseMissing))?.duplicate();
                let machine = (&*self.kdf as &dyn Kdf, &mut *self.entropy as _);
                let with = NewOpener::Phrase(&phrase);
                let (snapshot, _) =
                    found_device(items, &with, (purpose, replaces), created, machine).map_err(failed)?;
                Ok(SealedDevice { snapshot, key: None, opener: ReadBackWith::Phrase(phrase) })
            }
            DeviceWay::Cloud { pin, account, key: path } => {
                let replaces: Option<Replaces> = loaded.map(|judge| replaced(&judge.backup));
                let label = CloudLabel { account: account.account, provider: account.provider };
                let machine = (&*self.kdf as &dyn Kdf, &mut *self.entropy as _);
                let with = NewOpener::Cloud(&pin, label);
                let founded = found_device(items, &with, (purpose, replaces), created, machine).map_err(failed)?;
                let (snapshot, Some(key)) = founded else {
                    return Err(said(&DeviceError::CloudKeyMissing { noted: None }));
                };
                Ok(SealedDevice { snapshot, key: Some((path, key.to_bytes())), opener: ReadBackWith::Cloud(pin) })
            }
        }
    }

    /// That of the backup that it goes on from, else what the device is for.
    fn purpose_of_device(&self, has_backup: bool) -> Purpose {
        let loaded = self.state.judge.as_ref().map(|judge| judge.backup.core());
        match loaded.filter(|core| has_backup && core.kind == Kind::Device) {
            Some(core) => core.purpose,
            None if self.device.is_training => Purpose::Training,
            None => Purpose::Production,
        }
    }

    /// Reads what was written, the cloud key too, opens it, and compares: only then it is called a backup.
    fn read_back(&self, path: &Path, sealed: &SealedDevice, items: &[&Item]) -> Result<(), Trouble> {
        let reading = load(path).map_err(|error| said(&error.into()))?.reading;
        let opened = match (&sealed.opener, &self.state.judge) {
            (ReadBackWith::Before, Some(judge)) => judge.open_as_next(reading),
            (ReadBackWith::Before, None) => return Err(no_backup()),
            (ReadBackWith::Phrase(phrase), _) => {
                let mut judge = PhraseJudge::unite_any(vec![reading], path).map_err(|error| said(&error.into()))?;
                judge.take(phrase, &*self.kdf, &|| false).map_err(|error| said(&error.into()))?;
                judge.open()
            }
            (ReadBackWith::Cloud(pin), _) => {
                let mut judge = PhraseJudge::unite_any(vec![reading], path).map_err(|error| said(&error.into()))?;
                let written = sealed.key.as_ref().map_or(Path::new(""), |(path, _)| path.as_path());
                let key = read_cloud_key(written).map_err(|error| said(&error))?;
                judge.take_cloud(&key, pin, &*self.kdf).map_err(|error| said(&error.into()))?;
                judge.open()
            }
        };
        let opened = opened.map_err(|_| said(&DeviceError::NotReadBack))?;
        let is_there = |item: &&&Item| {
            let mut there = opened.inventory.items(Collection::Shares);
            there.any(|version| version.item.id() == item.id() && version.item.fields().same_as(item.fields()))
        };
        let is_whole =
            !opened.findings.iter().any(Finding::is_red) && items.iter().filter(is_there).count() == items.len();
        if is_whole { Ok(()) } else { Err(said(&DeviceError::NotReadBack)) }
    }
}

/// Whether it is a folder that is made for one file, in a place that is there.
fn is_own_folder(folder: &Path) -> bool {
    let is_named = [BACKUP_FOLDER, KEY_FOLDER].iter().any(|name| folder.ends_with(name));
    is_named && files::is_folder(parent(folder))
}

fn said(error: &DeviceError) -> Trouble {
    let what = match error {
        // They begin with the name of a file.
        DeviceError::Load(_)
        | DeviceError::Shares { .. }
        | DeviceError::CloudKey { .. }
        | DeviceError::Mistaken { .. }
        | DeviceError::Beside { .. }
        | DeviceError::KeyBeside { .. } => error.to_string(),
        _ => capital(&error.to_string()),
    };
    Trouble::new(format_args!("{what}."), error.hint())
}

fn built_in_key() -> Option<CloudKey> {
    let sample = DEVICE_SAMPLES.iter().find(|sample| sample.method() == Method::CloudPin)?;
    match sample.opener {
        SampleOpener::Cloud(key, _) => CloudKey::read(key).ok(),
        SampleOpener::Phrase(_) => None,
    }
}
