//! The words of one shareholder, typed without an echo. What is said of them are numbers, never a word, unless near words are
//! asked for.

use std::fmt::Write;
use std::time::Duration;

use zeroize::Zeroizing;

use super::{Conversation, Prompt, TalkStep, capital};
use crate::domain::explain::Explain;

use crate::domain::phrase_entry::{CellState, PhraseEntry, can_be_word};
use crate::domain::phrase_list::{is_number, is_separator, tokens};
use crate::domain::typed::{has_invisible, visible};
use crate::effect::{Answer, Trouble};
use crate::journey::desk::Unfinished;
use crate::journey::{Recovery, Route};

pub(super) const HELP: &str = "Type the words in the order of their numbers: one a line, several, or the whole phrase. Four letters are enough. Nothing is echoed.
A number goes to that word: 7. alone, or 7. and the word to replace it. A list with numbers works as it stands.
= and a number is the word with that number in the list. Two question marks stand for a word that cannot be read.
n says words that are near to one that is not in the list, and a digit takes one of them.
s looks for the slip in a phrase that is nobody's.
< goes back one word. - empties the current word. Enter alone says where you are, and checks the phrase when all words are there.
! leaves the phrase; its words are kept until they are wiped or a phrase is verified.";

/// Beside the words themselves: of which word near ones are told.
#[derive(Default)]
pub(super) struct Talk {
    /// The word that was last said not to be in the list, from 0.
    unknown: Option<usize>,
    /// The near words that were said of it, as places in the list.
    near: Zeroizing<Vec<u16>>,
}

/// Said to whoever asks to hear words that may be of somebody else.
pub(super) const STAY_UNSAID: &str =
    "These words were typed before; none of them is said. Compare each number with the paper.";
/// The most near words that are said.
const NEAR: usize = 5;

impl Conversation {
    pub(super) fn phrase_prompt(&self, talk: &Talk) -> Prompt {
        let Some(entry) = &self.journey.desk.entry else { return Prompt::secret("Enter goes back:") };
        let (number, all) = (entry.current() + 1, entry.len());
        Prompt::secret(if !talk.near.is_empty() {
            "The digit of the word, or Enter for none:".to_owned()
        } else if entry.first_open().is_some() {
            format!("Word {} of {all}:", number.min(all))
        } else if number > all {
            "Enter checks the phrase:".to_owned()
        } else {
            format!("Word {number} of {all}, or Enter to check:")
        })
    }

    pub(super) fn on_phrase(&mut self, line: &str) {
        let TalkStep::Phrase(talk) = &mut self.step else { return };
        let near = std::mem::take(&mut talk.near);
        let unknown = talk.unknown;
        let Some(entry) = self.journey.desk.entry.as_deref_mut() else {
            self.show_people();
            return;
        };
        let digit = line.parse::<usize>().ok().and_then(|digit| digit.checked_sub(1));
        match (line, unknown) {
            ("", _) if !near.is_empty() => self.say("None of them. Nothing was changed."),
            ("", _) if entry.first_open().is_none() => self.check(),
            ("", _) => self.say_where(),
            ("!", _) => self.leave_phrase(),
            ("<", _) => entry.go(entry.current().saturating_sub(1)),
            ("-", _) => {
                entry.clear_cell();
                // Behind the last word it is that one.
                let (at, all) = (entry.current(), entry.len());
                self.say(if at < all { format!("Word {} is empty.", at + 1) } else { at_the_end(all) });
            }
            ("n" | "N", _) => self.say_near(),
            ("s" | "S", _) => self.ask_for_search(),
            (_, Some(index)) if let Some(position) = digit.and_then(|digit| near.get(digit)) => {
                entry.pick(index, *position);
                let taken = TakenLine { in_list: vec![index], ..TakenLine::default() };
                self.say_taken(&taken);
            }
            _ => {
                let taken = take(entry, line);
                if has_invisible(line) {
                    self.say("Signs that nobody can see were left out.");
                }
                self.say_taken(&taken);
            }
        }
    }

