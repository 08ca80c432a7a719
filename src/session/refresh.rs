//! New snapshots of a backup that exists: what is added and changed is read and checked, then sealed in one step. Without phrases
//! by anybody who has the file and knows the fingerprint; compacted by the quorum that opened it.

mod codes;
mod confirming;
mod errors;
mod merging;
mod ordered;
mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use self::codes::text_of;
pub use self::confirming::QuorumAnswer;
pub use self::errors::{Cause, RefreshError};
use self::merging::{ADDRESS, of_holder};
pub use self::parts::{bytes_for, files_of, is_unconfirmed, issuer_key, mail_beside, text_kept_apart};
use self::parts::{is_first, put};
use super::contents;
use super::load::{LoadError, load};
use crate::crypto::issuer::{self, IssuerKey};
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::{Collection, Counts, Fields, Kept};
use crate::domain::kind::Kind;
use crate::domain::text::{Safe, Text, counted};
use crate::domain::time::Timestamp;
use crate::effect::ContentsFile;
use crate::snapshot::refresh::{self, Issue};
use crate::snapshot::v1::model::{Anchor, HolderLabels, Labels, Snapshot};
use crate::snapshot::v1::read::Reading;

/// How many words of a card have to be typed on screens.
pub const ASKED: usize = 4;

/// A refresh in the making: the files it goes on from, and what it changes.
pub struct Renewal {
    readings: Vec<Reading>,
    /// The same, whole; the first decides which backup it is.
    snapshots: Vec<Snapshot>,
    records: Vec<Fields>,
    /// Other names and another address, by what they are of.
    edits: BTreeMap<String, Edit>,
    /// Of which file what only one of them can keep is taken; the first, where nobody says.
    keep: Option<usize>,
    /// The mark that a quorum made, where one opened the files.
    genuine: Option<Anchor>,
    added: Counts,
    /// Which file each added item came from.
    sources: BTreeMap<(Collection, String), PathBuf>,
    has_merged: bool,
    notes: Vec<String>,
}

/// What is written in the place of a name or address.
enum Edit {
    Address(Text),
    Name(u8, Text),
}

/// A new snapshot, not written yet.
pub struct Renewed {
    pub snapshot: Snapshot,
    /// What it did, but for what was added: `Address: old@example.org -> new@example.org`.
    pub did: Vec<String>,
    /// What it added.
    pub added: Counts,
    pub has_merged: bool,
    pub notes: Vec<String>,
    /// What would be good to do soon.
    pub advice: Option<&'static str>,
}

impl Renewal {
    /// Goes on from the file at `path`.
    pub fn of(path: &Path) -> Result<Self, RefreshError> {
        Self::of_reading(load(path)?.reading, path)
    }

    fn of_reading(reading: Reading, path: &Path) -> Result<Self, RefreshError> {
        let snapshot = whole(&reading, path)?;
        Ok(Self {
            readings: vec![reading],
            snapshots: vec![snapshot],
            records: Vec::new(),
            edits: BTreeMap::new(),
            keep: None,
            genuine: None,
            added: Counts::default(),
            sources: BTreeMap::new(),
            has_merged: false,
            notes: Vec::new(),
        })
    }

    /// The file that it goes on from.
    pub fn first(&self) -> Option<&Snapshot> {
        self.snapshots.first()
    }

    pub fn is_training(&self) -> bool {
        self.first().is_some_and(|snapshot| snapshot.core.purpose.is_training())
    }

