//! A refresh that screens or prompts ordered: of what is loaded, and behind a comparison of the fingerprint or an opening.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{
    ASKED, Counts, NOT_COMPARED, QuorumAnswer, RefreshError, Renewal, Renewed, files_of, four_places, mail_beside,
    said_of_added,
};
use crate::domain::entropy::EntropyFailed;
use crate::domain::text::counted;
use crate::domain::time::Timestamp;
use crate::effect::{Change, Confirmed, Outcome, RefreshOrder, Refreshed, Trouble};
use crate::machine::disk::Disk;
use crate::machine::output::OutputFolders;
use crate::machine::{clock, files};
use crate::session::Session;
use crate::session::papers::mail_notes;
use crate::snapshot::delivery;
use crate::snapshot::finding::Finding;
use crate::snapshot::refresh::{self, Issue};
use crate::snapshot::v1::layout;
use crate::snapshot::v1::model::{Anchor, Snapshot};
use crate::snapshot::v1::read::{Reading, read};

impl Session {
    /// Places of the fingerprint that are asked for, all different, in order.
    pub(in crate::session) fn asked_four(&mut self) -> Result<[usize; ASKED], EntropyFailed> {
        four_places(&mut *self.entropy)
    }

    pub(in crate::session) fn refresh(&mut self, order: &RefreshOrder) -> Outcome {
        match self.refreshed(order) {
            Err(RefreshFailure::Order(RefreshError::Differ(differences))) => Outcome::Differ(differences),
            Err(RefreshFailure::Order(error)) => Outcome::Refreshed(Err(Trouble::of(&error))),
            Err(RefreshFailure::Writing(trouble)) => Outcome::Refreshed(Err(trouble)),
            Ok(refreshed) => Outcome::Refreshed(Ok(refreshed)),
        }
    }

    fn refreshed(&mut self, order: &RefreshOrder) -> Result<Refreshed, RefreshFailure> {
        self.is_same_place(&order.path).map_err(RefreshFailure::Writing)?;
        let mail = order.change.has_mail().then(|| mail_beside(&order.path)).flatten();
        let names: Vec<&Path> = [order.path.as_path()].into_iter().chain(mail.as_deref()).collect();
        // Before anything is sealed in vain; it counts again when it is written.
        files::look_at_names(&*self.disk, &names, &self.folders).map_err(|error| not_written(&error))?;
        let created = clock::now().ok_or(RefreshError::Clock)?;
        let renewed = match &order.change {
            Change::Compact => self.compacted(&order.path, created)?,
            Change::Confirm(confirmed) => return self.confirm_added(&order.path, mail, confirmed, created),
            Change::Add(_)
            | Change::Email(_)
            | Change::Rename { .. }
            | Change::Codes(_)
            | Change::Used { .. }
            | Change::Merge(_) => self.renewed(order, created)?,
        };
        let refreshed = write_next(&*self.disk, &self.folders, (&order.path, mail), &renewed)?;
        self.go_on_from(&order.path, &renewed.snapshot);
        Ok(refreshed)
    }

    /// Whether the quorum that opened the backup can seal something behind all that it holds.
    pub(in crate::session) fn can_confirm(&self) -> Result<(), Trouble> {
        let said = |error: RefreshError| Trouble::of(&error);
        let renewal = self.renewal_of_quorum().map_err(said)?;
        let judge = self.state.judge.as_ref().ok_or(RefreshError::NoBackup).map_err(said)?;
        let opened = judge.open().map_err(|_| said(RefreshError::NoQuorum))?;
        renewal.can_confirm(&opened, None).map_err(said)
    }

