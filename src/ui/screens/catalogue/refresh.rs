//! States of the next snapshot of a backup.

use super::NamedStage;
use super::samples::{places, summary, training};
use super::stage::Stage;
use crate::effect::{Outcome, Refreshed, Summary, Trouble};
use crate::ui::key::Key;

pub(super) fn states() -> Vec<NamedStage> {
    let at = |choice: usize| Stage::at_refresh(summary()).keys(&vec![Key::Down; choice]).key(Key::Enter);
    let address = |summary: Summary| {
        Stage::at_refresh(summary).keys(&[Key::Down, Key::Down, Key::Enter]).press("new@example.org")
    };
    let card = || address(summary()).key(Key::Enter);
    let place = || card().card().hear(Outcome::Places(places()));
    let refreshed = |notes: Vec<String>| {
        Outcome::Refreshed(Ok(Refreshed {
            path: "/run/media/ann/EMPTY/snapshot-5.json".into(),
            sequence: 5,
            digest_words: "chatter capricorn ringbolt article".to_owned(),
            notes,
        }))
    };
    let note = "Much was added without the quorum: have enough shareholders compact the backup soon.";
    let full = Trouble::new("snapshot-5.json could not be written: there is no room left.", "Make room.");
    let compact = || Stage::at_compaction().hear(Outcome::Places(places()));
    let writing = || place().keys(&[Key::Enter, Key::Enter]);
    vec![
        ("refresh", Stage::at_refresh(summary())),
        ("refresh-places", at(0).hear(Outcome::Places(places()))),
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
        ("refresh-failed", writing().hear(Outcome::Refreshed(Err(full)))),
        ("refresh-done", writing().hear(refreshed(vec![note.to_owned()]))),
        ("refresh-record", writing().hear(refreshed(Vec::new())).key(Key::Enter).hear(Outcome::Forgotten)),
        ("refresh-compact", compact()),
        (
            "refresh-compact-leave",
            compact().keys(&[Key::Enter, Key::Enter]).hear(refreshed(Vec::new())).key(Key::Enter),
        ),
        ("refresh-compact-done", compact().keys(&[Key::Enter, Key::Enter]).hear(refreshed(Vec::new()))),
    ]
}
