//! The steps of making a backup.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Answer, ContentsFile, Trouble};
use crate::domain::ceremony::{Person, Plan, Progress, UnconfirmedFile};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::review::{ReviewPurpose, ReviewQuestion};
use crate::domain::inventory::{Counts, Holdings};
use crate::domain::kind::Kind;
use crate::domain::phrase::Phrase;
use crate::domain::text::Text;

/// One step of a ceremony. What becomes of it is [`Said`], and how far the ceremony is then.
#[derive(Debug)]
pub enum Act {
    /// Read an inventory and add it to what will be sealed: [`Said::Inventory`].
    AddInventory { file: ContentsFile },
    /// Drop all that was added: [`Said::Inventory`].
    ClearInventory(Kind),
    /// Two new master keys, one of each type, go into what will be sealed, or not: [`Said::Inventory`].
    CreateKeys(bool),
    /// Read a list of people: [`Said::People`].
    ReadPeople { path: PathBuf },
    /// What was added without the quorum to the backup that is open: [`Said::Review`].
    Review(ReviewPurpose),
    /// Decide. From now on phrases can be made: [`Said::Begun`].
    Begin(Box<Beginning>),
    /// Read the file that an earlier ceremony left unconfirmed: [`Said::Unfinished`].
    LookAtUnfinished { path: PathBuf },
    /// Go on with it. From now on it can be read again, and phrases are typed against it: [`Said::Begun`].
    Resume(Box<Resumption>),
    /// Somebody does not want to hold a phrase: [`Said::Declined`].
    Decline { number: u8 },
    /// Decide anew about people, threshold and address. Who stays keeps what was confirmed: [`Said::Begun`].
    Replan(Box<Plan>),
    /// Write blank sheets for phrases: [`Said::Written`].
    WriteSheets,
    /// Make the phrase of a shareholder, or show the one that is not confirmed yet once more: [`Said::Phrase`]. `anew` makes
    /// another one in any case.
    Show { number: u8, anew: bool },
    /// Compare what was typed back with what was shown; if it is the same derive, keep the derived key, forget the phrase:
    /// [`Said::Confirmed`].
    Confirm { number: u8, typed: TypedWords },
    /// In a rotation: the shareholder keeps the phrase of the old backup: [`Said::Confirmed`].
    Keep { number: u8, phrase: Phrase },
    /// Seal, and write the file as unconfirmed: [`Said::Sealed`].
    Seal,
    /// Whether the medium was pulled out and put back: [`Said::Medium`].
    LookForMedium,
    /// Read the file again: [`Said::ReadAgain`]. `skips_medium`: it was not pulled out, and that goes into the record.
    ReadAgain { skips_medium: bool },
    /// A phrase against the file that was read again: [`Said::Verified`].
    Verify { phrase: Phrase },
    /// Go on in this new folder, on another medium: what was written is written there again, byte for byte: [`Said::Moved`].
    Move { folder: PathBuf },
    /// Write all that was issued once more, into this new folder: [`Said::Copied`].
    Copy { folder: PathBuf },
    /// Prove all shares, compare the contents, give the file its name, write what goes with it: [`Said::Issued`].
    Issue,
    /// Write which accounts of the backup that is open want new codes: [`Said::Written`].
    WriteChecklist,
    /// Delete the files of the inventory: [`Said::Deleted`].
    DeleteInventory,
}

/// What is decided for a ceremony.
#[derive(Debug)]
pub struct Beginning {
    pub plan: Plan,
    /// A new folder, or an empty one.
    pub folder: PathBuf,
    /// What is sealed comes from the backup that is open.
    pub rotation: Option<Rotation>,
}

/// What is decided before a ceremony goes on with a file.
#[derive(Debug)]
pub struct Resumption {
    pub path: PathBuf,
    pub conductor: Text,
    /// Full names, in the order of the numbers.
    pub names: Vec<Text>,
    /// A new folder, or an empty one, where it does not go on beside the file.
    pub folder: Option<PathBuf>,
}

/// What a quorum decided on what was added without one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Places in the list of [`Said::Review`].
    pub accepted: Vec<usize>,
}

/// Words as somebody typed them, by their places in the list; their checksum may be wrong.
pub struct TypedWords(Zeroizing<Vec<u16>>);

impl TypedWords {
    pub fn new(positions: Zeroizing<Vec<u16>>) -> Self {
        Self(positions)
    }

    pub fn reveal(&self) -> &[u16] {
        &self.0
    }
}

