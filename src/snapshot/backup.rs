//! One backup, united from one or several files of the same core, and the judging of phrases against it
//! (`docs/format.md`, sections 8 and 12).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::condition;
use super::v1::model::{Anchor, BoxPlace, Core, Envelope, Labels, Placed, SealedBox};
use super::v1::read::Reading;
use super::v1::verdict::{Damage, FileRefusal};
use crate::crypto::commitment::{ForgedCommitments, PhraseKey, share_commitment};
use crate::crypto::digest::digest;
use crate::crypto::envelope;
use crate::crypto::kdf::{Kdf, KdfError};
use crate::crypto::sharing::Share;
use crate::domain::condition::Condition;
use crate::domain::encoding::Hex;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::phrase::Phrase;

/// The union of the files of one backup.
#[derive(Debug)]
pub struct Backup {
    core: Core,
    core_digest: Hex<32>,
    core_is_whole: bool,
    /// The highest sequence first.
    files: Vec<Reading>,
    boxes: BTreeMap<BoxPlace, Arc<SealedBox>>,
}

/// Whose phrase it is: the answer after one derivation.
#[derive(Debug)]
pub enum Judged {
    /// The phrase of this shareholder, and the share it opened.
    Verified(Share),
    /// The phrase of this shareholder, but the envelope in the file was altered.
    AlteredFile {
        number: u8,
    },
    NotOfThisBackup,
    /// It opens nothing, and the core is damaged or not known to be whole: nobody can say that the phrase is wrong, or which part is.
    CannotBeJudged,
}

