//! The next snapshot, in which a quorum confirms what was added: proven before it is written, and again as it is read from the disk.

use std::path::Path;

use super::{RefreshError, Renewal, Renewed};
use crate::crypto::issuer::IssuerKey;
use crate::domain::entropy::Entropy;
use crate::domain::inventory::Counts;
use crate::domain::inventory::review::ReviewPurpose;
use crate::domain::tally::NAMED;
use crate::domain::time::Timestamp;
use crate::session::load::load;
use crate::session::phrase_judge::PhraseJudge;
use crate::snapshot::opening::Opened;
use crate::snapshot::refresh::{self, Confirming, Issue};
use crate::snapshot::sealing::SealingError;
use crate::snapshot::v1::layout;
use crate::snapshot::v1::model::Snapshot;
use crate::snapshot::v1::read::{Reading, read};

/// What a quorum accepts of what it opened, and the judge that holds its shares.
#[derive(Clone, Copy)]
pub struct QuorumAnswer<'a> {
    pub judge: &'a PhraseJudge,
    pub opened: &'a Opened,
    /// Places in the list of what can be confirmed.
    pub accepted: &'a [usize],
}

impl Renewal {
    /// Whether those who opened the file can seal something behind it: all of it was read and is marked, and no other file stands
    /// beside it.
    pub fn can_confirm(&self, opened: &Opened, issuer: Option<&IssuerKey>) -> Result<(), RefreshError> {
        self.check_issuer(issuer)?;
        if self.has_merged {
            return Err(RefreshError::ForkToSeal);
        }
        Ok(refresh::check_all_read(self.first().ok_or(RefreshError::NoBackup)?, opened)?)
    }

    /// Seals what the quorum accepts, opens that again, and gives it out when it holds what was there with these answers and
    /// nothing else.
    pub fn confirm(
        self,
        answer: QuorumAnswer<'_>,
        created: Timestamp,
        issuer: Option<&IssuerKey>,
        entropy: &mut dyn Entropy,
    ) -> Result<Renewed, RefreshError> {
        self.can_confirm(answer.opened, issuer)?;
        let before = self.first().ok_or(RefreshError::NoBackup)?;
        let snapshot = refresh::confirm(&answer.of(before), Issue { created, issuer, entropy })?;
        let reading = read(&layout::to_bytes(&snapshot)).map_err(|_| SealingError::NotProved)?;
        answer.prove(before, &snapshot, reading)?;
        let did = answer.said();
        Ok(Renewed { snapshot, did, added: Counts::default(), has_merged: false, notes: self.notes, advice: None })
    }
}

impl<'a> QuorumAnswer<'a> {
    fn of(self, snapshot: &'a Snapshot) -> Confirming<'a> {
        Confirming { snapshot, opened: self.opened, accepted: self.accepted }
    }

    /// What is confirmed, by name as far as that can be read, and how much is not.
    fn said(self) -> Vec<String> {
        let inventory = &self.opened.inventory;
        let questions = ReviewPurpose::Confirmation.questions(inventory);
        let accepted: Vec<_> = self.accepted.iter().filter_map(|place| questions.get(*place)).collect();
        let (sealed, all) = (accepted.len(), questions.len());
        let mut said = vec![format!("Confirmed: {sealed} of {all}")];
        said.extend(accepted.iter().take(NAMED).map(|question| format!("Accepted: {}", question.what(inventory))));
        said.extend(sealed.checked_sub(NAMED).filter(|more| *more > 0).map(|more| format!("Accepted: {more} more")));
        let left = all.saturating_sub(sealed);
        said.extend((left > 0).then(|| format!("Not accepted, and where it was with its mark: {left}")));
        said
    }

    fn prove(self, before: &Snapshot, snapshot: &Snapshot, reading: Reading) -> Result<(), RefreshError> {
        let reopened = self.judge.open_as_next(reading).map_err(|_| SealingError::NotProved)?;
        Ok(self.of(before).is_in(snapshot, &reopened)?)
    }

    /// Reads what was written from the disk, and proves that file once more.
    pub fn read_again(self, path: &Path, before: &Snapshot, written: &Snapshot) -> Result<Opened, RefreshError> {
        let not_read = |()| RefreshError::NotReadAgain { path: path.to_owned() };
        let reading = load(path).map_err(|_| ()).map_err(not_read)?.reading;
        if reading.snapshot().as_ref() != Some(written) {
            return Err(not_read(()));
        }
        let reopened = self.judge.open_as_next(reading).map_err(|_| ()).map_err(not_read)?;
        self.of(before).is_in(written, &reopened).map_err(|_| ()).map_err(not_read)?;
        Ok(reopened)
    }
}
