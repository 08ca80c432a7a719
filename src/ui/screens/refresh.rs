//! Refresh: the next snapshot of a backup. What is changed; four words of its fingerprint from a card, for what needs no phrases;
//! where it is written.

mod draw;

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::pick::{Pick, Picked, Wanted};
use super::places::Places;
use crate::domain::text::{Text, is_address};
use crate::effect::{Change, Effect, Outcome, RefreshOrder, Refreshed, Summary, Trouble};
use crate::journey::export::is_name;
use crate::journey::{Compared, Goal};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::widgets::{Field, Rows};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Add,
    Address,
    Rename,
    Unite,
    Rotate,
    Compact,
}

/// What can be done, in the order of the menu.
const CHOICES: [(Choice, &str, &str); 6] = [
    (Choice::Add, "Add contents", "keys, vaults and codes from a file"),
    (Choice::Address, "Change the address", "where snapshots are sent to"),
    (Choice::Rename, "Change a name", "of a shareholder, as the file has it"),
    (Choice::Unite, "Unite", "with a file made side by side"),
    (Choice::Rotate, "Rotate", "new people or phrases; needs phrases"),
    (Choice::Compact, "Compact", "seal all again; needs phrases"),
];

pub struct Refresh {
    step: Step,
    what: Rows,
    pick: Pick,
    /// Which shareholder gets another name.
    who: Rows,
    /// An address or a name.
    text: Field,
    change: Option<Change>,
    /// Words of the card that matched, in the order in which they are asked for.
    words: Vec<String>,
    word: Field,
    place: Places,
    name: Field,
    trouble: Option<Trouble>,
    done: Option<Refreshed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    What,
    File,
    Who,
    Text,
    Card,
    Place,
    Name,
    Done,
}

impl Refresh {
    pub fn of(console: &Console) -> Self {
        Self::at(Step::What, None, console)
    }

    /// The quorum opened it: only where it is written is still asked.
    pub fn compacting(console: &Console) -> Self {
        Self::at(Step::Place, Some(Change::Compact), console)
    }

    fn at(step: Step, change: Option<Change>, console: &Console) -> Self {
        let next = console.journey.backup.as_ref().map_or(1, |backup| backup.summary.sequence.saturating_add(1));
        Self {
            step,
            what: Rows::default(),
            pick: Pick::snapshot(""),
            who: Rows::default(),
            text: Field::default(),
            change,
            words: Vec::new(),
            word: Field::default(),
            place: Places::default(),
            name: Field::with(&format!("snapshot-{next}.json")),
            trouble: None,
            done: None,
        }
    }

    fn chosen(&self) -> Option<Choice> {
        let row = self.what.chosen(CHOICES.len())?;
        CHOICES.get(row).map(|(choice, ..)| *choice)
    }

    fn is_compaction(&self) -> bool {
        self.change == Some(Change::Compact)
    }

    /// Which word of the card is asked for now, from 0.
    fn asked(&self, summary: &Summary) -> Option<usize> {
        summary.asked_four.get(self.words.len()).copied()
    }

    fn path(&self, console: &Console) -> Option<PathBuf> {
        Some(self.place.chosen(console)?.path.join(self.name.text().trim()))
    }

    fn enter(&mut self, console: &mut Console) -> Reaction {
        match self.step {
            Step::What => return self.begin(console),
            Step::Who => self.step = Step::Text,
            Step::Text => self.take_text(console),
            Step::Card => return self.take_word(console),
            Step::Place if self.place.chosen(console).is_some() => self.step = Step::Name,
            Step::File | Step::Place => {}
            Step::Name => return self.write(console),
            Step::Done => return Reaction::Finish,
        }
        Reaction::Stay
    }

    fn begin(&mut self, console: &mut Console) -> Reaction {
        self.text.clear();
        match self.chosen() {
            Some(Choice::Add) => {
                let nothing = "No .json file or folder is here. Tab shows all files, Left the folder above.";
                self.pick = Pick::new("Where are the contents to add?", nothing, Wanted::Endings(&[".json"]));
                self.step = Step::File;
                return self.pick.begin();
            }
            Some(Choice::Unite) => {
                self.pick = Pick::snapshot("Where is the other file?");
                self.step = Step::File;
                return self.pick.begin();
            }
            Some(Choice::Address) => self.step = Step::Text,
            Some(Choice::Rename) => self.step = Step::Who,
            Some(Choice::Rotate) => return Reaction::Open(console.journey.turn_to(Goal::Rotate)),
            Some(Choice::Compact) => return Reaction::Open(console.journey.turn_to(Goal::Compact)),
            None => {}
        }
        Reaction::Stay
    }

