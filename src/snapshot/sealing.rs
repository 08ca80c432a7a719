//! What all snapshots are sealed with: the parts, the section over them, the anchor (`docs/format.md`, sections 3 and 7); and why
//! nothing was sealed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) use super::boxes::{plaintext_of, seal_public_box, seal_public_boxes, seal_quorum_box, weight_of};
use super::v1::layout;
use super::v1::model::{
    Anchor, BoxPlace, Core, Digests, Envelope, Labels, SealedBox, Section, Snapshot, envelope_digests, envelopes_digest,
};
use super::v1::read::read;
use super::v1::verdict::Verdict;
use crate::crypto::digest::digest;
use crate::crypto::issuer::IssuerKey;
use crate::crypto::kdf::KdfError;
use crate::crypto::wrapping::WrappingKey;
use crate::domain::encoding::{Base64, Hex};
use crate::domain::entropy::{Entropy, EntropyFailed, random};
use crate::domain::inventory::{Claimed, Fields, Kept};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    #[error(
        "a threshold of {threshold} of {count} is not possible: choose {} {} and a threshold from {} up to their number",
        .kind.rules().count_text(), .kind.rules().holder.many, .kind.rules().threshold.start()
    )]
    Threshold { kind: Kind, threshold: u8, count: usize },
    #[error("{holder} {number} has no phrase yet; nothing was sealed")]
    PhraseMissing { holder: &'static str, number: u8 },
    #[error("the phrases of {holders} {one} and {other} are the same; nothing was sealed")]
    SamePhrase { holders: &'static str, one: u8, other: u8 },
    #[error("the contents do not fit: they take more than 44 MiB; nothing was sealed")]
    TooLarge,
    #[error("this adds more than 8 MiB; rotate the backup instead, so that it stays small. Nothing was sealed")]
    RefreshTooLarge,
    #[error(
        "so much was added without a quorum that no more of it would be read; compact or rotate the backup first. Nothing was sealed"
    )]
    AddedTooMuch,
    #[error(
        "there is more that no quorum has confirmed than would be read again; accept it, or leave some of it out. Nothing was sealed"
    )]
    UnconfirmedTooMuch,
    #[error(
        "boxes that anybody could have added were not read, and a quorum seals only what it read; take a copy from before them. Nothing was sealed"
    )]
    Unread,
    #[error("there would be more boxes than a file may hold; compact or rotate the backup. Nothing was sealed")]
    TooMany,
    #[error("this backup has no sequence number left; rotate it. Nothing was sealed")]
    SequenceSpent,
    #[error(
        "the two files were compacted side by side and do not fit into one; recover both together, or rotate. Nothing was sealed"
    )]
    CompactedApart,
    #[error("what the other file holds follows a base that this one does not have. Nothing was sealed")]
    OtherBase,
    #[error("the sealed shares of the two files differ, so one of them was altered. Nothing was sealed")]
    OtherEnvelopes,
    #[error("what this file holds does not all check; take a file whose marks check. Nothing was sealed")]
    MarkNotGenuine,
    #[error("the snapshots are not two of one backup; nothing was sealed")]
    OtherBackup,
    #[error("the backup names an issuer, but the issuer's key is not the one it names; nothing was sealed")]
    Issuer,
    #[error("nothing of it is accepted; nothing was sealed")]
    NothingAccepted,
    #[error("what was sealed did not check when it was read back; it was thrown away")]
    NotProved,
    #[error(transparent)]
    Kdf(#[from] KdfError),
    #[error(transparent)]
    Seal(#[from] crate::crypto::seal::SealError),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

/// Everything of a snapshot but its section.
pub(super) struct SnapshotParts {
    pub core: Core,
    pub envelopes: Vec<Envelope>,
    pub labels: Labels,
    pub anchor: Anchor,
    pub boxes: Vec<Arc<SealedBox>>,
}

impl SnapshotParts {
    /// Writes the section with all digests, signs it, and reads the whole back: only what is INTACT is given out.
    pub(super) fn issue(
        mut self,
        previous: &[Hex<32>],
        sequence: u32,
        counts: Claimed,
        created: Timestamp,
        issuer: Option<&IssuerKey>,
        entropy: &mut dyn Entropy,
    ) -> Result<Snapshot, SealingError> {
        // A ceremony knows the issuer's public key alone: the first snapshot waits for the signature.
        let is_unsigned_first = sequence == 1 && issuer.is_none();
        if self.core.issuer != issuer.map(IssuerKey::public) && !is_unsigned_first {
            return Err(SealingError::Issuer);
        }
        if sequence > super::v1::limits::SEQUENCE {
            return Err(SealingError::SequenceSpent);
        }
        if self.boxes.len() > super::v1::limits::BOXES {
            return Err(SealingError::TooMany);
        }
        self.boxes.sort_by_cached_key(|sealed| sealed.place());
        let mut previous = previous.to_vec();
        previous.sort_unstable();
        let digests = Digests {
            anchor: digest("anchor", &self.anchor),
            boxes: self.boxes.iter().map(|sealed| sealed.place().digest).collect(),
            core: digest("core", &self.core),
            envelopes: envelope_digests(&self.envelopes),
            labels: digest("labels", &self.labels),
        };
        let id = Hex(random(entropy)?);
        let mut section = Section { checksum: None, counts, created, digests, id, previous, sequence, signature: None };
        if let Some(issuer) = issuer {
            let signature = issuer.sign(self.core.purpose, &self.core.core_digest(), &section.signed_part());
            section.signature = Some(Base64(signature));
        }
        section.checksum = Some(section.right_checksum());
        let Self { core, envelopes, labels, anchor, boxes } = self;
        let snapshot = Snapshot { core, envelopes, labels, anchor, section, boxes };
        let is_intact = read(&layout::to_bytes(&snapshot)).is_ok_and(|reading| reading.verdict == Verdict::Intact);
        if is_intact { Ok(snapshot) } else { Err(SealingError::NotProved) }
    }
}

/// The anchor that a quorum signs; `ends` are its base and its last box.
pub(super) fn sign_anchor(
    wrapping_key: &WrappingKey,
    core: &Core,
    envelopes: &[Envelope],
    labels: &Labels,
    (base, last): (BoxPlace, BoxPlace),
    sequence: u32,
    is_unconfirmed: bool,
) -> Anchor {
    let mut anchor = Anchor {
        base,
        envelopes: envelopes_digest(envelopes),
        labels: digest("labels", labels),
        last,
        mac: None,
        sequence,
        unconfirmed: is_unconfirmed,
    };
    anchor.mac = Some(wrapping_key.anchor_mac(&core.core_digest(), &anchor.without_mac()));
    anchor
}

/// What `records` put: each item once, as the last of them has it.
pub(super) fn counts_of<'a>(records: impl IntoIterator<Item = &'a Fields>) -> Claimed {
    let mut vaults = BTreeSet::new();
    let mut accounts = BTreeMap::new();
    for record in records.into_iter().filter(|record| record.text("record") == Some("put")) {
        let Some(item) = record.value("item").and_then(Kept::as_object) else { continue };
        let text = |name| item.text(name).unwrap_or_default();
        match record.text("collection") {
            Some("vaults") => {
                vaults.insert(text("id"));
            }
            Some("accounts") => {
                let count = |fields: &Fields| fields.list("codes").map_or(0, <[Kept]>::len) as u64;
                let others = item.list("sets").unwrap_or_default().iter().filter_map(Kept::as_object);
                let codes = count(item) + others.map(count).sum::<u64>();
                let before = accounts.entry((text("service"), text("login"))).or_default();
                // A set stands beside those that are there.
                *before = if item.value("set").is_some() { *before + codes } else { codes };
            }
            _ => {}
        }
    }
    Claimed { vaults: vaults.len() as u64, accounts: accounts.len() as u64, codes: accounts.into_values().sum() }
}
