//! `conclave recover`: contents from a snapshot and phrases, without screens.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::export::{exposed, order};
use super::room::{ScreenArguments, show};
use super::{Exit, Failure, Streams, phrases, plain};
use crate::domain::export_form::{ExportForm, Protection};
use crate::domain::inventory::Counts;
use crate::domain::text::{Safe, counted};
use crate::effect::{Compared, ExportOrder, Source, Trouble};
use crate::journey::{Goal, Journey, Route};
use crate::machine::disk::System;
use crate::machine::files;
use crate::machine::output::OutputFolders;
use crate::session::load::load;
use crate::session::phrase_judge::PhraseJudge;
use crate::session::proving::Proving;
use crate::snapshot::backup::Backup;
use crate::snapshot::completeness;
use crate::snapshot::opening::Opened;

/// Recover the contents of a backup with the phrases of enough shareholders
///
/// On screens; with --phrases without them.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave recover snapshot.eml")]
pub struct Recover {
    /// The snapshot (.json, .json.gz, .zip or .eml); several of one backup are united
    files: Vec<PathBuf>,
    /// A file with phrases: one a line ("2. word word ..." or "name: word word ..."), or lists of words; - reads standard input
    #[arg(long, value_name = "FILE|-", requires_all = ["files", "out", "format"])]
    phrases: Option<PathBuf>,
    /// The new file that the contents are written to
    #[arg(long, value_name = "PATH", requires = "phrases")]
    pub(super) out: Option<PathBuf>,
    /// The form: json (the contents as sealed), keys (JSON with all that is derived), csv (a table; the codes go beside it into
    /// NAME-codes.csv), kdbx (for `KeePass`, encrypted), text (sheets to print)
    #[arg(long, value_name = "FORM", value_parser = super::export::form, requires = "phrases")]
    format: Option<ExportForm>,
    /// Agree that the contents are written unencrypted; for every form but kdbx
    #[arg(long, requires = "phrases")]
    plaintext: bool,
    /// A file whose first line is the passphrase of the kdbx file
    #[arg(long, value_name = "FILE", requires = "phrases")]
    passphrase: Option<PathBuf>,
    /// Write the file also when no key, vault or account came out
    #[arg(long, requires = "phrases")]
    even_if_empty: bool,
}

impl Recover {
    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        if let (Some(phrases), Some(out), Some(form)) = (&self.phrases, &self.out, self.format) {
            let order = order(form, out, self.passphrase.as_deref(), self.plaintext)?;
            return self.run_without_screens(phrases, &order, folders, streams);
        }
        let source = (!self.files.is_empty()).then(|| Source::Files(self.files.clone()));
        if screens.plain {
            return plain::converse(Journey::new(Goal::Recover), source, false, screens, folders);
        }
        show(Journey::new(Goal::Recover), source.map_or(Route::Choose, Route::Read), screens, folders)
    }

    fn run_without_screens(
        &self,
        phrases: &Path,
        order: &ExportOrder,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        // Before anything is typed or derived in vain; it counts again when the file is written.
        crate::session::check_name(&System, order.form, &order.path, folders)?;
        if let Some(said) = exposed(order) {
            streams.warn(&said);
        }
        let mut judge = judge(&self.files, streams)?;
        let (opened, is_clean) = phrases::open(&mut judge, phrases, streams)?;
        let has_red = self.write(&judge.backup, opened, order, folders, streams)?;
        Ok(if !has_red && is_clean { Exit::Done } else { Exit::DoneWithFindings })
    }

    /// Says what was opened and what of it does not check, and writes it. Whether something does not check.
    fn write(
        &self,
        backup: &Backup,
        opened: Opened,
        order: &ExportOrder,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<bool, Failure> {
        let is_training = backup.core().purpose.is_training();
        let is_whole = completeness::of(backup, &opened).is_whole();
        let mut remarks = say_opened(backup, &opened, streams);
        let failed = |trouble: Trouble| Failure::new(Exit::NotWritten, trouble.what, trouble.hint);
        let proving = Proving::of(Arc::new(opened.inventory));
        if proving.inventory.is_bare() && !self.even_if_empty {
            return Err(Failure::new(
                Exit::NotWritten,
                "there is nothing to write: no key, vault or account came out.",
                "Nothing was written. Look for another copy of this backup; --even-if-empty writes the empty file all the same.",
            ));
        }
        // Before all keys and addresses are derived for a file that cannot be made.
        order.form.check(&proving.inventory, &order.selection).map_err(|error| failed(Trouble::of(&error)))?;
        match proving.compare_all() {
            Ok(compared) => {
                say_compared(&compared, streams);
                remarks.take(compared);
            }
            Err(trouble) if order.form.rules().is_contents => {
                streams.say(&format!("CHECK: nothing was compared. {}", trouble.what));
                remarks.red.push(trouble.what);
                remarks.say_uncompared(streams);
            }
            Err(trouble) => return Err(failed(trouble)),
        }
        let documents = proving.documents(order, is_training, (&remarks.red, &remarks.notes)).map_err(failed)?;
        crate::session::write(&System, &documents, folders)?;
        let Counts { keys, vaults, accounts, codes } = proving.inventory.counts();
        let (keys, vaults) = (counted(keys, "key"), counted(vaults, "vault"));
        let (accounts, codes) = (counted(accounts, "account"), counted(codes, "code"));
        let recovered = if is_whole { "Recovered" } else { "INCOMPLETE: recovered" };
        let paths: Vec<String> = documents.iter().map(|(path, _)| files::shown(path)).collect();
        streams.say(&format!("{recovered} {keys}, {vaults} and {accounts} with {codes} into {}.", paths.join(" and ")));
        let unconfirmed = proving.inventory.unconfirmed();
        if order.form.rules().is_contents && unconfirmed > 0 {
            let items = counted(unconfirmed, "item");
            streams.say(&format!(
                "Note: no quorum has confirmed {items} in it. This form has no place to say which: see above."
            ));
        }
        streams.say(match order.selection.protection(order.form) {
            Protection::NoSecret => "It holds no private key and no code.",
            Protection::Passphrase => {
                "That file is encrypted by the passphrase alone: who has both has the keys and codes."
            }
            Protection::Nothing => {
                "What was written is not encrypted. Deleting it does not erase it: destroy the medium when you are done."
            }
        });
        if let Some(said) = exposed(order) {
            streams.say(&said);
        }
        if let Some(reading) = order.form.rules().reading {
            streams.say(reading);
        }
        Ok(remarks.has_red())
    }
}

