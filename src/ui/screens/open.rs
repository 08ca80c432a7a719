//! Open, second part: what is known of the backup without any phrase; other files of it at hand; what a damaged one can still
//! give; a word of its fingerprint typed from a public card.

mod facts;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub(super) use self::facts::harm;
use self::facts::{card, facts, files};
use super::chooser;
use crate::domain::condition::CoreState;
use crate::effect::{Near, NearStanding, Outcome, Summary, Trouble};
use crate::journey::device::what_it_is;
use crate::journey::{CardAnswer, CardCheck, Journey, Question, Recovery, Route};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, Field, Scroll, put, rows_of, wrapped};

pub struct OpenBackup {
    /// Which of the files near by are to be used too; asked first when one of them adds something.
    marks: Vec<bool>,
    rows: ChosenRow,
    /// Through what is damaged.
    scroll: Scroll,
    typed: Field,
    message: Option<String>,
    /// It is the backup of a device: no card is asked for.
    is_of_device: bool,
}

impl OpenBackup {
    pub fn of(console: &Console) -> Self {
        let near = console.journey.backup.as_ref().map_or(&[][..], |backup| &backup.summary.near);
        Self {
            marks: near.iter().map(|near| console.journey.is_marked_at_first(near)).collect(),
            rows: ChosenRow::default(),
            scroll: Scroll::default(),
            typed: Field::default(),
            message: None,
            is_of_device: console.journey.backup.as_ref().is_some_and(Recovery::is_of_device),
        }
    }

    /// Something else is asked: keys pressed before are not meant for it.
    fn turn(&mut self, console: &mut Console) -> Reaction {
        self.scroll = Scroll::default();
        console.pace.begin(console.journey.now);
        Reaction::Stay
    }

    fn ask(&mut self, question: Question, console: &mut Console) -> Reaction {
        console.journey.ask(question);
        self.turn(console)
    }

    /// Reads the marked files too; goes on when none is marked.
    fn unite(&mut self, console: &mut Console) -> Reaction {
        let is_marked = |index: usize, _: &Near| self.marks.get(index).is_some_and(|mark| *mark);
        match console.journey.take_near(is_marked) {
            Some(effect) => Reaction::Perform(effect, chooser::READING),
            None => self.go_on(console),
        }
    }

    /// Where it goes on: with another question here, or elsewhere.
    fn go_on(&mut self, console: &mut Console) -> Reaction {
        match console.journey.next() {
            Route::Open => self.turn(console),
            next => Reaction::Open(next),
        }
    }

    fn compare(&mut self, console: &mut Console) -> Reaction {
        self.message = match console.journey.compare(self.typed.text()) {
            CardAnswer::Done(_) => {
                self.message = None;
                return Reaction::Open(console.journey.next());
            }
            CardAnswer::Nothing => Some("Type that word from a public card, or \"none\" if there is no card.".to_owned()),
            CardAnswer::Several => Some(NO_PHRASE.to_owned()),
            CardAnswer::Another => console.journey.backup.as_ref().map(|backup| {
                format!(
                    "Word {} of this file is another one. Read it again. If the card says this word, the file is not of that backup{}: go back with Esc.",
                    backup.summary.asked + 1,
                    or_damaged(&backup.summary)
                )
            }),
        };
        if self.message.is_some() && !self.typed.text().is_empty() {
            self.typed.clear();
        }
        Reaction::Stay
    }
}

/// Said where somebody types more than a word.
const NO_PHRASE: &str = "One word of the card is asked for here. Recovery phrases come later: none was kept or shown.";

/// What is asked; the last question also when that is answered: of a device what it is, else the word of a card.
fn question(console: &Console) -> Question {
    let Some(backup) = &console.journey.backup else { return Question::Card };
    backup.question.unwrap_or(if backup.is_of_device() { Question::Kind } else { Question::Card })
}