    fn say_taken(&mut self, taken: &TakenLine) {
        let Some(entry) = &mut self.journey.desk.entry else { return };
        if !taken.is_only_a_number() {
            go_on(entry);
        }
        let (all, list) = (entry.len(), entry.form().language.title());
        let is_full = entry.first_open().is_none();
        if let TalkStep::Phrase(talk) = &mut self.step {
            talk.unknown = taken.unknown.first().copied();
        }
        if !taken.in_list.is_empty() {
            self.say(format!("{}: in the list.", numbers(&taken.in_list)));
        }
        if !taken.replaced.is_empty() {
            self.say(format!("{}: took the place of what stood there.", numbers(&taken.replaced)));
        }
        match taken.unknown.as_slice() {
            [] => {}
            [one] => self.say(format!(
                "Word {0} is not in the {list} list. Type {0}. and the word again, or n to hear near words.",
                one + 1
            )),
            [first, ..] => self.say(format!(
                "{} are not in the {list} list. Type a number and the word again, or n to hear words near to word {}.",
                numbers(&taken.unknown),
                first + 1
            )),
        }
        if !taken.unreadable.is_empty() {
            self.say(format!(
                "{} cannot be read. When all others are there, s tries every word for it.",
                numbers(&taken.unreadable)
            ));
        }
        if let Some(index) = taken.no_word {
            self.say(format!("Word {}: words have letters only. Nothing was taken from there on.", index + 1));
        }
        if taken.is_no_number {
            self.say(format!("There are words 1 to {all}. Nothing was taken from there on."));
        }
        if taken.is_too_much {
            self.say(format!("{} What came behind the last one was not taken.", at_the_end(all)));
        }
        if is_full && !taken.is_only_a_number() {
            self.say(format!("All {all} words are there. Press Enter to check."));
        }
    }

    /// How far the phrase is, by numbers.
    pub(super) fn say_where(&mut self) {
        let Some(entry) = &self.journey.desk.entry else { return };
        let all =
            |wanted: CellState| (0..entry.len()).filter(|index| state(entry, *index) == wanted).collect::<Vec<usize>>();
        let mut lines = vec![format!("Words in the list: {} of {}.", all(CellState::InList).len(), entry.len())];
        for (cells, what) in [
            (all(CellState::Empty), "still missing"),
            (all(CellState::NotInList), "not in the list"),
            (all(CellState::Unreadable), "marked as unreadable"),
        ] {
            if !cells.is_empty() {
                lines.push(format!("{}: {what}.", numbers(&cells)));
            }
        }
        if entry.first_open().is_none() {
            lines.push("Press Enter to check.".to_owned());
        }
        self.say_lines(lines);
    }

    /// Words near to the one that is in no list. Only when somebody asks.
    fn say_near(&mut self) {
        if self.journey.desk.entry.as_ref().is_some_and(Unfinished::is_kept) {
            self.say(STAY_UNSAID);
            return;
        }
        let (TalkStep::Phrase(talk), Some(entry)) = (&mut self.step, &self.journey.desk.entry) else { return };
        let is_unknown = |index: &usize| state(entry, *index) == CellState::NotInList;
        let Some(index) = talk.unknown.filter(is_unknown).or_else(|| (0..entry.len()).find(is_unknown)) else {
            self.say("No word that was typed is missing in the list.");
            return;
        };
        let found = entry.reveal_near(index);
        let mut lines = vec![Zeroizing::new(format!("Near to word {}:", index + 1))];
        let mut near = Zeroizing::new(Vec::with_capacity(NEAR));
        for (number, position) in (1..).zip(found.iter().take(NEAR)) {
            // Room for the longest word of any list: it never grows.
            let mut line = Zeroizing::new(String::with_capacity(80));
            let _ = write!(line, "{number} {}", entry.form().language.word(*position).unwrap_or(""));
            lines.push(line);
            near.push(*position);
        }
        talk.unknown = Some(index);
        if near.is_empty() {
            self.say(format!(
                "No word of the list is near to word {}. Compare it with the paper, letter by letter.",
                index + 1
            ));
            return;
        }
        talk.near = near;
        self.has_said_words = true;
        self.said.append(&mut lines);
        self.say("Look at the paper before one is taken: what is near need not be right.");
    }

    fn check(&mut self) {
        match self.journey.check() {
            None => self.show_people(),
            Some(Ok(effect)) => {
                let takes = self.journey.backup.as_ref().map_or(Duration::ZERO, |backup| backup.derivation);
                let takes = match takes.as_millis().div_ceil(1000) {
                    0 => "This takes a moment.".to_owned(),
                    seconds => format!("This takes about {seconds} s."),
                };
                self.say(format!("Checking the phrase. {takes}"));
                self.perform(effect);
            }
            Some(Err(error)) => {
                self.say(format!("{}.", capital(&error.to_string())));
                self.say(error.hint());
                if error.is_checksum() {
                    self.say_kept_words();
                }
            }
        }
    }

