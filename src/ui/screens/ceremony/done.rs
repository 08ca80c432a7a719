//! The end of a ceremony: it is a backup. Who holds a part of its key, what was written, the words to compare and to sign.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::said;
use crate::domain::codes;
use crate::domain::kind::Kind;
use crate::domain::text::{Safe, counted};
use crate::effect::{Act, Effect, Issued, Outcome, Said, Trouble};
use crate::journey::{Goal, HowMade, Route};
use crate::ui::console::Console;
use crate::ui::key::Key;
use crate::ui::pace::Intake;
use crate::ui::screen::{KeyHint, Reaction, Screen};
use crate::ui::theme;
use crate::ui::widgets::Scroll;

#[derive(Default)]
pub struct Done {
    /// It went on with a file of an earlier ceremony.
    is_resumed: bool,
    scroll: Scroll,
    /// Deleting was asked for once.
    is_deleting: bool,
    trouble: Option<Trouble>,
    /// How many files of the inventory are gone.
    deleted: usize,
    /// The checklist, once it is written.
    written: Option<String>,
}

/// Of a file whose contents nobody could check.
pub const NOT_COMPARED: &str =
    "! What is in it was not compared with an inventory. Open it once, and look whether all is there.";

impl Done {
    pub fn of(console: &Console) -> Self {
        let made = console.journey.history.made.as_ref();
        Self { is_resumed: made.is_some_and(HowMade::is_resumed), ..Self::default() }
    }

    fn issued(console: &Console) -> Option<&Issued> {
        console.journey.history.made.as_ref()?.issued.as_ref()
    }

    /// A file of codes has other owners now.
    fn has_checklist(console: &Console) -> bool {
        console.journey.goal() == Goal::Rotate && console.journey.kind() == Kind::Codes
    }

    fn is_missing(console: &Console) -> bool {
        Self::issued(console).is_some_and(|issued| issued.missing.is_some())
    }
}

impl Screen for Done {
    fn title(&self) -> &'static str {
        super::TITLE
    }

    fn keys(&self, console: &Console) -> Vec<KeyHint> {
        let mut keys = if Self::is_missing(console) {
            vec![("Enter", "write what is missing"), ("F10", "finish and wipe")]
        } else {
            vec![("Enter", "finish and wipe")]
        };
        keys.push(("Up/Down", "scroll"));
        keys.push(("c", "papers, to copy by hand"));
        keys.push(("p", "a second copy"));
        if Self::has_checklist(console) && self.written.is_none() {
            keys.push(("l", "write the checklist"));
        }
        if !console.journey.to_seal.files.is_empty() {
            keys.push(("d", if self.is_deleting { "yes, delete" } else { "delete the inventory files" }));
        }
        keys
    }

    fn help(&self) -> &'static str {
        if self.is_resumed {
            return "Everybody has typed the phrase from paper: each opens the file as it was read again, and all shares belong together. Whether what is in it was compared with an inventory stands above, and in the record. E-mail it to the backup address; give each of the {many} the public card, to be kept apart from the phrase. Print record-to-sign.html, or copy it by hand: the conductor and all {many} sign it, and it is kept apart from record.jsonl.";
        }
        "Everybody has typed the phrase from paper, it opens the file as it was read again, all shares belong together, and the file opens to what was put in. E-mail it to the backup address; give each of the {many} the public card, to be kept apart from the phrase. Print record-to-sign.html, or copy it by hand: the conductor and all {many} sign it, and it is kept apart from record.jsonl. Whoever has both can tell at any time whether the record is the one that was signed: conclave transcript verify."
    }

    fn intake(&self, _room: &Console) -> Intake {
        Intake::Rested
    }

    fn on_key(&mut self, key: Key, console: &mut Console) -> Reaction {
        self.trouble = None;
        let was_deleting = std::mem::take(&mut self.is_deleting);
        match key {
            Key::Enter if Self::is_missing(console) => {
                return Reaction::Perform(Effect::Ceremony(Act::Issue), "Writing what is missing");
            }
            Key::Enter | Key::F(10) => return Reaction::Finish,
            Key::Esc => return Reaction::AskToLeave,
            Key::Char('l' | 'L') if Self::has_checklist(console) && self.written.is_none() => {
                return Reaction::Perform(Effect::Ceremony(Act::WriteChecklist), "Writing the checklist");
            }
            Key::Char('p' | 'P') => return Reaction::Open(Route::AnotherPlace),
            Key::Char('c' | 'C') => {
                return Reaction::Open(Route::Cards);
            }
            Key::Char('d' | 'D') if !console.journey.to_seal.files.is_empty() => {
                if was_deleting {
                    return Reaction::Perform(Effect::Ceremony(Act::DeleteInventory), "Deleting");
                }
                self.is_deleting = true;
                self.scroll = Scroll::default();
            }
            key => drop(self.scroll.on_key(key)),
        }
        Reaction::Stay
    }

    fn on_outcome(&mut self, outcome: Outcome, console: &mut Console) -> Reaction {
        match said(outcome, console) {
            Some(Said::Deleted(Ok(paths))) => self.deleted += paths.len(),
            Some(Said::Written(Ok(paths))) => {
                self.written = paths.first().map(|path| Safe(&path.to_string_lossy()).to_string());
            }
            Some(Said::Issued(Err(not))) => self.trouble = Some(not.trouble),
            Some(Said::Deleted(Err(trouble)) | Said::Written(Err(trouble))) => self.trouble = Some(trouble),
            _ => {}
        }
        self.scroll = Scroll::default();
        Reaction::Stay
    }

    fn draw(&self, console: &Console, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.scroll.draw(&self.lines(console, area.width), area, buffer);
        None
    }
}