impl Screen for OpenBackup {
    fn title(&self) -> &'static str {
        "Open"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let mut keys = match question(console) {
            Question::Near => {
                return vec![
                    ("Enter", "go on with the marked files"),
                    ("Space", "mark or not"),
                    ("Esc", "another file"),
                ];
            }
            Question::Kind => {
                let is_of_device = console.journey.backup.as_ref().is_some_and(Recovery::is_of_device);
                return vec![
                    ("Enter", if is_of_device { "restore this device" } else { "recover this backup" }),
                    ("Esc", "another file"),
                ];
            }
            Question::Harm => vec![("Enter", "go on all the same"), ("Up/Down", "scroll")],
            Question::Card => {
                vec![("Enter", if is_compared(console) { "go on" } else { "compare and go on" })]
            }
        };
        if console.journey.can_ask_near() {
            keys.push(("F5", "files beside it"));
        }
        if question(console) == Question::Card && is_harmed(console) {
            keys.push(("F6", "what is damaged"));
        }
        keys.push(("Esc", "another file"));
        keys
    }

    fn intake(&self, console: &Console) -> Intake {
        // Where nothing is typed an Enter that is held must not go past what has to be read.
        if question(console) == Question::Card && !is_compared(console) { Intake::Text } else { Intake::Rested }
    }

    fn asks_one_word(&self) -> bool {
        true
    }

    fn help(&self) -> &'static str {
        if self.is_of_device {
            return "INTACT means that the file is as it was written, not that it is genuine: anybody can write a file. What it claims to hold is unverified until it is open.\nIts user opens it alone: with the phrase, or with the cloud key and the PIN. It holds that person's own shares, and nothing of an organization.";
        }
        "INTACT means that the file is as it was written, not that it is genuine: anybody can write a file. Names are unverified until the backup is open.\nA public card, which is no secret, has 16 fingerprint words. The program asks for one of them, so that somebody really looks. Whoever has no card types none; that is noted in the record."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        match key {
            Key::Enter => match question(console) {
                Question::Near => self.unite(console),
                Question::Kind => {
                    console.journey.accept_kind();
                    self.go_on(console)
                }
                Question::Harm => {
                    console.journey.accept_harm();
                    self.go_on(console)
                }
                Question::Card => self.compare(console),
            },
            Key::Esc if console.journey.is_holding() => {
                self.message = Some(
                    "Verified phrases or typed words are kept. Go on with Enter; ^C leaves and wipes them.".to_owned(),
                );
                Reaction::Stay
            }
            Key::Esc => Reaction::Back,
            Key::F(5) if console.journey.can_ask_near() => self.ask(Question::Near, console),
            Key::F(6) if is_harmed(console) => self.ask(Question::Harm, console),
            Key::Char(' ') if question(console) == Question::Near => {
                let chosen = self.rows.chosen(self.marks.len());
                if let Some(mark) = chosen.and_then(|index| self.marks.get_mut(index)) {
                    *mark = !*mark;
                }
                Reaction::Stay
            }
            key if question(console) == Question::Near => {
                self.rows.on_key(key, self.marks.len());
                Reaction::Stay
            }
            key if question(console) == Question::Harm => {
                self.scroll.on_key(key);
                Reaction::Stay
            }
            // Somebody types a phrase where one word of a card is asked for: it must not stand here in clear.
            Key::Char(c) if c.is_whitespace() => {
                self.typed.clear();
                self.message = Some(NO_PHRASE.to_owned());
                Reaction::Stay
            }
            key => {
                self.typed.on_key(key);
                Reaction::Stay
            }
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match outcome {
            Outcome::Loaded(Ok(summary)) => {
                console.journey.load(*summary);
                *self = Self::of(console);
                self.go_on(console)
            }
            Outcome::Loaded(Err(Trouble { what, hint })) => {
                self.message = Some(format!("Not opened: {what} {hint}"));
                console.journey.history.is_refused = true;
                Reaction::Stay
            }
            _ => Reaction::Stay,
        }
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let Some(backup) = &console.journey.backup else {
            wrapped(
                area,
                0,
                self.message.as_deref().unwrap_or("No backup is loaded. Esc goes back."),
                theme::BAD,
                buffer,
            );
            return None;
        };
        let is_small = area.height < 18;
        let mut y = match question(console) {
            Question::Kind => {
                let y = facts(backup, area, is_small, buffer);
                let [what, but] = what_it_is(&backup.summary);
                let y = wrapped(area, y + 1, what, theme::STRONG, buffer);
                wrapped(area, y, but, theme::STRONG, buffer);
                return None;
            }
            Question::Harm => {
                // What is wrong with them is said below.
                let y = files(&backup.summary, area, true, buffer);
                harm(&backup.summary.condition, &self.scroll, below(area, y + 1), buffer);
                return None;
            }
            Question::Near => {
                let y = facts(backup, area, is_small, buffer);
                self.draw_near(&backup.summary, &console.journey, below(area, y), buffer);
                return None;
            }
            Question::Card => {
                // Whatever is long, the question and what is said to the answer stay in view.
                let said = self.message.as_ref().map_or(0, |message| rows_of(message, area.width.saturating_sub(2)));
                let height = area.height.saturating_sub(said + 2);
                facts(backup, Rect { height, ..area }, is_small, buffer).min(height)
            }
        };
        let mut cursor = None;
        match backup.compared {
            _ if !backup.summary.condition.can_judge() => {
                let text = "!   No card can be compared: the core is damaged.";
                put(area, 0, y + 1, text, theme::BAD, buffer);
            }
            None => {
                let question =
                    format!("Fingerprint word {} on a public card (or \"none\"): ", backup.summary.asked + 1);
                let x = put(area, 0, y + 1, &question, theme::STRONG, buffer);
                // Not in clear: somebody may type the first word of a phrase.
                let x = put(area, x, y + 1, &self.typed.stars(), theme::FIELD, buffer);
                put(area, x, y + 1, "_", theme::PLAIN, buffer);
                cursor = Some(Position::new((area.x + x).min(area.right() - 1), area.y + y + 1));
            }
            Some(CardCheck::Word) => {
                put(area, 0, y + 1, "ok  The fingerprint word of the card matches.", theme::GOOD, buffer);
            }
            Some(CardCheck::Not) => {
                put(area, 0, y + 1, "!   The fingerprint was not compared with a card.", theme::CARE, buffer);
            }
        }
        y += 2;
        if let Some(message) = &self.message {
            y = wrapped(area, y, &format!("! {message}"), theme::CARE, buffer);
        }
        if backup.summary.sheets.is_some() {
            card(&backup.summary.fingerprint.words(), backup.summary.asked, area, y, buffer);
        }
        cursor
    }
}

