//! Open, second part: what is known of the backup without any phrase; other files of it at hand; a word of its fingerprint typed
//! from a public card.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::chooser;
use super::hand_over::HandOver;
use super::refresh::Refresh;
use crate::domain::text::{Safe, brief};
use crate::effect::{NearStanding, Outcome, Source, Summary, Trouble};
use crate::ui::key::Key;
use crate::ui::room::{Compared, Goal, Loaded, Room};
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{Field, Rows, put, wrapped};

pub struct OpenBackup {
    /// Which of the files near by are to be used too; asked first when one of them adds something.
    marks: Vec<bool>,
    is_asking_near: bool,
    rows: Rows,
    typed: Field,
    message: Option<String>,
}

impl OpenBackup {
    pub fn of(room: &Room) -> Self {
        let near = room.backup.as_ref().map_or(&[][..], |backup| &backup.summary.near);
        Self {
            marks: near.iter().map(|near| near.standing.is_advised()).collect(),
            is_asking_near: near.iter().any(|near| near.standing.is_advised()),
            rows: Rows::default(),
            typed: Field::default(),
            message: None,
        }
    }

    /// Reads the marked files too; goes on when none is marked.
    fn unite(&mut self, room: &mut Room) -> Reaction {
        self.is_asking_near = false;
        let Some(Loaded { summary, .. }) = &room.backup else { return Reaction::Back };
        let marked = summary.near.iter().zip(&self.marks).filter(|(_, mark)| **mark).map(|(near, _)| near.path.clone());
        let mut paths = summary.given.clone();
        let before = paths.len();
        paths.extend(marked);
        if paths.len() == before {
            return Reaction::Stay;
        }
        chooser::load(Source::Files(paths), room)
    }

    /// There are files beside it, and no phrase that reading again would lose.
    fn can_ask_near(&self, room: &Room) -> bool {
        !self.marks.is_empty() && !room.is_holding()
    }

    fn compare(&mut self, room: &mut Room) -> Reaction {
        let Some(backup) = &mut room.backup else { return Reaction::Back };
        let typed = self.typed.text().trim().to_lowercase();
        let words = backup.summary.fingerprint.words();
        let asked = backup.summary.asked;
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
                    "Word {} of this file is another one. Read it again. If the card says this word, the file is not of that backup: go back with Esc.",
                    asked + 1
                ));
                return Reaction::Stay;
            }
        }
        self.message = None;
        match room.goal {
            Goal::Refresh => Reaction::Open(Box::new(Refresh::of(room))),
            Goal::Recover | Goal::Rotate | Goal::Compact => Reaction::Open(Box::new(HandOver::default())),
        }
    }
}

