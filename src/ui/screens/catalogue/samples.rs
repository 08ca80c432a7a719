//! What sample states are made of: backups, places, contents. The secrets in them are known, so that frames can be searched for them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::completeness::Completeness;
use crate::domain::condition::{Boxes, Condition, CoreState};
use crate::domain::export_form::{ExportForm, Protection};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::import_form::ImportForm;
use crate::domain::inventory::{BoxSource, Claimed, Counts, Inventory, SealedBy, read_records};
use crate::domain::kind::{Kind, Method};
use crate::domain::phrase::{PhraseForm, WordCount};
use crate::domain::proof::{AddressCheck, Checks, KeyStanding, PublicKeyCheck, VaultCheck};
use crate::domain::recovery::Holder;
use crate::domain::secret::SecretText;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;
use crate::domain::wordlist::WordList;
use crate::effect::{
    Answer, Comparison, DerivedKey, Elsewhere, EntryKind, FileFacts, FolderEntry, LeftDraft, Near, NearStanding,
    Network, Opening, Outcome, Place, PlaceKind, Remark, Summary, Trouble, WrittenFiles,
};

/// BIP-39's first vector, so that a whole phrase with a right checksum can be typed; and another word.
pub(super) const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon ";
/// The same without two that are the same side by side.
pub(super) const APART: &str = "abandon zebra abandon zebra abandon zebra abandon zebra abandon zebra abandon ";
pub(super) const PRIVATE: &str = "4d1f8e2ac03b7d6a5599e8f0c1b2a3948576a1b2c3d4e5f60718293a4b5c6d7e";
pub(super) const CHAIN_CODE: &str = "77aa55bb33cc11dd99ee88ff66007788aabbccddeeff00112233445566778899";
pub(super) const DERIVED: &str = "9e8d7c6b5a493827160f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566a";
pub(super) const WIF: &str = "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn";
pub(super) const PASSPHRASE: &str = "k7wqm-3fx9d-aaaab-cdefg-hjkmn";
pub(super) const CODE: &str = "7431-9926";
pub(super) const NOTE: &str = "kept in the blue safe";
/// What no frame may show, but those that somebody asked for.
pub(super) const SECRETS: &[&str] =
    &["abandon", "zebra", "4d1f8e2a", "77aa55bb", CODE, "8812-0034", NOTE, "9e8d7c6b", "KwDiBf89", "k7wqm"];

pub(super) fn text(text: &str) -> Option<Text> {
    Text::new(text)
}

pub(super) fn holders(names: &[&str]) -> Vec<Holder> {
    (1..).zip(names).map(|(number, name)| Holder { kind: Kind::Organization, number, name: text(name) }).collect()
}

pub(super) fn file(verdict: &str, is_damaged: bool) -> FileFacts {
    FileFacts {
        name: "/run/media/ann/BACKUP/snapshot.json".to_owned(),
        verdict: verdict.to_owned(),
        is_damaged,
        is_unconfirmed: false,
    }
}

pub(super) fn summary() -> Summary {
    Summary {
        kind: Kind::Organization,
        is_training: false,
        organization: text("Harbour Museum"),
        created: Some("2026-03-02".to_owned()),
        sequence: 4,
        claimed: Some(Claimed { vaults: 12, accounts: 3, codes: 24 }),
        threshold: 2,
        shareholders: holders(&["Jane Doe", "Fumiko Sato (佐藤)", "Łukasz <U+202E>"]),
        form: Some(PhraseForm { language: WordList::English, words: WordCount::TWELVE }),
        device: None,
        fingerprint: Fingerprint::of(&[7; 32]),
        asked: 6,
        asked_four: [1, 4, 9, 14],
        files: vec![file("INTACT (unchanged since it was written)", false)],
        is_forked: false,
        condition: condition(),
        near: Vec::new(),
        given: vec![PathBuf::from("/run/media/ann/BACKUP/snapshot.json")],
        others: Vec::new(),
        expected: Duration::from_millis(1400),
        at_once: 2,
        sheets: None,
    }
}

