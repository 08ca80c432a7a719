//! Codes of an account line by line: how they come in, what is asked of them, and the next file. `<` goes one step back. Codes are
//! never echoed; they are said once, where somebody asks for it.

use std::fmt::Write;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{Conversation, Prompt, TalkStep, picked};
use crate::domain::code_list::TEXT_LIMIT;
use crate::domain::explain::Explain;
use crate::domain::inventory::{CodeKind, SetMode};
use crate::domain::secret::SecretText;
use crate::domain::text::{Safe, capital, counted};
use crate::effect::{Differences, Effect, NO_MARK_CHECKED, Place, Refreshed, Trouble, WHICH_IS_KEPT};
use crate::journey::refresh::{Asked, Refresh, Refusal, name_offered, saved};
use crate::journey::saving::{Saving, SavingAsked, SavingRefusal};
use crate::journey::{Given, Reply};

/// What is typed of a list until an empty line ends it. It never grows.
#[derive(Default)]
pub struct Typing {
    text: Option<Zeroizing<String>>,
    /// How many lines were typed.
    lines: usize,
}

pub(super) const HELP: &str =
    "Codes are taken as the service gives them: numbered, in columns, with text around them. Nothing is echoed.
What can be read in more than one way is asked about. Nothing is saved before you agree.
< goes one step back.";

pub(super) const SEAL_HELP: &str = "The new file holds everything of the old one and what you add; the old one stays as it is.
The words of a public card show that the file is of your backup: who put another one in its place could read what you add.
l looks again for places, where a medium was plugged in just now. < goes one step back.";

pub fn prompt(saving: &Saving, typing: &Typing) -> Prompt {
    match saving.asked() {
        SavingAsked::Service => Prompt::open("Service, as it is called where you log in:"),
        SavingAsked::Login => Prompt::open("Login there:"),
        SavingAsked::Alike => Prompt::open("Which account, by number:"),
        SavingAsked::Way => Prompt::open("How do they come here, by number, or Enter for 1:"),
        SavingAsked::Paste => Prompt::secret("The list; an empty line ends it:"),
        SavingAsked::Type => Prompt::secret(format!("Code {}, or Enter alone after the last:", typing.lines + 1)),
        SavingAsked::File => Prompt::open("Path of the file:"),
        SavingAsked::Doubt => Prompt::open("Which is right, by number:"),
        SavingAsked::Look => Prompt::rested("y saves this; a question mark says what else can be done:"),
        SavingAsked::Expires => Prompt::open("Last day, as 2030-12-31, or Enter for none:"),
    }
}

pub fn seal_prompt(refresh: &Refresh, offered: &str, asked_word: Option<usize>) -> Prompt {
    match refresh.asked() {
        Asked::Card => Prompt::secret(format!("Word {} of the card:", asked_word.map_or(1, |asked| asked + 1))),
        Asked::Place => Prompt::open("Which place, by number, or Enter for 1:"),
        Asked::Name => Prompt::open(format!("Name of the new file, or Enter for {offered}:")),
        Asked::Keep => Prompt::rested("Which is kept, by number:"),
        Asked::Done => Prompt::rested("Enter leaves, a saves codes of another account:"),
        // They are decided before.
        Asked::What | Asked::File | Asked::Who | Asked::Text => Prompt::open("Enter goes back:"),
    }
}

impl Conversation {
    pub(super) fn begin_saving(&mut self) {
        self.journey.begin_saving();
        self.step = TalkStep::Codes(Typing::default());
        self.ask_of_codes();
    }

