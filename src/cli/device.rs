//! `conclave device`: the backup of one person's device: the shares that this user holds, by organization.

mod open;
mod restore;
mod status;
mod write;

use clap::{Args, Subcommand};

use super::{Exit, Failure, Streams};
use crate::domain::explain::Explain;
use crate::machine::output::{Output, OutputFolders};
use crate::session::device::DeviceError;
use crate::session::phrase_judge::PhraseJudgeError;
use crate::snapshot::backup::JudgeError;
use crate::snapshot::opening::OpeningError;
use crate::snapshot::sealing::SealingError;

/// Back up and restore the shares of one person's device
///
/// Not to be mistaken for the backup of an organization: it holds only this user's own shares, and cannot rebuild the keys of the
/// organization. It is opened by a phrase, or by a cloud key and a PIN. PINs, keys and phrases come from files, never from arguments.
#[derive(Debug, Args)]
pub struct DeviceCommand {
    #[command(subcommand)]
    action: DeviceAction,
}

#[derive(Debug, Subcommand)]
enum DeviceAction {
    Status(status::DeviceStatus),
    Backup(Box<write::BackUpDevice>),
    Restore(Box<restore::RestoreDevice>),
    Reset(Box<write::ResetDevice>),
}

impl DeviceCommand {
    /// What it writes.
    pub(super) fn outputs(&self) -> Vec<Output<'_>> {
        match &self.action {
            DeviceAction::Status(_) => Vec::new(),
            DeviceAction::Backup(backup) => backup.outputs(),
            DeviceAction::Restore(restore) => vec![Output::File(&restore.out)],
            DeviceAction::Reset(reset) => reset.outputs(),
        }
    }

    pub fn run(&self, folders: &OutputFolders, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        match &self.action {
            DeviceAction::Status(status) => status.run(streams),
            DeviceAction::Backup(backup) => backup.run(folders, streams),
            DeviceAction::Restore(restore) => restore.run(folders, streams),
            DeviceAction::Reset(reset) => reset.run(folders, streams),
        }
    }
}

impl From<DeviceError> for Failure {
    fn from(error: DeviceError) -> Self {
        let exit = match &error {
            DeviceError::Load(_)
            | DeviceError::Shares { .. }
            | DeviceError::CloudKey { .. }
            | DeviceError::CannotBeJudged
            | DeviceError::Altered
            | DeviceError::NotWhole
            | DeviceError::Older { .. }
            | DeviceError::OtherUser { .. }
            | DeviceError::Opening(OpeningError::NotEnough { .. } | OpeningError::NoKey { .. })
            | DeviceError::Judge(
                PhraseJudgeError::Judge(JudgeError::Forged(_))
                | PhraseJudgeError::Stopped
                | PhraseJudgeError::CannotBeJudged
                | PhraseJudgeError::Defect,
            ) => Exit::Refused,
            DeviceError::NoOrganization { .. } | DeviceError::Beside { .. } => Exit::Usage,
            DeviceError::PhraseMissing
            | DeviceError::CloudKeyMissing
            | DeviceError::PinMissing
            | DeviceError::OtherCloudKey
            | DeviceError::WrongPin
            | DeviceError::WrongPhrase => Exit::Phrases,
            DeviceError::Judge(PhraseJudgeError::Judge(JudgeError::Machine(_)))
            | DeviceError::Sealing(SealingError::Kdf(_) | SealingError::Entropy(_)) => Exit::Machine,
            DeviceError::Sealing(_) | DeviceError::NothingInside | DeviceError::NotReadBack => Exit::NotWritten,
        };
        Self::new(exit, format_args!("{error}."), format_args!("Nothing was written. {}", error.hint()))
    }
}