    pub(super) fn on_checked(&mut self, answer: Result<Answer, Trouble>, took: Duration) {
        match answer {
            Ok(answer) => {
                if self.journey.hear_checked(&answer, took) {
                    return self.leave_phrase();
                }
                let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}"));
                self.say(format!("{}.", capital(&format!("{answer}{hint}"))));
            }
            Err(Trouble { what, hint }) => {
                self.say(what);
                self.say(hint);
            }
        }
        self.say_kept_words();
    }

    /// Back to where the phrase was asked for.
    pub(super) fn leave_phrase(&mut self) {
        let is_of_device = self.journey.backup.as_ref().is_some_and(Recovery::is_of_device);
        if is_of_device && !matches!(self.journey.next(), Route::Quorum) {
            self.begin_device();
        } else {
            self.show_people();
        }
    }

    fn say_kept_words(&mut self) {
        let twice = self.journey.desk.entry.as_deref().and_then(PhraseEntry::doubled);
        self.say_lines(twice.map(|place| {
            format!(
                "Word {} is the same as word {place}: was it typed twice? If the paper has it once, type those behind it once more, each with its number.",
                place + 1
            )
        }));
        self.say("All words are kept. To change one, type its number and the word, as in 3. word. s looks for the slip. A whole phrase replaces all. An exclamation mark leaves it.");
    }
}

fn at_the_end(all: usize) -> String {
    format!("There are {all} words. To change one, type its number and the word.")
}

/// What came of a line of words: cells, from 0.
#[derive(Default)]
struct TakenLine {
    in_list: Vec<usize>,
    /// Where another word stood before.
    replaced: Vec<usize>,
    unknown: Vec<usize>,
    unreadable: Vec<usize>,
    /// What was typed there is no word at all.
    no_word: Option<usize>,
    /// A number that no word has.
    is_no_number: bool,
    is_too_much: bool,
    went: bool,
}

impl TakenLine {
    fn is_only_a_number(&self) -> bool {
        self.went && self.in_list.is_empty() && self.unknown.is_empty() && self.unreadable.is_empty()
    }
}

/// Takes a line into the cells, from the current one on; a whole phrase from the first one on. Stops where something does not fit,
/// so that no word lands in the wrong place.
fn take(entry: &mut PhraseEntry, line: &str) -> TakenLine {
    let seen = visible(line);
    let tokens = tokens(&seen, entry.form().language, is_separator);
    if tokens.iter().filter(|token| !is_number(token)).count() == entry.len() {
        entry.go(0);
    }
    let mut taken = TakenLine::default();
    for token in tokens {
        if is_number(token) {
            let index = token.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let Some(index) = index.filter(|index| *index < entry.len()) else {
                taken.is_no_number = true;
                break;
            };
            entry.go(index);
            taken.went = true;
            continue;
        }
        let at = entry.current();
        if at >= entry.len() {
            taken.is_too_much = true;
            break;
        }
        // Two question marks on a line of their own mean what one means among words.
        let word = if token == "??" { "?" } else { token };
        if !can_be_word(word) {
            taken.no_word = Some(at);
            break;
        }
        let pasted = entry.paste(word);
        if pasted.is_too_much {
            taken.no_word = Some(at);
            break;
        }
        taken.replaced.extend((pasted.replaced > 0).then_some(at));
        match state(entry, at) {
            CellState::InList => taken.in_list.push(at),
            CellState::Unreadable => taken.unreadable.push(at),
            _ => taken.unknown.push(at),
        }
    }
    taken
}

/// After a word: to the next one that is open, where there is one and the current one is not.
fn go_on(entry: &mut PhraseEntry) {
    let is_open = |index: &usize| state(entry, *index) != CellState::InList;
    let from = entry.current();
    if from < entry.len() && is_open(&from) {
        return;
    }
    if let Some(open) = (from..entry.len()).find(is_open).or_else(|| (0..from).find(is_open)) {
        entry.go(open);
    }
}

/// The state of a cell. Nothing is half typed between two lines: text that came back with its cell is what it was.
fn state(entry: &PhraseEntry, index: usize) -> CellState {
    match entry.state(index) {
        CellState::Typing if entry.reveal_typing().starts_with(crate::domain::phrase_entry::UNREADABLE) => {
            CellState::Unreadable
        }
        CellState::Typing => CellState::NotInList,
        state => state,
    }
}

/// `Word 3`, or `Words 1 to 4, 7`.
fn numbers(cells: &[usize]) -> String {
    let mut cells = cells.to_vec();
    cells.sort_unstable();
    cells.dedup();
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for cell in &cells {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *cell => *last = *cell,
            _ => ranges.push((*cell, *cell)),
        }
    }
    let range = |(first, last): &(usize, usize)| match last - first {
        0 => format!("{}", first + 1),
        1 => format!("{}, {}", first + 1, last + 1),
        _ => format!("{} to {}", first + 1, last + 1),
    };
    let list: Vec<String> = ranges.iter().map(range).collect();
    format!("{} {}", if cells.len() == 1 { "Word" } else { "Words" }, list.join(", "))
}
