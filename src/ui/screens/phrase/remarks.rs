//! What the phrase desk says, and how it is put on the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use super::{COMPLETIONS, EnterPhrase, Hidden, Message, NEAR, cells, large};
use crate::domain::keyboard::Keyboard;
use crate::domain::phrase_entry::{CellState, PhraseEntry};
use crate::journey::Task;
use crate::ui::console::Console;
use crate::ui::screens::ceremony::title_of;
use crate::ui::theme;
use crate::ui::widgets::{columns, put, wrapped};

/// Of a sign without width among the letters.
pub const INVISIBLE: &str = "A sign that nobody can see was left out.";

/// Said to whoever asks to see words that may be of somebody else.
pub const STAY_HIDDEN: &str = "These words were typed before; they stay hidden.";
pub const STAY_MASKED: &str =
    "These words were typed before; they stay hidden. Esc goes back to where they can be wiped.";

/// What can be done about a word that is in no list: with near words in view, and without them.
pub const PICK_OR_GO_BACK: &str = "Pick a near word by its digit, go back with Up, or go on: it stays marked.";
pub const GO_BACK: &str = "Go back to it, or go on: it stays marked.";
pub const PICK_OR_LOOK: &str =
    "Pick a near word by its digit, or look at the paper and type it again. Enter goes on without it.";
pub const LOOK: &str = "Look at the paper and type it again. Enter goes on without it.";

pub fn not_in_list(index: usize, entry: &PhraseEntry) -> String {
    let title = entry.form().language.title();
    let foreign =
        entry.suspected().map_or_else(String::new, |foreign| format!("Is the paper {foreign}? {} ", foreign.hint()));
    format!("Word {} is not in the {title} list. {foreign}", index + 1)
}

/// What most often makes a phrase nobody's, and the key that cures it. Goes to the word that is too many, where one is seen.
pub fn causes(entry: &mut PhraseEntry) -> String {
    if let Some(place) = entry.doubled() {
        entry.go(place);
        return format!(" Word {} is the same as word {place}: if the paper has it once, F7 takes it out.", place + 1);
    }
    let words = entry.len();
    // As many as a checksum leaves of all words for one place, and for any.
    let one = 2048_usize >> (words / 3);
    format!(
        " Compare with F3; a number and a space goes to a word. With ? in place of an unsure one F9 tries {one} phrases, not {}.",
        one * words
    )
}

/// Enter in an empty cell.
pub fn empty(at: usize, entry: &PhraseEntry) -> String {
    let (filled, all) = (entry.filled(), entry.len());
    let left_out = if filled + 1 == all {
        format!(" {filled} of {all} are typed. Was one left out? Its number and a space goes there; F6 makes room.")
    } else {
        String::new()
    };
    format!("Word {} is empty: type it, or go to another with Up and Down.{left_out}", at + 1)
}

/// Enter behind the last cell, while a cell holds no word of the list.
pub fn open(open: usize, entry: &PhraseEntry, task: Task) -> String {
    let what = match (entry.state(open), task) {
        (CellState::Empty, _) => "is still empty. Look at the paper",
        (CellState::Unreadable, Task::Recovery) => {
            "is marked as unreadable. Look at the paper again, or let F9 try every word for it"
        }
        (CellState::Unreadable, _) => "is marked as unreadable. Look at the paper again",
        (_, Task::Recovery) => "is not in the list. Look at the paper, or let F9 look for the slip",
        (_, _) => "is not in the list. Look at the paper",
    };
    let unknown: Vec<String> = (0..entry.len())
        .filter(|index| entry.state(*index) == CellState::NotInList)
        .map(|index| (index + 1).to_string())
        .collect();
    let all = if unknown.len() > 1 { format!(" Not in the list: {}.", unknown.join(", ")) } else { String::new() };
    format!("Word {} {what}; the other words are kept.{all}", open + 1)
}

pub fn card_mode(entry: &PhraseEntry) -> String {
    let text = if entry.is_card() {
        "Card mode: the fourth letter accepts a word, no space is needed. Shorter words are ended by a space. F5 ends it."
    } else if entry.form().language.is_latin() {
        "Card mode is off: a space or Enter ends each word."
    } else {
        "Card mode is for lists with the letters a to z."
    };
    text.to_owned()
}

/// F7: what moved, and where the cursor is.
pub fn taken_out(at: usize, was_empty: bool, entry: &PhraseEntry) -> String {
    let next = match entry.current() {
        current if current < entry.len() => format!(" Word {} is empty: it is typed next.", current + 1),
        _ => " All words are there.".to_owned(),
    };
    if was_empty {
        format!("Word {} was empty; those behind it moved back.{next}", at + 1)
    } else if at < entry.len() {
        format!("Word {} was taken out; those behind it moved back.{next}", at + 1)
    } else {
        format!("The word behind the last one was taken out.{next}")
    }
}

