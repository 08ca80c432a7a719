//! The contents into a new file: what, in which form, where, under which name; then a passphrase that is proven to stand on paper,
//! or four digits that agree to a file without encryption. `<` goes one step back.

mod questions;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Conversation, Step, picked};
use crate::domain::explain::Explain;
use crate::domain::export_form::{ExportForm, Selection};
use crate::domain::passphrase::{check_own, matches};
use crate::domain::secret::SecretText;
use crate::domain::text::Safe;
use crate::effect::{Effect, ExportOrder, Place, Trouble, Written};
use crate::journey::export;

/// What is decided of an export, and what is asked now.
pub(super) struct Draft {
    at: At,
    selection: Selection,
    form: ExportForm,
    folder: PathBuf,
    name: String,
    /// The one that counts once it was typed again.
    passphrase: Option<SecretText>,
    /// It was.
    is_agreed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    What,
    Form,
    Place,
    Name,
    Digits,
    /// Whether the passphrase is made, or one's own.
    Which,
    /// Whether the made one is said.
    Made,
    TypedBack,
    Own,
    OwnAgain,
}

impl Draft {
    fn is_encrypted(&self) -> bool {
        self.form.is_encrypted() && !self.selection.is_public_only
    }

    fn forget_passphrase(&mut self) {
        self.passphrase = None;
        self.is_agreed = false;
    }
}

impl Conversation {
    pub(super) fn begin_export(&mut self) {
        self.put_draft(Box::new(Draft {
            at: At::What,
            selection: Selection::default(),
            form: ExportForm::Kdbx,
            folder: PathBuf::new(),
            name: String::new(),
            passphrase: None,
            is_agreed: false,
        }));
        self.ask_of_export();
    }

    fn put_draft(&mut self, draft: Box<Draft>) {
        self.step = Step::Export(draft);
    }

    fn take_draft(&mut self) -> Option<Box<Draft>> {
        match std::mem::replace(&mut self.step, Step::Recovered) {
            Step::Export(draft) => Some(draft),
            other => {
                self.step = other;
                None
            }
        }
    }

    pub(super) fn on_export_line(&mut self, typed: &str) {
        let Some(mut draft) = self.take_draft() else { return };
        let line = typed.trim();
        let before = draft.at;
        if line == "<" {
            let Some(at) = one_back(&draft) else {
                self.say("Nothing was written.");
                return;
            };
            draft.at = at;
            if at == At::Which {
                draft.forget_passphrase();
            }
        } else {
            self.decide(&mut draft, typed, line);
        }
        let is_turned = draft.at != before;
        self.put_draft(draft);
        if is_turned {
            self.ask_of_export();
        }
    }

    /// Takes an answer. What is asked next is asked by who called.
    fn decide(&mut self, draft: &mut Draft, typed: &str, line: &str) {
        match draft.at {
            At::What => {
                let choices = export::choices(&self.journey);
                match picked(line, choices.len()).and_then(|index| choices.into_iter().nth(index)) {
                    Some((_, selection)) => {
                        draft.selection = selection;
                        draft.at = At::Form;
                    }
                    None => self.say_no_such_number(),
                }
            }
            At::Form => {
                let forms = export::forms(&draft.selection);
                match picked(line, forms.len()).and_then(|index| forms.get(index).copied()) {
                    Some(form) => {
                        draft.form = form;
                        self.look_for_places();
                    }
                    None => self.say_no_such_number(),
                }
            }
            At::Place if line.eq_ignore_ascii_case("l") => self.look_for_places(),
            At::Place => {
                let places = self.writable();
                match picked(line, places.len()).and_then(|index| places.get(index)) {
                    Some(place) => {
                        draft.folder.clone_from(&place.path);
                        draft.at = At::Name;
                    }
                    None if places.is_empty() => self.say_no_place(),
                    None => self.say_no_such_number(),
                }
            }
            At::Name => {
                let name = if line.is_empty() { draft.form.file_name() } else { line };
                if !export::is_name(name) {
                    self.say("That is no name for a file. The folder was chosen before; a name has no slash in it.");
                    return;
                }
                draft.name = export::with_ending(name, draft.form);
                let path = draft.folder.join(&draft.name);
                self.perform(Effect::CheckName { form: draft.form, path });
            }
            At::Digits => {
                let digits = self.journey.opening.as_ref().map_or_else(String::new, |opening| opening.digits.clone());
                if line == digits {
                    self.write_draft(draft);
                } else {
                    self.say(format!("Those are not the four digits. Type {digits} to agree, or < to go back."));
                }
            }
            At::Which | At::Made | At::TypedBack | At::Own | At::OwnAgain => self.agree(draft, typed, line),
        }
    }

