//! The phrases of a ceremony: made and shown, typed back, kept from the backup before. What is confirmed is derived, and forgotten.

use serde_json::json;

use super::{Bench, CeremonyWork, stopped};
use crate::crypto::kdf::Kdf;
use crate::crypto::sharing::Share;
use crate::domain::ceremony::PhraseState;
use crate::domain::phrase::Phrase;
use crate::effect::{Confirmation, Trouble, TypedWords};
use crate::session::{RecoveryState, no_backup};
use crate::snapshot::backup;
use crate::snapshot::founding::Founding;

impl CeremonyWork {
    pub(super) fn show(&mut self, number: u8, anew: bool, bench: &mut Bench<'_>) -> Result<Phrase, Trouble> {
        let state = self.progress.state(number);
        if !anew && state >= PhraseState::Confirmed {
            return Err(Trouble::new(
                "This phrase is confirmed: it is not held any more, and cannot be shown.",
                "If the paper is lost, make a new phrase.",
            ));
        }
        if let Some(phrase) = self.of.made()?.shown.get(&number).filter(|_| !anew) {
            return Ok(phrase.duplicate());
        }
        self.void_written(bench)?;
        let phrase = Phrase::generate(self.plan.form, bench.entropy)
            .map_err(|error| Trouble::new(format_args!("{error}."), "Nothing was shown. Restart the machine."))?;
        if !self.progress.show(number) {
            return Err(Trouble::new("No phrase is made for that number now.", "Go back to the board."));
        }
        let made = self.of.made()?;
        made.founding.forget(number);
        let copy = phrase.duplicate();
        made.shown.insert(number, phrase);
        self.note("phrase shown", json!({"anew": state > PhraseState::Waiting, "number": number}));
        Ok(copy)
    }

    pub(super) fn confirm(
        &mut self,
        number: u8,
        typed: &TypedWords,
        bench: &Bench<'_>,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Confirmation, Trouble> {
        let made = self.of.made()?;
        let phrase = made.shown.get(&number).ok_or_else(|| {
            Trouble::new(
                "No phrase was shown that could be typed back.",
                "Go back to the board, and create a key first.",
            )
        })?;
        let numbers = phrase.differing(typed.reveal());
        if !numbers.is_empty() {
            return Ok(Confirmation::Differs { numbers });
        }
        accept(&mut made.founding, number, phrase, bench.kdf, is_stopped)?;
        made.shown.remove(&number);
        self.progress.confirm(number);
        self.note("phrase confirmed", json!({"number": number}));
        Ok(Confirmation::Same)
    }

    /// In a rotation: the phrase has to be one of the old backup, and nobody else's of the new one. Numbers and names may have
    /// changed, so nothing decides whose it has to be: whose it was is said, and recorded.
    pub(super) fn keep(
        &mut self,
        number: u8,
        phrase: &Phrase,
        state: &RecoveryState,
        bench: &Bench<'_>,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Confirmation, Trouble> {
        let is_rotation = self.of.made()?.founding.is_rotation();
        let old = state.judge.as_ref().filter(|_| is_rotation).ok_or_else(no_backup)?;
        if phrase.form() != self.plan.form {
            return Err(Trouble::new(
                "The new backup has phrases of another length or language.",
                "Create a new key instead.",
            ));
        }
        let judged = old.backup.recognise(phrase, bench.kdf);
        if is_stopped() {
            return Err(stopped());
        }
        let (backup::Judged::Verified(Share { number: was, .. }) | backup::Judged::AlteredFile { number: was }) =
            judged.map_err(|error| {
                Trouble::new(format_args!("Not checked: {error}."), "Nothing was lost: check it again.")
            })?
        else {
            return Ok(Confirmation::NotTheirs);
        };
        self.void_written(bench)?;
        let before = self.progress.clone();
        if !self.progress.show(number) {
            return Err(Trouble::new("No phrase is taken for that number now.", "Go back to the board."));
        }
        let made = self.of.made()?;
        made.founding.forget(number);
        if let Err(trouble) = accept(&mut made.founding, number, phrase, bench.kdf, is_stopped) {
            // Nothing was shown: whoever waited still waits.
            if before.state(number) == PhraseState::Waiting {
                self.progress = before;
            }
            return Err(trouble);
        }
        made.shown.remove(&number);
        self.progress.confirm(number);
        self.note("phrase kept", json!({"number": number, "was": was}));
        Ok(Confirmation::Kept { of: old.backup.shareholder(was) })
    }
}

/// Derives and keeps what comes of it, but not when it was given up or is somebody else's.
fn accept(
    founding: &mut Founding,
    number: u8,
    phrase: &Phrase,
    kdf: &dyn Kdf,
    is_stopped: &dyn Fn() -> bool,
) -> Result<(), Trouble> {
    founding.accept(number, phrase, kdf).map_err(|error| {
        Trouble::new(
            format_args!("Not derived: {error}."),
            "Nothing was lost. Close other programs, or use a machine with more memory.",
        )
    })?;
    let why = if is_stopped() {
        Some(stopped())
    } else {
        founding.twin_of(number).map(|other| {
            let holder = &founding.kind().rules().holder;
            Trouble::new(
                format_args!("That is the phrase of {} {other} of the new backup.", holder.one),
                format_args!("Each {} needs a phrase of their own.", holder.one),
            )
        })
    };
    match why {
        Some(why) => {
            founding.forget(number);
            Err(why)
        }
        None => Ok(()),
    }
}
