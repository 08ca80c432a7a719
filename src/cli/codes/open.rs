//! What one owner's phrase opens: one file or many, of one circle or several.

use std::path::{Path, PathBuf};

use crate::cli::founding::refused;
use crate::cli::phrases::{Tried, form_of, read_phrases, seen};
use crate::cli::{Exit, Failure, Streams};
use crate::domain::inventory::{Collection, Inventory, Item};
use crate::domain::natural::NaturalKey;
use crate::domain::phrase_list::phrases_in;
use crate::machine::files::ReadError;
use crate::machine::{files, folder};
use crate::session::load::{LoadError, Loaded, load, load_beside, unite};
use crate::session::phrase_judge::PhraseJudge;
use crate::snapshot::container::{Budget, ContainerError};
use crate::snapshot::finding::Finding;
use crate::snapshot::v1::read::Reading;

/// The most files that are taken from a folder.
const FOLDER_FILES: usize = 256;

/// An open file of codes, or an open backup that holds accounts.
pub struct OpenAccounts {
    pub judge: PhraseJudge,
    pub inventory: Inventory,
    /// What does not check.
    pub red: Vec<String>,
    /// What is only to be known.
    pub notes: Vec<String>,
    /// Whether what is sealed to its public key can be read by its holders.
    pub is_key_genuine: bool,
}

impl OpenAccounts {
    /// By service and login.
    pub fn accounts(&self) -> Vec<&Item> {
        let mut accounts: Vec<&Item> =
            self.inventory.items(Collection::Accounts).map(|version| &version.item).collect();
        accounts.sort_by_cached_key(|account| NaturalKey::of(&account.title()));
        accounts
    }
}

/// Opens all backups that the phrases open. Which answers there were is said beside the answer of the command.
///
/// # Errors
/// When nothing opens.
pub fn open(paths: &[PathBuf], phrases: &Path, streams: &mut Streams<'_>) -> Result<Vec<OpenAccounts>, Failure> {
    let mut readings = readings(paths, streams)?;
    let phrases = read_phrases(phrases)?;
    let text = seen(&phrases, streams)?;
    let mut opened = Vec::new();
    let mut refused = None;
    while let Some(first) = readings.first() {
        let path = PathBuf::from(&first.name);
        let (backup, others) = unite(readings, &path)?;
        readings = others;
        let mut judge = PhraseJudge::of(backup);
        let mut tried = Tried::of(&judge);
        for line in phrases_in(&text, form_of(&judge)) {
            let answer = tried.take(&line, &mut judge)?;
            streams.warn(&format!("{}, line {}: {answer}", files::shown(&path), line.line));
        }
        match judge.open() {
            Ok(open) => {
                let kind = judge.backup.core().kind;
                let said = |is_red: bool| {
                    let findings = open.findings.iter().filter(move |finding| finding.is_red() == is_red);
                    findings.map(|finding| finding.said(kind)).collect::<Vec<String>>()
                };
                let (red, notes) = (said(true), said(false));
                for red in &red {
                    streams.warn(&format!("CHECK: {red}"));
                }
                for note in &notes {
                    streams.warn(&format!("Note: {note}"));
                }
                let is_key_genuine = !open.findings.contains(&Finding::PublicKeyChanged);
                opened.push(OpenAccounts { judge, inventory: open.inventory, red, notes, is_key_genuine });
            }
            Err(error) => refused = refused.or(Some(tried.failure(&error))),
        }
    }
    match refused {
        Some(failure) if opened.is_empty() => Err(failure),
        _ => Ok(opened),
    }
}

/// The files that are named, and those in folders that are named. All files of a folder together cost no more than one file may.
fn readings(paths: &[PathBuf], streams: &mut Streams<'_>) -> Result<Vec<Reading>, Failure> {
    let mut readings = Vec::new();
    for path in paths {
        let found = folder::candidates_at(path, FOLDER_FILES).map_err(refused)?;
        if found == [path.clone()] {
            readings.push(load(path)?.reading);
            continue;
        }
        let loaded = in_folder(&found, streams);
        if loaded.is_empty() {
            return Err(Failure::new(
                Exit::Refused,
                format_args!("no snapshot is in {}.", files::shown(path)),
                "Name the file, or the folder that it lies in.",
            ));
        }
        readings.extend(loaded);
    }
    Ok(readings)
}

/// What else lies in a folder is no reason to stop.
fn in_folder(found: &[PathBuf], streams: &mut Streams<'_>) -> Vec<Reading> {
    let mut budget = Budget::default();
    let mut readings = Vec::new();
    for path in found {
        let shown = files::shown(path);
        match load_beside(path, &mut budget) {
            Ok(Loaded { reading, .. }) => match &reading.core {
                Ok(core) if core.kdf.is_above_standard() => streams.warn(&format!(
                    "{shown} was left out: its derivation costs more than that of any backup that this program makes. To open it, name the file."
                )),
                Ok(_) => readings.push(reading),
                Err(_) => {}
            },
            Err(LoadError::Container { why: ContainerError::Limit { what }, .. }) => {
                streams.warn(&format!("{shown} was left out: {what}. If it is a snapshot, name the file."));
            }
            Err(LoadError::Read(ReadError::TooLarge { .. })) => {
                streams.warn(&format!("{shown} was left out: with the files before it, it is too large. If it is a snapshot, name the file."));
            }
            Err(_) => {}
        }
    }
    readings
}
