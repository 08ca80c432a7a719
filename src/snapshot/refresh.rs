//! The next snapshot of the same backup: boxes appended, labels changed, forks merged, contents compacted
//! (`docs/format.md`, section 11). Old boxes, and everything of the core, are copied as they are.

use std::sync::Arc;

use super::finding::Finding;
use super::opening::Opened;
use super::sealing::{
    SealingError, SnapshotParts, counts_of, plaintext_of, seal_public_box, seal_public_boxes, seal_quorum_box,
    sign_anchor, weight_of,
};
use super::v1::limits;
use super::v1::model::{Anchor, BoxPlace, Labels, SealedBox, Snapshot, places};
use super::v1::rules::follow_one_another;
use crate::crypto::issuer::IssuerKey;
use crate::crypto::wrapping::WrappingKey;
use crate::domain::entropy::Entropy;
use crate::domain::inventory::review::ReviewQuestion;
use crate::domain::inventory::{Claimed, Collection, Counts, Fields, Sealable, SealedBy, review};
use crate::domain::time::Timestamp;

/// When, by whom, and with which randomness.
pub struct Issue<'a> {
    pub created: Timestamp,
    pub issuer: Option<&'a IssuerKey>,
    pub entropy: &'a mut dyn Entropy,
}

/// A refresh is advised to be followed by a compaction when so many bytes, or so many boxes, stand after what a quorum sealed last.
/// Each of these boxes takes about a quarter of a millisecond to open.
const ADVISED_BYTES: usize = 5 << 20;
const ADVISED_BOXES: usize = 500;

/// One refresh without a quorum: several files of one backup united, records added, labels changed, all in one step and one new
/// sequence. Labels and anchor are those of the first file, unless other labels are given: without a quorum nobody can say whose are
/// genuine, so the caller names the file first that counts. The caller has compared core's fingerprint with one from elsewhere.
pub fn renew(
    snapshots: &[&Snapshot],
    records: Vec<Fields>,
    labels: Option<Labels>,
    mut issue: Issue<'_>,
) -> Result<Snapshot, SealingError> {
    let counts = snapshots.iter().fold(counts_of(&records), |counts, snapshot| counts.plus(snapshot.section.counts));
    let mut parts = united(snapshots)?;
    if !records.is_empty() {
        let plaintext = plaintext_of(records)?;
        if plaintext.reveal().len() > limits::REFRESH {
            return Err(SealingError::RefreshTooLarge);
        }
        if weight_of(&plaintext)? + weight_at_most(&parts.boxes) > limits::PUBLIC_VALUES {
            return Err(SealingError::AddedTooMuch);
        }
        let after = last_place(&parts.anchor, &parts.boxes);
        parts.boxes.push(Arc::new(seal_public_box(&parts.core, after, plaintext, issue.created, issue.entropy)?));
    }
    if let Some(labels) = labels {
        parts.labels = labels;
    }
    next(parts, snapshots, counts, &mut issue)
}

/// Adds records without a quorum.
pub fn append_public(snapshot: &Snapshot, records: Vec<Fields>, issue: Issue<'_>) -> Result<Snapshot, SealingError> {
    renew(&[snapshot], records, None, issue)
}

/// What public boxes that people filled weigh at most: without a quorum nobody can look. No record that is of use to anybody has
/// less than four bytes of text for each 1 that it weighs.
fn weight_at_most(boxes: &[Arc<SealedBox>]) -> usize {
    let public = boxes.iter().filter(|sealed| sealed.header.sealed_by == SealedBy::Public);
    public.map(|sealed| sealed.ciphertext.0.len()).sum::<usize>() / 4
}

/// Whether so much was added without a quorum that it is time for one to seal all of it into one box.
pub fn is_compaction_advised(snapshot: &Snapshot) -> bool {
    let marked = snapshot.anchor.last.position;
    let after = || snapshot.boxes.iter().filter(|sealed| sealed.header.position > marked);
    after().count() > ADVISED_BOXES || after().map(|sealed| sealed.ciphertext.0.len()).sum::<usize>() > ADVISED_BYTES
}

/// Adds records with a quorum, and a new anchor.
pub fn append_quorum(
    snapshot: &Snapshot,
    wrapping_key: &WrappingKey,
    records: Vec<Fields>,
    mut issue: Issue<'_>,
) -> Result<Snapshot, SealingError> {
    let counts = snapshot.section.counts.plus(counts_of(&records));
    append(snapshot, wrapping_key, Sealable::from(records), counts, &mut issue)
}

