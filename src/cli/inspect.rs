//! `conclave inspect`: all that is readable without phrases.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Exit, Failure, Streams};
use crate::domain::condition::Condition;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::inventory::OrganizationLabel;
use crate::domain::kind::{Kind, Method};
use crate::domain::text::{Safe, counted};
use crate::session::load::{LoadError, load};
use crate::snapshot::backup::Backup;
use crate::snapshot::condition;
use crate::snapshot::v1::model::{CloudLabel, Core, Labels};
use crate::snapshot::v1::read::Reading;

/// Show all that can be read of a snapshot without phrases
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave inspect snapshot.eml")]
pub struct Inspect {
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Inspect {
    pub fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
        let reading = load(&self.file)?.reading;
        streams.warn_of_file(&self.file, &reading);
        let core = reading.core.as_ref().map_err(|why| LoadError::refused(&self.file, why.clone()))?;
        if self.json {
            streams.say_json(&as_json(&reading, core));
        } else {
            streams.say(&lines(&reading, core).join("\n"));
        }
        Ok(if reading.verdict.is_damaged() { Exit::Refused } else { Exit::Done })
    }
}

/// A few lines about an open file, before phrases are asked for.
pub fn say_summary(backup: &Backup, streams: &mut Streams<'_>) {
    let core = backup.core();
    if core.purpose.is_training() {
        streams.say("TRAINING: this backup protects nothing. Use the practice phrases, never a real one.");
    }
    for file in backup.files() {
        streams.say(&format!("{}: {}", Safe(&file.name), file.verdict));
    }
    if let Some(organization) = backup.labels().and_then(Labels::organization) {
        streams.say(&format!("Organization: {organization} (as the file says; unverified until it is open)"));
    }
    let condition = backup.condition();
    if condition.can_judge() {
        streams.say(&format!("Fingerprint: {}", backup.fingerprint()));
    }
    streams.say(&format!("Opens with {}.", holders(core)));
    for sentence in condition.sentences() {
        streams.warn(&format!("CAREFUL: {sentence}"));
    }
}

/// `2 of 3 shareholders`
fn holders(core: &Core) -> String {
    if core.kind == Kind::Device {
        return match core.method {
            Method::Phrase => "the phrase of its user",
            Method::CloudPin => "the cloud key and the PIN of its user",
        }
        .to_owned();
    }
    format!("{} of {} {}", core.threshold, core.shareholder_count, core.kind.rules().holder.many)
}

/// What that one file still gives.
pub(super) fn condition_of(reading: &Reading, core: &Core) -> Condition {
    condition::of(core, reading.core_is_whole, std::slice::from_ref(reading))
}

fn lines(reading: &Reading, core: &Core) -> Vec<String> {
    let mut lines = Vec::new();
    if core.purpose.is_training() {
        lines.push("TRAINING: this backup protects nothing.".to_owned());
    }
    lines.push(format!("Verdict:       {}", reading.verdict));
    let condition = condition_of(reading, core);
    lines.extend(condition.sentences().into_iter().map(|sentence| format!("  {sentence}")));
    lines.push(format!("Kind:          {}, {}", core.kind.name(), core.purpose.name()));
    lines.push(format!("Backup:        {}", core.backup_id));
    if let Some(section) = &reading.section {
        lines.push(format!("Snapshot:      sequence {}, made {}", section.sequence, section.created));
        let counts = section.counts;
        let (vaults, accounts) = (counted(counts.vaults, "vault"), counted(counts.accounts, "account"));
        let (codes, boxes) = (counted(counts.codes, "code"), counted(condition.boxes.known, "box"));
        lines.push(match core.kind {
            Kind::Device => format!("Holds:         one user's own shares, in {boxes}"),
            Kind::Organization | Kind::Codes => {
                format!("Holds:         {vaults}, {accounts}, {codes} (as the file claims), in {boxes}")
            }
        });
    }
    let labels = reading.labels.as_ref();
    lines.extend(labels.and_then(Labels::organization).map(|name| format!("Organization:  {name}")));
    lines.extend(labels.and_then(Labels::delivery).map(|address| format!("Sent to:       {address}")));
    if let Some(labels) = labels.and_then(Labels::of_device) {
        for OrganizationLabel { changed, id, name } in &labels.organizations {
            lines.push(format!("Shares of:     {name} ({id}), changed {}", changed.date()));
        }
        if let Some(CloudLabel { account, provider }) = &labels.cloud {
            let account = account.as_ref().map_or_else(String::new, |account| format!(", {account}"));
            lines.push(format!("Cloud key:     said to be at {provider}{account}"));
        }
    }
    lines.push(format!("Opens with:    {}", holders(core)));
    for shareholder in labels.map_or(&[][..], Labels::shareholders) {
        lines.push(format!("  {:>2}. {}", shareholder.number, shareholder.name));
    }
    if let Some(form) = core.phrase {
        lines.push(format!("Phrases:       {} words, {}", form.words.words(), form.language.title()));
    }
    let kdf = &core.kdf;
    lines.push(format!(
        "Derivation:    Argon2id, {} MiB, {} passes, {} lanes",
        kdf.memory_kib / 1024,
        kdf.passes,
        kdf.lanes
    ));
    if condition.can_judge() {
        lines.push(match core.kind {
            Kind::Device => "Fingerprint:".to_owned(),
            Kind::Organization | Kind::Codes => "Fingerprint:   compare it with a public card".to_owned(),
        });
        for words in Fingerprint::of(&core.core_digest().0).words().chunks(4) {
            lines.push(format!("  {}", words.join(" ")));
        }
    } else {
        lines.push("Fingerprint:   none can be compared; the core is damaged".to_owned());
    }
    lines.push("Names are unverified until the backup is open.".to_owned());
    lines
}

fn as_json(reading: &Reading, core: &Core) -> serde_json::Value {
    let section = reading.section.as_ref();
    let condition = condition_of(reading, core);
    let shareholders: Vec<_> = reading.labels.iter().flat_map(Labels::shareholders).collect();
    json!({
        "verdict": reading.verdict.name(),
        "damaged": reading.verdict.damages().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "kind": core.kind.name(),
        "purpose": core.purpose.name(),
        "backup_id": core.backup_id,
        "fingerprint": Fingerprint::of(&core.core_digest().0).words(),
        "threshold": core.threshold,
        "shareholders": shareholders.iter().map(|label| json!({"number": label.number, "name": label.name})).collect::<Vec<_>>(),
        "sequence": section.map(|section| section.sequence),
        "created": section.map(|section| section.created),
        "counts": section.map(|section| section.counts),
        "boxes": reading.boxes.len(),
        "boxes_known": condition.boxes.known,
        "boxes_readable": condition.boxes.readable,
        "is_whole": condition.is_whole(),
        "can_judge_phrases": condition.can_judge(),
        "unconfirmed": reading.is_unconfirmed(),
    })
}
