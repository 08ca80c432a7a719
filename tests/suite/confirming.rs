//! A quorum confirms what was added to its backup without making a new one: by the real program, on screens, and what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use conclave::crypto::issuer::IssuerKey;
use conclave::crypto::kdf::Argon2id;
use conclave::crypto::label::Purpose;
use conclave::domain::inventory::review::{self, ReviewPurpose, ReviewQuestion};
use conclave::domain::inventory::{Collection, Fields, Kept, SealedBy, account_id, used_record};
use conclave::domain::kind::Kind;
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::SecretBytes;
use conclave::effect::{Change, Confirmed, Effect, Outcome, RefreshOrder, Source};
use conclave::journey::{Goal, Journey};
use conclave::machine::disk::System;
use conclave::snapshot::finding::Finding;
use conclave::snapshot::founding::{Founding, SealingPlan};
use conclave::snapshot::opening::Opened;
use conclave::snapshot::refresh::{Confirming, Issue, append_public, append_quorum, confirm};
use conclave::snapshot::relation::{Relation, relations};
use conclave::snapshot::sealing::SealingError;
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Snapshot;
use conclave::snapshot::v1::read::read;
use conclave::ui::app::App;
use conclave::ui::console::{Console, Options};
use conclave::ui::key::Key;
use conclave::ui::screens::chooser::Chooser;
use conclave::ui::screens::home::Home;
use serde_json::Value;

use crate::support::desk::{Desk, folder_with, session_in};
use crate::support::hostile::{hostile_labels, is_unwanted};
use crate::support::*;

const REAL: Argon2id = Argon2id { available_memory: u64::MAX };

fn fields(json: &str) -> Fields {
    Fields::parse(json.as_bytes()).unwrap()
}

