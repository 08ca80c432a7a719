//! Open, second part: what is known of the backup without any phrase; other files of it at hand; what a damaged one can still
//! give; a word of its fingerprint typed from a public card.

mod facts;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::facts::{card, facts, files, harm};
use super::chooser;
use super::hand_over::HandOver;
use super::refresh::Refresh;
use crate::domain::condition::CoreState;
use crate::effect::{NearStanding, Outcome, Source, Summary, Trouble};
use crate::journey::{Compared, Goal, Loaded};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Field, Rows, put, rows_of, wrapped};

pub struct OpenBackup {
    /// Which of the files near by are to be used too; asked first when one of them adds something.
    marks: Vec<bool>,
    step: Step,
    rows: Rows,
    /// The first sentence in view of what is damaged.
    scrolled: usize,
    typed: Field,
    message: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Whether other files are read with it.
    Near,
    /// Whether to go on with a damaged file, now that its holders have not typed yet.
    Harm,
    /// A word of the card.
    Card,
}

impl OpenBackup {
    pub fn of(console: &Console) -> Self {
        let near = console.journey.backup.as_ref().map_or(&[][..], |backup| &backup.summary.near);
        let is_advised = near.iter().any(|near| near.standing.is_advised());
        Self {
            marks: near.iter().map(|near| near.standing.is_advised()).collect(),
            step: if is_advised { Step::Near } else { after_near(console) },
            rows: Rows::default(),
            scrolled: 0,
            typed: Field::default(),
            message: None,
        }
    }

    /// Something else is asked: keys pressed before are not meant for it.
    fn go_to(&mut self, step: Step, console: &mut Console) -> Reaction {
        (self.step, self.scrolled) = (step, 0);
        console.pace.begin(console.journey.now);
        Reaction::Stay
    }

    /// Reads the marked files too; goes on when none is marked.
    fn unite(&mut self, console: &mut Console) -> Reaction {
        self.go_to(after_near(console), console);
        let Some(Loaded { summary, .. }) = &console.journey.backup else { return Reaction::Back };
        let marked = summary.near.iter().zip(&self.marks).filter(|(_, mark)| **mark).map(|(near, _)| near.path.clone());
        let mut paths = summary.given.clone();
        let before = paths.len();
        paths.extend(marked);
        if paths.len() == before {
            return Reaction::Stay;
        }
        chooser::load(Source::Files(paths), console)
    }

    /// There are files beside it, and no phrase that reading again would lose.
    fn can_ask_near(&self, console: &Console) -> bool {
        !self.marks.is_empty() && !console.journey.is_holding()
    }

    fn compare(&mut self, console: &mut Console) -> Reaction {
        let Some(backup) = &mut console.journey.backup else { return Reaction::Back };
        let typed = self.typed.text().trim().to_lowercase();
        let words = backup.summary.fingerprint.words();
        let asked = backup.summary.asked;
        // Its fingerprint is not that of any card.
        if !backup.summary.condition.can_judge() {
            backup.compared = Some(Compared::Not);
        }
        if typed.is_empty() && backup.compared.is_none() {
            self.message = Some("Type that word from a public card, or \"none\" if there is no card.".to_owned());
            return Reaction::Stay;
        }
        if backup.compared.is_none() {
            if typed == "none" {
                backup.compared = Some(Compared::Not);
            } else if words.get(asked).is_some_and(|word| word.eq_ignore_ascii_case(&typed)) {
                backup.compared = Some(Compared::Word);
            } else {
                self.typed.clear();
                self.message = Some(format!(
                    "Word {} of this file is another one. Read it again. If the card says this word, the file is not of that backup{}: go back with Esc.",
                    asked + 1,
                    or_damaged(&backup.summary)
                ));
                return Reaction::Stay;
            }
        }
        self.message = None;
        match console.journey.goal() {
            Goal::Refresh => Reaction::Open(Box::new(Refresh::of(console))),
            Goal::Recover | Goal::Practise | Goal::Make | Goal::Rotate | Goal::Compact => {
                Reaction::Open(Box::new(HandOver::default()))
            }
        }
    }
}

