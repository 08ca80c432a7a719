//! What the journey knows of a backup that is being made.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::desk::Task;
use super::{Goal, Journey};
use crate::domain::ceremony::{CeremonyStage, PhraseState, Plan, Progress};
use crate::domain::inventory::Holdings;
use crate::domain::text::argument;
use crate::effect::{Answer, Begun, CeremonyOutcome, Confirmation, Issued, Medium, Moved, Said, Sealed};

/// A ceremony and how far it is.
#[derive(Debug)]
pub struct Making {
    pub plan: Plan,
    /// The day (RFC 3339) on which it began.
    pub date: String,
    /// About how long one derivation takes on this machine.
    pub expected: Duration,
    pub progress: Progress,
    /// What was answered last, to be said once.
    pub last_answer: Option<String>,
    /// The unconfirmed file, once it is written.
    pub sealed: Option<Sealed>,
    /// What is backed up.
    pub holds: Holdings,
    /// What a finished backup writes lies beside the file already: another place has to be taken.
    pub needs_place: bool,
}

/// What is due next in a ceremony.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Somebody has no phrase yet, or did not type it back.
    Request,
    /// The file is written.
    Seal,
    /// It goes to another place first.
    Place,
    /// It is read again, from the medium itself.
    Medium,
    /// Somebody types a phrase against it.
    Phrase,
    /// All is proven, and it becomes a backup.
    Issue,
}

impl Making {
    /// A ceremony that has begun.
    pub fn begun(begun: Begun, progress: Progress) -> Self {
        let Begun { plan, date, expected, holds, going_on } = begun;
        let needs_place = going_on.as_ref().is_some_and(|going_on| going_on.needs_place);
        let sealed = going_on.map(|going_on| going_on.sealed);
        Self { plan, date, expected, progress, last_answer: None, sealed, holds, needs_place }
    }

    /// Whether everybody types against the file that was read again, before it is a backup.
    pub fn is_verified_again(&self) -> bool {
        self.progress.is_resumed() || self.plan.kind.rules().is_verified_again()
    }

    pub fn due(&self) -> Due {
        match self.progress.stage() {
            CeremonyStage::Asking if self.progress.is_all(PhraseState::Confirmed) => Due::Seal,
            CeremonyStage::Asking => Due::Request,
            CeremonyStage::Sealed if self.needs_place => Due::Place,
            CeremonyStage::Sealed => Due::Medium,
            CeremonyStage::Proving if !self.progress.is_all(PhraseState::Verified) => Due::Phrase,
            CeremonyStage::Proving | CeremonyStage::Issued => Due::Issue,
        }
    }
}

/// What a backup was to be made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MadeOf {
    #[default]
    Gathered,
    /// It was to take the place of a backup that stays one.
    Rotation,
    /// It went on with a file that an earlier ceremony left.
    Unfinished,
}

/// That a backup was to be made, and what came of it.
#[derive(Debug, Clone, Default)]
pub struct HowMade {
    /// Whose phrases were made and shown, and so may stand on paper.
    pub shown: BTreeSet<u8>,
    /// How many had seen a phrase, and hold none of the backup after all.
    pub dropped: usize,
    /// Who kept the phrase of the backup before.
    pub kept: BTreeSet<u8>,
    pub of: MadeOf,
    /// The file that was written as unconfirmed.
    pub unconfirmed: Option<PathBuf>,
    /// The proven file is being named, or that failed and nobody can see that nothing came of it.
    pub is_naming: bool,
    /// The medium was not pulled out before the file was read again.
    pub has_skipped: bool,
    /// Copies of all that was issued.
    pub copies: Vec<CopyMade>,
    pub issued: Option<Issued>,
}

/// A second copy of what was issued: its snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyMade {
    pub path: PathBuf,
    /// It was read again after its medium had been pulled out and put back.
    pub was_pulled: bool,
}

impl HowMade {
    /// It went on with a file that an earlier ceremony left.
    pub fn is_resumed(&self) -> bool {
        self.of == MadeOf::Unfinished
    }

    /// It is a backup, and all that goes with it was written.
    pub fn is_complete(&self) -> bool {
        self.issued.as_ref().is_some_and(|issued| issued.missing.is_none())
    }

