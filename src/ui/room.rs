//! What all screens share: the backup, its people, the words of an unfinished phrase, what is open, and the record.

mod making;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::pace::Pace;
use super::search::{Search, Unfinished};
use crate::domain::completeness::Extent;
use crate::domain::export_form::{ExportForm, Selection};
use crate::domain::inventory::{Collection, Inventory};
use crate::domain::keyboard::Keyboard;
use crate::domain::phrase_entry::PhraseEntry;
use crate::domain::recovery::Board;
use crate::effect::{
    Answer, Comparison, Effect, InventoryFacts, Network, Opening, Outcome, Place, Refreshed, Summary, Trouble, Written,
};

pub use self::making::{HowMade, Making, Task};

/// What the command line decides.
#[derive(Debug, Clone)]
pub struct Options {
    /// Secrets hide after so long without a key.
    pub hide_after: Duration,
    /// An open backup is wiped after so long without a key; a gathering after six times as long.
    pub wipe_after: Duration,
    pub is_drill: bool,
    /// The terminal is sent ASCII only.
    pub is_ascii: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hide_after: Duration::from_secs(60),
            wipe_after: Duration::from_secs(600),
            is_drill: false,
            is_ascii: false,
        }
    }
}

/// What the backup is opened for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Goal {
    #[default]
    Recover,
    /// To make a new backup of its contents, with new people, threshold or phrases.
    Rotate,
    /// To seal all its contents again, for the same people.
    Compact,
    /// For a refresh, which needs no quorum.
    Refresh,
}

#[derive(Debug, Default)]
pub struct Room {
    pub options: Options,
    pub goal: Goal,
    /// What a backup is going to be made of, as far as the session has read it.
    pub to_seal: InventoryFacts,
    /// A backup is being made.
    pub making: Option<Making>,
    /// A file that was chosen for the screen below the chooser.
    pub picked: Option<PathBuf>,
    /// The clock, told before every step.
    pub now: Duration,
    /// Which network interfaces are up, once that was looked at.
    pub network: Option<Network>,
    /// Whether the keys rest.
    pub pace: Pace,
    /// Where files may be.
    pub places: Vec<Place>,
    pub backup: Option<Loaded>,
    /// The words of a phrase that is not checked yet, and the search for the slip in them.
    pub entry: Option<Unfinished>,
    /// What they are typed for.
    pub task: Task,
    /// A check of them was given up; it may have come to its end all the same.
    pub is_given_up: bool,
    pub opening: Option<Opening>,
    /// Items that were marked for an export.
    pub marked: BTreeSet<(Collection, String)>,
    /// Keys and accounts whose secrets stand in an export that was written.
    pub written: BTreeSet<(Collection, String)>,
    /// What is printed on the keys.
    pub keyboard: Keyboard,
    /// How the words of the phrase are shown.
    pub look: DeskLook,
    /// Somebody agreed that phrases are pasted.
    pub may_paste: bool,
    /// The backup that was read last is for training.
    pub is_training: bool,
    pub record: Record,
}

/// How somebody wants the words of one phrase to be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeskLook {
    /// Nothing is, not even the word that is being typed.
    pub is_masked: bool,
    /// One word at a time, five rows high.
    pub is_large: bool,
}

/// A backup and how far its recovery is.
#[derive(Debug)]
pub struct Loaded {
    pub summary: Summary,
    pub board: Board,
    /// How the fingerprint was compared; `None` until it was.
    pub compared: Option<Compared>,
    /// What a derivation takes: the forecast at first, then what the last one took.
    pub derivation: Duration,
    /// Whose phrase was accepted last, to be said once.
    pub last_answer: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// A word of the card was typed and matched.
    Word,
    /// There was no card.
    Not,
}

/// What happened, for the last screen and for the exit code. Holds numbers and names, nothing that was typed.
#[derive(Debug, Default)]
pub struct Record {
    pub file: Option<String>,
    /// The last file that was asked for could not be used.
    pub is_refused: bool,
    pub compared: Option<Compared>,
    /// Whose phrases are verified, by number and as people read it, in the order in which they came.
    pub verified: Vec<(u8, String)>,
    /// Phrases that were nobody's.
    pub wrong: usize,
    /// Right phrases whose envelope was altered.
    pub altered: usize,
    pub opened: Option<HowOpened>,
    /// A backup was to be made.
    pub made: Option<HowMade>,
    pub revealed: usize,
    pub exported: Vec<Written>,
    /// New snapshots that were written.
    pub refreshed: Vec<Refreshed>,
    /// The last thing that was asked to be written was not.
    pub is_unwritten: bool,
    /// Why everything was wiped, when nobody asked for it.
    pub why_wiped: Option<&'static str>,
    /// What the session holds is wiped as well.
    pub is_wiped: bool,
}

