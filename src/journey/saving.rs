//! Codes of an account are saved: whose they are, how they come in, what is not certain of them, and how they were understood.
//! It ends with a set that is sealed into the next file (`refresh`). Needs no phrase.

mod aside;
mod ask;
#[cfg(test)]
mod tests;
mod typed;
mod way_in;

use std::sync::Arc;

pub use self::ask::{CODES_CHOICES, CodesChoice, SavingAsked, SavingRefusal, WAYS, WantedAccount, Way};
pub use self::typed::TypedCodes;
use super::{Given, Journey, Reply};
use crate::domain::code_list::{self, Answers, CodeList, Doubt, DoubtAnswer};
use crate::domain::inventory::{CodeKind, NewSet, SetMode};
use crate::domain::secret::SecretText;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;
use crate::effect::{Change, Effect, Trouble};

/// The codes of an account on their way into a file.
#[derive(Debug, Default)]
pub struct Saving {
    asked: SavingAsked,
    service: Option<Text>,
    login: Option<Text>,
    /// The account was known before anything was asked.
    is_known: bool,
    /// Accounts that may be meant.
    alike: Vec<(Text, Text)>,
    /// How the codes that were understood came in.
    way: Option<Way>,
    lines: TypedCodes,
    text: Option<SecretText>,
    answers: Answers,
    doubt: Option<Doubt>,
    codes: Vec<(SecretText, bool)>,
    /// How many codes were there once more, and are saved once.
    repeated: usize,
    /// Lines that hold something, but no code.
    aside: usize,
    mode: Option<SetMode>,
    kind: CodeKind,
    expires: Option<String>,
    /// What is sealed next.
    change: Option<Change>,
}

impl Saving {
    /// Begins; with an account that is known nobody asks for it.
    fn of(wanted: Option<&WantedAccount>) -> Self {
        let Some(wanted) = wanted else { return Self::default() };
        let (service, login) = (Some(wanted.service.clone()), wanted.login.clone());
        let asked = if login.is_some() { SavingAsked::Way } else { SavingAsked::Login };
        Self { asked, service, login, is_known: true, mode: Some(wanted.mode), ..Self::default() }
    }

    /// Marks a code as used: that is what is sealed next.
    fn marking(account: String, title: String, code: &str) -> Self {
        let change = Change::Used { account, title, code: Arc::new(SecretText::copy_of(code)) };
        Self { change: Some(change), ..Self::default() }
    }

    pub fn asked(&self) -> SavingAsked {
        self.asked
    }

    /// What is sealed next, once that is decided.
    pub fn change(&self) -> Option<&Change> {
        self.change.as_ref()
    }

    /// `GitHub / ops@example.org`, as far as it is known.
    pub fn account(&self) -> Option<String> {
        let service = self.service.as_ref()?;
        Some(match &self.login {
            Some(login) => format!("{service} / {login}"),
            None => service.to_string(),
        })
    }

    /// What was typed for the service or the login that is asked for again.
    pub fn typed_name(&self) -> String {
        let name = if self.asked == SavingAsked::Service { &self.service } else { &self.login };
        name.as_ref().map_or_else(String::new, |name| name.raw().to_owned())
    }

    pub fn alike(&self) -> &[(Text, Text)] {
        &self.alike
    }

    /// What is typed, a line each.
    pub fn lines(&self) -> &TypedCodes {
        &self.lines
    }

    pub fn lines_mut(&mut self) -> &mut TypedCodes {
        &mut self.lines
    }

    /// What is not certain of the list.
    pub fn doubt(&self) -> Option<&Doubt> {
        self.doubt.as_ref()
    }

    pub fn doubt_answers(&self) -> Vec<DoubtAnswer> {
        self.doubt.as_ref().map_or_else(Vec::new, |doubt| doubt.answers(&self.answers))
    }

    /// The codes as they would be with that answer to the doubt.
    pub fn understood_with(&self, answer: &DoubtAnswer) -> Vec<(SecretText, bool)> {
        let read = self
            .text
            .as_ref()
            .zip(answer.answers)
            .and_then(|(text, answers)| code_list::read(text.reveal(), &answers).ok());
        read.map_or_else(Vec::new, |list| unrepeated(list).0)
    }

    /// How they were understood: each code, and whether it was used already.
    pub fn codes(&self) -> &[(SecretText, bool)] {
        &self.codes
    }

    pub fn mode(&self) -> SetMode {
        self.mode.unwrap_or(SetMode::Add)
    }

    pub fn kind(&self) -> CodeKind {
        self.kind
    }

    pub fn expires(&self) -> Option<&str> {
        self.expires.as_deref()
    }

    /// What is worth knowing of the codes before they are saved, a sentence each.
    pub fn remarks(&self) -> Vec<String> {
        let texts: Vec<&str> = self.codes.iter().map(|(code, _)| code.reveal()).collect();
        let odd = code_list::odd_ones(&texts).into_iter();
        let mut remarks: Vec<String> =
            odd.map(|(place, oddity)| format!("Code {} {oddity}: compare it.", place + 1)).collect();
        if self.repeated > 0 {
            remarks.push(match self.repeated {
                1 => "1 code stands there twice: it is saved once.".to_owned(),
                count => format!("{count} codes stand there twice: each is saved once."),
            });
        }
        if self.aside > 0 {
            remarks.push(format!("Lines without a code: {}. They are not saved.", self.aside));
        }
        remarks
    }

