//! `conclave seal`: the next snapshot of a backup without any phrase, for people and for machines that do it every night.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{Exit, Failure, Streams};
use crate::domain::fingerprint::{Fingerprint, typed, words};
use crate::domain::text::{Text, counted, is_address};
use crate::machine::disk::System;
use crate::machine::entropy::OsEntropy;
use crate::machine::files::{self, look_at_names, write_new};
use crate::machine::output::OutputFolders;
use crate::machine::{clock, tty};
use crate::session::refresh::{
    Cause, NOT_COMPARED, RefreshError, Renewal, Renewed, bytes_for, four_places, issuer_key, text_kept_apart,
};
use crate::snapshot::delivery::digest_words;

/// Add to a backup, or change its address and names, without phrases
///
/// Writes a new file; the old one stays as it is. Two runs that go on from one file make two files side by side (a fork): `verify`
/// names it, and `seal ONE --merge OTHER` unites them.
#[derive(Debug, Args)]
pub struct Seal {
    /// The newest snapshot of the backup (.json, .json.gz, .zip or .eml)
    file: PathBuf,
    /// The new file; a name that ends in .eml gets the e-mail with the snapshot attached
    #[arg(long, value_name = "NEW")]
    pub(super) out: PathBuf,
    /// Add what a contents document holds; can be given several times
    #[arg(long, value_name = "CONTENTS")]
    add: Vec<PathBuf>,
    /// Another backup e-mail address
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    email: Option<Text>,
    /// Another name for a shareholder: 2="Jane Doe"; can be given several times
    #[arg(long, value_name = "NUMBER=NAME", value_parser = rename)]
    rename: Vec<(u8, Text)>,
    /// Unite it with a file that was made side by side with it
    #[arg(long, value_name = "OTHER")]
    merge: Option<PathBuf>,
    /// The private key of the issuer (64 hexadecimal digits), for backups that name one
    #[arg(long, value_name = "FILE")]
    issuer_key: Option<PathBuf>,
    /// The 16 fingerprint words of a public card
    #[arg(long, value_name = "WORDS", conflicts_with = "fingerprint_file")]
    fingerprint: Option<String>,
    /// A text that holds these 16 words one after another and was kept apart from the snapshots: a public card, fingerprint.txt
    #[arg(long, value_name = "FILE")]
    fingerprint_file: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn name(text: &str) -> Result<Text, String> {
    Text::new(text).ok_or_else(|| "it must be 1 to 256 characters without control characters".to_owned())
}

fn address(text: &str) -> Result<Text, String> {
    name(text).and_then(|address| {
        is_address(text).then_some(address).ok_or_else(|| "an e-mail address is NAME@DOMAIN".to_owned())
    })
}

fn rename(text: &str) -> Result<(u8, Text), String> {
    let (number, holder) = text.split_once('=').ok_or("write NUMBER=NAME")?;
    let number = number.trim().parse().map_err(|_| "write NUMBER=NAME, with the number of the shareholder")?;
    Ok((number, name(holder.trim())?))
}

/// More than a fingerprint with all that may stand around it.
const FINGERPRINT_LIMIT: usize = 1 << 16;

impl Seal {
    pub fn run(&self, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let is_order = !self.add.is_empty() || self.email.is_some() || !self.rename.is_empty();
        if !is_order && self.merge.is_none() && self.issuer_key.is_none() {
            return Err(Failure::new(
                Exit::Usage,
                "nothing is to be changed.",
                "Give --add, --email, --rename or --merge; or --issuer-key, to sign.",
            ));
        }
        let numbers: Vec<u8> = self.rename.iter().map(|(number, _)| *number).collect();
        if let Some(twice) =
            numbers.iter().enumerate().find_map(|(at, number)| numbers.iter().take(at).find(|n| *n == number))
        {
            return Err(Failure::new(
                Exit::Usage,
                format_args!("--rename names shareholder {twice} twice."),
                "Nothing was written. Give one name.",
            ));
        }
        look_at_names(&System, &[&self.out], folders)?;
        let mut renewal = Renewal::of(&self.file)?;
        let key = self.issuer_key.as_deref().map(issuer_key).transpose()?;
        let mut notes = Vec::new();
        if let Some(other) = &self.merge {
            match renewal.merge(other) {
                // There is something else to do, and nothing is missing in it.
                Err(error @ RefreshError::NothingToMerge { is_first: true, .. }) if is_order || key.is_some() => {
                    notes.push(format!("{error}."));
                }
                merged => merged?,
            }
        }
        renewal.check_issuer(key.as_ref())?;
        renewal.check_name(&self.out)?;
        self.compare(&renewal, &mut notes)?;
        for path in &self.add {
            renewal.add(path)?;
        }
        self.email.clone().map_or(Ok(()), |email| renewal.set_email(email))?;
        for (number, holder) in &self.rename {
            renewal.rename(*number, holder.clone())?;
        }
        if !renewal.is_change() && key.is_none() {
            return Err(RefreshError::NoChange.into());
        }
        let created = clock::now().ok_or(RefreshError::Clock)?;
        let mut renewed = renewal.seal(created, key.as_ref(), &mut OsEntropy)?;
        renewed.notes.splice(0..0, notes);
        write_new(&System, &self.out, &bytes_for(&self.out, &renewed.snapshot), folders)?;
        self.say(&renewed, streams);
        Ok(Exit::Done)
    }

