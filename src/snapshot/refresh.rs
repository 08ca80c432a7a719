//! The next snapshot of the same backup: boxes appended, labels changed, forks merged, contents compacted
//! (`docs/format.md`, section 11). Old boxes, and everything of the core, are copied as they are.

use super::opening::Opened;
use super::sealing::{Parts, SealingError, counts_of, header_after, plaintext_of, seal_quorum_box, sign_anchor};
use super::v1::limits;
use super::v1::model::{Counts, Labels, Place, SealedBox, Snapshot};
use crate::crypto::issuer::IssuerKey;
use crate::crypto::seal;
use crate::crypto::wrapping::WrappingKey;
use crate::domain::encoding::Base64;
use crate::domain::entropy::Entropy;
use crate::domain::inventory::{Fields, SealedBy};
use crate::domain::time::Timestamp;

/// When, by whom, and with which randomness.
pub struct Issue<'a> {
    pub created: Timestamp,
    pub issuer: Option<&'a IssuerKey>,
    pub entropy: &'a mut dyn Entropy,
}

/// Adds records without a quorum. The caller has compared core's fingerprint with one from elsewhere.
pub fn append_public(
    snapshot: &Snapshot,
    records: Vec<Fields>,
    mut issue: Issue<'_>,
) -> Result<Snapshot, SealingError> {
    let counts = add(snapshot.section.counts, counts_of(&records));
    let plaintext = plaintext_of(records)?;
    if plaintext.reveal().len() > limits::REFRESH {
        return Err(SealingError::RefreshTooLarge);
    }
    let header = header_after(last_place(snapshot), SealedBy::Public, issue.created, issue.entropy)?;
    let context = header.context(&snapshot.core, &snapshot.core.core_digest());
    let public_key = snapshot.core.public_key.as_ref().map_or(&[][..], |key| &key.0);
    let ciphertext = seal::seal(public_key, plaintext, &context, issue.entropy)?;
    let mut parts = parts_of(snapshot);
    parts.boxes.push(SealedBox { ciphertext: Base64(ciphertext), header });
    next(parts, &[snapshot], counts, &mut issue)
}

/// Adds records with a quorum, and a new anchor.
pub fn append_quorum(
    snapshot: &Snapshot,
    wrapping_key: &WrappingKey,
    records: Vec<Fields>,
    mut issue: Issue<'_>,
) -> Result<Snapshot, SealingError> {
    let counts = add(snapshot.section.counts, counts_of(&records));
    let after = last_place(snapshot);
    let sealed = seal_quorum_box(&snapshot.core, wrapping_key, after, records, issue.created, issue.entropy)?;
    let mut parts = parts_of(snapshot);
    let ends = (snapshot.anchor.base, sealed.place());
    let sequence = snapshot.section.sequence.saturating_add(1);
    parts.anchor = sign_anchor(wrapping_key, &parts.core, &parts.envelopes, &parts.labels, ends, sequence);
    parts.boxes.push(sealed);
    next(parts, &[snapshot], counts, &mut issue)
}

/// Seals all that counts anew, with a quorum, into one box that replaces those of `snapshot`.
pub fn compact(snapshot: &Snapshot, opened: &Opened, mut issue: Issue<'_>) -> Result<Snapshot, SealingError> {
    let records = opened.inventory.to_records();
    let counts = counts_of(&records);
    let base = last_place(snapshot);
    let key = &opened.wrapping_key;
    let sealed = seal_quorum_box(&snapshot.core, key, base, records, issue.created, issue.entropy)?;
    let mut parts = parts_of(snapshot);
    let sequence = snapshot.section.sequence.saturating_add(1);
    let ends = (base, sealed.place());
    parts.anchor = sign_anchor(key, &parts.core, &parts.envelopes, &parts.labels, ends, sequence);
    parts.boxes = vec![sealed];
    next(parts, &[snapshot], counts, &mut issue)
}

/// Changes names or the delivery address.
pub fn relabel(snapshot: &Snapshot, labels: Labels, mut issue: Issue<'_>) -> Result<Snapshot, SealingError> {
    let mut parts = parts_of(snapshot);
    parts.labels = labels;
    next(parts, &[snapshot], snapshot.section.counts, &mut issue)
}

/// Heals a fork: the union of two snapshots of one backup.
pub fn merge(one: &Snapshot, other: &Snapshot, mut issue: Issue<'_>) -> Result<Snapshot, SealingError> {
    if one.core != other.core {
        return Err(SealingError::OtherBackup);
    }
    let (newer, older) = if one.section.sequence >= other.section.sequence { (one, other) } else { (other, one) };
    let mut parts = parts_of(newer);
    // Without a quorum nobody can say which anchor is right, so the one of the highest sequence it was made at is kept.
    if older.anchor.sequence > newer.anchor.sequence {
        parts.anchor = older.anchor.clone();
    }
    for sealed in &older.boxes {
        if !parts.boxes.contains(sealed) {
            parts.boxes.push(sealed.clone());
        }
    }
    let covered = covered_by(parts.anchor.base, &parts.boxes);
    parts.boxes.retain(|sealed| !covered.contains(&sealed.place()));
    let counts = add(one.section.counts, other.section.counts);
    next(parts, &[newer, older], counts, &mut issue)
}

fn next(parts: Parts, before: &[&Snapshot], counts: Counts, issue: &mut Issue<'_>) -> Result<Snapshot, SealingError> {
    let sequence = before.iter().map(|snapshot| snapshot.section.sequence).max().unwrap_or(0).saturating_add(1);
    let mut previous: Vec<_> = before.iter().map(|snapshot| snapshot.section.digest()).collect();
    previous.sort_unstable();
    previous.dedup();
    parts.issue(&previous, sequence, counts, issue.created, issue.issuer, issue.entropy)
}

fn parts_of(snapshot: &Snapshot) -> Parts {
    Parts {
        core: snapshot.core.clone(),
        envelopes: snapshot.envelopes.clone(),
        labels: snapshot.labels.clone(),
        anchor: snapshot.anchor.clone(),
        boxes: snapshot.boxes.clone(),
    }
}

fn last_place(snapshot: &Snapshot) -> Place {
    snapshot.boxes.iter().map(SealedBox::place).max().unwrap_or(snapshot.anchor.base)
}

/// The box at `base` and those before it along `previous`.
fn covered_by(base: Place, boxes: &[SealedBox]) -> Vec<Place> {
    let mut covered = Vec::new();
    let mut place = base;
    while let Some(sealed) = boxes.iter().find(|sealed| sealed.place() == place) {
        covered.push(place);
        let Some(position) = place.position.checked_sub(1) else { break };
        place = Place { digest: sealed.header.previous, position };
    }
    covered
}

fn add(one: Counts, other: Counts) -> Counts {
    Counts {
        accounts: one.accounts.saturating_add(other.accounts),
        codes: one.codes.saturating_add(other.codes),
        vaults: one.vaults.saturating_add(other.vaults),
    }
}
