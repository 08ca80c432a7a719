//! Phrase: the words of one shareholder in numbered cells. Shows the word that is being typed and nothing else, unless somebody
//! asks; keeps every word after a failed check.

mod cells;
mod check;
mod large;
mod making;
mod paste;
mod pick;
mod remarks;

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use self::making::{recovery, sheets};
pub use self::remarks::STAY_HIDDEN;
use crate::domain::phrase_entry::{CellState, PhraseEntry, Taken, is_separator};
use crate::domain::typed::{is_invisible, plain};
use crate::effect::{Outcome, Trouble};
use crate::journey::desk::Unfinished;
use crate::journey::{Route, Task};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};

/// The phrase of one shareholder.
pub struct EnterPhrase {
    hidden: Hidden,
    /// Nobody typed for a while, or something lay over the screen: the same until the next key.
    is_resting: bool,
    /// All words are shown until then.
    shown_until: Option<Duration>,
    message: Option<Message>,
    offer: Offer,
    /// Pasted, and waits for consent.
    pasted: Option<Zeroizing<String>>,
    /// A check failed: the search for the slip is offered.
    has_failed: bool,
    /// The phrase was asked for again, which wipes what was typed of it.
    is_seeing_again: bool,
    task: Task,
    /// Whose practice sheet stands beside the entry, from 0.
    sheet: usize,
}

/// Whether words that were there before are hidden.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    No,
    /// A half-typed word of somebody who went away: until F2.
    UntilAsked,
    /// Nobody knows who sits here now, and whose they are: they are shown to nobody.
    ForGood,
}

impl Hidden {
    fn half_typed(console: &Console) -> Self {
        let typing = console.journey.desk.entry.as_deref().map_or("", PhraseEntry::reveal_typing);
        if typing.starts_with(char::is_alphabetic) { Self::UntilAsked } else { Self::No }
    }
}

/// For which cell near words are offered beside the current one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Offer {
    Usual,
    /// For the cell that was just left with a word of no list.
    Left(usize),
    /// The current cell was just gone to by its number: on purpose, also where numbers are typed before words.
    Gone,
    /// One was just picked by this digit, which may turn out to be one of a number.
    Picked(char),
}

struct Message {
    is_bad: bool,
    text: String,
    /// Letters do not take it away: something that was accepted is not there any more.
    stays: bool,
}

/// How long F3 shows the words.
const SHOWN_FOR: Duration = Duration::from_secs(5);
/// How many near words are offered.
const NEAR: usize = 5;
/// How many words are listed that begin with what is typed: a digit picks one.
const COMPLETIONS: usize = 9;

impl EnterPhrase {
    /// Behind a wall: what was typed before may be of somebody else.
    pub fn of(console: &Console) -> Self {
        let board = recovery(console).map(|backup| &backup.board);
        let next =
            board.and_then(|board| board.shareholders().iter().position(|holder| !board.is_verified(holder.number)));
        let is_kept = console.journey.desk.entry.as_ref().is_some_and(Unfinished::is_kept);
        Self {
            hidden: if is_kept { Hidden::ForGood } else { Hidden::half_typed(console) },
            is_resting: false,
            shown_until: None,
            message: None,
            offer: Offer::Usual,
            pasted: None,
            task: console.journey.desk.task,
            is_seeing_again: false,
            has_failed: console.journey.desk.task == Task::Recovery && console.journey.desk.search().is_some(),
            sheet: next.unwrap_or(0),
        }
    }

    fn say(&mut self, is_bad: bool, text: impl Into<String>) -> Reaction {
        self.message = Some(Message { is_bad, text: text.into(), stays: false });
        Reaction::Stay
    }