impl OpenBackup {
    fn draw_near(&self, summary: &Summary, journey: &Journey, area: Rect, buffer: &mut Buffer) {
        let has = |standing| summary.near.iter().any(|near| near.standing == standing);
        let text = if has(NearStanding::Newer) {
            "! A NEWER file of this backup lies beside it. Use it too?"
        } else if has(NearStanding::Intact) {
            "! This file is damaged; an undamaged copy lies beside it. Use it too?"
        } else if has(NearStanding::Fork) && summary.kind.rules().is_added_to_daily {
            // Two owners went on from one file: that is everyday work.
            "! Another copy of it lies here, with other codes or marks. Use both?"
        } else if has(NearStanding::Fork) {
            "! A file made side by side with it (a fork) is here. Use both?"
        } else {
            "Other files of this backup lie beside it. They add nothing."
        };
        let mut y = wrapped(area, 1, text, theme::CARE, buffer);
        let is_adding = summary.near.iter().any(|near| near.standing.is_advised())
            && !summary.near.iter().any(|near| journey.is_marked_at_first(near));
        if is_adding {
            let text = "Space marks a file. Mark only what you know: anybody can lay a file there, and what it says goes into the next one.";
            y = wrapped(area, y, text, theme::PLAIN, buffer);
        }
        let list = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
        let row = |index: usize| {
            let mark = if self.marks.get(index).is_some_and(|mark| *mark) { "[x]" } else { "[ ]" };
            summary.near.get(index).map_or_else(String::new, |near| {
                format!("{mark} {:<7} sequence {:<3} {}", near.standing.title(), near.sequence, near.name)
            })
        };
        self.rows.draw(list, summary.near.len(), row, buffer);
    }
}

fn is_harmed(console: &Console) -> bool {
    console.journey.backup.as_ref().is_some_and(Recovery::is_harmed)
}

/// Whether no word of a card is asked for any more, or none can be compared.
fn is_compared(console: &Console) -> bool {
    let backup = console.journey.backup.as_ref();
    backup.is_none_or(|backup| backup.compared.is_some() || !backup.summary.condition.can_judge())
}

/// Where the core cannot be compared with its digest, another word of a card has a second explanation.
fn or_damaged(summary: &Summary) -> &'static str {
    if summary.condition.core == CoreState::Whole { "" } else { ", or its core is damaged" }
}

fn below(area: Rect, y: u16) -> Rect {
    let y = y.min(area.height);
    Rect { y: area.y + y, height: area.height - y, ..area }
}
