//! Phrase: the words of one shareholder in numbered cells. Shows the word that is being typed and nothing else, unless somebody
//! asks; keeps every word after a failed check.

mod cells;
mod check;
mod large;
mod remarks;

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use super::repair::FindSlip;
use crate::domain::keyboard::Keyboard;
use crate::domain::phrase_entry::{CellState, Pasted, PhraseEntry, Taken, is_separator};
use crate::domain::repair::Repair;
use crate::effect::{Outcome, Trouble};
use crate::ui::key::Key;
use crate::ui::room::{Room, Search};
use crate::ui::screen::{KeyHint, Reaction, Screen};

/// The phrase of one shareholder.
pub struct EnterPhrase {
    /// Nothing is shown, not even the word that is being typed.
    is_masked: bool,
    /// Nobody typed for a while, or something lay over the screen: the same until the next key.
    is_resting: bool,
    letters: Letters,
    /// All words are shown until then.
    shown_until: Option<Duration>,
    message: Option<Message>,
    /// The cell that was just left with a word of no list: near ones are offered for it.
    left: Option<usize>,
    /// Pasted, and waits for consent.
    pasted: Option<Zeroizing<String>>,
    /// A check failed: the search for the slip is offered.
    has_failed: bool,
    /// Whose practice sheet stands beside the entry, from 0.
    sheet: usize,
}

/// How the words are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    /// All cells.
    Small,
    /// One word at a time, five rows high.
    Large,
}

struct Message {
    is_bad: bool,
    text: String,
}

/// How long F3 shows the words.
const SHOWN_FOR: Duration = Duration::from_secs(5);
/// How many near words are offered.
const NEAR: usize = 5;

impl EnterPhrase {
    pub fn of(room: &Room) -> Self {
        let board = room.backup.as_ref().map(|backup| &backup.board);
        let next =
            board.and_then(|board| board.shareholders().iter().position(|holder| !board.is_verified(holder.number)));
        // A half-typed word of somebody who went away stays hidden.
        let is_masked = room.entry.as_ref().is_some_and(|entry| !entry.reveal_typing().is_empty());
        Self {
            is_masked,
            is_resting: false,
            letters: Letters::Small,
            shown_until: None,
            message: None,
            left: None,
            pasted: None,
            has_failed: room.search.is_some(),
            sheet: next.unwrap_or(0),
        }
    }

    fn say(&mut self, is_bad: bool, text: impl Into<String>) -> Reaction {
        self.message = Some(Message { is_bad, text: text.into() });
        Reaction::Stay
    }

    /// Space and its like: the word is complete.
    fn separate(&mut self, entry: &mut PhraseEntry, keyboard: Keyboard) -> Reaction {
        let at = entry.current();
        match entry.take() {
            Taken::NotInList => {
                self.left = Some(at);
                let text = remarks::not_in_list(at, entry)
                    + "Pick a near word, go back to it with Up, or go on: it stays marked."
                    + &self.keys_hint(entry, keyboard);
                self.say(true, text)
            }
            taken => self.remark_on(taken, at, entry),
        }
    }

    /// What is said of the ways to take a word that need saying.
    fn remark_on(&mut self, taken: Taken, at: usize, entry: &PhraseEntry) -> Reaction {
        match taken {
            Taken::NoSuchCell => self.say(true, format!("There are cells 1 to {}.", entry.len())),
            Taken::NoSuchWord => self.say(true, "The words of a list have the numbers 1 to 2048."),
            Taken::OneOrTwo => self.say(
                false,
                "Was that one word, or two of which the second begins like the end of the first? Press 1 or 2.",
            ),
            Taken::Unreadable => self.say(
                false,
                format!(
                    "Word {} is marked as unreadable. When all others are there, F9 tries every word for it.",
                    at + 1
                ),
            ),
            Taken::Nothing | Taken::InList | Taken::NotInList | Taken::Went => Reaction::Stay,
        }
    }

