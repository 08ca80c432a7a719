//! The pages of a plan as they are drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::draft::WORDS;
use super::people::line;
use super::{Page, Planning};
use crate::domain::ceremony::{NameStyle, Threshold};
use crate::domain::inventory::Counts;
use crate::domain::kind::Rules;
use crate::domain::text::Safe;
use crate::domain::wordlist::WordList;
use crate::effect::Place;
use crate::ui::console::Console;
use crate::ui::screens::ceremony::trouble;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, beside, fit_end, put, wrapped};

/// Whether it is for training, and how it is said.
pub const PURPOSES: [(bool, &str); 2] =
    [(false, "production  it protects something"), (true, "training    it protects nothing, and says so")];

impl Page {
    fn question(self) -> &'static str {
        match self {
            Self::Contents => "What is to be backed up?",
            Self::Organization => "Whose backup is it?",
            Self::Conductor => "Who asks the {many}?",
            Self::Purpose => "What is it for?",
            Self::People => "Who are the {many}?",
            Self::Names => "How are they named in the file?",
            Self::Threshold => "How many {many} are needed to open it?",
            Self::Email => "Which address is the backup e-mailed to?",
            Self::Words => "How many words has a phrase?",
            Self::Language => "From which list are the words?",
            Self::Place => "Where is it written?",
            Self::Folder => "In which new folder?",
            Self::Review => "Is all of this right?",
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::Contents => {
                "A contents file (JSON) or a table of vaults (CSV) is read here, or the program creates new master keys. Such a file holds secrets: destroy it afterwards."
            }
            Self::Organization => "The name stands on every request and card, and in the file.",
            Self::Conductor => "Your name, if you lead this ceremony. It stands on every request.",
            Self::Purpose => "A training backup says TRAINING on every screen and paper. Never put real keys into one.",
            Self::People => {
                "Each gets a phrase of their own. A name, or: Jane Doe <jane@example.org>. The order gives the numbers."
            }
            Self::Names => "The file is e-mailed: whoever reads it sees these names. The cards have the full names.",
            Self::Threshold => "Any so many of them together open everything. Fewer learn nothing.",
            Self::Email => {
                "The file is safe to e-mail: without the phrases it opens nothing. Take a mailbox that will last."
            }
            Self::Words => {
                "Twelve are enough: nobody guesses them. More words are more to write, and more to go wrong."
            }
            Self::Language => "The {many} write these words by hand: take the language that they write best.",
            Self::Place => "A stick that can be pulled out is best: the file is read again from it before it counts.",
            Self::Folder => "It must not exist yet, or be empty. Nothing is ever overwritten.",
            Self::Review => "From here on phrases are made. Esc changes something.",
        }
    }
}

/// What a threshold means, in a sentence.
pub fn meaning(rules: &Rules, needed: u8, count: usize) -> String {
    if rules.is_opened_alone() && rules.allows(needed, count) {
        return match count {
            1 => "One person alone opens it: if that paper is lost, all that is in it is lost.".to_owned(),
            2 => "Each of the 2 opens it alone. 1 paper may be lost.".to_owned(),
            _ => format!("Each of the {count} opens it alone. Up to {} papers may be lost.", count - 1),
        };
    }
    match Threshold::of(rules, needed, count) {
        Threshold::One => "One alone could open everything: that is refused.".to_owned(),
        Threshold::Impossible => {
            format!("That is not possible with {count} {}: take {}.", rules.holder.many, rules.threshold_text(count))
        }
        Threshold::All => {
            format!("All {count} are needed: one lost paper, or one person who cannot come, loses everything.")
        }
        Threshold::Some { spare: 1 } => {
            format!("Any {needed} of the {count} open it together. 1 paper may be lost.")
        }
        Threshold::Some { spare } => {
            format!("Any {needed} of the {count} open it together. Up to {spare} papers may be lost.")
        }
    }
}

/// What stands on pages without a field or list.
pub fn lines(planning: &Planning, console: &Console) -> Vec<(Style, String)> {
    match planning.page {
        Page::Contents => contents(console),
        Page::Review => review(planning, console),
        _ => Vec::new(),
    }
}

