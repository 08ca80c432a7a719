//! A new backup of the contents of an old one, by the real program: what was confirmed stays so, what nobody confirmed keeps its
//! mark, and the old file is not touched.

use std::path::{Path, PathBuf};

use conclave::crypto::kdf::Argon2id;
use conclave::crypto::label::Purpose;
use conclave::domain::inventory::{Collection, Version};
use conclave::domain::phrase::Phrase;
use conclave::snapshot::refresh::{Issue, append_public, compact};
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Snapshot;
use conclave::snapshot::v1::read::read;

use crate::support::{
    CheapKdf, Seeded, backup, conclave, contents, found, open_with, plan, project, put_vault, python, recover,
    remove_vault, said, small_records, time,
};

const REAL: Argon2id = Argon2id { available_memory: u64::MAX };

/// A backup, 2 of 3, with what somebody added who had only the file.
struct Old {
    folder: tempfile::TempDir,
    snapshot: Snapshot,
    phrases: Vec<Phrase>,
}

impl Old {
    fn new(purpose: Purpose) -> Self {
        let mut entropy = Seeded::new("rotation");
        let (first, phrases) = found(
            conclave::snapshot::founding::SealingPlan { purpose, ..plan(2, 3) },
            small_records(),
            &REAL,
            &mut entropy,
        );
        let added = vec![put_vault("v1", "Changed"), put_vault("v9", "Added"), remove_vault("v2")];
        let issue = Issue { created: time("2026-05-05T00:00:00Z"), issuer: None, entropy: &mut entropy };
        let snapshot = append_public(&first, added, issue).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let old = Self { folder, snapshot, phrases };
        old.write("old.json", &layout::to_bytes(&old.snapshot));
        old.write("people.csv", b"name,email\nJane Doe,jane@example.org\nJoe Roe,\n");
        let lines = |numbers: &[usize]| {
            let line = |number: &usize| format!("{number}. {}\n", old.phrases[number - 1].reveal_words().join(" "));
            numbers.iter().map(line).collect::<String>()
        };
        old.write("phrases.txt", lines(&[3, 1]).as_bytes());
        old.write("too-few.txt", lines(&[2]).as_bytes());
        old
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// `conclave rotate` in the folder.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = conclave().current_dir(self.folder.path()).arg("rotate").args(arguments).output().unwrap();
        (output.status.code(), said(&output))
    }