    /// Whether something is held that a wipe would lose.
    pub fn is_holding(&self) -> bool {
        self.has_list() || self.change.is_some()
    }

    /// How many codes would be lost.
    pub fn held(&self) -> usize {
        self.codes.len().max(self.lines.typed().count())
    }

    /// An answer to what is asked. [`Reply::Left`] when it is decided what is sealed.
    pub fn answer(&mut self, given: Given<'_>, journey: &Journey) -> Reply<SavingRefusal> {
        match self.asked {
            SavingAsked::Service => match Text::new(given.text().trim()) {
                Some(service) => {
                    self.service = Some(service);
                    self.turn(SavingAsked::Login)
                }
                None => Reply::Refused(SavingRefusal::NoText),
            },
            SavingAsked::Login => match Text::new(given.text().trim()) {
                Some(login) => {
                    self.alike =
                        self.service.as_ref().map_or_else(Vec::new, |service| journey.accounts_like(service, &login));
                    self.login = Some(login);
                    self.turn(if self.alike.is_empty() { SavingAsked::Way } else { SavingAsked::Alike })
                }
                None => Reply::Refused(SavingRefusal::NoText),
            },
            SavingAsked::Alike => match given.row() {
                Some(row) if row <= self.alike.len() => {
                    if let Some((service, login)) = self.alike.get(row) {
                        (self.service, self.login) = (Some(service.clone()), Some(login.clone()));
                    }
                    self.turn(SavingAsked::Way)
                }
                _ => Reply::Refused(SavingRefusal::NotListed),
            },
            SavingAsked::Way => match (given, given.row()) {
                (Given::Text(text), _) => self.take(Way::Paste, text),
                (_, Some(0)) if self.has_kept() => self.turn(SavingAsked::Look),
                (_, Some(row)) => match WAYS.get(row - usize::from(self.has_kept())) {
                    Some((way, ..)) => self.choose(*way),
                    None => Reply::Refused(SavingRefusal::NotListed),
                },
                (_, None) => Reply::Refused(SavingRefusal::NotListed),
            },
            SavingAsked::Paste => self.take(Way::Paste, given.text()),
            SavingAsked::Type => match given {
                Given::Text(text) if self.lines.is_empty() => self.take(Way::Paste, text),
                // Beside what is typed each line is a code.
                Given::Text(text) if self.lines.push_all(text) => Reply::Ask,
                Given::Text(_) => Reply::Refused(SavingRefusal::NoLines),
                _ => self.take_lines(),
            },
            SavingAsked::File => match given {
                Given::File(path) => Reply::Do(Effect::ReadText { path: path.to_owned() }, "Reading the file"),
                _ => Reply::Refused(SavingRefusal::NotListed),
            },
            SavingAsked::Doubt => {
                let answers = given.row().and_then(|row| self.doubt_answers().into_iter().nth(row));
                match answers.map(|answer| answer.answers) {
                    Some(Some(answers)) => {
                        self.answers = answers;
                        self.read()
                    }
                    Some(None) => self.back(),
                    None => Reply::Refused(SavingRefusal::NotListed),
                }
            }
            SavingAsked::Look => match self.set() {
                Some(set) => {
                    self.change = Some(Change::Codes(Arc::new(set)));
                    Reply::Left
                }
                None => Reply::Refused(SavingRefusal::NoText),
            },
            SavingAsked::Expires => {
                let day = given.text().trim();
                if !day.is_empty() && Timestamp::of_day(day).is_none() {
                    return Reply::Refused(SavingRefusal::NoDay);
                }
                self.expires = (!day.is_empty()).then(|| day.to_owned());
                self.turn(SavingAsked::Look)
            }
        }
    }

    /// Whether a list was understood that can be gone on with: it stays until another one takes its place.
    pub fn has_kept(&self) -> bool {
        !self.codes.is_empty()
    }

    /// The ways in which codes come in, in words; before them the list that is kept.
    pub fn ways(&self) -> Vec<(String, &'static str)> {
        let kept = self.has_kept().then(|| ("Go on".to_owned(), "with the list that was read"));
        kept.into_iter().chain(WAYS.iter().map(|(_, what, more)| ((*what).to_owned(), *more))).collect()
    }

    /// One question back; nothing is dropped that was read or typed. [`Reply::Left`] from the first one.
    pub fn back(&mut self) -> Reply<SavingRefusal> {
        self.change = None;
        let to = match self.asked {
            SavingAsked::Service => return Reply::Left,
            SavingAsked::Login | SavingAsked::Way if self.is_known => return Reply::Left,
            SavingAsked::Login => SavingAsked::Service,
            SavingAsked::Alike | SavingAsked::Way => SavingAsked::Login,
            SavingAsked::Expires => SavingAsked::Look,
            SavingAsked::Look if self.way == Some(Way::Type) => SavingAsked::Type,
            SavingAsked::Paste | SavingAsked::Type | SavingAsked::File | SavingAsked::Doubt | SavingAsked::Look => {
                SavingAsked::Way
            }
        };
        if self.asked == SavingAsked::Doubt {
            // Of a list that was not understood nothing can be gone on with.
            self.drop_list();
        }
        self.turn(to)
    }

