//! Making a backup: the one function that ceremonies, samples and tests call (`docs/format.md`, section 7).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::boxes::chunks;
pub(super) use super::boxes::seal_public_boxes;
pub(super) use super::boxes::{plaintext_of, seal_public_box, seal_quorum_box, weight_of};
use super::v1::layout;
use super::v1::model::{
    Anchor, BoxPlace, Core, Digests, Envelope, Labels, Replaces, SUITE, SealedBox, Section, ShareholderLabel, Snapshot,
    envelope_digests, envelopes_digest,
};
use super::v1::read::read;
use super::v1::verdict::Verdict;
use crate::crypto::commitment::{PhraseKey, share_commitment};
use crate::crypto::digest::digest;
use crate::crypto::envelope;
use crate::crypto::issuer::IssuerKey;
use crate::crypto::kdf::{self, Kdf, KdfError, KdfNumbers};
use crate::crypto::label::{Binding, Purpose};
use crate::crypto::sharing::{prove_all, split};
use crate::crypto::wrapping::WrappingKey;
use crate::domain::ceremony::{self, NameStyle, Person};
use crate::domain::encoding::{Base64, Hex};
use crate::domain::entropy::{Entropy, EntropyFailed, random};
use crate::domain::inventory::{Claimed, Fields, Kept, Sealable};
use crate::domain::kind::{HolderWords, Kind, Method};
use crate::domain::phrase::{Phrase, PhraseForm};
use crate::domain::text::Text;
use crate::domain::time::Timestamp;

/// What is decided before the first phrase.
#[derive(Debug, Clone)]
pub struct SealingPlan {
    pub kind: Kind,
    pub purpose: Purpose,
    pub organization: Text,
    /// The address that snapshots are sent to.
    pub delivery: Text,
    /// As they are named in the file, in the order of their numbers.
    pub shareholders: Vec<Person>,
    pub threshold: u8,
    pub form: PhraseForm,
    /// Memory in KiB, passes, lanes.
    pub derivation: (u64, u64, u64),
    pub issuer: Option<Hex<32>>,
    pub replaces: Option<Replaces>,
}

