//! Sample states around the backup of a device.

use std::time::Duration;

use super::NamedStage;
use super::samples::*;
use super::stage::Stage;
use crate::domain::condition::{Boxes, Harm};
use crate::domain::inventory::OrganizationLabel;
use crate::domain::kind::{Kind, Method};
use crate::domain::phrase::Phrase;
use crate::domain::recovery::Holder;
use crate::domain::time::Timestamp;
use crate::effect::{
    Answer, CloudAccount, Confirmation, DeviceClaims, DeviceFacts, DeviceSaid, DeviceWritten, Outcome, Summary, Trouble,
};
use crate::ui::key::Key;

const PIN: &str = "485163";

fn label(id: &str, name: &str, day: &str) -> OrganizationLabel {
    let changed = Timestamp::parse(&format!("{day}T08:00:00Z")).expect("a day");
    OrganizationLabel { changed, id: text(id).expect("short"), name: text(name).expect("short") }
}

/// What the device holds: one is backed up, one changed since, one is not backed up.
pub(super) fn facts() -> DeviceFacts {
    let long = "Example Cellar and Brewery Cooperative of the Upper Valley";
    DeviceFacts {
        device: text("Jane's phone").expect("short"),
        user: text("Jane Doe").expect("short"),
        is_training: false,
        organizations: vec![
            (label("org-museum", "Harbour Museum", "2026-03-02"), 2),
            (label("org-cellar", long, "2026-05-05"), 1),
            (label("org-fund", "Lighthouse <U+202E>", "2026-06-01"), 1),
        ],
        derivation: Duration::from_millis(900),
    }
}

fn account() -> CloudAccount {
    CloudAccount { provider: text("Google").expect("short"), account: text("jane@example.org") }
}

/// The backup of a device, opened by a phrase, or by a cloud key and a PIN.
pub(super) fn backup(has_phrase: bool) -> Summary {
    let mut condition = condition();
    (condition.kind, condition.threshold, condition.shareholder_count) = (Kind::Device, 1, 1);
    condition.method = if has_phrase { Method::Phrase } else { Method::CloudPin };
    Summary {
        kind: Kind::Device,
        organization: None,
        claimed: None,
        threshold: 1,
        shareholders: vec![Holder { kind: Kind::Device, number: 1, name: None }],
        form: summary().form.filter(|_| has_phrase),
        device: Some(DeviceClaims {
            organizations: vec![
                label("org-museum", "Harbour Museum", "2026-03-02"),
                label("org-cellar", "Example Cellar", "2026-02-01"),
                label("org-old", "An organization that was left", "2025-01-01"),
            ],
            account: Some(account()).filter(|_| !has_phrase),
        }),
        files: vec![file("INTACT (unchanged since it was written)", false)],
        condition,
        ..summary()
    }
}

pub(super) fn said(said: DeviceSaid) -> Outcome {
    Outcome::Device(Box::new(said))
}

fn at_menu() -> Stage {
    Stage::home().keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter])
}

/// In front of the question where the file of the device is.
fn at_shares() -> Stage {
    at_menu().key(Key::Enter).hear(said(DeviceSaid::Dropped)).hear(Outcome::Places(places()))
}

fn picked(stage: Stage) -> Stage {
    stage.keys(&[Key::Down, Key::Enter]).hear(folder()).keys(&[Key::Down, Key::Enter])
}

/// Its only box is damaged, and its mark.
fn with_harmed() -> Stage {
    let mut harmed = backup(false);
    harmed.files = vec![file("DAMAGED (box 1, anchor)", true)];
    harmed.condition.boxes = Boxes { known: 1, readable: 0, is_certain: true };
    harmed.condition.harms = vec![Harm::Anchor];
    picked(with_shares().key(Key::Enter).hear(Outcome::Places(places()))).hear(Outcome::Loaded(Ok(Box::new(harmed))))
}

/// Two organizations of one name.
fn with_namesakes() -> Stage {
    let mut namesakes = facts();
    namesakes.organizations.push((label("org-museum-2", "Harbour Museum", "2026-04-02"), 1));
    picked(at_shares()).hear(said(DeviceSaid::Shares(Ok(namesakes)))).keys(&[Key::Down, Key::Enter])
}

/// In front of the question whether there is a backup.
fn with_shares() -> Stage {
    picked(at_shares()).hear(said(DeviceSaid::Shares(Ok(facts()))))
}