fn contents(console: &Console) -> Vec<(Style, String)> {
    let facts = &console.journey.to_seal;
    let mark = if facts.creates_keys { "x" } else { " " };
    let mut lines = vec![(theme::PLAIN, format!("[{mark}] two new master keys, one of each type"))];
    if facts.files.is_empty() {
        lines.push((theme::PLAIN, "No file was added.".to_owned()));
        return lines;
    }
    let Counts { keys, vaults, accounts, codes } = facts.counts;
    let counts = format!("Read: keys {keys}, vaults {vaults}, accounts {accounts}, codes {codes}");
    lines.push((theme::STRONG, counts));
    lines.extend(facts.files.iter().map(|path| (theme::PLAIN, format!("from {}", Safe(&path.to_string_lossy())))));
    if facts.is_production {
        lines.push((theme::PLAIN, "It is marked as production.".to_owned()));
    }
    lines.extend(facts.remarks.iter().map(|remark| (theme::CARE, format!("! {}", Safe(remark)))));
    lines
}

/// All answers in a row.
fn review(planning: &Planning, console: &Console) -> Vec<(Style, String)> {
    let (draft, facts) = (&planning.draft, &console.journey.to_seal);
    let people = draft.people.chosen();
    let mut lines = Vec::new();
    let mut say = |label: &str, value: &str| lines.push((theme::PLAIN, format!("{label:<13}{value}")));
    if planning.rotation.is_some() {
        say("Contents", "those of the backup that is open");
    } else if draft.kind.rules().begins_empty {
        say("Contents", "none yet: codes are added later, without a phrase");
    } else {
        let created = if facts.creates_keys { "; 2 new keys" } else { "" };
        let Counts { keys, vaults, accounts, .. } = facts.counts;
        say("Contents", &format!("keys {keys}, vaults {vaults}, accounts {accounts}{created}"));
    }
    say("Organization", &Safe(draft.organization.text().trim()).to_string());
    say("Asked by", &Safe(draft.conductor.text().trim()).to_string());
    say("Purpose", if draft.is_training() { "training: it protects nothing" } else { "production" });
    if let Some(needed) = draft.threshold() {
        if !draft.kind.rules().is_opened_alone() {
            say("Opens with", &format!("{needed} of {}", people.len()));
        }
        let label = if draft.kind.rules().is_opened_alone() { "Opens" } else { "" };
        say(label, &meaning(draft.kind.rules(), needed, people.len()));
    }
    for (number, person) in (1..).zip(people) {
        say(&format!("Number {number}"), &line(person));
    }
    say("In the file", draft.names().title());
    say("E-mail to", &Safe(draft.email.text().trim()).to_string());
    let form = draft.form();
    say("Phrases", &format!("{} words, {}", form.words.words(), form.language.title()));
    if let Some(folder) = draft.folder(console) {
        say("Folder", &Safe(&folder.to_string_lossy()).to_string());
    }
    lines
}

pub fn draw(planning: &Planning, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let page = planning.page;
    let count = format!("page {} of {}", planning.number() + 1, planning.pages().len());
    let holder = &planning.draft.kind.rules().holder;
    put(area, 0, 0, &beside(&holder.said(page.question()), &count, usize::from(area.width)), theme::STRONG, buffer);
    let y = wrapped(area, 1, &holder.said(page.why()), theme::PLAIN, buffer) + 1;
    let below = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
    let message_rows = if planning.message.is_some() { 5 } else { 0 };
    let (cursor, y) = match page {
        Page::Contents | Page::Review => {
            let height = below.height.saturating_sub(message_rows);
            planning.scroll.draw(&lines(planning, console), Rect { height, ..below }, buffer);
            (None, if message_rows > 0 { height } else { below.height })
        }
        Page::People => planning.draft.people.draw(below, buffer),
        _ => answer(planning, console, below, buffer),
    };
    if let Some(message) = &planning.message {
        // Whole at any price: at the lower end, over what may be seen again.
        let rows = below.height.saturating_sub(y).max(message_rows.min(below.height));
        let foot = Rect { y: below.bottom().saturating_sub(rows), height: rows, ..below };
        for y in 0..foot.height {
            put(foot, 0, y, &" ".repeat(usize::from(foot.width)), theme::PLAIN, buffer);
        }
        trouble(message, foot, u16::from(foot.height > 4), buffer);
    }
    cursor
}