    /// The file that the service gave was read.
    pub fn hear_text(&mut self, result: Result<SecretText, Trouble>) -> Reply<SavingRefusal> {
        match result {
            Ok(text) => self.take(Way::File, text.reveal()),
            Err(trouble) => Reply::Refused(SavingRefusal::NotRead(trouble)),
        }
    }

    /// Earlier codes of the account stay usable, or not.
    pub fn turn_mode(&mut self) {
        self.mode = Some(match self.mode() {
            SetMode::Add => SetMode::Replace,
            SetMode::Replace => SetMode::Add,
        });
    }

    /// Another kind of codes.
    pub fn turn_kind(&mut self) {
        self.kind = match self.kind {
            CodeKind::SingleUse => CodeKind::Reusable,
            CodeKind::Reusable => CodeKind::Rotating,
            CodeKind::Rotating => CodeKind::SingleUse,
            CodeKind::None => CodeKind::None,
        };
    }

    /// A code was used already, or was not.
    pub fn turn_used(&mut self, place: usize) {
        if let Some((_, is_used)) = self.codes.get_mut(place) {
            *is_used = !*is_used;
        }
    }

    /// The last day of the codes is to be named.
    pub fn ask_expires(&mut self) {
        if self.asked == SavingAsked::Look && self.kind != CodeKind::None {
            self.asked = SavingAsked::Expires;
        }
    }

    fn choose(&mut self, way: Way) -> Reply<SavingRefusal> {
        match way {
            Way::Paste => self.turn(SavingAsked::Paste),
            Way::Type => self.turn(SavingAsked::Type),
            Way::File => self.turn(SavingAsked::File),
            Way::None => {
                self.drop_list();
                self.lines = TypedCodes::default();
                self.kind = CodeKind::None;
                self.turn(SavingAsked::Look)
            }
        }
    }

    /// Reads a text as a list.
    fn take(&mut self, way: Way, text: &str) -> Reply<SavingRefusal> {
        self.drop_list();
        self.lines = TypedCodes::default();
        self.way = Some(way);
        self.text = Some(SecretText::copy_of(text));
        self.read()
    }

    fn read(&mut self) -> Reply<SavingRefusal> {
        let Some(text) = &self.text else { return Reply::Ask };
        match code_list::read(text.reveal(), &self.answers) {
            Err(error) => {
                let asked = self.asked;
                self.drop_list();
                // Of what was answered nothing fits any more.
                self.asked = if asked == SavingAsked::Doubt { SavingAsked::Way } else { asked };
                Reply::Refused(SavingRefusal::NoList(error))
            }
            Ok(CodeList { doubt: Some(doubt), .. }) => {
                self.doubt = Some(doubt);
                self.turn(SavingAsked::Doubt)
            }
            Ok(list) => {
                self.doubt = None;
                self.aside = list.aside;
                (self.codes, self.repeated) = unrepeated(list);
                self.turn(SavingAsked::Look)
            }
        }
    }

    /// Each line is a code.
    fn take_lines(&mut self) -> Reply<SavingRefusal> {
        match self.lines.codes() {
            Ok((codes, repeated)) => {
                self.drop_list();
                self.way = Some(Way::Type);
                (self.codes, self.repeated) = (codes, repeated);
                self.turn(SavingAsked::Look)
            }
            Err(why) => Reply::Refused(SavingRefusal::NoList(why)),
        }
    }

    fn drop_list(&mut self) {
        self.text = None;
        self.answers = Answers::default();
        self.doubt = None;
        self.codes.clear();
        (self.repeated, self.aside) = (0, 0);
        if self.kind == CodeKind::None {
            self.kind = CodeKind::default();
        }
    }

    fn set(&self) -> Option<NewSet> {
        if self.codes.is_empty() && self.kind != CodeKind::None {
            return None;
        }
        Some(NewSet {
            service: self.service.clone()?,
            login: self.login.clone()?,
            mode: self.mode(),
            kind: self.kind,
            codes: self.codes.iter().map(|(code, used)| (SecretText::copy_of(code.reveal()), *used)).collect(),
            expires: self.expires.clone().filter(|_| self.kind != CodeKind::None),
        })
    }

    fn turn(&mut self, to: SavingAsked) -> Reply<SavingRefusal> {
        self.asked = to;
        Reply::Ask
    }
}

/// Each code once, and how many were there again.
fn unrepeated(list: CodeList) -> (Vec<(SecretText, bool)>, usize) {
    let CodeList { codes, repeated, .. } = list;
    let is_again = |place: usize| repeated.iter().any(|(_, again)| *again == place);
    let codes = codes.into_iter().enumerate().filter(|(place, _)| !is_again(*place));
    (codes.map(|(_, code)| (code.text, code.is_used)).collect(), repeated.len())
}