    /// Of core: what is compared with words that do not come from the file.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.first().map(|snapshot| Fingerprint::of(&snapshot.core.core_digest().0))
    }

    /// Whether it would be another file than the one it goes on from.
    pub fn is_change(&self) -> bool {
        !self.records.is_empty() || self.has_merged || self.labels().as_ref() != self.first().map(|first| &first.labels)
    }

    /// What was never confirmed must not look confirmed after a refresh: the new name has to say it too.
    pub fn check_name(&mut self, out: &Path) -> Result<(), RefreshError> {
        let is_marked = |reading: &Reading| reading.is_unconfirmed() || is_unconfirmed(Path::new(&reading.name));
        if !self.readings.iter().any(is_marked) {
            return Ok(());
        }
        if !is_unconfirmed(out) {
            return Err(RefreshError::Unconfirmed);
        }
        self.notes.push("The file was never confirmed, and its refresh is not either.".to_owned());
        Ok(())
    }

    /// Adds what a contents document holds. It must name the organization as the labels do, though these are unverified: a mix-up
    /// of two backups is likelier than a forged label, and that makes a refusal, never an addition.
    pub fn add(&mut self, file: &ContentsFile) -> Result<(), RefreshError> {
        let kind = self.first().ok_or(RefreshError::NoBackup)?.core.kind;
        let owned = || file.path.clone();
        let given = contents::read(kind, file)?;
        if given.is_production && self.is_training() {
            return Err(RefreshError::Production { path: owned() });
        }
        let ours = self.labels().and_then(|labels| labels.organization().cloned());
        for record in given.records {
            if record.text("record") == Some("organization") {
                let theirs = record.text("name").unwrap_or_default();
                if let Some(ours) = ours.as_ref().filter(|ours| ours.raw() != theirs) {
                    let theirs = Safe(theirs).to_string();
                    return Err(RefreshError::OtherOrganization { path: owned(), ours: ours.to_string(), theirs });
                }
                // What more it holds must not be lost.
                if record.names().count() == 2 {
                    continue;
                }
            }
            if let Some(item) = put(&record) {
                if !kind.rules().takes.contains(&item.collection()) {
                    return Err(RefreshError::NotTaken { path: owned(), noun: item.collection().noun() });
                }
                let what = format!("{} \"{}\"", item.collection().noun(), Safe(&item.title()));
                if let Some(one) = self.sources.insert((item.collection(), item.id().to_owned()), owned()) {
                    return Err(RefreshError::AddedTwice { one, other: owned(), what });
                }
            }
            self.count(&record);
            self.records.push(record);
        }
        Ok(())
    }

    fn count(&mut self, record: &Fields) {
        let of = |collection: Collection| record.text("collection") == Some(collection.name());
        let item = record.value("item").and_then(Kept::as_object);
        self.added.keys += usize::from(of(Collection::Keys));
        self.added.vaults += usize::from(of(Collection::Vaults));
        if of(Collection::Accounts) {
            self.added.accounts += 1;
            self.added.codes += item.and_then(|item| item.list("codes")).map_or(0, <[Kept]>::len);
        }
    }

    /// The labels as they will be.
    fn labels(&self) -> Option<Labels> {
        let mut labels = self.kept()?.labels.clone();
        if let Labels::Holders(HolderLabels { delivery, shareholders, .. }) = &mut labels {
            for edit in self.edits.values() {
                match edit {
                    Edit::Address(address) => delivery.clone_from(address),
                    Edit::Name(number, name) => shareholders
                        .iter_mut()
                        .filter(|holder| holder.number == *number)
                        .for_each(|holder| holder.name.clone_from(name)),
                }
            }
        }
        Some(labels)
    }

    /// Another address that snapshots are sent to.
    pub fn set_email(&mut self, email: Text) {
        self.edits.insert(ADDRESS.to_owned(), Edit::Address(email));
    }

    /// Another name for a shareholder.
    pub fn rename(&mut self, number: u8, name: Text) -> Result<(), RefreshError> {
        let holder = self.kind().rules().holder.one;
        if self.first().is_none_or(|first| first.labels.name_of(number).is_none()) {
            return Err(RefreshError::NoHolder { holder, number });
        }
        self.edits.insert(of_holder(holder, number), Edit::Name(number, name));
        Ok(())
    }

    /// An issuer signs only what it signed before, or the very first file and nothing beside it.
    pub fn check_issuer(&self, key: Option<&IssuerKey>) -> Result<(), RefreshError> {
        let Some(first) = self.first() else { return Ok(()) };
        let Some(named) = &first.core.issuer else {
            return key.map_or(Ok(()), |_| Err(RefreshError::NoIssuer));
        };
        let key = key.ok_or(RefreshError::IssuerNeeded)?;
        if key.public() != *named {
            return Err(RefreshError::OtherIssuer);
        }
        for (snapshot, reading) in self.snapshots.iter().zip(&self.readings) {
            let (core, section) = (&snapshot.core, &snapshot.section);
            let message = section.signed_part();
            let is_right = match &section.signature {
                None => self.snapshots.len() == 1 && is_first(snapshot),
                Some(signature) => issuer::verify(named, core.purpose, &core.core_digest(), &message, &signature.0),
            };
            if !is_right {
                return Err(RefreshError::NotSigned { file: reading.name.clone() });
            }
        }
        Ok(())
    }

    /// Seals it all into one new snapshot. The caller has compared the fingerprint.
    pub fn seal(
        self,
        created: Timestamp,
        issuer: Option<&IssuerKey>,
        entropy: &mut dyn Entropy,
    ) -> Result<Renewed, RefreshError> {
        self.check_issuer(issuer)?;
        self.check_kept(false)?;
        let labels = self.labels().ok_or(RefreshError::NoBackup)?;
        let first = self.first().ok_or(RefreshError::NoBackup)?;
        let did = self.said_of_changes(&first.labels, &labels);
        let mut notes = self.said_of_kept();
        // The first one's mark counts: that which a quorum opened, else that which was chosen.
        let is_genuine = |file: &&Snapshot| self.genuine.as_ref() == Some(&file.anchor);
        let mut snapshots: Vec<&Snapshot> = self.snapshots.iter().collect();
        let marked = snapshots.iter().position(is_genuine).or(self.keep).unwrap_or(0);
        snapshots.get_mut(..=marked).unwrap_or_default().rotate_right(1);
        let snapshot = refresh::renew(&snapshots, self.records, Some(labels), Issue { created, issuer, entropy })?;
        notes.extend(self.notes);
        if self.added.keys > 0 {
            notes.push(
                "Keys were added. No quorum has confirmed them: a recovery gives them with that mark, and nothing under them counts as proven."
                    .to_owned(),
            );
        }
        let advice = refresh::is_compaction_advised(&snapshot)
            .then_some("Much was added that no phrase has sealed: have it compacted soon (conclave rotate --compact).");
        Ok(Renewed { snapshot, did, added: self.added, has_merged: self.has_merged, notes, advice })
    }
}

