//! What a journey may ask of the machine, and what it hears back: plain data, a file an area. Nothing is done here.

mod answer;
mod ceremony;
mod contents;
mod device;
mod export;
mod folder;
mod key;
mod nature;
mod near;
mod network;
mod place;
mod recovery;
mod refresh;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::explain::Explain;
use crate::domain::export_form::ExportForm;
use crate::domain::inventory::TableLayout;
use crate::domain::phrase::Phrase;
use crate::domain::secret::SecretText;

pub use answer::{Answer, Elsewhere};
pub use ceremony::{
    Act, Beginning, Begun, CeremonyOutcome, Confirmation, GoingOn, InventoryFacts, Issued, Medium, Moved, NotIssued,
    Resumption, Rotation, Said, Sealed, TypedWords, Unconfirmed,
};
pub use contents::ContentsFile;
pub use device::{
    BACKUP_FOLDER, CloudAccount, DeviceAct, DeviceClaims, DeviceContents, DeviceFacts, DeviceOrder, DeviceSaid,
    DeviceWay, DeviceWritten, KEY_FOLDER, PROVIDERS, Provider,
};
pub use export::{ExportOrder, WrittenFiles};
pub use folder::{EntryKind, FolderEntry};
pub use key::{DerivedKey, KnownAddress, Searched, WantedKey};
pub use nature::{Nature, Stop};
pub use near::{Near, NearStanding};
pub use network::Network;
pub use place::{LeftDraft, Place, PlaceKind, Remark};
pub use recovery::{Compared, Comparison, FileFacts, Opening, Source, Summary};
pub use refresh::{Change, Confirmed, Differences, NO_MARK_CHECKED, RefreshOrder, Refreshed, WHICH_IS_KEPT, letter};

/// Something that is wanted of the machine. It is done outside of the loop that draws.
#[derive(Debug)]
pub enum Effect {
    /// Look which network interfaces are up: [`Outcome::Network`].
    LookAtNetwork,
    /// Find out where files may be: [`Outcome::Places`].
    FindPlaces,
    /// Delete what an earlier run left half-written: [`Outcome::DraftsRemoved`].
    RemoveDrafts { drafts: Vec<LeftDraft> },
    /// Look into a folder: [`Outcome::Listed`].
    List { folder: PathBuf },
    /// Read a text that somebody chose, as a secret: [`Outcome::Text`].
    ReadText { path: PathBuf },
    /// Look how the columns of a table would be understood, if it is one: [`Outcome::Table`].
    LookAtTable { path: PathBuf },
    /// Read a backup and forget the one before: [`Outcome::Loaded`]. What a device holds is forgotten too, unless it is kept.
    Load { source: Source, is_drill: bool, keeps_device: bool },
    /// Derive once and say whose phrase it is: [`Outcome::Checked`]. An accepted share stays.
    Check { phrase: Phrase },
    /// Derive for each of these, at most [`Summary::at_once`] at the same time, and say which one is somebody's:
    /// [`Outcome::Tried`]. An accepted share stays.
    Try { phrases: Vec<Phrase> },
    /// Forget the accepted share of a shareholder: [`Outcome::Removed`].
    Remove { number: u8 },
    /// Rebuild the wrapping key and open everything: [`Outcome::Opened`].
    Open,
    /// Compare the next vaults of the open backup with their keys, from this one on: [`Outcome::Compared`].
    Compare { from: usize },
    /// Rebuild the key of an item: [`Outcome::Derived`].
    Derive { wanted: WantedKey },
    /// Look for the path of an address among some of them: [`Outcome::Searched`].
    Search { wanted: KnownAddress, from: u64 },
    /// Make a passphrase at random: [`Outcome::Passphrase`].
    MakePassphrase,
    /// Look whether the files of an export can have this name: [`Outcome::NameChecked`].
    CheckName { form: ExportForm, path: PathBuf },
    /// Write what was recovered to new files: [`Outcome::Exported`].
    Export(Box<ExportOrder>),
    /// One step of making a backup: [`Outcome::Ceremony`].
    Ceremony(Act),
    /// One step around the backup of a device: [`Outcome::Device`].
    Device(DeviceAct),
    /// Write a new snapshot of the backup that is loaded: [`Outcome::Refreshed`].
    Refresh(Box<RefreshOrder>),
    /// Wipe all that is held of the recovery or ceremony: [`Outcome::Forgotten`].
    Forget,
}

/// What became of an [`Effect`].
#[derive(Debug)]
pub enum Outcome {
    Network(Network),
    Places(Vec<Place>),
    /// What could not be deleted, and why.
    DraftsRemoved(Vec<Trouble>),
    Listed {
        folder: PathBuf,
        entries: Result<Vec<FolderEntry>, Trouble>,
    },
    Loaded(Result<Box<Summary>, Trouble>),
    Text(Result<SecretText, Trouble>),
    /// What somebody has to agree to; nothing where it is clear.
    Table {
        path: PathBuf,
        layout: Result<Option<Box<TableLayout>>, Trouble>,
    },
    Checked {
        answer: Result<Answer, Trouble>,
        took: Duration,
    },
    Tried {
        /// The number of the phrase in the request, and the answer to it.
        found: Result<Option<(usize, Answer)>, Trouble>,
        took: Duration,
    },
    Removed {
        number: u8,
    },
    Opened(Result<Opening, Trouble>),
    Compared(Result<Compared, Trouble>),
    Derived(Result<Box<DerivedKey>, Trouble>),
    Searched(Result<Searched, Trouble>),
    Passphrase(Result<SecretText, Trouble>),
    NameChecked(Result<(), Trouble>),
    Exported(Result<WrittenFiles, Trouble>),
    Ceremony(Box<CeremonyOutcome>),
    Device(Box<DeviceSaid>),
    Refreshed(Result<Refreshed, Trouble>),
    /// Nothing was written yet: the files that are united differ, and it was not said which one is kept.
    Differ(Box<Differences>),
    Forgotten,
    /// The work ended by a defect of this program. What it was is not known.
    Died,
}

/// What happened and what to do next, for people. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub what: String,
    pub hint: String,
}

impl Trouble {
    pub fn new(what: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self { what: what.to_string(), hint: hint.to_string() }
    }

    pub fn of(error: &impl Explain) -> Self {
        Self::new(format_args!("{error}."), error.hint())
    }

    /// What was not done because of `error`: `checked`, `derived`.
    pub fn undone(done: &str, error: &impl Explain) -> Self {
        Self::new(format_args!("Not {done}: {error}."), error.hint())
    }

    /// With one more sentence behind the hint.
    #[must_use]
    pub fn and(self, sentence: &str) -> Self {
        Self { hint: format!("{} {sentence}", self.hint), ..self }
    }
}
