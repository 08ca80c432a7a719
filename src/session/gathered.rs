//! What is to be backed up, gathered from files: contents (JSON), tables of vaults (CSV), new master keys.

mod created;
mod remarks;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::domain::canonical;
use crate::domain::ceremony::Person;
use crate::domain::entropy::Entropy;
use crate::domain::explain::Explain;
use crate::domain::inventory::{
    BoxEntry, BoxSource, Collection, Fields, Inventory, Record, SealedBy, VALUES_LIMIT, read_entry,
};
use crate::domain::kind::Kind;
use crate::domain::people::{self, PeopleError};
use crate::domain::secret::SecretText;
use crate::domain::text::{Safe, Text};
use crate::domain::time::Timestamp;
use crate::effect::{ContentsFile, InventoryFacts, Trouble};
use crate::machine::files::{self, ReadError, shown};
use crate::session::contents::{self, ContentsFault, GivenContents};
use crate::snapshot::v1::limits::BOX_PLAINTEXT;
use created::Created;

/// What was added so far. It holds secrets, and prints none.
#[derive(Default)]
pub struct Gathered {
    inventory: Inventory,
    /// Which file each item is from.
    from: BTreeMap<(Collection, String), usize>,
    /// Vaults of tables that name no key, address or public key: new master keys are for them.
    without_key: BTreeSet<String>,
    /// Once they are made they stay the same.
    created: Option<Created>,
    /// How much it takes when it is sealed.
    size: Size,
    facts: InventoryFacts,
}

/// The most bytes of a list of people.
const PEOPLE_BYTES: usize = 1 << 20;

impl Gathered {
    /// Nothing yet, for a backup of this kind.
    pub fn of(kind: Kind) -> Self {
        Self { inventory: Inventory::of(kind), ..Self::default() }
    }

    /// Adds what a file holds: all of it, or nothing.
    pub fn add(&mut self, file: &ContentsFile) -> Result<(), Trouble> {
        self.take(file).map_err(|error| {
            Trouble::new(format_args!("{error}."), format_args!("Nothing of it was added. {}", error.hint()))
        })
    }

    /// Whether new master keys are made when it is sealed.
    pub fn create_keys(&mut self, creates_keys: bool) {
        self.facts.creates_keys = creates_keys;
        self.facts.remarks = remarks::of(&self.inventory, &self.without_key, creates_keys);
    }

    pub fn facts(&self) -> &InventoryFacts {
        &self.facts
    }

    pub fn files(&self) -> &[PathBuf] {
        &self.facts.files
    }

    /// Whether anything was added, or is to be made.
    pub fn is_any(&self) -> bool {
        !self.files().is_empty() || self.facts.creates_keys
    }

    /// Where new master keys were asked for: those that `opened` has beside what was added are the ones that were made.
    pub fn know_created(&mut self, opened: &Inventory) {
        let is_other = |id: &str| !self.from.contains_key(&(Collection::Keys, id.to_owned()));
        let others = opened.items(Collection::Keys).map(|version| &version.item).filter(|item| is_other(item.id()));
        self.created = Created::of(others);
    }

    /// The records to be sealed, the organization's name first; with new master keys, where they were asked for. Can be asked for
    /// again, and makes new keys only the first time.
    pub fn records(&mut self, organization: &Text, entropy: &mut dyn Entropy) -> Result<Vec<Fields>, Trouble> {
        if self.facts.creates_keys && self.created.is_none() {
            let created = Created::new(entropy).map_err(|error| {
                Trouble::new(
                    format_args!("No master keys were made: {error}."),
                    "Nothing is lost. Restart the machine.",
                )
            })?;
            self.created = Some(created);
        }
        let name = || Record::Organization { name: SecretText::copy_of(organization.raw()) }.into_fields();
        let mut kept = self.inventory.to_records();
        let is_name = |record: &Fields| record.text("record") == Some("organization");
        // The files may have another name, and records that this version does not wholly understand one as well.
        let renames = kept.iter().skip(1).any(is_name);
        if kept.first().is_some_and(is_name) {
            kept.remove(0);
        }
        if let Some(created) = self.created.as_ref().filter(|_| self.facts.creates_keys) {
            for record in &mut kept {
                created.assign(record, &self.without_key);
            }
            kept.extend(created.records());
        }
        Ok([name()].into_iter().chain(kept).chain(renames.then(name)).collect())
    }

    fn take(&mut self, given: &ContentsFile) -> Result<(), AddError> {
        let path = given.path.as_path();
        if self.files().iter().any(|added| added == path) {
            return Err(AddError::Again { path: path.to_owned() });
        }
        let kind = self.inventory.kind();
        let file = contents::read(kind, given)?;
        self.check_organization(&file, path)?;
        let takes = kind.rules().takes;
        let entries: Vec<BoxEntry> = file.records.iter().map(|record| read_entry(kind, record.duplicate())).collect();
        let ids: BTreeSet<(Collection, String)> = entries.iter().filter_map(place_of).collect();
        if let Some((collection, _)) = ids.iter().find(|(collection, _)| !takes.contains(collection)) {
            return Err(AddError::NotTaken { path: path.to_owned(), noun: collection.noun() });
        }
        if let Some((place, before)) = ids.iter().find_map(|place| Some((place, *self.from.get(place)?))) {
            let other = self.files().get(before).cloned().unwrap_or_default();
            let (noun, id) = (place.0.noun(), place.1.clone());
            return Err(AddError::Twice { path: path.to_owned(), other, noun, id });
        }
        let size = self.size.with(&file);
        if !size.fits() {
            return Err(AddError::TooLarge { path: path.to_owned() });
        }
        self.size = size;
        let number = self.facts.files.len();
        self.from.extend(ids.into_iter().map(|place| (place, number)));
        self.without_key.extend(file.without_key);
        self.inventory.apply(source().ok_or(AddError::Defect)?, entries);
        self.inventory.finish();
        self.count(path, file.organization, file.is_production);
        Ok(())
    }