/// What was added, in words; nothing where nothing was.
pub fn said_of_added(added: &Counts) -> Option<String> {
    let Counts { keys, vaults, accounts, codes } = *added;
    let with_codes = if codes > 0 { format!(" with {}", counted(codes, "code")) } else { String::new() };
    let parts: Vec<String> = [(keys, "key"), (vaults, "vault"), (accounts, "account")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    (!parts.is_empty()).then(|| format!("Added: {}{with_codes}", parts.join(", ")))
}

fn whole(reading: &Reading, path: &Path) -> Result<Snapshot, RefreshError> {
    if let Err(why) = &reading.core {
        return Err(LoadError::refused(path, why.clone()).into());
    }
    if reading.core.as_ref().is_ok_and(|core| core.kind == Kind::Device) {
        return Err(LoadError::OfDevice { path: path.to_owned() }.into());
    }
    let damaged = || RefreshError::Damaged { file: reading.name.clone(), verdict: reading.verdict.to_string() };
    reading.snapshot().ok_or_else(damaged)
}

/// What is said of a training file whose fingerprint nobody compared.
pub const NOT_COMPARED: &str = "The fingerprint was not compared with a card. For a training backup that is all right; for a real one never skip it.";

/// Different places of a fingerprint at random, in order.
pub fn four_places(entropy: &mut dyn Entropy) -> Result<[usize; ASKED], EntropyFailed> {
    let mut places = BTreeSet::new();
    while places.len() < ASKED {
        places.insert(super::summary::any_word(entropy)?);
    }
    let mut four = [0; ASKED];
    for (slot, place) in four.iter_mut().zip(places) {
        *slot = place;
    }
    Ok(four)
}
