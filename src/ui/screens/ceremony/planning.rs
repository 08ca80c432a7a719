//! The plan of a backup, on few pages. Nothing is made before the last one, and going back loses nothing.

mod answers;
mod beginning;
mod draft;
mod hearing;
mod pages;
mod people;
mod question;

use std::collections::VecDeque;
use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::draft::{Draft, WORDS};
use self::people::PeopleOutcome;
use self::question::{PlanPage, PlanQuestion};
use super::said;
use crate::domain::ceremony::NameStyle;
use crate::domain::kind::Kind;
use crate::domain::wordlist::WordList;
use crate::effect::{Act, Beginning, ContentsFile, Effect, Outcome, Place, Rotation, Said, Trouble};
use crate::journey::{FileFor, Making, Route};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::widgets::{ChosenRow, Field, Scroll};

pub use self::answers::not_a_name;
pub use self::draft::FOLDER;
pub use self::pages::meaning;

/// What is looked at before the first question: what the command line names.
enum Waiting {
    /// The session holds contents of an earlier plan no more.
    Nothing,
    Contents(ContentsFile),
    NewKeys,
    /// They all become shareholders.
    People(PathBuf),
}

/// What is planned.
#[derive(Default)]
enum PlanOf {
    /// A first backup.
    #[default]
    New,
    /// The contents come from the backup that is open.
    Rotation(Rotation),
    /// A ceremony that has begun: somebody declined.
    Again,
}

/// The questions of a plan, and what is answered.
#[derive(Default)]
pub struct Planning {
    question: PlanQuestion,
    draft: Draft,
    of: PlanOf,
    message: Option<Trouble>,
    /// Esc was pressed on the first page.
    is_leaving: bool,
    /// Through lines, where there are more than rows.
    scroll: Scroll,
    /// What the file that is being chosen is.
    wanted: FileFor,
    /// What the command line proposes and was not looked at yet.
    waiting: VecDeque<Waiting>,
    /// The people who are read are those of the command line.
    takes_all: bool,
    /// The first trouble with one of them, and how many others had some.
    refused: Option<(Trouble, usize)>,
    /// Something was typed or chosen here.
    is_changed: bool,
}

impl Planning {
    /// Whether a first backup of an organization is planned: instead of it one that was not finished can be.
    fn is_new_backup(&self) -> bool {
        matches!(self.of, PlanOf::New) && self.draft.kind == Kind::Organization
    }

    /// The questions of this plan in their order.
    fn questions(&self) -> Vec<PlanQuestion> {
        let all = PlanQuestion::of(self.draft.kind.rules(), matches!(self.of, PlanOf::Rotation(_)));
        match self.of {
            PlanOf::New | PlanOf::Rotation(_) => all,
            // What is sealed, where, and with which words is decided.
            PlanOf::Again => all.into_iter().filter(|question| question.can_change()).collect(),
        }
    }

    /// The pages that everybody turns.
    fn pages(&self) -> Vec<PlanPage> {
        let mut pages: Vec<PlanPage> = self.questions().into_iter().map(PlanQuestion::page).collect();
        pages.dedup();
        pages.retain(|page| *page != PlanPage::More);
        pages
    }

    /// The place of the question that is asked, from 0.
    fn place(&self) -> usize {
        self.questions().iter().position(|question| *question == self.question).unwrap_or(0)
    }

    fn refuse(&mut self, trouble: Trouble) -> Reaction {
        self.message = Some(trouble);
        Reaction::Stay
    }

    /// The next question, if the answer of this one is one. Behind the last of those that are asked on demand is the review.
    fn next(&mut self, console: &mut Console) -> Reaction {
        if let Err(trouble) = self.check(console) {
            return self.refuse(trouble);
        }
        if self.question == PlanQuestion::Review {
            return self.begin(console);
        }
        let next = self.questions().get(self.place() + 1).copied();
        self.turn_to(next.unwrap_or(PlanQuestion::Review), console)
    }

