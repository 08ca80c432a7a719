//! From the last word to the answer: what is missing, what the checksum says, whose phrase it is.

use std::time::Duration;

use super::{EnterPhrase, Hidden, remarks};
use crate::domain::explain::Explain;

use crate::domain::phrase_entry::{CellState, PhraseEntry, Taken};
use crate::domain::repair::Repair;
use crate::domain::text::capital;
use crate::effect::{Act, Answer, Effect, Elsewhere};
use crate::journey::Task;
use crate::ui::console::Console;
use crate::ui::screen::Reaction;
use crate::ui::screens::back_or;

impl EnterPhrase {
    /// Enter: the next word; after the last one, the check. On text that is in no list it stays, where a space goes on and leaves
    /// it marked: nobody shall type ten words into nothing.
    pub(super) fn enter(&mut self, is_hidden: bool, may_hint: bool, console: &mut Console) -> Reaction {
        let Some(entry) = console.journey.desk.entry.as_deref_mut() else { return Reaction::Back };
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
                self.has_failed |= self.task == Task::Recovery;
                let text = remarks::extra(entry);
                self.say(true, text)
            }
            (_, None) => self.check(console),
            (Taken::NotInList, Some(_)) => {
                let hint = Self::keys_hint(entry, may_hint);
                entry.stay(at);
                let has_near = !is_hidden && self.has_near(at, entry);
                let what = if has_near { remarks::PICK_OR_LOOK } else { remarks::LOOK };
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

    pub(super) fn check(&mut self, console: &mut Console) -> Reaction {
        match console.journey.check() {
            None => Reaction::Back,
            Some(Ok(effect)) => {
                self.message = None;
                self.shown_until = None;
                let is_compared = matches!(effect, Effect::Ceremony(Act::Confirm { .. }));
                let what = if is_compared { "Comparing, and deriving the key" } else { "Checking the phrase" };
                Reaction::Perform(effect, what)
            }
            Some(Err(error)) => {
                self.has_failed = self.task == Task::Recovery;
                let can_find = error.is_checksum() && self.has_failed;
                let more =
                    if can_find { format!("{} F9 looks for the slip.", self.causes(console)) } else { String::new() };
                let text = format!("{}. All words are kept. {}{more}", capital(&error.to_string()), error.hint());
                self.say(true, text)
            }
        }
    }

    pub(super) fn answered(&mut self, answer: &Answer, took: Duration, console: &mut Console) -> Reaction {
        if console.journey.hear_checked(answer, took) {
            return back_or(console.journey.next(), console);
        }
        let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}."));
        match answer {
            Answer::Verified { .. } | Answer::AlreadyEntered { .. } | Answer::CannotBeJudged => {
                self.say(true, format!("{answer}{hint}"))
            }
            Answer::AlteredFile { .. } => self.say(true, format!("{answer}{hint} The words are kept.")),
            Answer::NotOfThisBackup { elsewhere: Some(Elsewhere { who, file, .. }) } => {
                // Without the fingerprint, which is too long for a glance.
                self.say(
                    true,
                    format!("not a phrase of this backup, but that of {who} in {file}{hint} The words are kept."),
                )
            }
            Answer::NotOfThisBackup { elsewhere: None } => {
                self.has_failed = true;
                let causes = self.causes(console);
                self.say(
                    true,
                    format!("{answer}{hint} The words are kept: correct them, or let F9 look for the slip.{causes}"),
                )
            }
        }
    }

    /// Nothing of words that may be of somebody else.
    fn causes(&self, console: &mut Console) -> String {
        let entry = console.journey.desk.entry.as_deref_mut().filter(|_| self.hidden != Hidden::ForGood);
        entry.map_or_else(String::new, remarks::causes)
    }
}

/// The first cell without a word of the list, from `from` on and then from the beginning.
fn next_open(entry: &PhraseEntry, from: usize) -> usize {
    let is_open = |index: &usize| entry.state(*index) != CellState::InList;
    (from..entry.len()).find(is_open).or_else(|| (0..entry.len()).find(is_open)).unwrap_or(0)
}
