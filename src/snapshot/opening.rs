//! Opening a backup with the shares of a quorum: the wrapping key, then everything that it proves
//! (`docs/format.md`, section 8).

mod contents;

use std::collections::BTreeSet;

use super::backup::Backup;
use super::finding::{Finding, Findings};
use super::relation::{Relation, relations};
use super::v1::model::{Anchor, BoxPlace, Labels, envelopes_digest};
use super::v1::read::Reading;
use super::v1::verdict::Verdict;
use crate::crypto::digest::digest;
use crate::crypto::issuer;
use crate::crypto::label::Purpose;
use crate::crypto::seal::OpeningKey;
use crate::crypto::sharing::{Share, ShareFault, SharingError, combine};
use crate::crypto::wrapping::WrappingKey;
use crate::domain::encoding::Hex;
use crate::domain::inventory::{
    Claimed, Collection, Counts, Inventory, IssuerMark, Proposal, SealedBy, Standing, Version,
};
use crate::domain::secret::SecretBytes;

/// Shares of a quorum in the making. A share stays once it is accepted.
#[derive(Debug, Default)]
pub struct Gathering {
    shares: Vec<Share>,
}

/// That shareholder's share is there already; nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlreadyEntered {
    pub number: u8,
}

impl Gathering {
    pub fn accept(&mut self, share: Share) -> Result<(), AlreadyEntered> {
        if self.shares.iter().any(|held| held.number == share.number) {
            return Err(AlreadyEntered { number: share.number });
        }
        self.shares.push(share);
        Ok(())
    }

    /// Forgets the share of a shareholder; says whether it was there.
    pub fn remove(&mut self, number: u8) -> bool {
        let before = self.shares.len();
        self.shares.retain(|held| held.number != number);
        self.shares.len() < before
    }

    pub fn shares(&self) -> &[Share] {
        &self.shares
    }
}

/// An open backup.
pub struct Opened {
    pub inventory: Inventory,
    /// In the order in which they matter to people.
    pub findings: Vec<Finding>,
    pub wrapping_key: WrappingKey,
    /// The anchor that counts, when one is the quorum's.
    pub anchor: Option<Anchor>,
    /// Boxes that a compaction replaced.
    pub superseded: BTreeSet<BoxPlace>,
    /// Boxes whose contents did not come out: they did not open, hold no records, or were left alone.
    pub closed: BTreeSet<BoxPlace>,
}

fn not_enough(usable: usize, threshold: u8) -> String {
    let verb = if usable == 1 { "is" } else { "are" };
    match threshold {
        1 => "the phrase that is needed is not verified".to_owned(),
        _ => format!("{usable} of the {threshold} phrases that are needed {verb} verified"),
    }
}

fn no_key(usable: usize) -> String {
    match usable {
        1 => "the phrase is right, but its share does not give the key of this backup: the ceremony that made it was"
            .to_owned(),
        _ => format!(
            "these {usable} phrases are right, but their shares do not give the key of this backup: the ceremony that made them was"
        ),
    }
}

/// Why shares did not open the backup. They are kept; more can be added.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    #[error("{}", not_enough(*.usable, *.threshold))]
    NotEnough { usable: usize, threshold: u8 },
    #[error("{} faulty or dishonest. Another {holder} may help", no_key(*.usable))]
    NoKey { holder: &'static str, usable: usize },
}

/// Opens `backup` with `shares`, each accepted by [`Backup::judge`].
pub fn open(backup: &Backup, shares: &[Share]) -> Result<Opened, OpeningError> {
    let core = backup.core();
    let key_of = |bytes: &SecretBytes<32>| {
        WrappingKey::new(SecretBytes::init(|key| key.copy_from_slice(bytes.reveal())), core.binding())
    };
    let combined = combine(
        shares,
        core.threshold,
        core.shareholder_count,
        |share| backup.is_committed(share),
        |bytes| key_of(bytes).matches(&core.wrapping_key_commitment),
    )
    .map_err(|error| match error {
        SharingError::NotEnough { usable, threshold, .. } => OpeningError::NotEnough { usable, threshold },
        SharingError::NoSubset { .. } => {
            OpeningError::NoKey { holder: core.kind.rules().holder.one, usable: shares.len() }
        }
    })?;
    let wrapping_key = WrappingKey::new(combined.key, core.binding());
    let issuer = core.issuer.as_ref().map(IssuerMark::of);
    let findings = Findings::default();
    Ok(OpenedBackup { backup, wrapping_key, findings, issuer, issued: BTreeSet::new() }.finish(combined.faults))
}

/// A backup whose key is there, while it is looked through.
struct OpenedBackup<'a> {
    backup: &'a Backup,
    wrapping_key: WrappingKey,
    findings: Findings,
    issuer: Option<IssuerMark>,
    /// Digests of the boxes that the issuer's right signatures are over.
    issued: BTreeSet<Hex<32>>,
}

