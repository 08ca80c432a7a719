//! What others added to a backup: whether it ends with exit code 7, the note of it, and its mark wherever it is shown or written.

use std::fs;
use std::path::PathBuf;

use conclave::domain::inventory::{Contents, Fields};
use conclave::domain::kind::Kind;
use conclave::snapshot::finding::Finding;
use conclave::snapshot::founding::SealingPlan;
use conclave::snapshot::refresh::{Issue, append_public, compact};
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Snapshot;
use conclave::ui::key::Key;

use crate::support::desk::Desk;
use crate::support::*;

/// The address of the private key 1 (`tests/independent/`).
const ADDRESS: &str = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";
const WHO: &str = "added 2026-05-05 by somebody who had the file";

/// The key 1, a vault of it, and an account.
fn sealed() -> Vec<Fields> {
    let contents = format!(
        r#"{{"format":"conclave-contents","version":1,"organization":"Example Cellar",
        "keys":[{{"id":"k","key_type":"ECDSA_SECP256K1","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                 "private_key":"0000000000000000000000000000000000000000000000000000000000000001"}}],
        "vaults":[{{"id":"v","name":"Rent","chain":"ethereum","key_id":"k","path":"m","address":"{ADDRESS}"}}],
        "accounts":[{{"service":"Mail","login":"ops","owners":["Ann"],"kind":"single-use","codes":["aaaa","bbbb"],"used":[],"saved":"2026-01-01T00:00:00Z"}}]}}"#
    );
    Contents::read(Kind::Organization, contents.as_bytes()).unwrap()
}

fn record(json: &str) -> Fields {
    Fields::parse(json.as_bytes()).unwrap()
}

fn put(collection: &str, item: &str) -> Fields {
    record(&format!(r#"{{"record":"put","collection":"{collection}","item":{item}}}"#))
}

fn vault(id: &str, more: &str) -> Fields {
    put("vaults", &format!(r#"{{"id":"{id}","name":"Added","chain":"ethereum"{more}}}"#))
}

fn account(login: &str, more: &str) -> Fields {
    put(
        "accounts",
        &format!(
            r#"{{"service":"Mail","login":"{login}","owners":["Ann"],"kind":"single-use","codes":["cccc"],"used":[],"saved":"2026-05-01T00:00:00Z"{more}}}"#
        ),
    )
}

fn marked() -> Fields {
    let account = conclave::domain::inventory::account_id("Mail", "ops");
    record(&format!(r#"{{"record":"used","account":"{account}","code":"aaaa"}}"#))
}

fn with(snapshot: &Snapshot, records: Vec<Fields>) -> Snapshot {
    let issue = Issue { created: time("2026-05-05T05:05:05Z"), issuer: None, entropy: &mut Seeded::new("others") };
    append_public(snapshot, records, issue).unwrap()
}

/// A folder with one backup after the other, all of the same phrases.
struct Place {
    folder: tempfile::TempDir,
    first: Snapshot,
}

impl Place {
    fn new(seed: &str) -> Self {
        let (first, phrases) = found(plan(2, 2), sealed(), &CachedArgon2::default(), &mut Seeded::new(seed));
        let place = Self { folder: tempfile::tempdir().unwrap(), first };
        let lines: Vec<String> = phrases.iter().map(|phrase| phrase.reveal_words().join(" ") + "\n").collect();
        fs::write(place.path("phrases.txt"), lines.concat()).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, snapshot: &Snapshot) {
        fs::write(self.path("snapshot.json"), layout::to_bytes(snapshot)).unwrap();
    }

    /// Exit code, what was said, and what was written.
    fn recover(&self, form: &str) -> (i32, String, String) {
        let (out, codes) = (self.path("out"), self.path("out-codes"));
        let _ = (fs::remove_file(&out), fs::remove_file(&codes));
        let mut command = conclave();
        command.arg("recover").arg(self.path("snapshot.json")).arg("--phrases").arg(self.path("phrases.txt"));
        let output = command.arg("--out").arg(&out).args(["--format", form, "--plaintext"]).output().unwrap();
        let read = |path: &PathBuf| fs::read_to_string(path).unwrap_or_default();
        (output.status.code().unwrap(), said(&output), read(&out) + &read(&codes))
    }

    fn emergency_reader(&self) -> Option<(i32, String)> {
        let mut python = python()?;
        python.arg(project("docs/emergency_reader.py")).arg(self.path("snapshot.json"));
        let output = python.arg(self.path("phrases.txt")).output().unwrap();
        Some((output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap()))
    }
}

/// What is added, the exit code, and the line that says it; of the emergency reader, which derives nothing, the code where it is another.
type Case = (&'static str, Fields, i32, &'static str, Option<i32>);

fn cases() -> Vec<Case> {
    let derived = |address: &str| vault("new", &format!(r#","key_id":"k","path":"m","address":"{address}""#));
    let other = "0x0000000000000000000000000000000000000001";
    let key = r#"{"id":"k2","key_type":"ECDSA_SECP256K1","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798","private_key":"0000000000000000000000000000000000000000000000000000000000000001"}"#;
    let key = put("keys", key);
    let same = sealed().into_iter().find(|record| record.text("collection") == Some("vaults")).unwrap();
    vec![
        ("a proven vault", derived(ADDRESS), 0, "Note: Vault \"Added\": its address proves it", None),
        ("a vault without a key", vault("new", ""), 0, "Note: Vault \"Added\": no quorum has confirmed it", None),
        ("a vault of another address", derived(other), 7, "CHECK: Vault \"Added\": MISMATCH", Some(0)),
        (
            "a vault of no key",
            vault("new", r#","key_id":"x","path":"m""#),
            7,
            "CHECK: Vault \"Added\": cannot check",
            None,
        ),
        ("a key", key, 7, "CHECK: Key \"k2\": no quorum has confirmed it", None),
        ("an account", account("new", ""), 0, "Note: Account \"Mail / new\": no quorum has confirmed it", None),
        ("codes", account("ops", r#","set":"add""#), 0, "Note: Account \"Mail / ops\": 1 code was added", None),
        (
            "codes in the place of others",
            account("ops", r#","set":"replace""#),
            0,
            "in the place of those before, which are kept as retired; no quorum has confirmed that",
            None,
        ),
        ("a mark", marked(), 0, "Genuine: every mark", None),
        ("a newer record", record(r#"{"record":"teleport"}"#), 0, "Note: Not understood", None),
        ("what is sealed already", same, 0, "Genuine: every mark", None),
        ("a malformed record", record(r#"{"record":"put"}"#), 7, "CHECK: Box 2 holds 1 malformed record", None),
        ("a change", vault("v", ""), 7, "CHECK: Vault \"Rent\": a change was proposed", None),
        (
            "a removal",
            record(r#"{"record":"remove","collection":"vaults","id":"v"}"#),
            7,
            "CHECK: Vault \"Rent\": its removal was proposed",
            None,
        ),
        (
            "another name",
            record(r#"{"record":"organization","name":"Mine"}"#),
            7,
            "CHECK: Another name of the organization was proposed",
            None,
        ),
    ]
}

#[test]
fn what_contradicts_nothing_is_a_note_and_what_does_ends_seven_for_scripts_screens_and_the_reader() {
    let place = Place::new("additions");
    place.write(&place.first);
    assert_eq!(place.recover("json").0, 0);
    let (cheap, phrases) = found(plan(2, 2), sealed(), &CheapKdf, &mut Seeded::new("additions on screens"));
    for (what, added, exit, line, of_reader) in cases() {
        place.write(&with(&place.first, vec![added.duplicate()]));
        let (code, said, _) = place.recover("json");
        assert!(code == exit && said.contains(line), "{what}: {code}\n{said}");
        assert_eq!(said.contains("CHECK:"), exit == 7, "{what}: {said}");
        if let Some((code, said)) = place.emergency_reader() {
            assert_eq!(code, of_reader.unwrap_or(exit), "{what}: {said}");
            assert_eq!(said.contains("\n! "), code == 7, "{what}: {said}");
        }
        let mut desk = Desk::new(&[("snapshot.json", &with(&cheap, vec![added]))], false);
        desk.begin().open_with(&phrases, &[1, 2]).is("Recovered", "Opened");
        let history = desk.app.console.journey.history.opened.unwrap();
        assert_eq!((history.red > 0, history.is_compared), (exit == 7, true), "{what}");
        // On screens the two stand apart.
        desk.key(Key::Left);
        assert_eq!(desk.screen().contains("Does not check:"), exit == 7, "{what}: {}", desk.screen());
    }
}

#[test]
fn what_others_added_is_marked_in_every_list_and_form() {
    let place = Place::new("marks");
    let proven = vault("proven", &format!(r#","key_id":"k","path":"m","address":"{ADDRESS}""#));
    let added = vec![proven, vault("alone", ""), account("new", ""), account("ops", r#","set":"add""#), marked()];
    place.write(&with(&place.first, added.iter().map(Fields::duplicate).collect()));
    for form in ["keys", "csv", "text"] {
        let (code, said, written) = place.recover(form);
        assert_eq!(code, 0, "{said}");
        let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
        let (who, by_others) = (written.matches(WHO).count(), "1 code was marked as used by others");
        assert!(who >= 4 && written.contains(by_others), "{form}: {who} {written}");
        let proof = if form == "keys" { "\"proved_by_address\": true" } else { "its address proves it" };
        assert!(written.contains(proof), "{form}: {written}");
    }
    assert!(place.recover("keys").2.contains("\"notes\": [") && place.recover("text").2.contains("TO BE KNOWN"));

    let (cheap, phrases) = found(plan(2, 2), sealed(), &CheapKdf, &mut Seeded::new("marks on screens"));
    let mut desk = Desk::new(&[("snapshot.json", &with(&cheap, added))], false);
    desk.begin().open_with(&phrases, &[1, 2]).is("Recovered", "notes: see About.");
    desk.key(Key::Right).is("Recovered", "!Added");
    assert_eq!(desk.screen().matches("!Added").count(), 2);
    desk.key(Key::Enter).is("Recovered", "Its address was not compared: nothing proves it.").is("Recovered", WHO);
    desk.key(Key::Esc).key(Key::Down).key(Key::Enter).is("Recovered", "Its address proves it").is("Recovered", WHO);
    desk.key(Key::Esc).key(Key::Right).is("Recovered", "!Mail / new").is("Recovered", "~Mail / ops");
    desk.key(Key::Down).key(Key::Enter).is("Recovered", "1 code was marked as used by others");
}

#[test]
fn what_was_not_compared_never_passes_for_checked() {
    let place = Place::new("not compared");
    let (records, without): (Vec<Fields>, Vec<Fields>) =
        sealed().into_iter().partition(|record| record.text("collection") != Some("vaults"));
    let alone = || records.iter().map(Fields::duplicate).chain([vault("a", ""), vault("b", "")]).collect();
    assert_eq!(without.len(), 1);
    let (first, phrases) = found(plan(2, 2), alone(), &CachedArgon2::default(), &mut Seeded::new("nothing to compare"));
    let lines: Vec<String> = phrases.iter().map(|phrase| phrase.reveal_words().join(" ") + "\n").collect();
    fs::write(place.path("phrases.txt"), lines.concat()).unwrap();
    place.write(&first);
    let number = "No address was checked: 0 of 2 could be compared with their keys.";
    let (code, said, written) = place.recover("text");
    assert!(code == 0 && said.contains(&format!("Note: {number}")) && !said.contains("everything"), "{said}");
    assert!(written.split_whitespace().collect::<Vec<_>>().join(" ").contains(number), "{written}");

    let (cheap, phrases) = found(plan(2, 2), alone(), &CheapKdf, &mut Seeded::new("nothing on screens"));
    let mut desk = Desk::new(&[("snapshot.json", &cheap)], false);
    desk.begin().open_with(&phrases, &[1, 2]).key(Key::Left).is("Recovered", "0 of 2");
    desk.key(Key::F(10)).press("y").is("Record", "nothing was found that does not check; notes: 3");
    // Where all was compared, that is said.
    let (cheap, phrases) = found(plan(2, 2), sealed(), &CheapKdf, &mut Seeded::new("all on screens"));
    let mut desk = Desk::new(&[("snapshot.json", &cheap)], false);
    desk.begin().open_with(&phrases, &[1, 2]).key(Key::F(10)).press("y").is("Record", "everything checks");
}

#[test]
fn a_name_that_no_quorum_sealed_is_never_called_sealed() {
    let records = || sealed().into_iter().filter(|record| record.text("record") != Some("organization")).collect();
    let named = |snapshot: &Snapshot| with(snapshot, vec![record(r#"{"record":"organization","name":"Mine"}"#)]);
    let place = Place::new("nameless");
    let (first, phrases) = found(plan(2, 2), records(), &CachedArgon2::default(), &mut Seeded::new("no name"));
    let lines: Vec<String> = phrases.iter().map(|phrase| phrase.reveal_words().join(" ") + "\n").collect();
    fs::write(place.path("phrases.txt"), lines.concat()).unwrap();
    place.write(&named(&first));
    let (code, said, written) = place.recover("text");
    let note = format!("Note: The organization's name was not sealed by a quorum; {WHO}.");
    assert!(code == 0 && said.contains(&note) && !said.contains("as it was sealed: Mine"), "{said}");
    assert!(written.contains("(name not confirmed) Mine"), "{written}");
    let (cheap, phrases) = found(plan(2, 2), records(), &CheapKdf, &mut Seeded::new("no name on screens"));
    let mut desk = Desk::new(&[("snapshot.json", &named(&cheap))], false);
    desk.begin().open_with(&phrases, &[1, 2]).is("Recovered", "Mine (a name that no quorum sealed");
}

#[test]
fn owners_of_codes_are_warned_of_a_key_and_a_compaction_does_not_confirm_it() {
    let name = vec![record(r#"{"record":"organization","name":"Cellar"}"#)];
    let kind = SealingPlan { kind: Kind::Codes, ..plan(1, 2) };
    let (first, phrases) = found(kind, name, &CheapKdf, &mut Seeded::new("a key among codes"));
    let key = sealed().into_iter().find(|record| record.text("collection") == Some("keys")).unwrap();
    let open = |snapshot: &Snapshot| open_with(&backup(&[snapshot]), &phrases, &[1], &CheapKdf).unwrap();
    let daily = with(&first, vec![account("ops", r#","set":"add""#), marked()]);
    assert_eq!(open(&daily).findings, [], "that is what it is for");
    let forged = with(&daily, vec![key, vault("new", "")]);
    let said = |snapshot: &Snapshot| -> Vec<String> {
        let findings = open(snapshot).findings;
        let named = findings.iter().filter(|finding| matches!(finding, Finding::PublicOnly { .. }));
        named.map(|finding| format!("{} {}", finding.is_red(), finding.said(Kind::Codes))).collect()
    };
    let expected = [
        format!("true Key \"k\": no owner has confirmed it; {WHO}. It proves nothing."),
        format!("false Vault \"Added\": no owner has confirmed it; {WHO}. Its address was not compared."),
    ];
    assert_eq!(said(&forged), expected);
    let mut entropy = Seeded::new("compacted");
    let compacted = compact(&forged, &open(&forged), issue(&mut entropy)).unwrap();
    assert_eq!(said(&compacted).len(), 2, "{:?}", said(&compacted));
    assert!(contents(&open(&compacted)).contains("\"ops\""));
}
