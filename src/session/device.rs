//! The backup of a device: found, opened with what its user has, and written anew.

mod compared;
mod steps;

pub(in crate::session) use self::compared::compared;
pub(in crate::session) use self::steps::DeviceDesk;

use std::path::{Path, PathBuf};

use super::load::{LoadError, load, named, unite_of_device};
use super::phrase_judge::{PhraseJudge, PhraseJudgeError};
use crate::crypto::kdf::Kdf;
use crate::crypto::label::Purpose;
use crate::domain::explain::Explain;
use crate::domain::inventory::{
    Collection, DeviceShares, DeviceSharesError, Inventory, Item, OrganizationLabel, has_same_shares,
};
use crate::domain::kind::Method;
use crate::domain::pin::Pin;
use crate::domain::text::{Safe, Text};
use crate::effect::Answer;
use crate::machine::files::{self, ReadError, shown};
use crate::machine::output::parent;
use crate::snapshot::backup::Backup;
use crate::snapshot::cloud_key::{self, CloudKey, CloudKeyError};
use crate::snapshot::founding::sealable;
use crate::snapshot::opening::{Opened, OpeningError};
use crate::snapshot::refresh::{Issue, seal_anew};
use crate::snapshot::sealing::SealingError;
use crate::snapshot::v1::limits;
use crate::snapshot::v1::model::{DeviceLabels, Labels, Replaces, Snapshot};
use crate::snapshot::v1::read::Reading;