impl OpenedBackup<'_> {
    fn finish(mut self, faults: Vec<ShareFault>) -> Opened {
        self.check_files();
        self.findings.extend(faults.into_iter().map(Finding::ShareFault));
        // Where nobody else can add, there is no key pair to be compared or to open with.
        let has_public_key = self.backup.core().kind.rules().has_public_key();
        let opening_key = self.wrapping_key.opening_key().filter(|_| has_public_key);
        let public = opening_key.as_ref().map(OpeningKey::public);
        if public.as_ref() != self.backup.core().public_key.as_ref().map(|key| &key.0) {
            self.findings.push(Finding::PublicKeyChanged);
        }
        let (anchor, labels) = self.anchor();
        let superseded = self.superseded();
        let marked = anchor.as_ref().map_or_else(Vec::new, |anchor| self.backup.chain(anchor.last));
        let weighings = self.weigh_public(&superseded, &marked, opening_key.as_ref());
        let (inventory, quorum_boxes, closed) = self.open_boxes(&superseded, weighings, opening_key.as_ref());
        self.findings.extend(anchor.as_ref().filter(|anchor| anchor.unconfirmed).map(|_| Finding::Unconfirmed));
        if let Some(anchor) = &anchor {
            self.check_boxes(anchor, &marked, &superseded, &quorum_boxes);
        }
        self.check_inventory(&inventory);
        // Where nobody else writes to the file, the labels are those of whoever opened it last.
        let (wanted, finding) = match &anchor {
            Some(anchor) if !has_public_key => (anchor.labels, Finding::LabelsAltered),
            _ => (
                self.backup.core().labels_digest,
                Finding::LabelsChanged { names: self.are_names_changed(labels.as_ref()) },
            ),
        };
        let is_other = labels.as_ref().is_some_and(|labels| digest("labels", labels) != wanted);
        self.findings.extend(is_other.then_some(finding));
        let findings = self.findings.into_list();
        Opened { inventory, findings, wrapping_key: self.wrapping_key, anchor, superseded, closed }
    }

    fn check_files(&mut self) {
        let core = self.backup.core();
        for reading in self.backup.files() {
            let file = reading.name.clone();
            match &reading.verdict {
                Verdict::Intact => {}
                Verdict::Reformatted => self.findings.push(Finding::Reformatted { file: file.clone() }),
                Verdict::Damaged(_) => {
                    let what = reading.verdict.damaged_parts();
                    self.findings.push(Finding::Damaged { file: file.clone(), what });
                }
            }
            let Some(section) = &reading.section else { continue };
            let finding = match (&core.issuer, &section.signature) {
                (None, None) => None,
                (None, Some(_)) => Some(Finding::SignatureUnexpected { file }),
                (Some(_), None) => Some(Finding::SignatureMissing { file }),
                (Some(issuer), Some(signature)) => {
                    let digest = self.backup.core_digest();
                    let is_right = issuer::verify(issuer, core.purpose, digest, &section.signed_part(), &signature.0);
                    if is_right {
                        self.issued.extend(section.digests.boxes.iter().copied());
                    }
                    (!is_right).then_some(Finding::SignatureWrong { file })
                }
            };
            self.findings.extend(finding);
        }
        // Where everybody adds, two files side by side are everyday work too: both are read.
        let is_usual = core.kind.rules().is_added_to_daily;
        if !is_usual && relations(self.backup.files()).contains(&Relation::Fork) {
            self.findings.push(Finding::Fork);
        }
        if core.purpose == Purpose::Production && core.kdf.is_weak() {
            self.findings.push(Finding::WeakDerivation);
        }
    }

    /// Whether names in these labels are others than at the ceremony; `None` where nothing at hand has those.
    fn are_names_changed(&self, labels: Option<&Labels>) -> Option<bool> {
        let Labels::Holders(now) = labels? else { return None };
        let is_first = |labels: &&Labels| digest("labels", *labels) == self.backup.core().labels_digest;
        let first = self.backup.files().iter().filter_map(|file| file.labels.as_ref()).find(is_first);
        let Some(Labels::Holders(first)) = first else { return None };
        Some(now.organization != first.organization || now.shareholders != first.shareholders)
    }

    fn is_valid(&self, anchor: &Anchor) -> bool {
        let mac = anchor.mac.as_ref();
        mac.is_some_and(|mac| self.wrapping_key.is_anchor_mac(self.backup.core_digest(), &anchor.without_mac(), mac))
    }

    /// The anchor of the highest sequence whose mac is right, and the labels beside it.
    fn anchor(&mut self) -> (Option<Anchor>, Option<Labels>) {
        let mut counts: Option<(&Anchor, &Reading)> = None;
        for reading in self.backup.files() {
            let file = reading.name.clone();
            match &reading.anchor {
                None => self.findings.push(Finding::AnchorMissing { file }),
                Some(anchor) if self.is_valid(anchor) => {
                    let is_whole = reading.envelopes.len() == usize::from(self.backup.core().shareholder_count);
                    if is_whole && envelopes_digest(&reading.envelopes) != anchor.envelopes {
                        self.findings.push(Finding::EnvelopesChanged { file });
                    }
                    counts = counts.or(Some((anchor, reading)));
                }
                Some(_) => self.findings.push(Finding::AnchorForged { file }),
            }
        }
        let labels = counts.and_then(|(_, reading)| reading.labels.as_ref()).or(self.backup.labels());
        (counts.map(|(anchor, _)| anchor.clone()), labels.cloned())
    }

    /// What the highest valid base covers.
    fn superseded(&self) -> BTreeSet<BoxPlace> {
        let bases = self.backup.anchors().filter(|(_, anchor)| self.is_valid(anchor)).map(|(_, anchor)| anchor.base);
        bases.max().map_or_else(BTreeSet::new, |base| self.backup.chain(base).into_iter().collect())
    }

    /// What the anchor says of the boxes.
    fn check_boxes(
        &mut self,
        anchor: &Anchor,
        marked: &[BoxPlace],
        superseded: &BTreeSet<BoxPlace>,
        quorum_boxes: &[BoxPlace],
    ) {
        let reaches_base = anchor.last == anchor.base
            || marked.last().is_some_and(|first| {
                *first == anchor.base
                    || self.backup.boxes().get(first).is_some_and(|sealed| {
                        sealed.header.previous == anchor.base.digest && first.position == anchor.base.position + 1
                    })
            })
            || marked.contains(&anchor.base);
        if !reaches_base && !superseded.contains(&anchor.last) {
            self.findings.push(Finding::BoxesMissing);
        }
        for place in quorum_boxes.iter().filter(|place| !marked.contains(place)) {
            self.findings.push(Finding::AnchorOlder { position: place.position });
        }
    }

    fn check_inventory(&mut self, inventory: &Inventory) {
        self.findings.extend(inventory.unsealed_name().map(|source| Finding::PublicOrganization { source }));
        for source in inventory.organization_proposals() {
            self.findings.push(Finding::ProposedOrganization { created: source.created });
        }
        for collection in inventory.collections() {
            for (_, standing) in inventory.standings(collection) {
                let Some(version) = &standing.current else { continue };
                let title = version.item.title();
                self.findings.extend(addition(collection, version));
                self.findings.extend(sets_added(standing, version));
                if let Some(origin) = version.origin {
                    let created = origin.created;
                    self.findings.push(Finding::CarriedOver { collection, title: title.clone(), created });
                }
                if version.item.unknown_members().next().is_some() {
                    self.findings.push(Finding::UnknownMembers { collection, title: title.clone() });
                }
                for proposal in standing.proposals() {
                    let (title, created) = (title.clone(), proposal.source().created);
                    self.findings.push(match proposal {
                        Proposal::Put(_) => Finding::ProposedPut { collection, title, created },
                        Proposal::Remove(_) => Finding::ProposedRemoval { collection, title, created },
                    });
                }
            }
        }
        let claimed = self.backup.files().iter().filter_map(|file| file.section.as_ref()).map(|section| section.counts);
        let Counts { vaults, accounts, codes, .. } = inventory.counts();
        let is_more = |found: usize, most: Option<u64>| most.is_some_and(|most| most < found as u64);
        let most = |of: fn(&Claimed) -> u64| claimed.clone().map(|counts| of(&counts)).max();
        let more = is_more(vaults, most(|counts| counts.vaults))
            || is_more(accounts, most(|counts| counts.accounts))
            || is_more(codes, most(|counts| counts.codes));
        self.findings.extend(more.then_some(Finding::MoreThanClaimed));
    }
}