    fn take_text(&mut self, console: &Console) {
        let holders = console.journey.backup.as_ref().map_or(&[][..], |backup| backup.board.shareholders());
        let holder = self.who.chosen(holders.len()).and_then(|row| holders.get(row));
        match (Text::new(self.text.text().trim()), holder) {
            (Some(name), Some(holder)) if self.chosen() == Some(Choice::Rename) => {
                self.go_to_card(Change::Rename { number: holder.number, name });
            }
            (Some(address), _) if is_address(address.raw()) => self.go_to_card(Change::Email(address)),
            (None, _) => self.refuse("Nothing was typed, or more than fits.", "It takes 1 to 256 characters."),
            _ => self.refuse("That is no e-mail address.", "It has an @ in it."),
        }
    }

    fn refuse(&mut self, what: &str, hint: &str) {
        self.trouble = Some(Trouble::new(what, hint));
    }

    fn go_to_card(&mut self, change: Change) {
        self.change = Some(change);
        self.words.clear();
        self.word.clear();
        self.step = Step::Card;
    }

    fn go_to_place(&mut self) -> Reaction {
        self.step = Step::Place;
        Reaction::Perform(Effect::FindPlaces, "Looking for media")
    }

    fn take_word(&mut self, console: &mut Console) -> Reaction {
        let Some(backup) = &mut console.journey.backup else { return Reaction::Back };
        let Some(asked) = self.asked(&backup.summary) else { return self.go_to_place() };
        let typed = self.word.text().trim().to_lowercase();
        self.word.clear();
        if typed.is_empty() && self.words.is_empty() && backup.summary.is_training {
            return self.go_to_place();
        }
        if !backup.summary.fingerprint.has(asked, &typed) {
            self.refuse(
                &format!("Word {} of this file is another one.", asked + 1),
                "Read it again. If the card says this word, the file is not of that backup, and who made it could read what you add: go back with Esc.",
            );
            return Reaction::Stay;
        }
        self.words.push(typed);
        if self.asked(&backup.summary).is_some() {
            return Reaction::Stay;
        }
        backup.compared = Some(Compared::Word);
        self.go_to_place()
    }

    fn write(&mut self, console: &Console) -> Reaction {
        let name = self.name.text().trim();
        if !is_name(name) {
            self.refuse("that is no name for a file.", "The folder was chosen above; a name has no / in it.");
            return Reaction::Stay;
        }
        let name = if name.contains('.') { name.to_owned() } else { format!("{name}.json") };
        self.name = Field::with(&name);
        let (Some(change), Some(path), Some(backup)) =
            (self.change.clone(), self.path(console), &console.journey.backup)
        else {
            return Reaction::Stay;
        };
        let words = backup.summary.asked_four.into_iter().zip(self.words.iter().cloned()).collect();
        let order = RefreshOrder { change, path, words };
        Reaction::Perform(Effect::Refresh(Box::new(order)), "Sealing, writing, and reading back what was written")
    }

    fn back(&mut self) -> Reaction {
        self.step = match self.step {
            Step::What => return Reaction::Back,
            // What was opened stays below a compaction.
            Step::Place if self.is_compaction() => return Reaction::AskToLeave,
            Step::Done => return Reaction::Finish,
            Step::Text if self.chosen() == Some(Choice::Rename) => Step::Who,
            Step::File | Step::Who | Step::Text => Step::What,
            Step::Card => match self.change {
                Some(Change::Email(_) | Change::Rename { .. }) => Step::Text,
                _ => Step::File,
            },
            Step::Place => {
                self.words.clear();
                Step::Card
            }
            Step::Name => Step::Place,
        };
        Reaction::Stay
    }

    fn picked(&mut self, path: PathBuf) -> Reaction {
        self.go_to_card(if self.chosen() == Some(Choice::Unite) { Change::Merge(path) } else { Change::Add(path) });
        Reaction::Stay
    }
}

