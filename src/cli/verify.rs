//! `conclave verify`: whether files are whole, and how several stand to one another. No phrase is needed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::inspect::condition_of;
use super::{Exit, Failure, Streams};
use crate::crypto::digest::digest;
use crate::domain::text::{Safe, counted};
use crate::session::load::{LoadError, Loaded, load};
use crate::snapshot::relation::{Relation, relations, replacement_claims};
use crate::snapshot::v1::model::envelope_digests;
use crate::snapshot::v1::read::Reading;

/// Check snapshots for damage, and compare several of one backup
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  conclave verify old.json new.json")]
pub struct Verify {
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub fn run(&self, streams: &mut Streams<'_>) -> Exit {
        let mut files = Vec::new();
        let mut readings = Vec::new();
        let mut failures = Vec::new();
        for path in &self.files {
            let loaded = load(path).and_then(|loaded| match &loaded.reading.core {
                Err(why) => Err(LoadError::refused(path, why.clone())),
                Ok(_) => Ok(loaded),
            });
            match loaded {
                Ok(Loaded { reading, size }) => {
                    files.push((path, size));
                    readings.push(reading);
                }
                Err(error) => failures.push((path, Failure::from(error))),
            }
        }
        let relations = relations(&readings);
        let claims = replacement_claims(&readings);
        if self.json {
            let mut list: Vec<_> = readings
                .iter()
                .zip(&files)
                .zip(&relations)
                .zip(&claims)
                .map(|(((reading, (path, size)), relation), claimed)| {
                    let mut file = as_json(path, reading, *size, *relation);
                    if let Some(members) = file.as_object_mut().filter(|_| !claimed.is_empty()) {
                        members.insert("replaces_claimed".to_owned(), true.into());
                    }
                    file
                })
                .collect();
            list.extend(failures.iter().map(|(path, failure)| {
                json!({"file": path.display().to_string(), "verdict": "REFUSED", "why": failure.message, "relation": Relation::Unknown.name()})
            }));
            streams.say_json(&list.into());
        } else {
            for (((reading, (_, size)), relation), claimed) in readings.iter().zip(&files).zip(&relations).zip(&claims)
            {
                streams.say(&lines(reading, *size, *relation).join("\n"));
                if !claimed.is_empty() {
                    streams.say(&claim(claimed));
                }
            }
        }
        for ((path, _), reading) in files.iter().zip(&readings) {
            streams.warn_of_file(path, reading);
        }
        for (_, failure) in &failures {
            streams.warn(&format!("conclave: {}", failure.message));
            streams.warn(&failure.hint);
        }
        let is_damaged = readings.iter().any(|reading| reading.verdict.is_damaged()) || !failures.is_empty();
        if is_damaged {
            Exit::Refused
        } else if relations.contains(&Relation::Fork) {
            Exit::DoneWithFindings
        } else {
            Exit::Done
        }
    }
}

/// What is said where "newer" rests on what a file says of itself.
fn claim(positions: &BTreeSet<u32>) -> String {
    let boxes = match (positions.first(), positions.last(), positions.len()) {
        (Some(first), Some(last), count) if first != last => {
            let is_all = usize::try_from(last - first).is_ok_and(|between| between + 1 == count);
            if is_all { format!("boxes {first} to {last}") } else { format!("{count} boxes from {first} to {last}") }
        }
        (Some(only), ..) => format!("box {only}"),
        _ => String::new(),
    };
    format!("  It claims to replace {boxes} of an older file; only an opening shows whether the quorum did. Keep both.")
}

fn lines(reading: &Reading, size: usize, relation: Relation) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", Safe(&reading.name), reading.verdict)];
    if let Ok(core) = &reading.core {
        lines.extend(condition_of(reading, core).sentences().into_iter().map(|sentence| format!("  {sentence}")));
    }
    let mut digest_line = |name: &str, digest: String| lines.push(format!("  {name:<12} {digest}"));
    if let Ok(core) = &reading.core {
        digest_line("backup", core.backup_id.to_string());
        digest_line("core", digest("core", core).to_string());
    }
    for (envelope, digest) in reading.envelopes.iter().zip(envelope_digests(&reading.envelopes)) {
        digest_line(&format!("envelope {}", envelope.number), digest.to_string());
    }
    if let Some(labels) = &reading.labels {
        digest_line("labels", digest("labels", labels).to_string());
    }
    if let Some(anchor) = &reading.anchor {
        digest_line("anchor", digest("anchor", anchor).to_string());
    }
    if let Some(section) = &reading.section {
        digest_line("snapshot", section.digest().to_string());
        digest_line("sequence", section.sequence.to_string());
    }
    for (number, placed) in (1..).zip(&reading.boxes) {
        digest_line(&format!("box {number}"), placed.place.digest.to_string());
    }
    let boxes = counted(reading.boxes.len(), "box");
    lines.push(format!("  {boxes}, {size} bytes; among the files given: {}", relation.name()));
    lines
}

fn as_json(path: &Path, reading: &Reading, size: usize, relation: Relation) -> serde_json::Value {
    let section = reading.section.as_ref();
    json!({
        "file": path.display().to_string(),
        "verdict": reading.verdict.name(),
        "damaged": reading.verdict.damages().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "backup_id": reading.core.as_ref().ok().map(|core| core.backup_id),
        "sequence": section.map(|section| section.sequence),
        "digest": section.map(crate::snapshot::v1::model::Section::digest),
        "digests": section.map(|section| &section.digests),
        "relation": relation.name(),
        "boxes": reading.boxes.len(),
        "bytes": size,
    })
}