    /// A quorum confirms what was added: written, then read from the disk and opened again.
    fn confirm_added(
        &mut self,
        path: &Path,
        mail: Option<PathBuf>,
        confirmed: &Confirmed,
        created: Timestamp,
    ) -> Result<Refreshed, RefreshFailure> {
        if self.is_withheld() {
            return Err(RefreshFailure::Writing(Trouble::new(
                "A drill on a production backup writes nothing.",
                "Use recover when it is meant.",
            )));
        }
        let mut renewal = self.renewal_of_quorum()?;
        renewal.check_name(path)?;
        let before = renewal.first().cloned().ok_or(RefreshError::NoBackup)?;
        let Self { state, entropy, disk, folders, .. } = self;
        let judge = state.judge.as_ref().ok_or(RefreshError::NoBackup)?;
        let opened = judge.open().map_err(|_| RefreshError::NoQuorum)?;
        let answer = QuorumAnswer { judge, opened: &opened, accepted: &confirmed.accepted };
        let renewed = renewal.confirm(answer, created, None, &mut **entropy)?;
        let refreshed = write_next(&**disk, folders, (path, mail), &renewed)?;
        answer.read_again(path, &before, &renewed.snapshot)?;
        self.go_on_from(path, &renewed.snapshot);
        Ok(refreshed)
    }

    fn renewed(&mut self, order: &RefreshOrder, created: Timestamp) -> Result<Renewed, RefreshError> {
        let mut renewal = self.renewal(order.keep)?;
        let fingerprint = renewal.fingerprint().ok_or(RefreshError::NoBackup)?;
        let places: BTreeSet<usize> = order.words.iter().map(|(place, _)| *place).collect();
        let is_proven = order.words.is_empty() && self.is_key_proven()?;
        let is_enough = places.len() >= ASKED || is_proven || (order.words.is_empty() && renewal.is_training());
        if !is_enough || order.words.iter().any(|(place, word)| !fingerprint.has(*place, word)) {
            return Err(RefreshError::Fingerprint);
        }
        match &order.change {
            Change::Email(email) => renewal.set_email(email.clone()),
            Change::Rename { number, name } => renewal.rename(*number, name.clone())?,
            Change::Merge(path) => renewal.merge(path)?,
            Change::Add(_) | Change::Codes(_) | Change::Used { .. } | Change::Compact | Change::Confirm(_) => {}
        }
        renewal.genuine = self.genuine(&renewal);
        renewal.check_kept(true)?;
        match &order.change {
            Change::Add(path) => renewal.add(path)?,
            Change::Codes(set) => renewal.add_codes(set, created),
            Change::Used { account, code, .. } => renewal.mark_used(account, code.reveal()),
            Change::Email(_) | Change::Rename { .. } | Change::Merge(_) | Change::Compact | Change::Confirm(_) => {}
        }
        if !renewal.is_change() {
            return Err(RefreshError::NoChange);
        }
        renewal.check_name(&order.path)?;
        let mut renewed = renewal.seal(created, None, &mut *self.entropy)?;
        if order.words.is_empty() && !is_proven {
            renewed.notes.insert(0, NOT_COMPARED.to_owned());
        }
        Ok(renewed)
    }

    /// Whether those who hold the backup opened it, and its public key is theirs: then no card has to say it.
    fn is_key_proven(&self) -> Result<bool, RefreshError> {
        match self.state.judge.as_ref().and_then(|judge| judge.open().ok()) {
            Some(opened) if opened.findings.contains(&Finding::PublicKeyChanged) => Err(RefreshError::ForeignKey),
            opened => Ok(opened.is_some()),
        }
    }

    /// The mark that the quorum made which opened the files, where these differ in it.
    fn genuine(&self, renewal: &Renewal) -> Option<Anchor> {
        let is_asked = !renewal.differences().marks.is_empty();
        let opened = is_asked.then(|| self.state.judge.as_ref()?.open().ok()).flatten()?;
        opened.anchor.filter(|anchor| renewal.snapshots.iter().any(|file| file.anchor == *anchor))
    }

    /// What is sealed next goes on from what was just written: two files made from one would be a fork.
    fn go_on_from(&mut self, path: &Path, snapshot: &Snapshot) {
        if let (Some(judge), Ok(mut reading)) = (&mut self.state.judge, read(&layout::to_bytes(snapshot))) {
            reading.name = path.to_string_lossy().into_owned();
            self.state.newest = Some(reading.name.clone());
            judge.go_on_with(reading);
        }
    }

