//! Phrases from a file: read as people wrote them, tried one after the other.

use std::collections::BTreeSet;
use std::path::Path;

use zeroize::Zeroizing;

use super::{Exit, Failure, Streams};
use crate::domain::explain::Explain;
use crate::domain::kind::Kind;
use crate::domain::phrase::{Phrase, PhraseForm};
use crate::domain::phrase_list::{PhraseLine, phrases_in};
use crate::domain::secret::SecretBuffer;
use crate::domain::typed::{has_invisible, visible};
use crate::effect::Answer;
use crate::machine::files;
use crate::session::ThisMachine;
use crate::session::load::LoadError;
use crate::session::phrase_judge::{PhraseJudge, PhraseJudgeError};
use crate::snapshot::backup::JudgeError;
use crate::snapshot::opening::{Opened, OpeningError};

/// More than 16 phrases of 24 words in any script.
const PHRASES_LIMIT: usize = 1 << 20;

/// Tries every line of a file of phrases and opens the backup; and whether every line was a right phrase.
pub(super) fn open(
    judge: &mut PhraseJudge,
    phrases: &Path,
    streams: &mut Streams<'_>,
) -> Result<(Opened, bool), Failure> {
    let phrases = read_phrases(phrases)?;
    let mut tried = Tried::of(judge);
    let text = seen(&phrases, streams)?;
    for line in phrases_in(&text, form_of(judge)) {
        let answer = tried.take(&line, judge)?;
        streams.say(&format!("Line {}: {answer}", line.line));
    }
    let opened = judge.open().map_err(|error| tried.failure(&error))?;
    Ok((opened, tried.is_clean()))
}

/// A file of phrases; - is standard input.
pub(super) fn read_phrases(phrases: &Path) -> Result<SecretBuffer, Failure> {
    if phrases == Path::new("-") {
        files::read_stdin(PHRASES_LIMIT)
    } else {
        files::read_secret(phrases, PHRASES_LIMIT)
    }
    .map_err(|error| Failure { exit: Exit::Phrases, ..LoadError::from(error).into() })
}

/// What people see of such a file; it says when there was more.
pub(super) fn seen(phrases: &SecretBuffer, streams: &mut Streams<'_>) -> Result<Zeroizing<String>, Failure> {
    let text = text_of(phrases)?;
    if has_invisible(text) {
        streams.warn("Note: signs that nobody can see were left out of the phrases.");
    }
    Ok(visible(text))
}

/// What the phrases of a backup look like; of one that no phrase opens it makes no difference.
pub(super) fn form_of(judge: &PhraseJudge) -> PhraseForm {
    judge.backup.core().phrase.unwrap_or(PhraseForm::OF_DEVICE)
}

fn text_of(phrases: &SecretBuffer) -> Result<&str, Failure> {
    std::str::from_utf8(phrases.reveal()).map_err(|_| {
        Failure::new(
            Exit::Phrases,
            "the phrases are not UTF-8 text.",
            "Save the file as plain text in UTF-8, one phrase a line.",
        )
    })
}

/// How the lines went.
#[derive(Default)]
pub(super) struct Tried {
    kind: Kind,
    verified: usize,
    /// Whose envelope does not open.
    altered: BTreeSet<u8>,
    wrong: usize,
    /// Lines of which nobody can say whether they are right.
    unjudged: usize,
    is_core_damaged: bool,
}

impl Tried {
    pub(super) fn of(judge: &PhraseJudge) -> Self {
        let kind = judge.backup.core().kind;
        Self { kind, is_core_damaged: judge.backup.is_core_damaged(), ..Self::default() }
    }

