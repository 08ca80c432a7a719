//! Where phrases are judged, one after the other, and accepted shares are kept.

use std::path::Path;

use super::load::{LoadError, unite, unite_any};
use crate::crypto::commitment::PhraseKey;
use crate::crypto::kdf::Kdf;
use crate::crypto::sharing::{Share, prove_all};
use crate::crypto::wrapping::WrappingKey;
use crate::domain::explain::Explain;
use crate::domain::phrase::Phrase;
use crate::domain::pin::Pin;
use crate::effect::{Answer, Elsewhere};
use crate::machine::cores;
use crate::snapshot::backup::{self, Backup, JudgeError};
use crate::snapshot::cloud_key::CloudKey;
use crate::snapshot::opening::{AlreadyEntered, Gathering, Opened, OpeningError, open};
use crate::snapshot::v1::read::Reading;

/// A backup, the shares that were accepted for it, and other backups whose phrases can at least be recognised.
pub struct PhraseJudge {
    pub backup: Backup,
    pub others: Vec<Backup>,
    gathering: Gathering,
}

/// Why a phrase could not be judged. It may be right; nothing was lost.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhraseJudgeError {
    #[error(transparent)]
    Judge(#[from] JudgeError),
    #[error("it was stopped")]
    Stopped,
    #[error("the core of this file is damaged, so nobody can say whether a phrase is right")]
    CannotBeJudged,
    #[error("a defect of this program ended it")]
    Defect,
}

impl Explain for PhraseJudgeError {
    fn hint(&self) -> String {
        match self {
            Self::Judge(JudgeError::Machine(_)) => "Close other programs, or use a machine with more memory.",
            Self::Judge(JudgeError::Forged(_)) => "Ask where this file comes from, and look for another copy.",
            Self::Stopped | Self::Defect => "What was verified is kept: check the phrase again when you like.",
            Self::CannotBeJudged => "Look for another copy of the snapshot.",
        }
        .to_owned()
    }
}

impl PhraseJudge {
    /// The backup that the first reading decides on; of a device it is none. `first` is its path, for messages.
    pub fn unite(readings: Vec<Reading>, first: &Path) -> Result<Self, LoadError> {
        unite(readings, first).map(Self::of_united)
    }

    /// The same for any kind of backup.
    pub fn unite_any(readings: Vec<Reading>, first: &Path) -> Result<Self, LoadError> {
        unite_any(readings, first).map(Self::of_united)
    }

    fn of_united((backup, others): (Backup, Vec<Reading>)) -> Self {
        let mut judge = Self::of(backup);
        judge.recognise_also(others);
        judge
    }

    /// For this backup, before any phrase.
    pub fn of(backup: Backup) -> Self {
        Self { backup, others: Vec::new(), gathering: Gathering::default() }
    }

    /// Takes over a file that goes on from those of the backup. The accepted shares stay: they are of the same core.
    pub fn go_on_with(&mut self, reading: Reading) {
        let readings = [reading].into_iter().chain(self.backup.files().iter().cloned()).collect();
        if let Ok((backup, _)) = Backup::unite(readings) {
            self.backup = backup;
        }
    }

    /// What a file of the same backup holds, opened with the shares that were accepted for this one.
    pub fn open_as_next(&self, reading: Reading) -> Result<Opened, OpeningError> {
        match Backup::unite(vec![reading]) {
            Ok((next, _)) if next.core_digest() == self.backup.core_digest() => open(&next, self.gathering.shares()),
            Ok(_) | Err(_) => Err(OpeningError::NotEnough { usable: 0, threshold: self.backup.core().threshold }),
        }
    }

    /// Phrases that are nobody's are recognised when they are of one of these other backups.
    pub fn recognise_also(&mut self, others: Vec<Reading>) {
        let others = others.into_iter().filter_map(|other| Backup::unite(vec![other]).ok()).map(|(other, _)| other);
        for other in others {
            if self.others.iter().all(|known| known.core_digest() != other.core_digest()) {
                self.others.push(other);
            }
        }
    }

    /// Whether phrases of another backup are recognised: whoever puts a file beside a backup does not decide what each wrong phrase
    /// costs.
    pub fn is_recognised_for(other: &Backup) -> bool {
        !other.core().kdf.is_above_standard()
    }

