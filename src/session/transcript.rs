//! The record of a ceremony: a line of JSON for each event, each with the SHA-256 of the line before. Roles and facts; never a word,
//! where somebody erred, how long somebody took for a word, or a digest of anything that was sealed.
//!
//! Whoever has the file can write the whole chain anew. Only its last digest, as words signed on paper, tells.

pub mod attestation;
pub mod chain;

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::domain::canonical;
use crate::domain::ceremony::Plan;
use crate::domain::fingerprint::{Fingerprint, words};
use crate::snapshot::delivery::digest_words;
use crate::snapshot::v1::model::Snapshot;

#[derive(Debug, Default)]
pub struct Transcript {
    lines: Vec<String>,
    began: Duration,
    /// When the last line was noted, in seconds: no line is earlier than the one before.
    second: u64,
}

/// Bytes of the last digest that stand as words.
const SIGNED: usize = 8;

impl Transcript {
    /// Begins at `now`, by a clock that is never set.
    pub fn begin(now: Duration) -> Self {
        Self { lines: Vec::new(), began: now, second: 0 }
    }

    /// An event and its facts (an object).
    pub fn note(&mut self, now: Duration, event: &str, facts: Value) {
        let mut line = if let Value::Object(facts) = facts { facts } else { Map::new() };
        line.insert("event".to_owned(), json!(event));
        line.insert("line".to_owned(), json!(self.lines.len() + 1));
        self.second = self.second.max(now.saturating_sub(self.began).as_secs());
        line.insert("second".to_owned(), json!(self.second));
        line.insert("previous".to_owned(), json!(data_encoding::HEXLOWER.encode(&self.last())));
        self.lines.push(String::from_utf8(canonical::bytes(&Value::Object(line))).unwrap_or_default());
    }

    /// The words that people sign: of the digest of the last line.
    pub fn words(&self) -> String {
        self.word_list().join(" ")
    }

    /// The same one by one.
    pub fn word_list(&self) -> Vec<&'static str> {
        words(self.last().get(..SIGNED).unwrap_or_default())
    }

    /// JSON Lines.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect()
    }

    /// The digest of the last line without its line end; zeros before the first.
    fn last(&self) -> [u8; 32] {
        self.lines.last().map_or([0; 32], |line| Sha256::digest(line).into())
    }
}

/// The facts of `begun`: what was decided, and who the shareholders are, as they are named in the file.
pub fn begun(plan: &Plan, has_screens: bool) -> Value {
    let shareholders: Vec<Value> = (1..)
        .zip(&plan.shareholders)
        .map(|(number, person): (u8, _)| json!({"number": number, "name": plan.label(person).raw()}))
        .collect();
    json!({
        "address": plan.delivery.raw(),
        "conductor": plan.conductor.raw(),
        "kind": plan.kind.name(),
        "language": plan.form.language.name(),
        "organization": plan.organization.raw(),
        "program": env!("CARGO_PKG_VERSION"),
        "purpose": if plan.is_training { "training" } else { "production" },
        "screens": has_screens,
        "shareholders": shareholders,
        "threshold": plan.threshold,
        "words": plan.form.words.words(),
    })
}

/// The facts of `issued`: all that tells this snapshot from others, and nothing of its contents.
pub fn issued(snapshot: &Snapshot, is_confirmed: bool) -> Value {
    let core = &snapshot.core;
    json!({
        "backup_id": core.backup_id,
        "confirmed": is_confirmed,
        "created": snapshot.section.created,
        "digest_words": digest_words(snapshot),
        "fingerprint": Fingerprint::of(&core.core_digest().0).words(),
        "replaces": core.replaces.as_ref().map(|old| old.backup_id),
        "sequence": snapshot.section.sequence,
    })
}

/// The facts of files that were written: their names within `folder`.
pub fn files<'a>(paths: impl Iterator<Item = &'a Path>, folder: &Path) -> Value {
    let name = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
    json!({"files": paths.map(name).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::chain::RecordChain;
    use super::*;

    fn sample() -> Transcript {
        let mut record = Transcript::begin(Duration::from_secs(100));
        for (second, event) in [(100, "begun"), (160, "phrase shown"), (159, "phrase confirmed"), (400, "issued")] {
            record.note(
                Duration::from_secs(second),
                event,
                json!({"number": 2, "organization": "Zo\u{eb} <\u{1b}>\n"}),
            );
        }
        record
    }

    /// The words of the last line, if every line follows the one before.
    fn verify(bytes: &[u8]) -> Option<String> {
        Some(RecordChain::read(bytes).ok()?.words().join(" "))
    }

    #[test]
    fn each_line_names_the_digest_of_the_one_before() {
        let record = sample();
        let bytes = record.to_bytes();
        assert_eq!(verify(&bytes), Some(record.words()));
        assert!(bytes.is_ascii() && !bytes.contains(&0x1b), "a name cannot steer a terminal that shows the record");
        let lines: Vec<Value> =
            bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        let seconds: Vec<&Value> = lines.iter().map(|line| &line["second"]).collect();
        assert_eq!(seconds, [0, 60, 60, 300], "a clock that goes back does not");
        assert_eq!(record.words().split(' ').count(), SIGNED);
    }

    #[test]
    fn every_changed_missing_or_added_byte_breaks_the_chain_or_changes_the_words() {
        let record = sample();
        let (bytes, words) = (record.to_bytes(), record.words());
        for place in 0..bytes.len() {
            for bit in [1, 0x20, 0x80] {
                let mut changed = bytes.clone();
                changed[place] ^= bit;
                assert_ne!(verify(&changed).as_ref(), Some(&words), "byte {place}");
            }
            let cut = [&bytes[..place], &bytes[place + 1..]].concat();
            let added = [&bytes[..place], b" ", &bytes[place..]].concat();
            assert!([cut, added].iter().all(|changed| verify(changed).as_ref() != Some(&words)), "byte {place}");
        }
        // Whole lines: the last one left out, two in another order.
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        assert_ne!(verify(&lines[..3].concat()).as_ref(), Some(&words));
        assert_eq!(verify(&[lines[0], lines[2], lines[1], lines[3]].concat()), None);
    }

    #[test]
    fn facts_cannot_take_the_place_of_the_chain() {
        let mut record = sample();
        record.note(
            Duration::from_secs(500),
            "ended",
            json!({"previous": "x", "line": 7, "event": "begun", "second": 0}),
        );
        assert_eq!(verify(&record.to_bytes()), Some(record.words()));
        assert!(String::from_utf8(record.to_bytes()).unwrap().contains("\"event\":\"ended\""));
    }
}
