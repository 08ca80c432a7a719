//! `conclave recover`: contents from a snapshot and phrases, without screens.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::plain::{self, Asks};
use super::room::{ScreenArguments, show};
use super::{Console, Exit, Failure};
use crate::domain::inventory::Contents;
use crate::domain::phrase::Phrase;
use crate::domain::phrase_list::{PhraseLine, phrase_lines};
use crate::domain::text::Safe;
use crate::effect::{Answer, Source};
use crate::machine::files;
use crate::machine::output::OutputFolders;
use crate::session::ThisMachine;
use crate::session::desk::{Desk, DeskError};
use crate::session::load::{LoadError, load};
use crate::snapshot::backup::Backup;
use crate::snapshot::opening::{Opened, OpeningError};
use crate::ui::screens::chooser::Chooser;

/// Recover the contents of a backup with the phrases of enough shareholders
///
/// On screens; with --phrases without them.
#[derive(Debug, Args)]
pub struct Recover {
    /// The snapshot (.json, .json.gz, .zip or .eml); several of one backup are united
    files: Vec<PathBuf>,
    /// A file with one phrase a line ("2. word word ..." or "name: word word ..."); - reads standard input
    #[arg(long, value_name = "FILE|-", requires_all = ["files", "out", "format"])]
    phrases: Option<PathBuf>,
    /// The new file that the contents are written to
    #[arg(long, value_name = "PATH", requires = "phrases")]
    pub(super) out: Option<PathBuf>,
    /// The form of the contents
    #[arg(long, value_enum, requires = "phrases")]
    format: Option<Format>,
    /// Agree that the contents are written unencrypted
    #[arg(long, requires = "phrases")]
    plaintext: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
}

/// More than 16 phrases of 24 words in any script.
const PHRASES_LIMIT: usize = 1 << 20;

impl Recover {
    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        if let (Some(phrases), Some(out), Some(Format::Json)) = (&self.phrases, &self.out, self.format) {
            return self.run_without_screens(phrases, out, folders, console);
        }
        let source = (!self.files.is_empty()).then(|| Source::Files(self.files.clone()));
        if screens.plain {
            return plain::converse(source, Asks::Recovery, screens, folders);
        }
        show(Box::new(source.map_or_else(Chooser::default, Chooser::loading)), false, screens, folders)
    }

    fn run_without_screens(
        &self,
        phrases: &Path,
        out: &Path,
        folders: &OutputFolders,
        console: &mut Console<'_>,
    ) -> Result<Exit, Failure> {
        if !self.plaintext {
            return Err(Failure::new(
                Exit::Usage,
                "the form json is not encrypted: whoever reads the file has the keys and codes.",
                "Add --plaintext if that is what you want, and destroy the medium afterwards.",
            ));
        }
        let mut desk = self.desk(console)?;
        let phrases = if phrases == Path::new("-") {
            files::read_stdin(PHRASES_LIMIT)
        } else {
            files::read_secret(phrases, PHRASES_LIMIT)
        }
        .map_err(|error| Failure { exit: Exit::Phrases, ..LoadError::from(error).into() })?;
        let phrases = std::str::from_utf8(phrases.reveal()).map_err(|_| {
            Failure::new(
                Exit::Phrases,
                "the phrases are not UTF-8 text.",
                "Save the file as plain text in UTF-8, one phrase a line.",
            )
        })?;
        let mut tally = Tally::default();
        for line in phrase_lines(phrases) {
            let answer = tally.take(&line, &mut desk)?;
            console.say(&format!("Line {}: {answer}", line.line));
        }
        let opened = desk.open().map_err(|error| tally.failure(&error))?;
        write(&opened, out, folders, console)?;
        let is_clean = !opened.has_red() && tally.is_clean();
        Ok(if is_clean { Exit::Done } else { Exit::DoneWithFindings })
    }

    fn desk(&self, console: &mut Console<'_>) -> Result<Desk, Failure> {
        let readings = self.files.iter().map(|path| Ok(load(path)?.reading)).collect::<Result<Vec<_>, Failure>>()?;
        let first = self.files.first().map_or(Path::new(""), PathBuf::as_path);
        let desk = Desk::unite(readings, first)?;
        super::inspect::say_summary(&desk.backup, console);
        for other in desk.others.iter().flat_map(Backup::files) {
            console.say(&format!("{} is of another backup. It is used only to recognise phrases of it.", other.name));
        }
        Ok(desk)
    }
}

fn write(opened: &Opened, out: &Path, folders: &OutputFolders, console: &mut Console<'_>) -> Result<(), Failure> {
    let document = Contents::of(&opened.inventory).to_json();
    console.say(&format!("Opened. Organization as it was sealed: {}", Safe(opened.inventory.organization())));
    if !opened.has_red() {
        console.say("Genuine: every mark that the quorum made on this backup checks.");
    }
    for finding in &opened.findings {
        console.say(&format!("{} {finding}", if finding.is_red() { "CHECK:" } else { "Note:" }));
    }
    files::write_new(out, document.reveal(), folders)
        .map_err(|error| Failure::new(Exit::NotWritten, format_args!("{error}."), error.hint()))?;
    let (vaults, accounts, codes) = opened.inventory.counts();
    let keys = opened.inventory.items(crate::domain::inventory::Collection::Keys).count();
    console.say(&format!(
        "Recovered {keys} keys, {vaults} vaults and {accounts} accounts with {codes} codes into {}.",
        files::shown(out)
    ));
    console.say("That file is not encrypted. Deleting it does not erase it: destroy the medium when you are done.");
    Ok(())
}

/// How the lines went.
#[derive(Default)]
struct Tally {
    verified: usize,
    /// Whose envelope does not open.
    altered: BTreeSet<u8>,
    wrong: usize,
}

impl Tally {
    /// The answer to one line. It never holds a word of it.
    fn take(&mut self, line: &PhraseLine<'_>, desk: &mut Desk) -> Result<String, Failure> {
        let Some(form) = desk.backup.core().phrase else {
            return Err(Failure::new(
                Exit::Refused,
                "this backup is not opened by phrases.",
                "Use the way it was made for.",
            ));
        };
        let phrase = match Phrase::parse(line.words, form) {
            Ok(phrase) => phrase,
            Err(error) => {
                self.wrong += 1;
                return Ok(format!("not a phrase: {error}. {}", error.hint()));
            }
        };
        let answer = desk.take(&phrase, &ThisMachine, &|| false)?;
        let written = match &answer {
            Answer::Verified { number, .. } => {
                self.verified += 1;
                mismatch(line, *number)
            }
            Answer::AlreadyEntered { number, .. } => mismatch(line, *number),
            Answer::AlteredFile { number, .. } => {
                self.altered.insert(*number);
                mismatch(line, *number)
            }
            Answer::NotOfThisBackup { .. } | Answer::CannotBeJudged => {
                self.wrong += 1;
                String::new()
            }
        };
        let hint = answer.hint().map_or_else(String::new, |hint| format!(". {hint}"));
        Ok(format!("{answer}{written}{hint}"))
    }

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

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let exit = if matches!(error, DeskError::Machine(_)) { Exit::Machine } else { Exit::Refused };
        Self::new(exit, format_args!("{error}."), format_args!("Nothing was written. {}", error.hint()))
    }
}