/// That of files that are whole.
pub(super) fn condition() -> Condition {
    Condition {
        core: CoreState::Whole,
        boxes: Boxes { known: 4, readable: 4, is_certain: true },
        closed: Vec::new(),
        threshold: 2,
        shareholder_count: 3,
        kind: Kind::Organization,
        method: Method::Phrase,
        harms: Vec::new(),
        delivery: text("backup@harbour-museum.example.org"),
    }
}

pub(super) fn training() -> Summary {
    let sheets = "1. zebra zoo zebra zoo zebra zoo zebra zoo zebra zoo zebra zoo\n2. zoo\n3. zoo\n";
    Summary { is_training: true, sheets: Some(sheets), ..summary() }
}

pub(super) fn long(words: u8, language: WordList) -> Summary {
    let name = "A person with a name that is longer than a row of the window";
    let form = PhraseForm { language, words: WordCount::new(words).expect("a length of BIP-39") };
    Summary {
        threshold: 9,
        shareholders: holders(&[name; 16]),
        form: Some(form),
        organization: text(&name.repeat(4)),
        ..summary()
    }
}

pub(super) fn near() -> Summary {
    let file = |name: &str, sequence, standing| Near { path: name.into(), name: name.to_owned(), sequence, standing };
    let near = vec![
        file("snapshot-5.json", 5, NearStanding::Newer),
        file("snapshot-3.json", 3, NearStanding::Older),
        file("copy.eml", 4, NearStanding::Damaged),
    ];
    Summary { near, ..summary() }
}

/// A table of another program, and how it would be understood.
pub(super) fn table() -> Outcome {
    let rows = "Vaults of the museum;;;;\n;;;;\nVault Account ID;Vault Account Name;Asset;Address;Balance\n\
        7;Rent;BTC;bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4;1,5\n8;Pay \u{202e};MATIC;;\n9;Old;MARS;;0\n";
    let layout = crate::domain::inventory::guessed(rows.as_bytes()).unwrap_or_default();
    Outcome::Table { path: "/run/media/ann/BACKUP/vaults.csv".into(), layout: Ok(layout.map(Box::new)) }
}

pub(super) fn places() -> Vec<Place> {
    let unmounted = "/dev/sdc1 is plugged in but not mounted: udisksctl mount -b /dev/sdc1";
    let place = |kind, path: &str, file_system: &str, free| Place {
        file_system: Some(file_system.to_owned()),
        free: Some(free),
        ..Place::new(kind, path, true)
    };
    let medium = |label: &str, remarks: &[Remark]| Place {
        title: label.to_owned(),
        is_removable: true,
        remarks: remarks.to_vec(),
        ..place(PlaceKind::Medium, &format!("/run/media/ann/{label}"), "vfat", (29 << 30) + 1)
    };
    vec![
        place(PlaceKind::Current, "/home/ann/recovery", "ext4", 180 << 30),
        medium("BACKUP", &[Remark::HoldsTheSnapshot, Remark::KeepsNoPermissions]),
        medium("EMPTY", &[Remark::KeepsNoPermissions]),
        Place { is_writable: false, ..place(PlaceKind::Home, "/home/ann", "ext4", 180 << 30) },
        Place { title: unmounted.to_owned(), ..Place::new(PlaceKind::Unmounted, "/dev/sdc1", false) },
    ]
}

/// The same with what an earlier run left in two of them.
pub(super) fn places_with_left() -> Vec<Place> {
    let left = |folder: &str, number: u64, changed: &str| LeftDraft {
        path: format!("{folder}/.conclave-{number:016x}.part").into(),
        size: 812,
        changed: Timestamp::parse(changed),
        device: 1,
        inode: number,
    };
    let mut places = places();
    for (place, number) in places.iter_mut().filter(|place| place.is_writable && place.is_removable).zip(7..) {
        let folder = place.path.to_string_lossy().into_owned();
        place.left = vec![left(&folder, number, "2026-01-02T03:04:05Z")];
    }
    places
}

