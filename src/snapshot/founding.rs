//! Making a backup: the one function that ceremonies, samples and tests call (`docs/format.md`, section 7).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::boxes::{chunks, seal_public_boxes, seal_quorum_box};
use super::cloud_key::CloudKey;
use super::refresh::parts_of;
use super::sealing::{SealingError, SnapshotParts, counts_of, sign_anchor};
use super::v1::model::{
    Anchor, BoxPlace, CloudLabel, Core, DeviceLabels, Envelope, HolderLabels, Labels, Replaces, SUITE, SealedBox,
    Section, ShareholderLabel, Snapshot,
};
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
use crate::domain::inventory::{Item, OrganizationLabel, Record, Sealable};
use crate::domain::kind::{HolderWords, Kind, Method};
use crate::domain::phrase::{Phrase, PhraseForm};
use crate::domain::pin::Pin;
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
    /// It stands in the file until every phrase was typed against it: [`confirmed`].
    pub is_unconfirmed: bool,
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
            is_unconfirmed: true,
        }
    }
}

/// What is decided before the backup of a device is sealed.
#[derive(Debug, Clone)]
struct DevicePlan {
    purpose: Purpose,
    /// The phrase that opens it; `None` where a cloud key and a PIN do.
    form: Option<PhraseForm>,
    /// Where the cloud key is said to be kept.
    cloud: Option<CloudLabel>,
    /// What it will hold, sorted by id.
    organizations: Vec<OrganizationLabel>,
    /// Argon2id: memory in KiB, passes, lanes.
    derivation: (u64, u64, u64),
    /// The backup that this one takes the place of.
    replaces: Option<Replaces>,
}

/// A backup in the making. It keeps what a phrase was derived to, never the phrase.
pub struct Founding {
    kind: Kind,
    binding: Binding,
    kdf: KdfNumbers,
    threshold: u8,
    count: u8,
    form: Option<PhraseForm>,
    issuer: Option<Hex<32>>,
    replaces: Option<Replaces>,
    is_unconfirmed: bool,
    names: Names,
    keys: BTreeMap<u8, PhraseKey>,
}

/// What labels are made of.
enum Names {
    Holders { organization: Text, delivery: Text, shareholders: Vec<Person> },
    Device { cloud: Option<CloudLabel>, organizations: Vec<OrganizationLabel> },
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
        let SealingPlan { organization, delivery, shareholders, .. } = plan;
        Ok(Self {
            kind,
            binding,
            kdf,
            threshold,
            count,
            form: Some(plan.form),
            issuer: plan.issuer,
            replaces: plan.replaces,
            is_unconfirmed: plan.is_unconfirmed,
            names: Names::Holders { organization, delivery, shareholders },
            keys: BTreeMap::new(),
        })
    }

    /// The backup of a device, which its one user opens.
    fn of_device(plan: DevicePlan, entropy: &mut dyn Entropy) -> Result<Self, SealingError> {
        let binding = Binding { purpose: plan.purpose, backup_id: Hex(random(entropy)?) };
        let kdf = KdfNumbers::new(plan.derivation, Hex(random(entropy)?));
        kdf.check_bounds()?;
        Ok(Self {
            kind: Kind::Device,
            binding,
            kdf,
            threshold: 1,
            count: 1,
            form: plan.form,
            issuer: None,
            replaces: plan.replaces,
            is_unconfirmed: false,
            names: Names::Device { cloud: plan.cloud, organizations: plan.organizations },
            keys: BTreeMap::new(),
        })
    }

    /// Other people hold it, or another number of them opens it. What was derived of those who stay (new number, number before) is
    /// kept; the form of phrases cannot change any more.
    pub fn replan(&mut self, plan: SealingPlan, stays: &BTreeMap<u8, u8>) -> Result<(), SealingError> {
        let (kind, threshold, count) = (self.kind, plan.threshold, plan.shareholders.len());
        if !kind.rules().allows(threshold, count) {
            return Err(SealingError::Threshold { kind, threshold, count });
        }
        let mut before = std::mem::take(&mut self.keys);
        self.keys = stays.iter().filter_map(|(number, old)| Some((*number, before.remove(old)?))).collect();
        self.threshold = threshold;
        self.count = u8::try_from(count).unwrap_or(u8::MAX);
        let SealingPlan { organization, delivery, shareholders, .. } = plan;
        self.names = Names::Holders { organization, delivery, shareholders };
        Ok(())
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
        self.kind
    }

    /// Whether it is made in the place of another backup.
    pub fn is_rotation(&self) -> bool {
        self.replaces.is_some()
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
        let shares = split(wrapping_key.reveal(), self.threshold, self.count, entropy)?;
        if shares.len() != keys.len() || !prove_all(wrapping_key.reveal(), self.threshold, &shares) {
            return Err(SealingError::NotProved);
        }
        let public_key = wrapping_key.opening_key().ok_or(SealingError::NotProved)?.public();
        let has_public_key = self.kind.rules().has_public_key();
        let labels = self.labels(entropy)?;
        let core = Core {
            backup_id: self.binding.backup_id,
            issuer: self.issuer,
            kdf: self.kdf,
            kind: self.kind,
            labels_digest: digest("labels", &labels),
            method: if self.form.is_some() { Method::Phrase } else { Method::CloudPin },
            phrase: self.form,
            phrase_commitments: (1..).zip(&keys).map(|(number, key)| key.commitment(number)).collect(),
            public_key: has_public_key.then_some(Base64(public_key)),
            purpose: self.binding.purpose,
            replaces: self.replaces.clone(),
            share_commitments: shares
                .iter()
                .map(|share| share_commitment(self.binding, share.number, share.value.reveal()))
                .collect(),
            shareholder_count: self.count,
            suite: SUITE,
            threshold: self.threshold,
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
        let ends = (BoxPlace::START, last);
        let anchor = sign_anchor(&wrapping_key, &core, &envelopes, &labels, ends, 1, self.is_unconfirmed);
        if !carried.is_empty() {
            boxes.extend(seal_public_boxes(&core, last, carried, created, entropy)?.into_iter().map(Arc::new));
        }
        let parts = SnapshotParts { core, envelopes, labels, anchor, boxes };
        parts.issue(&[], 1, counts, created, issuer, entropy)
    }

    fn keys_in_order(&self) -> Result<Vec<&PhraseKey>, SealingError> {
        let HolderWords { one: holder, many: holders, .. } = self.kind.rules().holder;
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
        let salt = Hex(random(entropy)?);
        Ok(match &self.names {
            Names::Holders { organization, delivery, shareholders } => Labels::Holders(HolderLabels {
                delivery: delivery.clone(),
                organization: organization.clone(),
                salt,
                shareholders: (1..).zip(shareholders).map(|(number, person)| label_of(number, person)).collect(),
            }),
            Names::Device { cloud, organizations } => {
                Labels::Device(DeviceLabels { cloud: cloud.clone(), organizations: organizations.clone(), salt })
            }
        })
    }
}