    /// The passphrase of an encrypted file.
    fn agree(&mut self, draft: &mut Draft, typed: &str, line: &str) {
        match (draft.at, line) {
            (At::Which, _) => match picked(line, export::PASSPHRASES.len()) {
                Some(0) => self.perform(Effect::MakePassphrase),
                Some(_) => draft.at = At::Own,
                None => self.say_no_such_number(),
            },
            (At::Made, "y" | "Y") => {
                self.said.extend(draft.passphrase.as_ref().map(said_passphrase));
                self.journey.record.revealed += 1;
                draft.at = At::TypedBack;
            }
            (At::Made, "n" | "N") => {
                draft.forget_passphrase();
                self.say("It was not said, and is forgotten.");
                draft.at = At::Which;
            }
            (At::Made, _) => self.say("Type y to have it said, n to choose again, or < to go back."),
            (At::TypedBack, "") => self.say("Type the passphrase from the paper, or < to hear it again."),
            (At::OwnAgain, "") => self.say("Type the same passphrase again, or < to begin anew."),
            (At::Own, _) => match check_own(typed) {
                Ok(()) => {
                    draft.passphrase = Some(SecretText::copy_of(typed));
                    draft.at = At::OwnAgain;
                }
                Err(error) => {
                    self.say(format!("Not taken: {error}."));
                    self.say(error.hint());
                }
            },
            _ if draft.passphrase.as_ref().is_some_and(|wanted| matches(typed, wanted)) => {
                draft.is_agreed = true;
                self.write_draft(draft);
            }
            (At::OwnAgain, _) => {
                self.say("That is not what was typed first. Type it again, or < to begin anew.");
            }
            _ => {
                self.say("That is not what was said.");
                self.say(
                    "Compare the paper. Small letters, digits and the dashes count. < goes back to hear it again.",
                );
            }
        }
    }

    fn write_draft(&mut self, draft: &Draft) {
        let passphrase = draft.passphrase.as_ref().filter(|_| draft.is_encrypted() && draft.is_agreed);
        let order = ExportOrder {
            form: draft.form,
            selection: draft.selection.clone(),
            path: draft.folder.join(&draft.name),
            passphrase: passphrase.map(|passphrase| SecretText::copy_of(passphrase.reveal())),
        };
        self.say("Writing, and reading back what was written.");
        self.perform(Effect::Export(Box::new(order)));
    }

    /// Before a passphrase is written down for a file that cannot be made.
    pub(super) fn on_name_checked(&mut self, checked: Result<(), Trouble>) {
        let Some(mut draft) = self.take_draft() else { return };
        match checked {
            Err(trouble) => self.say_trouble("Not written", &trouble),
            Ok(()) if draft.at != At::Name => {}
            // After a failed attempt the same passphrase stands on the paper already.
            Ok(()) if draft.selection.is_public_only || draft.is_encrypted() && draft.is_agreed => {
                self.write_draft(&draft);
                self.put_draft(draft);
                return;
            }
            Ok(()) => draft.at = if draft.is_encrypted() { At::Which } else { At::Digits },
        }
        self.put_draft(draft);
        self.ask_of_export();
    }

    fn look_for_places(&mut self) {
        self.say("Looking for places to write to.");
        self.perform(Effect::FindPlaces);
    }

    /// Where this run may write.
    fn writable(&self) -> Vec<&Place> {
        Place::for_exports(&self.journey.places)
    }