/// The last cell is filled, and one before is not.
pub fn gap(gap: usize, entry: &PhraseEntry) -> String {
    let is_filled = |index: usize| entry.state(index) != CellState::Empty;
    let late = if gap == 0 && (1..entry.len()).all(is_filled) {
        " Were all words typed one cell too late? F7 moves them back."
    } else {
        ""
    };
    format!("Word {} is empty: it is typed next.{late}", gap + 1)
}

/// A word more than the phrase has, or one that stands behind the last one while another is missing.
pub fn extra(entry: &mut PhraseEntry) -> String {
    let all = entry.len();
    if let Some(gap) = (0..all).find(|index| entry.state(*index) == CellState::Empty) {
        return format!(
            "That stands behind word {all}, and word {} is still empty. It is kept; F7 takes it out, to be typed where it belongs.",
            gap + 1
        );
    }
    let twice = match entry.doubled() {
        Some(place) => {
            entry.go(place);
            format!("Word {} is the same as word {place}: F7 takes it out, and those behind it move back.", place + 1)
        }
        None => "Was one typed twice? Go to it: F7 takes it out, and those behind it move back.".to_owned(),
    };
    format!("That is word {}, and the phrase has {all}. It is kept. {twice}", all + 1)
}

pub fn insert(is_done: bool, at: usize) -> String {
    if is_done {
        format!("Word {} is empty now; those behind it moved on. Type the word that was left out.", at + 1)
    } else {
        "No cell behind this one is empty, so nothing moved. F7 takes a word out that is too many.".to_owned()
    }
}

/// A word that was marked.
pub fn unreadable(at: usize, task: Task) -> String {
    let then = match task {
        Task::Recovery => "When all others are there, F9 tries every word for it.",
        Task::Confirm { .. } | Task::TypeBack => "F9 shows the phrase again: write it so that it can be read.",
        Task::Keep { .. } | Task::Verify => "Look at the paper again.",
    };
    format!("Word {} is marked as unreadable. {then}", at + 1)
}

/// Behind the last cell, where nothing more is taken: what is missing, and that is gone to.
pub fn behind(entry: &mut PhraseEntry, task: Task) -> String {
    match entry.first_open() {
        _ if entry.has_extra() => extra(entry),
        Some(missing) => {
            entry.go(missing);
            open(missing, entry, task)
        }
        None => format!("All {} words are there. Enter checks them.", entry.len()),
    }
}

/// A character that is part of no word.
pub fn not_used(at: usize, entry: &mut PhraseEntry, task: Task) -> String {
    if at == entry.len() {
        behind(entry, task)
    } else {
        "Words have letters only. A number goes to its cell: type it first, then a space.".to_owned()
    }
}

impl EnterPhrase {
    /// What may be said of other keys that make words of what was typed.
    pub(super) fn keys_hint(entry: &PhraseEntry, may_hint: bool) -> String {
        let other = Keyboard::that_reads(entry.form().language, &entry.reveal_unknown());
        match other.filter(|_| may_hint) {
            Some(other) => format!(" On {} keys it would be one: F8 says what is on the keys.", other.caps().title()),
            None => String::new(),
        }
    }

    pub(super) fn draw_desk(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let entry = console.journey.desk.entry.as_ref()?;
        let is_shown = self.shown_until.is_some();
        let is_masked = console.journey.desk.look.is_masked || self.hidden == Hidden::UntilAsked;
        let mode = match (is_shown, is_masked, self.is_resting && !entry.reveal_typing().is_empty()) {
            _ if self.hidden == Hidden::ForGood => "Masked: these words were typed before",
            (true, _, _) => "All words are SHOWN",
            (false, true, _) => "Masked (F2 unmasks)",
            (false, false, true) => "Masked until the next key",
            (false, false, false) => "",
        };
        let x = put(area, 0, 1, mode, theme::CARE, buffer);
        if entry.is_card() {
            put(area, if x > 0 { x + 2 } else { 0 }, 1, "Card mode", theme::LABEL, buffer);
        }
        let view = cells::CellsView { is_masked: self.is_hidden(console), is_shown };
        let sheet = super::sheets(console);
        let rows = u16::try_from(cells::rows(entry.form(), sheet.is_some())).unwrap_or(u16::MAX);
        let width = if sheet.is_some() { area.width / 2 } else { area.width };
        put(Rect { width, ..area }, 0, 0, &head(entry, console), theme::STRONG, buffer);
        let (cursor, below) = if console.journey.desk.look.is_large && !is_shown {
            let below = Rect { y: area.y + 2, height: area.height.saturating_sub(2).min(large::ROWS), ..area };
            let word = cells::sheet_word(sheet, self.sheet, entry.current());
            put(area, width, 0, &word, theme::LABEL, buffer);
            (Some(large::draw(entry, view, below, buffer)), 2 + large::ROWS)
        } else {
            let grid = Rect { y: area.y + 2, width, height: rows.min(area.height.saturating_sub(2)), ..area };
            if let (Some(sheets), Some(backup)) = (sheet, super::recovery(console)) {
                let panel = Rect { x: area.x + width, width: area.width - width, height: rows + 2, ..area };
                cells::draw_sheet(sheets, self.sheet, &backup.summary.shareholders, panel, buffer);
            }
            (cells::draw(entry, view, grid, buffer), 2 + rows)
        };
        let behind = Rect { y: area.y + below.min(area.height.saturating_sub(1)), width, height: 1, ..area };
        let cursor = cells::draw_extra(entry, view, behind, buffer).or(cursor);
        let y = below + 1;
        put(area, 0, y, &self.remark(entry, console), theme::PLAIN, buffer);
        if let Some(Message { is_bad, text, .. }) = &self.message {
            let (mark, style) = if *is_bad { ("! ", theme::BAD) } else { ("", theme::STRONG) };
            wrapped(area, y + 1, &format!("{mark}{text}"), style, buffer);
        }
        cursor
    }