    /// What nobody may rely on, a sentence each.
    pub fn void(&self) -> Vec<String> {
        if self.issued.is_some() {
            return Vec::new();
        }
        if let (true, Some(unconfirmed)) = (self.is_naming, &self.unconfirmed) {
            let name = unconfirmed.with_file_name("snapshot.json");
            return vec![
                "It is not known whether the proven file got its name. Keep the papers, and look at the medium:"
                    .to_owned(),
                format!("conclave verify {}", argument(&name.to_string_lossy())),
                "Where snapshot.json is there and whole, it is the backup. Where it is not, no backup was made."
                    .to_owned(),
            ];
        }
        let old =
            (self.of == MadeOf::Rotation).then(|| "The papers of the old backup stay valid: keep them.".to_owned());
        if let Some(unconfirmed) = &self.unconfirmed {
            let file = argument(&unconfirmed.to_string_lossy());
            let papers = if self.is_resumed() { "their papers" } else { "the papers of today" };
            let all = [
                format!(
                    "No backup was made: the file is not confirmed. With it and {papers} all can go on, later too:"
                ),
                format!("conclave backup --resume {file}"),
                "If they do not, the phrases on these papers are void: write VOID on each paper, and delete the file."
                    .to_owned(),
            ];
            return all.into_iter().chain(old).collect();
        }
        let is_none_shown = self.shown.is_empty() && self.dropped == 0;
        let phrases = if is_none_shown && self.of == MadeOf::Rotation {
            "No backup was made. No new phrase was shown."
        } else if is_none_shown {
            "No backup was made. No phrase was shown, so no paper holds one."
        } else {
            "No backup was made. The phrases written today are void: write VOID on each paper."
        };
        [phrases.to_owned()].into_iter().chain(old).collect()
    }
}

impl Journey {
    /// Whether a ceremony runs that a wipe would make void.
    pub fn is_making(&self) -> bool {
        self.making.as_ref().is_some_and(|making| making.progress.stage() < CeremonyStage::Issued)
    }

    /// What is said on the plain terminal when the program ended in the middle of a ceremony: what its papers are worth.
    pub fn last_words(&self) -> Vec<String> {
        self.history.made.as_ref().map(HowMade::void).unwrap_or_default()
    }

    /// The proven file gets its name now.
    pub fn note_naming(&mut self) {
        if let Some(made) = &mut self.history.made {
            made.is_naming = true;
        }
    }

    /// The plan was changed after the ceremony had begun: who stays is as far as before.
    pub fn replan(&mut self, begun: Begun, progress: Progress) {
        let Some(making) = &mut self.making else { return };
        if let Some(made) = &mut self.history.made {
            let stays = begun.plan.stays(&making.plan);
            let moved = |numbers: &BTreeSet<u8>| {
                stays.iter().filter(|(_, old)| numbers.contains(old)).map(|(number, _)| *number).collect()
            };
            made.dropped += made.shown.iter().filter(|number| !stays.values().any(|old| old == *number)).count();
            (made.shown, made.kept) = (moved(&made.shown), moved(&made.kept));
        }
        self.desk.clear();
        let date = making.date.clone();
        *making = Making::begun(Begun { date, ..begun }, progress);
    }

    /// A ceremony began.
    pub fn begin(&mut self, making: Making) {
        self.history.made = Some(HowMade {
            of: if making.progress.is_resumed() {
                MadeOf::Unfinished
            } else if self.goal == Goal::Rotate {
                MadeOf::Rotation
            } else {
                MadeOf::Gathered
            },
            unconfirmed: making.sealed.as_ref().map(|sealed| sealed.path.clone()),
            ..HowMade::default()
        });
        self.making = Some(making);
    }

