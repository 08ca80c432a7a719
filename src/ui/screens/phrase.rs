//! Phrase: the words of one shareholder in numbered cells. Shows the word that is being typed and nothing else, unless somebody
//! asks; keeps every word after a failed check.

mod cells;

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::phrase::PhraseError;
use crate::domain::phrase_entry::{CellState, PhraseEntry, Taken};
use crate::effect::{Answer, Effect, Elsewhere, Outcome, Trouble};
use crate::ui::key::Key;
use crate::ui::room::Room;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{put, wrapped};

pub struct EnterPhrase {
    /// Nothing is shown, not even the word that is being typed.
    is_masked: bool,
    /// Nobody typed for a while, or something lay over the screen: the same until the next key.
    is_resting: bool,
    /// All words are shown until then.
    shown_until: Option<Duration>,
    message: Option<Message>,
    /// Whose practice sheet stands beside the entry, from 0.
    sheet: usize,
}

struct Message {
    is_bad: bool,
    text: String,
}

/// How long F3 shows the words.
const SHOWN_FOR: Duration = Duration::from_secs(5);

impl EnterPhrase {
    pub fn of(room: &Room) -> Self {
        let board = room.backup.as_ref().map(|backup| &backup.board);
        let next =
            board.and_then(|board| board.shareholders().iter().position(|holder| !board.is_verified(holder.number)));
        // A half-typed word of somebody who went away stays hidden.
        let is_masked = room.entry.as_ref().is_some_and(|entry| !entry.reveal_typing().is_empty());
        Self { is_masked, is_resting: false, shown_until: None, message: None, sheet: next.unwrap_or(0) }
    }

    fn say(&mut self, is_bad: bool, text: impl Into<String>) -> Reaction {
        self.message = Some(Message { is_bad, text: text.into() });
        Reaction::Stay
    }

    /// Space and its like: the word is complete.
    fn separate(&mut self, entry: &mut PhraseEntry) -> Reaction {
        let at = entry.current();
        match entry.take() {
            Taken::NotInList => self.not_in_list(at, entry),
            Taken::NoSuchCell => self.say(true, format!("There are cells 1 to {}.", entry.len())),
            _ => Reaction::Stay,
        }
    }

    fn not_in_list(&mut self, index: usize, entry: &PhraseEntry) -> Reaction {
        let list = entry.form().language.title();
        self.say(
            true,
            format!("Word {} is not in the {list} list. Go back to it with Up and look at the paper, or go on: it stays marked.", index + 1),
        )
    }

    /// Enter: the next word; after the last one, the check.
    fn enter(&mut self, entry: &mut PhraseEntry) -> Reaction {
        let at = entry.current();
        let taken = entry.take();
        match (taken, entry.first_open()) {
            (Taken::NoSuchCell, _) => self.say(true, format!("There are cells 1 to {}.", entry.len())),
            (Taken::Went, _) => Reaction::Stay,
            (_, None) => match entry.phrase() {
                Ok(phrase) => {
                    self.message = None;
                    self.shown_until = None;
                    Reaction::Perform(Effect::Check { phrase }, "Checking the phrase")
                }
                Err(error @ PhraseError::Checksum) => self.say(
                    true,
                    format!(
                        "{}. All words are kept. {} F3 shows them for 5 s.",
                        capital(&error.to_string()),
                        error.hint()
                    ),
                ),
                Err(error) => self.say(true, format!("{}. {}", capital(&error.to_string()), error.hint())),
            },
            (Taken::NotInList, Some(_)) => {
                entry.go(at);
                let list = entry.form().language.title();
                self.say(true, format!("Word {} is not in the {list} list. Look at the paper and type it again; Down goes on without it.", at + 1))
            }
            (Taken::InList, Some(_)) if entry.current() < entry.len() => Reaction::Stay,
            (Taken::Nothing, Some(_)) if at < entry.len() && entry.state(at) == CellState::Empty => {
                let (filled, all) = (entry.filled(), entry.len());
                let left_out = if filled + 1 == all {
                    format!(" {filled} of {all} are typed: was one left out?")
                } else {
                    String::new()
                };
                self.say(
                    false,
                    format!("Word {} is empty: type it, or go to another with Up and Down.{left_out}", at + 1),
                )
            }
            (_, Some(_)) => {
                let from = if at < entry.len() { at + 1 } else { 0 };
                let open = next_open(entry, from);
                let state = entry.state(open);
                entry.go(open);
                let what = if state == CellState::Empty { "is still empty" } else { "is not in the list" };
                self.say(true, format!("Word {} {what}. Look at the paper; the other words are kept.", open + 1))
            }
        }
    }