    /// What can be said of the word that is being typed, or the words near to one that is in no list. Nothing while it is masked.
    fn remark(&self, entry: &PhraseEntry, console: &Console) -> Zeroizing<String> {
        let replaces = replaces(entry);
        if self.is_hidden(console) {
            return Zeroizing::new(replaces);
        }
        if let Some(index) = self.offered(entry) {
            return near_words(entry, index);
        }
        let typed = entry.reveal_typing();
        if !typed.starts_with(char::is_alphabetic) {
            let is_whole = entry.first_open().is_none() && typed.is_empty() && !entry.has_extra();
            // What came of a check says more than that it can be checked.
            let is_said = is_whole && self.message.as_ref().is_none_or(|message| !message.is_bad);
            return Zeroizing::new(if is_said { whole(entry, console.journey.desk.task) } else { String::new() });
        }
        let list = entry.form().language;
        let completions = listed(entry);
        if !completions.is_empty() {
            return numbered_words(&list_head(entry), entry, &completions);
        }
        let said = match entry.completion() {
            (0, _) => format!("No word of the {} list begins so.", list.title()),
            _ if list.find(typed).is_some() => "In the list.".to_owned(),
            (1, _) => "One word begins so; Tab completes it.".to_owned(),
            (count, _) => format!("{count} words begin so."),
        };
        Zeroizing::new(replaces + &said)
    }
}

fn head(entry: &PhraseEntry, console: &Console) -> String {
    let number = (entry.current() + 1).min(entry.len());
    let word = format!("Word {number} of {} ({})", entry.len(), entry.form().language.title());
    match console.journey.desk.task {
        Task::Recovery => word,
        Task::Confirm { number } => format!("{word}, from the paper of {}", title_of(number, console)),
        Task::Keep { number } => format!("{word}, from the old paper of {}", title_of(number, console)),
        Task::Verify => format!("{word}, once more from paper"),
        Task::TypeBack => format!("{word}, from your paper"),
    }
}

fn near_words(entry: &PhraseEntry, index: usize) -> Zeroizing<String> {
    let near = entry.reveal_near(index);
    let head = if near.is_empty() { "No word of the list is near to it." } else { "Near:" };
    numbered_words(head, entry, near.get(..NEAR).unwrap_or(&near))
}

/// That another word stands in the cell already.
fn replaces(entry: &PhraseEntry) -> String {
    let at = entry.current();
    let is_other = entry.reveal_typing().starts_with(char::is_alphabetic) && entry.reveal_position(at).is_some();
    if is_other { format!("This replaces word {}. ", at + 1) } else { String::new() }
}

/// What stands before the words that begin with what is typed.
fn list_head(entry: &PhraseEntry) -> String {
    let is_word = entry.form().language.find(entry.reveal_typing()).is_some();
    replaces(entry) + if is_word { "In the list." } else { "" }
}

/// The words that begin with what is typed, where a row of the smallest window has room for all of them: a digit picks none that is not
/// in view.
pub fn listed(entry: &PhraseEntry) -> Zeroizing<Vec<u16>> {
    let found = entry.reveal_completions(COMPLETIONS);
    let words = found.iter().filter_map(|position| entry.form().language.word(*position));
    let width: usize = words.map(|word| columns(word) + "  1 ".len()).sum();
    if columns(&list_head(entry)) + width <= ROW { found } else { Zeroizing::default() }
}

/// Columns of a row in the smallest window.
const ROW: usize = 58;

/// What Enter does when all words are there.
fn whole(entry: &PhraseEntry, task: Task) -> String {
    let does = match task {
        Task::Recovery | Task::Verify | Task::Keep { .. } => "Enter checks them",
        Task::Confirm { .. } | Task::TypeBack => "Enter compares them with what was shown",
    };
    format!("All {} words are there: {does}.", entry.len())
}

/// Words of the list, each with the digit that picks it.
fn numbered_words(head: &str, entry: &PhraseEntry, positions: &[u16]) -> Zeroizing<String> {
    // Room for nine of the longest words and their numbers: it never grows.
    let mut text = Zeroizing::new(String::with_capacity(1024));
    text.push_str(head);
    for (number, position) in (1_u32..).zip(positions) {
        text.push_str("  ");
        text.extend(char::from_digit(number, 10));
        text.push(' ');
        text.push_str(entry.form().language.word(*position).unwrap_or(""));
    }
    text
}
