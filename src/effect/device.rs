//! The backup of one person's device: what is wanted of the machine, and what is heard back.

use std::path::PathBuf;
use std::time::Duration;

use super::{Confirmation, Trouble, TypedWords};
use crate::domain::inventory::OrganizationLabel;
use crate::domain::phrase::Phrase;
use crate::domain::pin::Pin;
use crate::domain::text::Text;

/// The folders of backup and cloud key: neither lies in that of the other.
pub const BACKUP_FOLDER: &str = "device-backup";
pub const KEY_FOLDER: &str = "cloud-key-to-upload";

/// One step around the backup of a device. What becomes of it is [`DeviceSaid`].
#[derive(Debug)]
pub enum DeviceAct {
    /// Read what a device holds, and keep it: [`DeviceSaid::Shares`]. Without a path that of the built-in device, for practice.
    ReadShares(Option<PathBuf>),
    /// Look whether the files of a backup can have these names, and that its cloud key would not lie beside it: [`DeviceSaid::Names`].
    CheckNames { backup: PathBuf, key: Option<PathBuf> },
    /// Make the phrase of a new backup, or show once more the one that is not typed back yet: [`DeviceSaid::Phrase`].
    Show,
    /// Compare what was typed back with what was shown: [`DeviceSaid::Confirmed`].
    Confirm(TypedWords),
    /// Read the cloud key of the backup that is loaded, and keep it for the PIN: [`DeviceSaid::Key`]. Without a path the built-in one.
    /// It is refused where it lies in the folder of `apart_from`.
    ReadKey { path: Option<PathBuf>, apart_from: Option<PathBuf> },
    /// Judge that key with a PIN: [`super::Outcome::Checked`]. What is accepted stays.
    CheckPin(Pin),
    /// Seal, write, read back from the medium and open: [`DeviceSaid::Written`].
    Write(Box<DeviceOrder>),
    /// Forget what was made, read and accepted for a backup, and what the device holds, unless that is kept:
    /// [`DeviceSaid::Dropped`].
    Drop { keeps_shares: bool },
}

#[derive(Debug)]
pub enum DeviceSaid {
    Shares(Result<DeviceFacts, Trouble>),
    Names(Result<(), Trouble>),
    Phrase(Result<Phrase, Trouble>),
    Confirmed(Result<Confirmation, Trouble>),
    Key(Result<(), Trouble>),
    Written(Result<DeviceWritten, Trouble>),
    Dropped,
}

/// What a device holds, without any share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceFacts {
    /// What the device is called, and whose it is.
    pub device: Text,
    pub user: Text,
    /// It is that of a training sample: a backup of it protects nothing.
    pub is_training: bool,
    /// Its organizations in their order, and how many shares of each it holds.
    pub organizations: Vec<(OrganizationLabel, usize)>,
    /// About how long one derivation of a new backup takes on this machine.
    pub derivation: Duration,
}

/// What the labels of a backup of a device claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceClaims {
    pub organizations: Vec<OrganizationLabel>,
    /// Where its cloud key is said to be kept.
    pub account: Option<CloudAccount>,
}

/// Where a cloud key is kept: a note, which anybody can read in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudAccount {
    pub provider: Text,
    pub account: Option<Text>,
}

/// A place where a cloud key can be said to be kept.
#[derive(Debug)]
pub struct Provider {
    /// As a script names it.
    pub option: &'static str,
    /// In a list.
    pub title: &'static str,
    /// In a backup, and in a sentence.
    pub name: &'static str,
}

pub const PROVIDERS: [Provider; 3] = [
    Provider { option: "google", title: "Google", name: "Google" },
    Provider { option: "icloud", title: "iCloud", name: "iCloud" },
    Provider { option: "other", title: "Another place", name: "another place" },
];

impl std::fmt::Display for CloudAccount {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.account {
            Some(account) => write!(out, "{} / {account}", self.provider),
            None => self.provider.fmt(out),
        }
    }
}

/// A new file of a backup.
#[derive(Debug)]
pub struct DeviceOrder {
    pub contents: DeviceContents,
    pub way: DeviceWay,
    /// A backup is loaded that it goes on from, or takes the place of.
    pub has_backup: bool,
    pub path: PathBuf,
}

/// What a new file holds.
#[derive(Debug)]
pub enum DeviceContents {
    /// The shares of these organizations of the device, by their ids.
    OfDevice(Vec<Text>),
    /// All that the backup holds that is open.
    OfBackup,
}

/// What a new file is opened with.
#[derive(Debug)]
pub enum DeviceWay {
    /// What opened the backup that is open: it holds this besides.
    AsBefore,
    /// The phrase that was shown and typed back.
    Phrase,
    /// A new cloud key, written to a file of its own, and this PIN.
    Cloud { pin: Pin, account: CloudAccount, key: PathBuf },
}

/// A file of a backup that was written, read back and opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceWritten {
    pub path: PathBuf,
    /// Where the cloud key is, and where it goes from there.
    pub key: Option<(PathBuf, CloudAccount)>,
    /// The organizations that were backed up by it, by their names.
    pub names: Vec<String>,
    /// They were taken over from a backup that it takes the place of.
    pub is_reset: bool,
    /// The file that it goes on from, which the same opens.
    pub before: Option<String>,
}
