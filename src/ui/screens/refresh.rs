//! The questions of a refresh, each with its list or field.

mod draw;

use std::path::Path;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::columns::{ColumnsAsked, ColumnsOutcome};
use super::pick::{Pick, PickOutcome, WantedFiles};
use super::places::Places;
use crate::domain::inventory::CodeKind;
use crate::domain::kind::HolderWords;
use crate::domain::text::{Safe, counted};
use crate::effect::{Change, Confirmed, ContentsFile, Effect, Outcome, Trouble};
use crate::journey::refresh::{Asked, CHOICES, Choice, Refresh, Refusal, holders, name_offered};
use crate::journey::{Given, Goal, Reply, Route, Saving};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::widgets::{ChosenRow, Field, Scroll};

pub struct AskRefresh {
    refresh: Refresh,
    what: ChosenRow,
    pick: Pick,
    /// How the table that was chosen would be understood.
    columns: Option<ColumnsAsked>,
    /// Which shareholder gets another name.
    who: ChosenRow,
    /// An address or a name.
    text: Field,
    word: Field,
    place: Places,
    name: Field,
    /// Which file's names and address are kept.
    keep: ChosenRow,
    /// Through what was done.
    scroll: Scroll,
    trouble: Option<Trouble>,
}

impl AskRefresh {
    pub fn of(console: &Console) -> Self {
        Self::asking(Refresh::default(), console)
    }

    /// The quorum opened it: only where it is written is still asked.
    pub fn compacting(console: &Console) -> Self {
        Self::asking(Refresh::compacting(), console)
    }

    /// The quorum that opened it decided what it confirms.
    pub fn confirming(confirmed: Confirmed, console: &Console) -> Self {
        Self::asking(Refresh::confirming(confirmed), console)
    }

    /// What was decided of the codes of an account.
    pub fn sealing(console: &Console) -> Self {
        Self::asking(Refresh::sealing(&console.journey), console)
    }

    fn asking(refresh: Refresh, console: &Console) -> Self {
        Self {
            refresh,
            what: ChosenRow::default(),
            pick: Pick::snapshot(""),
            columns: None,
            who: ChosenRow::default(),
            text: Field::default(),
            word: Field::default(),
            place: Places::default(),
            name: Field::with(&name_offered(&console.journey)),
            keep: ChosenRow::default(),
            scroll: Scroll::default(),
            trouble: None,
        }
    }

    fn enter(&mut self, console: &mut Console) -> Reaction {
        let journey = &mut console.journey;
        let row = |row: Option<usize>| Given::Row(row.unwrap_or(usize::MAX));
        let before = self.refresh.asked();
        let reply = match before {
            Asked::What => self.refresh.answer(row(self.what.chosen(CHOICES.len())), journey),
            Asked::Who => self.refresh.answer(row(self.who.chosen(holders(journey).len())), journey),
            Asked::Text => self.refresh.answer(Given::Text(self.text.text()), journey),
            Asked::Card => {
                let reply = self.refresh.answer(Given::Text(self.word.text()), journey);
                self.word.clear();
                reply
            }
            Asked::Place => {
                let chosen = row(self.place.row(console));
                self.refresh.answer(chosen, &mut console.journey)
            }
            Asked::Name => {
                let reply = self.refresh.answer(Given::Text(self.name.text()), journey);
                if matches!(reply, Reply::Do(..)) {
                    self.name = Field::with(self.refresh.name());
                }
                reply
            }
            Asked::Keep => {
                let chosen = row(self.keep.chosen(self.refresh.differences().files.len()));
                self.refresh.answer(chosen, journey)
            }
            Asked::File => return Reaction::Stay,
            Asked::Done => return self.finish(console),
        };
        self.go_on(before, reply, console)
    }