    fn answered(&mut self, answer: &Answer, room: &mut Room) -> Reaction {
        let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}."));
        match answer {
            Answer::Verified { number, who } | Answer::AlreadyEntered { number, who } => {
                room.verify(*number, who);
                if let Some(backup) = &mut room.backup {
                    backup.last_answer = Some(format!("{answer}{hint}"));
                }
                super::after_phrase(room)
            }
            Answer::AlteredFile { .. } => {
                room.record.altered += 1;
                self.say(true, format!("{answer}{hint} The words are kept."))
            }
            Answer::NotOfThisBackup { elsewhere } => {
                room.record.wrong += 1;
                // Without the fingerprint, which is too long for a glance.
                let what = elsewhere.as_ref().map_or_else(
                    || answer.to_string(),
                    |Elsewhere { who, file, .. }| format!("not a phrase of this backup, but that of {who} in {file}"),
                );
                self.say(true, format!("{what}{hint} The words are kept."))
            }
            Answer::CannotBeJudged => self.say(true, format!("{answer}{hint}")),
        }
    }
}

/// The first cell without a word of the list, from `from` on and then from the beginning.
fn next_open(entry: &PhraseEntry, from: usize) -> usize {
    let is_open = |index: &usize| entry.state(*index) != CellState::InList;
    (from..entry.len()).find(is_open).or_else(|| (0..entry.len()).find(is_open)).unwrap_or(0)
}