    /// The fingerprint of the file with one from elsewhere: who put another file in the place of this one could read what is added.
    fn compare(&self, renewal: &Renewal, notes: &mut Vec<String>) -> Result<(), Failure> {
        let fingerprint = renewal.fingerprint().ok_or(RefreshError::NoBackup)?;
        let given = match (&self.fingerprint, &self.fingerprint_file) {
            (Some(words), _) => Some(sixteen(words).ok_or_else(|| no_words("--fingerprint"))?),
            (None, Some(path)) => {
                let other: Vec<&Path> = [&self.file].into_iter().chain(&self.merge).map(PathBuf::as_path).collect();
                Some(words_of(path, &other, &fingerprint)?)
            }
            (None, None) => None,
        };
        let is_same = match given {
            Some(words) => fingerprint.is(&words),
            None if renewal.is_training() => {
                notes.push(NOT_COMPARED.to_owned());
                true
            }
            None => ask(&fingerprint)?,
        };
        if is_same { Ok(()) } else { Err(RefreshError::Fingerprint.into()) }
    }

    fn say(&self, renewed: &Renewed, streams: &mut Streams<'_>) {
        let Renewed { snapshot, added, has_merged, notes, advice } = renewed;
        let section = &snapshot.section;
        let words = digest_words(snapshot);
        if self.json {
            streams.say_json(&json!({
                "file": self.out.display().to_string(),
                "backup_id": snapshot.core.backup_id,
                "sequence": section.sequence,
                "digest": section.digest(),
                "digest_words": words,
                "boxes": snapshot.boxes.len(),
                "added": added,
                "merged": has_merged,
                "signed": section.signature.is_some(),
                "notes": notes,
                "advice": advice,
            }));
        } else {
            let signed = if section.signature.is_some() { ", signed by its issuer" } else { "" };
            streams.say(&format!("Written: {}, sequence {}{signed}.", files::shown(&self.out), section.sequence));
            streams.say(&format!(
                "Added {}, {} and {} with {}. {} is unchanged.",
                counted(added.keys, "key"),
                counted(added.vaults, "vault"),
                counted(added.accounts, "account"),
                counted(added.codes, "code"),
                files::shown(&self.file)
            ));
            streams.say(&format!("Digest words: {words} (they stand in the e-mail). Send it to the backup address."));
        }
        for note in notes.iter().map(String::as_str).chain(*advice) {
            streams.warn(&format!("Note: {note}"));
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

impl From<RefreshError> for Failure {
    fn from(error: RefreshError) -> Self {
        let exit = match error.cause() {
            Cause::Order => Exit::Usage,
            Cause::File => Exit::Refused,
            Cause::Machine => Exit::Machine,
        };
        Self::of(exit, &error)
    }
}
