//! A recovery in progress, held away from the screens: does what they ask (`effect`) and keeps what they must not see.
//! Knows no screen and no terminal.

pub mod desk;
pub mod load;
mod summary;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::desk::{Desk, DeskError};
use self::load::{LoadError, load};
use crate::crypto::kdf::{Argon2id, Kdf, KdfError, KdfNumbers};
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::inventory::{Contents, Inventory};
use crate::domain::phrase::Phrase;
use crate::domain::secret::SecretBytes;
use crate::effect::{Answer, Effect, Opening, Outcome, Place, PlaceKind, Source, Summary, Trouble};
use crate::machine::output::OutputFolders;
use crate::machine::{clock, files, folder, media, memory};
use crate::snapshot::finding::Finding;
use crate::snapshot::v1::read::read;
use crate::training::SAMPLES;

/// The derivation with the memory that is free at that moment.
pub struct ThisMachine;

impl Kdf for ThisMachine {
    fn derive(&self, secret: &[u8], numbers: &KdfNumbers) -> Result<SecretBytes<32>, KdfError> {
        Argon2id { available_memory: memory::available() }.derive(secret, numbers)
    }
}

/// What a session needs of the machine, and what it may do there.
pub struct Session {
    kdf: Box<dyn Kdf + Send + Sync>,
    entropy: Box<dyn Entropy + Send>,
    /// Where exports may go.
    folders: OutputFolders,
    export_dir: Option<PathBuf>,
    home: Option<PathBuf>,
    state: State,
}

/// What is held of a recovery.
#[derive(Default)]
struct State {
    desk: Option<Desk>,
    /// A drill: of a production file nothing that was sealed leaves the session.
    is_drill: bool,
    /// The file that was chosen first.
    first: Option<PathBuf>,
}

impl Session {
    pub fn new(
        kdf: Box<dyn Kdf + Send + Sync>,
        entropy: Box<dyn Entropy + Send>,
        folders: OutputFolders,
        export_dir: Option<PathBuf>,
        home: Option<PathBuf>,
    ) -> Self {
        Self { kdf, entropy, folders, export_dir, home, state: State::default() }
    }

    /// Does one thing. `is_stopped` is asked where work can be given up.
    pub fn perform(&mut self, effect: Effect, is_stopped: &dyn Fn() -> bool) -> Outcome {
        match effect {
            Effect::FindPlaces => Outcome::Places(self.places()),
            Effect::List { folder } => {
                let entries = folder::list(&folder);
                Outcome::Listed { folder, entries }
            }
            Effect::Load { source, is_drill } => {
                self.state = State { is_drill, ..State::default() };
                Outcome::Loaded(self.load(source).map(Box::new))
            }
            Effect::Check { phrase } => self.check(&phrase, is_stopped),
            Effect::Try { phrases } => self.find(&phrases, is_stopped),
            Effect::Remove { number } => {
                if let Some(desk) = &mut self.state.desk {
                    desk.remove(number);
                }
                Outcome::Removed { number }
            }
            Effect::Open => Outcome::Opened(self.open()),
            Effect::Export { inventory, path } => Outcome::Exported(self.export(&inventory, path)),
            Effect::Forget => {
                self.state = State::default();
                Outcome::Forgotten
            }
        }
    }

    fn places(&self) -> Vec<Place> {
        let mut places = media::places(&self.folders, self.export_dir.as_deref(), self.home.as_deref());
        let first = self.state.first.as_deref();
        for place in places.iter_mut().filter(|place| place.kind != PlaceKind::Unmounted) {
            if first.is_some_and(|first| media::is_same_medium(first, &place.path)) {
                place.remark = Some("the snapshot came from this medium; better use another one");
            }
        }
        places
    }

    fn load(&mut self, source: Source) -> Result<Summary, Trouble> {
        let trouble = |error: &LoadError| Trouble::new(format_args!("{error}."), error.hint());
        let (readings, paths) = match source {
            Source::BuiltIn => {
                let [sample, ..] = &SAMPLES;
                let path = PathBuf::from(format!("the built-in training backup ({})", sample.name));
                let mut reading = read(sample.snapshot).map_err(|why| trouble(&LoadError::refused(&path, why)))?;
                reading.name = path.to_string_lossy().into_owned();
                (vec![reading], None)
            }
            Source::Files(paths) => {
                let readings = paths.iter().map(|path| Ok(load(path)?.reading)).collect::<Result<Vec<_>, LoadError>>();
                (readings.map_err(|error| trouble(&error))?, Some(paths))
            }
        };
        let first = paths.as_deref().and_then(<[PathBuf]>::first);
        let (readings, beside) = summary::beside(paths.as_deref().unwrap_or_default(), readings);
        let mut desk =
            Desk::unite(readings, first.map_or(Path::new(""), PathBuf::as_path)).map_err(|error| trouble(&error))?;
        let Some(form) = desk.backup.core().phrase else {
            return Err(Trouble::new("This backup is not opened by phrases.", "Use the way it was made for."));
        };
        let sheets = paths.is_none().then_some(SAMPLES[0].phrases);
        let facts = summary::Facts { form, near: beside.near, sheets, paths: paths.unwrap_or_default() };
        let expected = summary::expected(&desk.backup.core().kdf, &*self.kdf);
        let asked = summary::any_word(&mut *self.entropy)
            .map_err(|error| Trouble::new(format_args!("{error}."), "Nothing was read. Restart the machine."))?;
        let at_once = summary::at_once(&desk.backup.core().kdf);
        let first_path = facts.paths.first().cloned();
        let summary = summary::of(&desk, facts, expected, asked, at_once);
        desk.recognise_also(beside.others);
        self.state.desk = Some(desk);
        self.state.first = first_path;
        Ok(summary)
    }

