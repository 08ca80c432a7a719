//! A recovery in progress, held away from the screens: does what they ask (`effect`) and keeps what they must not see.
//! Knows no screen and no terminal.

mod ceremony;
mod contents;
pub mod device;
pub mod gathered;
pub mod load;
pub mod neighbours;
pub mod papers;
pub mod phrase_judge;
pub mod proving;
pub mod refresh;
mod summary;
pub mod transcript;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::ceremony::Workshop;
use self::device::DeviceDesk;
use self::phrase_judge::PhraseJudge;
use self::proving::{Proving, SaidOfItems};
pub use self::summary::at_once;
use crate::crypto::kdf::{Argon2id, Kdf, KdfError, KdfNumbers};
use crate::domain::entropy::{Entropy, EntropyFailed};
use crate::domain::export_form::{ExportForm, Protection};
use crate::domain::inventory::Inventory;
use crate::domain::kind::Kind;
use crate::domain::passphrase;
use crate::domain::phrase::Phrase;
use crate::domain::proof::Checks;
use crate::domain::secret::{SecretBytes, SecretText, without_trace};
use crate::domain::text::Text;
use crate::effect::{
    Compared, Comparison, DerivedKey, Effect, ExportOrder, KnownAddress, Opening, Outcome, Place, PlaceKind, Remark,
    Searched, Trouble, WantedKey, WrittenFiles,
};
use crate::export::ExportFile;
use crate::machine::disk::Disk;
use crate::machine::media::SeenPlaces;
use crate::machine::medium::{Media, SystemMedia};
use crate::machine::output::OutputFolders;
use crate::machine::{clock, files, folder, left, media, memory, network};
use crate::snapshot::completeness;
use crate::snapshot::finding::Finding;

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
    disk: Box<dyn Disk + Send>,
    /// Where exports may go.
    folders: OutputFolders,
    export_dir: Option<PathBuf>,
    home: Option<PathBuf>,
    seen: SeenPlaces,
    state: RecoveryState,
    media: Box<dyn Media + Send>,
    workshop: Workshop,
    device: DeviceDesk,
}

/// What is held of a recovery.
#[derive(Default)]
struct RecoveryState {
    judge: Option<PhraseJudge>,
    /// A drill: of a production file nothing that was sealed leaves the session.
    is_drill: bool,
    /// The file that was chosen first.
    first: Option<PathBuf>,
    /// The name of the snapshot that was written last, which is gone on from.
    newest: Option<String>,
    /// What was opened, also where a drill withholds it.
    proving: Option<Proving>,
    /// What does not check, as far as it is known.
    red: Vec<String>,
    /// What is only worth knowing, likewise.
    notes: Vec<String>,
    /// How many vaults are compared, and so in `red`; `None` before the first piece.
    compared: Option<usize>,
    /// What was said of keys and vaults, by how many were compared.
    said: BTreeMap<usize, SaidOfItems>,
}

impl Session {
    pub fn new(
        kdf: Box<dyn Kdf + Send + Sync>,
        entropy: Box<dyn Entropy + Send>,
        disk: Box<dyn Disk + Send>,
        folders: OutputFolders,
        export_dir: Option<PathBuf>,
        home: Option<PathBuf>,
    ) -> Self {
        Self {
            kdf,
            entropy,
            disk,
            folders,
            export_dir,
            home,
            seen: SeenPlaces::default(),
            state: RecoveryState::default(),
            media: Box::new(SystemMedia),
            workshop: Workshop::default(),
            device: DeviceDesk::default(),
        }
    }

    /// With these media in the place of the machine's.
    #[must_use]
    pub fn with_media(self, media: Box<dyn Media + Send>) -> Self {
        Self { media, ..self }
    }

    /// Does one thing, and leaves no trace of it on the stack: everything that is derived, opened, sealed or written passes here.
    /// `is_stopped` is asked where work can be given up.
    pub fn perform(&mut self, effect: Effect, is_stopped: &dyn Fn() -> bool) -> Outcome {
        without_trace(|| self.do_one(effect, is_stopped))
    }