    /// The answer to one line. It never holds a word of it.
    pub(super) fn take(&mut self, line: &PhraseLine<'_>, judge: &mut PhraseJudge) -> Result<String, Failure> {
        let Some(form) = judge.backup.core().phrase else {
            return Err(Failure::new(
                Exit::Refused,
                "this backup is not opened by phrases.",
                "Use the way it was made for.",
            ));
        };
        let phrase = match Phrase::of_words(&line.words, form) {
            Ok(phrase) => phrase,
            // Which words and how many there are is written in the core too.
            Err(_) if self.is_core_damaged => return Ok(self.unjudged()),
            Err(error) => {
                self.wrong += 1;
                return Ok(format!("not a phrase: {error}. {}", error.hint()));
            }
        };
        let answer = judge.take(&phrase, &ThisMachine, &|| false)?;
        let written = match &answer {
            Answer::Verified { number, .. } => {
                self.verified += 1;
                mismatch(line, *number)
            }
            Answer::AlreadyEntered { number, .. } => mismatch(line, *number),
            Answer::AlteredFile { number, .. } => {
                self.altered.insert(*number);
                mismatch(line, *number)
            }
            Answer::CannotBeJudged => return Ok(self.unjudged()),
            Answer::NotOfThisBackup { .. } => {
                self.wrong += 1;
                String::new()
            }
        };
        let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}"));
        Ok(format!("{answer}{written}{hint}"))
    }

    fn unjudged(&mut self) -> String {
        self.unjudged += 1;
        let answer = Answer::CannotBeJudged;
        answer.hint().map_or_else(|| answer.to_string(), |hint| format!("{answer}. {hint}"))
    }

    fn is_clean(&self) -> bool {
        self.wrong == 0 && self.unjudged == 0 && self.altered.is_empty()
    }

    /// Enough right phrases for a file that does not open with them is the file's fault.
    pub(super) fn failure(&self, error: &OpeningError) -> Failure {
        match error {
            OpeningError::NotEnough { usable, threshold }
                if self.verified + self.altered.len() >= usize::from(*threshold) =>
            {
                Failure::new(
                    Exit::Refused,
                    match (threshold, usable) {
                        (1, _) => "the phrase is right, but the envelope it needs does not open: the file was altered."
                            .to_owned(),
                        (_, usable) => format!(
                            "enough phrases are right, but only {usable} of the {threshold} envelopes they need {}: the file was altered.",
                            if *usable == 1 { "opens" } else { "open" }
                        ),
                    },
                    "Nothing was written. Look for another copy of the snapshot, and give it beside this one.",
                )
            }
            OpeningError::NotEnough { .. } if self.is_core_damaged => Failure::new(
                Exit::Phrases,
                "the core of this file is damaged: no phrase can be judged with it, right or wrong, and nothing opens.",
                "Nothing was written. Look for another copy of the snapshot, or give another snapshot of the same backup beside it.",
            ),
            OpeningError::NotEnough { .. } if self.kind == Kind::Device => Failure::new(
                Exit::Phrases,
                "that is not the phrase of this backup.",
                "Nothing was written. Compare each word with the paper. A phrase from before a reset opens only the old file.",
            ),
            OpeningError::NotEnough { .. } => Failure::new(
                Exit::Phrases,
                format_args!("{error}."),
                "Nothing was written. Correct the lines above, or add the phrases of others.",
            ),
            OpeningError::NoKey { .. } => Failure::new(
                Exit::Refused,
                format_args!("{error}."),
                "Nothing was written. Add the phrases of everybody whom you can reach.",
            ),
        }
    }
}

fn mismatch(line: &PhraseLine<'_>, number: u8) -> String {
    match line.number {
        Some(written) if written != u32::from(number) => format!(" (the line says {written})"),
        _ => String::new(),
    }
}

impl From<PhraseJudgeError> for Failure {
    fn from(error: PhraseJudgeError) -> Self {
        let exit = if matches!(error, PhraseJudgeError::Judge(JudgeError::Machine(_))) {
            Exit::Machine
        } else {
            Exit::Refused
        };
        Self::new(exit, format_args!("{error}."), format_args!("Nothing was written. {}", error.hint()))
    }
}