impl Done {
    fn lines(&self, console: &Console, width: u16) -> Vec<(Style, String)> {
        let (Some(making), Some(issued)) = (&console.journey.making, Self::issued(console)) else { return Vec::new() };
        let training = if making.plan.is_training { " It is for training and protects nothing." } else { "" };
        let mut lines = vec![(theme::GOOD, format!("ok  This is a backup.{training}"))];
        let mut say = |style, text: String| lines.push((style, text));
        if let Some(Trouble { what, hint }) = &self.trouble {
            say(theme::BAD, format!("! {what}"));
            say(theme::PLAIN, hint.clone());
        }
        if let Some(Trouble { what, hint }) = &issued.missing {
            say(theme::BAD, format!("! Not everything was written: {what}"));
            say(theme::PLAIN, format!("{hint} Enter writes it."));
        }
        if self.is_resumed {
            if issued.is_compared {
                let facts = &console.journey.to_seal;
                let what = match (facts.files.is_empty(), facts.creates_keys) {
                    (true, _) => "two new master keys, and nothing else",
                    (false, true) => "those of the inventory, and two new master keys",
                    (false, false) => "those of the inventory",
                };
                say(theme::GOOD, format!("ok  Its contents are {what}."));
            } else {
                say(theme::CARE, NOT_COMPARED.to_owned());
            }
        }
        for copy in console.journey.history.made.iter().flat_map(|made| &made.copies) {
            let path = Safe(&copy.path.to_string_lossy()).to_string();
            if copy.was_pulled {
                say(theme::GOOD, format!("ok  Copied, and read again from its medium: {path}"));
            } else {
                say(theme::CARE, format!("! Copied and read back, but its medium was not pulled out: {path}"));
            }
        }
        if self.is_deleting {
            say(
                theme::CARE,
                format!(
                    "! d once more deletes {} of the inventory.",
                    counted(console.journey.to_seal.files.len(), "file")
                ),
            );
            say(theme::PLAIN, "Deleted is not erased: destroy the medium that it came on.".to_owned());
        }
        if self.deleted > 0 {
            say(theme::GOOD, format!("ok  Deleted: {} of the inventory.", counted(self.deleted, "file")));
            say(theme::PLAIN, "Deleted is not erased: destroy the medium that it came on.".to_owned());
        }
        // Said at the end alone: before, nothing is a backup.
        for number in (1_u8..).take(making.plan.shareholders.len()) {
            say(theme::PLAIN, format!("Key of {} is part of the backup.", making.plan.title(number)));
        }
        if let Some(written) = &self.written {
            say(theme::GOOD, format!("ok  Written: {written}"));
        }
        if console.journey.goal() == Goal::Rotate {
            say(theme::CARE, "! The old file with the old phrases still opens the old data, for ever.".to_owned());
        }
        if Self::has_checklist(console) {
            say(theme::CARE, format!("! {}", codes::WHO_LEFT));
            for line in console.journey.inventory().map_or_else(Vec::new, |inventory| codes::checklist(inventory)) {
                say(theme::PLAIN, line);
            }
            say(theme::PLAIN, "Destroy the papers that were replaced, and no others.".to_owned());
        } else if console.journey.goal() == Goal::Rotate {
            say(
                theme::PLAIN,
                "Destroy the papers that were replaced, and no others, and only when nothing of the old file is missed: earlier versions are in it alone. Somebody who must be locked out can only be by new master keys, and by moving the assets to them.".to_owned(),
            );
        }
        say(theme::STRONG, "Fingerprint, which stands on the cards too:".to_owned());
        let words = issued.fingerprint.words();
        let numbered: Vec<String> =
            (1..).zip(&words).map(|(number, word)| format!("{number:>2}. {word:<11}")).collect();
        for numbered in numbered.chunks(if width < 63 { 3 } else { 4 }) {
            say(theme::PLAIN, numbered.join(" ").trim_end().to_owned());
        }
        say(theme::STRONG, "Words of the snapshot, which stand in the e-mail:".to_owned());
        say(theme::PLAIN, Safe(&issued.digest_words).to_string());
        say(theme::STRONG, "Words of the record, to be signed on paper by all:".to_owned());
        say(theme::PLAIN, Safe(&issued.record_words).to_string());
        say(theme::PLAIN, "Print record-to-sign.html for that, or copy it by hand.".to_owned());
        say(
            theme::STRONG,
            format!("Send {}, with snapshot.json in it, to {}. Written:", "snapshot.eml", making.plan.delivery),
        );
        for note in &issued.notes {
            say(theme::CARE, format!("! {note}"));
        }
        for path in &issued.paths {
            say(theme::PLAIN, Safe(&path.to_string_lossy()).to_string());
        }
        lines
    }
}
