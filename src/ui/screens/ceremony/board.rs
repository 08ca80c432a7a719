//! The board of requests: how far each shareholder is, and what comes next. Nothing secret is ever in view here.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::said;
use crate::domain::ceremony::{CeremonyStage, PhraseState, Progress};
use crate::domain::phrase_entry::PhraseEntry;
use crate::domain::text::{Safe, counted};
use crate::effect::{Act, ContentsFile, Effect, Outcome, Said, Trouble};
use crate::journey::{Behind, Due, FileFor, Making, Route, Task};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::{ChosenRow, fit, put, wrapped};

#[derive(Default)]
pub struct CeremonyBoard {
    rows: ChosenRow,
    trouble: Option<Trouble>,
    /// Writing the file anew was asked for once, while that loses what was verified.
    is_rewriting: bool,
    /// Kept words are about to be wiped, if the key comes again.
    is_wiping: bool,
    /// Blank sheets that were written just now.
    written: Option<String>,
}

impl CeremonyBoard {
    fn chosen(&self, making: &Making) -> Option<u8> {
        let row = self.rows.chosen(making.progress.people())?;
        u8::try_from(row + 1).ok()
    }

    /// Whether words of an unfinished phrase are kept for this stage.
    fn is_unfinished(console: &Console) -> bool {
        console.journey.desk.task == Task::Verify
            && console.journey.desk.entry.as_ref().is_some_and(|entry| !entry.is_empty())
    }

    fn enter(&mut self, console: &mut Console) -> Reaction {
        let Some(making) = &mut console.journey.making else { return Reaction::Back };
        making.last_answer = None;
        self.written = None;
        let next = making.due();
        match next {
            Due::Request => match self.chosen(making) {
                Some(number) => Reaction::Open(Route::Wall(Behind::Request { number })),
                None => Reaction::Stay,
            },
            Due::Seal => Reaction::Perform(Effect::Ceremony(Act::Seal), "Sealing, proving every share, writing"),
            Due::Place => Reaction::Open(Route::AnotherPlace),
            Due::Medium if making.is_verified_again() => Reaction::Open(Route::Medium),
            Due::Medium => Self::read_again(),
            Due::Phrase => Reaction::Open(Route::Wall(Behind::Verify)),
            Due::Issue => Reaction::Perform(Effect::Ceremony(Act::Issue), "Proving all shares, comparing, writing"),
        }
    }

    /// What the file of an earlier ceremony is compared with.
    fn on_inventory_key(key: char, console: &Console) -> Reaction {
        let Some(making) = &console.journey.making else { return Reaction::Back };
        let act = match key.to_ascii_lowercase() {
            'i' => return Reaction::Open(Route::Pick(FileFor::Inventory)),
            'n' => Act::ClearInventory(making.plan.kind),
            _ => Act::CreateKeys(!console.journey.to_seal.creates_keys),
        };
        Reaction::Perform(Effect::Ceremony(act), "Looking at what is there")
    }

    /// Of a file whose medium does not have to be away.
    fn read_again() -> Reaction {
        Reaction::Perform(Effect::Ceremony(Act::ReadAgain { skips_medium: true }), "Reading the file again")
    }

    /// To the next shareholder who has something to do.
    fn go_on(&mut self, making: &Making) {
        let wanted = if making.progress.stage() == CeremonyStage::Proving {
            PhraseState::Verified
        } else {
            PhraseState::Confirmed
        };
        let count = making.progress.people();
        let is_open = |row: &usize| u8::try_from(row + 1).is_ok_and(|number| making.progress.state(number) < wanted);
        let here = self.rows.chosen(count).unwrap_or(0);
        let next = (here..count).chain(0..here).find(is_open);
        self.rows = ChosenRow::at(next.unwrap_or(here));
    }
}