    /// Says what is asked now, where that is more than the prompt.
    fn ask_of_codes(&mut self) {
        let saving = &self.journey.saving;
        let account = saving.account().unwrap_or_default();
        let lines: Vec<String> = match saving.asked() {
            SavingAsked::Service => vec!["Whose codes are these?".to_owned()],
            SavingAsked::Alike => {
                let alike = saving.alike().iter().map(|(service, login)| format!("{service} / {login}"));
                let rows = (1..).zip(alike.chain(["another account, spelled as you typed it".to_owned()]));
                let rows = rows.map(|(number, row)| format!("{number} {row}."));
                std::iter::once("The backup holds an account that may be the same.".to_owned()).chain(rows).collect()
            }
            SavingAsked::Way => {
                let rows = (1..).zip(saving.ways()).map(|(number, (what, more))| format!("{number} {what}: {more}."));
                std::iter::once(format!("Codes for {account}.")).chain(rows).collect()
            }
            SavingAsked::Doubt => {
                let doubt = saving.doubt().map_or_else(String::new, |doubt| capital(&doubt.to_string()));
                let rows =
                    (1..).zip(saving.doubt_answers()).map(|(number, answer)| format!("{number} {}.", answer.said));
                std::iter::once(format!("{doubt}.")).chain(rows).collect()
            }
            SavingAsked::Look => understood(saving, &account),
            SavingAsked::Login | SavingAsked::Paste | SavingAsked::Type | SavingAsked::File | SavingAsked::Expires => {
                Vec::new()
            }
        };
        self.say_lines(lines);
    }

    pub(super) fn on_codes_line(&mut self, typed: &str) {
        let line = typed.trim();
        let TalkStep::Codes(typing) = &mut self.step else { return };
        let asked = self.journey.saving.asked();
        if line == "<" && typing.text.is_none() {
            let reply = self.journey.saving.back();
            if matches!(reply, Reply::Left) {
                self.leave_codes();
            } else {
                self.go_on_with_codes(reply);
            }
            return;
        }
        let number = || Given::Row(picked(line, usize::MAX).unwrap_or(usize::MAX));
        match asked {
            SavingAsked::Service | SavingAsked::Login | SavingAsked::Expires => self.answer_codes(Given::Text(line)),
            SavingAsked::Alike | SavingAsked::Way | SavingAsked::Doubt => self.answer_codes(number()),
            SavingAsked::File => self.answer_codes(Given::File(&PathBuf::from(line))),
            SavingAsked::Paste if !line.is_empty() => {
                let text = typing.text.get_or_insert_with(|| Zeroizing::new(String::with_capacity(TEXT_LIMIT)));
                if text.len() + typed.len() < TEXT_LIMIT {
                    text.push_str(typed);
                    text.push('\n');
                } else {
                    self.say("That is longer than any list of codes: this line was not taken.");
                }
            }
            SavingAsked::Paste => {
                let text = typing.text.take().unwrap_or_default();
                self.answer_codes(Given::Text(&text));
            }
            SavingAsked::Type if !line.is_empty() => {
                let place = typing.lines;
                typing.lines += 1;
                let has_room = self.journey.saving.lines_mut().line(place).is_some_and(|field| {
                    field.clear();
                    line.chars().all(|c| field.push(c))
                });
                if !has_room {
                    self.say("That is longer than any code, or there are too many: it was not taken.");
                }
            }
            SavingAsked::Type => self.answer_codes(Given::Yes),
            SavingAsked::Look => self.on_look(line),
        }
    }

    fn answer_codes(&mut self, given: Given<'_>) {
        let reply = self.journey.answer_saving(given);
        self.go_on_with_codes(reply);
    }

    fn on_look(&mut self, line: &str) {
        let saving = &mut self.journey.saving;
        match line {
            "y" | "Y" => return self.answer_codes(Given::Yes),
            "r" | "R" => saving.turn_mode(),
            "k" | "K" => saving.turn_kind(),
            "d" | "D" => {
                saving.ask_expires();
                return self.ask_of_codes();
            }
            "l" | "L" => {
                let said: Vec<Zeroizing<String>> = (1..).zip(saving.codes()).map(said_code).collect();
                self.said.extend(said);
                return;
            }
            _ => {
                self.say("y saves. l says the codes: they stay on this terminal. r: earlier ones are replaced, or not. k: another kind. d: a last day. < goes back.");
                return;
            }
        }
        self.ask_of_codes();
    }

