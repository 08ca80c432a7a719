//! The questions of an export line by line: lines into answers. `<` goes one step back.

mod questions;

use std::fmt::Write;
use std::path::Path;

use zeroize::Zeroizing;

pub(super) use self::questions::{help, prompt, said_places};
use super::{Conversation, TalkStep, picked};
use crate::domain::explain::Explain;
use crate::domain::secret::SecretText;
use crate::domain::text::Safe;
use crate::effect::{Effect, Place, Trouble, WrittenFiles};
use crate::journey::export::{Asked, Refusal, afterwards};
use crate::journey::{Given, Reply};
use crate::ui::screens::export::other_group;

impl Conversation {
    pub(super) fn begin_export(&mut self) {
        self.step = TalkStep::Export(Box::default());
        self.ask_of_export();
    }

    pub(super) fn on_export_line(&mut self, typed: &str) {
        let TalkStep::Export(export) = &mut self.step else { return };
        let line = typed.trim();
        let asked = export.asked();
        let given = match (asked, line) {
            (_, "<") | (Asked::Done, _) => None,
            (Asked::Place, "l" | "L") => Some(Given::Again),
            (Asked::What | Asked::Form | Asked::Place | Asked::Which, _) => {
                // A number that is none is no row of any list.
                Some(Given::Row(picked(line, usize::MAX).unwrap_or(usize::MAX)))
            }
            (Asked::Name, "") => Some(Given::Text(export.form().rules().file_name)),
            (Asked::Name | Asked::Digits, _) => Some(Given::Text(line)),
            (Asked::Made, "y" | "Y") => {
                export.show(&mut self.journey);
                self.said.extend(export.seen().map(said_passphrase));
                Some(Given::Yes)
            }
            (Asked::Made, "n" | "N") => {
                let was_said =
                    if export.seen().is_some() { "It is forgotten." } else { "It was not said, and is forgotten." };
                self.said.push(Zeroizing::new(was_said.to_owned()));
                None
            }
            (Asked::Made, _) => {
                self.say("Type y to have it said, n to choose again, or < to go back.");
                return;
            }
            // Whether a space stands around a passphrase matters.
            (Asked::TypedBack | Asked::Own | Asked::OwnAgain, _) => Some(Given::Text(typed)),
        };
        let reply = match given {
            Some(given) => export.answer(given, &self.journey),
            None => export.back(),
        };
        self.go_on_with_export(asked, reply);
    }

    /// Says what comes next; `before` was asked until now.
    fn go_on_with_export(&mut self, before: Asked, reply: Reply<Refusal>) {
        match reply {
            Reply::Ask => self.ask_of_export(),
            Reply::Do(effect, what) => {
                match effect {
                    Effect::FindPlaces => self.say("Looking for places to write to."),
                    Effect::Export(_) => self.say(format!("{what}.")),
                    _ => {}
                }
                self.perform(effect);
            }
            Reply::Refused(why) => self.say_refusal(before, why),
            Reply::Left => {
                self.step = TalkStep::Recovered;
                self.say("Nothing was written.");
            }
        }
    }

    /// Why the answer to `asked` was not taken.
    fn say_refusal(&mut self, asked: Asked, why: Refusal) {
        match why {
            Refusal::NotListed => self.say_no_such_number(),
            Refusal::NoPlace => self.say_no_place(),
            Refusal::NotAName => {
                self.say("That is no name for a file. The folder was chosen before; a name has no slash in it.");
            }
            Refusal::DoesNotFit(error) => {
                self.say(format!("Nothing was written: {error}."));
                self.say(error.hint());
                self.ask_of_export();
            }
            Refusal::NotTheDigits => {
                let digits = self.journey.opening.as_ref().map_or("", |opening| opening.digits.as_str());
                let said = format!("Those are not the four digits. Type {digits} to agree, or < to go back.");
                self.say(said);
            }
            Refusal::Unfit(error) => {
                self.say(format!("Not taken: {error}."));
                self.say(error.hint());
            }
            Refusal::Nothing if asked == Asked::OwnAgain => {
                self.say("Type the same passphrase again, or < to begin anew.");
            }
            Refusal::Nothing => self.say("Type the passphrase from the paper, or < to hear it again."),
            Refusal::NotTheSame { .. } if asked == Asked::OwnAgain => {
                self.say("That is not what was typed first. Type it again, or < to begin anew.");
            }
            Refusal::NotTheSame { group } => {
                self.say(other_group(group));
                self.say("Compare it with the paper, and type all of it again. < goes back to hear it again.");
            }
            Refusal::NotMade(trouble) => self.say_trouble("No passphrase was made", &trouble),
            Refusal::NameRefused(trouble) => {
                self.say_trouble("Not written", &trouble);
                self.ask_of_export();
            }
            Refusal::NotWritten(trouble) => {
                self.say_trouble("Not written", &trouble);
                self.say("What was recovered is still here.");
                if matches!(&self.step, TalkStep::Export(export) if export.keeps_passphrase()) {
                    self.say("The passphrase stays the same.");
                }
                self.say("Type another name, or < for another place.");
                self.ask_of_export();
            }
        }
    }