impl Screen for CeremonyBoard {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let Some(making) = &console.journey.making else { return Vec::new() };
        let next = making.due();
        let enter = match next {
            Due::Request => "open the request",
            Due::Seal => "write the file",
            Due::Place => "choose another place",
            Due::Medium if making.is_verified_again() => "go on with the medium",
            Due::Medium => "read the file again",
            Due::Phrase if Self::is_unfinished(console) => "go on with the kept words",
            Due::Phrase => "type a phrase",
            Due::Issue => "prove all shares, and finish",
        };
        let mut keys = vec![("Enter", enter)];
        if next == Due::Phrase && Self::is_unfinished(console) {
            keys.push(("^N", "wipe these words"));
        }
        if making.progress.is_resumed() {
            let made =
                if console.journey.to_seal.creates_keys { "it has no new keys" } else { "it has new master keys" };
            keys.extend([("i", "compare with a file"), ("k", made)]);
            keys.extend(is_compared(console).then_some(("n", "do not compare")));
            keys.extend([("p", "another place"), ("Esc", "leave")]);
            return keys;
        }
        keys.push(("Up/Down", "choose"));
        match next {
            Due::Request => keys.extend([("s", "write blank sheets"), ("c", "a sheet by hand")]),
            Due::Medium => keys.extend([("w", "write the file anew"), ("Del", "new phrase for one")]),
            Due::Phrase | Due::Issue => {
                let again = if self.is_rewriting { "yes, write it anew" } else { "write the file anew" };
                keys.extend([("Del", "new phrase for one"), ("w", again)]);
            }
            Due::Seal => keys.push(("Del", "new phrase for one")),
            Due::Place => {}
        }
        keys.push(("p", "another place"));
        keys.push(("Esc", "leave"));
        keys
    }

    fn help(&self) -> &'static str {
        "One row a {one}. waiting: no phrase yet. shown: a phrase was shown and may stand on paper. confirmed: it was typed back from paper. to type: it is on a paper of an earlier ceremony. verified: it opens the file as it was read again.\nThe order of people does not matter. It is a backup only when everybody is verified and the last step is done; leaving before the file is written makes the papers of today void. Afterwards all can go on with it and the papers, also after this program ended: conclave backup --resume."
    }

    fn on_show(&mut self, console: &mut Console) -> Reaction {
        if console.journey.desk.entry.as_deref().is_some_and(PhraseEntry::is_empty) {
            console.journey.desk.clear();
        }
        if let Some(making) = &console.journey.making
            && making.last_answer.is_some()
        {
            self.trouble = None;
            self.go_on(making);
        }
        Reaction::Stay
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Rested
    }

    fn on_picked(&mut self, file: ContentsFile, _console: &mut Console) -> Reaction {
        Reaction::Perform(Effect::Ceremony(Act::AddInventory { file }), "Reading the file")
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        let Some(making) = &console.journey.making else { return Reaction::Back };
        let (count, next, number) = (making.progress.people(), making.due(), self.chosen(making));
        let is_resumed = making.progress.is_resumed();
        self.trouble = None;
        let was_rewriting = std::mem::take(&mut self.is_rewriting);
        let was_wiping = std::mem::take(&mut self.is_wiping);
        match (key, next) {
            (Key::Enter, _) => self.enter(console),
            (Key::Char(c), _) if is_resumed && "iInNkK".contains(c) => Self::on_inventory_key(c, console),
            (Key::Ctrl('n'), Due::Phrase) if Self::is_unfinished(console) => {
                if was_wiping {
                    console.journey.desk.clear();
                }
                self.is_wiping = !was_wiping;
                Reaction::Stay
            }
            (Key::Char('s' | 'S'), Due::Request) => {
                Reaction::Perform(Effect::Ceremony(Act::WriteSheets), "Writing blank sheets")
            }
            (Key::Char('c' | 'C'), Due::Request) => {
                number.map_or(Reaction::Stay, |number| Reaction::Open(Route::Sheet { number }))
            }
            (Key::Char('w' | 'W') | Key::Delete | Key::F(7), _) if is_resumed => Reaction::Stay,
            (Key::Char('w' | 'W'), Due::Phrase | Due::Issue) if !was_rewriting => {
                self.is_rewriting = true;
                Reaction::Stay
            }
            (Key::Char('w' | 'W'), Due::Medium | Due::Phrase | Due::Issue) => {
                console.journey.desk.clear();
                Reaction::Perform(Effect::Ceremony(Act::Seal), "Sealing, proving every share, writing")
            }
            (Key::Delete | Key::F(7), Due::Seal | Due::Medium | Due::Phrase | Due::Issue) => {
                number.map_or(Reaction::Stay, |number| Reaction::Open(Route::Wall(Behind::Another { number })))
            }
            (Key::Char('p' | 'P'), _) => Reaction::Open(Route::AnotherPlace),
            (Key::Esc, _) => Reaction::AskToLeave,
            (key, _) => {
                self.rows.on_key(key, count);
                Reaction::Stay
            }
        }
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        let is_verified_again = console.journey.making.as_ref().is_none_or(Making::is_verified_again);
        match said(outcome, console) {
            Some(Said::Sealed(Ok(_))) if is_verified_again => return Reaction::Open(Route::Medium),
            Some(Said::Sealed(Ok(_))) => return Self::read_again(),
            Some(Said::ReadAgain(Ok(()))) => {
                return Reaction::Perform(Effect::Ceremony(Act::Issue), "Proving all phrases, comparing, writing");
            }
            Some(Said::Issued(Ok(_))) => {
                console.journey.desk.clear();
                return Reaction::Restart(Route::Made);
            }
            Some(Said::Written(Ok(paths))) => {
                let folder = paths.first().and_then(|path| path.parent());
                let folder = folder.map_or_else(String::new, |folder| Safe(&folder.to_string_lossy()).to_string());
                self.written = Some(format!("{} in {folder}", counted(paths.len(), "file")));
            }
            Some(Said::Issued(Err(not))) => self.trouble = Some(not.trouble),
            Some(
                Said::Sealed(Err(trouble))
                | Said::ReadAgain(Err(trouble))
                | Said::Written(Err(trouble))
                | Said::Inventory(Err(trouble)),
            ) => self.trouble = Some(trouble),
            _ => {}
        }
        Reaction::Stay
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let making = console.journey.making.as_ref()?;
        let progress = &making.progress;
        let width = usize::from(area.width);
        put(area, 0, 0, &fit(&head(making), width), theme::STRONG, buffer);
        let mut y = 1;
        if let Some(answer) = &making.last_answer {
            y = wrapped(area, y, &format!("ok  {answer}"), theme::GOOD, buffer);
        }
        if let Some(written) = &self.written {
            let said =
                format!("ok  Written: {written}. Sheets hold no secret: print them, and write the phrases by hand.");
            y = wrapped(area, y, &said, theme::GOOD, buffer);
        }
        if let Some(trouble) = &self.trouble {
            y = super::trouble(trouble, area, y, buffer);
            if !progress.is_resumed() {
                y = wrapped(area, y, "All confirmed phrases are kept.", theme::PLAIN, buffer);
            }
        }
        if self.is_rewriting {
            let text = "! w once more writes the file anew: everybody types once more.";
            y = wrapped(area, y, text, theme::CARE, buffer);
        }
        if self.is_wiping {
            let text = "! ^N once more wipes the kept words; they would have to be typed again.";
            y = wrapped(area, y, text, theme::CARE, buffer);
        }
        let below = 4;
        let height =
            u16::try_from(progress.people()).unwrap_or(u16::MAX).min(area.height.saturating_sub(y + 1 + below));
        let list = Rect { y: area.y + y + 1, height, ..area };
        let columns = ChosenRow::columns(list, progress.people());
        let row = |index: usize| {
            let number = u8::try_from(index + 1).unwrap_or(u8::MAX);
            let name = making.plan.shareholders.get(index).map_or_else(String::new, |person| person.name.to_string());
            fit(&format!("{number:>2}  {:<10} {name}", word(progress, number)), columns)
        };
        self.rows.draw(list, progress.people(), row, buffer);
        y = y + 1 + height + 1;
        y = wrapped(area, y, &next(making, console), theme::PLAIN, buffer);
        if progress.is_resumed() {
            wrapped(area, y, &compared(console), theme::LABEL, buffer);
        }
        None
    }
}