    fn do_one(&mut self, effect: Effect, is_stopped: &dyn Fn() -> bool) -> Outcome {
        match effect {
            Effect::LookAtNetwork => Outcome::Network(network::look()),
            Effect::FindPlaces => Outcome::Places(self.places()),
            Effect::RemoveDrafts { drafts } => {
                let removed = drafts.iter().map(|draft| left::remove(&*self.disk, draft, &self.folders));
                Outcome::DraftsRemoved(removed.filter_map(Result::err).map(|error| Trouble::of(&error)).collect())
            }
            Effect::List { folder } => {
                let entries = folder::list(&folder);
                Outcome::Listed { folder, entries }
            }
            Effect::LookAtTable { path } => {
                let layout = contents::look(&path);
                Outcome::Table { path, layout }
            }
            Effect::ReadText { path } => Outcome::Text(refresh::text_of(&path)),
            Effect::Load { source, is_drill, keeps_device } => {
                self.state = RecoveryState { is_drill, ..RecoveryState::default() };
                self.device.drop_made(keeps_device);
                Outcome::Loaded(self.load(source).map(Box::new))
            }
            Effect::Check { phrase } => self.check(&phrase, is_stopped),
            Effect::Try { phrases } => self.find(&phrases, is_stopped),
            Effect::Remove { number } => {
                if let Some(judge) = &mut self.state.judge {
                    judge.remove(number);
                }
                Outcome::Removed { number }
            }
            Effect::Open => Outcome::Opened(self.open()),
            Effect::Compare { from } => Outcome::Compared(self.compare(from)),
            Effect::Derive { wanted } => Outcome::Derived(self.derive(&wanted).map(Box::new)),
            Effect::Search { wanted, from } => Outcome::Searched(self.search(&wanted, from)),
            Effect::MakePassphrase => Outcome::Passphrase(self.make_passphrase()),
            Effect::CheckName { form, path } => {
                let checked = check_name(&*self.disk, form, &path, &self.folders);
                Outcome::NameChecked(checked.map_err(|error| Trouble::of(&error)))
            }
            Effect::Export(order) => Outcome::Exported(self.export(&order)),
            Effect::Ceremony(act) => Outcome::Ceremony(Box::new(self.act(act, is_stopped))),
            Effect::Device(act) => self.device(act),
            Effect::Refresh(order) => self.refresh(&order),
            Effect::Forget => {
                self.device = DeviceDesk::default();
                self.state = RecoveryState::default();
                self.workshop = Workshop::default();
                Outcome::Forgotten
            }
        }
    }

    fn places(&mut self) -> Vec<Place> {
        let mut places = media::places(&self.folders, self.export_dir.as_deref(), self.home.as_deref());
        self.seen = SeenPlaces::of(&places);
        let mut found = Vec::new();
        for place in places.iter_mut().filter(|place| place.is_writable && place.kind != PlaceKind::Unmounted) {
            let known = found.len();
            for draft in left::find(&place.path) {
                left::add_new(&mut found, draft);
            }
            place.left = found.get(known..).unwrap_or_default().to_vec();
        }
        let first = self.state.first.as_deref();
        for place in places.iter_mut().filter(|place| place.kind != PlaceKind::Unmounted) {
            if first.is_some_and(|first| media::is_same_medium(first, &place.path)) {
                place.remarks.insert(0, Remark::HoldsTheSnapshot);
            }
        }
        places
    }

    fn check(&mut self, phrase: &Phrase, is_stopped: &dyn Fn() -> bool) -> Outcome {
        let begun = clock::since_boot();
        let answer = match &mut self.state.judge {
            Some(judge) => {
                judge.take(phrase, &*self.kdf, is_stopped).map_err(|error| Trouble::undone("checked", &error))
            }
            None => Err(no_backup()),
        };
        Outcome::Checked { answer, took: clock::since_boot().saturating_sub(begun) }
    }