    fn turn_to(&mut self, question: PlanQuestion, console: &mut Console) -> Reaction {
        self.question = question;
        self.scroll = Scroll::default();
        let draft = &mut self.draft;
        match question {
            PlanQuestion::Organization if draft.organization.text().is_empty() => {
                if let Some(name) = &console.journey.to_seal.organization {
                    draft.organization = Field::with(name.raw());
                }
            }
            PlanQuestion::Threshold if draft.threshold.text().is_empty() => {
                draft.threshold = Field::with(&(draft.people.chosen().len() / 2 + 1).to_string());
                draft.is_threshold_proposed = true;
            }
            PlanQuestion::Place => return Reaction::Perform(Effect::FindPlaces, "Looking for media"),
            _ => {}
        }
        Reaction::Stay
    }

    /// What hardly anybody changes.
    fn more(&mut self, console: &mut Console) -> Reaction {
        let first = self.questions().into_iter().find(|question| question.page() == PlanPage::More);
        first.map_or(Reaction::Stay, |question| self.turn_to(question, console))
    }

    /// What was answered can be impossible after another answer: that question comes up again.
    fn begin(&mut self, console: &mut Console) -> Reaction {
        for question in self.questions() {
            self.question = question;
            if let Err(trouble) = self.check(console) {
                return self.refuse(trouble);
            }
        }
        self.question = PlanQuestion::Review;
        if let PlanOf::Again = self.of {
            let plan = self.draft.plan();
            return plan.map_or(Reaction::Stay, |plan| {
                Reaction::Perform(Effect::Ceremony(Act::Replan(Box::new(plan))), "Changing the plan")
            });
        }
        let (Some(plan), Some(folder)) = (self.draft.plan(), self.draft.folder(console)) else { return Reaction::Stay };
        let rotation = match &self.of {
            PlanOf::Rotation(rotation) => Some(rotation.clone()),
            PlanOf::New | PlanOf::Again => None,
        };
        let beginning = Beginning { plan, folder, rotation };
        Reaction::Perform(Effect::Ceremony(Act::Begin(Box::new(beginning))), "Looking at the folder")
    }

    fn back(&mut self, console: &mut Console) -> Reaction {
        if let Some(before) = self.place().checked_sub(1).and_then(|before| self.questions().get(before).copied()) {
            // Looked for again, the places could be others: what was chosen stays.
            self.question = before;
            self.scroll = Scroll::default();
            return Reaction::Stay;
        }
        let is_empty = match self.of {
            // Much of it was there before anybody typed.
            PlanOf::Rotation(_) | PlanOf::Again => !self.is_changed,
            PlanOf::New => {
                !self.draft.is_touched()
                    && console.journey.to_seal.files.is_empty()
                    && !console.journey.to_seal.creates_keys
            }
        };
        if is_empty || self.is_leaving {
            return Reaction::Back;
        }
        self.is_leaving = true;
        self.refuse(Trouble::new(
            match self.of {
                PlanOf::Rotation(_) => "Esc once more goes back and drops this plan.",
                PlanOf::New => "Esc once more goes back to the start and drops this plan.",
                PlanOf::Again => "Esc once more goes back to the board. The plan stays as it was.",
            },
            match self.of {
                PlanOf::Rotation(_) | PlanOf::New => "No phrase was made yet, and no file is changed.",
                PlanOf::Again => "What was confirmed stays confirmed.",
            },
        ))
    }

    /// The field of this question.
    fn field(&mut self) -> Option<&mut Field> {
        let draft = &mut self.draft;
        match self.question {
            PlanQuestion::Organization => Some(&mut draft.organization),
            PlanQuestion::Conductor => Some(&mut draft.conductor),
            PlanQuestion::Threshold => Some(&mut draft.threshold),
            PlanQuestion::Email => Some(&mut draft.email),
            PlanQuestion::Folder => Some(&mut draft.folder),
            PlanQuestion::Contents
            | PlanQuestion::Purpose
            | PlanQuestion::People
            | PlanQuestion::Place
            | PlanQuestion::Review
            | PlanQuestion::Names
            | PlanQuestion::Words
            | PlanQuestion::Language => None,
        }
    }

