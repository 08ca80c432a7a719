//! From the last word to the answer: what is missing, what the checksum says, whose phrase it is.

use zeroize::Zeroizing;

use super::{EnterPhrase, remarks};
use crate::domain::phrase::PhraseError;
use crate::domain::phrase_entry::{CellState, PhraseEntry, Taken};
use crate::domain::repair::Repair;
use crate::effect::{Act, Answer, Effect, Elsewhere, TypedWords};
use crate::journey::Task;
use crate::ui::console::Console;
use crate::ui::screen::Reaction;
use crate::ui::screens::after_phrase;

impl EnterPhrase {
    /// Enter: the next word; after the last one, the check.
    pub(super) fn enter(&mut self, entry: &mut PhraseEntry, is_hidden: bool, may_hint: bool) -> Reaction {
        let at = entry.current();
        if entry.is_returned() && at + 1 < entry.len() {
            // It was told already that this is no word of the list.
            entry.go(at + 1);
            return Reaction::Stay;
        }
        let taken = entry.take();
        match (taken, entry.first_open()) {
            (Taken::NoSuchCell | Taken::NoSuchWord | Taken::OneOrTwo | Taken::Went, _) => {
                self.remark_on(taken, at, entry)
            }
            (Taken::NotInList | Taken::Unreadable | Taken::InList, _) if at == entry.len() => {
                let text = remarks::extra(entry);
                self.say(true, text)
            }
            (_, None) if entry.has_extra() => {
                let text = remarks::extra(entry);
                self.say(true, text)
            }
            (_, None) => self.check(entry),
            (Taken::NotInList, Some(_)) => {
                let hint = Self::keys_hint(entry, may_hint);
                entry.stay(at);
                let what = if !is_hidden && self.has_near(at, entry) {
                    "Pick a near word by its digit, or look at the paper and type it again. Enter goes on without it."
                } else {
                    "Look at the paper and type it again. Enter goes on without it."
                };
                let text = remarks::not_in_list(at, entry) + what + &hint;
                self.say(true, text)
            }
            (Taken::InList | Taken::Unreadable, Some(_)) if entry.current() < entry.len() => {
                self.remark_on(taken, at, entry)
            }
            (Taken::Nothing, Some(_)) if at < entry.len() && entry.state(at) == CellState::Empty => {
                let text = remarks::empty(at, entry);
                self.say(false, text)
            }
            (_, Some(_)) => {
                let open = next_open(entry, if at < entry.len() { at + 1 } else { 0 });
                let text = remarks::open(open, entry, self.task);
                self.has_failed |= self.task == Task::Recovery && Repair::of(entry).is_some();
                entry.go(open);
                self.say(true, text)
            }
        }
    }

    fn check(&mut self, entry: &PhraseEntry) -> Reaction {
        if let Task::Confirm { number } = self.task {
            // Compared with what was shown: that names the words, where a checksum only says that some are wrong.
            let typed =
                TypedWords::new(Zeroizing::new((0..entry.len()).filter_map(|at| entry.reveal_position(at)).collect()));
            return self.ask(Effect::Ceremony(Act::Confirm { number, typed }), "Comparing, and deriving the key");
        }
        match entry.phrase() {
            Ok(phrase) => match self.task {
                Task::Keep { number } => {
                    self.ask(Effect::Ceremony(Act::Keep { number, phrase }), "Checking the phrase")
                }
                Task::Verify => self.ask(Effect::Ceremony(Act::Verify { phrase }), "Checking the phrase"),
                Task::Recovery | Task::Confirm { .. } => self.ask(Effect::Check { phrase }, "Checking the phrase"),
            },
            Err(error) => {
                self.has_failed = self.task == Task::Recovery;
                let can_find = error == PhraseError::Checksum && self.has_failed;
                let more = if can_find { " F9 looks for the slip." } else { "" };
                let text =
                    format!("{}. All words are kept. {}{more}", remarks::capital(&error.to_string()), error.hint());
                self.say(true, text)
            }
        }
    }

    fn ask(&mut self, effect: Effect, what: &'static str) -> Reaction {
        self.message = None;
        self.shown_until = None;
        Reaction::Perform(effect, what)
    }

    pub(super) fn answered(&mut self, answer: &Answer, console: &mut Console) -> Reaction {
        let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}."));
        match answer {
            Answer::Verified { number, who } | Answer::AlreadyEntered { number, who } => {
                console.journey.accept(*number, who, format!("{answer}{hint}"));
                after_phrase(console)
            }
            Answer::AlteredFile { .. } => {
                console.journey.record.altered += 1;
                self.say(true, format!("{answer}{hint} The words are kept."))
            }
            Answer::NotOfThisBackup { elsewhere: Some(Elsewhere { who, file, .. }) } => {
                console.journey.record.wrong += 1;
                // Without the fingerprint, which is too long for a glance.
                self.say(
                    true,
                    format!("not a phrase of this backup, but that of {who} in {file}{hint} The words are kept."),
                )
            }
            Answer::NotOfThisBackup { elsewhere: None } => {
                console.journey.record.wrong += 1;
                self.has_failed = true;
                self.say(true, format!("{answer}{hint} The words are kept: correct them, or let F9 look for the slip."))
            }
            Answer::CannotBeJudged => self.say(true, format!("{answer}{hint}")),
        }
    }
}

/// The first cell without a word of the list, from `from` on and then from the beginning.
fn next_open(entry: &PhraseEntry, from: usize) -> usize {
    let is_open = |index: &usize| entry.state(*index) != CellState::InList;
    (from..entry.len()).find(is_open).or_else(|| (0..entry.len()).find(is_open)).unwrap_or(0)
}