/// That a backup was opened, and what came of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct HowOpened {
    pub is_withheld: bool,
    /// Whether it was all of it.
    pub extent: Extent,
    /// How many things do not check.
    pub red: usize,
    /// Addresses that are those of their keys, vaults that were compared, and vaults in all.
    pub matches: usize,
    pub compared: usize,
    pub vaults: usize,
    /// Every key and vault was compared with the record.
    pub is_compared: bool,
}

impl HowOpened {
    fn of(opening: &Opening) -> Self {
        let Comparison { done, total, matches, is_complete, .. } = opening.comparison;
        Self {
            is_withheld: opening.is_withheld,
            extent: opening.completeness.extent(),
            red: opening.red.len(),
            matches,
            compared: done,
            vaults: total,
            is_compared: is_complete,
        }
    }
}

impl Record {
    /// What became of an export.
    pub fn export(&mut self, result: &Result<Written, Trouble>) {
        self.is_unwritten = result.is_err();
        self.exported.extend(result.as_ref().ok().cloned());
    }

    /// What became of a new snapshot.
    pub fn refresh(&mut self, result: &Result<Refreshed, Trouble>) {
        self.is_unwritten = result.is_err();
        self.refreshed.extend(result.as_ref().ok().cloned());
    }
}

impl Room {
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// A backup was read: the recovery begins anew.
    pub fn load(&mut self, summary: Summary) {
        let board = Board::new(summary.threshold, summary.shareholders.clone());
        self.is_training = summary.is_training;
        self.record = Record { file: summary.files.first().map(|file| file.name.clone()), ..Record::default() };
        self.drop_entry();
        self.close();
        self.backup = Some(Loaded { derivation: summary.expected, summary, board, compared: None, last_answer: None });
    }

    /// Whether something is held that a wipe would lose.
    pub fn is_holding(&self) -> bool {
        // Every field is named, so that a new one has to be judged.
        let Self {
            opening,
            making: _,
            network: _,
            pace: _,
            written: _,
            to_seal,
            entry,
            backup,
            options: _,
            goal: _,
            picked: _,
            now: _,
            places: _,
            task: _,
            is_given_up: _,
            marked: _,
            keyboard: _,
            look: _,
            may_paste: _,
            is_training: _,
            record: _,
        } = self;
        opening.is_some()
            || self.is_making()
            || !to_seal.files.is_empty()
            || entry.as_ref().is_some_and(Unfinished::is_holding)
            || backup.as_ref().is_some_and(|backup| backup.board.verified_count() > 0)
    }

    /// The search for the slip in the words.
    pub fn search(&self) -> Option<&Search> {
        self.entry.as_ref()?.search()
    }

    /// Drops, and so overwrites, every secret of the screens.
    pub fn wipe(&mut self) {
        self.drop_entry();
        self.close();
        self.backup = None;
        self.making = None;
        self.to_seal = InventoryFacts::default();
        self.picked = None;
    }

    /// A quorum opened the backup.
    pub fn open(&mut self, opening: Opening) {
        self.record.opened = Some(HowOpened::of(&opening));
        self.opening = Some(opening);
    }

    fn close(&mut self) {
        self.opening = None;
        self.marked.clear();
        self.written.clear();
    }

    /// A file of that form was written, with what was selected.
    pub fn wrote(&mut self, form: ExportForm, selection: &Selection) {
        let Some(opening) = self.opening.as_ref().filter(|_| !selection.is_public_only) else { return };
        let inventory = &opening.inventory;
        // Contents that can be sealed again bring the key of a marked vault; no other form does.
        let brings = |id: &str| form == ExportForm::Json && selection.takes(Collection::Vaults, id);
        let vaults = inventory.items(Collection::Vaults).filter(|vault| brings(vault.item.id()));
        let brought: BTreeSet<&str> = vaults.filter_map(|vault| vault.item.fields().text("key_id")).collect();
        for collection in [Collection::Keys, Collection::Accounts] {
            let is_held = collection == Collection::Accounts || form.holds_keys();
            let is_brought = |id: &str| collection == Collection::Keys && brought.contains(id);
            let items = inventory.items(collection).map(|version| version.item.id()).filter(|_| is_held);
            let written = items.filter(|id| selection.takes(collection, id) || is_brought(id));
            self.written.extend(written.map(|id| (collection, id.to_owned())));
        }
    }