/// The file of a ceremony in which every phrase was typed against it: anchor and `snapshot` section are written anew, without the mark
/// that nobody has shown so; all else is as it was.
pub fn confirmed(
    snapshot: &Snapshot,
    wrapping_key: &WrappingKey,
    entropy: &mut dyn Entropy,
) -> Result<Snapshot, SealingError> {
    let mut parts = parts_of(snapshot);
    let Anchor { base, last, sequence, .. } = snapshot.anchor;
    parts.anchor =
        sign_anchor(wrapping_key, &parts.core, &parts.envelopes, &parts.labels, (base, last), sequence, false);
    let Section { previous, sequence, counts, created, .. } = &snapshot.section;
    parts.issue(previous, *sequence, *counts, *created, None, entropy)
}

/// Whether two files of one backup differ in anchor and `snapshot` section alone.
pub fn is_same_beside_the_mark(one: &Snapshot, other: &Snapshot) -> bool {
    (&one.core, &one.envelopes, &one.labels, &one.boxes) == (&other.core, &other.envelopes, &other.labels, &other.boxes)
}

/// How a new backup of a device is to be opened.
pub enum NewOpener<'a> {
    Phrase(&'a Phrase),
    /// With a cloud key that is made, said to be kept there.
    Cloud(&'a Pin, CloudLabel),
}

/// A new backup of these items, and the cloud key where one was made.
pub fn found_device(
    items: &[&Item],
    opener: &NewOpener<'_>,
    (purpose, replaces): (Purpose, Option<Replaces>),
    created: Timestamp,
    (kdf, entropy): (&dyn Kdf, &mut dyn Entropy),
) -> Result<(Snapshot, Option<CloudKey>), SealingError> {
    let (form, cloud) = match opener {
        NewOpener::Phrase(phrase) => (Some(phrase.form()), None),
        NewOpener::Cloud(_, cloud) => (None, Some(cloud.clone())),
    };
    let organizations = OrganizationLabel::of_all(items.iter().copied());
    let plan = DevicePlan { purpose, form, cloud, organizations, derivation: kdf::STANDARD, replaces };
    let mut founding = Founding::of_device(plan, entropy)?;
    let key = match opener {
        NewOpener::Phrase(phrase) => {
            founding.accept(1, phrase, kdf)?;
            None
        }
        NewOpener::Cloud(pin, _) => {
            let key = CloudKey::generate(founding.binding, entropy)?;
            founding.keep(1, key.derive(pin, founding.numbers(), kdf)?);
            Some(key)
        }
    };
    Ok((founding.seal(sealable(items), created, None, entropy)?, key))
}

/// The records of these items.
pub fn sealable(items: &[&Item]) -> Sealable {
    let put = |item: &&Item| Record::Put { item: item.duplicate(), origin: None }.into_fields();
    items.iter().map(put).collect::<Vec<_>>().into()
}

fn label_of(number: u8, person: &Person) -> ShareholderLabel {
    ShareholderLabel { email: person.email.clone(), name: person.name.clone(), number }
}