impl fmt::Debug for TypedWords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TypedWords(..)")
    }
}

#[derive(Debug)]
pub enum Said {
    Inventory(Result<InventoryFacts, Trouble>),
    People(Result<Vec<Person>, Trouble>),
    Review(Result<Vec<Unconfirmed>, Trouble>),
    Unfinished(Result<Box<UnconfirmedFile>, Trouble>),
    Begun(Result<Box<Begun>, Trouble>),
    Declined(Result<u8, Trouble>),
    Written(Result<Vec<PathBuf>, Trouble>),
    Phrase {
        number: u8,
        phrase: Result<Phrase, Trouble>,
    },
    Confirmed {
        number: u8,
        result: Result<Confirmation, Trouble>,
    },
    Sealed(Result<Sealed, Trouble>),
    Medium(Medium),
    Moved(Result<Moved, Trouble>),
    /// The snapshot of the copy.
    Copied(Result<Sealed, Trouble>),
    /// The file is the one that was written.
    ReadAgain(Result<(), Trouble>),
    Verified(Result<Answer, Trouble>),
    Issued(Result<Box<Issued>, NotIssued>),
    /// The files that are gone.
    Deleted(Result<Vec<PathBuf>, Trouble>),
}

/// Where a ceremony goes on.
#[derive(Debug)]
pub struct Moved {
    pub folder: PathBuf,
    /// The unconfirmed file there, where it was written before.
    pub sealed: Option<Sealed>,
}

/// What became of an [`Act`].
#[derive(Debug)]
pub struct CeremonyOutcome {
    pub said: Said,
    pub progress: Progress,
}

/// What will be sealed, without anything of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InventoryFacts {
    /// The files it was read from.
    pub files: Vec<PathBuf>,
    /// The organization that they name.
    pub organization: Option<Text>,
    pub counts: Counts,
    /// A file says that it is no training material.
    pub is_production: bool,
    /// New master keys are made when it is sealed.
    pub creates_keys: bool,
    /// What is worth knowing: vaults whose key is not there, and the like.
    pub remarks: Vec<String>,
}

/// A record that no quorum has confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unconfirmed {
    /// `Vault "Rent": added on 2026-05-05`
    pub what: String,
    /// It would replace or remove what a quorum sealed.
    pub is_change: bool,
    pub question: ReviewQuestion,
}

/// A ceremony began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What was decided.
    pub plan: Plan,
    /// The day (RFC 3339), for requests and papers.
    pub date: String,
    /// About how long one derivation takes on this machine.
    pub expected: Duration,
    /// What is backed up.
    pub holds: Holdings,
    /// It goes on with a file of an earlier ceremony.
    pub going_on: Option<GoingOn>,
}

/// The file that a ceremony goes on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoingOn {
    pub sealed: Sealed,
    /// Beside it lies what a finished backup writes: another place has to be taken.
    pub needs_place: bool,
}

/// How what was typed back compares with what was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    Same,
    /// The numbers of the words that differ, from 1.
    Differs {
        numbers: Vec<usize>,
    },
    /// In a rotation: the phrase of the old backup counts; whose it was there, for people.
    Kept {
        of: String,
    },
    /// In a rotation: it is no phrase of the old backup.
    NotTheirs,
}

/// The file was written as unconfirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub path: PathBuf,
    pub medium: Medium,
}

/// Where the medium with the file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Medium {
    /// The folder is on no medium that can be pulled out.
    None,
    /// It was not pulled out yet.
    Present { title: String },
    /// It is out.
    Gone { title: String },
    /// It was out, and is back.
    Back { title: String },
}

/// Why there is no backup yet.
#[derive(Debug)]
pub struct NotIssued {
    pub trouble: Trouble,
    /// Writing it under its name was begun, and nobody can see that nothing came of that: the medium is away, or a file is there.
    pub may_be_there: bool,
}

/// A backup, with what was written beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    pub paths: Vec<PathBuf>,
    pub fingerprint: Fingerprint,
    /// The words of the snapshot, which stand in the e-mail.
    pub digest_words: String,
    /// The words of the record, to be signed on paper.
    pub record_words: String,
    /// The public cards, in the order of the shareholders.
    pub cards: Vec<String>,
    /// The page on which all sign the record.
    pub to_sign: String,
    /// What has to be known of what was written.
    pub notes: Vec<String>,
    /// What was not written, and why; asking once more writes it.
    pub missing: Option<Trouble>,
    /// What is in it was compared with what was to be sealed.
    pub is_compared: bool,
}