    pub(super) fn on_places(&mut self, places: Vec<Place>) {
        let TalkStep::Export(export) = &mut self.step else { return };
        let reply = export.hear_places(places, &mut self.journey);
        self.go_on_with_export(Asked::Place, reply);
    }

    pub(super) fn on_name_checked(&mut self, checked: Result<(), Trouble>) {
        let TalkStep::Export(export) = &mut self.step else { return };
        let reply = export.hear_name(checked);
        self.go_on_with_export(Asked::Name, reply);
    }

    pub(super) fn on_passphrase(&mut self, made: Result<SecretText, Trouble>) {
        let TalkStep::Export(export) = &mut self.step else { return };
        let reply = export.hear_passphrase(made);
        self.go_on_with_export(Asked::Which, reply);
    }

    pub(super) fn on_exported(&mut self, result: Result<WrittenFiles, Trouble>) {
        let TalkStep::Export(export) = &mut self.step else {
            self.journey.history.export(&result);
            return;
        };
        let asked = export.asked();
        let reply = export.hear_exported(result, &mut self.journey);
        let Some(written) = export.written() else {
            self.go_on_with_export(asked, reply);
            return;
        };
        let mut said: Vec<String> =
            written.paths.iter().map(|path| format!("Written and read back: {}", shown(path))).collect();
        said.push(afterwards(written.protection).to_owned());
        said.extend(written.exposure.map(|remark| format!("About the place: {remark}.")));
        said.extend(written.form.rules().reading.map(str::to_owned));
        self.step = TalkStep::Recovered;
        self.say_lines(said);
    }

    pub(super) fn say_no_place(&mut self) {
        self.say("No place to write to: start the program in another folder, or with --export-dir.");
        self.say("l looks again, for a medium that was plugged in just now. < goes back.");
    }

    pub(super) fn say_no_such_number(&mut self) {
        self.say("That is no number of the list. Type one of its numbers, Enter for the first, or < to go back.");
    }
}

/// A line of its own, without a copy on the way.
fn said_passphrase(passphrase: &SecretText) -> Zeroizing<String> {
    let text = passphrase.reveal();
    let mut line = Zeroizing::new(String::with_capacity(text.len().saturating_mul(10)));
    let _ = write!(line, "{}", Safe(text));
    line
}