/// Whether it is said what the file has to hold.
fn is_compared(console: &Console) -> bool {
    !console.journey.to_seal.files.is_empty() || console.journey.to_seal.creates_keys
}

/// With what the contents of the file are compared at the end.
pub(super) fn compared(console: &Console) -> String {
    let facts = &console.journey.to_seal;
    if !is_compared(console) {
        return "Its contents are not compared with an inventory, and the record says so.".to_owned();
    }
    let files = facts.files.iter().map(|path| Safe(&path.to_string_lossy()).to_string());
    let made = facts.creates_keys.then(|| "two new master keys".to_owned());
    let all: Vec<String> = files.chain(made).collect();
    format!("At the end its contents are compared with: {}.", all.join(", "))
}

/// How far somebody is, in a word.
fn word(progress: &Progress, number: u8) -> &'static str {
    match progress.state(number) {
        PhraseState::Confirmed if progress.is_resumed() => "to type",
        PhraseState::Waiting => "waiting",
        PhraseState::Shown => "shown",
        PhraseState::Confirmed => "confirmed",
        PhraseState::Verified => "verified",
    }
}

fn head(making: &Making) -> String {
    let progress = &making.progress;
    let count = progress.people();
    let organization = &making.plan.organization;
    match progress.stage() {
        CeremonyStage::Asking => {
            format!("{} of {count} confirmed   {organization}", progress.count(PhraseState::Confirmed))
        }
        CeremonyStage::Sealed => format!("The file is written: UNCONFIRMED   {organization}"),
        CeremonyStage::Proving | CeremonyStage::Issued => {
            format!("{} of {count} verified   {organization}", progress.count(PhraseState::Verified))
        }
    }
}