    fn check_organization(&self, file: &GivenContents, path: &Path) -> Result<(), AddError> {
        match (&self.facts.organization, &file.organization) {
            (Some(before), Some(now)) if before != now => {
                Err(AddError::OtherOrganization { path: path.to_owned(), before: before.clone(), now: now.clone() })
            }
            _ => Ok(()),
        }
    }

    fn count(&mut self, path: &Path, organization: Option<Text>, is_production: bool) {
        let facts = &mut self.facts;
        facts.files.push(path.to_owned());
        facts.organization = facts.organization.take().or(organization);
        facts.counts = self.inventory.counts();
        facts.is_production |= is_production;
        facts.remarks = remarks::of(&self.inventory, &self.without_key, facts.creates_keys);
    }
}

/// The people of a list (CSV: name, e-mail).
pub fn people(path: &Path) -> Result<Vec<Person>, Trouble> {
    let read = || -> Result<Vec<Person>, AddError> {
        let bytes = files::read_secret(path, PEOPLE_BYTES)?;
        people::people(bytes.reveal()).map_err(|why| AddError::People { path: path.to_owned(), why })
    };
    read().map_err(|error| Trouble::of(&error))
}

/// Why a file was not added.
#[derive(Debug, thiserror::Error)]
enum AddError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Contents(#[from] ContentsFault),
    #[error("{}: {why}", shown(.path))]
    People { path: PathBuf, why: PeopleError },
    #[error("{} was added already", shown(.path))]
    Again { path: PathBuf },
    #[error("{} holds a {noun}, and this is a file for codes alone", shown(.path))]
    NotTaken { path: PathBuf, noun: &'static str },
    #[error("the {noun} {} is in {} and in {}", Safe(.id), shown(.other), shown(.path))]
    Twice { path: PathBuf, other: PathBuf, noun: &'static str, id: String },
    #[error("{} is of {now}, and what was added before is of {before}", shown(.path))]
    OtherOrganization { path: PathBuf, before: Text, now: Text },
    #[error("with {} it takes more than the 44 MiB that a backup holds", shown(.path))]
    TooLarge { path: PathBuf },
    #[error("a defect of this program ended it")]
    Defect,
}

impl Explain for AddError {
    fn hint(&self) -> String {
        match self {
            Self::Read(error) => return error.hint(),
            Self::Contents(fault) => return fault.hint(),
            Self::People { why, .. } => return why.hint(),
            Self::Again { .. } => "Go on with the next one.",
            Self::NotTaken { .. } => "Put it into the backup of the organization.",
            Self::Twice { .. } => "Take it out of one of the two files.",
            Self::OtherOrganization { .. } => "Make a backup of its own for each organization.",
            Self::TooLarge { .. } => "Make two backups, or leave something out.",
            Self::Defect => "Nothing was lost.",
        }
        .to_owned()
    }
}

/// Which item a record is about.
fn place_of(entry: &BoxEntry) -> Option<(Collection, String)> {
    match entry.record.as_ref()? {
        Record::Put { item, .. } => Some((item.collection(), item.id().to_owned())),
        Record::Remove { collection, id } => Some((*collection, id.clone())),
        Record::Organization { .. } | Record::Used { .. } => None,
    }
}

/// Of what is gathered all was decided by the quorum that will be.
fn source() -> Option<BoxSource> {
    let created = Timestamp::from_unix_seconds(0)?;
    Some(BoxSource { sealed_by: SealedBy::Quorum, position: 1, created, issuer: None })
}

/// How much records take in a box.
#[derive(Default, Clone, Copy)]
struct Size {
    bytes: usize,
    values: usize,
}

impl Size {
    /// Around the records, and two new keys.
    const REST: usize = 1 << 14;
    /// What a vault grows by when a new key is assigned to it.
    const GROWTH: usize = 240;
    const NEW_VALUES: usize = 9;

    fn with(self, file: &GivenContents) -> Self {
        let bytes: usize = file.records.iter().map(|record| length(record) + 1).sum();
        let values: usize = file.records.iter().map(Fields::weight).sum();
        let waiting = file.without_key.len();
        Self {
            bytes: self.bytes + bytes + Self::GROWTH * waiting,
            values: self.values + values + Self::NEW_VALUES * waiting,
        }
    }

    fn fits(self) -> bool {
        self.bytes + Self::REST <= BOX_PLAINTEXT && self.values + Self::REST <= VALUES_LIMIT
    }
}

/// The length of the canonical form.
fn length(record: &Fields) -> usize {
    struct Length(usize);
    impl Write for Length {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut length = Length(0);
    let measured = canonical::write(record, &mut length);
    debug_assert!(measured.is_ok(), "measuring does not fail");
    length.0
}