impl SealingPlan {
    /// What people decided, at the cost of every new backup.
    pub fn of(plan: &ceremony::Plan, issuer: Option<Hex<32>>, replaces: Option<Replaces>) -> Self {
        let email = |person: &Person| person.email.clone().filter(|_| plan.names == NameStyle::FullWithEmail);
        Self {
            kind: plan.kind,
            purpose: if plan.is_training { Purpose::Training } else { Purpose::Production },
            organization: plan.organization.clone(),
            delivery: plan.delivery.clone(),
            shareholders: plan
                .shareholders
                .iter()
                .map(|person| Person { name: plan.label(person), email: email(person) })
                .collect(),
            threshold: plan.threshold,
            form: plan.form,
            derivation: kdf::STANDARD,
            issuer,
            replaces,
        }
    }
}

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
        "boxes that anybody could have added were not read, and would be lost; compact a copy from before them. Nothing was sealed"
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
    #[error("what this file holds does not all check; compact a file whose marks check. Nothing was sealed")]
    MarkNotGenuine,
    #[error("the snapshots are not two of one backup; nothing was sealed")]
    OtherBackup,
    #[error("the backup names an issuer, but the issuer's key is not the one it names; nothing was sealed")]
    Issuer,
    #[error("what was sealed did not check when it was read back; it was thrown away")]
    NotProved,
    #[error(transparent)]
    Kdf(#[from] KdfError),
    #[error(transparent)]
    Seal(#[from] crate::crypto::seal::SealError),
    #[error(transparent)]
    Entropy(#[from] EntropyFailed),
}

/// A backup in the making. It keeps what a phrase was derived to, never the phrase.
pub struct Founding {
    plan: SealingPlan,
    binding: Binding,
    kdf: KdfNumbers,
    count: u8,
    keys: BTreeMap<u8, PhraseKey>,
}

impl Founding {
    pub fn begin(plan: SealingPlan, entropy: &mut dyn Entropy) -> Result<Self, SealingError> {
        let (kind, threshold, count) = (plan.kind, plan.threshold, plan.shareholders.len());
        if !kind.rules().allows(threshold, count) {
            return Err(SealingError::Threshold { kind, threshold, count });
        }
        let count = u8::try_from(count).unwrap_or(u8::MAX);
        let binding = Binding { purpose: plan.purpose, backup_id: Hex(random(entropy)?) };
        let kdf = KdfNumbers::new(plan.derivation, Hex(random(entropy)?));
        kdf.check_bounds()?;
        Ok(Self { plan, binding, kdf, count, keys: BTreeMap::new() })
    }

    /// Takes the phrase of shareholder `number`; one that was there is replaced.
    pub fn accept(&mut self, number: u8, phrase: &Phrase, kdf: &dyn Kdf) -> Result<(), KdfError> {
        let key = self.derive(phrase, kdf)?;
        self.keep(number, key);
        Ok(())
    }

    /// What a phrase becomes in this backup, to be kept for a shareholder. Several can be derived at the same time.
    pub fn derive(&self, phrase: &Phrase, kdf: &dyn Kdf) -> Result<PhraseKey, KdfError> {
        PhraseKey::derive(phrase.reveal_entropy(), self.binding, &self.kdf, kdf)
    }

    /// Takes what was derived of the phrase of shareholder `number`; what was there is replaced.
    pub fn keep(&mut self, number: u8, key: PhraseKey) {
        self.keys.insert(number, key);
    }

    /// What one derivation costs.
    pub fn numbers(&self) -> &KdfNumbers {
        &self.kdf
    }

    /// What was derived, in the order of the numbers.
    pub fn keys(&self) -> impl Iterator<Item = &PhraseKey> {
        self.keys.values()
    }

    /// Forgets the phrase of shareholder `number`.
    pub fn forget(&mut self, number: u8) {
        self.keys.remove(&number);
    }

    /// Whether the phrase of another shareholder is the same as that of `number`: whose it is.
    pub fn twin_of(&self, number: u8) -> Option<u8> {
        let commitment = self.keys.get(&number)?.commitment(number);
        self.keys
            .iter()
            .find(|(other, key)| **other != number && key.commitment(number) == commitment)
            .map(|(other, _)| *other)
    }

    /// What it is of.
    pub fn kind(&self) -> Kind {
        self.plan.kind
    }

    /// Whether it is made in the place of another backup.
    pub fn is_rotation(&self) -> bool {
        self.plan.replaces.is_some()
    }

    /// Seals them into the first snapshot. All shares are proved to lie on one polynomial that gives the wrapping key,
    /// and the result is read back, before anything is given out.
    pub fn seal(
        &self,
        sealable: impl Into<Sealable>,
        created: Timestamp,
        issuer: Option<&IssuerKey>,
        entropy: &mut dyn Entropy,
    ) -> Result<Snapshot, SealingError> {
        let Sealable { records, carried } = sealable.into();
        let keys = self.keys_in_order()?;
        let wrapping_key = WrappingKey::generate(self.binding, entropy)?;
        let shares = split(wrapping_key.reveal(), self.plan.threshold, self.count, entropy)?;
        if shares.len() != keys.len() || !prove_all(wrapping_key.reveal(), self.plan.threshold, &shares) {
            return Err(SealingError::NotProved);
        }
        let public_key = wrapping_key.opening_key().ok_or(SealingError::NotProved)?.public();
        let has_public_key = self.plan.kind.rules().has_public_key();
        let labels = self.labels(entropy)?;
        let core = Core {
            backup_id: self.binding.backup_id,
            issuer: self.plan.issuer,
            kdf: self.kdf,
            kind: self.plan.kind,
            labels_digest: digest("labels", &labels),
            method: Method::Phrase,
            phrase: Some(self.plan.form),
            phrase_commitments: (1..).zip(&keys).map(|(number, key)| key.commitment(number)).collect(),
            public_key: has_public_key.then_some(Base64(public_key)),
            purpose: self.plan.purpose,
            replaces: self.plan.replaces.clone(),
            share_commitments: shares
                .iter()
                .map(|share| share_commitment(self.binding, share.number, share.value.reveal()))
                .collect(),
            shareholder_count: self.count,
            suite: SUITE,
            threshold: self.plan.threshold,
            wrapping_key_commitment: wrapping_key.commitment(),
        };
        let core_digest = core.core_digest();
        let envelopes: Vec<Envelope> = shares
            .iter()
            .zip(&keys)
            .map(|(share, key)| Envelope {
                number: share.number,
                sealed: Base64(envelope::seal(share, key, &core_digest)),
            })
            .collect();
        let counts = counts_of(carried.iter().chain(&records));
        let mut boxes: Vec<Arc<SealedBox>> = Vec::new();
        let mut last = BoxPlace::START;
        for records in chunks(records) {
            let sealed = seal_quorum_box(&core, &wrapping_key, last, records, created, entropy)?;
            last = sealed.place();
            boxes.push(Arc::new(sealed));
        }
        let anchor = sign_anchor(&wrapping_key, &core, &envelopes, &labels, (BoxPlace::START, last), 1);
        if !carried.is_empty() {
            boxes.extend(seal_public_boxes(&core, last, carried, created, entropy)?.into_iter().map(Arc::new));
        }
        let parts = SnapshotParts { core, envelopes, labels, anchor, boxes };
        parts.issue(&[], 1, counts, created, issuer, entropy)
    }

    fn keys_in_order(&self) -> Result<Vec<&PhraseKey>, SealingError> {
        let HolderWords { one: holder, many: holders, .. } = self.plan.kind.rules().holder;
        let keys = (1..=self.count)
            .map(|number| self.keys.get(&number).ok_or(SealingError::PhraseMissing { holder, number }))
            .collect::<Result<Vec<_>, _>>()?;
        // Two people with one phrase would make two commitments match it, which readers refuse.
        for one in 1..=self.count {
            if let Some(other) = self.twin_of(one) {
                return Err(SealingError::SamePhrase { holders, one, other });
            }
        }
        Ok(keys)
    }

    fn labels(&self, entropy: &mut dyn Entropy) -> Result<Labels, EntropyFailed> {
        let shareholders = (1..)
            .zip(&self.plan.shareholders)
            .map(|(number, person)| ShareholderLabel { email: person.email.clone(), name: person.name.clone(), number })
            .collect();
        Ok(Labels {
            delivery: self.plan.delivery.clone(),
            organization: self.plan.organization.clone(),
            salt: Hex(random(entropy)?),
            shareholders,
        })
    }
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
) -> Anchor {
    let mut anchor = Anchor {
        base,
        envelopes: envelopes_digest(envelopes),
        labels: digest("labels", labels),
        last,
        mac: None,
        sequence,
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