impl Screen for Refresh {
    fn title(&self) -> &'static str {
        "Refresh"
    }

    fn keys(&self, _room: &Console) -> Vec<KeyHint> {
        let back = ("Esc", if self.is_compaction() { "leave" } else { "back" });
        match self.step {
            Step::What | Step::Who => vec![("Enter", "take this"), ("Up/Down", "other"), back],
            Step::File => self.pick.keys(),
            Step::Text => vec![("Enter", "take this"), ("Backspace", "change it"), back],
            Step::Card => vec![("Enter", "compare"), back],
            Step::Place => {
                vec![("Enter", "take this place"), ("Up/Down", "other place"), ("F5", "look again"), back]
            }
            Step::Name => vec![("Enter", "write the file"), ("Backspace", "change it"), ("Esc", "other place")],
            Step::Done => vec![("Enter", "finish")],
        }
    }

    fn intake(&self, _room: &Console) -> Intake {
        match self.step {
            Step::File | Step::Text | Step::Card | Step::Name => Intake::Text,
            Step::What | Step::Who | Step::Place | Step::Done => Intake::Commands,
        }
    }

    fn asks_one_word(&self) -> bool {
        self.step == Step::Card
    }

    fn help(&self) -> &'static str {
        "A refresh writes a new file beside the old one, with the same phrases and the same fingerprint. What is added without phrases opens with them, and is marked until a quorum confirms it: nothing that a quorum sealed is ever replaced by it.\nThe words of the card show that the file is of your backup: who put another one in its place could read what you add.\nGo on from the newest file only. Two files made from one are a fork: Unite heals it."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        if self.is_compaction() {
            return Reaction::Perform(Effect::FindPlaces, "Looking for media");
        }
        console.journey.turn_to(Goal::Refresh);
        Reaction::Stay
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        if self.step == Step::File {
            return match self.pick.on_key(key, console) {
                Picked::React(reaction) => reaction,
                Picked::File(path) => self.picked(path),
                Picked::Back => self.back(),
            };
        }
        match (key, self.step) {
            (Key::Enter, _) => return self.enter(console),
            (Key::Esc, _) => return self.back(),
            (Key::F(5), Step::Place) => return Reaction::Perform(Effect::FindPlaces, "Looking for media"),
            (key, Step::What) => drop(self.what.on_key(key, CHOICES.len())),
            (key, Step::Who) => {
                let count = console.journey.backup.as_ref().map_or(0, |backup| backup.board.shareholders().len());
                self.who.on_key(key, count);
            }
            (key, Step::Place) => self.place.on_key(key, console),
            (key, Step::Text) => drop(self.text.on_key(key)),
            (key, Step::Name) => drop(self.name.on_key(key)),
            // Somebody types a phrase where a word of a card is asked for: it must not stand here in clear.
            (Key::Char(c), Step::Card) if c.is_whitespace() => {
                self.word.clear();
                self.refuse(
                    "One word of the card is asked for here.",
                    "A recovery phrase is not needed for this; nothing of it was kept or shown.",
                );
            }
            (key, Step::Card) => drop(self.word.on_key(key)),
            (_, Step::File | Step::Done) => {}
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::Places(places) if self.step == Step::Place => self.place.hear(places, console),
            Outcome::Refreshed(result) => {
                console.journey.record.refresh(&result);
                match result {
                    Ok(refreshed) => {
                        self.done = Some(refreshed);
                        self.step = Step::Done;
                    }
                    Err(trouble) => self.trouble = Some(trouble),
                }
            }
            outcome => drop(self.pick.on_outcome(outcome, console)),
        }
        Reaction::Stay
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if self.step == Step::File {
            return self.pick.draw(console, area, buffer);
        }
        self.draw_step(console, area, buffer)
    }
}

/// What is decided, in a line.
fn said(change: &Change) -> String {
    use crate::domain::text::Safe;
    let file = |path: &Path| Safe(&path.to_string_lossy()).to_string();
    match change {
        Change::Add(path) => format!("add {}", file(path)),
        Change::Email(address) => format!("the address becomes {address}"),
        Change::Rename { number, name } => {
            format!("shareholder {number} becomes {name}, which everybody can read in the file")
        }
        Change::Merge(path) => format!("unite with {}", file(path)),
        Change::Compact => "seal all contents again into one box".to_owned(),
    }
}