/// What a quorum seals behind all boxes, and in public boxes after that what it only carries; with a new anchor.
fn append(
    snapshot: &Snapshot,
    wrapping_key: &WrappingKey,
    Sealable { records, carried }: Sealable,
    counts: Claimed,
    issue: &mut Issue<'_>,
) -> Result<Snapshot, SealingError> {
    let after = last_place(&snapshot.anchor, &snapshot.boxes);
    let sealed = seal_quorum_box(&snapshot.core, wrapping_key, after, records, issue.created, issue.entropy)?;
    let mut parts = parts_of(snapshot);
    let last = sealed.place();
    let sequence = snapshot.section.sequence.saturating_add(1);
    let (ends, is_unconfirmed) = ((snapshot.anchor.base, last), snapshot.anchor.unconfirmed);
    parts.anchor =
        sign_anchor(wrapping_key, &parts.core, &parts.envelopes, &parts.labels, ends, sequence, is_unconfirmed);
    parts.boxes.push(Arc::new(sealed));
    if !carried.is_empty() {
        let sealed = seal_public_boxes(&snapshot.core, last, carried, issue.created, issue.entropy)?;
        parts.boxes.extend(sealed.into_iter().map(Arc::new));
    }
    next(parts, &[snapshot], counts, issue)
}

/// The next snapshot, in which a quorum confirms what it accepts of what nobody has confirmed: places in [`review::confirmable`].
/// By the same rules as a compaction. Whoever writes it proves it first: [`Confirming::is_in`].
pub fn confirm(confirming: &Confirming<'_>, mut issue: Issue<'_>) -> Result<Snapshot, SealingError> {
    let Confirming { snapshot, opened, accepted } = confirming;
    check_all_read(snapshot, opened)?;
    let backup_id = snapshot.core.backup_id;
    let sealable = review::confirmation(&opened.inventory, backup_id, accepted);
    if sealable.records.is_empty() {
        return Err(SealingError::NothingAccepted);
    }
    let Counts { vaults, accounts, codes, .. } =
        review::outcome(&opened.inventory, backup_id, accepted, issue.created).counts();
    let counts = Claimed { vaults: vaults as u64, accounts: accounts as u64, codes: codes as u64 };
    append(snapshot, &opened.wrapping_key, sealable, counts, &mut issue)
}

/// What a quorum accepts in a file that it opened.
pub struct Confirming<'a> {
    pub snapshot: &'a Snapshot,
    pub opened: &'a Opened,
    pub accepted: &'a [usize],
}

impl Confirming<'_> {
    /// Whether `next`, opened by itself, is the file that it goes on from with what was accepted, and nothing else: marked by the
    /// quorum and read to the last box.
    pub fn is_in(&self, next: &Snapshot, reopened: &Opened) -> Result<(), SealingError> {
        check_all_read(next, reopened).map_err(|why| match why {
            SealingError::Unread => SealingError::UnconfirmedTooMuch,
            why => why,
        })?;
        let (before, after) = (&self.opened.inventory, &reopened.inventory);
        let created = next.section.created;
        let expected = review::outcome(before, self.snapshot.core.backup_id, self.accepted, created);
        let goes_on = next.core == self.snapshot.core
            && next.anchor.unconfirmed == self.snapshot.anchor.unconfirmed
            && next.envelopes == self.snapshot.envelopes
            && next.labels == self.snapshot.labels
            && places(&next.boxes).is_superset(&places(&self.snapshot.boxes));
        let is_whole = reopened.closed.is_empty() && review::is_confirmed_in(before, after, &expected);
        if goes_on && is_whole { Ok(()) } else { Err(SealingError::NotProved) }
    }
}

/// Seals all that counts anew, with a quorum, into one box that replaces those of `snapshot`. What no quorum confirmed goes into a
/// public box after it, so that it keeps that mark. A file of which something could not be read, or was not marked by the quorum, is
/// refused: what was not read must not be replaced.
pub fn compact(snapshot: &Snapshot, opened: &Opened, issue: Issue<'_>) -> Result<Snapshot, SealingError> {
    // What is added to from day to day is an owner's as soon as one of them seals it. Changes of what was sealed are nobody's.
    let is_usual = snapshot.core.kind.rules().is_added_to_daily;
    // No key and no vault is: they would prove something afterwards.
    let is_taken = |question: &ReviewQuestion| {
        !question.is_change() && !matches!(question, ReviewQuestion::Item(Collection::Keys | Collection::Vaults, _))
    };
    let taken = |(place, question): (usize, ReviewQuestion)| (is_usual && is_taken(&question)).then_some(place);
    let accepted: Vec<usize> = (0..).zip(review::questions(&opened.inventory)).filter_map(taken).collect();
    let sealable = review::records(&opened.inventory, snapshot.core.backup_id, &accepted);
    seal_anew(snapshot, opened, sealable, snapshot.labels.clone(), issue)
}