    /// What comes next; `before` was asked until now.
    fn go_on(&mut self, before: Asked, reply: Reply<Refusal>, console: &Console) -> Reaction {
        match reply {
            Reply::Ask if before == Asked::What => {
                self.text.clear();
                if self.refresh.asked() == Asked::File { self.choose_file() } else { Reaction::Stay }
            }
            Reply::Ask => Reaction::Stay,
            Reply::Do(effect, what) => Reaction::Perform(effect, what),
            Reply::Refused(why) => {
                self.trouble = said(why);
                Reaction::Stay
            }
            Reply::Left if self.refresh.choice() == Choice::Codes => Reaction::Replace(console.journey.next()),
            Reply::Left => Reaction::Open(console.journey.next()),
        }
    }

    fn choose_file(&mut self) -> Reaction {
        self.pick = if self.refresh.choice() == Choice::Unite {
            Pick::snapshot("Where is the other file?")
        } else {
            let nothing = "No such file or folder is here. Tab shows all files, Left the folder above.";
            let endings = WantedFiles::Endings(&[".json", ".csv", ".tsv", ".txt"]);
            Pick::new("Where is the file with what is added?", nothing, endings)
        };
        self.pick.begin()
    }

    /// A file to add, and how it is understood.
    fn take(&mut self, file: ContentsFile, console: &Console) -> Reaction {
        self.columns = None;
        let reply = self.refresh.hear_contents(file);
        self.go_on(Asked::File, reply, console)
    }

    /// What was opened stays open.
    fn finish(&self, console: &mut Console) -> Reaction {
        if self.is_confirmation() && console.journey.opening.is_some() {
            return Reaction::Restart(console.journey.turn_to(Goal::Recover));
        }
        if self.is_of_codes() && console.journey.opening.is_some() { Reaction::Back } else { Reaction::Finish }
    }

    fn is_of_codes(&self) -> bool {
        self.refresh.choice() == Choice::Codes
    }

    fn is_confirmation(&self) -> bool {
        self.refresh.confirmed().is_some()
    }

    fn back(&mut self, console: &mut Console) -> Reaction {
        let before = self.refresh.asked();
        match (self.refresh.back(), before) {
            (Reply::Left, Asked::Done) if self.is_of_codes() || self.is_confirmation() => self.finish(console),
            (Reply::Left, _) if self.is_confirmation() => Reaction::Back,
            // A mark alone was decided on the page of the account.
            (Reply::Left, _) if self.is_of_codes() && console.journey.saving.account().is_none() => {
                console.journey.saving = Saving::default();
                Reaction::Back
            }
            (Reply::Left, _) if self.is_of_codes() => Reaction::Replace(Route::Codes),
            (Reply::Left, Asked::Place) => Reaction::AskToLeave,
            (Reply::Left, Asked::Done) => Reaction::Finish,
            (Reply::Left, _) => Reaction::Back,
            (Reply::Ask | Reply::Do(..) | Reply::Refused(_), _) => Reaction::Stay,
        }
    }
}

/// Why an answer was not taken; nothing where the screen shows that already.
fn said(why: Refusal) -> Option<Trouble> {
    Some(match why {
        Refusal::NotListed => return None,
        Refusal::NoText => Trouble::new("Nothing was typed, or more than fits.", "It takes 1 to 256 characters."),
        Refusal::NoAddress => Trouble::new("That is no e-mail address.", "It has an @ in it."),
        Refusal::AnotherWord(asked) => Trouble::new(
            format_args!("Word {} of this file is another one.", asked + 1),
            "Read it again. If the card says this word, the file is not of that backup, and who made it could read what you add: go back with Esc.",
        ),
        Refusal::NotAName => {
            Trouble::new("that is no name for a file.", "The folder was chosen above; a name has no / in it.")
        }
        Refusal::NotWritten(trouble) => trouble,
    })
}

