//! The fingerprint of a backup, compared with words that do not come from the file: before anything is sealed to it without phrases.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, Failure};
use crate::domain::fingerprint::{Fingerprint, typed, words};
use crate::machine::entropy::OsEntropy;
use crate::machine::{files, tty};
use crate::session::refresh::{NOT_COMPARED, RefreshError, Renewal, four_places, text_kept_apart};

/// Where the words of a public card come from.
#[derive(Debug, Args)]
pub struct FingerprintArguments {
    /// The 16 fingerprint words of a public card
    #[arg(long, value_name = "WORDS", conflicts_with = "fingerprint_file")]
    fingerprint: Option<String>,
    /// A text that holds these 16 words one after another and was kept apart from the snapshots: a public card, fingerprint.txt
    #[arg(long, value_name = "FILE")]
    fingerprint_file: Option<PathBuf>,
}

/// More than a fingerprint with all that may stand around it.
const FINGERPRINT_LIMIT: usize = 1 << 16;

impl FingerprintArguments {
    /// The fingerprint of the file with one from elsewhere: who put another file in the place of this one could read what is added.
    /// `snapshots` are the files of the backup: the words must not come from one of them.
    pub fn compare(&self, renewal: &Renewal, snapshots: &[&Path], notes: &mut Vec<String>) -> Result<(), Failure> {
        let fingerprint = renewal.fingerprint().ok_or(RefreshError::NoBackup)?;
        let is_same = match self.given(renewal, snapshots)? {
            Some(_) => true,
            None if renewal.is_training() => {
                notes.push(NOT_COMPARED.to_owned());
                true
            }
            None => ask(&fingerprint)?,
        };
        if is_same { Ok(()) } else { Err(RefreshError::Fingerprint.into()) }
    }

    /// The words that are given, where some are: those of the file.
    pub fn given(&self, renewal: &Renewal, snapshots: &[&Path]) -> Result<Option<Vec<String>>, Failure> {
        let fingerprint = renewal.fingerprint().ok_or(RefreshError::NoBackup)?;
        let given = match (&self.fingerprint, &self.fingerprint_file) {
            (Some(words), _) => Some(sixteen(words).ok_or_else(|| no_words("--fingerprint"))?),
            (None, Some(path)) => Some(words_of(path, snapshots, &fingerprint)?),
            (None, None) => None,
        };
        match given {
            Some(words) if !fingerprint.is(&words) => Err(RefreshError::Fingerprint.into()),
            given => Ok(given),
        }
    }
}

fn sixteen(text: &str) -> Option<Vec<String>> {
    Some(typed(text)).filter(|words| words.len() == 16)
}

/// 16 words of a text, one after another: those of the fingerprint, or else the first that could be those of another one. The text
/// is none of the `snapshots`, and holds none.
fn words_of(path: &Path, snapshots: &[&Path], fingerprint: &Fingerprint) -> Result<Vec<String>, Failure> {
    let bytes = text_kept_apart(path, snapshots)?;
    let text = String::from_utf8_lossy(bytes.get(..FINGERPRINT_LIMIT).unwrap_or(&bytes));
    let found = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    let found: Vec<String> = found.collect();
    let list: BTreeSet<String> = words(&(0..=u8::MAX).flat_map(|byte| [byte, byte]).collect::<Vec<u8>>())
        .into_iter()
        .map(str::to_lowercase)
        .collect();
    let could_be = |window: &&[String]| window.iter().all(|word| list.contains(word));
    let window = found.windows(16).find(|window| fingerprint.is(window)).or_else(|| found.windows(16).find(could_be));
    window.map(<[String]>::to_vec).ok_or_else(|| no_words(&files::shown(path)))
}

fn no_words(place: &str) -> Failure {
    Failure::new(
        Exit::Usage,
        format_args!("{place} does not hold 16 fingerprint words one after another."),
        "Copy the words of a public card, in their order. Nothing was written.",
    )
}

/// Four words of a card, asked for on the terminal.
fn ask(fingerprint: &Fingerprint) -> Result<bool, Failure> {
    let mut terminal = tty::LineTerminal::begin().ok_or_else(not_asked)?;
    for place in four_places(&mut OsEntropy).map_err(RefreshError::from)? {
        let word = terminal.ask(&format!("Fingerprint word {} on a public card: ", place + 1)).ok_or_else(not_asked)?;
        if !fingerprint.has(place, &word) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn not_asked() -> Failure {
    Failure::new(
        Exit::Usage,
        "the fingerprint of this backup has to be compared with one that does not come from the file.",
        "Give --fingerprint with the 16 words of a public card, or --fingerprint-file FILE; on a terminal four words are asked for. Nothing was written.",
    )
}