impl Screen for OpenBackup {
    fn title(&self) -> &'static str {
        "Open"
    }

    fn keys(&self, room: &Room) -> Vec<KeyHint> {
        if self.is_asking_near {
            return vec![("Enter", "go on with the marked files"), ("Space", "mark or not"), ("Esc", "another file")];
        }
        let is_compared = room.backup.as_ref().is_some_and(|backup| backup.compared.is_some());
        let mut keys = vec![("Enter", if is_compared { "go on" } else { "compare and go on" })];
        if self.can_ask_near(room) {
            keys.push(("F5", "files beside it"));
        }
        keys.push(("Esc", "another file"));
        keys
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn help(&self) -> &'static str {
        "INTACT means that the file is as it was written, not that it is genuine: anybody can write a file. Names are unverified until the backup is open.\nA public card, which is no secret, has 16 fingerprint words. The program asks for one of them, so that somebody really looks. Whoever has no card types none; that is noted in the record."
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        match key {
            Key::Enter if self.is_asking_near => self.unite(room),
            Key::Enter => self.compare(room),
            Key::Esc if room.is_holding() => {
                self.message = Some(
                    "Verified phrases or typed words are kept. Go on with Enter; ^C leaves and wipes them.".to_owned(),
                );
                Reaction::Stay
            }
            Key::Esc => Reaction::Back,
            Key::F(5) if self.can_ask_near(room) => {
                self.is_asking_near = true;
                Reaction::Stay
            }
            Key::Char(' ') if self.is_asking_near => {
                let chosen = self.rows.chosen(self.marks.len());
                if let Some(mark) = chosen.and_then(|index| self.marks.get_mut(index)) {
                    *mark = !*mark;
                }
                Reaction::Stay
            }
            key if self.is_asking_near => {
                self.rows.on_key(key, self.marks.len());
                Reaction::Stay
            }
            // Somebody types a phrase where one word of a card is asked for: it must not stand here in clear.
            Key::Char(c) if c.is_whitespace() => {
                self.typed.clear();
                self.message =
                    Some("One word of the card is asked for here. Recovery phrases come later, masked.".to_owned());
                Reaction::Stay
            }
            key => {
                self.typed.on_key(key);
                Reaction::Stay
            }
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, room: &mut Room) -> Reaction {
        match outcome {
            Outcome::Loaded(Ok(summary)) => {
                room.load(*summary);
                let is_asking_near = false;
                *self = Self { is_asking_near, ..Self::of(room) };
                Reaction::Stay
            }
            Outcome::Loaded(Err(Trouble { what, hint })) => {
                self.message = Some(format!("Not opened: {what} {hint}"));
                room.record.is_refused = true;
                Reaction::Stay
            }
            _ => Reaction::Stay,
        }
    }

    fn draw(&self, room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let Some(backup) = &room.backup else {
            wrapped(
                area,
                0,
                self.message.as_deref().unwrap_or("No backup is loaded. Esc goes back."),
                theme::BAD,
                buffer,
            );
            return None;
        };
        let mut y = facts(backup, area, buffer);
        if self.is_asking_near {
            self.draw_near(&backup.summary, Rect { y: area.y + y, height: area.height - y, ..area }, buffer);
            return None;
        }
        let mut cursor = None;
        match backup.compared {
            None => {
                let question =
                    format!("Fingerprint word {} on a public card (or \"none\"): ", backup.summary.asked + 1);
                let x = put(area, 0, y + 1, &question, theme::STRONG, buffer);
                let x = put(area, x, y + 1, &Safe(self.typed.text()).to_string(), theme::FIELD, buffer);
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

/// The most columns of a file's name, and of the list of what is damaged: more would push the question away.
const NAME: usize = 60;
const VERDICT: usize = 150;

fn facts(backup: &Loaded, area: Rect, buffer: &mut Buffer) -> u16 {
    let summary = &backup.summary;
    let mut y = 0;
    for file in &summary.files {
        let style = if file.is_damaged { theme::BAD } else { theme::GOOD };
        y = wrapped(
            area,
            y,
            &format!("{}: {}", brief(file_name(&file.name), NAME), brief(&file.verdict, VERDICT)),
            style,
            buffer,
        );
        if let Some(warning) = file.warning() {
            y = wrapped(area, y, &format!("! {warning}"), theme::CARE, buffer);
        }
    }
    for other in summary.others.iter().map(|other| brief(other, NAME)) {
        y = wrapped(
            area,
            y,
            &format!("! {other} is of another backup; used only to recognise phrases."),
            theme::CARE,
            buffer,
        );
    }
    let made = summary.created.as_deref().unwrap_or("unknown");
    let holds = summary.counts.map_or_else(
        || "unknown".to_owned(),
        |(vaults, accounts, codes)| {
            format!(
                "{vaults} vaults, {accounts} accounts with {codes} codes, as the file claims (keys are not counted)"
            )
        },
    );
    let names: Vec<String> =
        summary.shareholders.iter().map(|holder| format!("{} {}", holder.number, holder.title())).collect();
    for (label, value) in [
        ("Organization", super::unverified(backup, 72)),
        ("Made", format!("{made}, sequence {}", summary.sequence)),
        ("Opens with", format!("any {} of {} shareholders", summary.threshold, summary.shareholders.len())),
        ("Shareholders", names.join(", ")),
        ("Phrases", format!("{} words, {}", summary.form.words.words(), summary.form.language.title())),
        ("Holds", holds),
    ] {
        // In a small window the practice card matters more.
        if backup.summary.sheets.is_some() && area.height < 18 && matches!(label, "Phrases" | "Holds") {
            continue;
        }
        put(area, 0, y, label, theme::LABEL, buffer);
        // Two rows at most: sixteen long names must not push the question away.
        let value_area =
            Rect { x: area.x + 14, width: area.width.saturating_sub(14), height: area.height.min(y + 2), ..area };
        y = wrapped(value_area, y, &value, theme::PLAIN, buffer).max(y + 1);
    }
    y
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The public card of the built-in training backup: as much of it as there is room for, the word that is asked for first of all.
fn card(words: &[&str], asked: usize, area: Rect, y: u16, buffer: &mut Buffer) {
    put(area, 0, y, "Practice card", theme::LABEL, buffer);
    let lines: Vec<(usize, &[&str])> = words.chunks(4).enumerate().collect();
    let room = usize::from(area.height.saturating_sub(y + 1));
    let first = if room < lines.len() { asked / 4 } else { 0 };
    for (row, (line, words)) in (y + 1..).zip(lines.into_iter().skip(first)) {
        let numbered: Vec<String> =
            words.iter().enumerate().map(|(column, word)| format!("{:>2} {word:<11}", line * 4 + column + 1)).collect();
        put(area, 0, row, numbered.join(" ").trim_end(), theme::PLAIN, buffer);
    }
}