/// An item that no quorum confirmed. In some kinds additions of some collections are what a backup is for. Of a key it counts also
/// that a quorum only carried it over: everything else would be proved by it.
fn addition(collection: Collection, version: &Version) -> Option<Finding> {
    let is_added = version.source.sealed_by == SealedBy::Public || collection == Collection::Keys;
    let is_named = is_added && !version.is_trusted();
    is_named.then(|| Finding::PublicOnly { collection, title: version.item.title(), source: version.source })
}

/// Sets of codes that no quorum confirmed, beside an account that one did.
fn sets_added(standing: &Standing, version: &Version) -> Option<Finding> {
    let source = standing.unconfirmed_sets().last().filter(|_| version.is_confirmed())?.source;
    let codes = standing.unconfirmed_sets().map(|added| added.item.code_count()).sum();
    let retires = standing.unconfirmed_sets().any(|added| added.item.retires_others());
    Some(Finding::SetsAdded { title: version.item.title(), codes, retires, source })
}

#[cfg(test)]
mod tests {
    use super::super::sealing::{seal_quorum_box, sign_anchor};
    use super::super::v1::model::{Core, Envelope, HolderLabels, Placed, SUITE};
    use super::*;
    use crate::crypto::commitment::share_commitment;
    use crate::crypto::kdf::{KdfNumbers, STANDARD};
    use crate::crypto::label::Binding;
    use crate::crypto::sharing::split;
    use crate::domain::encoding::{Base64, Hex};
    use crate::domain::entropy::{Entropy, EntropyFailed};
    use crate::domain::inventory::Fields;
    use crate::domain::kind::{Kind, Method};
    use crate::domain::time::Timestamp;