    /// Takes over how far the ceremony is and what is to be sealed: the session knows it. What was said is left for the screen.
    pub fn hear_ceremony(&mut self, outcome: CeremonyOutcome) -> Said {
        let CeremonyOutcome { said, progress } = outcome;
        if let Said::Inventory(Ok(facts)) = &said {
            self.to_seal = facts.clone();
        }
        let Some(made) = &mut self.history.made else { return said };
        // The record says what became of files, also after everything else was wiped.
        match &said {
            Said::Phrase { number, phrase: Ok(_) } => {
                made.is_naming = false;
                made.shown.insert(*number);
                made.kept.remove(number);
            }
            Said::Confirmed { number, result: Ok(Confirmation::Kept { .. }) } => {
                made.kept.insert(*number);
            }
            Said::Issued(result) => {
                made.is_naming = result.as_ref().is_err_and(|not| not.may_be_there);
                if let Ok(issued) = result {
                    made.issued = Some(issued.as_ref().clone());
                }
            }
            Said::Sealed(Ok(sealed)) | Said::Moved(Ok(Moved { sealed: Some(sealed), .. })) => {
                made.unconfirmed = Some(sealed.path.clone());
                made.is_naming = false;
                made.has_skipped = false;
            }
            Said::Copied(Ok(sealed)) => {
                made.copies.push(CopyMade { path: sealed.path.clone(), was_pulled: false });
                if let Some(issued) = &mut made.issued {
                    issued.missing = None;
                }
            }
            Said::Deleted(Ok(paths)) => self.to_seal.files.retain(|path| !paths.contains(path)),
            Said::Phrase { phrase: Err(_), .. }
            | Said::Confirmed { .. }
            | Said::Sealed(Err(_))
            | Said::Unfinished(_)
            | Said::Declined(_)
            | Said::Moved(Ok(Moved { sealed: None, .. }) | Err(_))
            | Said::Copied(Err(_))
            | Said::Deleted(Err(_))
            | Said::Inventory(_)
            | Said::People(_)
            | Said::Review(_)
            | Said::Begun(_)
            | Said::Written(_)
            | Said::Medium(_)
            | Said::ReadAgain(_)
            | Said::Verified(_) => {}
        }
        if progress.people() > 0 && progress.stage() == CeremonyStage::Asking {
            // What was written is of phrases that count no more, and is gone.
            made.unconfirmed = None;
        }
        let Some(making) = &mut self.making else { return said };
        if progress.people() == making.plan.shareholders.len() {
            making.progress = progress;
        }
        match &said {
            Said::Sealed(Ok(sealed))
            | Said::Copied(Ok(sealed))
            | Said::Moved(Ok(Moved { sealed: Some(sealed), .. })) => {
                making.sealed = Some(sealed.clone());
                making.needs_place = false;
            }
            Said::Medium(medium) => {
                if let Some(sealed) = &mut making.sealed {
                    sealed.medium = medium.clone();
                }
            }
            // It is back, or that was skipped.
            Said::ReadAgain(Ok(())) => {
                let medium = making.sealed.as_ref().map(|sealed| &sealed.medium);
                let was_pulled = matches!(medium, Some(Medium::Back { .. }));
                if making.progress.stage() == CeremonyStage::Issued {
                    if let Some(copy) = made.copies.last_mut() {
                        copy.was_pulled = was_pulled;
                    }
                } else {
                    made.has_skipped = making.is_verified_again() && !was_pulled;
                }
            }
            Said::Sealed(Err(_))
            | Said::Moved(Ok(Moved { sealed: None, .. }) | Err(_))
            | Said::Copied(Err(_))
            | Said::ReadAgain(Err(_))
            | Said::Inventory(_)
            | Said::People(_)
            | Said::Review(_)
            | Said::Unfinished(_)
            | Said::Begun(_)
            | Said::Declined(_)
            | Said::Written(_)
            | Said::Phrase { .. }
            | Said::Confirmed { .. }
            | Said::Verified(_)
            | Said::Issued(_)
            | Said::Deleted(_) => {}
        }
        said
    }

    /// The words of a task that is done are dropped, whoever waited for that: the next one sits down.
    pub(super) fn drop_done(&mut self, said: &Said) {
        let (is_done, answer) = match said {
            Said::Verified(Ok(answer @ (Answer::Verified { .. } | Answer::AlreadyEntered { .. }))) => {
                // Not those that somebody began meanwhile.
                (self.desk.task == Task::Verify && self.desk.is_given_up, Some(answer.to_string()))
            }
            Said::Confirmed { number, result: Ok(confirmation @ (Confirmation::Same | Confirmation::Kept { .. })) } => {
                let of = if let Confirmation::Kept { of } = confirmation { Some(of.as_str()) } else { None };
                let is_same =
                    matches!(self.desk.task, Task::Confirm { number: of } | Task::Keep { number: of } if of == *number);
                (is_same, self.confirmed(*number, of))
            }
            Said::Phrase { number, phrase: Ok(_) } => (self.desk.task == Task::Confirm { number: *number }, None),
            // Nothing of anybody is done with these.
            Said::Phrase { phrase: Err(_), .. }
            | Said::Confirmed { .. }
            | Said::Verified(_)
            | Said::Inventory(_)
            | Said::People(_)
            | Said::Review(_)
            | Said::Unfinished(_)
            | Said::Begun(_)
            | Said::Declined(_)
            | Said::Written(_)
            | Said::Sealed(_)
            | Said::Moved(_)
            | Said::Copied(_)
            | Said::Medium(_)
            | Said::ReadAgain(_)
            | Said::Issued(_)
            | Said::Deleted(_) => return,
        };
        if let (Some(making), Some(answer)) = (&mut self.making, answer) {
            making.last_answer = Some(answer);
        }
        if is_done {
            self.desk.clear();
        }
    }

    /// What is said when somebody typed the phrase back.
    pub fn confirmed(&self, number: u8, of: Option<&str>) -> Option<String> {
        let title = self.making.as_ref()?.plan.title(number);
        let what = of.map_or_else(
            || "typed it back right".to_owned(),
            |of| format!("keeps a phrase of the old backup, that of {of}"),
        );
        let rules = self.kind().rules();
        let then = if rules.is_verified_again() { ", and each phrase is typed once more" } else { "" };
        Some(format!(
            "Confirmed: {title} {what}. The backup key of {} {number} was received. Not yet a backup: it is written when all are confirmed{then}.",
            rules.holder.one
        ))
    }
}
