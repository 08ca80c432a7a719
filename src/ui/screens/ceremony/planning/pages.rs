//! The pages of a plan as they are drawn.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::draft::WORDS;
use super::people::line;
use super::question::{PlanPage, PlanQuestion};
use super::{PlanOf, Planning};
use crate::domain::ceremony::{NameStyle, Threshold};
use crate::domain::email::address_in;
use crate::domain::inventory::Counts;
use crate::domain::kind::Rules;
use crate::domain::text::Safe;
use crate::domain::wordlist::WordList;
use crate::effect::Place;
use crate::ui::console::Console;
use crate::ui::screens::ceremony::trouble;
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, beside, fit, fit_end, put, wrapped};

/// Whether it is for training, and how it is said.
pub const PURPOSES: [(bool, &str); 2] =
    [(false, "production  it protects something"), (true, "training    it protects nothing, and says so")];

impl PlanPage {
    /// What it is about; `{many}` are those who get a phrase.
    fn title(self) -> &'static str {
        match self {
            Self::What => "What, and whose",
            Self::Who => "Who",
            Self::Threshold => "How many",
            Self::Where => "Address and place",
            Self::Review => "Look over",
            Self::More => "More choices",
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

/// What stands where there is neither a field nor a list.
fn lines(planning: &Planning, console: &Console) -> Vec<(Style, String)> {
    if planning.question == PlanQuestion::Review { review(planning, console) } else { contents(console) }
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

/// The answer of a question in a line; empty where there is none yet.
fn value(question: PlanQuestion, planning: &Planning, console: &Console) -> String {
    let (draft, facts) = (&planning.draft, &console.journey.to_seal);
    match question {
        PlanQuestion::Contents if matches!(planning.of, PlanOf::Rotation(_)) => {
            "those of the backup that is open".to_owned()
        }
        PlanQuestion::Contents if matches!(planning.of, PlanOf::Again) => "as before".to_owned(),
        PlanQuestion::Contents if draft.kind.rules().begins_empty => {
            "none yet: codes are added later, without a phrase".to_owned()
        }
        PlanQuestion::Contents => {
            if facts.creates_keys && facts.files.is_empty() {
                return "2 new master keys".to_owned();
            }
            let created = if facts.creates_keys { "; 2 new keys" } else { "" };
            let Counts { keys, vaults, accounts, .. } = facts.counts;
            format!("keys {keys}, vaults {vaults}, accounts {accounts}{created}")
        }
        PlanQuestion::Organization => Safe(draft.organization.text().trim()).to_string(),
        PlanQuestion::Purpose if draft.is_training() => "training: it protects nothing".to_owned(),
        PlanQuestion::Purpose => "production".to_owned(),
        PlanQuestion::Conductor => draft.asker().map_or_else(String::new, |name| name.to_string()),
        PlanQuestion::People => match draft.people.chosen() {
            [] => String::new(),
            people => people.iter().map(|person| person.name.to_string()).collect::<Vec<_>>().join(", "),
        },
        PlanQuestion::Threshold => Safe(draft.threshold.text().trim()).to_string(),
        PlanQuestion::Email => address_in(draft.email.text()).map_or_else(String::new, |address| address.to_string()),
        PlanQuestion::Place if !draft.has_seen_places => String::new(),
        PlanQuestion::Place => {
            draft.place(console).map_or_else(String::new, |place| Safe(&place.path.to_string_lossy()).to_string())
        }
        PlanQuestion::Folder => Safe(draft.folder.text().trim()).to_string(),
        PlanQuestion::Names => draft.names().title().to_owned(),
        PlanQuestion::Words => draft.form().words.words().to_string(),
        PlanQuestion::Language => draft.form().language.title().to_owned(),
        PlanQuestion::Review => String::new(),
    }
}

/// All answers in a row.
fn review(planning: &Planning, console: &Console) -> Vec<(Style, String)> {
    let draft = &planning.draft;
    let people = draft.people.chosen();
    let mut lines = Vec::new();
    let mut say = |label: &str, value: &str| lines.push((theme::PLAIN, format!("{label:<13}{value}")));
    for question in [PlanQuestion::Contents, PlanQuestion::Organization, PlanQuestion::Conductor, PlanQuestion::Purpose]
    {
        say(question.label(), &value(question, planning, console));
    }
    if let Some(needed) = draft.threshold() {
        if !draft.kind.rules().is_opened_alone() {
            say("Opens with", &format!("{needed} of {}", people.len()));
        }
        let label = if draft.kind.rules().is_opened_alone() { "Opens" } else { "" };
        say(label, &meaning(draft.kind.rules(), needed, people.len()));
    }
    let stays = match (&planning.of, &console.journey.making, draft.plan()) {
        (PlanOf::Again, Some(making), Some(plan)) => plan.stays(&making.plan),
        _ => BTreeMap::new(),
    };
    for (number, person) in (1..).zip(people) {
        say(&format!("Number {number}"), &line(person));
        if let Some(was) = stays.get(&number).filter(|was| **was != number) {
            say("", &format!("was number {was}: correct it on the sheet"));
        }
    }
    say("E-mail to", &value(PlanQuestion::Email, planning, console));
    if let Some(folder) = draft.folder(console).filter(|_| !matches!(planning.of, PlanOf::Again)) {
        say("Folder", &Safe(&folder.to_string_lossy()).to_string());
    }
    say("In the file", draft.names().title());
    let form = draft.form();
    say("Phrases", &format!("{} words, {}", form.words.words(), form.language.title()));
    lines
}

/// Rows below a question that it needs for itself; where there are no more, what comes behind it is not in view.
const ROOM: u16 = 10;

/// The questions of the page in view before and behind the one that is asked, each with its answer.
fn around(planning: &Planning) -> (Vec<PlanQuestion>, Vec<PlanQuestion>) {
    let page = planning.question.page();
    let all: Vec<PlanQuestion> = planning.questions().into_iter().filter(|question| question.page() == page).collect();
    let place = all.iter().position(|question| *question == planning.question).unwrap_or(0);
    let behind = all.iter().skip(place + 1).copied().collect();
    (all.into_iter().take(place).collect(), behind)
}

pub fn draw(planning: &Planning, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let question = planning.question;
    let pages = planning.pages();
    let place = pages.iter().position(|page| *page == question.page());
    let count = place.map_or_else(String::new, |place| format!("page {} of {}", place + 1, pages.len()));
    let holder = &planning.draft.kind.rules().holder;
    put(area, 0, 0, &beside(question.page().title(), &count, usize::from(area.width)), theme::LABEL, buffer);
    let (before, mut behind) = around(planning);
    let answered = |questions: &[PlanQuestion], y: u16, buffer: &mut Buffer| {
        questions.iter().fold(y, |y, question| {
            let said = format!("{:<13}{}", question.label(), value(*question, planning, console));
            put(area, 0, y, &fit(&said, usize::from(area.width)), theme::PLAIN, buffer);
            y + 1
        })
    };
    let y = answered(&before, 1, buffer);
    let y = wrapped(area, y + u16::from(!before.is_empty()), &holder.said(question.text()), theme::STRONG, buffer);
    let y = wrapped(area, y, &holder.said(question.why()), theme::PLAIN, buffer) + 1;
    let below = Rect { y: area.y + y, height: area.height.saturating_sub(y), ..area };
    if below.height < ROOM {
        behind.clear();
    }
    let rows_behind = u16::try_from(behind.len()).unwrap_or(0);
    let message_rows = if planning.message.is_some() { 5 } else { 0 };
    let inside = Rect { height: below.height.saturating_sub(rows_behind + u16::from(rows_behind > 0)), ..below };
    let (cursor, used) = match question {
        PlanQuestion::Contents | PlanQuestion::Review => {
            let lines = lines(planning, console);
            let height = inside.height.saturating_sub(message_rows);
            let drawn = planning.scroll.draw(&lines, Rect { height, ..inside }, buffer);
            (None, if behind.is_empty() { inside.height } else { drawn })
        }
        PlanQuestion::People => planning.draft.people.draw(inside, buffer),
        PlanQuestion::Organization
        | PlanQuestion::Purpose
        | PlanQuestion::Conductor
        | PlanQuestion::Threshold
        | PlanQuestion::Email
        | PlanQuestion::Place
        | PlanQuestion::Folder
        | PlanQuestion::Names
        | PlanQuestion::Words
        | PlanQuestion::Language => answer(planning, console, inside, buffer),
    };
    let end = answered(&behind, y + used + u16::from(rows_behind > 0), buffer);
    if let Some(message) = &planning.message {
        // Whole at any price: at the lower end, over what may be seen again.
        let rows = area.height.saturating_sub(end).max(message_rows.min(below.height));
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
    match planning.question {
        PlanQuestion::Organization => draft.organization.draw("Organization: ", area, 0, buffer),
        PlanQuestion::Conductor => draft.conductor.draw("Name: ", area, 0, buffer),
        PlanQuestion::Email => draft.email.draw("Address: ", area, 0, buffer),
        PlanQuestion::Folder => {
            let (cursor, y) = draft.folder.draw("Folder: ", area, 0, buffer);
            let place =
                draft.place(console).map_or_else(String::new, |place| place.path.to_string_lossy().into_owned());
            let inside =
                format!("in {}", fit_end(&Safe(&place).to_string(), usize::from(area.width).saturating_sub(3)));
            put(area, 0, y, &inside, theme::LABEL, buffer);
            (cursor, y + 1)
        }
        PlanQuestion::Threshold => {
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
        PlanQuestion::Purpose => {
            let row = |index: usize| PURPOSES.get(index).map(|(_, said)| *said);
            (None, list(draft.purpose, PURPOSES.len(), row, area, buffer))
        }
        PlanQuestion::Names => {
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
        PlanQuestion::Words => {
            let rows: Vec<String> = WORDS.iter().map(|words| format!("{words} words")).collect();
            (None, list(draft.words, rows.len(), |index| rows.get(index), area, buffer))
        }
        PlanQuestion::Language => (None, languages(planning, console, area, buffer)),
        PlanQuestion::Place => (None, places(planning, console, area, buffer)),
        PlanQuestion::Contents | PlanQuestion::People | PlanQuestion::Review => (None, 0),
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
    let chosen = planning.draft.place(console);
    let remarks = chosen.into_iter().flat_map(|place| &place.remarks);
    let y = remarks.fold(y + 1, |y, remark| wrapped(area, y, &format!("! {remark}"), theme::CARE, buffer));
    let has_medium_step = planning.draft.kind.rules().is_verified_again();
    if has_medium_step && chosen.is_some_and(|place| !place.is_removable) {
        let said =
            "! It cannot be pulled out: the record will say that the file was not read from a medium that was away.";
        return wrapped(area, y, said, theme::CARE, buffer);
    }
    y
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
