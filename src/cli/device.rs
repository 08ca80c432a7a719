//! `conclave device`: the backup of one person's device: the shares that this user holds, by organization.

mod open;
mod restore;
mod status;
mod write;

use clap::{Args, Subcommand};

use super::room::{ScreenArguments, show};
use super::{Exit, Failure, Streams, plain};
use crate::domain::explain::Explain;
use crate::journey::{Goal, Journey, Route};
use crate::machine::output::{Output, OutputFolders};
use crate::session::device::DeviceError;
use crate::session::phrase_judge::PhraseJudgeError;
use crate::snapshot::backup::JudgeError;
use crate::snapshot::opening::OpeningError;
use crate::snapshot::sealing::SealingError;

/// Back up and restore the shares of one person's device
///
/// Not to be mistaken for the backup of an organization: it holds only this user's own shares, and cannot rebuild the keys of the
/// organization. It is opened by a phrase, or by a cloud key and a PIN. Without --out it is done on screens. PINs, keys and phrases
/// come from files, never from arguments.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave device backup SHARES.json")]
pub struct DeviceCommand {
    #[command(subcommand)]
    action: Option<DeviceAction>,
}

#[derive(Debug, Subcommand)]
enum DeviceAction {
    Status(status::DeviceStatus),
    Backup(Box<write::BackUpDevice>),
    Restore(Box<restore::RestoreDevice>),
    Reset(Box<write::ResetDevice>),
}

impl DeviceCommand {
    /// What a run without screens writes; `None` on screens.
    pub(super) fn outputs(&self) -> Option<Vec<Output<'_>>> {
        match self.action.as_ref()? {
            DeviceAction::Status(_) => Some(Vec::new()),
            DeviceAction::Backup(backup) => backup.outputs(),
            DeviceAction::Restore(restore) => restore.out.as_ref().map(|out| vec![Output::File(out)]),
            DeviceAction::Reset(reset) => reset.outputs(),
        }
    }

    pub fn run(
        &self,
        screens: &ScreenArguments,
        folders: &OutputFolders,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Failure> {
        match &self.action {
            None if screens.plain => plain::converse(Journey::new(Goal::Device), None, false, screens, folders),
            None => show(Journey::default(), Route::DeviceMenu, screens, folders),
            Some(DeviceAction::Status(status)) => status.run(streams),
            Some(DeviceAction::Backup(backup)) => backup.run(screens, folders, streams),
            Some(DeviceAction::Restore(restore)) => restore.run(screens, folders, streams),
            Some(DeviceAction::Reset(reset)) => reset.run(screens, folders, streams),
        }
    }
}

/// Manages the backup of a device on screens or in prompts.
fn on_screens(
    screens: &ScreenArguments,
    folders: &OutputFolders,
    begin: impl FnOnce(&mut Journey) -> Route,
) -> Result<Exit, Failure> {
    let mut journey = Journey::default();
    let route = begin(&mut journey);
    if screens.plain {
        return plain::converse(journey, None, false, screens, folders);
    }
    show(journey, route, screens, folders)
}

impl From<DeviceError> for Failure {
    fn from(error: DeviceError) -> Self {
        let exit = match &error {
            DeviceError::Load(_)
            | DeviceError::Shares { .. }
            | DeviceError::CloudKey { .. }
            | DeviceError::Mistaken { .. }
            | DeviceError::CannotBeJudged
            | DeviceError::Altered
            | DeviceError::NotWhole
            | DeviceError::Older { .. }
            | DeviceError::OtherDevice { .. }
            | DeviceError::SharesChanged
            | DeviceError::OtherUser { .. }
            | DeviceError::Opening(OpeningError::NotEnough { .. } | OpeningError::NoKey { .. })
            | DeviceError::Judge(
                PhraseJudgeError::Judge(JudgeError::Forged(_))
                | PhraseJudgeError::Stopped
                | PhraseJudgeError::CannotBeJudged
                | PhraseJudgeError::Defect,
            ) => Exit::Refused,
            DeviceError::NoOrganization { .. } | DeviceError::Beside { .. } | DeviceError::KeyBeside { .. } => {
                Exit::Usage
            }
            DeviceError::PhraseMissing
            | DeviceError::CloudKeyMissing { .. }
            | DeviceError::PinMissing
            | DeviceError::OtherCloudKey
            | DeviceError::WrongPin => Exit::Phrases,
            DeviceError::Judge(PhraseJudgeError::Judge(JudgeError::Machine(_)))
            | DeviceError::Sealing(SealingError::Kdf(_) | SealingError::Entropy(_)) => Exit::Machine,
            DeviceError::Sealing(_) | DeviceError::NothingInside | DeviceError::NotReadBack => Exit::NotWritten,
        };
        Self::new(exit, format_args!("{error}."), format_args!("Nothing was written. {}", error.hint()))
    }
}
