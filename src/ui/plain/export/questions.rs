//! What an export asks, and what is said before and on a question mark.

use super::shown;
use crate::effect::Place;
use crate::journey::export::{Asked, PASSPHRASES, choices, forms, warning};
use crate::ui::plain::{Conversation, Prompt, TalkStep, capital};

pub fn prompt(asked: Asked) -> Prompt {
    match asked {
        Asked::What => Prompt::open("What, by number, or Enter for 1:"),
        Asked::Form => Prompt::open("Which form, by number, or Enter for 1:"),
        Asked::Place => Prompt::open("Which place, by number, or Enter for 1:"),
        Asked::Name => Prompt::open("Name of the new file:"),
        Asked::Digits => Prompt::open("The four digits, or < to go back:"),
        Asked::Which => Prompt::open("Which passphrase, by number, or Enter for 1:"),
        Asked::Made => Prompt::open("Say the passphrase here? y or n:"),
        Asked::TypedBack => Prompt::secret("The passphrase, from the paper:"),
        Asked::Own => Prompt::secret("Your passphrase:"),
        Asked::OwnAgain => Prompt::secret("The same again:"),
        Asked::Done => Prompt::open("What next:"),
    }
}

pub fn help(asked: Asked) -> &'static str {
    match asked {
            Asked::What => {
                "What is to be written into a new file. Public parts hold names and addresses, and no private key and no code.
To write some items only, go back with <, list them, and mark them with m and their numbers.
< goes back and writes nothing."
            }
            Asked::Form => {
                "A KeePass file is encrypted; KeePassXC and similar programs open it. The other forms are not encrypted.
Write what is not encrypted to a medium that you can lock away or destroy.
< goes one step back."
            }
            Asked::Place => {
                "Folders and media that this run may write to.
l looks again, for a medium that was plugged in just now. < goes one step back."
            }
            Asked::Name => {
                "Enter takes the name that is offered; else type another one, without a slash.
Nothing is ever overwritten. The file is complete or it is not there.
< goes one step back, to the place."
            }
            Asked::Digits => {
                "The file is not encrypted. Typing the four digits agrees to that, and writes it.
< goes one step back and writes nothing."
            }
            Asked::Which => {
                "The file is encrypted by a passphrase. Nobody can open it without.
One that is made at random cannot be guessed; it is typed back from paper before it counts. One of your own is typed twice.
< goes one step back, to the name."
            }
            Asked::Made => {
                "The passphrase is written here as text. It stays on this terminal, and in what can be scrolled back, until you clear it.
y says it, to be written on paper. n or < goes back, and this passphrase is forgotten."
            }
            Asked::TypedBack => {
                "Type the passphrase as it stands on the paper: small letters, digits and the dashes. It is not echoed.
< goes one step back, where it can be said again."
            }
            Asked::Own => {
                "At least 12 characters: letters without accents, digits, signs, spaces. Several words are better than one. It is not echoed.
< goes one step back."
            }
            Asked::OwnAgain => "Type the same passphrase once more. It is not echoed. < goes one step back, to type it anew.",
        Asked::Done => "Nothing is asked of an export any more.",
        }
}

impl Conversation {
    /// Says what is asked now, where that is more than the prompt.
    pub(super) fn ask_of_export(&mut self) {
        let TalkStep::Export(export) = &self.step else { return };
        let lines = match export.asked() {
            Asked::What => {
                let choices = choices(&self.journey);
                list("What is to be written.", choices.iter().map(|(words, _)| words.as_str()))
            }
            Asked::Form => {
                let forms = forms(export.selection(), self.journey.kind());
                list("In which form.", forms.into_iter().map(|form| form.rules().title))
            }
            Asked::Place => {
                let places = Place::for_exports(&self.journey.places);
                if places.is_empty() {
                    self.say_no_place();
                    return;
                }
                said_places(&places)
            }
            Asked::Name => vec![
                warning(export.protection()).to_owned(),
                format!("The folder is {}.", shown(export.folder())),
                format!("Enter takes the name {}.", export.form().rules().file_name),
            ],
            Asked::Digits => {
                let digits = self.journey.opening.as_ref().map_or("", |opening| opening.digits.as_str());
                vec![
                    format!("It is written to {}.", shown(&export.folder().join(export.name()))),
                    warning(export.protection()).to_owned(),
                    format!("Type {digits} to agree."),
                ]
            }
            Asked::Which => list("The passphrase of the file.", PASSPHRASES.into_iter()),
            Asked::Made => vec![
                "A passphrase was made. Have paper and a pen ready.".to_owned(),
                "It will stand on this terminal until you clear it.".to_owned(),
            ],
            Asked::TypedBack => {
                let is_new = export.has_void_paper();
                let void = is_new.then_some("It is a new one: cross out what was written before.");
                let lines = [
                    "These are small letters and digits, none of which looks like another one.",
                    "Write it on paper, then type it back from there. It is not echoed.",
                    "Keep the paper apart from the file.",
                ];
                lines.into_iter().chain(void).map(str::to_owned).collect()
            }
            Asked::Own => vec![
                "At least 12 characters: letters without accents, digits, signs, spaces.".to_owned(),
                "Several words are better than one. It is not echoed.".to_owned(),
            ],
            Asked::OwnAgain | Asked::Done => Vec::new(),
        };
        self.say_lines(lines);
    }
}

/// Places that may be written to, numbered, and what is to be known of each.
pub fn said_places(places: &[&Place]) -> Vec<String> {
    let mut lines = vec!["Places that may be written to.".to_owned()];
    for (number, place) in (1..).zip(places) {
        lines.push(format!("{number} {}.", shown(&place.path)));
        let facts = Some(place.facts()).filter(|facts| !facts.is_empty());
        let about = facts.into_iter().chain(place.remarks.iter().map(ToString::to_string));
        lines.extend(about.map(|fact| format!("About {number}: {fact}.")));
    }
    lines
}

/// A heading and numbered lines.
fn list<'a>(heading: &str, lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let lines = (1..).zip(lines).map(|(number, line)| format!("{number} {}.", capital(line)));
    std::iter::once(heading.to_owned()).chain(lines).collect()
}