    /// The list of this question, and how many rows it has.
    fn list(&mut self, console: &Console) -> Option<(&mut ChosenRow, usize)> {
        let draft = &mut self.draft;
        match self.question {
            PlanQuestion::Purpose => Some((&mut draft.purpose, pages::PURPOSES.len())),
            PlanQuestion::Names => Some((&mut draft.names, NameStyle::ALL.len())),
            PlanQuestion::Words => Some((&mut draft.words, WORDS.len())),
            PlanQuestion::Language => Some((&mut draft.language, WordList::ALL.len())),
            PlanQuestion::Place => Some((&mut draft.place, Place::for_exports(&console.journey.places).len())),
            PlanQuestion::Contents
            | PlanQuestion::Organization
            | PlanQuestion::Conductor
            | PlanQuestion::People
            | PlanQuestion::Threshold
            | PlanQuestion::Email
            | PlanQuestion::Folder
            | PlanQuestion::Review => None,
        }
    }

    fn on_people_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        match self.draft.people.on_key(key, self.draft.kind.rules()) {
            PeopleOutcome::Nothing => Reaction::Stay,
            PeopleOutcome::List => self.choose_file(FileFor::People),
            PeopleOutcome::Next => self.next(console),
            PeopleOutcome::Back => self.back(console),
            PeopleOutcome::Refused(trouble) => self.refuse(trouble),
        }
    }

    fn choose_file(&mut self, wanted: FileFor) -> Reaction {
        self.wanted = wanted;
        self.takes_all = false;
        Reaction::Open(Route::Pick(wanted))
    }

    fn on_contents_key(&mut self, key: Key, console: &Console) -> Option<Reaction> {
        let act = match key {
            Key::Char('u' | 'U') if self.is_new_backup() => {
                return Some(self.choose_file(FileFor::Unconfirmed));
            }
            Key::Char('a' | 'A') | Key::F(6) => {
                return Some(self.choose_file(FileFor::Inventory));
            }
            Key::Char(' ') => Act::CreateKeys(!console.journey.to_seal.creates_keys),
            Key::Delete | Key::F(7) => Act::ClearInventory(self.draft.kind),
            key => return self.scroll.on_key(key).then_some(Reaction::Stay),
        };
        Some(Reaction::Perform(Effect::Ceremony(act), "Looking at what is there"))
    }
}