    fn rotate(&self, phrases: &str, more: &[&str]) -> (Option<i32>, String) {
        let mut arguments = vec!["old.json", "--phrases", phrases, "--shareholders", "people.csv", "--threshold", "2"];
        arguments.extend(["--email", "new@example.org", "--out", "new", "--phrases-out", "new-phrases.txt"]);
        arguments.extend(more);
        self.run(&arguments)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn recovered(file: &Path, phrases: &Path, out: &Path) -> (Option<i32>, String) {
    let output = recover(file, phrases, out);
    (output.status.code(), std::fs::read_to_string(out).unwrap_or_else(|_| said(&output)))
}

#[test]
fn what_nobody_confirmed_keeps_its_mark_through_a_rotation_and_the_old_file_stays() {
    let old = Old::new(Purpose::Training);
    let before = recovered(&old.path("old.json"), &old.path("phrases.txt"), &old.path("before.json"));
    let (code, said) = old.rotate("phrases.txt", &[]);
    assert_eq!(code, Some(7), "{said}");
    for line in [
        "Note: Vault \"Added\": no quorum has confirmed it",
        "Not confirmed: Vault \"Rent\": a change, proposed on 2026-05-05.",
        "Not confirmed: Vault \"Added\": added on 2026-05-05.",
        "Not confirmed: Vault \"Travel\": its removal, proposed on 2026-05-05.",
        "its file and its phrases open the old contents for ever",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    let new = old.path("new/snapshot.json");
    let after = recovered(&new, &old.path("new-phrases.txt"), &old.path("after.json"));
    assert_eq!(before, after);
    assert_eq!(std::fs::read(old.path("old.json")).unwrap(), layout::to_bytes(&old.snapshot));
    assert_eq!(recovered(&old.path("old.json"), &old.path("phrases.txt"), &old.path("again.json")), before);

    let snapshot = read(&std::fs::read(&new).unwrap()).unwrap().snapshot().unwrap();
    let replaces = snapshot.core.replaces.clone().unwrap();
    assert_eq!(
        (replaces.backup_id, replaces.core_digest),
        (old.snapshot.core.backup_id, old.snapshot.core.core_digest())
    );
    assert_eq!((snapshot.core.purpose, snapshot.boxes.len()), (Purpose::Training, 2));
    assert_eq!((snapshot.core.threshold, snapshot.core.shareholder_count), (2, 2));
    let record = std::fs::read_to_string(old.path("new/record.jsonl")).unwrap();
    assert!(record.contains("\"event\":\"opened for rotation\"") && record.contains("\"unconfirmed\":3"), "{record}");
    assert!(record.contains(&old.snapshot.core.backup_id.to_string()), "{record}");

    // A card says which one it takes the place of, as that one says of itself.
    let before = conclave::session::papers::card(&old.snapshot, &crate::support::ceremony::plan(2, 3), 1, false);
    let id = old.snapshot.core.backup_id.to_string();
    let first: Vec<&str> =
        conclave::domain::fingerprint::Fingerprint::of(&old.snapshot.core.core_digest().0).words()[..4].to_vec();
    assert!(before.contains(&id) && (1..).zip(&first).all(|(n, word)| before.contains(&format!("{n} {word}"))));
    assert!(!before.contains("replaces"), "{before}");
    for name in ["1.txt", "2.txt", "cards.html"] {
        let card = std::fs::read_to_string(old.path("new/cards").join(name)).unwrap();
        let card = card.split_whitespace().collect::<Vec<_>>().join(" ");
        let says =
            format!("This card replaces the card of backup {id}, whose fingerprint begins with: {}.", first.join(" "));
        assert!(card.contains(&says) && card.contains("new@example.org"), "{card}");
        assert!(card.contains(&snapshot.core.backup_id.to_string()), "{card}");
    }

    // It still tells a file of its own backup from one of another, and the old card does not fit.
    std::fs::write(old.path("old-card.txt"), before).unwrap();
    for (card, code) in [("new/cards/1.txt", 0), ("new/cards/2.txt", 0), ("old-card.txt", 3)] {
        let out = old.path("refreshed.json");
        let mut seal = conclave();
        seal.arg("seal").arg(&new).arg("--out").arg(&out).args(["--email", "a@b.c", "--fingerprint-file"]);
        let output = seal.arg(old.path(card)).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{card}: {}", crate::support::said(&output));
        let _ = std::fs::remove_file(out.with_extension("eml"));
        let _ = std::fs::remove_file(out);
    }

    if let Some(mut python) = python() {
        let reader = project("docs/emergency_reader.py");
        let output = python.arg(reader).arg(&new).arg(old.path("new-phrases.txt")).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), after.1, "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn what_is_accepted_is_confirmed_by_the_new_quorum() {
    let old = Old::new(Purpose::Training);
    let (code, said) = old.rotate("phrases.txt", &["--accept", "all", "--organization", "New Cellar"]);
    assert_eq!(code, Some(7), "the old backup has what does not check: {said}");
    assert!(said.contains("Accepted: Vault \"Added\": added on 2026-05-05."), "{said}");
    let (code, text) = recovered(&old.path("new/snapshot.json"), &old.path("new-phrases.txt"), &old.path("after.json"));
    assert_eq!(code, Some(0), "{text}");
    let contents: serde_json::Value = serde_json::from_str(&text).unwrap();
    let names: Vec<&str> =
        contents["vaults"].as_array().unwrap().iter().map(|vault| vault["name"].as_str().unwrap()).collect();
    assert_eq!((names, contents["organization"].as_str()), (vec!["Changed", "Added"], Some("New Cellar")));
}

#[test]
fn nothing_is_written_without_enough_phrases_or_consent() {
    let old = Old::new(Purpose::Production);
    let before = old.names();
    let (code, said) = old.rotate("phrases.txt", &[]);
    assert!(code == Some(2) && said.contains("--i-know-this-writes-phrases"), "{code:?} {said}");
    let consent = ["--i-know-this-writes-phrases"];
    let (code, said) = old.rotate("too-few.txt", &consent);
    assert!(code == Some(4) && said.contains("Line 1: "), "{code:?} {said}");
    let (code, said) = old.run(&["old.json", "--accept", "all"]);
    assert!(code == Some(2) && said.contains("--phrases FILE is missing"), "{code:?} {said}");
    let (code, said) = old.run(&["old.json", "--phrases", "phrases.txt", "--accept", "some"]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(old.names(), before);
    let (code, said) = old.rotate("phrases.txt", &consent);
    assert!(code == Some(7) && said.contains("unconfirmed snapshot"), "{code:?} {said}");
    assert!(old.path("new/UNCONFIRMED-snapshot.json").exists() && !old.path("new/snapshot.json").exists());
}

#[test]
fn a_compaction_keeps_phrases_contents_and_marks() {
    let old = Old::new(Purpose::Training);
    let before = recovered(&old.path("old.json"), &old.path("phrases.txt"), &old.path("before.json"));
    let (code, said) = old.run(&["old.json", "--phrases", "phrases.txt", "--compact", "--out", "small.json"]);
    assert!(code == Some(7) && said.contains("2 boxes became 2"), "{code:?} {said}");
    assert_eq!(recovered(&old.path("small.json"), &old.path("phrases.txt"), &old.path("after.json")), before);
    let (code, said) = old.run(&["old.json", "--phrases", "phrases.txt", "--compact", "--out", "small.json"]);
    assert_eq!(code, Some(5), "{said}");
}

#[test]
fn marks_outlive_several_rotations_and_compactions() {
    let old = Old::new(Purpose::Training);
    let first = open_with(&backup(&[&old.snapshot]), &old.phrases, &[1, 2], &REAL).unwrap();
    let issue = || time("2027-01-01T00:00:00Z");
    let compacted = |snapshot: &Snapshot, opened| {
        compact(snapshot, opened, Issue { created: issue(), issuer: None, entropy: &mut Seeded::new("c") }).unwrap()
    };
    let once = compacted(&old.snapshot, &first);
    let opened = open_with(&backup(&[&once]), &old.phrases, &[1, 2], &REAL).unwrap();
    let twice = compacted(&once, &opened);
    let opened = open_with(&backup(&[&twice]), &old.phrases, &[1, 2], &REAL).unwrap();
    assert_eq!(contents(&opened), contents(&first));
    let sealable = conclave::domain::inventory::review::records(&opened.inventory, old.snapshot.core.backup_id, &[]);
    let mut entropy = Seeded::new("third");
    let mut founding = conclave::snapshot::founding::Founding::begin(plan(2, 2), &mut entropy).unwrap();
    for number in [1, 2] {
        founding.accept(number, &old.phrases[usize::from(number) - 1], &CheapKdf).unwrap();
    }
    let rotated = founding.seal(sealable, issue(), None, &mut entropy).unwrap();
    let opened = open_with(&backup(&[&rotated]), &old.phrases, &[1, 2], &CheapKdf).unwrap();
    assert_eq!(contents(&opened), contents(&first));
    let is_confirmed = |id: &str| {
        let version = opened.inventory.standing(Collection::Vaults, id).unwrap().current.as_ref().unwrap();
        (Version::is_confirmed(version), version.origin.map(|origin| (origin.backup_id, origin.created.date())))
    };
    assert_eq!(is_confirmed("v1"), (true, None));
    assert_eq!(is_confirmed("v9"), (false, Some((old.snapshot.core.backup_id, "2026-05-05".to_owned()))));
    assert_eq!(opened.inventory.standing(Collection::Vaults, "v2").unwrap().proposals().len(), 1);
}