fn without_backup() -> Stage {
    with_shares().keys(&[Key::Down, Key::Enter])
}

fn with_backup(has_phrase: bool) -> Stage {
    picked(with_shares().key(Key::Enter).hear(Outcome::Places(places())))
        .hear(Outcome::Loaded(Ok(Box::new(backup(has_phrase)))))
}

fn at_pin() -> Stage {
    without_backup().keys(&[Key::Enter, Key::Enter, Key::Enter]).press("jane@example.org").key(Key::Enter)
}

fn at_place() -> Stage {
    at_pin().press(PIN).key(Key::Enter).press(PIN).key(Key::Enter).hear(Outcome::Places(places()))
}

/// The backup has a name that can be taken.
fn at_key_place() -> Stage {
    at_place().keys(&[Key::Enter, Key::Enter]).hear(said(DeviceSaid::Names(Ok(())))).hear(Outcome::Places(places()))
}

/// Both files are named; `is_apart`: in different places.
fn sure(is_apart: bool) -> Stage {
    let stage = at_key_place();
    // Another place is offered.
    let stage = if is_apart { stage } else { stage.key(Key::Up) };
    stage.keys(&[Key::Enter, Key::Enter]).hear(said(DeviceSaid::Names(Ok(()))))
}

fn written(name: &str, has_key: bool) -> Outcome {
    let key = has_key.then(|| ("/run/media/ann/EMPTY/cloud-key.json".into(), account()));
    let path = "/home/ann/recovery/device-backup/device-backup.json".into();
    said(DeviceSaid::Written(Ok(DeviceWritten {
        path,
        key,
        names: vec![name.to_owned()],
        is_reset: false,
        before: None,
    })))
}

fn done() -> Stage {
    sure(true).key(Key::Enter).hear(written("Harbour Museum", true)).hear(Outcome::Loaded(Ok(Box::new(backup(false)))))
}

/// A phrase is made for a first backup.
fn phrase_made() -> Stage {
    let phrase = Phrase::parse(&format!("{WORDS}about"), summary().form.expect("it has one")).expect("a phrase");
    without_backup()
        .keys(&[Key::Enter, Key::Down, Key::Enter])
        .hear(Outcome::Places(places()))
        .keys(&[Key::Enter, Key::Enter])
        .hear(said(DeviceSaid::Names(Ok(()))))
        .hear(said(DeviceSaid::Phrase(Ok(phrase))))
}

/// It joins the backup: up to what opens it.
fn joining(has_phrase: bool) -> Stage {
    with_backup(has_phrase)
        .keys(&[Key::Down, Key::Enter])
        .hear(Outcome::Places(places()))
        .keys(&[Key::Enter, Key::Enter])
        .hear(said(DeviceSaid::Names(Ok(()))))
}

fn at_old_pin() -> Stage {
    picked(joining(false).hear(Outcome::Places(places()))).hear(said(DeviceSaid::Key(Ok(()))))
}

/// A restore of this backup.
fn restoring(has_phrase: bool) -> Stage {
    picked(at_menu().keys(&[Key::Down, Key::Enter]).hear(Outcome::Places(places())))
        .hear(Outcome::Loaded(Ok(Box::new(backup(has_phrase)))))
}

