//! What comes of a phrase that is typed in a ceremony: compared with what was shown, or with the file.

use super::{EnterPhrase, Task};
use crate::domain::ceremony::PhraseState;
use crate::domain::phrase_entry::PhraseEntry;
use crate::effect::{Answer, Confirmation, DeviceAct, DeviceSaid, Effect, Said, Trouble};
use crate::journey::Route;
use crate::journey::{Making, Recovery};
use crate::ui::console::Console;
use crate::ui::screen::Reaction;
use crate::ui::screens::ceremony::{say_on_board, show};

/// The most numbers of words that are listed.
const LISTED: usize = 4;

/// The backup that is being recovered, while the phrase is typed for that.
pub fn recovery(console: &Console) -> Option<&Recovery> {
    console.journey.backup.as_ref().filter(|_| console.journey.desk.task == Task::Recovery)
}

/// The practice sheets beside the entry.
pub fn sheets(console: &Console) -> Option<&'static str> {
    recovery(console).and_then(|backup| backup.summary.sheets)
}

/// Whether the task was done meanwhile, by a check that was given up in the very moment in which it ended.
pub fn is_done(task: Task, making: Option<&Making>) -> bool {
    let (Task::Confirm { number } | Task::Keep { number }) = task else { return false };
    making.is_some_and(|making| making.progress.state(number) >= PhraseState::Confirmed)
}

impl EnterPhrase {
    /// F9: what helps with words that are not right.
    pub(super) fn help_out(&mut self, console: &mut Console) -> Reaction {
        match console.journey.desk.task {
            Task::Recovery => self.find_slip(console),
            task @ (Task::Confirm { .. } | Task::TypeBack) => {
                let filled = console.journey.desk.entry.as_deref().map_or(0, PhraseEntry::filled);
                if filled > 0 && !std::mem::replace(&mut self.is_seeing_again, true) {
                    return self.say(
                        true,
                        format!("F9 once more shows the phrase again. Words that are wiped then: {filled}."),
                    );
                }
                let again = if let Task::Confirm { number } = task {
                    show(number, false)
                } else {
                    Effect::Device(DeviceAct::Show)
                };
                Reaction::Perform(again, "Taking out the phrase")
            }
            Task::Keep { .. } | Task::Verify => self.say(false, "Compare each word and its number with the paper."),
        }
    }

    pub(super) fn heard(&mut self, said: Said, console: &mut Console) -> Reaction {
        match said {
            Said::Phrase { number, phrase: Ok(phrase) } => {
                Reaction::Replace(Route::NewPhrase { number, phrase })
            }
            Said::Confirmed { result: Ok(Confirmation::Same), .. } => confirmed(None, console),
            Said::Confirmed { result: Ok(Confirmation::Kept { of }), .. } => confirmed(Some(&of), console),
            Said::Confirmed { result: Ok(Confirmation::Differs { numbers }), .. } => self.differs(&numbers, console),
            Said::Confirmed { result: Ok(Confirmation::NotTheirs), .. } => self.say(
                true,
                "That is no phrase of the old backup. The words are kept: compare them with the paper, or go back and take a new phrase.",
            ),
            Said::Verified(Ok(answer)) => self.verified(&answer, console),
            Said::Phrase { phrase: Err(trouble), .. }
            | Said::Confirmed { result: Err(trouble), .. }
            | Said::Verified(Err(trouble)) => {
                let Trouble { what, hint } = trouble;
                self.say(true, format!("{what} {hint} The words are kept."))
            }
            _ => Reaction::Stay,
        }
    }

    /// The phrase of a device, as it was typed back.
    pub(super) fn heard_of_device(&mut self, said: DeviceSaid, console: &mut Console) -> Reaction {
        match said {
            DeviceSaid::Phrase(Ok(phrase)) => Reaction::Replace(Route::DevicePhrase(phrase)),
            DeviceSaid::Confirmed(Ok(Confirmation::Differs { numbers })) => self.differs(&numbers, console),
            said @ DeviceSaid::Confirmed(Ok(_)) => {
                console.journey.confirm_device(said);
                Reaction::Back
            }
            DeviceSaid::Phrase(Err(Trouble { what, hint })) | DeviceSaid::Confirmed(Err(Trouble { what, hint })) => {
                self.say(true, format!("{what} {hint} The words are kept."))
            }
            _ => Reaction::Stay,
        }
    }

    fn differs(&mut self, numbers: &[usize], console: &mut Console) -> Reaction {
        if let (Some(entry), Some(first)) = (&mut console.journey.desk.entry, numbers.first()) {
            entry.go(first.saturating_sub(1));
        }
        let what = differing(numbers);
        self.say(true, format!("{what} All words are kept; F9 shows the phrase again and wipes these words."))
    }

    fn verified(&mut self, answer: &Answer, console: &mut Console) -> Reaction {
        match answer {
            Answer::Verified { .. } | Answer::AlreadyEntered { .. } => {
                say_on_board(answer.to_string(), console);
                console.journey.desk.clear();
                Reaction::Back
            }
            Answer::NotOfThisBackup { .. } => {
                self.say(true, "not a phrase of this backup. The words are kept: compare each with the paper of this backup. A paper that was replaced is void, and should say so.")
            }
            Answer::AlteredFile { .. } | Answer::CannotBeJudged => {
                let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}."));
                self.say(true, format!("{answer}{hint} The words are kept."))
            }
        }
    }
}

/// The words are wiped, and the next one sits down.
pub fn confirmed(of: Option<&str>, console: &mut Console) -> Reaction {
    let (Task::Confirm { number } | Task::Keep { number }) = console.journey.desk.task else { return Reaction::Back };
    if let Some(text) = console.journey.confirmed(number, of) {
        say_on_board(text, console);
    }
    console.journey.desk.clear();
    Reaction::Back
}

/// Which words are not what was shown, by their numbers.
fn differing(numbers: &[usize]) -> String {
    let listed = |numbers: &[usize]| numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    let look = "Look at your paper: correct the paper only if it says something else.";
    match numbers {
        [] => format!("That is not what was shown. {look}"),
        [one] => format!("Word {one} is not what was shown. {look}"),
        few if few.len() <= LISTED => format!("Words {} are not what was shown. {look}", listed(few)),
        [first, ..] => {
            format!("{} words are not what was shown, the first is word {first}. {look}", numbers.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_words_are_named_by_their_numbers_as_far_as_that_helps() {
        assert!(
            differing(&[7]).starts_with("Word 7 is not what was shown. Look at your paper: correct the paper only")
        );
        assert!(differing(&[2, 7, 9, 12]).starts_with("Words 2, 7, 9, 12 are not"));
        assert!(differing(&[2, 7, 9, 11, 12]).starts_with("5 words are not what was shown, the first is word 2."));
    }
}