impl Screen for Planning {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        let back = ("Esc", "back");
        match self.question {
            PlanQuestion::Contents => {
                let mut keys = vec![("Enter", "go on"), ("a", "add a file"), ("Space", "new master keys")];
                keys.extend([("Del", "drop all"), back]);
                keys.extend(self.is_new_backup().then_some(("u", "finish an UNCONFIRMED file")));
                keys
            }
            PlanQuestion::People if self.draft.people.is_picking() => {
                vec![("Enter", "done"), ("Space", "pick"), ("a-z", "search"), ("F6", "another list"), ("Esc", "done")]
            }
            PlanQuestion::People => {
                vec![("Enter", "add; empty: go on"), ("F6", "pick from a list"), ("Del", "take out"), back]
            }
            PlanQuestion::Place => vec![("Enter", "take this place"), ("Up/Down", "other"), ("F5", "look again"), back],
            PlanQuestion::Purpose | PlanQuestion::Names | PlanQuestion::Words | PlanQuestion::Language => {
                vec![("Enter", "take this"), ("Up/Down", "other"), back]
            }
            PlanQuestion::Review => vec![
                ("Enter", if let PlanOf::Again = self.of { "go on with this plan" } else { "begin the ceremony" }),
                ("m", "more choices"),
                ("Esc", "back to change it"),
                ("Up/Down", "scroll"),
            ],
            PlanQuestion::Organization
            | PlanQuestion::Conductor
            | PlanQuestion::Threshold
            | PlanQuestion::Email
            | PlanQuestion::Folder => {
                vec![("Enter", "go on"), ("^U", "empty the field"), back]
            }
        }
    }

    fn further_keys(&self, _room: &Console) -> Vec<KeyHint> {
        if self.question == PlanQuestion::Contents { vec![("Up/Down", "scroll")] } else { Vec::new() }
    }

    fn intake(&self, _room: &Console) -> Intake {
        if self.question.is_typed() { Intake::Text } else { Intake::Commands }
    }

    fn lists_places(&self, _console: &Console) -> bool {
        self.question == PlanQuestion::Place
    }

    fn help(&self) -> &'static str {
        if self.draft.kind.rules().is_verified_again() {
            "The plan of a backup. Enter goes on, Esc goes back; nothing that was typed is lost, and nothing is written before the last page. There m leads to what hardly anybody changes: names in the file, words, word list.\nThen each {one} gets a new phrase, writes it on paper and types it back; the file is written, read again, and everybody types the phrase once more. Only then it is a backup."
        } else {
            "The plan of a file. Enter goes on, Esc goes back; nothing that was typed is lost, and nothing is written before the last page. There m leads to what hardly anybody changes: names in the file, word list.\nThen each of the {many} gets a new phrase, writes it on paper and types it back; the file is written and read again, and what each has typed is proved against it."
        }
    }

    fn plans_training(&self) -> bool {
        // In a rotation it is what the backup is that is open.
        matches!(self.of, PlanOf::New) && self.draft.is_training()
    }

    fn on_show(&mut self, _console: &mut Console) -> Reaction {
        self.look_at_next()
    }

    fn on_picked(&mut self, file: ContentsFile, _console: &mut Console) -> Reaction {
        self.message = None;
        let act = match self.wanted {
            FileFor::Unconfirmed => return Reaction::Replace(Route::Resume(file.path)),
            FileFor::Inventory => Act::AddInventory { file },
            FileFor::People => Act::ReadPeople { path: file.path },
        };
        Reaction::Perform(Effect::Ceremony(act), "Reading the file")
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.message = None;
        if key != Key::Esc {
            self.is_leaving = false;
        }
        self.is_changed |= !matches!(key, Key::Esc | Key::Enter | Key::F(_));
        if self.question == PlanQuestion::People {
            return self.on_people_key(key, console);
        }
        if self.question == PlanQuestion::Contents
            && let Some(reaction) = self.on_contents_key(key, console)
        {
            return reaction;
        }
        match key {
            Key::Enter => return self.next(console),
            Key::Esc => return self.back(console),
            Key::F(5) if self.question == PlanQuestion::Place => {
                return Reaction::Perform(Effect::FindPlaces, "Looking for media");
            }
            Key::Char('m' | 'M') if self.question == PlanQuestion::Review => return self.more(console),
            key if self.question == PlanQuestion::Review => drop(self.scroll.on_key(key)),
            key if self.question == PlanQuestion::Threshold => self.draft.on_threshold_key(key),
            key => {
                if let Some(field) = self.field() {
                    field.on_key(key);
                } else if let Some((rows, count)) = self.list(console) {
                    rows.on_key(key, count);
                }
            }
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        if let Outcome::Places(places) = outcome {
            self.hear_places(places, console);
            return Reaction::Stay;
        }
        match outcome {
            Outcome::Ceremony(outcome) => match *outcome {
                crate::effect::CeremonyOutcome { said: Said::Begun(Ok(begun)), progress } => {
                    if let PlanOf::Again = self.of {
                        console.journey.replan(*begun, progress);
                        return Reaction::Restart(Route::Board);
                    }
                    console.journey.begin(Making::begun(*begun, progress));
                    Reaction::Restart(Route::Board)
                }
                outcome => self.hear(console.journey.hear_ceremony(outcome)),
            },
            outcome => said(outcome, console).map_or(Reaction::Stay, |said| self.hear(said)),
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        pages::draw(self, console, area, buffer)
    }
}
