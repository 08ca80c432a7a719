//! What happens, and in which order: the backup, its people, the words of an unfinished phrase, what is open, and the record. Pure:
//! screens and prompts bring answers and outcomes, and are told what comes next. Names no terminal.

mod ceremony;
pub mod desk;
pub mod device;
pub mod export;
mod history;
pub mod items;
pub mod left;
mod recovery;
pub mod refresh;
mod reply;
pub mod review;
mod route;
#[cfg(test)]
mod samples;
pub mod saving;
pub mod slip;
pub mod unlisted;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::ceremony::ProposedPlan;
use crate::domain::inventory::Collection;
use crate::domain::kind::Kind;
use crate::effect::{Answer, DeviceSaid, Effect, InventoryFacts, Near, Network, Opening, Outcome, Place, Source};

pub use self::ceremony::{CopyMade, Due, HowMade, Making};
pub use self::desk::{Desk, Task};
pub use self::device::Device;
pub use self::history::{History, HowOpened, losses};
pub use self::recovery::{CardAnswer, CardCheck, Question, Recovery};
pub use self::reply::{Given, Reply};
pub use self::route::{Behind, FileFor, Route};
pub use self::saving::{Saving, WantedAccount};

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
    /// To confirm what was added to it, for the same people.
    Confirm,
    /// For a refresh, which needs no quorum.
    Refresh,
    /// To save codes of an account, which needs no phrase.
    Save,
    /// For the backup of a person's device.
    Device,
    /// To restore the shares of such a backup.
    Restore,
}

#[derive(Debug, Default)]
pub struct Journey {
    goal: Goal,
    /// What a backup is going to be made of, as far as the session has read it.
    pub to_seal: InventoryFacts,
    /// What the command line says of the plan of a backup, until it is taken over.
    pub proposed: ProposedPlan,
    /// A backup is being made.
    pub making: Option<Making>,
    /// The clock, told before every step.
    pub now: Duration,
    /// Which network interfaces are up, once that was looked at.
    pub network: Option<Network>,
    /// Where files may be.
    pub places: Vec<Place>,
    pub backup: Option<Recovery>,
    pub desk: Desk,
    pub opening: Option<Opening>,
    /// Items that were marked for an export.
    pub marked: BTreeSet<(Collection, String)>,
    /// Keys and accounts whose secrets stand in an export that was written.
    pub written: BTreeSet<(Collection, String)>,
    pub history: History,
    /// The codes of an account on their way into a file.
    pub saving: Saving,
    /// Codes of other accounts that were read in and are not saved yet.
    set_aside: Vec<Saving>,
    /// A person's device, and what is done about its backup.
    pub device: Option<Box<Device>>,
    /// Which account people came for.
    pub wanted: Option<WantedAccount>,
    /// The 16 words of a public card, where the command line has them.
    pub given_card: Option<Vec<String>>,
    /// Other files beside the chosen one were offered.
    is_near_asked: bool,
    /// What is over was of something that protects nothing.
    was_training: bool,
}

impl Journey {
    pub fn new(goal: Goal) -> Self {
        Self { goal, ..Self::default() }
    }

    /// People decided what they want, and are led there. What is held stays.
    pub fn set_out(&mut self, goal: Goal) -> Route {
        self.goal = goal;
        match goal {
            Goal::Practise => Route::Read(Source::BuiltIn(Kind::Organization)),
            Goal::Make => {
                self.desk.clear();
                Route::Plan { kind: Kind::Organization }
            }
            Goal::Device => Route::Device,
            Goal::Recover
            | Goal::Rotate
            | Goal::Compact
            | Goal::Confirm
            | Goal::Refresh
            | Goal::Save
            | Goal::Restore => Route::Choose,
        }
    }

    /// Something else is wanted of the backup that is loaded.
    pub fn turn_to(&mut self, goal: Goal) -> Route {
        self.goal = goal;
        self.next()
    }

    /// With what is known of the plan of a backup.
    #[must_use]
    pub fn proposing(self, proposed: ProposedPlan) -> Self {
        Self { proposed, ..self }
    }

    pub fn goal(&self) -> Goal {
        self.goal
    }

    /// Whether a file beside the chosen one is marked to be read too before somebody marks it. Where something is sealed without a
    /// quorum none is: anybody can lay a file there, and what it says would go into the next one.
    pub fn is_marked_at_first(&self, near: &Near) -> bool {
        let is_adding = match self.goal {
            Goal::Refresh | Goal::Save => true,
            Goal::Recover
            | Goal::Practise
            | Goal::Make
            | Goal::Rotate
            | Goal::Compact
            | Goal::Confirm
            | Goal::Device
            | Goal::Restore => false,
        };
        near.standing.is_advised() && !is_adding
    }