impl Screen for OpenBackup {
    fn title(&self) -> &'static str {
        "Open"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let mut keys = match self.step {
            Step::Near => {
                return vec![
                    ("Enter", "go on with the marked files"),
                    ("Space", "mark or not"),
                    ("Esc", "another file"),
                ];
            }
            Step::Harm => vec![("Enter", "go on all the same"), ("Up/Down", "scroll")],
            Step::Card => {
                vec![("Enter", if is_compared(console) { "go on" } else { "compare and go on" })]
            }
        };
        if self.can_ask_near(console) {
            keys.push(("F5", "files beside it"));
        }
        if self.step == Step::Card && is_harmed(console) {
            keys.push(("F6", "what is damaged"));
        }
        keys.push(("Esc", "another file"));
        keys
    }

    fn intake(&self, console: &Console) -> Intake {
        // Where nothing is typed an Enter that is held must not go past what has to be read.
        if self.asks_one_word() && !is_compared(console) { Intake::Text } else { Intake::Rested }
    }

    fn asks_one_word(&self) -> bool {
        self.step == Step::Card
    }

    fn help(&self) -> &'static str {
        "INTACT means that the file is as it was written, not that it is genuine: anybody can write a file. Names are unverified until the backup is open.\nA public card, which is no secret, has 16 fingerprint words. The program asks for one of them, so that somebody really looks. Whoever has no card types none; that is noted in the record."
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        match key {
            Key::Enter if self.step == Step::Near => self.unite(console),
            Key::Enter if self.step == Step::Harm => self.go_to(Step::Card, console),
            Key::Enter => self.compare(console),
            Key::Esc if console.journey.is_holding() => {
                self.message = Some(
                    "Verified phrases or typed words are kept. Go on with Enter; ^C leaves and wipes them.".to_owned(),
                );
                Reaction::Stay
            }
            Key::Esc => Reaction::Back,
            Key::F(5) if self.can_ask_near(console) => self.go_to(Step::Near, console),
            Key::F(6) if is_harmed(console) => self.go_to(Step::Harm, console),
            Key::Char(' ') if self.step == Step::Near => {
                let chosen = self.rows.chosen(self.marks.len());
                if let Some(mark) = chosen.and_then(|index| self.marks.get_mut(index)) {
                    *mark = !*mark;
                }
                Reaction::Stay
            }
            key if self.step == Step::Near => {
                self.rows.on_key(key, self.marks.len());
                Reaction::Stay
            }
            key if self.step == Step::Harm => {
                let last =
                    console.journey.backup.as_ref().map_or(0, |backup| backup.summary.condition.sentences().len());
                match key {
                    Key::Up => self.scrolled = self.scrolled.saturating_sub(1),
                    Key::Down => self.scrolled = (self.scrolled + 1).min(last.saturating_sub(1)),
                    _ => {}
                }
                Reaction::Stay
            }
            // Somebody types a phrase where one word of a card is asked for: it must not stand here in clear.
            Key::Char(c) if c.is_whitespace() => {
                self.typed.clear();
                self.message = Some(
                    "One word of the card is asked for here. Recovery phrases come later: none was kept or shown."
                        .to_owned(),
                );
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
                *self = Self { step: after_near(console), ..Self::of(console) };
                Reaction::Stay
            }
            Outcome::Loaded(Err(Trouble { what, hint })) => {
                self.message = Some(format!("Not opened: {what} {hint}"));
                console.journey.record.is_refused = true;
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
        let mut y = match self.step {
            Step::Harm => {
                // What is wrong with them is said below.
                let y = files(&backup.summary, area, true, buffer);
                harm(&backup.summary, self.scrolled, below(area, y + 1), buffer);
                return None;
            }
            Step::Near => {
                let y = facts(backup, area, is_small, buffer);
                self.draw_near(&backup.summary, below(area, y), buffer);
                return None;
            }
            Step::Card => {
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
            Some(Compared::Word) => {
                put(area, 0, y + 1, "ok  The fingerprint word of the card matches.", theme::GOOD, buffer);
            }
            Some(Compared::Not) => {
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
    fn draw_near(&self, summary: &Summary, area: Rect, buffer: &mut Buffer) {
        let has = |standing| summary.near.iter().any(|near| near.standing == standing);
        let text = if has(NearStanding::Newer) {
            "! A NEWER file of this backup lies beside it. Use it too?"
        } else if has(NearStanding::Intact) {
            "! This file is damaged; an undamaged copy lies beside it. Use it too?"
        } else if has(NearStanding::Fork) {
            "! A file made side by side with it (a fork) is here. Use both?"
        } else {
            "Other files of this backup lie beside it. They add nothing."
        };
        let y = wrapped(area, 1, text, theme::CARE, buffer);
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

/// What comes when no other file is to be read with it.
fn after_near(console: &Console) -> Step {
    if is_harmed(console) { Step::Harm } else { Step::Card }
}

fn is_harmed(console: &Console) -> bool {
    console.journey.backup.as_ref().is_some_and(|backup| !backup.summary.condition.is_whole())
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
