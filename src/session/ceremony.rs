//! A backup in the making: the phrases that are shown and not confirmed yet, what the confirmed ones were derived to, the file that
//! was written, and the shares that were opened from it. It is called a backup in [`file`] alone.

mod file;
mod phrases;
mod place;
mod resume;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;

use self::place::{SecondCopy, new_folder};
use self::written::WrittenSnapshot;
use super::gathered::{Gathered, people};
use super::proving::Proving;
use super::transcript::{self, Transcript};
use super::{RecoveryState, Session, papers, summary};
use crate::crypto::kdf::Kdf;
use crate::domain::ceremony::{CeremonyStage, Plan, Progress};
use crate::domain::entropy::Entropy;
use crate::domain::explain::Explain;
use crate::domain::inventory::review::ReviewPurpose;
use crate::domain::inventory::{Holdings, Inventory, Sealable, review};
use crate::domain::phrase::Phrase;
use crate::domain::text::counted;
use crate::domain::time::Timestamp;
use crate::effect::{
    Act, Answer, Beginning, Begun, CeremonyOutcome, InventoryFacts, NotIssued, Said, Trouble, Unconfirmed,
};
use crate::machine::clock;
use crate::machine::disk::Disk;
use crate::machine::files::{self, NewFolders, WriteError};
use crate::machine::medium::{Media, WatchedMedium};
use crate::machine::output::OutputFolders;
use crate::snapshot::founding::{Founding, SealingPlan};
use crate::snapshot::sealing::SealingError;
use crate::snapshot::v1::model::Replaces;

/// What is gathered for a backup, and the backup in the making.
#[derive(Default)]
pub struct Workshop {
    gathered: Gathered,
    making: Option<CeremonyWork>,
}

struct CeremonyWork {
    plan: Plan,
    /// Where it is written. It may be mounted elsewhere after the medium was put back.
    folder: PathBuf,
    /// The folders that were made for it. Those in which nothing was written go when this goes.
    made: NewFolders,
    /// The medium that the folder is on, if it is on one.
    medium: Option<WatchedMedium>,
    progress: Progress,
    of: FileOf,
    written: Option<WrittenSnapshot>,
    /// What was written once more, and is to be read again.
    copy: Option<SecondCopy>,
    transcript: Transcript,
}

/// Where the file of a ceremony comes from.
enum FileOf {
    /// It is made here.
    This(Box<MadeHere>),
    /// An earlier ceremony wrote it, and did not end.
    Earlier,
}

/// What is sealed here, and for whom.
struct MadeHere {
    founding: Founding,
    sealable: Sealable,
    /// Phrases that were shown and not confirmed yet.
    shown: BTreeMap<u8, Phrase>,
}

impl FileOf {
    /// What is made here. Of a file that an earlier ceremony wrote nothing is.
    fn made(&mut self) -> Result<&mut MadeHere, Trouble> {
        match self {
            Self::This(made) => Ok(made),
            Self::Earlier => Err(Trouble::new(
                "This ceremony goes on with a file that is written: it makes no phrase, and no other file.",
                "Where a paper is lost, make a new backup.",
            )),
        }
    }
}

/// What a ceremony needs of the machine.
struct Bench<'a> {
    kdf: &'a dyn Kdf,
    entropy: &'a mut dyn Entropy,
    disk: &'a dyn Disk,
    folders: &'a OutputFolders,
    media: &'a dyn Media,
}

impl Session {
    /// Does one step of a ceremony.
    pub(super) fn act(&mut self, act: Act, is_stopped: &dyn Fn() -> bool) -> CeremonyOutcome {
        let is_confirmation = matches!(act, Act::Review(ReviewPurpose::Confirmation));
        // Before anybody looks at anything in vain.
        let refused = if is_confirmation { self.can_confirm().err() } else { None };
        let Self { kdf, entropy, disk, folders, media, workshop, state, .. } = self;
        let mut bench = Bench { kdf: &**kdf, entropy: &mut **entropy, disk: &**disk, folders, media: &**media };
        let said = match refused {
            Some(trouble) => Said::Review(Err(trouble)),
            None => workshop.act(act, state, &mut bench, is_stopped),
        };
        let progress = workshop.making.as_ref().map_or_else(Progress::default, |making| making.progress.clone());
        CeremonyOutcome { said, progress }
    }
}