/// For people.
fn shown(path: &Path) -> String {
    Safe(&path.to_string_lossy()).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Talking, places};
    use super::*;
    use std::path::PathBuf;

    use crate::domain::export_form::{ExportForm, Protection};
    use crate::effect::{ExportOrder, Outcome, Remark};
    use crate::ui::app::Request;

    fn order(talking: &mut Talking) -> ExportOrder {
        let requests = talking.0.take_requests();
        let order = requests.into_iter().rev().find_map(|request| match request {
            Request::Perform(_, Effect::Export(order)) => Some(order),
            _ => None,
        });
        *order.expect("something is written")
    }

    fn written(path: &str, form: ExportForm, protection: Protection) -> Outcome {
        Outcome::Exported(Ok(WrittenFiles { paths: vec![PathBuf::from(path)], form, protection, exposure: None }))
    }

    fn failed() -> Outcome {
        Outcome::Exported(Err(Trouble::new("full.", "Make room.")))
    }

    /// At the name, with this form of everything.
    fn at_name(form: &str) -> Talking {
        let mut talking = Talking::at_recovered();
        talking.line("e");
        talking.line("");
        talking.line(form);
        let said = talking.hear(Outcome::Places(places()));
        assert!(said.contains("1 /yes.\n2 /also.\nAbout 2: keeps no permissions") && !said.contains("/no"), "{said}");
        talking.line("");
        talking
    }

    #[test]
    fn each_question_of_an_export_takes_its_first_answer_says_mistakes_and_goes_back() {
        let mut talking = Talking::at_recovered();
        let said = talking.line("e");
        assert!(
            said.contains("What is to be written.\n1 Everything: 1 key, 2 vaults, 1 account with 2 codes."),
            "{said}"
        );
        assert!(talking.line("9").contains("no number of the list"));
        assert!(talking.line("<").contains("Nothing was written."));
        talking.line("e");
        let said = talking.line("");
        assert!(said.contains("In which form.\n1 KeePass file (.kdbx), encrypted by a passphrase."), "{said}");
        assert!(talking.line("6").contains("no number of the list"));
        assert!(talking.line("<").contains("What is to be written."));
        talking.line("1");
        assert!(talking.line("").contains("Looking for places"));
        assert!(talking.hear(Outcome::Places(places()[..1].to_vec())).contains("No place to write to"));
        assert!(talking.line("").contains("No place to write to"));
        talking.line("l");
        talking.hear(Outcome::Places(places()));
        assert!(talking.line("3").contains("no number of the list"));
        assert!(talking.line("2").contains("The folder is /also.\nEnter takes the name recovered.kdbx."));
        for wrong in ["sub/x", "/x", ".", ".."] {
            assert!(talking.line(wrong).contains("no name for a file"), "{wrong}");
        }
        assert!(talking.line("<").contains("1 /yes."));
        talking.line("");
        assert!(talking.line("").contains("1 Made at random"));
        assert!(talking.line("<").contains("Enter takes the name"));
    }

    #[test]
    fn a_made_passphrase_counts_when_it_was_typed_back_and_stays_after_a_failure() {
        let mut talking = at_name("");
        talking.line("");
        assert!(talking.line("5").contains("no number of the list"));
        talking.line("");
        let said = talking.hear(Outcome::Passphrase(Ok(SecretText::copy_of("abcde-fghjk"))));
        assert!(said.contains("until you clear it") && !said.contains("abcde"), "{said}");
        assert_eq!(talking.prompt(), "Say the passphrase here? y or n:");
        assert!(talking.line("").contains("Type y"));
        assert!(talking.line("n").contains("is forgotten"));
        talking.line("1");
        talking.hear(Outcome::Passphrase(Ok(SecretText::copy_of("mnpqr-stuvw"))));
        let said = talking.line("y");
        assert!(said.starts_with("mnpqr-stuvw\n"), "{said}");
        assert!(talking.0.prompt().is_some_and(|prompt| prompt.is_secret));
        assert_eq!(talking.0.journey.history.revealed, 1);
        assert!(talking.line("").contains("Type the passphrase from the paper"));
        assert!(talking.line("mnpqr-stuvx").contains("Group 2 is not what was shown; those before it are."));
        assert!(talking.line("<").contains("until you clear it"));
        talking.line("y");
        assert!(talking.line("MNPQR stuvw").contains("Writing"));
        let first = order(&mut talking);
        assert_eq!((first.form, first.path.as_path()), (ExportForm::Kdbx, Path::new("/yes/recovered.kdbx")));
        let said = talking.hear(failed());
        assert!(
            said.contains("Not written: full.\nMake room.") && said.contains("The passphrase stays the same."),
            "{said}"
        );
        // Another place and name: it is not asked for again.
        talking.line("<");
        talking.line("2");
        talking.line("b.kdbx");
        let second = order(&mut talking);
        assert_eq!(second.path, Path::new("/also/b.kdbx"));
        assert_eq!(second.passphrase.as_ref().map(SecretText::reveal), Some("mnpqr-stuvw"));
        let said = talking.hear(written("/also/b.kdbx", ExportForm::Kdbx, Protection::Passphrase));
        assert!(said.contains("Written and read back: /also/b.kdbx\nNobody can open it"), "{said}");
        assert_eq!(talking.prompt(), "What next:");
    }

    #[test]
    fn a_passphrase_that_was_said_and_forgotten_makes_its_paper_void() {
        let mut talking = at_name("");
        let made = || Outcome::Passphrase(Ok(SecretText::copy_of("mnpqr-stuvw")));
        for line in ["", "1"] {
            talking.line(line);
        }
        talking.hear(made());
        assert!(!talking.line("y").contains("cross out"));
        talking.line("<");
        assert_eq!(talking.line("n").lines().next(), Some("It is forgotten."));
        talking.line("1");
        talking.hear(made());
        assert!(talking.line("y").contains("It is a new one: cross out what was written before."));
        assert_eq!(talking.0.journey.history.revealed, 2);
    }

    #[test]
    fn a_passphrase_of_ones_own_is_typed_twice_and_never_said() {
        let mut talking = at_name("1");
        talking.line("");
        talking.line("2");
        let mut all = String::new();
        for (line, asks) in [
            ("my long passphrase", "The same again:"),
            ("", "The same again:"),
            ("my long passphrasf", "The same again:"),
            ("<", "Your passphrase:"),
            ("another passphrase", "The same again:"),
        ] {
            all.push_str(&talking.line(line));
            assert_eq!(talking.prompt(), asks, "{line}");
            assert!(talking.0.prompt().is_some_and(|prompt| prompt.is_secret));
        }
        all.push_str(&talking.line("another passphrase"));
        assert!(talking.0.is_working() && !all.contains("passphrasf") && !all.contains("another passphrase"), "{all}");
        assert_eq!(order(&mut talking).passphrase.as_ref().map(SecretText::reveal), Some("another passphrase"));
        assert_eq!(talking.0.journey.history.revealed, 0);
    }

    #[test]
    fn what_is_not_encrypted_needs_the_digits_and_a_failure_asks_again() {
        let mut talking = at_name("2");
        let said = talking.line("x.json");
        assert!(said.contains("/yes/x.json.\nNOT ENCRYPTED") && said.contains("Type 0471 to agree."), "{said}");
        assert!(talking.line("1234").contains("not the four digits"));
        assert!(talking.line("").contains("not the four digits"));
        assert!(talking.line("<").contains("Enter takes the name contents.json."));
        talking.line("");
        talking.line("0471");
        let order = order(&mut talking);
        assert!(order.form == ExportForm::Json && order.passphrase.is_none());
        assert!(talking.hear(failed()).contains("What was recovered is still here."));
        assert_eq!(talking.prompt(), "Name of the new file:");
        talking.line("y.json");
        talking.line("0471");
        let said = talking.hear(written("/yes/y.json", ExportForm::Json, Protection::Nothing));
        assert!(said.contains("does not erase") && !said.contains("About the place"), "{said}");
        for key in ["e", "", "2"] {
            talking.line(key);
        }
        talking.hear(Outcome::Places(places()));
        for key in ["2", "z.json", "0471"] {
            talking.line(key);
        }
        let on_a_stick = WrittenFiles {
            paths: vec![PathBuf::from("/also/z.json")],
            form: ExportForm::Json,
            protection: Protection::Nothing,
            exposure: Some(Remark::KeepsNoPermissions),
        };
        let said = talking.hear(Outcome::Exported(Ok(on_a_stick)));
        assert!(said.contains("About the place: keeps no permissions: whoever has the medium can read"), "{said}");
    }

    #[test]
    fn marked_items_and_public_parts_can_be_written_alone() {
        let mut talking = Talking::at_recovered();
        talking.line("v");
        talking.line("m 1");
        assert!(talking.line("e").contains("1 What is marked: 1.\n2 Everything"));
        let said = talking.line("4");
        assert!(said.contains("1 Keys and what is derived") && !said.contains("KeePass"), "{said}");
        talking.line("2");
        talking.hear(Outcome::Places(places()));
        assert!(talking.line("").contains("Names and addresses only"));
        assert!(talking.line("").contains("Writing"));
        let order = order(&mut talking);
        assert!(order.form == ExportForm::Csv && order.selection.is_public_only);
        assert_eq!(order.selection.marked.as_ref().map(std::collections::BTreeSet::len), Some(1));
        let said = talking.hear(written("/yes/vaults.csv", ExportForm::Csv, Protection::NoSecret));
        assert!(said.contains("It holds no private key and no code."), "{said}");
        assert!(said.contains("One apostrophe at the beginning of a cell"), "{said}");
    }

    #[test]
    fn every_question_is_explained() {
        let mut talking = Talking::at_recovered();
        let explained = |talking: &mut Talking| {
            let before = talking.prompt();
            assert!(talking.line("?").len() > 60 && talking.prompt() == before, "{before}");
        };
        talking.line("e");
        explained(&mut talking);
        talking.line("");
        explained(&mut talking);
        talking.line("");
        talking.hear(Outcome::Places(places()));
        for line in ["", "", "2", "my long passphrase", "<", "<", "1"] {
            explained(&mut talking);
            talking.line(line);
        }
        talking.hear(Outcome::Passphrase(Ok(SecretText::copy_of("mnpqr-stuvw"))));
        explained(&mut talking);
        talking.line("y");
        explained(&mut talking);
        let mut talking = at_name("2");
        talking.line("");
        explained(&mut talking);
    }
}