/// Seals other contents in the place of all that `snapshot` holds, with a quorum; by the same rules as a compaction.
pub fn seal_anew(
    snapshot: &Snapshot,
    opened: &Opened,
    sealable: Sealable,
    labels: Labels,
    mut issue: Issue<'_>,
) -> Result<Snapshot, SealingError> {
    check_all_read(snapshot, opened)?;
    let Sealable { records, carried } = sealable;
    let counts = counts_of(carried.iter().chain(&records));
    let base = last_place(&snapshot.anchor, &snapshot.boxes);
    let key = &opened.wrapping_key;
    let sealed = seal_quorum_box(&snapshot.core, key, base, records, issue.created, issue.entropy)?;
    let mut parts = SnapshotParts { labels, ..parts_of(snapshot) };
    let sequence = snapshot.section.sequence.saturating_add(1);
    let ends = (base, sealed.place());
    let is_unconfirmed = snapshot.anchor.unconfirmed;
    parts.anchor = sign_anchor(key, &parts.core, &parts.envelopes, &parts.labels, ends, sequence, is_unconfirmed);
    let after = sealed.place();
    parts.boxes = vec![Arc::new(sealed)];
    if !carried.is_empty() {
        let sealed = seal_public_boxes(&snapshot.core, after, carried, issue.created, issue.entropy)?;
        parts.boxes.extend(sealed.into_iter().map(Arc::new));
    }
    next(parts, &[snapshot], counts, &mut issue)
}

/// A quorum seals nothing behind or in the place of what it did not read, or did not mark.
pub fn check_all_read(snapshot: &Snapshot, opened: &Opened) -> Result<(), SealingError> {
    let is_marked = opened.anchor.as_ref() == Some(&snapshot.anchor);
    if opened.findings.iter().any(|finding| matches!(finding.of_a_kind(), Finding::BoxUnread { .. })) {
        return Err(SealingError::Unread);
    }
    if !is_marked || opened.findings.iter().any(|finding| finding.is_red() && !is_read(finding)) {
        return Err(SealingError::MarkNotGenuine);
    }
    Ok(())
}

/// Whether a red finding still says that everything was read: additions that no quorum confirmed, and a weak derivation.
fn is_read(finding: &Finding) -> bool {
    match finding.of_a_kind() {
        Finding::PublicOnly { .. }
        | Finding::SetsAdded { .. }
        | Finding::PublicOrganization { .. }
        | Finding::ProposedOrganization { .. }
        | Finding::ProposedPut { .. }
        | Finding::ProposedRemoval { .. }
        | Finding::NotUnderstood { .. }
        | Finding::WeakDerivation => true,
        Finding::MalformedRecords { sealed_by, .. } => *sealed_by == SealedBy::Public,
        _ => false,
    }
}

/// Every box of every file stays, also what an anchor's base covers: without a quorum nobody can say whether that anchor is the
/// quorum's, and a forged one must not remove a box.
fn united(snapshots: &[&Snapshot]) -> Result<SnapshotParts, SealingError> {
    let (first, others) = snapshots.split_first().ok_or(SealingError::OtherBackup)?;
    let mut parts = parts_of(first);
    for other in others {
        if other.core != first.core {
            return Err(SealingError::OtherBackup);
        }
        // A core has one array of envelopes for ever.
        if other.envelopes != first.envelopes {
            return Err(SealingError::OtherEnvelopes);
        }
        let (own, theirs) = (&first.anchor.base, &other.anchor.base);
        if own.position == theirs.position && own.digest != theirs.digest {
            return Err(SealingError::CompactedApart);
        }
        let known = places(&parts.boxes);
        parts.boxes.extend(other.boxes.iter().filter(|sealed| !known.contains(&sealed.place())).cloned());
    }
    // The boxes after a lower base have their place beside a higher one, and not always the other way round.
    let boxes: Vec<(BoxPlace, &SealedBox)> = parts.boxes.iter().map(|sealed| (sealed.place(), &**sealed)).collect();
    if others.is_empty() || follow_one_another(&boxes, first.anchor.base) {
        Ok(parts)
    } else {
        Err(SealingError::OtherBase)
    }
}

fn next(
    parts: SnapshotParts,
    before: &[&Snapshot],
    counts: Claimed,
    issue: &mut Issue<'_>,
) -> Result<Snapshot, SealingError> {
    let sequence = before.iter().map(|snapshot| snapshot.section.sequence).max().unwrap_or(0).saturating_add(1);
    // A file names at most two; of more those with the highest sequences.
    let mut newest = before.to_vec();
    newest.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.section.sequence));
    let mut previous: Vec<_> = newest.iter().map(|snapshot| snapshot.section.digest()).take(2).collect();
    previous.sort_unstable();
    previous.dedup();
    parts.issue(&previous, sequence, counts, issue.created, issue.issuer, issue.entropy)
}

pub(super) fn parts_of(snapshot: &Snapshot) -> SnapshotParts {
    SnapshotParts {
        core: snapshot.core.clone(),
        envelopes: snapshot.envelopes.clone(),
        labels: snapshot.labels.clone(),
        anchor: snapshot.anchor.clone(),
        boxes: snapshot.boxes.clone(),
    }
}

fn last_place(anchor: &Anchor, boxes: &[Arc<SealedBox>]) -> BoxPlace {
    boxes.iter().map(|sealed| sealed.place()).max().unwrap_or(anchor.base)
}