    /// How many keys or accounts of an open backup stand in no export, and how many there are.
    pub fn unwritten(&self, collection: Collection) -> (usize, usize) {
        let Some(inventory) = self.inventory() else { return (0, 0) };
        let is_written = |id: &str| self.written.contains(&(collection, id.to_owned()));
        let all = inventory.items(collection).count();
        (inventory.items(collection).filter(|version| !is_written(version.item.id())).count(), all)
    }

    /// What is still to be compared in an open backup.
    pub fn next_comparison(&self) -> Option<Effect> {
        let comparison = &self.opening.as_ref()?.comparison;
        (!comparison.is_complete).then_some(Effect::Compare { from: comparison.done })
    }

    /// What came of it.
    pub fn hear_compared(&mut self, outcome: Outcome) {
        let Some(opening) = &mut self.opening else { return };
        let comparison = &mut opening.comparison;
        if let Outcome::Compared(Ok(compared)) = outcome {
            comparison.checks.keys.extend(compared.checks.keys);
            comparison.checks.vaults.extend(compared.checks.vaults);
            comparison.done = compared.done;
            comparison.matches += compared.matches;
            comparison.is_complete = comparison.done >= comparison.total;
            opening.red.extend(compared.red);
            opening.notes.extend(compared.notes);
        } else {
            // It is not asked for again: a defect would come again.
            comparison.is_complete = true;
            opening.red.push(
                "A defect of this program ended the comparison of keys and addresses with the record.".to_owned(),
            );
        }
        self.record.opened = Some(HowOpened::of(opening));
    }

    /// Drops the words, and the search for a slip in them.
    pub fn drop_entry(&mut self) {
        self.entry = None;
        self.task = Task::Recovery;
        self.is_given_up = false;
        self.look = DeskLook::default();
    }

    /// The accepted phrase of a shareholder is no longer held.
    pub fn forget(&mut self, number: u8) {
        if let Some(backup) = &mut self.backup {
            backup.board.forget(number);
            backup.last_answer = None;
        }
        self.record.verified.retain(|(verified, _)| *verified != number);
    }

    /// What came of something that was given up, and what has to be done about it.
    pub fn hear_late(&mut self, outcome: Outcome) -> Option<Effect> {
        match outcome {
            // What was being written when somebody left for the record belongs into it.
            Outcome::Exported(result) => {
                self.record.export(&result);
                None
            }
            // The session did it all the same: what it says is how things are.
            Outcome::Ceremony(outcome) => {
                let said = self.hear_ceremony(*outcome);
                self.drop_done(&said);
                None
            }
            Outcome::Refreshed(result) => {
                self.record.refresh(&result);
                None
            }
            // It was given up in the very moment in which it was accepted: it does not count.
            Outcome::Checked { answer: Ok(Answer::Verified { number, .. }), .. }
            | Outcome::Tried { found: Ok(Some((_, Answer::Verified { number, .. }))), .. } => {
                Some(Effect::Remove { number })
            }
            _ => None,
        }
    }

    /// The character on the key that was pressed. Digits stay digits: where a keyboard has them with Shift, its keypad has them
    /// without, and here a digit is asked for more often than an accent; but not within a word.
    pub fn read_key(&self, c: char) -> char {
        let typed = self.entry.as_deref().map_or("", PhraseEntry::reveal_typing);
        let is_digit = c.is_ascii_digit() && !typed.starts_with(char::is_alphabetic);
        if is_digit { c } else { self.keyboard.read(c) }
    }

    pub fn inventory(&self) -> Option<&Arc<Inventory>> {
        self.opening.as_ref().map(|opening| &opening.inventory)
    }

    pub fn verify(&mut self, number: u8, who: &str) {
        let Some(backup) = &mut self.backup else { return };
        if !backup.board.is_verified(number) {
            backup.board.verify(number, self.now);
            self.record.verified.push((number, who.to_owned()));
        }
    }
}
