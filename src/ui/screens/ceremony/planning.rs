//! The plan of a backup: one question a page. Nothing is made before the last page, and going back loses nothing.

mod answers;
mod draft;
mod hearing;
mod pages;
mod people;

use std::collections::VecDeque;
use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::draft::{Draft, WORDS};
use self::people::{People, PeopleOutcome};
use super::said;
use crate::domain::ceremony::{NameStyle, Person};
use crate::domain::kind::Kind;
use crate::domain::text::Text;
use crate::domain::wordlist::WordList;
use crate::effect::{Act, Beginning, Begun, Effect, Outcome, Place, Rotation, Said, Trouble};
use crate::journey::{FileFor, Making, Route};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::widgets::{ChosenRow, Field, Scroll};

pub use self::pages::meaning;

/// The pages of a plan, and what is answered on them.
#[derive(Default)]
pub struct Planning {
    page: Page,
    draft: Draft,
    /// The contents come from the backup that is open.
    rotation: Option<Rotation>,
    message: Option<Trouble>,
    /// The session holds no contents of an earlier plan.
    is_ready: bool,
    /// Esc was pressed on the first page.
    is_leaving: bool,
    /// Through lines, where there are more than rows.
    scroll: Scroll,
    /// What the file that is being chosen is.
    wanted: FileFor,
    /// Files of the inventory that the command line names and that are not read yet.
    waiting: VecDeque<PathBuf>,
    /// The first trouble with one of them, and how many others had some.
    refused: Option<(Trouble, usize)>,
    /// Something was typed or chosen here.
    is_changed: bool,
}

/// One question each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Page {
    #[default]
    Contents,
    Organization,
    Conductor,
    Purpose,
    People,
    Names,
    Threshold,
    Email,
    Words,
    Language,
    Place,
    Folder,
    Review,
}

impl Page {
    const ALL: [Self; 13] = [
        Self::Contents,
        Self::Organization,
        Self::Conductor,
        Self::Purpose,
        Self::People,
        Self::Names,
        Self::Threshold,
        Self::Email,
        Self::Words,
        Self::Language,
        Self::Place,
        Self::Folder,
        Self::Review,
    ];
}

impl Planning {
    /// Of a first backup of that kind, with these files as what goes into it.
    pub fn of(kind: Kind, files: Vec<PathBuf>) -> Self {
        let mut planning = Self { waiting: files.into(), ..Self::default() };
        planning.draft.kind = kind;
        planning.page = planning.pages().first().copied().unwrap_or_default();
        planning
    }

    /// A new backup of the contents of the one that is open: what is known of it is proposed. `accepted` are the records that the
    /// quorum takes over although none sealed them.
    pub fn for_rotation(console: &mut Console, accepted: Vec<usize>) -> Self {
        let mut draft = Draft::default();
        if let Some(backup) = &console.journey.backup {
            let summary = &backup.summary;
            draft.kind = summary.kind;
            let people = summary.shareholders.iter().filter_map(|holder| holder.name.clone());
            draft.people = People::of(people.map(|name| Person { name, email: None }).collect());
            // As it was sealed: what the file says of it anybody can change.
            let sealed = console.journey.inventory().and_then(|inventory| Text::new(inventory.organization()));
            draft.organization = sealed.map_or_else(Field::default, |name| Field::with(name.raw()));
            draft.threshold = Field::with(&summary.threshold.to_string());
            draft.purpose = ChosenRow::at(usize::from(summary.is_training));
            let form = summary.form;
            let words = form.and_then(|form| WORDS.iter().position(|words| usize::from(*words) == form.words.words()));
            let language = form.and_then(|form| WordList::ALL.iter().position(|list| *list == form.language));
            draft.words = ChosenRow::at(words.unwrap_or(0));
            draft.language = ChosenRow::at(language.unwrap_or(0));
        }
        let rotation = Some(Rotation { accepted });
        Self { page: Page::Organization, draft, rotation, is_ready: true, ..Self::default() }
    }

