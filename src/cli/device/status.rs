//! `device status`: how a backup stands to what the device holds; without a backup, whether a wallet's file is of the right form.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::{Exit, Failure, Streams};
use crate::domain::condition::Condition;
use crate::domain::inventory::{BackupStatus, DeviceShares, Kept, OrganizationLabel};
use crate::domain::text::counted;
use crate::session::device::{DeviceFile, labels, read_shares};

/// Say for each organization whether its shares are backed up
///
/// Without a backup the file of the device is checked. The status is what the backup claims: only opening it shows what it holds.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave device status SHARES.json backup.json")]
pub struct DeviceStatus {
    /// What the device holds, as its wallet wrote it (docs/device.md)
    shares: PathBuf,
    /// The backup
    file: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl DeviceStatus {
    pub fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let device = read_shares(&self.shares)?;
        let file = self.file.as_deref().map(DeviceFile::load).transpose()?;
        let backed =
            file.as_ref().map(|file| labels(&file.judge.backup).map_or(&[][..], |labels| &labels.organizations));
        let verdict = file.as_ref().map(|file| file.judge.backup.condition());
        let is_whole = verdict.as_ref().is_none_or(Condition::is_whole);
        let statuses = device.claimed(backed.unwrap_or_default());
        if self.json {
            let status = |(label, status): &(OrganizationLabel, BackupStatus)| {
                json!({
                    "id": label.id,
                    "name": label.name,
                    "changed": label.changed,
                    "shares": share_count(&device, label),
                    "status": status.name(),
                })
            };
            streams.say_json(&json!({
                "device": device.device,
                "user": device.user,
                "is_whole": file.is_some().then_some(is_whole),
                "method": file.as_ref().map(|file| file.method().name()),
                "organizations": statuses.iter().map(status).collect::<Vec<_>>(),
            }));
            return Ok(if is_whole { Exit::Done } else { Exit::Refused });
        }
        for sentence in verdict.iter().flat_map(Condition::sentences) {
            streams.warn(&format!("DAMAGED: {sentence}"));
        }
        streams.say(&format!("{} of {}", device.device, device.user));
        for (label, status) in &statuses {
            let shares = share_count(&device, label);
            let held = if shares > 0 { format!("{}, ", counted(shares, "share")) } else { String::new() };
            let said = if backed.is_some() { format!(": {}", status.claimed(!is_whole)) } else { String::new() };
            streams.say(&format!("  {} ({}): {held}changed {}{said}", label.name, label.id, label.changed.date()));
        }
        streams.say(match backed {
            Some(_) => "That is what the backup claims; only opening it shows what it holds.",
            None => "The file is of the right form.",
        });
        Ok(if is_whole { Exit::Done } else { Exit::Refused })
    }
}

fn share_count(device: &DeviceShares, label: &OrganizationLabel) -> usize {
    let item = device.item(label.id.raw());
    item.and_then(|item| item.fields().list("shares")).map_or(0, <[Kept]>::len)
}
