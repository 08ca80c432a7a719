//! `conclave recover`: contents from a snapshot and phrases, without screens.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::load::{load, not_read, refused};
use super::{Console, Exit, Failure};
use crate::crypto::commitment::ForgedCommitments;
use crate::crypto::kdf::{Argon2id, Kdf, KdfError};
use crate::domain::inventory::Contents;
use crate::domain::phrase::Phrase;
use crate::domain::phrase_list::{PhraseLine, phrase_lines};
use crate::domain::text::Safe;
use crate::machine::output::OutputFolders;
use crate::machine::{files, memory};
use crate::snapshot::backup::{Answer, Backup};
use crate::snapshot::opening::{AlreadyEntered, Gathering, Opened, OpeningError, open};

/// Recover the contents of a backup with the phrases of enough shareholders
#[derive(Debug, Args)]
pub struct Recover {
    /// The snapshot (.json, .json.gz, .zip or .eml); several of one backup are united
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A file with one phrase a line ("2. word word ..." or "name: word word ..."); - reads standard input
    #[arg(long, value_name = "FILE|-")]
    phrases: PathBuf,
    /// The new file that the contents are written to
    #[arg(long, value_name = "PATH")]
    pub(super) out: PathBuf,
    /// The form of the contents
    #[arg(long, value_enum)]
    format: Format,
    /// Agree that the contents are written unencrypted
    #[arg(long)]
    plaintext: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
}

/// More than 16 phrases of 24 words in any script.
const PHRASES_LIMIT: usize = 1 << 20;

impl Recover {
    pub fn run(&self, folders: &OutputFolders, console: &mut Console<'_>) -> Result<Exit, Failure> {
        let Format::Json = self.format;
        if !self.plaintext {
            return Err(Failure::new(
                Exit::Usage,
                "the form json is not encrypted: whoever reads the file has the keys and codes.",
                "Add --plaintext if that is what you want, and destroy the medium afterwards.",
            ));
        }
        let (backup, others) = self.backups(console)?;
        let phrases = if self.phrases == Path::new("-") {
            files::read_stdin(PHRASES_LIMIT)
        } else {
            files::read_secret(&self.phrases, PHRASES_LIMIT)
        }
        .map_err(|error| Failure { exit: Exit::Phrases, ..not_read(&error) })?;
        let phrases = std::str::from_utf8(phrases.reveal()).map_err(|_| {
            Failure::new(
                Exit::Phrases,
                "the phrases are not UTF-8 text.",
                "Save the file as plain text in UTF-8, one phrase a line.",
            )
        })?;
        let kdf = Argon2id { available_memory: memory::available() };
        let mut desk = Desk {
            backup: &backup,
            others: &others,
            kdf: &kdf,
            gathering: Gathering::default(),
            tally: Tally::default(),
        };
        for line in phrase_lines(phrases) {
            let answer = desk.take(&line)?;
            console.say(&format!("Line {}: {answer}", line.line));
        }
        let opened = open(&backup, desk.gathering.shares()).map_err(|error| desk.tally.failure(&error))?;
        self.write(&opened, folders, console)?;
        let is_clean = !opened.has_red() && desk.tally.is_clean();
        Ok(if is_clean { Exit::Done } else { Exit::DoneWithFindings })
    }

    /// The backup that the first file decides on, and other backups whose phrases can at least be recognised.
    fn backups(&self, console: &mut Console<'_>) -> Result<(Backup, Vec<Backup>), Failure> {
        let readings = self.files.iter().map(|path| Ok(load(path)?.reading)).collect::<Result<Vec<_>, Failure>>()?;
        let first = self.files.first().map_or(Path::new(""), PathBuf::as_path);
        let (backup, others) = Backup::unite(readings).map_err(|refusal| refused(first, &refusal))?;
        super::inspect::say_summary(&backup, console);
        for other in &others {
            console.say(&format!("{} is of another backup. It is used only to recognise phrases of it.", other.name));
        }
        let others = others.into_iter().filter_map(|other| Backup::unite(vec![other]).ok()).map(|(other, _)| other);
        Ok((backup, others.collect()))
    }

    fn write(&self, opened: &Opened, folders: &OutputFolders, console: &mut Console<'_>) -> Result<(), Failure> {
        let document = Contents::of(&opened.inventory).to_json();
        console.say(&format!("Opened. Organization as it was sealed: {}", Safe(opened.inventory.organization())));
        if !opened.has_red() {
            console.say("Genuine: every mark that the quorum made on this backup checks.");
        }
        for finding in &opened.findings {
            console.say(&format!("{} {finding}", if finding.is_red() { "CHECK:" } else { "Note:" }));
        }
        files::write_new(&self.out, document.reveal(), folders)
            .map_err(|error| Failure::new(Exit::NotWritten, format_args!("{error}."), error.hint()))?;
        let (vaults, accounts, codes) = opened.inventory.counts();
        let keys = opened.inventory.items(crate::domain::inventory::Collection::Keys).count();
        console.say(&format!(
            "Recovered {keys} keys, {vaults} vaults and {accounts} accounts with {codes} codes into {}.",
            files::shown(&self.out)
        ));
        console.say("That file is not encrypted. Deleting it does not erase it: destroy the medium when you are done.");
        Ok(())
    }
}

