//! When an answer of a plan is one, and what is said where it is not.

use super::Planning;
use super::draft::{check_count, check_text};
use super::question::PlanQuestion;
use crate::domain::ceremony::Threshold;
use crate::domain::email::address_in;
use crate::domain::text::Safe;
use crate::effect::Trouble;
use crate::journey::export::is_name;
use crate::ui::console::Console;

impl Planning {
    /// Whether the answer on this page can be gone on with.
    pub(super) fn check(&mut self, console: &Console) -> Result<(), Trouble> {
        let draft = &mut self.draft;
        match self.question {
            PlanQuestion::Contents
                if console.journey.to_seal.files.is_empty() && !console.journey.to_seal.creates_keys =>
            {
                Err(Trouble::new(
                    "There is nothing to back up yet.",
                    "a adds a file; Space lets the program create master keys.",
                ))
            }
            PlanQuestion::Organization => check_text(&draft.organization, "the name of the organization"),
            PlanQuestion::Conductor => {
                check_text(&draft.conductor, "the name of who asks").and_then(|()| match draft.asker() {
                    Some(_) => Ok(()),
                    None => Err(not_a_name()),
                })
            }
            PlanQuestion::Purpose if draft.is_training() && console.journey.to_seal.is_production => Err(Trouble::new(
                "This inventory is marked as production: it cannot go into a training backup.",
                "A training backup protects nothing. Take production, or another inventory.",
            )),
            PlanQuestion::People => check_count(draft.kind.rules(), draft.people.chosen().len()),
            PlanQuestion::Threshold => match draft.meaning() {
                Some(Threshold::Some { .. }) => Ok(()),
                Some(Threshold::All) if draft.all_agreed == Some(draft.people.chosen().len()) => Ok(()),
                Some(Threshold::All) => {
                    draft.all_agreed = Some(draft.people.chosen().len());
                    let hint = "One lost paper, or one person who cannot come, and nobody ever opens the backup again. Enter once more takes it all the same.";
                    Err(Trouble::new("With everybody needed, one lost paper loses everything.", hint))
                }
                Some(Threshold::One) => Err(Trouble::new(
                    format_args!("1 is refused: each {} alone could open everything.", draft.kind.rules().holder.one),
                    format_args!("Take {} or more.", draft.kind.rules().threshold.start()),
                )),
                Some(Threshold::Impossible) => {
                    let numbers = draft.kind.rules().threshold_text(draft.people.chosen().len());
                    Err(Trouble::new(format_args!("Type a number from {numbers}."), ""))
                }
                None => {
                    let numbers = draft.kind.rules().threshold_text(draft.people.chosen().len());
                    let typed = draft.threshold.text().trim();
                    Err(Trouble::new(
                        format_args!("\"{}\" is no number.", Safe(typed)),
                        format_args!(
                            "^U empties the field. Type a number from {numbers}; the address is asked after it."
                        ),
                    ))
                }
            },
            PlanQuestion::Email if address_in(draft.email.text()).is_none() => Err(Trouble::new(
                "That is no e-mail address.",
                "One address: something before and behind one @, without spaces, commas or brackets.",
            )),
            PlanQuestion::Language if console.options.is_ascii && !draft.form().language.is_latin() => {
                Err(Trouble::new(
                    "This terminal is sent ASCII only: the words of that list could not be shown.",
                    "Take another list, or start the program without --ascii on a terminal that draws them.",
                ))
            }
            PlanQuestion::Place if draft.place(console).is_none() => {
                Err(Trouble::new("There is no place to write to.", "Plug in a stick, mount it, and press F5."))
            }
            PlanQuestion::Folder if !is_name(draft.folder.text().trim()) => Err(Trouble::new(
                "That is no name for a folder.",
                "A name has no / in it: the place was chosen on the page before.",
            )),
            PlanQuestion::Folder => {
                let refusal = draft.place(console).and_then(|place| place.refusal_of(draft.folder.text().trim()));
                refusal.map_or(Ok(()), Err)
            }
            PlanQuestion::Contents
            | PlanQuestion::Purpose
            | PlanQuestion::Names
            | PlanQuestion::Words
            | PlanQuestion::Language
            | PlanQuestion::Place
            | PlanQuestion::Email
            | PlanQuestion::Review => Ok(()),
        }
    }
}

/// What stands in brackets behind a name has to be an address.
pub fn not_a_name() -> Trouble {
    Trouble::new("That is no name.", "Type a name, or a name and an address: Jane Doe <jane@example.org>")
}