impl Screen for AskRefresh {
    fn title(&self) -> &'static str {
        if self.is_of_codes() { "Codes" } else { "Refresh" }
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let back = ("Esc", if self.refresh.is_compaction() { "leave" } else { "back" });
        match self.refresh.asked() {
            Asked::What | Asked::Who => vec![("Enter", "take this"), ("Up/Down", "other"), back],
            Asked::Keep => vec![("Enter", "keep this one's"), ("Up/Down", "other"), ("Esc", "other name")],
            Asked::File => self.columns.as_ref().map_or_else(|| self.pick.keys(), ColumnsAsked::keys),
            Asked::Text => vec![("Enter", "take this"), ("Backspace", "change it"), back],
            Asked::Card => vec![("Enter", "compare"), back],
            Asked::Place => {
                vec![("Enter", "take this place"), ("Up/Down", "other place"), ("F5", "look again"), back]
            }
            Asked::Name => vec![("Enter", "write the file"), ("Backspace", "change it"), ("Esc", "other place")],
            Asked::Done if self.is_of_codes() && console.journey.opening.is_some() => {
                vec![("Enter", "back to the list")]
            }
            Asked::Done if self.is_of_codes() => vec![("Enter", "finish"), ("a", "codes of another account")],
            Asked::Done if self.is_confirmation() && console.journey.opening.is_some() => {
                vec![("Enter", "look at what it holds now"), ("F10", "finish and wipe")]
            }
            Asked::Done => vec![("Enter", "finish")],
        }
    }

    fn intake(&self, _room: &Console) -> Intake {
        match self.refresh.asked() {
            Asked::File if self.columns.is_some() => Intake::Commands,
            Asked::File | Asked::Text | Asked::Card | Asked::Name => Intake::Text,
            Asked::What | Asked::Who | Asked::Place | Asked::Keep | Asked::Done => Intake::Commands,
        }
    }

    fn lists_places(&self, _console: &Console) -> bool {
        self.refresh.asked() == Asked::Place
    }

    fn asks_one_word(&self) -> bool {
        self.refresh.asked() == Asked::Card
    }

    fn help(&self) -> &'static str {
        "A refresh writes a new file beside the old one, with the same phrases and the same fingerprint. What is added without phrases opens with them, and is marked until a quorum confirms it: nothing that a quorum sealed is ever replaced by it.\nConfirm: a quorum opens the file, looks at what was added and proposed, and seals what it accepts.\nThe words of the card show that the file is of your backup: who put another one in its place could read what you add.\nGo on from the newest file only. Two files made from one are a fork: Unite heals it. Where they name other people or another address, you say whose is kept."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        if self.refresh.begins_with_places() {
            return Reaction::Perform(Effect::FindPlaces, "Looking for media");
        }
        if !self.is_of_codes() {
            console.journey.turn_to(Goal::Refresh);
        }
        Reaction::Stay
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        if let Some(columns) = &mut self.columns {
            match columns.on_key(key) {
                ColumnsOutcome::Nothing => {}
                ColumnsOutcome::Taken(file) => return self.take(file, console),
                ColumnsOutcome::Back => self.columns = None,
            }
            return Reaction::Stay;
        }
        if self.refresh.asked() == Asked::File {
            return match self.pick.on_key(key, console) {
                PickOutcome::React(reaction) => reaction,
                PickOutcome::File(path) => {
                    let reply = self.refresh.answer(Given::File(&path), &mut console.journey);
                    self.word.clear();
                    self.go_on(Asked::File, reply, console)
                }
                PickOutcome::Back => self.back(console),
            };
        }
        match (key, self.refresh.asked()) {
            (Key::Enter, _) => return self.enter(console),
            (Key::Esc, _) => return self.back(console),
            (Key::F(10), Asked::Done) if self.is_confirmation() => return Reaction::Finish,
            (Key::F(5), Asked::Place) => return Reaction::Perform(Effect::FindPlaces, "Looking for media"),
            (key, Asked::What) => drop(self.what.on_key(key, CHOICES.len())),
            (key, Asked::Who) => {
                self.who.on_key(key, holders(&console.journey).len());
            }
            (key, Asked::Place) => self.place.on_key(key, console),
            (key, Asked::Keep) => drop(self.keep.on_key(key, self.refresh.differences().files.len())),
            (key, Asked::Text) => drop(self.text.on_key(key)),
            (key, Asked::Name) => drop(self.name.on_key(key)),
            // Somebody types a phrase where a word of a card is asked for: it must not stand here in clear.
            (Key::Char(c), Asked::Card) if c.is_whitespace() => {
                self.word.clear();
                self.trouble = Some(Trouble::new(
                    "One word of the card is asked for here.",
                    "A recovery phrase is not needed for this; nothing of it was kept or shown.",
                ));
            }
            (key, Asked::Card) => drop(self.word.on_key(key)),
            (Key::Char('a' | 'A'), Asked::Done) if self.is_of_codes() && console.journey.opening.is_none() => {
                return Reaction::Replace(console.journey.save_another());
            }
            (key, Asked::Done) => drop(self.scroll.on_key(key)),
            (_, Asked::File) => {}
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::Places(places) if self.refresh.asked() == Asked::Place => {
                self.place.renew(console, |journey| self.refresh.hear_places(places, journey));
            }
            Outcome::Differ(differences) => {
                self.keep = ChosenRow::default();
                let reply = self.refresh.hear_differences(*differences);
                // An Enter too many must not decide it.
                console.pace.begin(console.journey.now);
                return self.go_on(Asked::Name, reply, console);
            }
            Outcome::Refreshed(result) => {
                let reply = self.refresh.hear_refreshed(result, &mut console.journey);
                let reaction = self.go_on(Asked::Name, reply, console);
                // What is open is opened anew, with what was written.
                let is_renewed = self.refresh.asked() == Asked::Done && console.journey.opening.is_some();
                return if is_renewed && (self.is_of_codes() || self.is_confirmation()) {
                    Reaction::Perform(Effect::Open, "Opening what was written")
                } else {
                    reaction
                };
            }
            Outcome::Table { path, layout } if self.refresh.asked() == Asked::File => match layout {
                Ok(None) => return self.take(path.into(), console),
                Ok(Some(layout)) => {
                    self.pick.refuse(None);
                    self.columns = Some(ColumnsAsked::of(path, *layout));
                }
                Err(trouble) => self.pick.refuse(Some(trouble)),
            },
            Outcome::Opened(Ok(opening)) => console.journey.open(opening),
            Outcome::Opened(Err(trouble)) => self.trouble = Some(trouble),
            outcome => drop(self.pick.on_outcome(outcome, console)),
        }
        Reaction::Stay
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if let Some(columns) = &self.columns {
            columns.draw(area, buffer);
            return None;
        }
        if self.refresh.asked() == Asked::File {
            return self.pick.draw(console, area, buffer);
        }
        self.draw_step(console, area, buffer)
    }
}

/// What is decided, in a line.
fn described(change: &Change, holder: &HolderWords) -> String {
    let file = |path: &Path| Safe(&path.to_string_lossy()).to_string();
    match change {
        Change::Add(added) => format!("add {}", file(&added.path)),
        Change::Email(address) => format!("the address becomes {address}"),
        Change::Rename { number, name } => {
            format!("{} {number} becomes {name}, which everybody can read in the file", holder.one)
        }
        Change::Merge(path) => format!("unite with {}", file(path)),
        Change::Codes(set) if set.kind == CodeKind::None => {
            format!("note that {} / {} has no codes", set.service, set.login)
        }
        Change::Codes(set) => {
            format!("save {} for {} / {}", counted(set.codes.len(), "code"), set.service, set.login)
        }
        Change::Used { title, .. } => format!("mark a code of {} as used", Safe(title)),
        Change::Confirm(confirmed) => {
            format!("confirm {} of {}", confirmed.accepted.len(), confirmed.accepted.len() + confirmed.left)
        }
        Change::Compact => "seal all contents again into one box".to_owned(),
    }
}