    pub(super) fn on_places(&mut self, places: Vec<Place>) {
        self.journey.places = places;
        if let Step::Export(draft) = &mut self.step {
            draft.at = At::Place;
            self.ask_of_export();
        }
    }

    pub(super) fn on_passphrase(&mut self, made: Result<SecretText, Trouble>) {
        let Step::Export(draft) = &mut self.step else { return };
        match made {
            Ok(passphrase) => {
                draft.forget_passphrase();
                draft.passphrase = Some(passphrase);
                draft.at = At::Made;
                self.ask_of_export();
            }
            Err(trouble) => self.say_trouble("No passphrase was made", &trouble),
        }
    }

    pub(super) fn on_exported(&mut self, result: Result<Written, Trouble>) {
        self.journey.record.export(&result);
        let draft = self.take_draft();
        match result {
            Ok(written) => {
                self.say_lines(written.paths.iter().map(|path| format!("Written and read back: {}", shown(path))));
                let selection = draft.map(|draft| draft.selection).unwrap_or_default();
                self.journey.wrote(written.form, &selection);
                self.say(export::afterwards(written.form, &selection));
            }
            Err(trouble) => {
                self.say_trouble("Not written", &trouble);
                self.say("What was recovered is still here.");
                let Some(mut draft) = draft else { return };
                if draft.is_agreed && draft.is_encrypted() {
                    self.say("The passphrase stays the same.");
                }
                self.say("Type another name, or < for another place.");
                draft.at = At::Name;
                self.put_draft(draft);
                self.ask_of_export();
            }
        }
    }

    fn say_no_place(&mut self) {
        self.say("No place to write to: start the program in another folder, or with --export-dir.");
        self.say("l looks again, for a medium that was plugged in just now. < goes back.");
    }

    pub(super) fn say_no_such_number(&mut self) {
        self.say("That is no number of the list. Type one of its numbers, Enter for the first, or < to go back.");
    }
}

/// What was asked before; nothing before the first question.
fn one_back(draft: &Draft) -> Option<At> {
    Some(match draft.at {
        At::What => return None,
        At::Form => At::What,
        At::Place => At::Form,
        At::Name => At::Place,
        At::Digits | At::Which => At::Name,
        At::Made | At::Own => At::Which,
        At::TypedBack => At::Made,
        At::OwnAgain => At::Own,
    })
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
    use crate::effect::Outcome;
    use crate::ui::app::Request;

    fn order(talking: &mut Talking) -> ExportOrder {
        let requests = talking.0.take_requests();
        let order = requests.into_iter().rev().find_map(|request| match request {
            Request::Perform(_, Effect::Export(order)) => Some(order),
            _ => None,
        });
        *order.expect("something is written")
    }

    fn written(path: &str, form: ExportForm, is_public: bool) -> Outcome {
        Outcome::Exported(Ok(Written { paths: vec![PathBuf::from(path)], form, is_public }))
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
        assert!(said.contains("What is to be written.\n1 Everything: 1 keys"), "{said}");
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
        assert_eq!(talking.0.journey.record.revealed, 1);
        assert!(talking.line("").contains("Type the passphrase from the paper"));
        assert!(talking.line("abcde-fghjk").contains("That is not what was said."));
        assert!(talking.line("<").contains("until you clear it"));
        talking.line("y");
        assert!(talking.line("mnpqr-stuvw").contains("Writing"));
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
        let said = talking.hear(written("/also/b.kdbx", ExportForm::Kdbx, false));
        assert!(said.contains("Written and read back: /also/b.kdbx\nNobody can open it"), "{said}");
        assert_eq!(talking.prompt(), "What next:");
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
        assert_eq!(talking.0.journey.record.revealed, 0);
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
        let said = talking.hear(written("/yes/y.json", ExportForm::Json, false));
        assert!(said.contains("does not erase"), "{said}");
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
        let said = talking.hear(written("/yes/vaults.csv", ExportForm::Csv, true));
        assert!(said.contains("It holds no private key and no code."), "{said}");
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