/// Where phrases are judged, one after the other.
struct Desk<'a> {
    backup: &'a Backup,
    others: &'a [Backup],
    kdf: &'a dyn Kdf,
    gathering: Gathering,
    tally: Tally,
}

/// How the lines went.
#[derive(Default)]
struct Tally {
    verified: usize,
    /// Whose envelope does not open.
    altered: BTreeSet<u8>,
    wrong: usize,
}

impl Desk<'_> {
    /// The answer to one line. It never holds a word of it.
    fn take(&mut self, line: &PhraseLine<'_>) -> Result<String, Failure> {
        let Some(form) = self.backup.core().phrase else {
            return Err(Failure::new(
                Exit::Refused,
                "this backup is not opened by phrases.",
                "Use the way it was made for.",
            ));
        };
        let phrase = match Phrase::parse(line.words, form) {
            Ok(phrase) => phrase,
            Err(error) => {
                self.tally.wrong += 1;
                return Ok(format!("not a phrase: {error}. {}", error.hint()));
            }
        };
        let answer = self.backup.recognise(&phrase, self.kdf).map_err(|error| machine(&error))?.map_err(forged)?;
        Ok(match answer {
            Answer::Verified(share) => {
                let number = share.number;
                let who = self.backup.shareholder(number) + &mismatch(line, number);
                match self.gathering.accept(share) {
                    Ok(()) => {
                        self.tally.verified += 1;
                        format!("verified: {who}")
                    }
                    Err(AlreadyEntered { .. }) => format!("already entered: {who}. It counts once"),
                }
            }
            Answer::AlteredFile { number } => {
                self.tally.altered.insert(number);
                let who = self.backup.shareholder(number) + &mismatch(line, number);
                format!("right phrase, altered file: {who}. Look for another copy of the snapshot")
            }
            Answer::CannotBeJudged => {
                self.tally.wrong += 1;
                "cannot be judged: the core of this file is damaged, so nobody can say whether the phrase is wrong. Look for another copy of the snapshot".to_owned()
            }
            Answer::NotOfThisBackup => {
                self.tally.wrong += 1;
                let elsewhere = self.recognise_elsewhere(&phrase)?;
                format!(
                    "not a phrase of this backup{}",
                    elsewhere.unwrap_or_else(|| {
                        ". Compare it with the paper, and look whether the paper names another backup".to_owned()
                    })
                )
            }
        })
    }

    fn recognise_elsewhere(&self, phrase: &Phrase) -> Result<Option<String>, Failure> {
        for other in self.others.iter().filter(|other| other.core().phrase == self.backup.core().phrase) {
            let answer = other.recognise(phrase, self.kdf).map_err(|error| machine(&error))?;
            if let Ok(Answer::Verified(crate::crypto::sharing::Share { number, .. }) | Answer::AlteredFile { number }) =
                answer
            {
                let file = other.files().first();
                let name = file.map_or("", |file| &file.name);
                let made = file
                    .and_then(|file| file.section.as_ref())
                    .map_or_else(String::new, |section| format!(" of {}", section.created.date()));
                return Ok(Some(format!(
                    ", but of another: it is that of {} in {name}{made}, fingerprint {}",
                    other.shareholder(number),
                    other.fingerprint()
                )));
            }
        }
        Ok(None)
    }
}

impl Tally {
    fn is_clean(&self) -> bool {
        self.wrong == 0 && self.altered.is_empty()
    }

    /// Enough right phrases for a file that does not open with them is the file's fault.
    fn failure(&self, error: &OpeningError) -> Failure {
        match error {
            OpeningError::NotEnough { usable, threshold }
                if self.verified + self.altered.len() >= usize::from(*threshold) =>
            {
                Failure::new(
                    Exit::Refused,
                    format_args!(
                        "enough phrases are right, but only {usable} of the {threshold} envelopes they need open: the file was altered."
                    ),
                    "Nothing was written. Look for another copy of the snapshot, and give it beside this one.",
                )
            }
            OpeningError::NotEnough { .. } => Failure::new(
                Exit::Phrases,
                format_args!("{error}."),
                "Nothing was written. Correct the lines above, or add the phrases of other shareholders.",
            ),
            OpeningError::NoKey { .. } => Failure::new(
                Exit::Refused,
                format_args!("{error}."),
                "Nothing was written. Add the phrases of all shareholders you can reach.",
            ),
        }
    }
}

fn mismatch(line: &PhraseLine<'_>, number: u8) -> String {
    match line.number {
        Some(written) if written != u32::from(number) => format!(" (the line says {written})"),
        _ => String::new(),
    }
}

fn machine(error: &KdfError) -> Failure {
    Failure::new(
        Exit::Machine,
        format_args!("{error}."),
        "Nothing was written. Close other programs, or use a machine with more memory.",
    )
}

fn forged(error: ForgedCommitments) -> Failure {
    Failure::new(
        Exit::Refused,
        format_args!("{error}."),
        "Nothing was written. Ask where this file comes from, and look for another copy.",
    )
}
