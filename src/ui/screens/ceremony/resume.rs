//! Going on with the file of a ceremony that did not end: what the file says of itself, who asks, and the full names that it has as
//! initials. Nothing is changed before the last answer.

use std::collections::VecDeque;
use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::board::compared;
use super::{planning, said, trouble};
use crate::domain::ceremony::{NameStyle, Person, ProposedPlan, UnconfirmedFile};
use crate::domain::text::{Safe, Text, counted};
use crate::effect::{Act, CeremonyOutcome, ContentsFile, Effect, Outcome, Resumption, Said, Trouble};
use crate::journey::{Making, Route};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Field, fit, put, wrapped};

pub struct Resume {
    path: PathBuf,
    /// A new folder, where the command line names one.
    folder: Option<PathBuf>,
    /// What the command line names, until it was looked at.
    waiting: VecDeque<Act>,
    file: Option<Box<UnconfirmedFile>>,
    /// Who asks; then the full names in the order of the numbers.
    answers: Vec<Field>,
    /// The place of the answer that is typed; behind the last one all can begin.
    asked: usize,
    message: Option<Trouble>,
}

impl Resume {
    pub fn of(path: PathBuf, proposed: ProposedPlan) -> Self {
        let file = |path| ContentsFile { path, agreed: proposed.agreed.clone() };
        let files = proposed.contents.into_iter().map(file);
        let mut waiting: VecDeque<Act> = files.map(|file| Act::AddInventory { file }).collect();
        waiting.extend(proposed.creates_keys.then_some(Act::CreateKeys(true)));
        waiting.extend(proposed.people.map(|path| Act::ReadPeople { path }));
        let asker = proposed.conductor.map_or_else(Field::default, |name| Field::with(name.raw()));
        let folder = proposed.folder;
        Self { path, folder, waiting, file: None, answers: vec![asker], asked: 0, message: None }
    }

    /// The file first; then, one by one, what the command line names.
    fn look_at_next(&mut self) -> Reaction {
        let act = match &self.file {
            None => Some(Act::LookAtUnfinished { path: self.path.clone() }),
            Some(_) => self.waiting.pop_front(),
        };
        act.map_or(Reaction::Stay, |act| Reaction::Perform(Effect::Ceremony(act), "Reading the file"))
    }

    fn hear_file(&mut self, file: Box<UnconfirmedFile>) -> Reaction {
        let names = if file.names == NameStyle::Initials { file.shareholders.len() } else { 0 };
        self.answers.truncate(1);
        self.answers.resize_with(1 + names, Field::default);
        // What an earlier plan held is of another backup.
        self.waiting.push_front(Act::ClearInventory(file.kind));
        self.file = Some(file);
        self.message = None;
        self.look_at_next()
    }

    /// Those whose names fit stand on the page already.
    fn hear_people(&mut self, people: &[Person]) {
        let Some(file) = &self.file else { return };
        if people.len() != file.shareholders.len() {
            self.message = Some(Trouble::new(
                format_args!(
                    "The list has {}, and the file {}.",
                    counted(people.len(), "name"),
                    file.shareholders.len()
                ),
                "Nobody of the list was taken: type the names.",
            ));
            return;
        }
        let fields = self.answers.iter_mut().skip(1);
        for (field, (person, label)) in fields.zip(people.iter().zip(&file.shareholders)) {
            if file.names.fits(&person.name, &label.name) {
                *field = Field::with(person.name.raw());
            }
        }
    }

    /// How the file names that shareholder; `None` of who asks.
    fn label(&self, answer: usize) -> Option<&Person> {
        self.file.as_ref()?.shareholders.get(answer.checked_sub(1)?)
    }

    /// What was typed, as it counts: an empty answer leaves a name as the file has it.
    fn answer(&self, answer: usize) -> Option<Text> {
        let typed = self.answers.get(answer)?.text().trim();
        match self.label(answer) {
            Some(label) if typed.is_empty() => Some(label.name.clone()),
            Some(_) | None => Person::parse(typed).map(|person| person.name),
        }
    }

    fn check(&self) -> Result<(), Trouble> {
        let Some(name) = self.answer(self.asked) else {
            return Err(match self.label(self.asked) {
                None if self.answers.first().is_some_and(|field| field.text().trim().is_empty()) => {
                    Trouble::new("Type the name of who asks: it stands in the record.", "")
                }
                _ => planning::not_a_name(),
            });
        };
        let (Some(label), Some(file)) = (self.label(self.asked), &self.file) else { return Ok(()) };
        if file.names.fits(&name, &label.name) {
            return Ok(());
        }
        Err(Trouble::new(
            format_args!("The file has {} there: the initials of the name have to be these.", label.name),
            "^U empties the field; empty it stays as the file has it.",
        ))
    }

    fn enter(&mut self) -> Reaction {
        let Some(file) = &self.file else { return self.look_at_next() };
        if self.asked < self.answers.len() {
            match self.check() {
                Ok(()) => self.asked += 1,
                Err(trouble) => self.message = Some(trouble),
            }
            return Reaction::Stay;
        }
        let all: Vec<Text> = (0..self.answers.len()).filter_map(|answer| self.answer(answer)).collect();
        let Some((conductor, typed)) = all.split_first() else { return Reaction::Stay };
        let names = if typed.is_empty() {
            file.shareholders.iter().map(|label| label.name.clone()).collect()
        } else {
            typed.to_vec()
        };
        let (path, folder) = (file.path.clone(), self.folder.clone());
        let resumption = Resumption { path, conductor: conductor.clone(), names, folder };
        Reaction::Perform(Effect::Ceremony(Act::Resume(Box::new(resumption))), "Reading the file")
    }