    fn check(&mut self, phrase: &Phrase, is_stopped: &dyn Fn() -> bool) -> Outcome {
        let begun = clock::since_boot();
        let answer = match &mut self.state.desk {
            Some(desk) => desk
                .take(phrase, &*self.kdf, is_stopped)
                .map_err(|error| Trouble::new(format_args!("Not checked: {error}."), error.hint())),
            None => Err(no_backup()),
        };
        Outcome::Checked { answer, took: clock::since_boot().saturating_sub(begun) }
    }

    fn find(&mut self, phrases: &[Phrase], is_stopped: &dyn Fn() -> bool) -> Outcome {
        let begun = clock::since_boot();
        let found = match &mut self.state.desk {
            Some(desk) => find(desk, phrases, &*self.kdf, is_stopped)
                .map_err(|error| Trouble::new(format_args!("Not tried: {error}."), error.hint())),
            None => Err(no_backup()),
        };
        Outcome::Tried { found, took: clock::since_boot().saturating_sub(begun) }
    }

    fn open(&mut self) -> Result<Opening, Trouble> {
        let desk = self.state.desk.as_ref().ok_or_else(no_backup)?;
        let opened = desk.open().map_err(|error| {
            Trouble::new(
                format_args!("{error}."),
                "Nothing is lost. Add the phrase of another shareholder, or look for another copy of the snapshot.",
            )
        })?;
        let digits = self.digits().map_err(|error| Trouble::new(format_args!("{error}."), "Restart the machine."))?;
        let (red, notes): (Vec<_>, Vec<_>) = opened.findings.iter().partition(|finding| finding.is_red());
        let is_withheld = self.is_withheld();
        let said = |finding: &Finding| {
            let is_named = is_withheld && finding.names_an_item();
            if is_named { "An item, which a drill does not name.".to_owned() } else { finding.to_string() }
        };
        let counts = opened.inventory.counts();
        let inventory = if is_withheld { Inventory::default() } else { opened.inventory };
        Ok(Opening {
            organization: crate::domain::text::Safe(inventory.organization()).to_string(),
            inventory: Arc::new(inventory),
            counts,
            is_withheld,
            red: red.into_iter().map(said).collect(),
            notes: notes.into_iter().map(said).collect(),
            digits,
        })
    }

    /// Four random digits: nobody shall type them out of habit.
    fn digits(&mut self) -> Result<String, EntropyFailed> {
        let mut bytes = [0; 4];
        self.entropy.fill(&mut bytes)?;
        Ok(bytes.iter().map(|byte| char::from(b'0' + byte % 10)).collect())
    }

    /// A drill on a production backup.
    fn is_withheld(&self) -> bool {
        let is_training = |desk: &Desk| desk.backup.core().purpose.name() == "training";
        self.state.is_drill && !self.state.desk.as_ref().is_some_and(is_training)
    }

    fn export(&self, inventory: &Inventory, path: PathBuf) -> Result<PathBuf, Trouble> {
        if self.is_withheld() {
            return Err(Trouble::new(
                "A drill on a production backup writes nothing.",
                "Use recover when it is meant.",
            ));
        }
        let document = Contents::of(inventory).to_json();
        files::write_new(&path, document.reveal(), &self.folders)
            .map_err(|error| Trouble::new(format_args!("{error}."), error.hint()))?;
        Ok(path)
    }
}

/// Derives for as many phrases at the same time as the memory that is free now is enough for.
fn find(
    desk: &mut Desk,
    phrases: &[Phrase],
    kdf: &(dyn Kdf + Sync),
    is_stopped: &dyn Fn() -> bool,
) -> Result<Option<(usize, Answer)>, DeskError> {
    let at_once = summary::at_once(&desk.backup.core().kdf);
    for (chunk, phrases) in phrases.chunks(at_once).enumerate() {
        if let Some((index, answer)) = desk.find(phrases, kdf, is_stopped)? {
            return Ok(Some((chunk * at_once + index, answer)));
        }
    }
    Ok(None)
}

fn no_backup() -> Trouble {
    Trouble::new("No backup is loaded.", "Choose a snapshot first.")
}