    /// What is loaded, as far as it adds something: files beside one another are united in the same step. It goes on from what was
    /// written last, else from the file that was chosen first.
    fn renewal(&self, keep: Option<usize>) -> Result<Renewal, RefreshError> {
        let judge = self.state.judge.as_ref().ok_or(RefreshError::NoBackup)?;
        let chosen = || self.state.first.as_ref().map(|first| first.to_string_lossy().into_owned());
        let name = self.state.newest.clone().or_else(chosen);
        let files = judge.backup.files();
        let place = files.iter().position(|file| Some(&file.name) == name.as_ref()).unwrap_or(0);
        let mut files: Vec<&Reading> = files.iter().collect();
        files.get_mut(..=place).unwrap_or_default().rotate_right(1);
        Renewal::of_all(&files, keep)
    }

    /// The same where a quorum opened it: the newest is gone on from, because what it replaced is checked.
    fn renewal_of_quorum(&self) -> Result<Renewal, RefreshError> {
        let judge = self.state.judge.as_ref().ok_or(RefreshError::NoBackup)?;
        Renewal::of_all(&judge.backup.files().iter().collect::<Vec<_>>(), Some(0))
    }

    fn compacted(&mut self, path: &Path, created: Timestamp) -> Result<Renewed, RefreshError> {
        let judge = self.state.judge.as_ref().ok_or(RefreshError::NoBackup)?;
        let mut renewal = self.renewal_of_quorum()?;
        renewal.check_issuer(None)?;
        renewal.check_name(path)?;
        if renewal.has_merged {
            return Err(RefreshError::ForkToSeal);
        }
        let snapshot = renewal.first().ok_or(RefreshError::NoBackup)?;
        let opened = judge.open().map_err(|_| RefreshError::NoQuorum)?;
        let before = snapshot.boxes.len();
        let issue = Issue { created, issuer: None, entropy: &mut *self.entropy };
        let snapshot = refresh::compact(snapshot, &opened, issue)?;
        let did = vec![format!("Sealed again: {} became {}", counted(before, "box"), snapshot.boxes.len())];
        Ok(Renewed { snapshot, did, added: Counts::default(), has_merged: false, notes: renewal.notes, advice: None })
    }
}

impl Renewal {
    /// Several files of one backup united, as far as they add something or are newer; the first is gone on from.
    fn of_all(files: &[&Reading], keep: Option<usize>) -> Result<Self, RefreshError> {
        let path = |reading: &Reading| PathBuf::from(&reading.name);
        let (first, rest) = files.split_first().ok_or(RefreshError::NoBackup)?;
        let mut renewal = Self::of_reading((*first).clone(), &path(first))?;
        renewal.keep = keep;
        for other in rest {
            match renewal.merge_reading((*other).clone(), &path(other), false) {
                Err(RefreshError::NothingToMerge { is_first: false, .. }) if renewal.snapshots.len() == 1 => {
                    // The same backup further on.
                    renewal = Self::of_reading((*other).clone(), &path(other))?;
                    renewal.keep = keep;
                }
                Err(RefreshError::NothingToMerge { is_first: false, .. }) => {
                    renewal.unite((*other).clone(), &path(other))?;
                }
                Ok(()) | Err(RefreshError::NothingToMerge { is_first: true, .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(renewal)
    }
}

/// Writes the files of a new snapshot, all or none, and says what it did.
fn write_next(
    disk: &dyn Disk,
    folders: &OutputFolders,
    (path, mail): (&Path, Option<PathBuf>),
    renewed: &Renewed,
) -> Result<Refreshed, RefreshFailure> {
    let Renewed { snapshot, did, added, has_merged: _, notes, advice } = renewed;
    let written = files_of(path, mail.as_deref(), snapshot);
    let all: Vec<(&Path, &[u8])> = written.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
    files::write_all_new(disk, &all, folders).map_err(|error| not_written(&error))?;
    Ok(Refreshed {
        path: path.to_owned(),
        mail,
        sequence: snapshot.section.sequence,
        digest_words: delivery::digest_words(snapshot),
        did: did.iter().cloned().chain(said_of_added(added)).collect(),
        notes: notes.iter().cloned().chain(advice.map(str::to_owned)).chain(mail_notes(&written)).collect(),
    })
}

fn not_written(error: &files::WriteError) -> RefreshFailure {
    RefreshFailure::Writing(Trouble::of(error))
}

/// Why there is no new file.
enum RefreshFailure {
    Order(RefreshError),
    Writing(Trouble),
}

impl From<RefreshError> for RefreshFailure {
    fn from(error: RefreshError) -> Self {
        Self::Order(error)
    }
}