/// What went wrong with the backup of a device. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("{}: {why}", shown(.path))]
    Shares { path: PathBuf, why: DeviceSharesError },
    #[error("{}: {why}", shown(.path))]
    CloudKey { path: PathBuf, why: CloudKeyError },
    #[error("{}: this is {what}, and not {}", shown(.path), .wanted.said())]
    Mistaken { path: PathBuf, what: &'static str, wanted: Wanted },
    #[error("this backup opens with a phrase, and none was given")]
    PhraseMissing,
    #[error("this backup opens with a cloud key and a PIN; the cloud key is missing{}", noted_at(.noted.as_deref()))]
    CloudKeyMissing { noted: Option<String> },
    #[error("this backup opens with a cloud key and a PIN; the PIN is missing")]
    PinMissing,
    #[error("this cloud key is of another backup: one from before a reset, or of another device")]
    OtherCloudKey,
    #[error("the cloud key and the PIN do not open this backup")]
    WrongPin,
    #[error("the core of this file is damaged, so nobody can say whether that is right")]
    CannotBeJudged,
    #[error("the file was altered: what opens it is right, and it does not open")]
    Altered,
    #[error("what this file holds does not all check, and nothing goes on from it")]
    NotWhole,
    #[error("this backup holds shares of {}, and the device is of {}", Safe(.backup), .device)]
    OtherUser { backup: String, device: Text },
    #[error("the backup holds shares of {} from the device {}, and this is {device}: they would be replaced", Safe(.name), Safe(.backup))]
    OtherDevice { name: String, backup: String, device: Text },
    #[error("the backup holds shares of {} that changed later than those of this device", Safe(.name))]
    Older { name: String },
    #[error("{} would lie beside the backup: whoever finds the folder has both", shown(.path))]
    Beside { path: PathBuf },
    #[error("{} lies where the new backup is to be written: whoever finds the folder has both", shown(.path))]
    KeyBeside { path: PathBuf },
    #[error("what the device holds changed since it was read here")]
    SharesChanged,
    #[error("what was written does not open, or does not hold what was to be backed up")]
    NotReadBack,
    #[error("nothing came out of this backup")]
    NothingInside,
    #[error("the device holds no shares of an organization with the id {}", Safe(.id))]
    NoOrganization { id: String },
    #[error(transparent)]
    Judge(#[from] PhraseJudgeError),
    #[error(transparent)]
    Opening(#[from] OpeningError),
    #[error(transparent)]
    Sealing(#[from] SealingError),
}

/// A file that something is read from, beside the backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Shares,
    CloudKey,
}

impl Wanted {
    fn said(self) -> &'static str {
        match self {
            Self::Shares => "what the device holds (SHARES.json)",
            Self::CloudKey => "the cloud key file",
        }
    }

    /// Another file was named: what that is, where it is known.
    fn instead_of(self, path: &Path, otherwise: DeviceError) -> DeviceError {
        match named(path) {
            Some(what) => DeviceError::Mistaken { path: path.to_owned(), what, wanted: self },
            None => otherwise,
        }
    }
}

/// Where the file notes that its key is kept: anybody can write that.
fn noted_at(noted: Option<&str>) -> String {
    noted.map_or_else(String::new, |noted| format!(". The file notes that it is kept at {noted} (unverified)"))
}

impl Explain for DeviceError {
    fn hint(&self) -> String {
        match self {
            Self::Load(error) => return error.hint(),
            Self::Shares { why, .. } => return why.hint(),
            Self::CloudKey { why, .. } => return why.hint(),
            Self::Judge(error) => return error.hint(),
            Self::Mistaken { wanted: Wanted::Shares, .. } => {
                "SHARES.json is written by the wallet of the device. Its form is described in docs/device.md."
            }
            Self::Mistaken { wanted: Wanted::CloudKey, .. } => {
                "It is the file that was uploaded to the cloud account, not the backup itself."
            }
            Self::PhraseMissing => "Type the twelve words that were written down when it was made.",
            Self::CloudKeyMissing { .. } => {
                "Download the cloud key file from the account that it was uploaded to. Without it nothing opens this backup: make a new one from the device."
            }
            Self::PinMissing => "The PIN was chosen when the backup was made. Nobody else knows it.",
            Self::OtherCloudKey => "Look for the key file that was uploaded when this backup was made.",
            Self::WrongPin => {
                "Most likely the PIN is another one: try again. A key file that somebody altered would look the same."
            }
            Self::CannotBeJudged | Self::Altered => "Look for another copy of the backup.",
            Self::NotWhole => "Take another copy of it, or make a new backup from the device.",
            Self::OtherUser { .. } => "Each user has a backup of their own: choose another file, or make a new one.",
            Self::OtherDevice { .. } => "Two devices have a backup each: make a new one for this device. If it is the same device with another name, or took the place of that one, write the old name into its SHARES.json.",
            Self::Older { .. } => "They would be replaced by older ones. Restore them to the device first; or make a backup of its own for this device.",
            Self::Beside { .. } => "Name a file in another place, as on a stick.",
            Self::KeyBeside { .. } => "Move it out of that folder first; or write the backup to another place.",
            Self::SharesChanged => "In the list of organizations F5 (line by line: a) reads its file once more.",
            Self::NotReadBack => "Write it to another medium.",
            Self::NoOrganization { .. } => "`conclave device status SHARES.json` says which there are.",
            Self::NothingInside | Self::Opening(_) | Self::Sealing(_) => "Look for another copy of the backup, or make a new one from the device.",
        }
        .to_owned()
    }
}

/// What a wallet wrote of a device.
pub fn read_shares(path: &Path) -> Result<DeviceShares, DeviceError> {
    let bytes = files::read_secret(path, limits::TEXT).map_err(LoadError::from)?;
    DeviceShares::read(bytes.reveal()).map_err(|why| {
        let is_other =
            matches!(why, DeviceSharesError::NotText | DeviceSharesError::Json { .. } | DeviceSharesError::NotShares);
        let wrong = DeviceError::Shares { path: path.to_owned(), why };
        if is_other { Wanted::Shares.instead_of(path, wrong) } else { wrong }
    })
}

pub fn read_cloud_key(path: &Path) -> Result<CloudKey, DeviceError> {
    let read = match files::read_secret(path, cloud_key::FILE_LIMIT) {
        Err(ReadError::TooLarge { .. }) => Err(CloudKeyError::NotACloudKey),
        read => CloudKey::read(read.map_err(LoadError::from)?.reveal()),
    };
    read.map_err(|why| {
        let wrong = DeviceError::CloudKey { path: path.to_owned(), why };
        if why == CloudKeyError::NotACloudKey { Wanted::CloudKey.instead_of(path, wrong) } else { wrong }
    })
}

/// The backup of a device, as a file.
pub struct DeviceFile {
    pub judge: PhraseJudge,
}

impl DeviceFile {
    pub fn load(path: &Path) -> Result<Self, DeviceError> {
        let (backup, _) = unite_of_device(vec![load(path)?.reading], path)?;
        Ok(Self { judge: PhraseJudge::of(backup) })
    }

    pub fn method(&self) -> Method {
        self.judge.backup.core().method
    }

    pub fn purpose(&self) -> Purpose {
        self.judge.backup.core().purpose
    }

    /// Opens it with its cloud key and PIN.
    pub fn open(&mut self, key: &CloudKey, pin: &Pin, kdf: &dyn Kdf) -> Result<Opened, DeviceError> {
        match self.judge.take_cloud(key, pin, kdf)? {
            Answer::Verified { .. } | Answer::AlreadyEntered { .. } => Ok(self.judge.open()?),
            Answer::NotOfThisBackup { .. } => Err(DeviceError::WrongPin),
            Answer::AlteredFile { .. } => Err(DeviceError::Altered),
            Answer::CannotBeJudged => Err(DeviceError::CannotBeJudged),
        }
    }

    /// That its cloud key is missing, and where it is said to be kept.
    pub fn key_missing(&self) -> DeviceError {
        let label = labels(&self.judge.backup).and_then(|labels| labels.cloud.as_ref());
        DeviceError::CloudKeyMissing {
            noted: label.map(|label| match &label.account {
                Some(account) => format!("{} / {account}", label.provider),
                None => label.provider.to_string(),
            }),
        }
    }
}

/// What the labels of a backup claim: anybody can write them.
pub fn labels(backup: &Backup) -> Option<&DeviceLabels> {
    backup.labels().and_then(Labels::of_device)
}

/// Whether that key was made for this backup. Asked before anybody types a PIN.
pub fn check_key(backup: &Backup, key: &CloudKey) -> Result<(), DeviceError> {
    match key.binding() == backup.core().binding() {
        true => Ok(()),
        // A core that is damaged may name another backup.
        false if !backup.condition().can_judge() => Err(DeviceError::CannotBeJudged),
        false => Err(DeviceError::OtherCloudKey),
    }
}

/// Whether what opens a backup would lie apart from it.
pub fn check_apart(beside: &Path, backup: &Path) -> Result<(), DeviceError> {
    if files::is_inside(beside, parent(backup)) { Err(DeviceError::Beside { path: beside.to_owned() }) } else { Ok(()) }
}

/// Whether a cloud key that is there lies apart from a new backup.
pub fn check_key_apart(key: &Path, backup: &Path) -> Result<(), DeviceError> {
    check_apart(key, backup).map_err(|_| DeviceError::KeyBeside { path: key.to_owned() })
}

/// The next snapshot: with these items in the place of those of their organizations, all of it sealed anew.
pub fn next(backup: &Backup, opened: &Opened, items: &[&Item], issue: Issue<'_>) -> Result<Snapshot, DeviceError> {
    let newest = backup.files().first().and_then(Reading::snapshot);
    let (Some(snapshot), Some(labels)) = (newest, labels(backup)) else {
        return Err(DeviceError::NotWhole);
    };
    let is_replaced = |item: &Item| items.iter().any(|new| new.id() == item.id());
    let kept = opened.inventory.items(Collection::Shares).map(|version| &version.item);
    let all: Vec<&Item> = kept.filter(|item| !is_replaced(item)).chain(items.iter().copied()).collect();
    let labels = DeviceLabels { organizations: OrganizationLabel::of_all(all.iter().copied()), ..labels.clone() };
    match seal_anew(&snapshot, opened, sealable(&all), Labels::Device(labels), issue) {
        Err(SealingError::MarkNotGenuine | SealingError::Unread) => Err(DeviceError::NotWhole),
        sealed => Ok(sealed?),
    }
}

/// What a backup says that takes the place of this one.
pub fn replaced(backup: &Backup) -> Replaces {
    Replaces { backup_id: backup.core().backup_id, core_digest: *backup.core_digest() }
}

/// Refuses to put older shares of a device in the place of newer ones.
pub fn check_newer(items: &[&Item], inventory: &Inventory) -> Result<(), DeviceError> {
    let backed = OrganizationLabel::of_inventory(inventory);
    let is_older = |new: &OrganizationLabel| backed.iter().any(|old| old.id == new.id && old.changed > new.changed);
    let older = OrganizationLabel::of_all(items.iter().copied()).into_iter().find(is_older);
    older.map_or(Ok(()), |label| Err(DeviceError::Older { name: label.name.raw().to_owned() }))
}

/// Refuses to put shares of another device of the same user in the place of what the backup holds. A backup that does not name its
/// device is gone on with.
pub fn check_device(device: &DeviceShares, items: &[&Item], inventory: &Inventory) -> Result<(), DeviceError> {
    let backed = |item: &Item| inventory.items(Collection::Shares).find(|version| version.item.id() == item.id());
    let other = items.iter().find_map(|item| {
        let old = &backed(item)?.item;
        let from = old.fields().text("device").filter(|from| *from != device.device.raw())?;
        if has_same_shares(item, old) {
            // They were restored to it.
            return None;
        }
        Some(DeviceError::OtherDevice { name: item.title(), backup: from.to_owned(), device: device.device.clone() })
    });
    other.map_or(Ok(()), Err)
}

/// Refuses shares of somebody else: one file holds one user's own.
pub fn check_user(device: &DeviceShares, inventory: &Inventory) -> Result<(), DeviceError> {
    let users = inventory.items(Collection::Shares).filter_map(|version| version.item.fields().text("user"));
    match users.into_iter().find(|user| *user != device.user.raw()) {
        Some(user) => Err(DeviceError::OtherUser { backup: user.to_owned(), device: device.user.clone() }),
        None => Ok(()),
    }
}
