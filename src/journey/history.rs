//! What happened: what was verified, opened, written and made; what leaving would lose.

use std::collections::BTreeSet;

use super::{CardCheck, Goal, HowMade, Journey};
use crate::domain::ceremony::{CeremonyStage, PhraseState};
use crate::domain::completeness::Extent;
use crate::domain::export_form::{ExportForm, Protection, Selection};
use crate::domain::inventory::Collection;
use crate::domain::kind::{Kind, Method};
use crate::domain::phrase_entry::PhraseEntry;
use crate::domain::text::{Safe, counted};
use crate::effect::{Comparison, DeviceWritten, Opening, Refreshed, Trouble, WrittenFiles};

/// What happened, for the last screen and for the exit code. Holds numbers and names, nothing that was typed.
#[derive(Debug, Default)]
pub struct History {
    pub file: Option<String>,
    /// What opens it.
    pub method: Option<Method>,
    /// The last file that was asked for could not be used.
    pub is_refused: bool,
    pub compared: Option<CardCheck>,
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
    pub exported: Vec<WrittenFiles>,
    /// New snapshots that were written.
    pub refreshed: Vec<Refreshed>,
    /// Backups of a device that were written.
    pub backed_up: Vec<DeviceWritten>,
    /// The last thing that was asked to be written was not.
    pub is_unwritten: bool,
    /// What is to be known of a paper: its phrase, for the backup of a device, was given up.
    pub void: Option<&'static str>,
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
    /// How many are only to be known.
    pub notes: usize,
    /// Addresses that are those of their keys, vaults that were compared, and vaults in all.
    pub matches: usize,
    pub compared: usize,
    pub vaults: usize,
    /// Every key and vault was compared with the record.
    pub is_compared: bool,
}

impl HowOpened {
    pub(super) fn of(opening: &Opening) -> Self {
        let Comparison { done, total, matches, is_complete, .. } = opening.comparison;
        Self {
            is_withheld: opening.is_withheld,
            extent: opening.completeness.extent(),
            red: opening.red.len(),
            notes: opening.notes.len(),
            matches,
            compared: done,
            vaults: total,
            is_compared: is_complete,
        }
    }
}

impl History {
    /// That of what is read next. What is to be known of a paper stays in the record.
    pub(super) fn of_another(&self, file: Option<String>, method: Method) -> Self {
        Self { file, method: Some(method), void: self.void, ..Self::default() }
    }

    /// Whether there is anything to tell of.
    pub fn is_blank(&self) -> bool {
        self.file.is_none() && self.made.is_none() && self.backed_up.is_empty() && self.void.is_none()
    }

    /// What became of an export.
    pub fn export(&mut self, result: &Result<WrittenFiles, Trouble>) {
        self.is_unwritten = result.is_err();
        self.exported.extend(result.as_ref().ok().cloned());
    }

    /// What became of the backup of a device.
    pub fn back_up(&mut self, result: &Result<DeviceWritten, Trouble>) {
        self.is_unwritten = result.is_err();
        self.backed_up.extend(result.as_ref().ok().cloned());
    }

    /// What became of a new snapshot.
    pub fn refresh(&mut self, result: &Result<Refreshed, Trouble>) {
        self.is_unwritten = result.is_err();
        self.refreshed.extend(result.as_ref().ok().cloned());
    }
}