/// Why a phrase was not judged. It may be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    #[error(transparent)]
    Machine(#[from] KdfError),
    #[error(transparent)]
    Forged(#[from] ForgedCommitments),
}

impl Backup {
    /// Unites `readings`. The first file decides which backup it is; files of other backups are handed back. A file whose core
    /// cannot be used borrows that of another file of the same backup.
    pub fn unite(readings: Vec<Reading>) -> Result<(Self, Vec<Reading>), FileRefusal> {
        let mut readings = readings.into_iter();
        let first = readings.next().ok_or(FileRefusal::NotASnapshot)?;
        let mut rest: Vec<Reading> = readings.collect();
        let named = first.section.as_ref().map(|section| section.digests.core);
        let lent = || {
            rest.iter().filter_map(|other| other.core.as_ref().ok()).find(|core| Some(digest("core", *core)) == named)
        };
        let (core, core_is_whole) = match (&first.core, first.core_is_whole) {
            (Ok(core), true) => (core.clone(), true),
            (Ok(core), false) => lent().map_or_else(|| (core.clone(), false), |lent| (lent.clone(), true)),
            (Err(refusal), _) => (lent().cloned().ok_or_else(|| refusal.clone())?, true),
        };
        let core_digest = core.core_digest();
        let digest_of_core = digest("core", &core);
        let is_same = |other: &Reading| match (&other.core, other.core_is_whole) {
            (Ok(other), true) => *other == core,
            _ => other.section.as_ref().is_some_and(|section| section.digests.core == digest_of_core),
        };
        let others = rest.extract_if(.., |other| !is_same(other)).collect();
        let mut files: Vec<Reading> = std::iter::once(first).chain(rest).collect();
        files.sort_by_key(|file| std::cmp::Reverse(file.sequence()));
        let shared = |placed: &Placed| (placed.place, Arc::clone(&placed.sealed));
        let boxes = files.iter().flat_map(|file| &file.boxes).map(shared).collect();
        let backup = Self { core, core_digest, core_is_whole, files, boxes };
        let shareholders = 1..=backup.core.shareholder_count;
        let numbers = backup.envelopes().map(|envelope| envelope.number).filter(|number| shareholders.contains(number));
        let usable = numbers.collect::<BTreeSet<u8>>().len();
        if usable < usize::from(backup.core.threshold) {
            return Err(FileRefusal::Envelopes { usable, threshold: backup.core.threshold });
        }
        Ok((backup, others))
    }

    pub fn core(&self) -> &Core {
        &self.core
    }

    pub fn core_digest(&self) -> &Hex<32> {
        &self.core_digest
    }

    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.core_digest.0)
    }

    /// The files, the highest sequence first.
    pub fn files(&self) -> &[Reading] {
        &self.files
    }

    /// All boxes of all files, in order.
    pub fn boxes(&self) -> &BTreeMap<BoxPlace, Arc<SealedBox>> {
        &self.boxes
    }

    /// The names as the newest readable file gives them. Unverified until the backup is open.
    pub fn labels(&self) -> Option<&Labels> {
        self.files.iter().find_map(|file| file.labels.as_ref())
    }

    /// Shareholder `number` for people: `shareholder 2 (named Jane Doe in this file)`; `the user` of a device.
    pub fn shareholder(&self, number: u8) -> String {
        let rules = self.core.kind.rules();
        let holder = rules.holder.one;
        if *rules.count.end() == 1 {
            return format!("the {holder}");
        }
        match self.labels().and_then(|labels| labels.name_of(number)) {
            Some(name) => format!("{holder} {number} (named {name} in this file)"),
            None => format!("{holder} {number}"),
        }
    }

    /// Derives once and judges.
    pub fn recognise(&self, phrase: &Phrase, kdf: &dyn Kdf) -> Result<Judged, JudgeError> {
        let key = PhraseKey::derive(phrase.reveal_entropy(), self.core.binding(), &self.core.kdf, kdf)?;
        Ok(self.judge(&key)?)
    }

    /// The commitment is compared before any envelope is tried.
    pub fn judge(&self, key: &PhraseKey) -> Result<Judged, ForgedCommitments> {
        let Some(number) = key.recognise(&self.core.phrase_commitments)? else {
            return Ok(if self.core_is_whole { Judged::NotOfThisBackup } else { Judged::CannotBeJudged });
        };
        let share = self
            .envelopes()
            .filter(|envelope| envelope.number == number)
            .find_map(|envelope| envelope::open(&envelope.sealed.0, number, key, &self.core_digest))
            .filter(|share| self.is_committed(share));
        Ok(match share {
            Some(share) => Judged::Verified(share),
            None if self.is_core_damaged() => Judged::CannotBeJudged,
            None => Judged::AlteredFile { number },
        })
    }

    /// What the files still give, before anybody types.
    pub fn condition(&self) -> Condition {
        condition::of(&self.core, self.core_is_whole, &self.files)
    }

    /// The core is not the one that was written, and no other file lent it.
    pub fn is_core_damaged(&self) -> bool {
        !self.core_is_whole && self.files.iter().any(|file| file.verdict.damages().contains(&Damage::Core))
    }

    /// Whether a share is the one that core commits to.
    pub fn is_committed(&self, share: &Share) -> bool {
        let index = usize::from(share.number).checked_sub(1);
        let committed = index.and_then(|index| self.core.share_commitments.get(index));
        committed == Some(&share_commitment(self.core.binding(), share.number, share.value.reveal()))
    }

    fn envelopes(&self) -> impl Iterator<Item = &Envelope> {
        self.files.iter().flat_map(|file| &file.envelopes)
    }

    /// All anchors with the file they stand in, the highest sequence first.
    pub(super) fn anchors(&self) -> impl Iterator<Item = (&Reading, &Anchor)> {
        self.files.iter().filter_map(|file| Some((file, file.anchor.as_ref()?)))
    }

    /// The box `from` and all before it along `previous`, as far as they are here.
    pub fn chain(&self, from: BoxPlace) -> Vec<BoxPlace> {
        let mut chain = Vec::new();
        let mut place = from;
        while let Some(sealed) = self.boxes.get(&place) {
            chain.push(place);
            let Some(position) = place.position.checked_sub(1) else { break };
            place = BoxPlace { digest: sealed.header.previous, position };
        }
        chain
    }
}