    /// What may be said of other keys that make words of what was typed. Nothing while it is masked.
    fn keys_hint(&self, entry: &PhraseEntry, keyboard: Keyboard) -> String {
        let other = Keyboard::that_reads(entry.form().language, &entry.reveal_unknown());
        match other.filter(|_| keyboard.is_plain() && !self.is_masked) {
            Some(other) => format!(" On {} keys it would be one: F8 says what is on the keys.", other.caps().title()),
            None => String::new(),
        }
    }

    /// The cell for which near words are offered, and whether a digit picks one. With numbers of cells being typed it does not.
    fn offered(&self, entry: &PhraseEntry) -> Option<(usize, bool)> {
        if self.is_masked || self.is_resting {
            return None;
        }
        if entry.is_returned() {
            return Some((entry.current(), true));
        }
        let left =
            self.left.filter(|left| entry.state(*left) == CellState::NotInList && entry.reveal_typing().is_empty());
        left.map(|left| (left, !entry.is_by_number()))
    }

    /// A digit picks a near word, or answers whether it was one word or two; says whether it did.
    fn pick(&mut self, key: Key, entry: &mut PhraseEntry) -> Option<Reaction> {
        let Key::Char(c @ '1'..='5') = key else { return None };
        if entry.is_one_or_two() && matches!(c, '1' | '2') {
            let at = entry.current();
            let taken = entry.resolve(c == '2');
            return Some(self.remark_on(taken, at, entry));
        }
        let (index, _) = self.offered(entry).filter(|(_, picks)| *picks)?;
        let near = entry.reveal_near(index);
        let position = *near.get(..NEAR.min(near.len()))?.get(usize::try_from(c.to_digit(10)?).ok()? - 1)?;
        entry.pick(index, position);
        self.left = None;
        Some(self.say(false, format!("Word {} was replaced by near word {c}.", index + 1)))
    }

    /// Takes pasted words.
    fn paste(&mut self, text: &str, entry: &mut PhraseEntry) -> Reaction {
        let Pasted { in_list, not_in_list, is_too_much } = entry.paste(text);
        let mut said = format!("{in_list} pasted words are in the list.");
        if not_in_list > 0 {
            said = format!("{said} {not_in_list} are not: they are marked.");
        }
        if is_too_much {
            said.push_str(" Not all of it found room, or a number had no cell.");
        }
        said.push_str(" Empty the clipboard now: the program cannot.");
        self.say(not_in_list > 0 || is_too_much, said)
    }

    /// Looks for the slip, or goes on with the search for it.
    fn find_slip(&mut self, room: &mut Room) -> Reaction {
        let Some(entry) = &mut room.entry else { return Reaction::Back };
        entry.go(entry.current());
        let Some(repair) = Repair::of(entry) else {
            return self.say(true, "For that at most two words may be missing or unknown. Type the others first; ? stands for one that cannot be read.");
        };
        if room.search.as_ref().is_none_or(|search| !search.repair.is_for_the_words_of(&repair)) {
            room.search = Some(Search { repair, took: Duration::ZERO, derived: 0 });
        }
        Reaction::Replace(Box::new(FindSlip::default()))
    }
}

