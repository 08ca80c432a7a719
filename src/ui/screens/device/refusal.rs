//! Why an answer about the backup of a device was not taken, in words.

use crate::domain::explain::Explain;
use crate::domain::text::capital;
use crate::effect::{Answer, Trouble};
use crate::journey::device::DeviceRefusal;

/// Why an answer was not taken; nothing where the page shows that already.
pub fn said(why: DeviceRefusal) -> Option<Trouble> {
    Some(match why {
        DeviceRefusal::NotListed => return None,
        DeviceRefusal::NoText => Trouble::new("That is longer than fits.", "It takes up to 256 characters."),
        DeviceRefusal::Pin(fault) => Trouble::new(format_args!("{}.", capital(&fault.to_string())), fault.hint()),
        DeviceRefusal::NotTheSamePin => Trouble::new(
            "That is not the PIN that was typed first.",
            "Type it again; or go back, and choose another one.",
        ),
        DeviceRefusal::NotAName => {
            Trouble::new("That is no name for a file.", "The folder was chosen above; a name has no / in it.")
        }
        DeviceRefusal::NoShares => {
            Trouble::new("What the device holds was not read.", "Read it first: Device, Manage, and its SHARES.json.")
        }
        DeviceRefusal::NotOnDevice => Trouble::new(
            "This device does not hold that organization.",
            "It stays in the backup. Restore gives its shares back.",
        ),
        DeviceRefusal::NewerInBackup => Trouble::new(
            "The backup has shares of it that changed later than those of this device: they would be lost.",
            "Restore them to the device first, or make a backup of its own for this device.",
        ),
        DeviceRefusal::NoBackup => {
            Trouble::new("There is no backup that could be reset.", "Choose an organization to back up first.")
        }
        DeviceRefusal::Harmed => Trouble::new(
            "This backup is damaged: no new file goes on from it.",
            "Take another copy of it; or reset it, and make a new one from this device.",
        ),
        DeviceRefusal::OtherKind(kind) => Trouble::new(
            format_args!(
                "This is {}. It holds what belongs to all, and not the shares of one person's device.",
                kind.rules().named
            ),
            "Choose the backup of this device. To recover an organization go back to Home.",
        ),
        DeviceRefusal::NotOpened(answer) => match answer {
            Answer::AlteredFile { .. } => Trouble::new(
                "Key and PIN are right, but this file was altered: it does not open.",
                "Look for another copy of the backup.",
            ),
            Answer::CannotBeJudged => Trouble::new(
                "The core of this file is damaged, so nobody can say whether that is right.",
                "Look for another copy of the backup.",
            ),
            Answer::NotOfThisBackup { .. } | Answer::Verified { .. } | Answer::AlreadyEntered { .. } => Trouble::new(
                "Cloud key and PIN do not open this backup.",
                "Most likely the PIN is another one: try again. A key file that somebody altered would look the same.",
            ),
        },
        DeviceRefusal::Failed(trouble) => trouble,
    })
}
