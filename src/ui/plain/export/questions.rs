//! What an export asks, and what is said before and on a question mark.

use super::{At, Draft, shown};
use crate::journey::export;
use crate::ui::plain::{Conversation, Prompt, Step, capital};

impl Draft {
    pub(in crate::ui::plain) fn prompt(&self) -> Prompt {
        match self.at {
            At::What => Prompt::open("What, by number, or Enter for 1:"),
            At::Form => Prompt::open("Which form, by number, or Enter for 1:"),
            At::Place => Prompt::open("Which place, by number, or Enter for 1:"),
            At::Name => Prompt::open("Name of the new file:"),
            At::Digits => Prompt::open("The four digits, or < to go back:"),
            At::Which => Prompt::open("Which passphrase, by number, or Enter for 1:"),
            At::Made => Prompt::open("Say the passphrase here? y or n:"),
            At::TypedBack => Prompt::secret("The passphrase, from the paper:"),
            At::Own => Prompt::secret("Your passphrase:"),
            At::OwnAgain => Prompt::secret("The same again:"),
        }
    }

    pub(in crate::ui::plain) fn help(&self) -> &'static str {
        match self.at {
            At::What => {
                "What is to be written into a new file. Public parts hold names and addresses, and no private key and no code.
To write some items only, go back with <, list them, and mark them with m and their numbers.
< goes back and writes nothing."
            }
            At::Form => {
                "A KeePass file is encrypted; KeePassXC and similar programs open it. The other forms are not encrypted.
Write what is not encrypted to a medium that you can lock away or destroy.
< goes one step back."
            }
            At::Place => {
                "Folders and media that this run may write to.
l looks again, for a medium that was plugged in just now. < goes one step back."
            }
            At::Name => {
                "Enter takes the name that is offered; else type another one, without a slash.
Nothing is ever overwritten. The file is complete or it is not there.
< goes one step back, to the place."
            }
            At::Digits => {
                "The file is not encrypted. Typing the four digits agrees to that, and writes it.
< goes one step back and writes nothing."
            }
            At::Which => {
                "The file is encrypted by a passphrase. Nobody can open it without.
One that is made at random cannot be guessed; it is typed back from paper before it counts. One of your own is typed twice.
< goes one step back, to the name."
            }
            At::Made => {
                "The passphrase is written here as text. It stays on this terminal, and in what can be scrolled back, until you clear it.
y says it, to be written on paper. n or < goes back, and this passphrase is forgotten."
            }
            At::TypedBack => {
                "Type the passphrase as it stands on the paper: small letters, digits and the dashes. It is not echoed.
< goes one step back, where it can be said again."
            }
            At::Own => {
                "At least 12 characters: letters without accents, digits, signs, spaces. Several words are better than one. It is not echoed.
< goes one step back."
            }
            At::OwnAgain => "Type the same passphrase once more. It is not echoed. < goes one step back, to type it anew.",
        }
    }
}

impl Conversation {
    /// Says what is asked now, where that is more than the prompt.
    pub(super) fn ask_of_export(&mut self) {
        let Step::Export(draft) = &self.step else { return };
        let lines = match draft.at {
            At::What => {
                let choices = export::choices(&self.journey);
                list("What is to be written.", choices.iter().map(|(words, _)| words.as_str()))
            }
            At::Form => {
                let forms = export::forms(&draft.selection);
                list("In which form.", forms.into_iter().map(export::title))
            }
            At::Place => {
                let places = self.writable();
                if places.is_empty() {
                    self.say_no_place();
                    return;
                }
                let mut lines = vec!["Places that may be written to.".to_owned()];
                for (number, place) in (1..).zip(places) {
                    lines.push(format!("{number} {}.", shown(&place.path)));
                    let facts = Some(place.facts()).filter(|facts| !facts.is_empty());
                    let about = facts.into_iter().chain(place.remarks.iter().map(ToString::to_string));
                    lines.extend(about.map(|fact| format!("About {number}: {fact}.")));
                }
                lines
            }
            At::Name => vec![
                export::warning(draft.form, &draft.selection).to_owned(),
                format!("The folder is {}.", shown(&draft.folder)),
                format!("Enter takes the name {}.", draft.form.file_name()),
            ],
            At::Digits => {
                let digits = self.journey.opening.as_ref().map_or("", |opening| opening.digits.as_str());
                vec![
                    format!("It is written to {}.", shown(&draft.folder.join(&draft.name))),
                    export::warning(draft.form, &draft.selection).to_owned(),
                    format!("Type {digits} to agree."),
                ]
            }
            At::Which => list("The passphrase of the file.", export::PASSPHRASES.into_iter()),
            At::Made => vec![
                "A passphrase was made. Have paper and a pen ready.".to_owned(),
                "It will stand on this terminal until you clear it.".to_owned(),
            ],
            At::TypedBack => vec![
                "These are small letters and digits; no letter looks like a digit.".to_owned(),
                "Write it on paper, then type it back from there. It is not echoed.".to_owned(),
                "Keep the paper apart from the file.".to_owned(),
            ],
            At::Own => vec![
                "At least 12 characters: letters without accents, digits, signs, spaces.".to_owned(),
                "Several words are better than one. It is not echoed.".to_owned(),
            ],
            At::OwnAgain => Vec::new(),
        };
        self.say_lines(lines);
    }
}

/// A heading and numbered lines.
fn list<'a>(heading: &str, lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let lines = (1..).zip(lines).map(|(number, line)| format!("{number} {}.", capital(line)));
    std::iter::once(heading.to_owned()).chain(lines).collect()
}