    /// Space and its like: the word is complete.
    fn separate(&mut self, entry: &mut PhraseEntry, is_hidden: bool, may_hint: bool) -> Reaction {
        let at = entry.current();
        match entry.take() {
            Taken::InList | Taken::NotInList | Taken::Unreadable if at == entry.len() => {
                let text = remarks::extra(entry);
                self.say(true, text)
            }
            Taken::NotInList => {
                self.offer = Offer::Left(at);
                let has_near = !is_hidden && self.has_near(at, entry);
                let what = if has_near { remarks::PICK_OR_GO_BACK } else { remarks::GO_BACK };
                let text = remarks::not_in_list(at, entry) + what + &Self::keys_hint(entry, may_hint);
                self.say(true, text)
            }
            Taken::Nothing if at == entry.len() => {
                let text = remarks::behind(entry, self.task);
                self.say(false, text)
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
            Taken::Unreadable => self.say(false, remarks::unreadable(at, self.task)),
            Taken::Went => {
                self.offer = Offer::Gone;
                Reaction::Stay
            }
            Taken::Nothing | Taken::InList | Taken::NotInList => Reaction::Stay,
        }
    }

    fn on_desk_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        if key == Key::F(9) && self.pasted.is_none() {
            return self.help_out(console);
        }
        self.is_seeing_again = false;
        let is_hidden = self.is_hidden(console);
        let may_hint = console.keyboard.is_plain() && !is_hidden;
        let form = console.journey.desk.entry.as_deref().map(PhraseEntry::form);
        let rows = form.map_or(1, |form| cells::rows(form, sheets(console).is_some()));
        let holders = recovery(console).map_or(1, |backup| backup.summary.shareholders.len());
        let Some(entry) = console.journey.desk.entry.as_deref_mut() else { return Reaction::Back };
        if let Some(text) = self.pasted.take() {
            self.message = None;
            if !matches!(key, Key::Char('y' | 'Y')) {
                return self.say(false, "What was pasted is wiped.");
            }
            console.may_paste = true;
            return self.paste(&text, entry);
        }
        if key == Key::Enter && making::is_done(console.journey.desk.task, console.journey.making.as_ref()) {
            return making::confirmed(None, console);
        }
        let at = entry.current();
        if matches!((self.offer, key), (Offer::Picked(_), Key::Char(' '))) {
            // The space that was needed behind the digit once.
            self.offer = Offer::Usual;
            return Reaction::Stay;
        }
        if let Some(reaction) = self.pick(key, console) {
            return reaction;
        }
        let Some(entry) = console.journey.desk.entry.as_deref_mut() else { return Reaction::Back };
        let is_letter = matches!(key, Key::Char(c) if c.is_alphabetic());
        if !matches!(key, Key::F(2..=4) | Key::Char('0'..='9')) {
            self.message = self.message.take().filter(|message| message.stays && is_letter);
            self.offer = Offer::Usual;
        }
        self.is_resting = false;
        match key {
            Key::F(2 | 3) if self.hidden == Hidden::ForGood => return self.say(false, remarks::STAY_MASKED),
            Key::Enter => return self.enter(is_hidden, may_hint, console),
            Key::Esc => return Reaction::Back,
            Key::Tab if !entry.complete() && !entry.reveal_typing().is_empty() => {
                return self.say(false, "Several words begin so, or none: type on.");
            }
            Key::F(2) => {
                console.journey.desk.look.is_masked =
                    !(console.journey.desk.look.is_masked || self.hidden == Hidden::UntilAsked);
                self.hidden = Hidden::No;
            }
            Key::F(3) => {
                self.shown_until = match self.shown_until {
                    Some(_) => None,
                    None => Some(console.journey.now + SHOWN_FOR),
                };
            }
            Key::F(4) => {
                let is_large = !console.journey.desk.look.is_large;
                console.journey.desk.look.is_large = is_large;
                if is_large {
                    return self.say(false, "One word in large letters. F4 shows all cells again.");
                }
            }
            Key::F(5..=7) => return self.change_cells(key, at, entry),
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
            Key::Char(c) if is_invisible(c) => return self.say(false, remarks::INVISIBLE),
            Key::Char(c) if is_separator(plain(c)) => return self.separate(entry, is_hidden, may_hint),
            Key::Char(c) if !entry.push(c) => {
                let text = remarks::not_used(at, entry, self.task);
                return self.say(false, text);
            }
            _ => {}
        }
        if entry.take_dropped() {
            return self.say(false, format!("What was typed is no word of the list: word {} stays as it was.", at + 1));
        }
        Reaction::Stay
    }

    /// Card mode, a cell put in or taken out.
    fn change_cells(&mut self, key: Key, at: usize, entry: &mut PhraseEntry) -> Reaction {
        match key {
            Key::F(5) => {
                entry.set_card(!entry.is_card());
                let text = remarks::card_mode(entry);
                self.say(false, text)
            }
            Key::F(6) if at < entry.len() && entry.state(at) == CellState::Empty => {
                self.say(false, format!("Word {} is empty already: type it here. Nothing moved.", at + 1))
            }
            Key::F(6) => {
                let text = remarks::insert(entry.insert_cell(), at);
                entry.take_dropped();
                self.say(false, text)
            }
            Key::F(7) => {
                if at == entry.len() && !entry.has_extra() && entry.reveal_typing().is_empty() {
                    return self.say(false, "Nothing was taken out: go to the word that is too many, then F7.");
                }
                let was_empty = entry.state(at) == CellState::Empty;
                entry.remove_cell();
                entry.take_dropped();
                // It was taken out on purpose.
                entry.take_replaced();
                let text = remarks::taken_out(at, was_empty, entry);
                self.say(false, text)
            }
            _ => Reaction::Stay,
        }
    }

    /// Whether what is typed may be seen.
    fn is_hidden(&self, console: &Console) -> bool {
        console.journey.desk.look.is_masked || self.hidden != Hidden::No || self.is_resting
    }