/// All that somebody can add who has only the file.
fn added() -> Vec<Fields> {
    let account = |service: &str, codes: &str, more: &str| {
        fields(&format!(
            r#"{{"record":"put","collection":"accounts","item":{{"service":"{service}","login":"ops","owners":["Ann"],"kind":"single-use","codes":[{codes}],"used":[],"saved":"2026-02-01T00:00:00Z"{more}}}}}"#
        ))
    };
    vec![
        put_vault("v1", "Changed"),
        put_vault("v9", "Added"),
        remove_vault("v2"),
        fields(r#"{"record":"organization","name":"New Cellar"}"#),
        account("Mail", "\"5555-6666\"", r#","set":"replace""#),
        account("Bank", "\"7777-8888\",\"9999-0000\"", ""),
        used_record(&account_id("Mail", "ops"), "1111-2222"),
    ]
}

/// A folder with `1.json` and `2.json`, in which something waits for a quorum.
struct Room {
    folder: tempfile::TempDir,
    first: Snapshot,
    second: Snapshot,
    phrases: Vec<Phrase>,
}

impl Room {
    fn new(plan: SealingPlan, seed: &str) -> Self {
        let mut entropy = Seeded::new(seed);
        let (first, phrases) = found(plan, small_records(), &REAL, &mut entropy);
        let second = append_public(&first, added(), issue(&mut entropy)).unwrap();
        let room = Self { folder: tempfile::tempdir().unwrap(), first, second, phrases };
        room.write("1.json", layout::to_bytes(&room.first));
        room.write("2.json", layout::to_bytes(&room.second));
        let line = |phrase: &Phrase| phrase.reveal_words().join(" ") + "\n";
        room.write("phrases.txt", room.phrases[1..].iter().map(line).collect::<String>());
        room.write("too-few.txt", line(&room.phrases[0]));
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = conclave().current_dir(self.folder.path()).args(arguments).output().unwrap();
        (output.status.code().unwrap(), said(&output))
    }

    /// `seal FILE --confirm --phrases phrases.txt --out OUT MORE`
    fn confirm(&self, file: &str, out: &str, more: &[&str]) -> (i32, String) {
        let whole = ["seal", file, "--confirm", "--phrases", "phrases.txt", "--out", out];
        self.run(&[&whole, more].concat())
    }

    #[track_caller]
    fn is_refused(&self, file: &str, out: &str, more: &[&str], code: i32, says: &str) {
        let there = self.path(out).exists();
        let (exit, said) = self.confirm(file, out, more);
        assert!(exit == code && said.contains(says), "{exit}, and not {code} with {says:?}:\n{said}");
        assert_eq!(self.path(out).exists(), there, "{said}");
    }

    fn snapshot(&self, name: &str) -> Snapshot {
        read(&fs::read(self.path(name)).unwrap()).unwrap().snapshot().unwrap()
    }

    fn mailed(&self, name: &str) -> Snapshot {
        let bytes = conclave::snapshot::container::unpack(fs::read(self.path(name)).unwrap(), name).unwrap().text;
        read(&bytes).unwrap().snapshot().unwrap()
    }

    fn recover(&self, files: &[&str]) -> (i32, String, Value) {
        let _ = fs::remove_file(self.path("out.json"));
        let options = ["--phrases", "phrases.txt", "--out", "out.json", "--format", "json", "--plaintext"];
        let (code, said) = self.run(&[&["recover"], files, &options].concat());
        let contents =
            fs::read(self.path("out.json")).map_or(Value::Null, |json| serde_json::from_slice(&json).unwrap());
        (code, said, contents)
    }
}

#[test]
fn a_quorum_sees_old_and_new_values_and_seals_them_into_the_next_snapshot() {
    let room = Room::new(plan(2, 3), "confirm");
    let seen = [
        "Another name of the organization, \"New Cellar\"",
        "  name: \"Example Cellar\" -> \"New Cellar\"",
        "Vault \"Rent\": a change, proposed on 2026-03-04.",
        "  name: \"Rent\" -> \"Changed\"",
        "  chain: \"bitcoin\" (the same)",
        "Vault \"Travel\": its removal, proposed on 2026-03-04.",
        "  chain: \"ethereum\"\n",
        "Vault \"Added\": added on 2026-03-04.\n  name: \"Added\"\n  chain: \"bitcoin\"\n  id: \"v9\"\n",
        "Account \"Mail / ops\": 1 code, added until 2026-03-04.",
        "  codes: 2 codes, 1 used -> 3 codes, 1 used, in 2 sets",
        "Account \"Bank / ops\": added on 2026-03-04.",
        "  codes: 2 codes, 0 used",
    ];
    // A look decides nothing, and says all of it.
    let (code, said) = room.confirm("2.json", "3.json", &["--accept", "none"]);
    assert_eq!(code, 2, "{said}");
    for line in seen.into_iter().chain(["Not confirmed: Vault \"Added\"", "nothing of it is accepted", "with its mark"])
    {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
    assert!(!said.contains("7777") && !said.contains("5555") && !room.path("3.json").exists(), "{said}");

    let (code, said) = room.confirm("2.json", "3.eml", &["--accept", "all"]);
    assert_eq!(code, 0, "{said}");
    for line in seen.into_iter().chain([
        "Accepted: Vault \"Added\"",
        "read back and opened again: 3.eml, sequence 3",
        "Confirmed: 6 of 6.",
    ]) {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
    assert_eq!(room.snapshot("2.json"), room.second, "the old file is as it was");
    let mail = fs::read_to_string(room.path("3.eml")).unwrap();
    assert!(mail.starts_with("To: backup@example.org\r\n") && mail.contains("Digest words: "));
    let (_, said) = room.run(&["verify", "--json", "3.eml"]);
    assert!(said.contains("\"sequence\": 3"), "{said}");

    // Nothing is left to be said of it, with the same phrases, alone and beside the older ones.
    for files in [&["3.eml"][..], &["3.eml", "2.json", "1.json"], &["2.json", "3.eml"]] {
        let (code, said, contents) = room.recover(files);
        assert!(code == 0 && said.contains("Genuine") && !said.contains("CHECK"), "{files:?} {said}");
        assert_eq!(contents["organization"], "New Cellar");
        let names: Vec<_> = contents["vaults"].as_array().unwrap().iter().map(|vault| &vault["name"]).collect();
        assert_eq!(names, ["Changed", "Added"]);
        let mail = contents["accounts"].as_array().unwrap().iter().find(|one| one["service"] == "Mail").unwrap();
        assert_eq!((&mail["codes"], &mail["sets"][0]["used"]), (&"5555-6666".into_array(), &"1111-2222".into_array()));
    }
    let (_, _, contents) = room.recover(&["3.eml"]);
    let (code, said) = room.run(&["verify", "3.eml", "2.json"]);
    assert!(code == 0 && said.contains("older"), "{said}");
    let (code, said) = room.confirm("3.eml", "4.json", &["--accept", "all"]);
    assert!(code == 2 && said.contains("nothing in this file waits"), "{said}");
    if let Some(mut python) = python() {
        let output = python
            .arg(project("docs/emergency_reader.py"))
            .arg(room.path("3.eml"))
            .arg(room.path("phrases.txt"))
            .output()
            .unwrap();
        let read: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(read, contents, "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

trait IntoArray {
    fn into_array(self) -> Value;
}

impl IntoArray for &str {
    fn into_array(self) -> Value {
        Value::Array(vec![self.into()])
    }
}

#[test]
fn the_next_snapshot_has_one_box_more_and_a_new_anchor() {
    let room = Room::new(plan(2, 3), "confirm anatomy");
    let (code, said) = room.confirm("2.json", "3.json", &["--accept", "all", "--json"]);
    assert_eq!(code, 0, "{said}");
    let answer: Value = serde_json::from_str(said.lines().find(|line| line.starts_with('{')).map_or(&said, |at| {
        let begin = said.find(at).unwrap();
        &said[begin..=said.rfind('}').unwrap()]
    }))
    .unwrap();
    assert_eq!((answer["sequence"].as_u64(), answer["confirmed"].as_array().unwrap().len()), (Some(3), 6));
    let (before, after) = (room.snapshot("2.json"), room.snapshot("3.json"));
    assert_eq!((&after.core, &after.envelopes, &after.labels), (&before.core, &before.envelopes, &before.labels));
    assert_eq!(after.boxes[..2], before.boxes);
    assert_eq!((after.boxes.len(), after.boxes[2].header.sealed_by), (3, SealedBy::Quorum));
    assert_eq!((after.anchor.base, after.anchor.last), (before.anchor.base, after.boxes[2].place()));
    assert_eq!((after.anchor.sequence, after.section.sequence), (3, 3));
    assert_eq!(after.section.previous, [before.section.digest()]);
    let counts = after.section.counts;
    assert_eq!((counts.vaults, counts.accounts, counts.codes), (2, 2, 5), "what is in it, and no more");
}

/// What a quorum opened of a snapshot.
fn opened(snapshot: &Snapshot, phrases: &[Phrase]) -> Opened {
    open_with(&backup(&[snapshot]), phrases, &[1, 2], &CheapKdf).unwrap()
}

#[test]
fn what_is_not_accepted_stays_with_its_mark_whatever_else_is() {
    let (first, phrases) = small(2, 3, "some of it");
    let mut entropy = Seeded::new("some of it more");
    let second = append_public(&first, added(), issue(&mut entropy)).unwrap();
    let before = opened(&second, &phrases);
    let questions = ReviewPurpose::Confirmation.questions(&before.inventory);
    assert_eq!(questions.len(), 6);
    for chosen in 1..1 << questions.len() {
        let accepted: Vec<usize> = (0..questions.len()).filter(|place| chosen >> place & 1 == 1).collect();
        let confirming = Confirming { snapshot: &second, opened: &before, accepted: &accepted };
        let third = confirm(&confirming, issue(&mut entropy)).unwrap();
        let after = opened(&third, &phrases);
        confirming.is_in(&third, &after).unwrap();
        let left = ReviewPurpose::Confirmation.questions(&after.inventory);
        let expected: Vec<_> =
            (0..questions.len()).filter(|place| !accepted.contains(place)).map(|place| &questions[place]).collect();
        assert_eq!(left.iter().collect::<Vec<_>>(), expected, "{accepted:?}");
        let is_mark = |finding: &&Finding| finding.is_by_others();
        assert_eq!(after.findings.iter().filter(is_mark).count(), expected.len(), "{:?}", after.findings);
        // What would change something that a quorum sealed does not check; what was added beside it is a note.
        let is_red = |finding: &&Finding| is_mark(finding) && finding.is_red();
        let changes = expected.iter().filter(|question| question.is_change()).count();
        assert_eq!(after.findings.iter().filter(is_red).count(), changes, "{:?}", after.findings);
        // A file that holds other answers is no proof of these.
        let others: Vec<usize> = (0..questions.len()).filter(|place| !accepted.contains(place)).collect();
        let other = Confirming { accepted: &others, ..confirming };
        assert_eq!(other.is_in(&third, &after), Err(SealingError::NotProved), "{accepted:?}");
    }
}

#[test]
fn a_confirmed_file_is_newer_than_what_it_confirms_and_can_be_refreshed_and_compacted() {
    let (first, phrases) = small(2, 3, "goes on");
    let mut entropy = Seeded::new("goes on more");
    let second = append_public(&first, added(), issue(&mut entropy)).unwrap();
    let before = opened(&second, &phrases);
    let accepted = [0, 2];
    let confirming = Confirming { snapshot: &second, opened: &before, accepted: &accepted };
    let third = confirm(&confirming, issue(&mut entropy)).unwrap();
    assert_eq!(relations(&[reading(&third), reading(&second)]), [Relation::Newest, Relation::Older]);
    let fourth = append_public(&third, vec![put_vault("z", "Later")], issue(&mut entropy)).unwrap();
    assert!(contents(&opened(&fourth, &phrases)).contains("Later"));
    let small = conclave::snapshot::refresh::compact(&fourth, &opened(&fourth, &phrases), issue(&mut entropy)).unwrap();
    assert_eq!(contents(&opened(&small, &phrases)), contents(&opened(&fourth, &phrases)));
    // What nobody can read is not asked about, and stays.
    let strange = append_public(&third, vec![fields(r#"{"record":"teleport"}"#)], issue(&mut entropy)).unwrap();
    let held = opened(&strange, &phrases);
    let asked = ReviewPurpose::Confirmation.questions(&held.inventory);
    assert_eq!(asked.len() + 1, review::questions(&held.inventory).len());
    let accepted: Vec<usize> = (0..asked.len()).collect();
    let confirming = Confirming { snapshot: &strange, opened: &held, accepted: &accepted };
    let fifth = confirm(&confirming, issue(&mut entropy)).unwrap();
    let after = opened(&fifth, &phrases);
    confirming.is_in(&fifth, &after).unwrap();
    assert_eq!(after.inventory.unknown_records().len(), 1);
}

#[test]
fn nothing_is_sealed_behind_what_was_not_read_or_is_not_the_quorums() {
    let (first, phrases) = small(2, 3, "refused");
    let mut entropy = Seeded::new("refused more");
    let second = append_public(&first, added(), issue(&mut entropy)).unwrap();
    let refused = |snapshot: &Snapshot, files: &[&Snapshot]| {
        let held = open_with(&backup(files), &phrases, &[1, 2], &CheapKdf).unwrap();
        let confirming = Confirming { snapshot, opened: &held, accepted: &[0] };
        confirm(&confirming, issue(&mut Seeded::new("x"))).unwrap_err()
    };
    // A mark that somebody put back, a mark that nobody made, and a box that is missing.
    let held = opened(&second, &phrases);
    let marked = append_quorum(&second, &held.wrapping_key, vec![put_vault("q", "Q")], issue(&mut entropy)).unwrap();
    let mut older = marked.clone();
    older.anchor = second.anchor.clone();
    let older = forger::reissue(older);
    assert_eq!(refused(&older, &[&older]), SealingError::MarkNotGenuine);
    let mut forged = second.clone();
    forged.anchor.sequence = 7;
    let forged = forger::reissue(forged);
    assert_eq!(refused(&forged, &[&forged]), SealingError::MarkNotGenuine);
    let mut short = marked.clone();
    short.boxes.remove(0);
    let short = forger::reissue(short);
    assert_eq!(refused(&short, &[&short]), SealingError::MarkNotGenuine);
    // A box that does not open.
    let closed = forger::with_boxes(&second, ["no records".to_owned()]);
    assert_eq!(refused(&closed, &[&closed]), SealingError::MarkNotGenuine);
    // Nothing that is accepted is nothing to seal.
    let held = opened(&second, &phrases);
    let nothing = Confirming { snapshot: &second, opened: &held, accepted: &[] };
    assert_eq!(confirm(&nothing, issue(&mut entropy)).unwrap_err(), SealingError::NothingAccepted);
}

#[test]
fn scripts_are_refused_what_a_quorum_could_not_answer_for() {
    let room = Room::new(plan(2, 3), "confirm refusals");
    let all = ["--accept", "all"];
    room.is_refused("2.json", "3.json", &[], 2, "--accept");
    room.is_refused("2.json", "3.json", &["--accept", "all", "--email", "a@b.c"], 2, "cannot be used with");
    let (code, said) = room.run(&["seal", "2.json", "--out", "3.json", "--accept", "all"]);
    assert!(code == 2 && said.contains("--confirm"), "{said}");
    let few = ["seal", "2.json", "--confirm", "--phrases", "too-few.txt", "--accept", "all", "--out", "3.json"];
    let (code, said) = room.run(&few);
    assert!(code == 4 && !room.path("3.json").exists(), "{said}");
    room.is_refused("2.json", "1.json", &all, 5, "exists already");
    room.is_refused("1.json", "3.json", &all, 2, "nothing in this file waits");
    let wrong = ["--accept", "all", "--fingerprint", &"aardvark ".repeat(16)];
    room.is_refused("2.json", "3.json", &wrong, 3, "fingerprint");
    // Half of a file is none.
    let mut damaged = layout::to_bytes(&room.second);
    let at = damaged.windows(12).rposition(|window| window == b"\"ciphertext\"").unwrap();
    damaged[at + 60] = if damaged[at + 60] == b'A' { b'B' } else { b'A' };
    room.write("damaged.json", damaged);
    room.is_refused("damaged.json", "3.json", &all, 3, "damaged");
    // What was never confirmed by its ceremony is not by this.
    fs::copy(room.path("2.json"), room.path("UNCONFIRMED-2.json")).unwrap();
    room.is_refused("UNCONFIRMED-2.json", "3.json", &all, 2, "UNCONFIRMED-");
    let (code, said) = room.confirm("UNCONFIRMED-2.json", "UNCONFIRMED-3.json", &all);
    assert!(code == 0 && said.contains("was never confirmed"), "{said}");
    // One person's device has no quorum.
    let (code, said) = room.run(&["sample", "samples"]);
    assert_eq!(code, 0, "{said}");
    let is_device = |path: &PathBuf| {
        let name = path.to_string_lossy();
        name.contains("device")
            && name.ends_with(".json")
            && fs::read_to_string(path).unwrap().contains("conclave-snapshot")
    };
    let device = files_below(&room.path("samples")).into_iter().find(is_device).unwrap();
    room.is_refused(device.to_str().unwrap(), "3.json", &all, 3, "device");
}

#[test]
fn an_address_that_its_key_does_not_give_is_named_before_and_after_it_is_accepted() {
    let room = Room::new(plan(2, 3), "confirm mismatch");
    let vault = fields(
        r#"{"record":"put","collection":"vaults","item":{"id":"v8","name":"Bent","chain":"bitcoin","key_id":"nokey","path":"m/44/0/0/0/0","address":"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"}}"#,
    );
    let third = append_public(&room.first, vec![vault], issue(&mut Seeded::new("bent"))).unwrap();
    room.write("bent.json", layout::to_bytes(&third));
    let (code, said) = room.confirm("bent.json", "x.json", &["--accept", "none"]);
    assert!(code == 2 && said.contains("CHECK, if all of it is accepted: Vault \"Bent\""), "{said}");
    let (code, said) = room.confirm("bent.json", "x.json", &["--accept", "all"]);
    assert!(code == 7 && said.contains("CHECK, in the new file: Vault \"Bent\""), "{said}");
    assert_eq!(room.recover(&["x.json"]).0, 7);
}

#[test]
fn one_owner_of_a_file_of_codes_decides_on_changes_alone() {
    let room = Room::new(SealingPlan { kind: Kind::Codes, ..plan(1, 2) }, "confirm codes");
    let (code, said) = room.confirm("2.json", "3.json", &["--accept", "all"]);
    assert!(code == 0 && said.contains("Confirmed: 3 of 3."), "{said}");
    assert!(!said.contains("Account \"Bank"), "{said}");
    let (code, said, contents) = room.recover(&["3.json"]);
    assert!(code == 0 && contents.to_string().contains("7777-8888"), "{said}");
}

#[test]
fn owners_of_codes_confirm_no_key_and_no_vault_on_the_way() {
    let (first, phrases) =
        found(SealingPlan { kind: Kind::Codes, ..plan(1, 2) }, small_records(), &CheapKdf, &mut Seeded::new("way"));
    let key = fields(
        r#"{"record":"put","collection":"keys","item":{"id":"k9","key_type":"ECDSA_SECP256K1","private_key":"0000000000000000000000000000000000000000000000000000000000000001","public_key":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"}}"#,
    );
    let mut entropy = Seeded::new("way more");
    let second = append_public(&first, added().into_iter().chain([key]).collect(), issue(&mut entropy)).unwrap();
    let before = open_with(&backup(&[&second]), &phrases, &[1], &CheapKdf).unwrap();
    let asked = ReviewPurpose::Confirmation.questions(&before.inventory);
    assert!(asked.iter().all(ReviewQuestion::is_change), "{asked:?}");
    let accepted: Vec<usize> = (0..asked.len()).collect();
    let confirming = Confirming { snapshot: &second, opened: &before, accepted: &accepted };
    let third = confirm(&confirming, issue(&mut entropy)).unwrap();
    let after = open_with(&backup(&[&third]), &phrases, &[1], &CheapKdf).unwrap();
    confirming.is_in(&third, &after).unwrap();
    let titles = |collection: Collection| {
        let marked = |finding: &Finding| match finding {
            Finding::PublicOnly { collection: of, title, .. } if *of == collection => Some(title.clone()),
            _ => None,
        };
        after.findings.iter().filter_map(marked).collect::<Vec<_>>()
    };
    assert_eq!((titles(Collection::Keys).len(), titles(Collection::Vaults)), (1, vec!["Added".to_owned()]));
}

#[test]
fn the_e_mail_is_written_beside_what_is_confirmed_or_neither_is() {
    let room = Room::new(plan(2, 3), "confirm mail");
    room.write("3.eml", "somebody's");
    room.is_refused("2.json", "3.json", &["--accept", "all"], 5, "exists already");
    let (code, said) = room.confirm("2.json", "4.json", &["--accept", "all"]);
    assert!(code == 0 && said.contains("The e-mail with it is 4.eml"), "{said}");
    assert_eq!(room.mailed("4.eml"), room.snapshot("4.json"));
    let (code, said) = room.confirm("2.json", "5.json", &["--accept", "all", "--no-mail"]);
    assert!(code == 0 && room.path("5.json").exists() && !room.path("5.eml").exists(), "{said}");
}

#[test]
fn an_issuer_signs_what_is_confirmed() {
    let key = || IssuerKey::from_seed(&SecretBytes::init(|seed| seed.fill(9)));
    let mut random = Seeded::new("confirm issuer");
    let plan = SealingPlan { issuer: Some(key().public()), ..plan(2, 3) };
    let phrases: Vec<Phrase> = (0..3).map(|_| Phrase::generate(ENGLISH, &mut random).unwrap()).collect();
    let mut founding = Founding::begin(plan, &mut random).unwrap();
    for (number, phrase) in (1..).zip(&phrases) {
        founding.accept(number, phrase, &REAL).unwrap();
    }
    let created = time("2026-01-02T03:04:05Z");
    let first = founding.seal(small_records(), created, Some(&key()), &mut random).unwrap();
    let signed = Issue { created, issuer: Some(&key()), entropy: &mut random };
    let second = append_public(&first, added(), signed).unwrap();
    let room = Room { folder: tempfile::tempdir().unwrap(), first, second, phrases };
    room.write("2.json", layout::to_bytes(&room.second));
    room.write(
        "phrases.txt",
        room.phrases[..2].iter().map(|phrase| phrase.reveal_words().join(" ") + "\n").collect::<String>(),
    );
    room.write("key.hex", "09".repeat(32) + "\n");
    fs::set_permissions(room.path("key.hex"), fs::Permissions::from_mode(0o600)).unwrap();
    room.is_refused("2.json", "3.json", &["--accept", "all"], 2, "--issuer-key");
    let (code, said) = room.confirm("2.json", "3.json", &["--accept", "all", "--issuer-key", "key.hex"]);
    assert!(code == 0 && said.contains("signed by its issuer"), "{said}");
    let (code, said, _) = room.recover(&["3.json"]);
    assert!(code == 0 && said.contains("Genuine"), "{said}");
}

/// From Home to the review of `2.json`, opened by two people.
fn at_review(snapshot: &Snapshot, phrases: &[Phrase]) -> Desk {
    let mut desk = Desk::new(&[("2.json", snapshot)], false);
    desk.app = App::new(Console::default(), Box::new(Home::default()));
    desk.keys(&[Key::Down; 5]).key(Key::Enter).choose_file("2.json");
    desk.is("Open", "Fingerprint word")
        .press("none")
        .key(Key::Enter)
        .is("Refresh", "Confirm             what was added");
    desk.keys(&[Key::Down; 5]).key(Key::Enter).is("Hand-over", "");
    for phrase in &phrases[..2] {
        desk.sit_down().type_phrase(phrase);
    }
    desk.is("Quorum", "").key(Key::Enter).is("Refresh", "No quorum has confirmed these: 6");
    desk
}

#[test]
fn screens_confirm_what_a_quorum_looked_into_and_show_what_the_backup_holds_then() {
    let (first, phrases) = found(
        SealingPlan { purpose: Purpose::Production, ..plan(2, 3) },
        small_records(),
        &CheapKdf,
        &mut Seeded::new("screens confirm"),
    );
    let second = append_public(&first, added(), issue(&mut Seeded::new("screens more"))).unwrap();
    let mut desk = at_review(&second, &phrases);
    // Nobody looked into anything: neither one nor all is accepted, and nothing is written.
    desk.press("a")
        .is("Refresh", "You accept 0 of them")
        .keys(&[Key::End, Key::Enter])
        .is("Refresh", "nothing is written");
    desk.key(Key::Home).is("Refresh", "\"Example Cellar\" -> \"New Cellar\"");
    // The change of a vault: both values; the removal is looked into and declined.
    desk.keys(&[Key::Down, Key::Enter]).is("Refresh", "2 of 6").is("Refresh", "now   \"Rent\"");
    desk.is("Refresh", "then  \"Changed\"").press(" ").is("Refresh", "[x] You accept this").key(Key::Enter);
    desk.is("Refresh", "You accept 1 of them").key(Key::Enter).is("Refresh", "would be removed").key(Key::Esc);
    desk.keys(&[Key::End, Key::Enter]).is("Refresh", "confirm 1 of 6").is("Refresh", "Where").key(Key::Enter);
    desk.is("Refresh", "Name").key(Key::Ctrl('u')).press("3.eml").key(Key::Enter);
    desk.is("Refresh", "Confirmed: 1 of 6").is("Refresh", "Accepted: Vault \"Rent\": a change");
    desk.is("Refresh", "with its mark: 5").is("Refresh", "Written and read back");
    let mail = fs::read_to_string(desk.path("3.eml")).unwrap();
    assert!(mail.contains("Digest words: "));
    desk.key(Key::Enter).is("Recovered", "Keys").key(Key::Right).is("Recovered", "Changed");
    assert!(desk.screen().contains("Added"), "{}", desk.screen());
    // From there the quorum goes on with what is left.
    desk.press("c").is("Refresh", "No quorum has confirmed these: 5");
    for _ in 0..5 {
        desk.key(Key::Enter).is("Refresh", " of 5 ").press(" ").is("Refresh", "[x]").key(Key::Enter);
    }
    desk.is("Refresh", "You accept 5 of them").key(Key::Enter).is("Refresh", "Where").key(Key::Enter);
    desk.is("Refresh", "Name").key(Key::Ctrl('u')).press("4.json").key(Key::Enter).is("Refresh", "5 of 5");
    let last = read(&fs::read(desk.path("4.json")).unwrap()).unwrap().snapshot().unwrap();
    assert_eq!((last.section.sequence, last.boxes.len()), (4, 4));
    let after = opened(&last, &phrases);
    assert_eq!(review::questions(&after.inventory), []);
    assert!(after.findings.iter().all(|finding| !finding.is_red() || *finding == Finding::WeakDerivation));
    desk.key(Key::Enter).is("Recovered", "Opened");
    assert!(!desk.screen().contains("c confirm"), "{}", desk.screen());
    desk.key(Key::F(10)).press("y").is("Record", "4.json").is("Record", "Confirmed: 5 of 5");
    desk.is("Record", "4.eml").is("Record", "Accepted: Vault \"Travel\": its removal");
    let mut mailed = fs::read_to_string(desk.path("4.eml")).unwrap();
    mailed.truncate(200);
    assert!(mailed.starts_with("To: backup@example.org\r\n"), "{mailed}");
}

#[test]
fn files_that_stand_side_by_side_are_refused_on_screens_before_anybody_looks() {
    let (first, phrases) = small(2, 3, "fork");
    let second = append_public(&first, added(), issue(&mut Seeded::new("one side"))).unwrap();
    let beside = append_public(&first, vec![put_vault("b", "Beside")], issue(&mut Seeded::new("other side"))).unwrap();
    let folder = folder_with(&[("2.json", &second), ("b.json", &beside)]);
    let source = Source::Files(["2.json", "b.json"].map(|name| folder.path().join(name)).to_vec());
    let session = session_in(folder.path(), Box::new(System));
    let console = Console::new(Journey::new(Goal::Recover), Options::default());
    let mut desk = Desk::of(folder, App::new(console, Box::new(Chooser::loading(source))), session);
    desk.rest().begin().open_with(&phrases, &[1, 2]).press("c");
    desk.is("Refresh", "files that stand side by side are united before").is("Refresh", "Unite the files first");
    assert!(!desk.screen().contains("Added"), "{}", desk.screen());
    // The session refuses it too, whoever asks.
    let confirmed = Confirmed { accepted: vec![0], left: 5 };
    let (change, path) = (Change::Confirm(confirmed), desk.path("3.json"));
    let order = Box::new(RefreshOrder { change, path, words: Vec::new(), keep: Some(0) });
    let outcome = desk.session.perform(Effect::Refresh(order), &|| false);
    assert!(
        matches!(&outcome, Outcome::Refreshed(Err(trouble)) if trouble.what.contains("side by side")),
        "{outcome:?}"
    );
    assert!(!desk.path("3.json").exists() && !desk.path("3.eml").exists());
    desk.key(Key::Esc).is("Recovered", "Opened");
}

#[test]
fn screens_say_before_anybody_looks_that_a_file_cannot_be_confirmed() {
    let (first, phrases) = small(2, 3, "cannot");
    let second = append_public(&first, added(), issue(&mut Seeded::new("cannot more"))).unwrap();
    let closed = forger::with_boxes(&second, ["no records".to_owned()]);
    let mut desk = Desk::new(&[("2.json", &closed)], false);
    desk.begin().open_with(&phrases, &[1, 2]).press("c").is("Refresh", "take a file whose marks check");
    desk.key(Key::Esc).is("Recovered", "Opened");
}

#[test]
fn whatever_somebody_added_steers_no_terminal_where_it_is_reviewed() {
    let (first, phrases) = small(2, 3, "hostile review");
    let labels = hostile_labels();
    let vault = |(number, label): (usize, &String)| {
        let put = put_vault(&format!("h{number}"), label);
        let item = put.value("item").and_then(Kept::as_object).unwrap().duplicate().with_text("address", label);
        put.with("item", Kept::Object(item))
    };
    // A change of what a quorum sealed among them.
    let change = put_vault("v1", &labels[0]);
    let records = labels.iter().enumerate().map(vault).step_by(7).chain([change]).collect();
    let second = append_public(&first, records, issue(&mut Seeded::new("hostile more"))).unwrap();
    let mut desk = Desk::new(&[("2.json", &second)], false);
    desk.begin().open_with(&phrases, &[1, 2]).press("c").is("Refresh", "No quorum has confirmed these");
    let asked = ReviewPurpose::Confirmation.questions(&opened(&second, &phrases).inventory).len();
    for is_inside in [false, true] {
        desk.key(Key::Home);
        if is_inside {
            desk.key(Key::Enter);
        }
        for _ in 0..asked {
            for (columns, rows) in [(60, 20), (100, 40)] {
                let screen = desk.screen_of(columns, rows);
                let unwanted: Vec<char> = screen.chars().filter(|c| *c != '\n' && is_unwanted(*c)).collect();
                assert!(unwanted.is_empty() && screen.starts_with(" Refresh"), "{unwanted:?} in\n{screen}");
            }
            desk.key(if is_inside { Key::Right } else { Key::Down });
        }
    }
}