impl Workshop {
    fn act(
        &mut self,
        act: Act,
        state: &mut RecoveryState,
        bench: &mut Bench<'_>,
        is_stopped: &dyn Fn() -> bool,
    ) -> Said {
        let making = self.making.as_mut().ok_or_else(not_begun);
        match act {
            Act::AddInventory { file } => {
                let added = self.gathered.add(&file);
                Said::Inventory(added.map(|()| self.gathered.facts().clone()))
            }
            Act::ClearInventory(kind) => {
                self.gathered = Gathered::of(kind);
                Said::Inventory(Ok(InventoryFacts::default()))
            }
            Act::CreateKeys(creates_keys) => {
                self.gathered.create_keys(creates_keys);
                Said::Inventory(Ok(self.gathered.facts().clone()))
            }
            Act::ReadPeople { path } => Said::People(people(&path)),
            Act::Review(purpose) => Said::Review(review_of(state, purpose)),
            Act::Begin(beginning) => Said::Begun(self.begin(*beginning, state, bench).map(Box::new)),
            Act::LookAtUnfinished { path } => Said::Unfinished(resume::look(&path).map(Box::new)),
            Act::Resume(resumption) => Said::Begun(self.resume(*resumption, bench).map(Box::new)),
            Act::Decline { number } => Said::Declined(making.and_then(|making| making.decline(number))),
            Act::Replan(plan) => Said::Begun(making.and_then(|making| making.replan(*plan, bench)).map(Box::new)),
            Act::WriteSheets => Said::Written(making.and_then(|making| making.write_sheets(bench))),
            Act::Show { number, anew } => {
                Said::Phrase { number, phrase: making.and_then(|making| making.show(number, anew, bench)) }
            }
            Act::Confirm { number, typed } => {
                let result = making.and_then(|making| making.confirm(number, &typed, bench, is_stopped));
                Said::Confirmed { number, result }
            }
            Act::Keep { number, phrase } => {
                let result = making.and_then(|making| making.keep(number, &phrase, state, bench, is_stopped));
                Said::Confirmed { number, result }
            }
            Act::Seal => Said::Sealed(making.and_then(|making| making.seal(bench))),
            Act::LookForMedium => match making.and_then(|making| making.look_for_medium(bench)) {
                Ok(medium) => Said::Medium(medium),
                Err(trouble) => Said::ReadAgain(Err(trouble)),
            },
            Act::ReadAgain { skips_medium } => {
                Said::ReadAgain(making.and_then(|making| making.read_again(skips_medium)))
            }
            Act::Verify { phrase } => {
                let answer = making.and_then(|making| making.verify(&phrase, bench.kdf, is_stopped));
                Said::Verified(answer)
            }
            Act::Move { folder } => Said::Moved(making.and_then(|making| making.move_to(folder, bench))),
            Act::Copy { folder } => Said::Copied(making.and_then(|making| making.copy_to(folder, bench))),
            Act::Issue => Said::Issued(match making {
                Ok(making) => making.issue(&mut self.gathered, bench).map(Box::new),
                Err(trouble) => Err(NotIssued { trouble, may_be_there: false }),
            }),
            Act::WriteChecklist => {
                Said::Written(making.and_then(|making| making.write_checklist(&opened(state)?.inventory, bench)))
            }
            Act::DeleteInventory => Said::Deleted(self.delete_inventory(bench)),
        }
    }