/// The backup that these files are of, and what can be said of it before it is opened.
pub(super) fn judge(files: &[PathBuf], streams: &mut Streams<'_>) -> Result<PhraseJudge, Failure> {
    let readings = files.iter().map(|path| Ok(load(path)?.reading)).collect::<Result<Vec<_>, Failure>>()?;
    for (path, reading) in files.iter().zip(&readings) {
        streams.warn_of_file(path, reading);
    }
    let first = files.first().map_or(Path::new(""), PathBuf::as_path);
    let judge = PhraseJudge::unite(readings, first)?;
    super::inspect::say_summary(&judge.backup, streams);
    for other in &judge.others {
        let used = if PhraseJudge::is_recognised_for(other) {
            "It is used only to recognise phrases of it."
        } else {
            "It is not used: its derivation costs more than that of any backup that this program makes."
        };
        for file in other.files() {
            streams.say(&format!("{} is of another backup. {used}", file.name));
        }
    }
    Ok(judge)
}

/// What was said of an open backup.
#[derive(Default)]
pub(super) struct Remarks {
    /// What does not check.
    pub red: Vec<String>,
    /// What is only to be known.
    pub notes: Vec<String>,
    /// What is to be known of vaults as long as nothing was compared.
    uncompared: Vec<String>,
}

impl Remarks {
    pub fn has_red(&self) -> bool {
        !self.red.is_empty()
    }

    /// What came of comparing keys and addresses.
    pub fn take(&mut self, compared: Compared) {
        self.red.extend(compared.red);
        self.notes.extend(compared.notes);
    }

    /// Of vaults that nobody compares.
    pub fn say_uncompared(&mut self, streams: &mut Streams<'_>) {
        for note in &self.uncompared {
            streams.say(&format!("Note: {note}"));
        }
        self.notes.append(&mut self.uncompared);
    }
}

/// Says what was opened, and gives out what of it does not check and what is to be known. What is to be said of vaults follows when
/// they were compared.
pub(super) fn say_opened(backup: &Backup, opened: &Opened, streams: &mut Streams<'_>) -> Remarks {
    streams.say(&match (opened.inventory.organization(), opened.inventory.unsealed_name()) {
        ("", _) => "Opened. The organization's name did not come out.".to_owned(),
        (name, None) => format!("Opened. Organization as it was sealed: {}", Safe(name)),
        (name, Some(source)) => format!("Opened. Organization by a name that was {}: {}", source.added(), Safe(name)),
    });
    let (completeness, kind) = (completeness::of(backup, opened), backup.core().kind);
    let mut remarks = Remarks { red: completeness.finding().into_iter().collect(), ..Remarks::default() };
    for finding in &remarks.red {
        streams.say(&format!("CHECK: {finding}"));
    }
    for finding in &opened.findings {
        let said = finding.said(kind);
        if finding.is_of_comparison() {
            remarks.uncompared.push(said);
            continue;
        }
        streams.say(&format!("{} {said}", if finding.is_red() { "CHECK:" } else { "Note:" }));
        if finding.is_red() { &mut remarks.red } else { &mut remarks.notes }.push(said);
    }
    if remarks.red.is_empty() {
        streams.say(&kind.rules().holder.said("Genuine: every mark that {sealers} made on this backup checks."));
    }
    remarks
}

/// How keys and addresses compare with the record.
pub(super) fn say_compared(compared: &Compared, streams: &mut Streams<'_>) {
    for red in &compared.red {
        streams.say(&format!("CHECK: {red}"));
    }
    for note in &compared.notes {
        streams.say(&format!("Note: {note}"));
    }
    streams.say(&match compared.done {
        0 => "No address was compared: there is no vault.".to_owned(),
        done => {
            format!(
                "Addresses rebuilt from the keys and compared with the record: {} of {done} match.",
                compared.matches
            )
        }
    });
}
