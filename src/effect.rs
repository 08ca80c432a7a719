//! What a screen may ask of the machine, and what it hears back: plain data. Nothing is done here.

mod answer;
mod ceremony;
mod near;
mod network;
mod place;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::ceremony::warning_of;
use crate::domain::chain::Chain;
use crate::domain::completeness::Completeness;
use crate::domain::condition::Condition;
use crate::domain::derivation_path::DerivationPath;
use crate::domain::export_form::{ExportForm, Selection};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::import_form::ImportForm;
use crate::domain::inventory::{Collection, Inventory};
use crate::domain::phrase::{Phrase, PhraseForm};
use crate::domain::proof::Checks;
use crate::domain::recovery::Shareholder;
use crate::domain::secret::SecretText;
use crate::domain::text::Text;

pub use answer::{Answer, Elsewhere};
pub use ceremony::{
    Act, Beginning, Begun, CeremonyOutcome, Change, Confirmation, InventoryFacts, Issued, Medium, RefreshOrder,
    Refreshed, Rotation, Said, Sealed, TypedWords, Unconfirmed,
};
pub use near::{Near, NearStanding};
pub use network::Network;
pub use place::{Place, PlaceKind, Remark};

/// Something that a screen wants done. It is done outside of the loop that draws.
#[derive(Debug)]
pub enum Effect {
    /// Look which network interfaces are up: [`Outcome::Network`].
    LookAtNetwork,
    /// Find out where files may be: [`Outcome::Places`].
    FindPlaces,
    /// Look into a folder: [`Outcome::Listed`].
    List { folder: PathBuf },
    /// Read a backup and forget the one before: [`Outcome::Loaded`].
    Load { source: Source, is_drill: bool },
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
    Derive { wanted: Wanted },
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
    /// Write a new snapshot of the backup that is loaded: [`Outcome::Refreshed`].
    Refresh(Box<RefreshOrder>),
    /// Wipe all that is held of the recovery or ceremony: [`Outcome::Forgotten`].
    Forget,
}

/// Where a backup comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// These files. The first decides which backup it is.
    Files(Vec<PathBuf>),
    /// The built-in training backup, with its practice sheets.
    BuiltIn,
}

/// Whose key is rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// That of a key or vault of the backup, in one of its versions.
    Item { collection: Collection, id: String, version: usize },
    /// That of a vault that the backup does not hold.
    Path { key_id: String, chain: Chain, path: DerivationPath },
}

/// An address whose path is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAddress {
    pub key_id: String,
    pub chain: Chain,
    pub address: String,
    /// How many accounts, from 0 on, and how many addresses of each.
    pub accounts: u32,
    pub indexes: u32,
}

impl KnownAddress {
    /// How many paths there are to try.
    pub fn paths(&self) -> u64 {
        u64::from(self.accounts) * u64::from(self.indexes)
    }
}

/// An export that somebody decided on.
#[derive(Debug)]
pub struct ExportOrder {
    pub form: ExportForm,
    pub selection: Selection,
    pub path: PathBuf,
    /// For the form that is encrypted.
    pub passphrase: Option<SecretText>,
}

/// Files that were written and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub paths: Vec<PathBuf>,
    pub form: ExportForm,
    /// Without private keys and codes.
    pub is_public: bool,
}

impl Written {
    /// What kind of file it is, for people.
    pub fn kind(&self) -> &'static str {
        match (self.is_public, self.form.is_encrypted()) {
            (true, _) => "public parts only",
            (false, true) => "encrypted",
            (false, false) => "NOT encrypted",
        }
    }
}

/// What became of an [`Effect`].
#[derive(Debug)]
pub enum Outcome {
    Network(Network),
    Places(Vec<Place>),
    Listed {
        folder: PathBuf,
        entries: Result<Vec<Entry>, Trouble>,
    },
    Loaded(Result<Box<Summary>, Trouble>),
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
    Exported(Result<Written, Trouble>),
    Ceremony(Box<CeremonyOutcome>),
    Refreshed(Result<Refreshed, Trouble>),
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
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: PathBuf,
    /// Its name, safe to show.
    pub name: String,
    pub kind: EntryKind,
    /// Bytes; 0 for a folder.
    pub size: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    Folder,
    /// Its name ends like that of a snapshot or of something that holds one.
    Candidate,
    Other,
}