    /// The pages of this plan. In a rotation contents and purpose are those of the backup that is open; what its kind decides is not
    /// asked.
    fn pages(&self) -> Vec<Page> {
        let rules = self.draft.kind.rules();
        let is_asked = |page: &Page| match page {
            Page::Contents => self.rotation.is_none() && !rules.begins_empty,
            Page::Purpose => self.rotation.is_none(),
            Page::Threshold | Page::Words => !rules.is_opened_alone(),
            _ => true,
        };
        Page::ALL.into_iter().filter(is_asked).collect()
    }

    /// The number of the page in view, from 0.
    fn number(&self) -> usize {
        self.pages().iter().position(|page| *page == self.page).unwrap_or(0)
    }

    fn refuse(&mut self, trouble: Trouble) -> Reaction {
        self.message = Some(trouble);
        Reaction::Stay
    }

    /// The next page, if the answer on this one is one.
    fn next(&mut self, console: &mut Console) -> Reaction {
        if let Err(trouble) = self.check(console) {
            return self.refuse(trouble);
        }
        if self.page == Page::Review {
            return self.begin(console);
        }
        let next = self.pages().get(self.number() + 1).copied();
        self.turn_to(next.unwrap_or(Page::Review), console)
    }

    fn turn_to(&mut self, page: Page, console: &mut Console) -> Reaction {
        self.page = page;
        self.scroll = Scroll::default();
        let draft = &mut self.draft;
        match page {
            Page::Organization if draft.organization.text().is_empty() => {
                if let Some(name) = &console.journey.to_seal.organization {
                    draft.organization = Field::with(name.raw());
                }
            }
            Page::Threshold if draft.threshold.text().is_empty() => {
                draft.threshold = Field::with(&(draft.people.chosen().len() / 2 + 1).to_string());
            }
            Page::Place => return Reaction::Perform(Effect::FindPlaces, "Looking for media"),
            _ => {}
        }
        Reaction::Stay
    }

    /// What was typed on one page can be impossible after a change on another: that page comes up again.
    fn begin(&mut self, console: &mut Console) -> Reaction {
        for page in self.pages() {
            self.page = page;
            if let Err(trouble) = self.check(console) {
                return self.refuse(trouble);
            }
        }
        let (Some(plan), Some(folder)) = (self.draft.plan(), self.draft.folder(console)) else { return Reaction::Stay };
        let beginning = Beginning { plan, folder, rotation: self.rotation.clone() };
        Reaction::Perform(Effect::Ceremony(Act::Begin(Box::new(beginning))), "Looking at the folder")
    }

    fn back(&mut self, console: &mut Console) -> Reaction {
        if let Some(before) = self.number().checked_sub(1).and_then(|before| self.pages().get(before).copied()) {
            // Looked for again, the places could be others: what was chosen stays.
            self.page = before;
            self.scroll = Scroll::default();
            return Reaction::Stay;
        }
        let is_empty = match self.rotation {
            // Much of it was there before anybody typed.
            Some(_) => !self.is_changed,
            None => {
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
            if self.rotation.is_some() {
                "Esc once more goes back and drops this plan."
            } else {
                "Esc once more goes back to the start and drops this plan."
            },
            "No phrase was made yet, and no file is changed.",
        ))
    }

    /// The field of this page.
    fn field(&mut self) -> Option<&mut Field> {
        let draft = &mut self.draft;
        match self.page {
            Page::Organization => Some(&mut draft.organization),
            Page::Conductor => Some(&mut draft.conductor),
            Page::Threshold => Some(&mut draft.threshold),
            Page::Email => Some(&mut draft.email),
            Page::Folder => Some(&mut draft.folder),
            _ => None,
        }
    }