    fn find(&mut self, phrases: &[Phrase], is_stopped: &dyn Fn() -> bool) -> Outcome {
        let begun = clock::since_boot();
        let found = match &mut self.state.judge {
            Some(judge) => {
                judge.find_in_pieces(phrases, &*self.kdf, is_stopped).map_err(|error| Trouble::undone("tried", &error))
            }
            None => Err(no_backup()),
        };
        Outcome::Tried { found, took: clock::since_boot().saturating_sub(begun) }
    }

    fn open(&mut self) -> Result<Opening, Trouble> {
        let judge = self.state.judge.as_ref().ok_or_else(no_backup)?;
        let opened = judge.open().map_err(|error| {
            Trouble::new(
                format_args!("{error}."),
                "The verified phrases are kept. Add the phrase of another shareholder, or look for another copy of the snapshot.",
            )
        })?;
        let completeness = completeness::of(&judge.backup, &opened);
        let kind = judge.backup.core().kind;
        let of_device = (kind == Kind::Device).then(|| device::compared(self.device.shares(), &opened.inventory));
        let digits = self.digits().map_err(|error| Trouble::new(format_args!("{error}."), "Restart the machine."))?;
        // Of vaults it is said what came of comparing them.
        let findings = opened.findings.iter().filter(|finding| !finding.is_of_comparison());
        let (red, notes): (Vec<_>, Vec<_>) = findings.partition(|finding| finding.is_red());
        let is_withheld = self.is_withheld();
        let said = |finding: &Finding| {
            let is_named = is_withheld && finding.names_an_item();
            if is_named { "An item, which a drill does not name.".to_owned() } else { finding.said(kind) }
        };
        // Before all else: it stands in every list and export of what does not check.
        let red: Vec<String> = completeness.finding().into_iter().chain(red.into_iter().map(said)).collect();
        let notes = notes.into_iter().map(said);
        let (outdated, standings) = of_device.unwrap_or_default();
        let red: Vec<String> = red.into_iter().chain(outdated).collect();
        let notes: Vec<String> = standings.into_iter().chain(notes).collect();
        let proving = Proving::of(Arc::new(opened.inventory));
        let inventory = if is_withheld {
            Arc::new(Inventory::of(proving.inventory.kind()))
        } else {
            Arc::clone(&proving.inventory)
        };
        let comparison = Comparison { total: proving.vault_count(), ..Comparison::default() };
        self.state.proving = Some(proving);
        self.state.red.clone_from(&red);
        self.state.notes.clone_from(&notes);
        self.state.compared = None;
        Ok(Opening {
            organization: Text::new(inventory.organization()),
            inventory,
            completeness,
            is_withheld,
            red,
            notes,
            digits,
            comparison,
        })
    }

    /// Compares a piece. What does not check is kept for exports; a drill names nothing of it.
    fn compare(&mut self, from: usize) -> Result<Compared, Trouble> {
        let is_withheld = self.is_withheld();
        let proving = self.state.proving.as_ref().ok_or_else(no_backup)?;
        // A piece may be asked for again: what was said before it stays the same.
        let mut said =
            if from == 0 { SaidOfItems::default() } else { self.state.said.get(&from).cloned().unwrap_or_default() };
        let mut compared = proving.compare(from, proving::PIECE, &mut said)?;
        let numbers = if compared.done == proving.vault_count() { proving.numbers(&said) } else { None };
        self.state.said.insert(compared.done, said);
        if is_withheld {
            compared.checks = Checks::default();
            for said in compared.red.iter_mut().chain(&mut compared.notes) {
                "A key or vault, which a drill does not name.".clone_into(said);
            }
        }
        compared.notes.extend(numbers);
        // An export may have been here before.
        if self.state.compared.is_none_or(|done| done < compared.done) {
            self.state.red.extend_from_slice(&compared.red);
            self.state.notes.extend_from_slice(&compared.notes);
            self.state.compared = Some(compared.done);
        }
        Ok(compared)
    }

    /// What is derived of the contents is written with all that does not check, also by who did not wait for it.
    fn compare_rest(&mut self) -> Result<(), Trouble> {
        let total = self.state.proving.as_ref().map_or(0, Proving::vault_count);
        while self.state.compared.is_none_or(|done| done < total) {
            self.compare(self.state.compared.unwrap_or(0))?;
        }
        Ok(())
    }