/// What comes next, for everybody in the room.
fn next(making: &Making, console: &Console) -> String {
    match making.due() {
        Due::Request if CeremonyBoard::is_kept(console) => {
            "Words of an unfinished phrase are kept, masked, for the one who typed them.".to_owned()
        }
        Due::Request => {
            format!("The chosen {} sits down alone at this screen. The others look away.", console.journey.holder().one)
        },
        Due::Place => "Beside the file lies what a finished backup writes. Enter leads to another place: the same file is written there, and all that goes with it.".to_owned(),
        Due::Seal if !making.is_verified_again() => {
            "Everybody is confirmed. Enter writes the file, reads it again, and proves that each phrase opens it.".to_owned()
        }
        Due::Medium if !making.is_verified_again() => {
            "The file is not confirmed. Enter reads it again, and proves that each phrase opens it.".to_owned()
        }
        Due::Seal => "Everybody is confirmed. Enter writes the file, as unconfirmed. Then it is read again, and everybody types the phrase once more.".to_owned(),
        Due::Medium => "The file is not confirmed. Enter goes on: it is read again from its medium, and not from memory.".to_owned(),
        Due::Phrase if CeremonyBoard::is_unfinished(console) => {
            let filled = console.journey.desk.entry.as_deref().map_or(0, PhraseEntry::filled);
            format!("Words of an unfinished phrase are kept, masked: {filled}.")
        }
        Due::Phrase => "Whoever sits down types the phrase from paper. Nobody has to say who they are: the program recognises each phrase.".to_owned(),
        Due::Issue => "Everybody is verified. Enter proves that all shares belong together, compares the contents, and finishes.".to_owned(),
    }
}

impl CeremonyBoard {
    /// Whether words are kept that somebody began to type back.
    fn is_kept(console: &Console) -> bool {
        matches!(console.journey.desk.task, Task::Confirm { .. } | Task::Keep { .. })
            && console.journey.desk.entry.as_ref().is_some_and(|entry| !entry.is_empty())
    }
}
