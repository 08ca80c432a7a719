//! States of the next snapshot of a backup.

use super::NamedStage;
use super::samples::{places, summary, table, training};
use super::stage::Stage;
use crate::effect::{Differences, Outcome, Refreshed, Summary, Trouble};
use crate::ui::key::Key;

/// Two files with other names, another address and marks of their own.
fn differ() -> Outcome {
    let both = |one: &str, other: &str| vec![one.to_owned(), other.to_owned()];
    Outcome::Differ(Box::new(Differences {
        files: both("/run/media/ann/STICK/snapshot-4.json", "/run/media/ann/STICK/from-elsewhere.json"),
        labels: vec![
            ("Address".to_owned(), both("backup@example.org", "backup@exarnple.org")),
            ("Shareholder 2".to_owned(), both("Ben", "Somebody Else")),
        ],
        marks: both("of sequence 1", "of sequence 49, replaces boxes up to 3"),
        of_ceremony: vec![0],
    }))
}

pub(super) fn states() -> Vec<NamedStage> {
    let at = |choice: usize| Stage::at_refresh(summary()).keys(&vec![Key::Down; choice]).key(Key::Enter);
    let address = |summary: Summary| {
        Stage::at_refresh(summary).keys(&[Key::Down, Key::Down, Key::Enter]).press("new@example.org")
    };
    let card = || address(summary()).key(Key::Enter);
    let place = || card().card().hear(Outcome::Places(places()));
    let did_what = |did: &[&str], notes: Vec<String>| {
        Outcome::Refreshed(Ok(Refreshed {
            path: "/run/media/ann/EMPTY/snapshot-5.json".into(),
            mail: Some("/run/media/ann/EMPTY/snapshot-5.eml".into()),
            sequence: 5,
            digest_words: "chatter capricorn ringbolt article".to_owned(),
            did: did.iter().map(|did| (*did).to_owned()).collect(),
            notes,
        }))
    };
    let refreshed = |notes: Vec<String>| did_what(&["Address: old@example.org -> new@example.org"], notes);
    let confirmed = || {
        let accepted = "Accepted: Vault \"Fund 2\": a change, proposed on 2026-03-02";
        let did = ["Confirmed: 1 of 3", accepted, "Not accepted, and where it was with its mark: 2"];
        let written = super::plan::confirmed().keys(&[Key::Enter, Key::Enter]).hear(did_what(&did, Vec::new()));
        written.hear(Outcome::Opened(Ok(super::samples::opening())))
    };
    let note = "Much was added without the quorum: have enough shareholders compact the backup soon.";
    let full = Trouble::new("snapshot-5.json could not be written: there is no room left.", "Make room.");
    let other_base = Trouble::new(
        "what the other file holds follows a base that this one does not have. Nothing was sealed.",
        "Take the other file's names and mark, if you know where it comes from.",
    );
    let compact = || Stage::at_compaction().hear(Outcome::Places(places()));
    let picked = |stage: Stage| super::plan::a_file_picked(stage.hear(Outcome::Places(places()))).hear(table());
    let writing = || place().keys(&[Key::Enter, Key::Enter]);
    vec![
        ("refresh", Stage::at_refresh(summary())),
        ("refresh-places", at(0).hear(Outcome::Places(places()))),
        ("refresh-columns", picked(at(0)).press(" ")),
        ("refresh-columns-taken", picked(at(0)).press("y")),
        ("refresh-who", at(3)),
        ("refresh-name-of", at(3).key(Key::Enter).press("Ann <U")),
        ("refresh-address", address(summary())),
        ("refresh-no-address", at(2).press("nowhere").key(Key::Enter)),
        ("refresh-card", card()),
        ("refresh-card-wrong", card().press("aimless").key(Key::Enter)),
        ("refresh-card-phrase", card().press("abandon ")),
        ("refresh-card-training", address(training()).key(Key::Enter)),
        ("refresh-place", place()),
        ("refresh-place-training", address(training()).keys(&[Key::Enter; 2]).hear(Outcome::Places(places()))),
        ("refresh-nowhere", card().card().hear(Outcome::Places(Vec::new()))),
        ("refresh-name", place().key(Key::Enter)),
        ("refresh-keep", writing().hear(differ())),
        ("refresh-keep-failed", writing().hear(differ()).key(Key::Enter).hear(Outcome::Refreshed(Err(other_base)))),
        ("refresh-failed", writing().hear(Outcome::Refreshed(Err(full)))),
        ("refresh-done", writing().hear(refreshed(vec![note.to_owned()]))),
        ("refresh-record", writing().hear(refreshed(Vec::new())).key(Key::Enter).hear(Outcome::Forgotten)),
        ("refresh-confirm", super::plan::confirmed()),
        ("refresh-confirm-done", confirmed()),
        ("refresh-confirm-record", confirmed().key(Key::F(10)).press("y").hear(Outcome::Forgotten)),
        ("refresh-compact", compact()),
        (
            "refresh-compact-leave",
            compact().keys(&[Key::Enter, Key::Enter]).hear(refreshed(Vec::new())).key(Key::Enter),
        ),
        ("refresh-compact-done", compact().keys(&[Key::Enter, Key::Enter]).hear(refreshed(Vec::new()))),
    ]
}