    fn derive(&self, wanted: &WantedKey) -> Result<DerivedKey, Trouble> {
        let proving = self.state.proving.as_ref().filter(|_| !self.is_withheld()).ok_or_else(no_backup)?;
        match wanted {
            WantedKey::Item { collection, id, version } => proving
                .derive(*collection, id, *version)
                .ok_or_else(|| Trouble::new("Nothing can be derived of this.", "Look at the other versions of it.")),
            WantedKey::Path { key_id, chain, path } => proving.derive_path(key_id, chain, path),
        }
    }

    fn search(&self, wanted: &KnownAddress, from: u64) -> Result<Searched, Trouble> {
        let proving = self.state.proving.as_ref().filter(|_| !self.is_withheld()).ok_or_else(no_backup)?;
        proving.search(wanted, from)
    }

    fn make_passphrase(&mut self) -> Result<SecretText, Trouble> {
        passphrase::generated(&mut *self.entropy).map_err(|error| {
            Trouble::new(format_args!("{error}."), "Choose a passphrase yourself, or restart the machine.")
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
        self.state.is_drill && !self.state.judge.as_ref().is_some_and(is_training)
    }

    /// Whether a path is still on the medium that was shown when it was chosen.
    fn is_same_place(&self, path: &Path) -> Result<(), Trouble> {
        if self.seen.is_same(path) {
            return Ok(());
        }
        Err(Trouble::new(
            format_args!("{} is no longer on the medium that was chosen: it was taken away.", files::shown(path)),
            "Nothing was written. Put it back, or choose the place again.",
        ))
    }

    fn export(&mut self, order: &ExportOrder) -> Result<WrittenFiles, Trouble> {
        if self.is_withheld() {
            return Err(Trouble::new(
                "A drill on a production backup writes nothing.",
                "Use recover when it is meant.",
            ));
        }
        self.is_same_place(&order.path)?;
        if self.state.proving.as_ref().is_some_and(|proving| proving.inventory.is_bare()) {
            return Err(Trouble::new(
                "There is nothing to write: no key, vault or account came out.",
                "Look for another copy of this backup.",
            ));
        }
        if !order.form.rules().is_contents {
            self.compare_rest()?;
        }
        let proving = self.state.proving.as_ref().ok_or_else(no_backup)?;
        let is_training = self.state.judge.as_ref().is_some_and(is_training);
        let documents = proving.documents(order, is_training, (&self.state.red, &self.state.notes))?;
        write(&*self.disk, &documents, &self.folders).map_err(|error| Trouble::of(&error))?;
        let paths = documents.into_iter().map(|(path, _)| path).collect();
        let protection = order.selection.protection(order.form);
        let exposure = (protection == Protection::Nothing).then(|| media::lets_others_read(&order.path)).flatten();
        Ok(WrittenFiles { paths, form: order.form, protection, exposure })
    }
}

fn is_training(judge: &PhraseJudge) -> bool {
    judge.backup.core().purpose.is_training()
}

fn no_backup() -> Trouble {
    Trouble::new("No backup is loaded.", "Choose a snapshot first.")
}

/// Whether the files of an export can have this name: before anybody types or writes down something for a file that cannot be made.
pub fn check_name(
    disk: &dyn Disk,
    form: ExportForm,
    path: &Path,
    folders: &OutputFolders,
) -> Result<(), files::WriteError> {
    let paths: Vec<PathBuf> = form.rules().suffixes.iter().map(|suffix| proving::beside(path, suffix)).collect();
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    files::look_at_names(disk, &paths, folders)
}

/// Writes the files of an export, all or none.
pub fn write(
    disk: &dyn Disk,
    documents: &[(PathBuf, ExportFile)],
    folders: &OutputFolders,
) -> Result<(), files::WriteError> {
    let all: Vec<(&Path, &[u8])> =
        documents.iter().map(|(path, document)| (path.as_path(), document.bytes.reveal())).collect();
    files::write_all_new(disk, &all, folders)
}