impl Journey {
    /// A file of that form was written, with what was selected.
    pub fn wrote(&mut self, form: ExportForm, selection: &Selection) {
        let Some(opening) = self.opening.as_ref().filter(|_| selection.protection(form) != Protection::NoSecret) else {
            return;
        };
        let inventory = &opening.inventory;
        // Contents that can be sealed again bring the key of a marked vault; no other form does.
        let brings = |id: &str| form.rules().is_contents && selection.takes(Collection::Vaults, id);
        let vaults = inventory.items(Collection::Vaults).filter(|vault| brings(vault.item.id()));
        let brought: BTreeSet<&str> = vaults.filter_map(|vault| vault.item.fields().text("key_id")).collect();
        for collection in [Collection::Keys, Collection::Accounts, Collection::Shares] {
            let is_held = collection != Collection::Keys || form.rules().holds_keys;
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
}

/// The most files that are named.
const NAMED: usize = 3;

/// What of an open backup stands in files, and what does not, in words.
fn written(opening: &Opening, journey: &Journey) -> Vec<String> {
    let exported = journey.history.exported.iter().flat_map(|file| file.paths.iter().map(|path| (file.kind(), path)));
    let refreshed = journey.history.refreshed.iter().map(|file| ("a new snapshot", &file.path));
    let backed_up = journey.history.backed_up.iter().map(|file| ("a backup of the device", &file.path));
    let files: Vec<_> = backed_up.chain(exported).chain(refreshed).collect();
    let mut said: Vec<String> = files
        .iter()
        .take(NAMED)
        .map(|(kind, path)| format!("Written, {kind}: {}", Safe(&path.to_string_lossy())))
        .collect();
    if files.len() > NAMED {
        said.push(format!("And {}: the record names the rest.", counted(files.len() - NAMED, "more file")));
    }
    if files.is_empty() {
        // What a failed attempt left was named then.
        let is_tried = journey.history.is_unwritten;
        said.push(if is_tried { "No file came to its end." } else { "Nothing was written to a file." }.to_owned());
    } else if matches!(journey.goal, Goal::Compact | Goal::Confirm) {
        // All of it stands there, sealed: nothing was to be exported.
        return said;
    }
    if opening.inventory.kind() == Kind::Device {
        let (left, all) = journey.unwritten(Collection::Shares);
        said.push(match left {
            0 => "All shares that came out stand in an export.".to_owned(),
            _ => format!("In no export: shares of {left} of {}.", counted(all, "organization")),
        });
        return said;
    }
    let (keys, all_keys) = journey.unwritten(Collection::Keys);
    let (accounts, all_accounts) = journey.unwritten(Collection::Accounts);
    said.push(match (keys + accounts, opening.completeness.extent()) {
        _ if all_keys + all_accounts == 0 => "No key or code came out.".to_owned(),
        (0, Extent::Whole) => "All keys and codes of it stand in an export.".to_owned(),
        (0, Extent::Uncertain) => "What came out stands in an export; perhaps INCOMPLETE.".to_owned(),
        (0, Extent::Incomplete) => "What came out stands in an export; INCOMPLETE.".to_owned(),
        _ => {
            format!("In no export: keys {keys} of {all_keys}, accounts with their codes {accounts} of {all_accounts}.")
        }
    });
    said
}

/// How far a ceremony is, in a sentence.
fn so_far(journey: &Journey) -> String {
    let Some(making) = &journey.making else { return String::new() };
    let (progress, count) = (&making.progress, making.plan.shareholders.len());
    match (progress.count(PhraseState::Shown), progress.count(PhraseState::Confirmed), progress.stage()) {
        (0, _, _) => "No phrase was made yet.".to_owned(),
        (_, _, CeremonyStage::Proving | CeremonyStage::Issued) => {
            format!("{} of {count} are verified.", progress.count(PhraseState::Verified))
        }
        (_, _, CeremonyStage::Sealed) if progress.is_resumed() => "Nobody has typed a phrase here yet.".to_owned(),
        (_, _, CeremonyStage::Sealed) => "Everybody is confirmed, and the file is written.".to_owned(),
        (shown, confirmed, CeremonyStage::Asking) => {
            format!("{} shown, {confirmed} of {count} confirmed.", counted(shown, "phrase"))
        }
    }
}

/// What leaving loses, in words.
pub fn losses(journey: &Journey) -> Vec<String> {
    let mut losses = journey.history.made.as_ref().map(HowMade::void).unwrap_or_default();
    if journey.making.is_none() && !journey.to_seal.files.is_empty() {
        losses
            .push("No backup was made. What was read for it is wiped here; the files stay where they are.".to_owned());
    }
    if journey.making.is_some() {
        if !losses.is_empty() {
            losses.insert(0, format!("{} If you leave now:", so_far(journey)));
        }
        if losses.is_empty() {
            let is_complete = journey.history.made.as_ref().is_some_and(HowMade::is_complete);
            losses.push(if is_complete {
                "The backup is made and written: nothing is lost.".to_owned()
            } else {
                "The backup is made, but not everything that goes with it was written.".to_owned()
            });
        }
        return losses;
    }
    if let Some(opening) = journey.opening.as_ref().filter(|opening| !opening.is_withheld) {
        losses.extend(written(opening, journey));
    }
    if journey.opening.is_some() {
        losses.push("The opened contents are wiped. They can be recovered again with the same phrases.".to_owned());
    }
    let verified = journey.backup.as_ref().map_or(0, |backup| backup.board.verified_count());
    if verified > 0 {
        let has_phrase = journey.backup.as_ref().is_some_and(|backup| backup.summary.form.is_some());
        losses.push(if !has_phrase {
            "Cloud key and PIN were accepted; they would have to be given again.".to_owned()
        } else if verified == 1 {
            "1 phrase was verified; it would have to be typed again.".to_owned()
        } else {
            format!("{verified} phrases were verified; they would have to be typed again.")
        });
    }
    losses.extend(journey.device.iter().flat_map(|device| device.losses()));
    let codes = journey.unsaved_codes();
    if codes > 0 {
        losses.push(format!("Codes that are not saved yet: {codes}. They are wiped."));
    }
    let words = journey.desk.entry.as_deref().map_or(0, PhraseEntry::filled);
    if words > 0 {
        losses.push(format!("Words of an unfinished phrase: {words}. They are wiped."));
    }
    if losses.is_empty() {
        losses.push("Nothing is held here that leaving would wipe.".to_owned());
    }
    losses
}