    /// Every byte is one more than the byte before.
    struct Counting(u8);

    impl Entropy for Counting {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyFailed> {
            for byte in out {
                self.0 = self.0.wrapping_add(1);
                *byte = self.0;
            }
            Ok(())
        }
    }

    /// What an opening says of a backup of one person, which holds one record and whose core has a public key or not.
    fn found(kind: Kind, has_key: bool, record: Fields) -> (Vec<Finding>, Inventory) {
        let mut entropy = Counting(0);
        let binding = Binding { purpose: Purpose::Production, backup_id: Hex([7; 16]) };
        let key = WrappingKey::generate(binding, &mut entropy).unwrap();
        let shares = split(key.reveal(), 1, 1, &mut entropy).unwrap();
        let core = Core {
            backup_id: binding.backup_id,
            issuer: None,
            kdf: KdfNumbers::new(STANDARD, Hex::ZERO),
            kind,
            labels_digest: Hex::ZERO,
            method: Method::Phrase,
            phrase: None,
            phrase_commitments: vec![Hex::ZERO],
            public_key: key.opening_key().filter(|_| has_key).map(|key| Base64(key.public())),
            purpose: binding.purpose,
            replaces: None,
            share_commitments: vec![share_commitment(binding, 1, shares[0].value.reveal())],
            shareholder_count: 1,
            suite: SUITE,
            threshold: 1,
            wrapping_key_commitment: key.commitment(),
        };
        let created = Timestamp::from_unix_seconds(0).unwrap();
        let sealed = seal_quorum_box(&core, &key, BoxPlace::START, vec![record], created, &mut entropy).unwrap();
        let envelopes = vec![Envelope { number: 1, sealed: Base64(Vec::new()) }];
        let labels = HolderLabels { delivery: text(), organization: text(), salt: Hex::ZERO, shareholders: Vec::new() };
        let labels = Labels::Holders(labels);
        let anchor = sign_anchor(&key, &core, &envelopes, &labels, (BoxPlace::START, sealed.place()), 1, false);
        let reading = Reading {
            name: String::new(),
            core: Ok(core),
            core_is_whole: true,
            envelopes,
            labels: None,
            anchor: Some(anchor),
            section: None,
            boxes: vec![Placed::new(sealed)],
            verdict: Verdict::Intact,
            remarks: Vec::new(),
        };
        let (backup, _) = Backup::unite(vec![reading]).unwrap();
        let opened = open(&backup, &shares).unwrap();
        (opened.findings, opened.inventory)
    }

    fn text() -> crate::domain::text::Text {
        crate::domain::text::Text::new("x").unwrap()
    }

    fn record(json: &str) -> Fields {
        Fields::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn only_a_backup_that_anybody_can_add_to_has_a_public_key() {
        for kind in [Kind::Organization, Kind::Device, Kind::Codes] {
            for has_key in [true, false] {
                let (findings, _) = found(kind, has_key, record(r#"{"record":"organization","name":"A"}"#));
                let is_as_it_should = has_key == kind.rules().has_public_key();
                let expected = if is_as_it_should { vec![] } else { vec![Finding::PublicKeyChanged] };
                assert_eq!(findings, expected, "{kind:?}, public key: {has_key}");
            }
        }
    }

    #[test]
    fn what_is_read_is_what_the_kind_has() {
        let vault = r#"{"record":"put","collection":"vaults","item":{"id":"v","name":"n","chain":"c"}}"#;
        for (kind, is_known) in [(Kind::Organization, true), (Kind::Codes, true), (Kind::Device, false)] {
            let (findings, inventory) = found(kind, kind.rules().has_public_key(), record(vault));
            let kept = Finding::NotUnderstood { records: 1, sealed_by: SealedBy::Quorum };
            assert_eq!(findings, if is_known { vec![] } else { vec![kept] }, "{kind:?}");
            assert_eq!(inventory.unknown_records().is_empty(), is_known, "{kind:?}");
        }
    }
}