impl Screen for EnterPhrase {
    fn title(&self) -> &'static str {
        "Phrase"
    }

    fn keys(&self, room: &Room) -> Vec<KeyHint> {
        if self.pasted.is_some() {
            return vec![("y", "use what was pasted"), ("any other key", "drop it")];
        }
        let is_last = room.entry.as_ref().is_some_and(|entry| {
            let open = (0..entry.len()).filter(|index| entry.state(*index) != CellState::InList).count();
            open == 0 || (open == 1 && entry.state(entry.current()) == CellState::Typing)
        });
        let mut keys = vec![("Enter", if is_last { "check the phrase" } else { "next word" })];
        keys.push(if self.has_failed { ("F9", "find the slip") } else { ("Tab", "complete") });
        keys.extend([("Up/Down", "move"), ("Esc", "back")]);
        if !self.has_failed {
            keys.push(("F2", "mask"));
        }
        keys.push(("F3", "show 5 s"));
        if room.backup.as_ref().is_some_and(|backup| backup.summary.sheets.is_some()) {
            keys.push(("PgDn", "sheet"));
        }
        keys
    }

    fn further_keys(&self, _room: &Room) -> Vec<KeyHint> {
        vec![
            ("F4 or ^B", "large letters"),
            ("F5 or ^F", "card mode"),
            ("F6 or ^O", "a word was left out here"),
            ("F7 or ^D", "take this word out"),
            ("F9 or ^P", "find the slip"),
            ("^T", "mask"),
            ("^R", "show 5 s"),
            ("^U", "empty the cell"),
        ]
    }

    fn help(&self) -> &'static str {
        "Type the words in the order of their numbers, a space or Enter after each. Four letters are enough; capitals and accents do not matter. After the last word Enter checks the phrase. Nothing is lost when it is wrong: the words are kept.\nArrows go to any word: typing replaces it, Backspace empties it. A number and a space go to that cell. ? stands for a word that cannot be read, =1234 for the number of a word in its list.\nCard mode: the fourth letter accepts a word, without a space."
    }

    fn on_show(&mut self, _room: &mut Room) -> Reaction {
        self.message = None;
        self.left = None;
        Reaction::Stay
    }

    fn on_key(&mut self, key: Key, room: &mut Room) -> Reaction {
        if key == Key::F(9) && self.pasted.is_none() {
            return self.find_slip(room);
        }
        let keyboard = room.keyboard;
        let rows =
            room.backup.as_ref().map_or(1, |backup| cells::rows(backup.summary.form, backup.summary.sheets.is_some()));
        let holders = room.backup.as_ref().map_or(1, |backup| backup.summary.shareholders.len());
        let Some(entry) = &mut room.entry else { return Reaction::Back };
        if let Some(text) = self.pasted.take() {
            self.message = None;
            if !matches!(key, Key::Char('y' | 'Y')) {
                return self.say(false, "What was pasted is wiped.");
            }
            room.may_paste = true;
            return self.paste(&text, entry);
        }
        let at = entry.current();
        if let Some(reaction) = self.pick(key, entry) {
            return reaction;
        }
        if !matches!(key, Key::F(2..=4)) {
            self.message = None;
            self.left = None;
        }
        self.is_resting = false;
        match key {
            Key::Enter => return self.enter(entry, keyboard),
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
            Key::F(4) => {
                self.letters = if self.letters == Letters::Small { Letters::Large } else { Letters::Small };
            }
            Key::F(5) => {
                entry.set_card(!entry.is_card());
                let text = remarks::card_mode(entry);
                return self.say(false, text);
            }
            Key::F(6) => {
                let text = remarks::insert(entry.insert_cell(), at);
                return self.say(false, text);
            }
            Key::F(7) => {
                entry.remove_cell();
                return self.say(false, format!("Word {} was taken out; those behind it moved back.", at + 1));
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
            Key::Char(c) if is_separator(c) => return self.separate(entry, keyboard),
            Key::Char(c) if !entry.push(c) => {
                let text = remarks::not_used(at, entry);
                return self.say(false, text);
            }
            _ => {}
        }
        Reaction::Stay
    }

    fn on_paste(&mut self, text: &str, room: &mut Room) -> Reaction {
        let Some(entry) = &mut room.entry else { return Reaction::Back };
        self.message = None;
        self.left = None;
        if room.may_paste {
            return self.paste(text, entry);
        }
        if text.chars().all(is_separator) {
            return Reaction::Stay;
        }
        let mut kept = Zeroizing::new(String::with_capacity(text.len()));
        kept.push_str(text);
        self.pasted = Some(kept);
        self.say(true, "Something was pasted. What is in a clipboard can be read by other programs, and stays there. Use it all the same? y uses it, any other key drops it.")
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
        if self.pasted.take().is_some() {
            self.message = None;
        }
    }

    fn until(&self) -> Option<Duration> {
        self.shown_until
    }

    fn expire(&mut self) {
        self.shown_until = None;
    }

    fn draw(&self, room: &Room, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.draw_desk(room, area, buffer)
    }
}