impl Screen for EnterPhrase {
    fn title(&self) -> &'static str {
        "Phrase"
    }

    fn keys(&self, room: &Room) -> Vec<KeyHint> {
        let is_last = room.entry.as_ref().is_some_and(|entry| {
            let open = (0..entry.len()).filter(|index| entry.state(*index) != CellState::InList).count();
            open == 0 || (open == 1 && entry.state(entry.current()) == CellState::Typing)
        });
        let mut keys = vec![("Enter", if is_last { "check the phrase" } else { "next word" })];
        keys.extend([("Tab", "complete"), ("Up/Down", "move"), ("Esc", "back"), ("F2", "mask"), ("F3", "show 5 s")]);
        if room.backup.as_ref().is_some_and(|backup| backup.summary.sheets.is_some()) {
            keys.push(("PgDn", "sheet"));
        }
        keys
    }

    fn help(&self) -> &'static str {
        "Type the words in the order of their numbers, a space or Enter after each. Four letters are enough. Capitals do not matter.\nArrows go to any word: typing replaces it, Backspace empties it. A number and a space go to that cell.\nAfter the last word Enter checks the phrase; that takes a moment. Nothing is lost when it is wrong. The words are kept until they are verified or you start a new phrase."
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        let rows =
            room.backup.as_ref().map_or(1, |backup| cells::rows(backup.summary.form, backup.summary.sheets.is_some()));
        let holders = room.backup.as_ref().map_or(1, |backup| backup.summary.shareholders.len());
        let Some(entry) = &mut room.entry else { return Reaction::Back };
        let at = entry.current();
        if !matches!(key, Key::F(2 | 3)) {
            self.message = None;
        }
        self.is_resting = false;
        match key {
            Key::Enter => return self.enter(entry),
            Key::Esc => return Reaction::Back,
            Key::Tab if !entry.complete() && !entry.reveal_typing().is_empty() => {
                return self.say(false, "Several words begin so, or none: type on.");
            }
            Key::F(2) => self.is_masked = !self.is_masked,
            Key::F(3) => {
                self.shown_until = match self.shown_until {
                    Some(_) => None,
                    None => Some(room.now + SHOWN_FOR),
                };
            }
            Key::Up | Key::BackTab => entry.go(at.saturating_sub(1)),
            Key::Down => entry.go(at + 1),
            Key::Left => entry.go(at.saturating_sub(rows)),
            Key::Right => entry.go((at + rows).min(entry.len())),
            Key::Home => entry.go(0),
            Key::End => entry.go(entry.len()),
            Key::PageDown => self.sheet = (self.sheet + 1) % holders.max(1),
            Key::PageUp => self.sheet = (self.sheet + holders.saturating_sub(1)) % holders.max(1),
            Key::Backspace => entry.backspace(),
            Key::Delete | Key::Ctrl('u') => entry.clear_cell(),
            Key::Char(c) if c.is_whitespace() || matches!(c, ',' | ';' | '.') => return self.separate(entry),
            Key::Char(c) if !entry.push(c) => {
                if at == entry.len() {
                    let all = entry.len();
                    return self.say(
                        false,
                        format!("There are {all} words, and all are typed. Enter checks them; arrows go to a word."),
                    );
                }
                return self
                    .say(false, "Words have letters only. A number goes to its cell: type it first, then a space.");
            }
            _ => {}
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, room: &mut Room) -> Reaction {
        let Outcome::Checked { answer, took } = outcome else { return Reaction::Stay };
        match answer {
            Ok(answer) => {
                if let Some(backup) = &mut room.backup {
                    backup.derivation = took;
                }
                self.answered(&answer, room)
            }
            Err(Trouble { what, hint }) => self.say(true, format!("{what} {hint} The words are kept.")),
        }
    }

    fn hide(&mut self) {
        self.shown_until = None;
        self.is_resting = true;
    }

    fn until(&self) -> Option<Duration> {
        self.shown_until
    }

    fn expire(&mut self) {
        self.shown_until = None;
    }

    fn draw(&self, room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let (backup, entry) = (room.backup.as_ref()?, room.entry.as_ref()?);
        let number = (entry.current() + 1).min(entry.len());
        let list = entry.form().language.title();
        let is_shown = self.shown_until.is_some();
        let mode = match (is_shown, self.is_masked, self.is_resting && !entry.reveal_typing().is_empty()) {
            (true, _, _) => "All words are SHOWN",
            (false, true, _) => "Masked (F2 unmasks)",
            (false, false, true) => "Masked until the next key",
            (false, false, false) => "",
        };
        let head = format!("Word {number} of {} ({list})", entry.len());
        put(area, 0, 0, &head, theme::STRONG, buffer);
        put(area, 0, 1, mode, theme::CARE, buffer);
        let sheet = backup.summary.sheets;
        let rows = u16::try_from(cells::rows(entry.form(), sheet.is_some())).unwrap_or(u16::MAX);
        let width = if sheet.is_some() { area.width / 2 } else { area.width };
        let grid = Rect { y: area.y + 2, width, height: rows.min(area.height.saturating_sub(2)), ..area };
        let view = cells::View { is_masked: self.is_masked || self.is_resting, is_shown };
        let cursor = cells::draw(entry, view, grid, buffer);
        if let Some(sheets) = sheet {
            let panel = Rect { x: area.x + width, width: area.width - width, height: rows + 2, ..area };
            cells::draw_sheet(sheets, self.sheet, &backup.summary.shareholders, panel, buffer);
        }
        let y = 2 + rows + 1;
        put(area, 0, y, &self.remark(entry), theme::PLAIN, buffer);
        if let Some(Message { is_bad, text }) = &self.message {
            let (mark, style) = if *is_bad { ("! ", theme::BAD) } else { ("", theme::CARE) };
            wrapped(area, y + 1, &format!("{mark}{text}"), style, buffer);
        }
        cursor
    }
}

impl EnterPhrase {
    /// What can be said of the word that is being typed. Nothing while it is masked.
    fn remark(&self, entry: &PhraseEntry) -> String {
        if self.is_masked
            || self.is_resting
            || entry.reveal_typing().is_empty()
            || entry.reveal_typing().starts_with(|c: char| c.is_ascii_digit())
        {
            return String::new();
        }
        match entry.completion() {
            (0, _) => format!("No word of the {} list begins so.", entry.form().language.title()),
            _ if entry.form().language.find(entry.reveal_typing()).is_some() => "In the list.".to_owned(),
            (1, _) => "One word begins so; Tab completes it.".to_owned(),
            (count, _) => format!("{count} words begin so."),
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