/// All that is known of a backup before it is open. Names in it are unverified.
#[derive(Debug, Clone)]
pub struct Summary {
    pub is_training: bool,
    pub organization: Option<Text>,
    /// The day it was made (RFC 3339) and the sequence of the newest file.
    pub created: Option<String>,
    pub sequence: u32,
    /// Vaults, accounts, codes, as the newest file claims.
    pub counts: Option<(u64, u64, u64)>,
    pub threshold: u8,
    pub shareholders: Vec<Shareholder>,
    pub form: PhraseForm,
    pub fingerprint: Fingerprint,
    /// Which word of the fingerprint is to be typed from a card; counts from 0. Chosen at random.
    pub asked: usize,
    /// Four of them, for what is sealed without phrases: all different, chosen at random.
    pub asked_four: [usize; 4],
    /// The files that were asked for, in that order, also those of other backups. Empty for the built-in one.
    pub given: Vec<PathBuf>,
    /// The files it was read from, the newest first.
    pub files: Vec<FileFacts>,
    /// What they still give together.
    pub condition: Condition,
    /// Other files of the same backup beside the first.
    pub near: Vec<Near>,
    /// Files that were given, but are of another backup.
    pub others: Vec<String>,
    /// About how long one derivation takes on this machine.
    pub expected: Duration,
    /// How many derivations this machine does at the same time: its cores, as far as its free memory is enough.
    pub at_once: usize,
    /// The practice sheets of the built-in training backup, in the order of shareholders.
    pub sheets: Option<&'static str>,
}

/// A file that a backup was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    pub name: String,
    pub verdict: String,
    pub is_damaged: bool,
}

impl FileFacts {
    /// What has to be said of it before anything else.
    pub fn warning(&self) -> Option<&'static str> {
        warning_of(&self.name)
    }
}

/// Some keys and vaults were compared with what the backup records of them.
#[derive(Debug, Default)]
pub struct Compared {
    /// What is known of them; empty when the contents are withheld.
    pub checks: Checks,
    /// How many vaults are compared by now.
    pub done: usize,
    /// What does not check, and what could not be compared.
    pub red: Vec<String>,
    pub notes: Vec<String>,
    /// Vaults whose address is the one that their key gives.
    pub matches: usize,
}

/// A key that was rebuilt, and what follows from it.
#[derive(Debug, Default)]
pub struct DerivedKey {
    /// What came of comparing it with the record, where there is one.
    pub check: Option<String>,
    pub is_red: bool,
    pub public_key: Option<String>,
    pub private_key: Option<SecretText>,
    /// The forms of its address, for a vault that the backup does not hold.
    pub addresses: Vec<(&'static str, String)>,
    pub forms: Vec<ImportForm>,
}

/// How far the search for an address is.
#[derive(Debug)]
pub enum Searched {
    Found {
        path: DerivationPath,
        form: &'static str,
    },
    /// So many paths were tried, all in vain; it can go on there.
    NotYet {
        tried: u64,
    },
    /// All were tried.
    Nowhere,
}

/// An open backup.
#[derive(Debug)]
pub struct Opening {
    /// Empty when it is withheld.
    pub inventory: Arc<Inventory>,
    /// Vaults, accounts, codes that are there.
    pub counts: (usize, usize, usize),
    /// Whether that is all of it.
    pub completeness: Completeness,
    /// A drill on a production backup: it opened, and nothing of it is shown or written.
    pub is_withheld: bool,
    /// The name as it was sealed; `None` where it did not come out, or is withheld.
    pub organization: Option<Text>,
    /// What does not check, in the order in which it matters.
    pub red: Vec<String>,
    /// What is only worth knowing.
    pub notes: Vec<String>,
    /// Four random digits, to be typed before anything is written unencrypted.
    pub digits: String,
    /// How far keys and addresses are compared.
    pub comparison: Comparison,
}

impl Opening {
    /// All of it came out, and all of it checks.
    pub fn is_clean(&self) -> bool {
        self.red.is_empty() && self.completeness.is_whole()
    }
}

/// How far the keys and vaults of an open backup are compared with what it records of them.
#[derive(Debug, Default)]
pub struct Comparison {
    pub checks: Checks,
    /// Vaults.
    pub done: usize,
    pub total: usize,
    /// Vaults whose address is the one that their key gives.
    pub matches: usize,
    pub is_complete: bool,
}
