//! What happens, and in which order: the backup, its people, the words of an unfinished phrase, what is open, and the record. Pure:
//! screens and prompts bring answers and outcomes, and are told what comes next. Names no terminal.

mod ceremony;
pub mod desk;
pub mod items;
pub mod orders;
mod record;
pub mod slip;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::export_form::{ExportForm, Selection};
use crate::domain::inventory::{Collection, Inventory};
use crate::domain::recovery::Board;
use crate::effect::{Answer, Effect, InventoryFacts, Network, Opening, Outcome, Place, Source, Summary};

pub use self::ceremony::{HowMade, Making};
pub use self::desk::{Desk, Task};
pub use self::record::{HowOpened, Record, losses};

/// What people came for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Goal {
    #[default]
    Recover,
    /// To practise a recovery.
    Practise,
    /// To make a first backup.
    Make,
    /// To make a new backup of its contents, with new people, threshold or phrases.
    Rotate,
    /// To seal all its contents again, for the same people.
    Compact,
    /// For a refresh, which needs no quorum.
    Refresh,
}

#[derive(Debug, Default)]
pub struct Journey {
    goal: Goal,
    /// What a backup is going to be made of, as far as the session has read it.
    pub to_seal: InventoryFacts,
    /// A backup is being made.
    pub making: Option<Making>,
    /// The clock, told before every step.
    pub now: Duration,
    /// Which network interfaces are up, once that was looked at.
    pub network: Option<Network>,
    /// Where files may be.
    pub places: Vec<Place>,
    pub backup: Option<Loaded>,
    pub desk: Desk,
    pub opening: Option<Opening>,
    /// Items that were marked for an export.
    pub marked: BTreeSet<(Collection, String)>,
    /// Keys and accounts whose secrets stand in an export that was written.
    pub written: BTreeSet<(Collection, String)>,
    pub record: Record,
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

impl Journey {
    pub fn new(goal: Goal) -> Self {
        Self { goal, ..Self::default() }
    }

    /// People decided what they want. What is held stays.
    pub fn set_out(&mut self, goal: Goal) {
        self.goal = goal;
    }

    pub fn goal(&self) -> Goal {
        self.goal
    }

    /// Whether what this is about protects nothing.
    pub fn is_training(&self) -> bool {
        match (&self.making, &self.backup) {
            (Some(making), _) => making.plan.is_training,
            // Another backup may still be loaded.
            (None, _) if self.goal == Goal::Make => false,
            (None, Some(backup)) => backup.summary.is_training,
            (None, None) => self.record.was_training,
        }
    }

    /// Whether it is for practice: nothing that a production backup holds is shown or written.
    pub fn is_drill(&self) -> bool {
        self.goal == Goal::Practise
    }

    /// A backup was read: the recovery begins anew.
    pub fn load(&mut self, summary: Summary) {
        let board = Board::new(summary.threshold, summary.shareholders.clone());
        self.record = Record { file: summary.files.first().map(|file| file.name.clone()), ..Record::default() };
        self.desk.clear();
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
            written: _,
            to_seal,
            desk,
            backup,
            goal: _,
            now: _,
            places: _,
            marked: _,
            record: _,
        } = self;
        opening.is_some()
            || self.is_making()
            || !to_seal.files.is_empty()
            || desk.is_holding()
            || backup.as_ref().is_some_and(|backup| backup.board.verified_count() > 0)
    }

    /// It is over: drops all that is held, and keeps what the record says of it. `why` where nobody asked for it.
    pub fn end(&mut self, why: Option<&'static str>) {
        if let Some(backup) = &self.backup {
            self.record.compared = backup.compared;
        }
        self.record.why_wiped = why.or(self.record.why_wiped);
        self.record.was_training = self.is_training();
        self.wipe();
    }

    /// What has to be done to read `source`. What was held of another backup is dropped.
    pub fn read(&mut self, source: Source) -> Effect {
        self.wipe();
        Effect::Load { source, is_drill: self.is_drill() }
    }

    /// Drops, and so overwrites, every secret that is held.
    pub fn wipe(&mut self) {
        self.desk.clear();
        self.close();
        self.backup = None;
        self.making = None;
        self.to_seal = InventoryFacts::default();
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