    /// The list of this page, and how many rows it has.
    fn list(&mut self, console: &Console) -> Option<(&mut ChosenRow, usize)> {
        let draft = &mut self.draft;
        match self.page {
            Page::Purpose => Some((&mut draft.purpose, pages::PURPOSES.len())),
            Page::Names => Some((&mut draft.names, NameStyle::ALL.len())),
            Page::Words => Some((&mut draft.words, WORDS.len())),
            Page::Language => Some((&mut draft.language, WordList::ALL.len())),
            Page::Place => Some((&mut draft.place, Place::for_exports(&console.journey.places).len())),
            _ => None,
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
        Reaction::Open(Route::Pick(wanted))
    }

    fn on_contents_key(&mut self, key: Key, console: &Console) -> Option<Reaction> {
        let act = match key {
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
        match self.page {
            Page::Contents => vec![
                ("Enter", "go on"),
                ("a", "add a file"),
                ("Space", "new master keys"),
                ("Del", "drop all"),
                back,
                ("Up/Down", "scroll"),
            ],
            Page::People if self.draft.people.is_picking() => {
                vec![("Enter", "done"), ("Space", "pick"), ("a-z", "search"), ("F6", "another list"), ("Esc", "done")]
            }
            Page::People => {
                vec![("Enter", "add; empty: go on"), ("F6", "pick from a list"), ("Del", "take out"), back]
            }
            Page::Place => vec![("Enter", "take this place"), ("Up/Down", "other"), ("F5", "look again"), back],
            Page::Purpose | Page::Names | Page::Words | Page::Language => {
                vec![("Enter", "take this"), ("Up/Down", "other"), back]
            }
            Page::Review => vec![("Enter", "begin the ceremony"), ("Up/Down", "scroll"), ("Esc", "back to change it")],
            _ => vec![("Enter", "go on"), ("^U", "empty the field"), back],
        }
    }

    fn intake(&self, _room: &Console) -> Intake {
        match self.page {
            Page::Organization | Page::Conductor | Page::People | Page::Threshold | Page::Email | Page::Folder => {
                Intake::Text
            }
            _ => Intake::Commands,
        }
    }

    fn help(&self) -> &'static str {
        if self.draft.kind.rules().is_verified_again() {
            "The plan of a backup, one question a page. Enter goes on, Esc goes back; nothing that was typed is lost, and nothing is written before the last page.\nThen each {one} gets a new phrase, writes it on paper and types it back; the file is written, read again, and everybody types the phrase once more. Only then it is a backup."
        } else {
            "The plan of a file, one question a page. Enter goes on, Esc goes back; nothing that was typed is lost, and nothing is written before the last page.\nThen each of the {many} gets a new phrase, writes it on paper and types it back; the file is written and read again, and what each has typed is proved against it."
        }
    }

    fn plans_training(&self) -> bool {
        // Behind the purpose it is known which it is. In a rotation it is that of the backup that is open.
        self.rotation.is_none() && self.page > Page::Purpose && self.draft.is_training()
    }

    fn on_show(&mut self, _console: &mut Console) -> Reaction {
        if !std::mem::replace(&mut self.is_ready, true) {
            return Reaction::Perform(
                Effect::Ceremony(Act::ClearInventory(self.draft.kind)),
                "Looking at what is there",
            );
        }
        Reaction::Stay
    }

    fn on_picked(&mut self, path: PathBuf, _console: &mut Console) -> Reaction {
        self.message = None;
        let act = match self.wanted {
            FileFor::Inventory => Act::AddInventory { path },
            FileFor::People => Act::ReadPeople { path },
        };
        Reaction::Perform(Effect::Ceremony(act), "Reading the file")
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.message = None;
        if key != Key::Esc {
            self.is_leaving = false;
        }
        self.is_changed |= !matches!(key, Key::Esc | Key::Enter | Key::F(_));
        if self.page == Page::People {
            return self.on_people_key(key, console);
        }
        if self.page == Page::Contents
            && let Some(reaction) = self.on_contents_key(key, console)
        {
            return reaction;
        }
        match key {
            Key::Enter => return self.next(console),
            Key::Esc => return self.back(console),
            Key::F(5) if self.page == Page::Place => {
                return Reaction::Perform(Effect::FindPlaces, "Looking for media");
            }
            key if self.page == Page::Review => drop(self.scroll.on_key(key)),
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
                    let Begun { plan, date, expected } = *begun;
                    let making = Making { plan, date, expected, progress, last_answer: None, sealed: None };
                    console.journey.begin(making);
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
