//! From sealed boxes to one inventory: which public ones are read at all, and what of each was not understood.

use std::collections::{BTreeMap, BTreeSet};

use super::OpenedBackup;
use crate::crypto::seal::OpeningKey;
use crate::domain::inventory::{
    BoxEntry, BoxSource, Inventory, RecordFault, Records, SealedBy, Unreadable, VALUES_LIMIT,
};
use crate::domain::secret::SecretBuffer;
use crate::snapshot::finding::Finding;
use crate::snapshot::v1::limits::PUBLIC_VALUES;
use crate::snapshot::v1::model::{BoxPlace, SealedBox};

/// Bytes of public boxes that are kept from their weighing to their reading: opening is most of what hundreds of small
/// additions cost.
const WEIGHED_AT_ONCE: usize = 4 << 20;

/// What weighing a public box said.
pub(super) enum Weighing {
    /// What it holds weighs that much; its plaintext, while there was room to keep it.
    Weighed(usize, Option<SecretBuffer>),
    /// It would cost too much together with the others.
    TooMuch,
}

impl OpenedBackup<'_> {
    /// Weighs public boxes: which of them are left alone, because what they hold would cost too much together. First come
    /// those that a quorum marked: whoever only has the file cannot crowd them out. Then the lightest: one heavy box crowds out
    /// none. They are opened for it, and once more to be read where they were too large to be kept. Boxes of a quorum share no
    /// such limit: the size of the file is theirs.
    pub(super) fn weigh_public(
        &self,
        superseded: &BTreeSet<BoxPlace>,
        marked: &[BoxPlace],
        opening_key: Option<&OpeningKey>,
    ) -> BTreeMap<BoxPlace, Weighing> {
        let is_public = |place: &BoxPlace| {
            let header = self.backup.boxes().get(place).map(|sealed| sealed.header.sealed_by);
            header == Some(SealedBy::Public) && !superseded.contains(place)
        };
        let mut weights = Vec::new();
        let mut keep = WEIGHED_AT_ONCE;
        let mut kept = |plaintext: SecretBuffer| {
            keep = keep.checked_sub(plaintext.reveal().len())?;
            Some(plaintext)
        };
        for (place, sealed) in self.backup.boxes().iter().filter(|(place, _)| is_public(place)) {
            let Some(plaintext) = self.open_box(sealed, opening_key) else { continue };
            let is_unmarked = !marked.contains(place);
            match Records::weigh(plaintext.reveal(), PUBLIC_VALUES) {
                Ok(records) => {
                    let weight = records.weight();
                    weights.push((is_unmarked, weight, *place, kept(plaintext)));
                }
                Err(Unreadable::TooMuch) => weights.push((is_unmarked, usize::MAX, *place, None)),
                // That is said when it is read.
                Err(Unreadable::Text { .. } | Unreadable::NoRecords) => {}
            }
        }
        weights.sort_unstable_by_key(|(is_unmarked, weight, place, _)| (*is_unmarked, *weight, *place));
        let mut left = PUBLIC_VALUES;
        let mut weighing = |weight, plaintext| {
            let Some(rest) = left.checked_sub(weight) else { return Weighing::TooMuch };
            left = rest;
            Weighing::Weighed(weight, plaintext)
        };
        weights.into_iter().map(|(_, weight, place, plaintext)| (place, weighing(weight, plaintext))).collect()
    }

    /// One after the other: no two large ones are in memory.
    pub(super) fn open_boxes(
        &mut self,
        superseded: &BTreeSet<BoxPlace>,
        mut weighings: BTreeMap<BoxPlace, Weighing>,
        opening_key: Option<&OpeningKey>,
    ) -> (Inventory, Vec<BoxPlace>, BTreeSet<BoxPlace>) {
        let kind = self.backup.core().kind;
        let mut inventory = Inventory::of(kind);
        let mut quorum_boxes = Vec::new();
        let mut closed = BTreeSet::new();
        for (place, sealed) in self.backup.boxes().iter().filter(|(place, _)| !superseded.contains(place)) {
            let header = &sealed.header;
            let position = header.position;
            let (weight, kept) = match weighings.remove(place) {
                Some(Weighing::TooMuch) => {
                    self.findings.push(Finding::BoxUnread { position });
                    closed.insert(*place);
                    continue;
                }
                Some(Weighing::Weighed(weight, kept)) => (Some(weight), kept),
                None => (None, None),
            };
            let Some(plaintext) = kept.or_else(|| self.open_box(sealed, opening_key)) else {
                self.findings.push(Finding::BoxClosed { position });
                closed.insert(*place);
                continue;
            };
            if header.sealed_by == SealedBy::Quorum {
                quorum_boxes.push(*place);
            }
            let records = match weight {
                Some(weight) => Records::weighed(plaintext.reveal(), weight),
                None => Records::weigh(plaintext.reveal(), VALUES_LIMIT),
            };
            match records {
                Ok(records) => {
                    let issuer = self.issuer.filter(|_| self.issued.contains(&place.digest));
                    let (sealed_by, created) = (header.sealed_by, header.created);
                    let source = BoxSource { sealed_by, position, created, issuer };
                    let mut unclear = Unclear::default();
                    let entries = records.entries(kind).inspect(|entry| unclear.look_at(entry));
                    inventory.apply(source, entries);
                    self.findings.extend(unclear.findings(source));
                }
                Err(what) => {
                    self.findings.push(Finding::BoxUnreadable { position, what });
                    closed.insert(*place);
                }
            }
        }
        inventory.finish();
        (inventory, quorum_boxes, closed)
    }

    fn open_box(&self, sealed: &SealedBox, opening_key: Option<&OpeningKey>) -> Option<SecretBuffer> {
        let context = sealed.header.context(self.backup.core(), self.backup.core_digest());
        match sealed.header.sealed_by {
            SealedBy::Quorum => self.wrapping_key.open(&sealed.ciphertext.0, &context),
            SealedBy::Public => opening_key?.open(&sealed.ciphertext.0, &context),
        }
    }
}

/// What of a box was not understood.
#[derive(Default)]
struct Unclear {
    faults: BTreeMap<RecordFault, usize>,
    newer: usize,
}

impl Unclear {
    fn look_at(&mut self, entry: &BoxEntry) {
        if let Some(fault) = entry.fault {
            *self.faults.entry(fault).or_default() += 1;
        }
        self.newer += usize::from(entry.kept.is_some() && entry.fault.is_none());
    }

    fn findings(self, source: BoxSource) -> impl Iterator<Item = Finding> {
        let BoxSource { position, sealed_by, .. } = source;
        let malformed = move |(what, records)| Finding::MalformedRecords { position, sealed_by, what, records };
        let newer = (self.newer > 0).then_some(Finding::NotUnderstood { records: self.newer, sealed_by });
        self.faults.into_iter().map(malformed).chain(newer)
    }
}