/// A field or a list, and what is said of the answer in it.
fn answer(planning: &Planning, console: &Console, area: Rect, buffer: &mut Buffer) -> (Option<Position>, u16) {
    let draft = &planning.draft;
    match planning.page {
        Page::Organization => draft.organization.draw("Organization: ", area, 0, buffer),
        Page::Conductor => draft.conductor.draw("Name: ", area, 0, buffer),
        Page::Email => draft.email.draw("Address: ", area, 0, buffer),
        Page::Folder => {
            let (cursor, y) = draft.folder.draw("Folder: ", area, 0, buffer);
            let place =
                draft.place(console).map_or_else(String::new, |place| place.path.to_string_lossy().into_owned());
            let inside =
                format!("in {}", fit_end(&Safe(&place).to_string(), usize::from(area.width).saturating_sub(3)));
            put(area, 0, y, &inside, theme::LABEL, buffer);
            (cursor, y + 1)
        }
        Page::Threshold => {
            let (cursor, y) = draft.threshold.draw("Needed: ", area, 0, buffer);
            let count = draft.people.chosen().len();
            let rules = draft.kind.rules();
            let said = match draft.threshold() {
                Some(needed) => meaning(rules, needed, count),
                None => {
                    format!("Of {count} {}: type a number from {}.", rules.holder.many, rules.threshold_text(count))
                }
            };
            (cursor, wrapped(area, y + 1, &said, theme::STRONG, buffer))
        }
        Page::Purpose => {
            let row = |index: usize| PURPOSES.get(index).map(|(_, said)| *said);
            (None, list(draft.purpose, PURPOSES.len(), row, area, buffer))
        }
        Page::Names => {
            let row = |index: usize| NameStyle::ALL.get(index).map(|style| style.title());
            let y = list(draft.names, NameStyle::ALL.len(), row, area, buffer);
            let first = draft.people.chosen().first();
            let example = first.map_or_else(String::new, |person| match draft.names() {
                NameStyle::Initials => person.initials(),
                NameStyle::Full => person.name.to_string(),
                NameStyle::FullWithEmail => line(person),
            });
            (
                None,
                wrapped(
                    area,
                    y + 1,
                    &format!("{} 1: {}", draft.kind.rules().holder.label, Safe(&example)),
                    theme::PLAIN,
                    buffer,
                ),
            )
        }
        Page::Words => {
            let rows: Vec<String> = WORDS.iter().map(|words| format!("{words} words")).collect();
            (None, list(draft.words, rows.len(), |index| rows.get(index), area, buffer))
        }
        Page::Language => (None, languages(planning, console, area, buffer)),
        Page::Place => (None, places(planning, console, area, buffer)),
        Page::Contents | Page::People | Page::Review => (None, 0),
    }
}

fn languages(planning: &Planning, console: &Console, area: Rect, buffer: &mut Buffer) -> u16 {
    let row = |index: usize| {
        let list = WordList::ALL.get(index)?;
        let note = match (console.options.is_ascii, list.is_latin()) {
            (true, false) => "  (not with --ascii)",
            (false, false) => "  (may not be drawn here)",
            (_, true) => "",
        };
        Some(format!("{}{note}", list.title()))
    };
    let y = list(planning.draft.language, WordList::ALL.len(), row, area, buffer);
    let form = planning.draft.form();
    let words: Vec<&str> = form.language.words().iter().skip(3).take(3).copied().collect();
    put(area, 0, y + 1, &format!("Some of its words: {}", words.join("  ")), theme::LABEL, buffer);
    y + 2
}

fn places(planning: &Planning, console: &Console, area: Rect, buffer: &mut Buffer) -> u16 {
    let places = Place::for_exports(&console.journey.places);
    let width = usize::from(area.width).saturating_sub(2);
    let row = |index: usize| {
        let place = places.get(index)?;
        let path = Safe(&place.path.to_string_lossy()).to_string();
        Some(beside(&fit_end(&path, width), &place.facts(), width))
    };
    let y = list(planning.draft.place, places.len(), row, area, buffer);
    let remarks = planning.draft.place(console).into_iter().flat_map(|place| &place.remarks);
    remarks.fold(y + 1, |y, remark| wrapped(area, y, &format!("! {remark}"), theme::CARE, buffer))
}

/// A list; says the row behind it.
fn list<T: ToString>(
    rows: ChosenRow,
    count: usize,
    row: impl Fn(usize) -> Option<T>,
    area: Rect,
    buffer: &mut Buffer,
) -> u16 {
    let height = u16::try_from(count).unwrap_or(u16::MAX).min(area.height.saturating_sub(2));
    let row = |index: usize| row(index).map_or_else(String::new, |row| row.to_string());
    rows.draw(Rect { height, ..area }, count, row, buffer);
    height
}
