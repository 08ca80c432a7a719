//! `device restore`: the shares of a backup, for the device.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::on_screens;
use super::open::{OpenerArguments, needs_out};
use crate::cli::export::{exposed, form, order};
use crate::cli::room::{ScreenArguments, show};
use crate::cli::{Exit, Failure, Streams, plain};
use crate::domain::export_form::{ExportForm, Protection};
use crate::domain::inventory::{BackupStatus, NOT_THE_ORGANIZATION, OrganizationLabel};
use crate::domain::kind::Kind;
use crate::domain::text::counted;
use crate::effect::{Source, Trouble};
use crate::journey::{Goal, Journey, Route};
use crate::machine::disk::System;
use crate::machine::files::shown;
use crate::machine::output::OutputFolders;
use crate::session::device::{DeviceError, DeviceFile, check_user, read_shares};
use crate::session::proving::Proving;

/// Write the shares of a backup, to be restored to a device
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave device restore backup.json")]
pub struct RestoreDevice {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    opener: OpenerArguments,
    /// What the device holds now: an older backup can be noticed only beside it
    #[arg(long, value_name = "FILE")]
    shares: Option<PathBuf>,
    /// The new file that the shares are written to; without it the backup is opened on screens
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// The form: kdbx (for `KeePass`, encrypted; if not given) or json (the contents as sealed)
    #[arg(long, value_name = "FORM", value_parser = form, requires = "out")]
    format: Option<ExportForm>,
    /// Agree that the shares are written unencrypted, as json
    #[arg(long, requires = "out")]
    plaintext: bool,
    /// A file whose first line is the passphrase of the kdbx file
    #[arg(long, value_name = "FILE", requires = "out")]
    passphrase: Option<PathBuf>,
}

impl RestoreDevice {
    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        match &self.out {
            Some(out) => self.write(out, folders, streams),
            None if !self.opener.is_empty() => Err(needs_out()),
            // Beside what the device holds an older backup can be noticed: that is managed.
            None if self.shares.is_some() => on_screens(screens, folders, |journey| {
                journey.manage_device(self.shares.clone(), Some(self.file.clone()))
            }),
            None => {
                let (journey, source) = (Journey::new(Goal::Restore), Source::Files(vec![self.file.clone()]));
                if screens.plain {
                    return plain::converse(journey, Some(source), false, screens, folders);
                }
                show(journey, Route::Read(source), screens, folders)
            }
        }
    }

    fn write(&self, out: &Path, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let form = self.format.unwrap_or(ExportForm::Kdbx);
        if !Kind::Device.rules().forms.contains(&form) {
            return Err(Failure::new(
                Exit::Usage,
                format_args!("shares are not written in the form {}.", form.rules().name),
                "Nothing was written. Take kdbx or json.",
            ));
        }
        let order = order(form, out, self.passphrase.as_deref(), self.plaintext)?;
        crate::session::check_name(&System, order.form, &order.path, folders)?;
        if let Some(said) = exposed(&order) {
            streams.warn(&said);
        }
        let device = self.shares.as_deref().map(read_shares).transpose()?;
        let mut file = DeviceFile::load(&self.file)?;
        streams.say(NOT_THE_ORGANIZATION);
        let (opened, mut has_red) = self.opener.open(&mut file, streams)?;
        if let Some(device) = &device {
            check_user(device, &opened.inventory)?;
            let compared = device.compared(&opened.inventory);
            for (label, status) in &compared {
                let name = label.told_apart(compared.iter().map(|(label, _)| label));
                streams.say(&format!("  {name}: {}", status.said()));
                has_red |= matches!(status, BackupStatus::NotBackedUp | BackupStatus::Outdated | BackupStatus::Differs);
            }
        } else {
            let labels = OrganizationLabel::of_inventory(&opened.inventory);
            for label in &labels {
                streams.say(&format!("  {}: shares of {}", label.told_apart(&labels), label.changed.date()));
            }
            streams.say(
                "Whether an older backup was put in its place shows only beside what the device holds (--shares).",
            );
        }
        let said = |is_red: bool| {
            let findings = opened.findings.iter().filter(move |finding| finding.is_red() == is_red);
            findings.map(|finding| finding.said(Kind::Device)).collect::<Vec<String>>()
        };
        let (red, notes) = (said(true), said(false));
        if opened.inventory.is_bare() {
            return Err(DeviceError::NothingInside.into());
        }
        let proving = Proving::of(Arc::new(opened.inventory));
        let failed = |trouble: Trouble| Failure::new(Exit::NotWritten, trouble.what, trouble.hint);
        let documents = proving.documents(&order, file.purpose().is_training(), (&red, &notes)).map_err(failed)?;
        crate::session::write(&System, &documents, folders)?;
        let held = OrganizationLabel::of_inventory(&proving.inventory).len();
        let paths: Vec<String> = documents.iter().map(|(path, _)| shown(path)).collect();
        streams.say(&format!("Restored the shares of {} into {}.", counted(held, "organization"), paths.join(" and ")));
        if order.selection.protection(order.form) == Protection::Nothing {
            streams.say("What was written is not encrypted. Deleting it does not erase it: destroy the medium when you are done.");
        }
        if let Some(said) = exposed(&order) {
            streams.say(&said);
        }
        Ok(if has_red { Exit::DoneWithFindings } else { Exit::Done })
    }
}