    /// Derives once (and once more for each other backup while nobody is recognised) and answers. A share that is right stays,
    /// but not when `is_stopped` says so after the derivation.
    pub fn take(
        &mut self,
        phrase: &Phrase,
        kdf: &dyn Kdf,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Answer, PhraseJudgeError> {
        let judged = self.backup.recognise(phrase, kdf)?;
        if is_stopped() {
            return Err(PhraseJudgeError::Stopped);
        }
        match self.answer(judged) {
            Answer::NotOfThisBackup { .. } => {
                Ok(Answer::NotOfThisBackup { elsewhere: self.recognise_elsewhere(phrase, kdf, is_stopped)? })
            }
            answer => Ok(answer),
        }
    }

    /// The same of a cloud key and a PIN, which open the backup of a device.
    pub fn take_cloud(&mut self, key: &CloudKey, pin: &Pin, kdf: &dyn Kdf) -> Result<Answer, PhraseJudgeError> {
        let derived = key.derive(pin, &self.backup.core().kdf, kdf).map_err(JudgeError::from)?;
        let judged = self.backup.judge(&derived).map_err(JudgeError::from)?;
        Ok(self.answer(judged))
    }

    /// Judges what a phrase was derived to, and keeps its share; the number of whose it is, if it is somebody's.
    pub fn take_derived(&mut self, key: &PhraseKey) -> Option<u8> {
        match self.answer(self.backup.judge(key).ok()?) {
            Answer::Verified { number, .. } => Some(number),
            Answer::AlreadyEntered { .. }
            | Answer::AlteredFile { .. }
            | Answer::NotOfThisBackup { .. }
            | Answer::CannotBeJudged => None,
        }
    }

    /// The same of any number of phrases: as many at the same time as the memory that is free now is enough for.
    pub fn find_in_pieces(
        &mut self,
        phrases: &[Phrase],
        kdf: &(dyn Kdf + Sync),
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Option<(usize, Answer)>, PhraseJudgeError> {
        let at_once = super::at_once(&self.backup.core().kdf);
        for (chunk, phrases) in phrases.chunks(at_once).enumerate() {
            if let Some((index, answer)) = self.find(phrases, kdf, is_stopped)? {
                return Ok(Some((chunk * at_once + index, answer)));
            }
        }
        Ok(None)
    }

    /// Derives for several phrases at the same time and says which one is of this backup, with the answer to it. A share that is
    /// right stays, but not when `is_stopped` says so after the derivations.
    pub fn find(
        &mut self,
        phrases: &[Phrase],
        kdf: &(dyn Kdf + Sync),
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Option<(usize, Answer)>, PhraseJudgeError> {
        let backup = &self.backup;
        let judged = cores::for_each(phrases, |phrase| backup.recognise(phrase, kdf));
        if is_stopped() {
            return Err(PhraseJudgeError::Stopped);
        }
        for (index, judged) in judged.into_iter().enumerate() {
            let judged = judged.ok_or(PhraseJudgeError::Defect)??;
            match judged {
                backup::Judged::NotOfThisBackup => {}
                backup::Judged::CannotBeJudged => return Err(PhraseJudgeError::CannotBeJudged),
                judged => return Ok(Some((index, self.answer(judged)))),
            }
        }
        Ok(None)
    }

    /// Forgets the share of a shareholder.
    pub fn remove(&mut self, number: u8) -> bool {
        self.gathering.remove(number)
    }

    /// Keeps the share, if there is one, and names whose it is.
    fn answer(&mut self, judged: backup::Judged) -> Answer {
        match judged {
            backup::Judged::Verified(share) => {
                let number = share.number;
                let who = self.backup.shareholder(number);
                match self.gathering.accept(share) {
                    Ok(()) => Answer::Verified { number, who },
                    Err(AlreadyEntered { .. }) => Answer::AlreadyEntered { number, who },
                }
            }
            backup::Judged::AlteredFile { number } => {
                Answer::AlteredFile { number, who: self.backup.shareholder(number) }
            }
            backup::Judged::CannotBeJudged => Answer::CannotBeJudged,
            backup::Judged::NotOfThisBackup => Answer::NotOfThisBackup { elsewhere: None },
        }
    }

    /// Opens the backup with the shares that were accepted. They stay when it does not open.
    pub fn open(&self) -> Result<Opened, OpeningError> {
        open(&self.backup, self.gathering.shares())
    }

    /// Whether the shares of all shareholders are there and lie on one polynomial that gives this key: then every quorum opens it.
    pub fn proves_all(&self, key: &WrappingKey) -> bool {
        let core = self.backup.core();
        let shares = self.gathering.shares();
        shares.len() == usize::from(core.shareholder_count) && prove_all(key.reveal(), core.threshold, shares)
    }

    fn recognise_elsewhere(
        &self,
        phrase: &Phrase,
        kdf: &dyn Kdf,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Elsewhere>, PhraseJudgeError> {
        let is_tried =
            |other: &&Backup| other.core().phrase == self.backup.core().phrase && Self::is_recognised_for(other);
        for other in self.others.iter().filter(is_tried) {
            // A file that only helps to recognise must not stop a recovery: not even one that this machine cannot derive for.
            let judged = other.recognise(phrase, kdf);
            if is_stopped() {
                return Err(PhraseJudgeError::Stopped);
            }
            if let Ok(backup::Judged::Verified(Share { number, .. }) | backup::Judged::AlteredFile { number }) = judged
            {
                let file = other.files().first();
                return Ok(Some(Elsewhere {
                    who: other.shareholder(number),
                    file: file.map_or_else(String::new, |file| file.name.clone()),
                    made: file.and_then(|file| file.section.as_ref()).map(|section| section.created.date()),
                    fingerprint: other.fingerprint(),
                }));
            }
        }
        Ok(None)
    }
}
