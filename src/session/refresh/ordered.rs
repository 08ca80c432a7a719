//! A refresh that screens or prompts ordered: of what is loaded, and behind a comparison of the fingerprint or an opening.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{ASKED, Counts, NOT_COMPARED, RefreshError, Renewal, Renewed, bytes_for, four_places};
use crate::domain::entropy::EntropyFailed;
use crate::domain::time::Timestamp;
use crate::effect::{Change, RefreshOrder, Refreshed, Trouble};
use crate::machine::{clock, files};
use crate::session::Session;
use crate::snapshot::delivery;
use crate::snapshot::finding::Finding;
use crate::snapshot::refresh::{self, Issue};
use crate::snapshot::v1::layout;
use crate::snapshot::v1::model::Snapshot;
use crate::snapshot::v1::read::{Reading, read};

impl Session {
    /// Places of the fingerprint that are asked for, all different, in order.
    pub(in crate::session) fn asked_four(&mut self) -> Result<[usize; ASKED], EntropyFailed> {
        four_places(&mut *self.entropy)
    }

    pub(in crate::session) fn refresh(&mut self, order: &RefreshOrder) -> Result<Refreshed, Trouble> {
        let said = |error: RefreshError| Trouble::of(&error);
        self.is_same_place(&order.path)?;
        let created = clock::now().ok_or(RefreshError::Clock).map_err(said)?;
        let renewed = if matches!(order.change, Change::Compact) {
            self.compacted(created)
        } else {
            self.renewed(order, created)
        }
        .map_err(said)?;
        files::write_new(&*self.disk, &order.path, &bytes_for(&order.path, &renewed.snapshot), &self.folders)
            .map_err(|error| Trouble::of(&error))?;
        self.go_on_from(&order.path, &renewed.snapshot);
        let mut notes = renewed.notes;
        notes.extend(renewed.advice.map(str::to_owned));
        Ok(Refreshed {
            path: order.path.clone(),
            sequence: renewed.snapshot.section.sequence,
            digest_words: delivery::digest_words(&renewed.snapshot),
            notes,
        })
    }

    fn renewed(&mut self, order: &RefreshOrder, created: Timestamp) -> Result<Renewed, RefreshError> {
        let mut renewal = self.renewal()?;
        let fingerprint = renewal.fingerprint().ok_or(RefreshError::NoBackup)?;
        let places: BTreeSet<usize> = order.words.iter().map(|(place, _)| *place).collect();
        let is_proven = order.words.is_empty() && self.is_key_proven()?;
        let is_enough = places.len() >= ASKED || is_proven || (order.words.is_empty() && renewal.is_training());
        if !is_enough || order.words.iter().any(|(place, word)| !fingerprint.has(*place, word)) {
            return Err(RefreshError::Fingerprint);
        }
        match &order.change {
            Change::Add(path) => renewal.add(path)?,
            Change::Email(email) => renewal.set_email(email.clone())?,
            Change::Rename { number, name } => renewal.rename(*number, name.clone())?,
            Change::Merge(path) => renewal.merge(path)?,
            Change::Codes(set) => renewal.add_codes(set, created),
            Change::Used { account, code, .. } => renewal.mark_used(account, code.reveal()),
            Change::Compact => {}
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

    /// What is sealed next goes on from what was just written: two files made from one would be a fork.
    fn go_on_from(&mut self, path: &Path, snapshot: &Snapshot) {
        if let (Some(judge), Ok(mut reading)) = (&mut self.state.judge, read(&layout::to_bytes(snapshot))) {
            reading.name = path.to_string_lossy().into_owned();
            judge.go_on_with(reading);
        }
    }

    /// What is loaded, as far as it adds something: files beside one another are united in the same step.
    fn renewal(&self) -> Result<Renewal, RefreshError> {
        let judge = self.state.judge.as_ref().ok_or(RefreshError::NoBackup)?;
        let path = |reading: &Reading| PathBuf::from(&reading.name);
        let (first, rest) = judge.backup.files().split_first().ok_or(RefreshError::NoBackup)?;
        let mut renewal = Renewal::of_reading(first.clone(), &path(first))?;
        for other in rest {
            match renewal.merge_reading(other.clone(), &path(other)) {
                Ok(()) | Err(RefreshError::NothingToMerge { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(renewal)
    }

    fn compacted(&mut self, created: Timestamp) -> Result<Renewed, RefreshError> {
        let renewal = self.renewal()?;
        renewal.check_issuer(None)?;
        if renewal.has_merged {
            return Err(RefreshError::ForkToCompact);
        }
        let snapshot = renewal.first().ok_or(RefreshError::NoBackup)?;
        let judge = self.state.judge.as_ref().ok_or(RefreshError::NoBackup)?;
        let opened = judge.open().map_err(|_| RefreshError::NoQuorum)?;
        let issue = Issue { created, issuer: None, entropy: &mut *self.entropy };
        let snapshot = refresh::compact(snapshot, &opened, issue)?;
        Ok(Renewed { snapshot, added: Counts::default(), has_merged: false, notes: Vec::new(), advice: None })
    }
}