/// None of them shows a word or a digit of a PIN.
pub(super) fn states() -> Vec<NamedStage> {
    let other_key = Trouble::new(
        "This cloud key is of another backup: one from before a reset, or of another device.",
        "Look for the key file that was uploaded when this backup was made.",
    );
    let no_shares = Trouble::new(
        "/run/media/ann/BACKUP/snapshot.json: this is not what a device holds (format is not \"conclave-device-shares\").",
        "It is written by the wallet. Its form is described in docs/device.md.",
    );
    let beside = Trouble::new(
        "/home/ann/recovery/cloud-key.json would lie beside the backup: whoever finds the folder has both.",
        "Name a file in another place, as on a stick.",
    );
    let is_full = Trouble::new("/run/media/ann/EMPTY/cloud-key.json: no room is left there.", "Make room.");
    let nobody = || Outcome::Checked {
        answer: Ok(Answer::NotOfThisBackup { elsewhere: None }),
        took: Duration::from_millis(900),
    };
    vec![
        ("device-menu", at_menu()),
        ("device-shares", at_shares()),
        ("device-shares-refused", picked(at_shares()).hear(said(DeviceSaid::Shares(Err(no_shares))))),
        ("device-has-backup", with_shares()),
        ("device-status-none", without_backup()),
        ("device-status", with_backup(false)),
        ("device-status-harmed", with_harmed()),
        ("device-status-harmed-refused", with_harmed().key(Key::Enter)),
        ("device-harm", with_harmed().key(Key::F(6))),
        ("device-status-namesakes", with_namesakes()),
        ("device-method-namesake", with_namesakes().keys(&[Key::End, Key::Enter])),
        ("device-status-not-here", with_backup(true).keys(&[Key::End, Key::Enter])),
        ("device-other-kind", {
            let stage = picked(with_shares().key(Key::Enter).hear(Outcome::Places(places())));
            stage.hear(Outcome::Loaded(Ok(Box::new(summary()))))
        }),
        ("device-method", without_backup().key(Key::Enter)),
        ("device-account", without_backup().keys(&[Key::Enter, Key::Enter])),
        ("device-label", without_backup().keys(&[Key::Enter, Key::Enter, Key::Enter]).press("jane@example.org")),
        ("device-pin", at_pin().press("485")),
        ("device-pin-refused", at_pin().press("112233").key(Key::Enter)),
        ("device-pin-again", at_pin().press(PIN).key(Key::Enter).press("48")),
        ("device-pin-differs", at_pin().press(PIN).key(Key::Enter).press("485164").key(Key::Enter)),
        ("device-place", at_place()),
        ("device-name", at_place().key(Key::Enter)),
        ("device-key-place", at_key_place()),
        (
            "device-key-beside",
            at_key_place().keys(&[Key::Enter, Key::Enter]).hear(said(DeviceSaid::Names(Err(beside)))),
        ),
        ("device-sure", sure(true)),
        ("device-sure-one-place", sure(false)),
        ("device-not-written", sure(true).key(Key::Enter).hear(said(DeviceSaid::Written(Err(is_full))))),
        ("device-done", done()),
        ("device-done-back", done().key(Key::Enter)),
        ("device-phrase-hidden", phrase_made().wait(601)),
        ("device-phrase-typed", phrase_made().key(Key::Enter)),
        (
            "device-phrase-differs",
            phrase_made()
                .key(Key::Enter)
                .all_words()
                .hear(said(DeviceSaid::Confirmed(Ok(Confirmation::Differs { numbers: vec![3, 12] })))),
        ),
        ("device-phrase-left", phrase_made().key(Key::Esc)),
        ("device-phrase-given-up", phrase_made().keys(&[Key::Esc, Key::Esc]).hear(said(DeviceSaid::Dropped))),
        (
            "device-phrase-not-written",
            phrase_made()
                .key(Key::Enter)
                .all_words()
                .hear(said(DeviceSaid::Confirmed(Ok(Confirmation::Same))))
                .hear(said(DeviceSaid::Written(Err(Trouble::new("No room is left there.", "Make room."))))),
        ),
        ("device-join-phrase", joining(true)),
        ("device-join-key", joining(false).hear(Outcome::Places(places()))),
        (
            "device-join-other-key",
            picked(joining(false).hear(Outcome::Places(places()))).hear(said(DeviceSaid::Key(Err(other_key)))),
        ),
        ("device-join-pin", at_old_pin()),
        ("device-join-pin-wrong", at_old_pin().press(PIN).key(Key::Enter).hear(nobody())),
        ("device-reset", with_backup(true).press("r")),
        ("device-reset-account", with_backup(false).press("r").keys(&[Key::Down, Key::Enter, Key::Enter])),
        ("device-restore", restoring(true)),
        ("device-restore-cloud", restoring(false)),
        ("device-restore-phrase", restoring(true).key(Key::Enter)),
        ("device-restore-quorum", {
            let at_phrase = restoring(true).keys(&[Key::Enter, Key::Enter]);
            at_phrase.checked(Answer::Verified { number: 1, who: "the user".to_owned() })
        }),
        ("device-instead-of-organization", Stage::open(backup(true))),
        ("device-leave", at_pin().press(PIN).key(Key::Enter).key(Key::Ctrl('c'))),
        ("device-record-void", phrase_made().keys(&[Key::Ctrl('c'), Key::Char('y')]).hear(Outcome::Forgotten)),
        ("device-record", {
            let left = done().key(Key::Ctrl('c')).press("y");
            left.hear(Outcome::Forgotten)
        }),
    ]
}

/// The phrase, while it is copied.
pub(super) fn asked() -> Vec<NamedStage> {
    vec![("device-phrase", phrase_made())]
}