    /// Makes the folder, and all that is sealed: also new keys.
    fn begin(&mut self, beginning: Beginning, state: &RecoveryState, bench: &mut Bench<'_>) -> Result<Begun, Trouble> {
        let Beginning { plan, folder, rotation } = beginning;
        let now = today()?;
        // The folder of one that was begun before and never came to a file goes with it.
        self.making = None;
        let facts = self.gathered.facts();
        if plan.is_training && rotation.is_none() && facts.is_production {
            return Err(Trouble::new(
                "The inventory says that it is for production; a training backup is opened by people who practise.",
                "Nothing was made. Choose production, or another inventory.",
            ));
        }
        let (sealable, replaces) = match &rotation {
            None => (Sealable::from(self.gathered.records(&plan.organization, bench.entropy)?), None),
            Some(rotation) => {
                let proving = opened(state)?;
                let judge = state.judge.as_ref().ok_or_else(super::no_backup)?;
                let core = judge.backup.core();
                if plan.is_training != super::is_training(judge) {
                    return Err(Trouble::new("A rotation keeps the purpose of the backup.", "Nothing was made."));
                }
                let mut sealable = review::records(&proving.inventory, core.backup_id, &rotation.accepted);
                sealable.rename(&plan.organization);
                if plan.kind.rules().is_opened_alone() {
                    sealable.set_owners(&plan.shareholders.iter().map(|person| plan.label(person)).collect::<Vec<_>>());
                }
                let replaces = Replaces { backup_id: core.backup_id, core_digest: *judge.backup.core_digest() };
                (sealable, Some(replaces))
            }
        };
        let sealed = SealingPlan::of(&plan, None, replaces);
        let founding = Founding::begin(sealed, bench.entropy).map_err(|error| not_sealed(&error))?;
        let made = new_folder(&folder, bench)?;
        let expected = summary::expected(founding.numbers(), bench.kdf);
        let mut transcript = Transcript::begin(clock::since_boot());
        transcript.note(clock::since_boot(), "begun", transcript::begun(&plan, true));
        if let (Some(rotation), Ok(proving), Some(judge)) = (&rotation, opened(state), &state.judge) {
            let facts = json!({
                "accepted": rotation.accepted.len(),
                "backup_id": judge.backup.core().backup_id,
                "fingerprint": judge.backup.fingerprint().words(),
                "unconfirmed": review::questions(&proving.inventory).len(),
                "unsettled": state.red.len(),
            });
            transcript.note(clock::since_boot(), "opened for rotation", facts);
        }
        let progress = Progress::new(plan.shareholders.len());
        let holds =
            file::contents(plan.kind, &sealable, now).map_or_else(Holdings::default, |held| Holdings::of(&held));
        let begun = Begun { plan: plan.clone(), date: now.date(), expected, holds, going_on: None };
        self.making = Some(CeremonyWork {
            medium: bench.media.of(&folder),
            plan,
            folder,
            made,
            progress,
            of: FileOf::This(Box::new(MadeHere { founding, sealable, shown: BTreeMap::new() })),
            written: None,
            copy: None,
            transcript,
        });
        Ok(begun)
    }

    /// Only when the backup is there.
    fn delete_inventory(&mut self, bench: &Bench<'_>) -> Result<Vec<PathBuf>, Trouble> {
        if self.making.as_ref().is_none_or(|making| making.progress.stage() < CeremonyStage::Issued) {
            return Err(Trouble::new("The backup is not there yet.", "The inventory was left as it is."));
        }
        let mut deleted = Vec::new();
        let mut trouble = None;
        for path in self.gathered.files() {
            // A link is deleted, and what it leads to as well; what is gone already is gone.
            let all = [files::real(path), Some(path.clone())];
            let all = all.iter().flatten().filter(|path| files::is_there(path));
            match all.map(|path| files::remove_file(bench.disk, path, bench.folders)).find_map(Result::err) {
                None => deleted.push(path.clone()),
                Some(error) => trouble = trouble.or(Some(error)),
            }
        }
        match trouble {
            None => Ok(deleted),
            Some(error) => Err(Trouble::new(
                format_args!(
                    "{error}. Deleted: {} of {}.",
                    deleted.len(),
                    counted(self.gathered.files().len(), "file")
                ),
                error.hint(),
            )),
        }
    }
}

impl CeremonyWork {
    /// Whether everybody types against the file that was read again, before it is a backup.
    fn is_verified_again(&self) -> bool {
        self.progress.is_resumed() || self.plan.kind.rules().is_verified_again()
    }

    fn note(&mut self, event: &str, facts: serde_json::Value) {
        self.transcript.note(clock::since_boot(), event, facts);
    }

    /// What is planned with is open again before anything is sealed; the file that may be there counts no more.
    fn decline(&mut self, number: u8) -> Result<u8, Trouble> {
        if self.progress.stage() != CeremonyStage::Asking {
            return Err(Trouble::new(
                "The file is written already.",
                "Nothing was changed. Leave the ceremony, if somebody is not to hold a phrase.",
            ));
        }
        self.note("request declined", json!({"number": number}));
        Ok(number)
    }

    /// Other people, another threshold or address. Who stays keeps what was confirmed or shown; what was of the others is forgotten.
    fn replan(&mut self, plan: Plan, bench: &mut Bench<'_>) -> Result<Begun, Trouble> {
        let fixed = |plan: &Plan| (plan.kind, plan.form, plan.is_training, plan.organization.clone());
        if self.progress.stage() != CeremonyStage::Asking || fixed(&plan) != fixed(&self.plan) {
            return Err(Trouble::new("The plan cannot be changed any more.", "Nothing was changed."));
        }
        let now = today()?;
        let stays = plan.stays(&self.plan);
        let made = self.of.made()?;
        made.founding.replan(SealingPlan::of(&plan, None, None), &stays).map_err(|error| not_sealed(&error))?;
        let mut before = std::mem::take(&mut made.shown);
        made.shown = stays.iter().filter_map(|(number, old)| Some((*number, before.remove(old)?))).collect();
        if plan.kind.rules().is_opened_alone() {
            made.sealable.set_owners(&plan.shareholders.iter().map(|person| plan.label(person)).collect::<Vec<_>>());
        }
        let expected = summary::expected(made.founding.numbers(), bench.kdf);
        let holds = file::contents(plan.kind, &made.sealable, now);
        let holds = holds.map_or_else(Holdings::default, |held| Holdings::of(&held));
        self.progress = self.progress.replanned(plan.shareholders.len(), &stays);
        let mut facts = transcript::begun(&plan, true);
        if let Some(facts) = facts.as_object_mut() {
            let stays = stays.iter().map(|(number, was)| json!({"number": number, "was": was}));
            facts.insert("stays".to_owned(), stays.collect());
        }
        self.note("planned anew", facts);
        self.plan = plan.clone();
        Ok(Begun { plan, date: now.date(), expected, holds, going_on: None })
    }