    fn question(&self, answer: usize) -> String {
        self.label(answer)
            .map_or_else(|| "Who asks".to_owned(), |label| format!("{answer:>2}  Full name of {}", label.name))
    }
}

impl Screen for Resume {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        let enter = match &self.file {
            None => "look again",
            Some(_) if self.asked == self.answers.len() => "go on with this file",
            Some(_) => "take this",
        };
        let mut keys = vec![("Enter", enter)];
        if self.file.is_some() && self.asked < self.answers.len() {
            keys.push(("^U", "empty the field"));
        }
        keys.push(("Esc", "back"));
        keys
    }

    fn intake(&self, _room: &Console) -> Intake {
        if self.asked < self.answers.len() { Intake::Text } else { Intake::Commands }
    }

    fn help(&self) -> &'static str {
        "A ceremony wrote this file and did not end, or it was made without screens. Nobody has shown yet that the papers open it. Everybody who got a phrase for it types it from paper, in any order; the file is read again before, best after its medium was pulled out. When each phrase opens it and all shares belong together it becomes the backup, with e-mail, cards and record.\nOnly the file and the papers are trusted. Whether what is in it is what should be, only the inventory tells: it can be named on the next page. With a paper missing it cannot be finished: make a new backup then."
    }

    fn plans_training(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.is_training)
    }

    fn on_show(&mut self, _console: &mut Console) -> Reaction {
        if self.file.is_none() { self.look_at_next() } else { Reaction::Stay }
    }

    fn on_key(&mut self, key: Key, _console: &mut Console) -> Reaction {
        self.message = None;
        match key {
            Key::Enter => return self.enter(),
            Key::Esc => match self.asked.checked_sub(1) {
                Some(before) => self.asked = before,
                None => return Reaction::Back,
            },
            key => {
                if let Some(field) = self.answers.get_mut(self.asked).filter(|_| self.file.is_some()) {
                    field.on_key(key);
                }
            }
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        let said = match outcome {
            Outcome::Ceremony(outcome) => match *outcome {
                CeremonyOutcome { said: Said::Begun(Ok(begun)), progress } => {
                    console.journey.begin(Making::begun(*begun, progress));
                    return Reaction::Restart(Route::Board);
                }
                outcome => Some(console.journey.hear_ceremony(outcome)),
            },
            outcome => said(outcome, console),
        };
        match said {
            Some(Said::Unfinished(Ok(file))) => return self.hear_file(file),
            Some(Said::Unfinished(Err(trouble)) | Said::Begun(Err(trouble))) => {
                self.message = Some(trouble);
                return Reaction::Stay;
            }
            Some(Said::People(Ok(people))) => self.hear_people(&people),
            Some(Said::Inventory(Err(trouble)) | Said::People(Err(trouble))) => self.message = Some(trouble),
            _ => {}
        }
        self.look_at_next()
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let Some(file) = &self.file else {
            let y = wrapped(area, 0, &Safe(&self.path.to_string_lossy()).to_string(), theme::STRONG, buffer);
            if let Some(message) = &self.message {
                trouble(message, area, y + 1, buffer);
            }
            return None;
        };
        let width = usize::from(area.width);
        let head = format!("{}: not confirmed, written {}", file.organization, file.created);
        put(area, 0, 0, &fit(&head, width), theme::STRONG, buffer);
        let mut y = wrapped(area, 1, &Safe(&file.path.to_string_lossy()).to_string(), theme::LABEL, buffer);
        let rules = file.kind.rules();
        let quorum = rules.quorum_text(file.threshold, file.shareholders.len());
        let what = format!(
            "It opens with {quorum}. To finish it, all {} type their phrases from paper, once each.",
            counted(file.shareholders.len(), rules.holder.one)
        );
        y = wrapped(area, y, &what, theme::PLAIN, buffer);
        y = wrapped(area, y, &compared(console), theme::PLAIN, buffer) + 1;
        if let Some(message) = &self.message {
            y = trouble(message, area, y, buffer) + 1;
        }
        // Those before the one that is typed go out of view first.
        let rows = usize::from(area.height.saturating_sub(y + 3)).max(1);
        let last = self.asked.min(self.answers.len().saturating_sub(1));
        let first = (last + 1).saturating_sub(rows);
        let mut cursor = None;
        for answer in first..self.answers.len().min(first + rows) {
            let label = format!("{}: ", self.question(answer));
            match self.answers.get(answer) {
                Some(field) if answer == self.asked => (cursor, y) = field.draw(&label, area, y, buffer),
                Some(_) => {
                    let typed = self.answer(answer).map_or_else(String::new, |name| name.to_string());
                    put(area, 0, y, &fit(&format!("{label}{typed}"), width), theme::PLAIN, buffer);
                    y += 1;
                }
                None => {}
            }
        }
        if self.asked == self.answers.len() {
            wrapped(area, y + 1, "Enter goes on with this file. Nothing was changed yet.", theme::STRONG, buffer);
        } else if self.asked > 0 {
            let text = "Cards and the page to sign have full names. Left empty, a name stays as the file has it.";
            wrapped(area, y + 1, text, theme::LABEL, buffer);
        }
        cursor
    }
}