pub(super) fn network_down() -> Outcome {
    Outcome::Network(Network { is_known: true, up: Vec::new(), unknown: Vec::new() })
}

pub(super) fn folder() -> Outcome {
    let entry = |name: &str, kind, size| FolderEntry {
        path: PathBuf::from("/run/media/ann/BACKUP").join(name),
        name: name.to_owned(),
        kind,
        size,
    };
    let entries = vec![
        entry("older ones", EntryKind::Folder, 0),
        entry("snapshot.eml", EntryKind::Candidate, 14_200),
        entry("snapshot.json", EntryKind::Candidate, 9_800),
        entry(
            "a name that is much longer than anybody would like it to be, and goes on.json",
            EntryKind::Candidate,
            60 << 20,
        ),
        entry("notes.txt", EntryKind::Other, 12),
    ];
    Outcome::Listed { folder: PathBuf::from("/run/media/ann/BACKUP"), entries: Ok(entries) }
}

pub(super) fn inventory() -> Inventory {
    let account = format!(
        r#"{{"service":"Mail","login":"ops@example.org","owners":["ann@example.org"],"kind":"single-use","codes":["8812-0034","{CODE}"],
           "used":["8812-0034"],"saved":"2026-01-01T00:00:00Z","note":"{NOTE}"}}"#
    );
    let key = format!(
        r#"{{"id":"key-01","name":"Till wallet","key_type":"ECDSA_SECP256K1","chain_code":"{CHAIN_CODE}","private_key":"{PRIVATE}",
           "public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"}}"#
    );
    let vaults: Vec<String> = (1..=30)
        .map(|n| format!(r#"{{"id":"v{n:02}","name":"Fund {n}","chain":"bitcoin","address":"bc1qexample{n:032}","key_id":"key-01"}}"#))
        .collect();
    let put = |collection: &str, item: &str| format!(r#"{{"record":"put","collection":"{collection}","item":{item}}}"#);
    let mut records = vec![
        r#"{"record":"organization","name":"Harbour Museum"}"#.to_owned(),
        put("keys", &key),
        put("accounts", &account),
    ];
    records.extend(vaults.iter().map(|vault| put("vaults", vault)));
    let mut inventory = Inventory::of(Kind::Organization);
    let mut apply = |records: &[String], sealed_by, position| {
        let json = format!(r#"{{"records":[{}]}}"#, records.join(","));
        let entries = read_records(Kind::Organization, json.as_bytes()).expect("records");
        let created = Timestamp::parse("2026-03-02T09:15:00Z").expect("a time");
        inventory.apply(BoxSource { sealed_by, position, created, issuer: None }, entries);
    };
    apply(&records, SealedBy::Quorum, 1);
    let later = [
        put("vaults", r#"{"id":"v99","name":"Added later","chain":"ethereum"}"#),
        put("vaults", r#"{"id":"v02","name":"Fund 2","chain":"litecoin"}"#),
    ];
    apply(&later, SealedBy::Public, 2);
    inventory.finish();
    inventory
}

pub(super) fn opening() -> Opening {
    Opening {
        inventory: Arc::new(inventory()),
        is_withheld: false,
        organization: text("Harbour Museum"),
        completeness: Completeness {
            boxes: Boxes { known: 4, readable: 4, is_certain: true },
            lacks_boxes: false,
            is_doubtful: false,
            claimed: Some(Claimed { vaults: 31, accounts: 1, codes: 2 }),
            recovered: Counts { keys: 1, vaults: 31, accounts: 1, codes: 2 },
            shares_of: None,
        },
        red: Vec::new(),
        notes: Vec::new(),
        digits: "4096".to_owned(),
        comparison: comparison(),
    }
}

/// All were compared: some match, and every other answer occurs.
fn comparison() -> Comparison {
    let of = |address| VaultCheck { address, public_key: PublicKeyCheck::Match };
    let mut vaults: BTreeMap<String, VaultCheck> =
        (1..=30).map(|n| (format!("v{n:02}"), of(AddressCheck::Match { form: "P2WPKH", notation: None }))).collect();
    let mismatch = AddressCheck::Mismatch { derived: vec!["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4".to_owned()] };
    vaults.insert("v03".to_owned(), of(mismatch));
    vaults.insert("v04".to_owned(), of(AddressCheck::KeyMissing { key_id: "key-09".to_owned() }));
    vaults.insert("v99".to_owned(), of(AddressCheck::CannotCheck { because: "the record names no key".into() }));
    let keys = [("key-01".to_owned(), KeyStanding::Proven)].into();
    Comparison { checks: Checks { keys, vaults }, done: 31, total: 31, matches: 28, is_complete: true }
}

/// Before anything was compared.
pub(super) fn uncompared() -> Opening {
    Opening { comparison: Comparison { total: 31, ..Comparison::default() }, ..opening() }
}

/// What the key of a vault gives.
pub(super) fn derived(is_red: bool) -> Outcome {
    let check = if is_red { "MISMATCH: the key gives bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" } else { "match" };
    Outcome::Derived(Ok(Box::new(DerivedKey {
        check: Some(check.to_owned()),
        is_red,
        public_key: Some("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798".to_owned()),
        private_key: Some(SecretText::copy_of(DERIVED)),
        addresses: Vec::new(),
        forms: vec![
            ImportForm {
                name: "WIF",
                value: Some(SecretText::copy_of(WIF)),
                hint: "Bitcoin wallets take it: in Bitcoin Core as wpkh(WIF), in Electrum as p2wpkh:WIF.",
            },
            ImportForm {
                name: "Seed phrase",
                value: None,
                hint: "There is none: this key was derived from a master key.",
            },
        ],
    })))
}

/// What a vault that is not in the backup gives.
pub(super) fn derived_unlisted() -> Outcome {
    let Outcome::Derived(Ok(derived)) = derived(false) else { return Outcome::Died };
    let addresses = vec![("P2WPKH", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4".to_owned())];
    Outcome::Derived(Ok(Box::new(DerivedKey { check: None, addresses, ..*derived })))
}

pub(super) fn with_findings() -> Opening {
    Opening {
        red: vec!["Vault \"Fund 3\": MISMATCH: the key gives bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.".to_owned()],
        ..with_notes()
    }
}

/// It checks, and others added something.
pub(super) fn with_notes() -> Opening {
    Opening {
        notes: vec![
            "The names in the file were changed since the ceremony. A refresh may do that.".to_owned(),
            "Vault \"Added later\": no quorum has confirmed it; added 2026-03-02 by somebody who had the file. Its address was not compared: cannot check, because the record names no key.".to_owned(),
        ],
        ..opening()
    }
}

/// As a drill on a production backup gives it.
pub(super) fn withheld() -> Opening {
    Opening {
        inventory: Arc::new(Inventory::of(Kind::Organization)),
        is_withheld: true,
        organization: None,
        ..with_findings()
    }
}

pub(super) fn trouble() -> Trouble {
    Trouble::new(
        "/run/media/ann/BACKUP/note.json: this is not a Conclave snapshot.",
        "Choose the snapshot.json of the backup, or the e-mail that it came with.",
    )
}

pub(super) fn elsewhere() -> Answer {
    let elsewhere = Elsewhere {
        who: "shareholder 2 (named Jane Doe in this file)".to_owned(),
        file: "/run/media/ann/BACKUP/older.json".to_owned(),
        made: Some("2024-05-06".to_owned()),
        fingerprint: Fingerprint::of(&[9; 32]),
    };
    Answer::NotOfThisBackup { elsewhere: Some(elsewhere) }
}

/// The contents, written.
pub(super) fn json() -> WrittenFiles {
    WrittenFiles {
        paths: vec!["/home/ann/recovery/contents.json".into()],
        form: ExportForm::Json,
        protection: Protection::Nothing,
        exposure: None,
    }
}