    fn go_on_with_codes(&mut self, reply: Reply<SavingRefusal>) {
        if let TalkStep::Codes(typing) = &mut self.step {
            *typing = Typing { text: None, lines: self.journey.saving.lines().len() };
        }
        match reply {
            Reply::Ask => self.ask_of_codes(),
            Reply::Do(effect, _) => self.perform(effect),
            Reply::Refused(why) => {
                match why {
                    SavingRefusal::NotListed => self.say_no_such_number(),
                    SavingRefusal::NoText => {
                        self.say("Nothing was typed, or more than fits: it takes 1 to 256 characters.");
                    }
                    SavingRefusal::NoLines => self.say("There are too many lines, or one is longer than a code."),
                    SavingRefusal::NoList(error) => {
                        self.say(format!("{}.", capital(&error.to_string())));
                        self.say(error.hint());
                    }
                    SavingRefusal::NoDay => self.say("That is no day. A day is YYYY-MM-DD."),
                    SavingRefusal::NotRead(trouble) => self.say_trouble("Not read", &trouble),
                }
                self.ask_of_codes();
            }
            Reply::Left => self.begin_sealing(),
        }
    }

    pub(super) fn on_text(&mut self, result: Result<SecretText, Trouble>) {
        let reply = self.journey.saving.hear_text(result);
        self.go_on_with_codes(reply);
    }

    /// Back from the codes: to what was opened, or to another file.
    fn leave_codes(&mut self) {
        if self.journey.opening.is_some() {
            self.step = TalkStep::Recovered;
            self.say(match self.journey.unsaved_codes() {
                0 => "Nothing was saved.".to_owned(),
                count => format!("Not saved yet: {}. They stay here until you leave.", counted(count, "code")),
            });
        } else if self.journey.is_holding() {
            self.ask_to_leave();
        } else {
            self.journey.wipe();
            self.step = TalkStep::Path;
        }
    }

    /// What was decided of codes goes into the next file.
    pub(super) fn begin_sealing(&mut self) {
        let refresh = Refresh::sealing(&self.journey);
        let asks_places = refresh.begins_with_places();
        self.step = TalkStep::Seal(Box::new(refresh));
        if asks_places {
            self.perform(Effect::FindPlaces);
        } else {
            self.ask_of_seal();
        }
    }

    fn ask_of_seal(&mut self) {
        let TalkStep::Seal(refresh) = &self.step else { return };
        let lines = match refresh.asked() {
            Asked::Card if refresh.words().is_empty() => {
                let training = self.journey.is_training().then_some("In training Enter alone goes on without it.");
                let card =
                    "Take a public card of this backup: from your own papers, not from where the file came from.";
                [card].into_iter().chain(training).map(str::to_owned).collect()
            }
            Asked::Place => {
                let places = Place::for_exports(&self.journey.places);
                if places.is_empty() {
                    self.say_no_place();
                    return;
                }
                super::export::said_places(&places)
            }
            Asked::Keep => {
                let differences = refresh.differences();
                let lines = differences.lines().into_iter().map(|line| format!("{line}."));
                let rows = (1..).zip(differences.rows()).map(|(number, row)| format!("{number} {row}."));
                [WHICH_IS_KEPT.to_owned()]
                    .into_iter()
                    .chain(lines)
                    .chain([NO_MARK_CHECKED.to_owned()])
                    .chain(rows)
                    .collect()
            }
            Asked::What | Asked::File | Asked::Who | Asked::Text | Asked::Card | Asked::Name | Asked::Done => {
                Vec::new()
            }
        };
        self.say_lines(lines);
    }

    pub(super) fn on_seal_line(&mut self, typed: &str) {
        let line = typed.trim();
        let offered = name_offered(&self.journey);
        let TalkStep::Seal(refresh) = &mut self.step else { return };
        let given = match (refresh.asked(), line) {
            (Asked::Done, "") => return self.ask_to_leave(),
            (Asked::Done, "a" | "A") => {
                self.journey.save_another();
                return self.begin_saving();
            }
            (Asked::Done, _) => return self.say("Type a for codes of another account, or Enter alone."),
            (_, "<") => None,
            (Asked::Place, "l" | "L") => Some(Given::Again),
            // Enter alone decides nothing here.
            (Asked::Keep, "") => return self.say_no_such_number(),
            (Asked::Place | Asked::Keep, _) => Some(Given::Row(picked(line, usize::MAX).unwrap_or(usize::MAX))),
            (Asked::Name, "") => Some(Given::Text(&offered)),
            _ => Some(Given::Text(line)),
        };
        let reply = match given {
            Some(given) => refresh.answer(given, &mut self.journey),
            None => refresh.back(),
        };
        self.go_on_with_seal(reply);
    }