    /// Looks for the slip, or goes on with the search for it.
    fn find_slip(&mut self, console: &mut Console) -> Reaction {
        if !console.journey.plan_hunt() {
            return self.say(true, "For that at most two words may be missing or unknown. Type the others first; ? stands for one that cannot be read.");
        }
        Reaction::Replace(Route::Slip)
    }
}

impl Screen for EnterPhrase {
    fn title(&self) -> &'static str {
        "Phrase"
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        if self.pasted.is_some() {
            return vec![("y", "use what was pasted"), ("any other key", "drop it")];
        }
        let is_last = console.journey.desk.entry.as_ref().is_some_and(|entry| {
            let open = (0..entry.len()).filter(|index| entry.state(*index) != CellState::InList).count();
            open == 0 || (open == 1 && entry.state(entry.current()) == CellState::Typing)
        });
        let mut keys = vec![("Enter", if is_last { "check the phrase" } else { "next word" })];
        keys.push(match (self.has_failed, self.task) {
            (true, Task::Recovery) => ("F9", "find the slip"),
            (_, Task::Confirm { .. } | Task::TypeBack) => ("F9", "see the phrase again"),
            _ => ("Tab", "complete"),
        });
        keys.extend([("Up/Down", "move"), ("Esc", "back")]);
        if !self.has_failed && self.hidden != Hidden::ForGood {
            keys.push(("F2", "mask"));
        }
        if self.hidden != Hidden::ForGood {
            keys.push(("F3", "show 5 s"));
        }
        if sheets(console).is_some() {
            keys.push(("PgDn", "sheet"));
        }
        keys
    }

    fn further_keys(&self, _room: &Console) -> Vec<KeyHint> {
        let mut keys = vec![
            ("F4 or ^B", "large letters"),
            ("F5 or ^F", "card mode"),
            ("F6 or ^O", "word left out here"),
            ("F7 or ^D", "take word out"),
            ("^U", "empty the cell"),
            ("^T ^R", "F2 F3"),
        ];
        match self.task {
            Task::Recovery => keys.insert(4, ("F9 or ^P", "find the slip")),
            Task::Confirm { .. } | Task::TypeBack => keys.insert(4, ("F9 or ^P", "see the phrase again")),
            Task::Keep { .. } | Task::Verify => {}
        }
        keys
    }

    fn help(&self) -> &'static str {
        "A space or Enter ends each word. Four letters are enough. Enter after the last word checks. The words are kept when it is wrong.\nA number and a space go to a word; typing replaces it. ? is an unreadable word, =1234 a word by its number in the list."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        // What was checked last is done, and its words are gone.
        if console.journey.desk.entry.is_none() { Reaction::Back } else { Reaction::Stay }
    }

    fn intake(&self, _room: &Console) -> Intake {
        // A word that is typed on must not agree to what was pasted.
        if self.pasted.is_some() { Intake::Commands } else { Intake::Text }
    }

    fn on_keys_changed(&mut self) {
        self.message = None;
        self.offer = Offer::Usual;
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        let at = console.journey.desk.entry.as_deref().map(PhraseEntry::current);
        let unpicked = console.journey.desk.entry.as_deref_mut().and_then(|entry| self.unpick(key, entry));
        let reaction = self.on_desk_key(key, console);
        if let Some(entry) = console.journey.desk.entry.as_deref_mut() {
            // After the last cell a word that is missing before is typed next.
            if at.is_some_and(|at| at + 1 == entry.len()) && !matches!(key, Key::Down | Key::Right | Key::End) {
                self.go_to_gap(entry);
            }
            self.say_of_words(unpicked, entry);
        }
        reaction
    }

    fn on_paste(&mut self, text: &str, console: &mut Console) -> Reaction {
        self.take_pasted(text, console)
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        let (answer, took) = match outcome {
            Outcome::Checked { answer, took } => (answer, took),
            Outcome::Ceremony(outcome) => {
                let said = console.journey.hear_ceremony(*outcome);
                return self.heard(said, console);
            }
            Outcome::Device(said) => return self.heard_of_device(*said, console),
            _ => return Reaction::Stay,
        };
        match answer {
            Ok(answer) => self.answered(&answer, took, console),
            Err(Trouble { what, hint }) => self.say(true, format!("{what} {hint} The words are kept.")),
        }
    }

    fn hide(&mut self) {
        self.shown_until = None;
        self.is_resting = true;
        // Near words are not in view any more, and no digit picks one.
        if let Some(message) = &mut self.message {
            message.text = message.text.replace(remarks::PICK_OR_GO_BACK, remarks::GO_BACK);
            message.text = message.text.replace(remarks::PICK_OR_LOOK, remarks::LOOK);
        }
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

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.draw_desk(console, area, buffer)
    }
}