    fn write_sheets(&mut self, bench: &Bench<'_>) -> Result<Vec<PathBuf>, Trouble> {
        let date = today()?.date();
        self.is_here(bench)?;
        let sheets = papers::sheets(&self.plan, &date, &self.folder);
        let paths = sheets.iter().map(|(path, _)| path.clone()).collect();
        // Asked for once more they are where they were: no other name can be chosen for them.
        let missing: Vec<_> = sheets.into_iter().filter(|(path, _)| !files::is_there(path)).collect();
        if missing.is_empty() {
            return Ok(paths);
        }
        write_all(&self.folder, &missing, bench).map_err(|error| not_written(&error))?;
        let facts = transcript::files(missing.iter().map(|(path, _)| path.as_path()), &self.folder);
        self.note("sheets written", facts);
        Ok(paths)
    }

    /// Only once there is a new file that the codes can go into.
    fn write_checklist(&mut self, inventory: &Inventory, bench: &Bench<'_>) -> Result<Vec<PathBuf>, Trouble> {
        if self.progress.stage() < CeremonyStage::Issued {
            return Err(Trouble::new("The backup is not there yet.", "Nothing was written."));
        }
        let path = self.folder.join("checklist.txt");
        self.is_here(bench)?;
        let text = papers::checklist(inventory, &today()?.date());
        write_all(&self.folder, &[(path.clone(), text)], bench).map_err(|error| Trouble::of(&error))?;
        Ok(vec![path])
    }

    /// Their full names are known here, also when the file has initials.
    fn named(&self, answer: Answer) -> Answer {
        match answer {
            Answer::Verified { number, .. } => Answer::Verified { number, who: self.plan.title(number) },
            Answer::AlreadyEntered { number, .. } => Answer::AlreadyEntered { number, who: self.plan.title(number) },
            Answer::AlteredFile { number, .. } => Answer::AlteredFile { number, who: self.plan.title(number) },
            answer => answer,
        }
    }
}

/// Writes files below the folder, and makes those they lie in: all of them or none.
fn write_all(folder: &Path, all: &[(PathBuf, Vec<u8>)], bench: &Bench<'_>) -> Result<(), WriteError> {
    let all: Vec<(&Path, &[u8])> = all.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
    files::write_all_below(bench.disk, folder, &all, bench.folders)
}

fn opened(state: &RecoveryState) -> Result<&Proving, Trouble> {
    let is_withheld = state.is_drill && !state.judge.as_ref().is_some_and(super::is_training);
    state.proving.as_ref().filter(|_| !is_withheld).ok_or_else(super::no_backup)
}

fn review_of(state: &RecoveryState, purpose: ReviewPurpose) -> Result<Vec<Unconfirmed>, Trouble> {
    let inventory = &opened(state)?.inventory;
    let asked = |question: review::ReviewQuestion| Unconfirmed {
        what: question.what(inventory),
        is_change: question.is_change(),
        question,
    };
    Ok(purpose.questions(inventory).into_iter().map(asked).collect())
}

fn today() -> Result<Timestamp, Trouble> {
    clock::now()
        .ok_or_else(|| Trouble::new("The clock of this machine shows no usable date.", "Set it, and try again."))
}

fn not_begun() -> Trouble {
    Trouble::new("No ceremony has begun.", "Plan it first.")
}

fn stopped() -> Trouble {
    Trouble::new("It was stopped.", "Nothing was lost: type it again when you like.")
}

fn not_sealed(error: &SealingError) -> Trouble {
    Trouble::new(format_args!("{error}."), "Nothing confirmed was lost.")
}

fn not_written(error: &WriteError) -> Trouble {
    Trouble::of(error).and("Nothing confirmed was lost.")
}