    fn go_on_with_seal(&mut self, reply: Reply<Refusal>) {
        match reply {
            Reply::Ask => self.ask_of_seal(),
            Reply::Do(effect, what) => {
                self.say(format!("{what}."));
                self.perform(effect);
            }
            Reply::Refused(why) => {
                match why {
                    Refusal::NotListed => self.say_no_such_number(),
                    Refusal::NoText | Refusal::NoAddress => self.say("That is not taken."),
                    Refusal::AnotherWord(asked) => {
                        self.say(format!("Word {} of this file is another one. Read it again.", asked + 1));
                        self.say("If the card says this word, the file is not of that backup, and who made it could read what you add: go back with <.");
                    }
                    Refusal::NotAName => self.say("That is no name for a file: a name has no slash in it."),
                    Refusal::NotWritten(trouble) => self.say_trouble("Not written", &trouble),
                }
                self.ask_of_seal();
            }
            // A mark alone was decided where the account was said.
            Reply::Left if self.journey.saving.account().is_none() => self.leave_codes(),
            Reply::Left => {
                self.step = TalkStep::Codes(Typing::default());
                self.ask_of_codes();
            }
        }
    }

    pub(super) fn hear_places_for_seal(&mut self, places: Vec<Place>) {
        let TalkStep::Seal(refresh) = &mut self.step else { return };
        refresh.hear_places(places, &mut self.journey);
        self.ask_of_seal();
    }

    pub(super) fn on_differences(&mut self, differences: Differences) {
        let TalkStep::Seal(refresh) = &mut self.step else { return };
        let reply = refresh.hear_differences(differences);
        self.go_on_with_seal(reply);
    }

    pub(super) fn on_refreshed(&mut self, result: Result<Refreshed, Trouble>) {
        let TalkStep::Seal(refresh) = &mut self.step else {
            self.journey.history.refresh(&result);
            return;
        };
        let reply = refresh.hear_refreshed(result, &mut self.journey);
        let Some(done) = refresh.done() else { return self.go_on_with_seal(reply) };
        let mut said: Vec<String> =
            refresh.change().and_then(saved).map(|saved| format!("{saved}.")).into_iter().collect();
        said.extend(done.did.iter().map(|did| format!("{did}.")));
        said.push(format!("Written and read back: {}", Safe(&done.path.to_string_lossy())));
        if let Some(mail) = &done.mail {
            said.push(format!("The e-mail with it: {}", Safe(&mail.to_string_lossy())));
        }
        said.extend(done.notes.iter().map(|note| format!("Note: {note}")));
        said.push(
            if done.mail.is_some() {
                "The old file is unchanged. Send the e-mail to the backup address. The next change goes on from the new file."
            } else {
                "The old file is unchanged. The next change goes on from the new one."
            }
            .to_owned(),
        );
        self.say_lines(said);
        if self.journey.opening.is_some() {
            // With what was written.
            self.perform(Effect::Open);
        }
    }
}

/// How the codes were understood, without any of them.
fn understood(saving: &Saving, account: &str) -> Vec<String> {
    if saving.kind() == CodeKind::None {
        return vec![format!("It is noted that {account} has no codes.")];
    }
    let used = saving.codes().iter().filter(|(_, is_used)| *is_used).count();
    let used = if used > 0 { format!(", {used} of them marked as used") } else { String::new() };
    let mode = match saving.mode() {
        SetMode::Add => "Earlier codes of the account stay usable",
        SetMode::Replace => "Earlier codes of the account are history then",
    };
    let last = saving.expires().map_or_else(String::new, |day| format!(", until {day}"));
    let mut said = vec![
        format!("{} for {account}{used}.", counted(saving.codes().len(), "code")),
        format!("Kind: {}{last}. {mode}.", saving.kind().name()),
    ];
    said.extend(saving.remarks());
    said
}

/// A line of its own, without a copy on the way.
fn said_code((number, (code, is_used)): (usize, &(SecretText, bool))) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity(code.reveal().len().saturating_mul(10) + 32));
    let _ = write!(line, "{number}. {}{}", Safe(code.reveal()), if *is_used { "   used" } else { "" });
    line
}