    /// Whether what this is about protects nothing.
    pub fn is_training(&self) -> bool {
        match (&self.making, &self.backup) {
            (Some(making), _) => making.plan.is_training,
            // Another backup may still be loaded.
            (None, _) if self.goal == Goal::Make => false,
            (None, Some(backup)) => backup.summary.is_training,
            (None, None) => self.device.as_ref().map_or(self.was_training, |device| device.is_training()),
        }
    }

    /// Whether it is for practice: nothing that a production backup holds is shown or written.
    pub fn is_drill(&self) -> bool {
        self.goal == Goal::Practise
    }

    /// Whether nothing of the backup that is loaded is ever shown: a drill on one that protects something.
    pub fn withholds(&self) -> bool {
        self.is_drill() && !self.is_training()
    }

    /// Whether something is held that a wipe would lose.
    pub fn is_holding(&self) -> bool {
        // Every field is named, so that a new one has to be judged.
        let Self {
            opening,
            making: _,
            proposed: _,
            network: _,
            written: _,
            to_seal,
            desk,
            backup,
            goal: _,
            now: _,
            places: _,
            marked: _,
            history: _,
            saving,
            set_aside,
            device,
            wanted: _,
            given_card: _,
            is_near_asked: _,
            was_training: _,
        } = self;
        opening.is_some()
            || self.is_making()
            || !to_seal.files.is_empty()
            || desk.is_holding()
            || saving.is_holding()
            || !set_aside.is_empty()
            || device.as_ref().is_some_and(|device| device.is_holding())
            || backup.as_ref().is_some_and(|backup| backup.board.verified_count() > 0)
    }

    /// Back where something else can be chosen: what is loaded, and nothing was begun with, is left. So is practice.
    pub fn leave_loaded(&mut self) {
        self.leave_practice();
        if !self.is_holding() && self.making.is_none() {
            self.backup = None;
            self.was_training = false;
        }
    }

    /// It is over: drops all that is held, and keeps what the record says of it. `why` where nobody asked for it.
    pub fn end(&mut self, why: Option<&'static str>) {
        if let Some(backup) = &self.backup {
            self.history.compared = backup.compared;
        }
        self.history.why_wiped = why.or(self.history.why_wiped);
        self.was_training = self.is_training();
        self.wipe();
    }

    /// Drops, and so overwrites, every secret that is held.
    pub fn wipe(&mut self) {
        self.note_void_phrase();
        self.desk.clear();
        self.close();
        self.backup = None;
        self.making = None;
        self.to_seal = InventoryFacts::default();
        self.saving = Saving::default();
        self.set_aside.clear();
        self.device = None;
    }

    fn close(&mut self) {
        self.opening = None;
        self.marked.clear();
        self.written.clear();
    }

    /// What came of something that was given up, and what has to be done about it.
    pub fn hear_late(&mut self, outcome: Outcome) -> Option<Effect> {
        match outcome {
            // What was being written when somebody left for the record belongs into it.
            Outcome::Exported(result) => {
                self.history.export(&result);
                None
            }
            // The session did it all the same: what it says is how things are.
            Outcome::Ceremony(outcome) => {
                let said = self.hear_ceremony(*outcome);
                self.drop_done(&said);
                None
            }
            Outcome::Refreshed(result) => {
                self.history.refresh(&result);
                None
            }
            Outcome::Device(said) => {
                if let DeviceSaid::Written(result) = &*said {
                    self.history.back_up(result);
                }
                None
            }
            // It was given up in the very moment in which it was accepted: it does not count.
            Outcome::Checked { answer: Ok(Answer::Verified { number, .. }), .. }
            | Outcome::Tried { found: Ok(Some((_, Answer::Verified { number, .. }))), .. } => {
                Some(Effect::Remove { number })
            }
            // Nothing was written or accepted by it.
            Outcome::Checked { .. }
            | Outcome::Tried { .. }
            | Outcome::Network(_)
            | Outcome::Places(_)
            | Outcome::DraftsRemoved(_)
            | Outcome::Differ(_)
            | Outcome::Listed { .. }
            | Outcome::Loaded(_)
            | Outcome::Text(_)
            | Outcome::Table { .. }
            | Outcome::Removed { .. }
            | Outcome::Opened(_)
            | Outcome::Compared(_)
            | Outcome::Derived(_)
            | Outcome::Searched(_)
            | Outcome::Passphrase(_)
            | Outcome::NameChecked(_)
            | Outcome::Forgotten
            | Outcome::Died => None,
        }
    }
}
