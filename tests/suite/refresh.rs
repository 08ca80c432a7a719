//! The next snapshot of a backup without phrases, by the real program: nothing of the old one is lost, forks are named and healed,
//! nobody is fooled into sealing to a key of somebody else, and an issuer signs only what was signed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use conclave::crypto::issuer::IssuerKey;
use conclave::crypto::label::Purpose;
use conclave::domain::fingerprint::Fingerprint;
use conclave::domain::phrase::Phrase;
use conclave::domain::secret::SecretBytes;
use conclave::effect::{Change, Effect, Outcome, RefreshOrder};
use conclave::snapshot::finding::Finding;
use conclave::snapshot::founding::SealingPlan;
use conclave::snapshot::refresh::{Issue, append_public};
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::{Section, Snapshot};
use conclave::snapshot::v1::read::read;
use conclave::ui::app::App;
use conclave::ui::key::Key;
use conclave::ui::screens::home::Home;
use serde_json::Value;

use crate::support::desk::Desk;
use crate::support::terminal::Terminal;
use crate::support::*;

const NOBODY: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// A folder with a backup in it, `1.json`, and its phrases.
struct Room {
    folder: tempfile::TempDir,
    first: Snapshot,
    phrases: Vec<Phrase>,
}

impl Room {
    fn new(seed: &str) -> Self {
        Self::with(plan(2, 3), seed)
    }

    fn with(plan: SealingPlan, seed: &str) -> Self {
        let (first, phrases) = found(plan, small_records(), &CachedArgon2::default(), &mut Seeded::new(seed));
        let room = Self { folder: tempfile::tempdir().unwrap(), first, phrases };
        room.write("1.json", layout::to_bytes(&room.first));
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn snapshot(&self, name: &str) -> Snapshot {
        read(&fs::read(self.path(name)).unwrap()).unwrap().snapshot().unwrap()
    }

    fn words(&self) -> String {
        Fingerprint::of(&self.first.core.core_digest().0).to_string()
    }

    fn command(&self, file: &str, out: &str) -> Command {
        let mut command = conclave();
        command.current_dir(self.folder.path()).arg("seal").arg(file).arg("--out").arg(out).stdin(Stdio::null());
        command
    }

    /// `seal FILE --out OUT MORE`, with the right fingerprint.
    #[track_caller]
    fn seal(&self, file: &str, out: &str, more: &[&str], code: i32, says: &[&str]) {
        let before = fs::read(self.path(file)).unwrap();
        let there = self.path(out).exists();
        let answer = self.command(file, out).args(["--fingerprint", &self.words()]).args(more).output().unwrap();
        let said = String::from_utf8([answer.stdout, answer.stderr].concat()).unwrap();
        assert_eq!(answer.status.code(), Some(code), "{said}");
        for part in says {
            assert!(said.contains(part), "no {part:?} in:\n{said}");
        }
        assert!(fs::read(self.path(file)).unwrap() == before, "the old file is as it was");
        assert_eq!(self.path(out).exists(), code == 0 || there, "{said}");
    }

    /// A contents document that adds a vault.
    fn vault(&self, id: &str, name: &str) -> String {
        let json = format!(
            r#"{{"format":"conclave-contents","version":1,"organization":"Example Cellar","keys":[],"accounts":[],"vaults":[{{"id":"{id}","name":"{name}","chain":"bitcoin"}}]}}"#
        );
        self.write(&format!("{id}.add.json"), json);
        format!("{id}.add.json")
    }

    /// What `recover` says and gives of these files, with the first two phrases.
    fn recover(&self, files: &[&str]) -> (i32, String, Option<Value>) {
        let lines: Vec<String> = self.phrases.iter().map(|phrase| phrase.reveal_words().join(" ")).collect();
        self.write("typed.txt", lines[..2].join("\n"));
        let _ = fs::remove_file(self.path("out.json"));
        let mut command = conclave();
        command.current_dir(self.folder.path()).arg("recover").args(files);
        command.args(["--phrases", "typed.txt", "--out", "out.json", "--format", "json", "--plaintext"]);
        let answer = command.output().unwrap();
        let said = String::from_utf8([answer.stdout, answer.stderr].concat()).unwrap();
        let contents = fs::read(self.path("out.json")).ok().map(|json| serde_json::from_slice(&json).unwrap());
        (answer.status.code().unwrap(), said, contents)
    }

    fn verify(&self, files: &[&str]) -> (i32, String) {
        let answer = conclave().current_dir(self.folder.path()).arg("verify").args(files).output().unwrap();
        (answer.status.code().unwrap(), String::from_utf8(answer.stdout).unwrap())
    }

    fn emergency_reader(&self, file: &str) -> Option<Value> {
        let lines: Vec<String> = self.phrases.iter().map(|phrase| phrase.reveal_words().join(" ")).collect();
        let typed = self.write("typed-python.txt", lines[1..].join("\n"));
        let answer =
            python()?.arg(project("docs/emergency_reader.py")).arg(self.path(file)).arg(typed).output().unwrap();
        assert!(matches!(answer.status.code(), Some(0 | 7)), "{}", String::from_utf8_lossy(&answer.stderr));
        Some(serde_json::from_slice(&answer.stdout).unwrap())
    }
}

/// The names of the vaults, sorted.
fn vaults(contents: &Value) -> Vec<&str> {
    let mut names: Vec<_> =
        contents["vaults"].as_array().unwrap().iter().map(|v| v["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

#[test]
fn ten_refreshes_of_all_kinds_lose_nothing() {
    let room = Room::new("ten refreshes");
    let mut names = vec!["Rent".to_owned(), "Travel".to_owned()];
    for turn in 2..=11 {
        let (old, new) = (format!("{}.json", turn - 1), format!("{turn}.json"));
        let email = format!("backup-{turn}@example.org");
        let rename = format!("2=Holder of {turn}");
        let added = room.vault(&format!("n{turn}"), &format!("New {turn}"));
        let more: Vec<&str> = match turn % 3 {
            0 => vec!["--email", &email],
            1 => vec!["--rename", &rename],
            _ => vec!["--add", &added, "--rename", &rename, "--email", &email],
        };
        room.seal(&old, &new, &more, 0, &[&format!("sequence {turn}."), "Digest words:", "is unchanged"]);
        let (before, after) = (room.snapshot(&old), room.snapshot(&new));
        assert_eq!((&after.core, &after.envelopes, &after.anchor), (&before.core, &before.envelopes, &before.anchor));
        assert_eq!(after.boxes[..before.boxes.len()], before.boxes, "old boxes, byte for byte");
        assert_eq!(after.section.previous, [before.section.digest()]);
        if turn % 3 == 2 {
            names.push(format!("New {turn}"));
        }
    }
    names.sort_unstable();
    let last = room.snapshot("11.json");
    assert_eq!(last.labels.delivery().unwrap().raw(), "backup-11@example.org");
    assert_eq!(last.labels.name_of(2).unwrap().raw(), "Holder of 11");
    assert_eq!(Fingerprint::of(&last.core.core_digest().0).to_string(), room.words());
    let (code, said, contents) = room.recover(&["11.json"]);
    // Ten ordinary refreshes, and nothing contradicts what was sealed.
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("by somebody who had the file. Its address was not compared").count(), 4, "{said}");
    assert!(said.contains("No address was checked: 0 of 6 could be compared"), "{said}");
    assert_eq!(vaults(contents.as_ref().unwrap()), names);
    let (code, said, older) = room.recover(&["1.json"]);
    assert_eq!((code, vaults(older.as_ref().unwrap())), (0, vec!["Rent", "Travel"]), "{said}");
    assert!(contents.as_ref().unwrap()["accounts"] == older.unwrap()["accounts"]);
    for file in ["2.json", "5.json", "11.json"] {
        if let Some(read) = room.emergency_reader(file) {
            assert!(read == room.recover(&[file]).2.unwrap(), "{file}");
        }
    }
    assert_eq!(room.verify(&["11.json", "1.json", "7.json"]).0, 0);
}

#[test]
fn what_is_added_comes_back_as_it_was_given() {
    let room = Room::new("given back");
    let given = r#"{"format":"conclave-contents","version":1,"organization":"Example Cellar","keys":[
        {"id":"k2","key_type":"ECDSA_SECP256K1","public_key":"02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5","private_key":"0000000000000000000000000000000000000000000000000000000000000002","later":{"deep":[1,true,"é"]}}],
        "vaults":[{"id":"v9","name":"Caf\u00e9","chain":"bitcoin"}],
        "accounts":[{"service":"Bank","login":"ops","owners":["Ann"],"kind":"single-use","codes":["aaaa","bbbb","cccc"],"used":[],"saved":"2026-01-01T00:00:00Z"}]}"#;
    room.write("given.json", given);
    room.seal(
        "1.json",
        "2.eml",
        &["--add", "given.json", "--json"],
        0,
        &["\"codes\":", "No quorum has confirmed them"],
    );
    let mail = fs::read_to_string(room.path("2.eml")).unwrap();
    assert!(mail.starts_with("To: backup@example.org\r\n") && mail.contains("Digest words: "));
    let (code, said, contents) = room.recover(&["2.eml"]);
    let (contents, given): (Value, Value) = (contents.unwrap(), serde_json::from_str(given).unwrap());
    assert_eq!(code, 7, "{said}");
    for collection in ["keys", "vaults", "accounts"] {
        let item = &given[collection][0];
        assert!(contents[collection].as_array().unwrap().contains(item), "{collection}: {contents}");
    }
    assert_eq!(contents["organization"], "Example Cellar");
}

#[test]
fn the_answer_for_machines_is_one_object() {
    let room = Room::new("json");
    let added = room.vault("n", "New");
    let output = room.command("1.json", "2.json").args(["--add", &added, "--json"]).output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let written = room.snapshot("2.json");
    assert_eq!(said["digest"], written.section.digest().to_string());
    assert_eq!(said["added"], serde_json::json!({"keys": 0, "vaults": 1, "accounts": 0, "codes": 0}));
    assert_eq!((&said["sequence"], &said["boxes"], &said["signed"]), (&2.into(), &2.into(), &false.into()));
    assert!(said["notes"][0].as_str().unwrap().contains("not compared"), "{said}");
    let mail = conclave::snapshot::delivery::mail(&written);
    assert!(String::from_utf8(mail).unwrap().contains(said["digest_words"].as_str().unwrap()));
}

#[test]
fn a_fork_is_named_and_healed() {
    let room = Room::new("fork");
    for side in ["a", "b"] {
        let added = room.vault(side, &format!("Side {side}"));
        room.seal("1.json", &format!("{side}.json"), &["--add", &added, "--email", &format!("{side}@x.org")], 0, &[]);
    }
    let (code, said) = room.verify(&["a.json", "b.json"]);
    assert!(code == 7 && said.contains("fork"), "{said}");
    // Neither address is dropped in silence: both are named, and nothing is written before somebody chose.
    let named = [
        "Address: a@x.org (A) or b@x.org (B)",
        "a.json (A) and b.json (B) differ",
        "--keep A or --keep B",
        "No quorum's mark",
    ];
    room.seal("a.json", "x.json", &["--merge", "b.json"], 2, &named);
    for (keep, kept, dropped) in [("A", "a", "b"), ("B", "b", "a")] {
        let out = format!("kept-{kept}.json");
        let said =
            format!("Address: {kept}@x.org of {kept}.json was kept, and {dropped}@x.org of {dropped}.json was dropped");
        room.seal("a.json", &out, &["--merge", "b.json", "--keep", keep], 0, &[&said, "No quorum's mark was checked"]);
        assert_eq!(room.snapshot(&out).labels.delivery().unwrap().raw(), format!("{kept}@x.org"));
        assert_eq!(room.snapshot(&out).boxes.len(), 3, "all boxes of both");
    }
    // What is given in the same step is no question.
    room.seal(
        "a.json",
        "given.json",
        &["--merge", "b.json", "--email", "c@x.org"],
        0,
        &["Address: a@x.org -> c@x.org"],
    );
    room.seal("a.json", "x.json", &["--merge", "b.json", "--rename", "1=New"], 2, &["b@x.org"]);
    room.seal("a.json", "x.json", &["--keep", "A", "--email", "c@x.org"], 2, &["--merge"]);
    room.seal("a.json", "m.json", &["--merge", "b.json", "--keep", "A"], 0, &["United with b.json: 1 box more"]);
    assert_eq!(room.snapshot("m.json").labels.delivery().unwrap().raw(), "a@x.org");
    let (code, said) = room.verify(&["m.json", "a.json", "b.json"]);
    assert!(code == 0 && said.matches("older").count() == 2, "{said}");
    let (code, said, contents) = room.recover(&["m.json"]);
    assert_eq!((code, vaults(&contents.unwrap())), (0, vec!["Rent", "Side a", "Side b", "Travel"]), "{said}");
    assert!(!said.contains("side by side"), "{said}");
    if let Some(read) = room.emergency_reader("m.json") {
        assert_eq!(vaults(&read), ["Rent", "Side a", "Side b", "Travel"]);
    }
    // A third one beside them, and a merge with an addition in the same step.
    let (c, d) = (room.vault("c", "Side c"), room.vault("d", "More"));
    room.seal("1.json", "c.json", &["--add", &c, "--email", "a@x.org"], 0, &[]);
    room.seal("m.json", "all.json", &["--merge", "c.json", "--add", &d], 0, &["sequence 4.", "Added: 1 vault."]);
    assert_eq!(room.verify(&["all.json", "m.json", "a.json", "b.json", "c.json"]).0, 0);
    let contents = room.recover(&["all.json"]).2.unwrap();
    assert_eq!(vaults(&contents), ["More", "Rent", "Side a", "Side b", "Side c", "Travel"]);
    // What adds nothing is said and not written.
    room.seal("all.json", "x.json", &["--merge", "a.json"], 2, &["all.json holds everything of a.json"]);
    room.seal("a.json", "x.json", &["--merge", "all.json"], 2, &["all.json holds everything of a.json"]);
    room.seal("a.json", "x.json", &["--merge", "a.json"], 2, &["nothing to merge"]);
    room.seal("a.json", "x.json", &["--merge", "1.json", "--add", &d], 0, &["a.json holds everything of 1.json"]);
    let other = Room::new("other");
    room.write("other.json", layout::to_bytes(&other.first));
    room.seal("a.json", "y.json", &["--merge", "other.json"], 3, &["of another backup"]);
}

#[test]
fn what_a_backup_is_made_of_is_added_too() {
    let room = Room::new("tables");
    room.write("plain.csv", "\u{feff}Name;Chain\r\nZoë;bitcoin\r\n");
    room.seal("1.json", "2.json", &["--add", "plain.csv"], 0, &["Added: 1 vault."]);
    room.write("wallets.csv", "Wallet Name,Asset,Balance,Colour\nPay,BTC,1.5,red\nSave,MARS,,\n");
    let says = [
        "\"Wallet Name\" is the name",
        "\"Asset\" is the chain",
        "\"Balance\" is not known",
        "BTC is the chain bitcoin (1 row)",
        "MARS is no chain",
        "--columns-as-guessed",
        "Nothing was written.",
    ];
    room.seal("2.json", "3.json", &["--add", "wallets.csv"], 3, &says);
    let left_out = ["--add", "wallets.csv", "--columns-as-guessed", "--leave-out", "Colour"];
    room.seal("2.json", "3.json", &left_out, 0, &["Added: 2 vaults."]);
    room.seal(
        "2.json",
        "x.json",
        &["--add", "wallets.csv", "--columns-as-guessed", "--leave-out", "Weight"],
        3,
        &["no column Weight"],
    );
    let (code, said, contents) = room.recover(&["3.json"]);
    let contents = contents.unwrap();
    assert_eq!((code, vaults(&contents)), (0, vec!["Pay", "Rent", "Save", "Travel", "Zoë"]), "{said}");
    let pay = contents["vaults"].as_array().unwrap().iter().find(|vault| vault["name"] == "Pay").unwrap();
    assert_eq!((&pay["chain"], &pay["note"]), (&"bitcoin".into(), &"Balance: 1.5".into()));
    if let Some(read) = room.emergency_reader("3.json") {
        assert_eq!(read["vaults"], contents["vaults"]);
    }
    room.write("secret.csv", "name,chain,Seed phrase\nPay,bitcoin,abandon\n");
    room.seal("2.json", "x.json", &["--add", "secret.csv", "--columns-as-guessed"], 3, &["holds no secrets"]);
}

#[test]
fn runs_at_the_same_time_lose_nothing() {
    let room = Room::new("parallel");
    let start = |out: &str, added: &str| -> Child {
        let mut command = room.command("1.json", out);
        command.args(["--add", added]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let added: Vec<String> = (0..10).map(|run| room.vault(&format!("p{run}"), &format!("Run {run}"))).collect();
    let to_one: Vec<Child> = added.iter().map(|added| start("one.json", added)).collect();
    let mut codes: Vec<_> = to_one.into_iter().map(|mut run| run.wait().unwrap().code().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 5, 5, 5, 5, 5, 5, 5, 5, 5]);
    assert_eq!(room.verify(&["one.json", "1.json"]).0, 0);
    let outs: Vec<String> = (0..10).map(|run| format!("p{run}.json")).collect();
    let runs: Vec<Child> = outs.iter().zip(&added).map(|(out, added)| start(out, added)).collect();
    assert!(runs.into_iter().all(|mut run| run.wait().unwrap().success()));
    let mut healed = "p0.json".to_owned();
    for other in &outs[1..] {
        let next = format!("healed-{other}");
        room.seal(&healed, &next, &["--merge", other], 0, &[]);
        healed = next;
    }
    let contents = room.recover(&[&healed]).2.unwrap();
    assert_eq!(vaults(&contents).iter().filter(|name| name.starts_with("Run ")).count(), 10);
    let parts: Vec<_> = fs::read_dir(room.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(parts.iter().all(|name| !name.to_string_lossy().contains(".part")), "{parts:?}");
}

#[test]
fn a_forged_refresh_that_removes_and_replaces_everything_takes_nothing() {
    let room = Room::new("forged refresh");
    let before = room.recover(&["1.json"]).2.unwrap();
    let fields = |record: Value| conclave::domain::inventory::Fields::parse(record.to_string().as_bytes()).unwrap();
    let mut records = Vec::new();
    for collection in ["keys", "vaults", "accounts"] {
        for item in before[collection].as_array().unwrap() {
            let mut other = item.clone();
            other["note"] = "of somebody else".into();
            records.push(fields(serde_json::json!({"record":"put","collection":collection,"item":other})));
            if let Some(id) = item["id"].as_str() {
                records.push(fields(serde_json::json!({"record":"remove","collection":collection,"id":id})));
            }
        }
    }
    let issue = Issue { created: time("2026-05-05T00:00:00Z"), issuer: None, entropy: &mut Seeded::new("forger") };
    room.write("2.json", layout::to_bytes(&append_public(&room.first, records, issue).unwrap()));
    let (code, said, contents) = room.recover(&["2.json"]);
    let contents = contents.unwrap();
    assert_eq!(code, 7, "{said}");
    for collection in ["keys", "vaults", "accounts"] {
        assert_eq!(contents[collection], before[collection], "{collection}");
    }
    let flagged = said.lines().filter(|line| line.starts_with("CHECK:")).count();
    assert!(flagged >= 7, "each of four items is flagged for its replacement, and three for their removal:\n{said}");
}

/// A backup that names an issuer, with the issuer's key in a file.
fn with_issuer(seed: &str) -> (Room, IssuerKey) {
    let key = || IssuerKey::from_seed(&SecretBytes::init(|seed| seed.fill(9)));
    let (mut first, phrases) = {
        let plan = SealingPlan { issuer: Some(key().public()), ..plan(2, 3) };
        let mut random = Seeded::new(seed);
        let phrases: Vec<Phrase> = (0..3).map(|_| Phrase::generate(ENGLISH, &mut random).unwrap()).collect();
        let mut founding = conclave::snapshot::founding::Founding::begin(plan, &mut random).unwrap();
        for (number, phrase) in (1..).zip(&phrases) {
            founding.accept(number, phrase, &CachedArgon2::default()).unwrap();
        }
        let created = time("2026-01-02T03:04:05Z");
        (founding.seal(small_records(), created, Some(&key()), &mut random).unwrap(), phrases)
    };
    // The ceremony had no issuer's key at hand.
    first.section.signature = None;
    rewrite(&mut first.section);
    let room = Room { folder: tempfile::tempdir().unwrap(), first, phrases };
    room.write("1.json", layout::to_bytes(&room.first));
    room.write("key.hex", "09".repeat(32) + "\n");
    fs::set_permissions(room.path("key.hex"), fs::Permissions::from_mode(0o600)).unwrap();
    (room, key())
}

fn rewrite(section: &mut Section) {
    section.checksum = None;
    section.checksum = Some(section.right_checksum());
}

#[test]
fn an_issuer_signs_what_was_signed_and_nothing_that_somebody_changed() {
    let (room, key) = with_issuer("issuer");
    let added = room.vault("n", "New");
    let with_key = ["--add", &added, "--issuer-key", "key.hex"];
    room.seal("1.json", "x.json", &["--add", &added], 2, &["--issuer-key"]);
    room.seal("1.json", "2.json", &with_key, 0, &["signed by its issuer"]);
    room.seal("2.json", "3.json", &["--issuer-key", "key.hex"], 0, &["sequence 3, signed"]);
    let (code, said, contents) = room.recover(&["3.json"]);
    let issuer = &room.first.core.issuer.unwrap().to_string()[..8];
    let date = room.snapshot("2.json").boxes.last().unwrap().header.created.date();
    let note = format!("Note: Vault \"New\": no quorum has confirmed it; issued {date} by the key {issuer}.");
    assert!(code == 0 && said.contains(&note) && !said.contains("who had the file"), "{said}");
    assert_eq!(vaults(&contents.unwrap()), ["New", "Rent", "Travel"]);
    let issue =
        Issue { created: time("2026-05-05T00:00:00Z"), issuer: Some(&key), entropy: &mut Seeded::new("somebody") };
    let mut forged = append_public(&room.snapshot("3.json"), vec![put_vault("f", "Forged")], issue).unwrap();
    forged.section.signature = room.snapshot("3.json").section.signature;
    rewrite(&mut forged.section);
    room.write("wrong.json", layout::to_bytes(&forged));
    forged.section.signature = None;
    rewrite(&mut forged.section);
    room.write("missing.json", layout::to_bytes(&forged));
    for tampered in ["wrong.json", "missing.json"] {
        room.seal(tampered, "x.json", &with_key, 3, &["must not sign what somebody else changed"]);
    }
    let issue =
        Issue { created: time("2026-05-05T00:00:00Z"), issuer: Some(&key), entropy: &mut Seeded::new("beside") };
    let mut beside = append_public(&room.first, vec![put_vault("f", "Forged")], issue).unwrap();
    beside.section.signature = None;
    rewrite(&mut beside.section);
    room.write("beside.json", layout::to_bytes(&beside));
    let merge = [&with_key[..], &["--merge", "beside.json"]].concat();
    room.seal("2.json", "x.json", &merge, 3, &["must not sign what somebody else changed"]);
    // Keys that are none, that anybody can read, of somebody else.
    room.write("other.hex", "0a".repeat(32));
    room.write("short.hex", "09".repeat(31));
    room.write("words.hex", NOBODY);
    for name in ["other.hex", "short.hex", "words.hex"] {
        fs::set_permissions(room.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    for (name, says) in [
        ("other.hex", "not the one of the issuer"),
        ("short.hex", "64 hexadecimal digits"),
        ("words.hex", "64 hexadecimal digits"),
        ("none.hex", "does not exist"),
    ] {
        room.seal("2.json", "x.json", &["--add", &added, "--issuer-key", name], 3, &[says]);
    }
    for mode in [0o640, 0o604, 0o620, 0o601] {
        fs::set_permissions(room.path("key.hex"), fs::Permissions::from_mode(mode)).unwrap();
        room.seal("2.json", "x.json", &with_key, 3, &["others than its owner"]);
    }
    let plain = Room::new("no issuer");
    plain.write("key.hex", "09".repeat(32));
    fs::set_permissions(plain.path("key.hex"), fs::Permissions::from_mode(0o600)).unwrap();
    plain.seal("1.json", "x.json", &["--issuer-key", "key.hex"], 3, &["names no issuer"]);
}

#[test]
fn the_fingerprint_is_compared_before_anything_is_sealed() {
    let room = Room::with(SealingPlan { purpose: Purpose::Production, ..plan(2, 3) }, "compared");
    let added = room.vault("n", "New");
    let words = room.words();
    let run = |more: &[&str]| {
        // Without a terminal of its own.
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(PROGRAM).current_dir(room.folder.path());
        command.args(["seal", "1.json", "--out", "2.json", "--add", &added]).args(more).stdin(Stdio::null());
        let output = command.output().unwrap();
        let is_written = fs::remove_file(room.path("2.json")).is_ok();
        assert_eq!(is_written, output.status.code() == Some(0));
        assert_eq!(fs::remove_file(room.path("2.eml")).is_ok(), is_written, "with its e-mail, or neither");
        (output.status.code().unwrap(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let upper = words.to_uppercase().replace(' ', ",-");
    let numbered = format!("Made: today\nFingerprint:  1. {}\n", words.replace(' ', "  2."));
    room.write("card.txt", &numbered);
    room.write("none.txt", "nothing\n");
    let mut wrong: Vec<&str> = words.split(' ').collect();
    wrong.swap(0, 2);
    let wrong = wrong.join(" ");
    room.write("wrong.txt", &wrong);
    for more in [["--fingerprint", &words], ["--fingerprint", &upper], ["--fingerprint-file", "card.txt"]] {
        assert_eq!(run(&more).0, 0, "{more:?}");
    }
    for (more, code, says) in [
        (&["--fingerprint", &wrong][..], 3, "not of your backup"),
        (&["--fingerprint-file", "wrong.txt"], 3, "not of your backup"),
        (&["--fingerprint", "one two"], 2, "16 fingerprint words"),
        (&["--fingerprint-file", "none.txt"], 2, "16 fingerprint words"),
        (&["--fingerprint-file", "missing.txt"], 3, "does not exist"),
        (&["--fingerprint", &words, "--fingerprint-file", "card.txt"], 2, "cannot be used with"),
        (&[], 2, "has to be compared"),
    ] {
        let (got, said) = run(more);
        assert!(got == code && said.contains(says), "{more:?}: {got}\n{said}");
    }
    let training = Room::new("compared training");
    let output = training.command("1.json", "2.json").args(["--email", "a@b.c", "--fingerprint", &wrong]).output();
    assert_eq!(output.unwrap().status.code(), Some(3));
    let output = training.command("1.json", "2.json").args(["--email", "a@b.c"]).output().unwrap();
    assert!(output.status.success() && String::from_utf8(output.stderr).unwrap().contains("not compared"));
}

#[test]
fn on_a_terminal_four_words_of_a_card_are_asked_for() {
    let room = Room::with(SealingPlan { purpose: Purpose::Production, ..plan(2, 3) }, "asked");
    let words = Fingerprint::of(&room.first.core.core_digest().0).words();
    for wrong in [None, Some(1), Some(4)] {
        let arguments = ["seal", "1.json", "--out", "2.json", "--email", "new@example.org"];
        let mut console = Terminal::of_program(room.folder.path(), &arguments, &[], (80, 24));
        let mut places = Vec::new();
        for number in 1..=wrong.unwrap_or(4) {
            let asked = |text: &str| text.matches("Fingerprint word ").count() == number && text.ends_with("card: ");
            console.wait_until("the question", |text| asked(&format!("{} ", text.trim_end())));
            let text = console.text();
            let place: usize =
                text.rsplit("Fingerprint word ").next().unwrap().split(' ').next().unwrap().parse().unwrap();
            places.push(place);
            let word = if wrong == Some(number) { "zebra" } else { words[place - 1] };
            console.press(&format!("{}\r", word.to_uppercase()));
        }
        let code = console.end();
        assert_eq!(code, if wrong.is_some() { 3 } else { 0 }, "{}", console.text());
        for written in ["2.json", "2.eml"] {
            assert_eq!(fs::remove_file(room.path(written)).is_ok(), wrong.is_none());
        }
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
    }
}

#[test]
fn what_cannot_be_refreshed_is_refused_and_nothing_is_written() {
    let room = Room::new("refused");
    let added = room.vault("n", "New");
    let text = String::from_utf8(layout::to_bytes(&room.first)).unwrap();
    room.write("damaged.json", text.replacen("Holder 2", "Holder X", 1));
    room.seal("damaged.json", "x.json", &["--add", &added], 3, &["DAMAGED", "another copy"]);
    room.write("nothing.json", "{}");
    room.seal("nothing.json", "x.json", &["--add", &added], 3, &["no Conclave snapshot"]);
    // Another layout is put right again.
    let value: Value = serde_json::from_str(&text).unwrap();
    room.write("pretty.json", serde_json::to_string_pretty(&value).unwrap());
    assert!(room.verify(&["pretty.json"]).1.contains("REFORMATTED"));
    room.seal("pretty.json", "2.json", &["--add", &added], 0, &[]);
    assert!(room.verify(&["2.json", "1.json"]).1.contains("INTACT"));
    for (more, code, says) in [
        (&[][..], 2, "nothing is to be changed"),
        (&["--email", "backup@example.org"], 2, "nothing would change"),
        (&["--email", ""], 2, "NAME@DOMAIN"),
        (&["--rename", "4=Jane"], 2, "no shareholder 4"),
        (&["--rename", "Jane"], 2, "NUMBER=NAME"),
        (&["--rename", "x=Jane"], 2, "NUMBER=NAME"),
        (&["--rename", "2="], 2, "1 to 256 characters"),
        (&["--add", "gone.json"], 3, "does not exist"),
        (&["--add", "1.json"], 3, "this is a snapshot"),
    ] {
        room.seal("1.json", "x.json", more, code, &[says]);
    }
    room.seal("1.json", "1.json", &["--add", &added], 5, &["exists already"]);
    let contents = fs::read_to_string(room.path(&added)).unwrap();
    room.write("other.json", contents.replace("Example Cellar", "Another"));
    room.seal("1.json", "x.json", &["--add", "other.json"], 3, &["\"Another\"", "\"Example Cellar\""]);
    room.write("real.json", contents.replacen('{', "{\"purpose\":\"production\",", 1));
    room.seal("1.json", "x.json", &["--add", "real.json"], 3, &["for production"]);
    room.write(
        "large.json",
        contents.replace("New", "New\",\"memo\":\"").replacen(
            "memo\":\"",
            &format!("memo\":\"{}", "long ".repeat(1_700_000)),
            1,
        ),
    );
    room.seal("1.json", "x.json", &["--add", "large.json"], 3, &["8 MiB"]);
    let left: Vec<_> = fs::read_dir(room.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| Path::new(name).starts_with("x.json")), "{left:?}");
}

#[test]
fn much_that_was_added_is_advised_to_be_compacted() {
    let room = Room::new("advice");
    let contents = fs::read_to_string(room.path(&room.vault("n", "New"))).unwrap();
    let long = contents.replace("\"name\":\"New\"", &format!("\"name\":\"New\",\"memo\":\"{}\"", "x".repeat(5 << 20)));
    room.write("long.json", long);
    room.seal("1.json", "2.json", &["--add", "long.json"], 0, &["have it compacted soon"]);
}

/// Through the screens, to the menu of a refresh of `1.json`.
fn at_menu(files: &[(&str, &Snapshot)]) -> Desk {
    let mut desk = Desk::new(files, false);
    desk.app = App::new(conclave::ui::console::Console::default(), Box::new(Home::default()));
    desk.is("Home", "Refresh")
        .keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter])
        .is("Open", "Where is the snapshot?");
    desk.choose_file("1.json");
    desk.is("Open", "Fingerprint word").press("none").key(Key::Enter).is("Refresh", "Add contents");
    desk
}

/// Types the words that are asked for.
fn card(desk: &mut Desk, snapshot: &Snapshot) {
    let words = Fingerprint::of(&snapshot.core.core_digest().0).words();
    for _ in 0..4 {
        let screen = desk.is("Refresh", "of the card").screen();
        let line = screen.lines().rfind(|line| line.contains(" of the card: ")).unwrap().to_owned();
        let asked: usize = line.split_once("Word ").unwrap().1.split(' ').next().unwrap().parse().unwrap();
        desk.press(&words[asked - 1].to_lowercase()).key(Key::Enter);
    }
}

/// From the place to the written file.
fn written(desk: &mut Desk, name: &str) -> Snapshot {
    desk.is("Refresh", "Where").key(Key::Enter).is("Refresh", "Name").key(Key::Ctrl('u')).press(name).key(Key::Enter);
    desk.is("Refresh", "Written and read back").is("Refresh", "The old file is unchanged");
    let mail = Path::new(name).with_extension("eml");
    desk.is("Refresh", &format!("({})", mail.display()));
    assert_eq!(read_eml(&desk.path(mail.to_str().unwrap())), read_eml(&desk.path(name)));
    let snapshot = read(&fs::read(desk.path(name)).unwrap()).unwrap().snapshot().unwrap();
    let words = conclave::snapshot::delivery::digest_words(&snapshot);
    desk.is("Refresh", &words).key(Key::Enter);
    // What a quorum opened is wiped only when that was agreed to.
    if desk.screen().contains("Wipe and leave?") {
        desk.press("y");
    }
    desk.is("Record", &words);
    snapshot
}

fn cheap(purpose: Purpose, seed: &str) -> (Snapshot, Vec<Phrase>) {
    found(SealingPlan { purpose, ..plan(2, 3) }, small_records(), &CheapKdf, &mut Seeded::new(seed))
}

#[test]
fn screens_add_rename_readdress_and_unite() {
    let (first, phrases) = cheap(Purpose::Production, "screens");
    let vaults = |snapshots: &[&Snapshot]| {
        let opened = open_with(&backup(snapshots), &phrases, &[1, 2], &CheapKdf).unwrap();
        contents(&opened)
    };
    let mut desk = at_menu(&[("1.json", &first)]);
    let added = Room::new("its vault");
    fs::copy(added.path(&added.vault("n", "New")), desk.path("n.json")).unwrap();
    desk.key(Key::Enter).is("Refresh", "Where is the file with what is added?");
    desk.choose_file("n.json");
    // A wrong word goes no further, and neither does none, nor a phrase.
    desk.is("Refresh", "Word").press("zebra").key(Key::Enter).is("Refresh", "another one").key(Key::Enter);
    desk.is("Refresh", "another one").press("abandon ability").is("Refresh", "of the card").key(Key::Ctrl('u'));
    card(&mut desk, &first);
    let second = written(&mut desk, "2.json");
    assert!(vaults(&[&second]).contains("\"New\"") && second.section.sequence == 2);
    assert_eq!(fs::read(desk.path("1.json")).unwrap(), layout::to_bytes(&first));

    let mut desk = at_menu(&[("1.json", &first)]);
    desk.keys(&[Key::Down, Key::Down, Key::Enter]).press("nowhere").key(Key::Enter).is("Refresh", "no e-mail address");
    desk.key(Key::Ctrl('u')).press("new@example.org").key(Key::Enter);
    card(&mut desk, &first);
    assert_eq!(written(&mut desk, "2.json").labels.delivery().unwrap().raw(), "new@example.org");

    let mut desk = at_menu(&[("1.json", &first)]);
    desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Enter]).is("Refresh", "Who gets another name?");
    desk.keys(&[Key::Down, Key::Enter]).press("Jane Doe").key(Key::Enter);
    card(&mut desk, &first);
    // A name that is taken writes nothing, and another one does.
    desk.key(Key::Enter).key(Key::Ctrl('u')).press("1.json").key(Key::Enter).is("Refresh", "exists already");
    desk.key(Key::Esc);
    assert_eq!(written(&mut desk, "2.json").labels.name_of(2).unwrap().raw(), "Jane Doe");

    let issue = Issue { created: time("2026-05-05T00:00:00Z"), issuer: None, entropy: &mut Seeded::new("beside") };
    let beside = append_public(&first, vec![put_vault("b", "Beside")], issue).unwrap();
    let mut desk = at_menu(&[("1.json", &second)]);
    fs::write(desk.path("beside.json"), layout::to_bytes(&beside)).unwrap();
    desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter]).is("Refresh", "Where is the other file?");
    desk.choose_file("beside");
    card(&mut desk, &first);
    let healed = written(&mut desk, "3.json");
    assert!(healed.section.sequence == 3 && healed.section.previous.len() == 2);
    let all = vaults(&[&healed]);
    assert!(all.contains("\"New\"") && all.contains("\"Beside\""));
}

#[test]
fn screens_of_a_training_backup_go_on_without_a_card_and_say_so() {
    let (first, _) = cheap(Purpose::Training, "screens of training");
    let mut desk = at_menu(&[("1.json", &first)]);
    desk.keys(&[Key::Down, Key::Down, Key::Enter])
        .press("new@example.org")
        .key(Key::Enter)
        .is("Refresh", "In training");
    desk.key(Key::Enter).is("Refresh", "was not compared");
    desk.is("Refresh", "Where").keys(&[Key::Enter, Key::Enter]).is("Refresh", "was not compared with a card");
    assert!(desk.path("snapshot-2.json").exists());
    // The session looks at the words itself.
    let order = |words: &[(usize, &str)]| {
        let words = words.iter().map(|(place, word)| (*place, (*word).to_owned())).collect();
        let path = desk.path("x.json");
        Box::new(RefreshOrder { change: Change::Email(text("a@b.c")), path, words, keep: None })
    };
    let (wrong, right) = (order(&[(0, "zebra")]), order(&[]));
    let mut perform = |order| desk.session.perform(Effect::Refresh(order), &|| false);
    assert!(matches!(perform(wrong), Outcome::Refreshed(Err(trouble)) if trouble.what.contains("fingerprint")));
    assert!(matches!(perform(right), Outcome::Refreshed(Ok(_))));
    let (real, _) = cheap(Purpose::Production, "no card");
    let mut desk = Desk::new(&[("1.json", &real)], false);
    let words = Fingerprint::of(&real.core.core_digest().0).words();
    for given in [0, 3] {
        let words = (0..given).map(|place| (place, words[place].to_owned())).collect();
        let order = RefreshOrder { change: Change::Email(text("a@b.c")), path: desk.path("x.json"), words, keep: None };
        let outcome = desk.session.perform(Effect::Refresh(Box::new(order)), &|| false);
        assert!(matches!(outcome, Outcome::Refreshed(Err(_))), "{given} words are too few");
    }
    assert!(!desk.path("x.json").exists());
}

#[test]
fn screens_compact_with_a_quorum_only() {
    let (first, phrases) = cheap(Purpose::Production, "screens compact");
    let issue = Issue { created: time("2026-05-05T00:00:00Z"), issuer: None, entropy: &mut Seeded::new("more") };
    let second = append_public(&first, vec![put_vault("n", "New")], issue).unwrap();
    let mut desk = at_menu(&[("1.json", &second)]);
    let order = || RefreshOrder { change: Change::Compact, path: "x.json".into(), words: Vec::new(), keep: None };
    let refused = desk.session.perform(Effect::Refresh(Box::new(order())), &|| false);
    assert!(matches!(refused, Outcome::Refreshed(Err(_))));
    desk.key(Key::End).key(Key::Enter).is("Hand-over", "");
    desk.key(Key::Esc).is("Refresh", "Compact").key(Key::Enter);
    for phrase in &phrases[..2] {
        desk.sit_down().type_phrase(phrase);
    }
    desk.is("Quorum", "").key(Key::Enter).is("Refresh", "It confirms nothing");
    let compacted = written(&mut desk, "3.json");
    assert_eq!((compacted.boxes.len(), compacted.section.sequence), (2, 3));
    let opened = open_with(&backup(&[&compacted]), &phrases, &[2, 3], &CheapKdf).unwrap();
    let red: Vec<_> = opened.findings.iter().filter(|finding| finding.is_red()).collect();
    // The derivation is that of a test; what was added keeps its mark.
    assert!(matches!(red.as_slice(), [Finding::WeakDerivation]), "{red:?}");
    let is_marked = |finding: &Finding| matches!(finding, Finding::PublicOnly { title, .. } if title == "New");
    assert!(opened.findings.iter().any(is_marked), "{:?}", opened.findings);
    assert!(contents(&opened).contains("\"New\""));
}

#[test]
fn screens_compact_what_was_never_confirmed_under_a_name_that_says_so() {
    let (first, phrases) = cheap(Purpose::Production, "screens compact unconfirmed");
    let mut desk = Desk::new(&[("UNCONFIRMED-1.json", &first)], false);
    desk.app = App::new(conclave::ui::console::Console::default(), Box::new(Home::default()));
    desk.keys(&[Key::Down; 5]).key(Key::Enter).choose_file("UNCONFIRMED-1.json");
    desk.is("Open", "Fingerprint word").press("none").key(Key::Enter).key(Key::End).key(Key::Enter);
    for phrase in &phrases[..2] {
        desk.sit_down().type_phrase(phrase);
    }
    desk.is("Quorum", "").key(Key::Enter).is("Refresh", "Where").key(Key::Enter).is("Refresh", "Name");
    desk.key(Key::Ctrl('u')).press("2.json").key(Key::Enter).is("Refresh", "UNCONFIRMED-");
    assert!(!desk.path("2.json").exists() && !desk.path("2.eml").exists());
    desk.key(Key::Ctrl('u')).press("UNCONFIRMED-2.json").key(Key::Enter).is("Refresh", "Written and read back");
    desk.is("Refresh", "was never confirmed");
    let mail = fs::read_to_string(desk.path("UNCONFIRMED-2.eml")).unwrap();
    assert!(mail.contains("UNCONFIRMED") && desk.path("UNCONFIRMED-2.json").exists(), "{mail:.400}");
}

/// The same core without a box, whose mark nobody made: it claims to hold everything.
fn claiming(genuine: &Snapshot) -> Snapshot {
    let mut evil = genuine.clone();
    let last = evil.boxes.last().unwrap().place();
    (evil.anchor.base, evil.anchor.last, evil.anchor.sequence) = (last, last, 49);
    evil.boxes.clear();
    evil.section.sequence = 50;
    evil.section.digests.boxes.clear();
    evil.section.digests.anchor = conclave::crypto::digest::digest("anchor", &evil.anchor);
    rewrite(&mut evil.section);
    evil
}

#[test]
fn a_file_that_only_claims_to_hold_everything_takes_no_box_away() {
    let room = Room::new("claims");
    for (old, new) in [("1.json", "2.json"), ("2.json", "3.json")] {
        let added = room.vault(&format!("of{new}"), new);
        room.seal(old, new, &["--add", &added], 0, &[]);
    }
    let genuine = room.snapshot("3.json");
    room.write("evil.json", layout::to_bytes(&claiming(&genuine)));
    for (one, other, out) in [("3.json", "evil.json", "a.json"), ("evil.json", "3.json", "b.json")] {
        room.seal(one, out, &["--merge", other], 0, &["only an opening shows which mark is genuine"]);
        assert_eq!(room.snapshot(out).boxes, genuine.boxes);
        let (code, said, contents) = room.recover(&[out]);
        assert_eq!(vaults(&contents.unwrap()), ["2.json", "3.json", "Rent", "Travel"], "{code}: {said}");
    }
    let (code, said) = room.verify(&["3.json", "evil.json"]);
    assert!(code == 0 && said.contains("claims to replace boxes 1 to 3 of an older file"), "{said}");
    assert!(said.contains("only an opening shows whether the quorum did"), "{said}");
    let (_, said) = room.verify(&["--json", "3.json", "evil.json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((said[0].get("replaces_claimed"), &said[1]["replaces_claimed"]), (None, &true.into()));
    assert!(!room.verify(&["3.json", "2.json", "1.json"]).1.contains("claims"));
}

#[test]
fn screens_with_a_file_that_claims_to_be_newer_keep_every_box() {
    let (first, phrases) = cheap(Purpose::Production, "claims on screens");
    let issue = Issue { created: time("2026-05-05T00:00:00Z"), issuer: None, entropy: &mut Seeded::new("more") };
    let second = append_public(&first, vec![put_vault("n", "New")], issue).unwrap();
    let evil = claiming(&second);
    let mut desk = Desk::new(&[("0.json", &first), ("1.json", &second), ("2.json", &evil)], false);
    let source = conclave::effect::Source::Files(["0.json", "1.json", "2.json"].map(|name| desk.path(name)).to_vec());
    let loaded = desk.session.perform(Effect::Load { source, is_drill: false, keeps_device: false }, &|| false);
    assert!(matches!(loaded, Outcome::Loaded(..)));
    let words = Fingerprint::of(&second.core.core_digest().0).words();
    let words: Vec<(usize, String)> = (0..4).map(|place| (place, words[place].to_owned())).collect();
    let order = |keep| {
        let (path, words) = (desk.path("x.json"), Vec::clone(&words));
        Box::new(RefreshOrder { change: Change::Email(text("a@b.c")), path, words, keep })
    };
    let (unasked, of_first) = (order(None), order(Some(0)));
    let outcome = desk.session.perform(Effect::Refresh(unasked), &|| false);
    let Outcome::Differ(differences) = outcome else { panic!("{outcome:?}") };
    assert!(differences.marks.contains(&"of sequence 49, replaces boxes up to 2".to_owned()), "{differences:?}");
    assert!(!desk.path("x.json").exists());
    let outcome = desk.session.perform(Effect::Refresh(of_first), &|| false);
    assert!(matches!(outcome, Outcome::Refreshed(Ok(_))), "{outcome:?}");
    let made = read(&fs::read(desk.path("x.json")).unwrap()).unwrap().snapshot().unwrap();
    assert_eq!((&made.boxes, &made.anchor), (&second.boxes, &first.anchor));
    let opened = open_with(&backup(&[&made]), &phrases, &[1, 2], &CheapKdf).unwrap();
    assert!(contents(&opened).contains("Rent") && contents(&opened).contains("\"New\""));
}

/// Written by somebody who has the file, without any phrase: another address, another name, a base that covers everything.
fn forged(genuine: &Snapshot) -> Snapshot {
    let mut forged = claiming(genuine);
    let labels = holder_labels(&mut forged.labels);
    labels.delivery = text("thief@example.net");
    labels.shareholders[1].name = text("Mallory");
    forged.section.digests.labels = conclave::crypto::digest::digest("labels", &forged.labels);
    rewrite(&mut forged.section);
    forged
}

#[test]
fn of_a_forged_file_neither_base_nor_names_nor_address_is_taken_unasked() {
    let room = Room::new("forged labels");
    let added = room.vault("n", "New");
    room.seal("1.json", "2.json", &["--add", &added], 0, &[]);
    let genuine = room.snapshot("2.json");
    room.write("forged.json", layout::to_bytes(&forged(&genuine)));
    let both = [
        "Address: backup@example.org (A) or thief@example.net (B)",
        "Shareholder 2: ",
        "Mallory (B)",
        "replaces boxes up to 2 (B)",
        "Names and address of A are those of the ceremony",
        "No quorum's mark was checked",
    ];
    room.seal("2.json", "x.json", &["--merge", "forged.json"], 2, &both);
    // Also as the file of which it is said that it holds all of the other.
    let issue = Issue { created: time("2026-05-05T00:00:00Z"), issuer: None, entropy: &mut Seeded::new("forger") };
    let mut labels = genuine.labels.clone();
    holder_labels(&mut labels).delivery = text("thief@example.net");
    let newer = conclave::snapshot::refresh::renew(&[&genuine], Vec::new(), Some(labels), issue).unwrap();
    room.write("newer.json", layout::to_bytes(&newer));
    room.seal("2.json", "x.json", &["--merge", "newer.json"], 2, &["thief@example.net (B)", "--keep A"]);
    for (other, out) in [("forged.json", "a.json"), ("newer.json", "b.json")] {
        room.seal("2.json", out, &["--merge", other, "--keep", "A"], 0, &["thief@example.net of", "was dropped"]);
        let made = room.snapshot(out);
        assert_eq!((&made.labels, &made.anchor, &made.boxes), (&genuine.labels, &genuine.anchor, &genuine.boxes));
        assert!(made.section.sequence > genuine.section.sequence);
    }
    // Whoever trusts the other file can say so; no box goes with that.
    room.seal(
        "2.json",
        "c.json",
        &["--merge", "forged.json", "--keep", "B"],
        0,
        &["thief@example.net of forged.json was kept"],
    );
    let made = room.snapshot("c.json");
    assert_eq!((made.labels.delivery().unwrap().raw(), &made.boxes), ("thief@example.net", &genuine.boxes));
    // Where only the mark differs the first file's stays, and it is said.
    room.write("base.json", layout::to_bytes(&claiming(&genuine)));
    room.seal(
        "2.json",
        "d.json",
        &["--merge", "base.json"],
        0,
        &["The mark of 2.json was taken", "No quorum's mark was checked"],
    );
    assert_eq!(room.snapshot("d.json").anchor, genuine.anchor);
}

/// Chooses the row `down` of the files that differ.
fn keep(desk: &mut Desk, name: &str, down: usize) -> Snapshot {
    desk.is("Refresh", "Where").key(Key::Enter).is("Refresh", "Name").key(Key::Ctrl('u')).press(name).key(Key::Enter);
    desk.is("Refresh", "only one of each can be kept").is("Refresh", "No quorum's mark was checked");
    assert!(!desk.path(name).exists() && !desk.path("3.eml").exists(), "nothing is written before it is decided");
    desk.rest().keys(&vec![Key::Down; down]).key(Key::Enter).is("Refresh", "Written and read back");
    read(&fs::read(desk.path(name)).unwrap()).unwrap().snapshot().unwrap()
}

#[test]
fn screens_ask_whose_names_and_address_are_kept() {
    let (first, _) = cheap(Purpose::Production, "screens keep");
    let evil = forged(&first);
    for (down, address) in [(0, "backup@example.org"), (1, "thief@example.net")] {
        let mut desk = at_menu(&[("1.json", &first)]);
        fs::write(desk.path("other.json"), layout::to_bytes(&evil)).unwrap();
        desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter]).is("Refresh", "Where is the other file?");
        desk.choose_file("other");
        card(&mut desk, &first);
        let made = keep(&mut desk, "3.json", down);
        assert_eq!(made.labels.delivery().unwrap().raw(), address);
        assert_eq!(made.boxes, first.boxes);
        let said = desk.screen();
        assert!(said.contains("was dropped"), "{said}");
    }
}

#[test]
fn files_beside_the_chosen_one_are_marked_by_people_alone_where_something_is_added() {
    let (first, _) = cheap(Purpose::Production, "unmarked");
    let evil = forged(&first);
    let open = || {
        let mut desk = Desk::new(&[("1.json", &first), ("9.json", &evil)], false);
        desk.app = App::new(conclave::ui::console::Console::default(), Box::new(Home::default()));
        desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Down, Key::Down, Key::Enter]);
        desk.is("Open", "Where is the snapshot?").choose_file("1.json");
        desk.is("Open", "[ ] NEWER   sequence 50").is("Open", "anybody can lay a file there");
        assert!(!desk.screen().contains("[x]"), "{}", desk.screen());
        desk
    };
    let address = |desk: &mut Desk| {
        desk.is("Open", "Fingerprint word").press("none").key(Key::Enter).is("Refresh", "Add contents");
        desk.keys(&[Key::Down, Key::Down, Key::Down, Key::Enter, Key::Enter]).press("Jane Doe").key(Key::Enter);
        card(desk, &first);
    };
    let mut desk = open();
    desk.key(Key::Enter);
    address(&mut desk);
    let made = written(&mut desk, "3.json");
    assert_eq!((made.section.sequence, made.labels.delivery().unwrap().raw()), (2, "backup@example.org"));
    // Marked, it is read; and what it says is asked about all the same.
    let mut desk = open();
    desk.press(" ").is("Open", "[x] NEWER").key(Key::Enter);
    address(&mut desk);
    let made = keep(&mut desk, "3.json", 0);
    assert_eq!((made.section.sequence, made.labels.delivery().unwrap().raw()), (51, "backup@example.org"));
    assert_eq!((made.labels.name_of(1).unwrap().raw(), &made.anchor), ("Jane Doe", &first.anchor));
    // What was written is gone on from, and nothing is asked twice.
    desk.is("Refresh", "Shareholder 1: ").is("Refresh", "-> Jane Doe");
}

#[test]
fn a_refresh_issues_the_e_mail_and_says_what_it_did() {
    let room = Room::new("its e-mail");
    let added = room.vault("n", "New");
    let more = ["--add", added.as_str(), "--email", "new@example.org", "--rename", "2=Jane Doe"];
    let did = [
        "Address: backup@example.org -> new@example.org.",
        "-> Jane Doe.",
        "Added: 1 vault.",
        "1.json is unchanged.",
        "The e-mail with it is 2.eml: send it to the backup address.",
    ];
    room.seal("1.json", "2.json", &more, 0, &did);
    let mail = fs::read_to_string(room.path("2.eml")).unwrap();
    assert!(mail.starts_with("To: new@example.org\r\n"), "{mail}");
    assert_eq!(read_eml(&room.path("2.eml")), room.snapshot("2.json"));
    // Both or none, and known before any work: the contents that are missing are not even looked for.
    fs::write(room.path("3.eml"), "mine").unwrap();
    room.seal("2.json", "3.json", &["--add", "missing.json"], 5, &["3.eml", "exists already"]);
    assert_eq!(fs::read(room.path("3.eml")).unwrap(), b"mine");
    room.seal("2.json", "3.json", &["--email", "b@x.org", "--no-mail"], 0, &["Send it to the backup address"]);
    assert_eq!(fs::read(room.path("3.eml")).unwrap(), b"mine");
    // The mail alone, as before.
    room.seal("3.json", "4.eml", &["--email", "c@x.org"], 0, &[]);
    assert!(!room.path("4.json").exists() && !room.path("4.eml.eml").exists());
    let run =
        room.command("3.json", "5").args(["--email", "d@x.org", "--json", "--fingerprint", &room.words()]).output();
    let said: Value = serde_json::from_slice(&run.unwrap().stdout).unwrap();
    assert_eq!((&said["mail"], &said["changed"][0]), (&"5.eml".into(), &"Address: b@x.org -> d@x.org".into()));
    assert!(room.path("5.eml").exists());
}

fn read_eml(path: &Path) -> Snapshot {
    let bytes = conclave::snapshot::container::unpack(fs::read(path).unwrap(), "mail").unwrap().text;
    read(&bytes).unwrap().snapshot().unwrap()
}

#[test]
fn an_e_mail_that_many_servers_refuse_is_named_with_its_size() {
    let mut records = small_records();
    let long = "x".repeat(12 << 20);
    let vault = format!(
        r#"{{"record":"put","collection":"vaults","item":{{"id":"long","name":"Long","chain":"bitcoin","more":"{long}"}}}}"#
    );
    records.push(conclave::domain::inventory::Fields::parse(vault.as_bytes()).unwrap());
    let (first, phrases) = found(plan(2, 3), records, &CachedArgon2::default(), &mut Seeded::new("large"));
    let room = Room { folder: tempfile::tempdir().unwrap(), first, phrases };
    room.write("1.json", layout::to_bytes(&room.first));
    let said = ["The e-mail 2.eml has 23.", " MB, and many mail servers refuse more than 20 to 25 MB", ".json.gz"];
    room.seal("1.json", "2.json", &["--email", "a@x.org"], 0, &said);
    room.seal("1.json", "3.json", &["--email", "a@x.org", "--no-mail"], 0, &[]);
    assert!(fs::metadata(room.path("2.eml")).unwrap().len() > 20_000_000);
}

#[test]
fn an_issuer_takes_a_file_for_the_first_only_when_it_is_as_a_ceremony_writes_it() {
    let (room, key) = with_issuer("first of all");
    let issue = Issue { created: time("2026-05-05T00:00:00Z"), issuer: Some(&key), entropy: &mut Seeded::new("s") };
    let second = append_public(&room.first, vec![put_vault("f", "Forged")], issue).unwrap();
    let forged = |change: &dyn Fn(&mut Snapshot)| {
        let mut forged = second.clone();
        forged.section.signature = None;
        forged.section.sequence = 1;
        forged.section.previous.clear();
        forged.boxes.truncate(1);
        change(&mut forged);
        forged.section.digests.labels = conclave::crypto::digest::digest("labels", &forged.labels);
        forged.section.digests.anchor = conclave::crypto::digest::digest("anchor", &forged.anchor);
        forged.section.digests.boxes = forged.boxes.iter().map(|sealed| sealed.place().digest).collect();
        rewrite(&mut forged.section);
        layout::to_bytes(&forged)
    };
    let changes: [&dyn Fn(&mut Snapshot); 6] = [
        &|file| holder_labels(&mut file.labels).delivery = text("evil@example.org"),
        &|file| file.boxes = second.boxes.clone(),
        &|file| file.boxes.clear(),
        &|file| file.section.previous = second.section.previous.clone(),
        &|file| file.anchor.sequence = 2,
        &|file| file.section.sequence = 2,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let name = format!("evil{number}.json");
        room.write(&name, forged(change));
        let code = if room.verify(&[&name]).0 == 0 { "must not sign what somebody else changed" } else { "DAMAGED" };
        room.seal(&name, "x.json", &["--issuer-key", "key.hex"], 3, &[code]);
    }
    let mut beside = room.first.clone();
    beside.section.id = conclave::domain::encoding::Hex([7; 16]);
    rewrite(&mut beside.section);
    room.write("beside.json", layout::to_bytes(&beside));
    let merge = ["--issuer-key", "key.hex", "--merge", "beside.json"];
    room.seal("1.json", "x.json", &merge, 3, &["must not sign what somebody else changed"]);
    room.seal("1.json", "x.json", &["--issuer-key", "key.hex"], 0, &["sequence 2, signed"]);
}

#[test]
fn what_was_never_confirmed_keeps_its_name() {
    let room = Room::new("never confirmed");
    room.write("UNCONFIRMED-1.json", layout::to_bytes(&room.first));
    let change = ["--email", "new@example.org"];
    room.seal("UNCONFIRMED-1.json", "2.json", &change, 2, &["never confirmed", "UNCONFIRMED-"]);
    room.seal("UNCONFIRMED-1.json", "UNCONFIRMED-2.eml", &change, 0, &["its refresh is not either"]);
    let mail = fs::read_to_string(room.path("UNCONFIRMED-2.eml")).unwrap();
    assert!(mail.contains("Subject: UNCONFIRMED: ") && mail.contains("filename=\"UNCONFIRMED-snapshot.json\""));
}

#[test]
fn orders_that_contradict_themselves_are_refused() {
    let room = Room::new("contradict");
    let added = room.vault("n", "New");
    let other = fs::read_to_string(room.path(&added)).unwrap().replace("New", "Other");
    room.write("other.json", other);
    let both = ["--add", &added, "--add", "other.json"];
    room.seal("1.json", "x.json", &both, 3, &["n.add.json", "other.json", "vault"]);
    room.seal("1.json", "x.json", &["--rename", "2=A", "--rename", "2=B"], 2, &["number 2 twice"]);
    room.seal("1.json", "x.json", &["--email", "nowhere"], 2, &["NAME@DOMAIN"]);
    let mut ahead = room.first.clone();
    ahead.section.sequence = 2_000_000;
    ahead.boxes.clear();
    ahead.section.digests.boxes.clear();
    rewrite(&mut ahead.section);
    room.write("ahead.json", layout::to_bytes(&ahead));
    if room.verify(&["ahead.json"]).0 == 0 {
        room.seal("1.json", "x.json", &["--merge", "ahead.json"], 3, &["ahead.json is so far ahead"]);
    }
}

#[test]
fn a_card_gives_the_fingerprint_and_what_came_with_the_snapshot_does_not() {
    let room = Room::new("card, not mail");
    let words = room.words();
    let words: Vec<&str> = words.split(' ').collect();
    let lines: Vec<String> = words.chunks(4).map(|four| format!("  1. {}", four.join("  2 "))).collect();
    let text = format!("Conclave\nFingerprint: of this backup\n{}\nKeep it.\n", lines.join("\n"));
    room.write("card.txt", &text);
    let seal = |file: &str, out: &str, more: &[&str], code: i32, says: &[&str]| {
        let run = room.command(file, out).args(more).output().unwrap();
        let said = String::from_utf8([run.stdout, run.stderr].concat()).unwrap();
        assert_eq!(run.status.code(), Some(code), "{more:?}: {said}");
        for part in says {
            assert!(said.contains(part), "{more:?}: no {part:?} in:\n{said}");
        }
        assert_eq!(room.path(out).exists(), code == 0, "{more:?}");
    };
    for out in ["2.json", "other.json"] {
        seal("1.json", out, &["--email", &format!("{out}@x.org"), "--fingerprint-file", "card.txt"], 0, &[]);
    }

    let mail = conclave::snapshot::delivery::mail(&room.first);
    let said = String::from_utf8(mail.clone()).unwrap();
    assert!(said.contains("Digest words") && !words.iter().all(|word| said.contains(word)), "{said}");
    // A mail that carries the words all the same, as somebody would write it who made another file.
    let forged = said.replacen("Digest words", &format!("{}\r\nDigest words", words.join(" ")), 1);
    let header = format!("Subject: your card\n\n{}\n", words.join(" "));
    let snapshot = fs::read(room.path("1.json")).unwrap();
    // Another snapshot of the backup, with a member nobody knows that holds the words: 1.json would be refreshed by its own words.
    let noted =
        String::from_utf8(snapshot.clone()).unwrap().replacen('{', &format!("{{\"x\":\"{}\",", words.join(" ")), 1);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, &mail).unwrap();
    room.write("mail.eml", mail);
    room.write("forged.eml", forged.as_bytes());
    room.write("forged.txt", forged.as_bytes());
    room.write("header.txt", header);
    room.write("noted.txt", noted.as_bytes());
    room.write("mail.gz", gzip.finish().unwrap());
    room.write("mailbox", format!("From me\n{forged}"));
    std::os::unix::fs::symlink(room.path("1.json"), room.path("link")).unwrap();
    fs::hard_link(room.path("1.json"), room.path("hard")).unwrap();
    for (from, says) in [
        ("mail.eml", "a snapshot is in it"),
        ("forged.eml", "a snapshot is in it"),
        ("forged.txt", "a snapshot is in it"),
        ("noted.txt", "a snapshot is in it"),
        ("header.txt", "e-mail"),
        ("mail.gz", "a snapshot is in it"),
        ("mailbox", "a snapshot is in it"),
        ("1.json", "it is the snapshot itself"),
        ("link", "it is the snapshot itself"),
        ("hard", "it is the snapshot itself"),
        ("./1.json", "it is the snapshot itself"),
    ] {
        let more = ["--email", "n@x.org", "--fingerprint-file", from];
        seal("1.json", "3.json", &more, 3, &["is no card", says, "Nothing was written", "public card"]);
    }
    // The file that is to be united is no witness either, whatever it is called.
    let more = ["--merge", "other.json", "--fingerprint-file", "other.json"];
    seal("2.json", "3.json", &more, 3, &["other.json is no card: it is the snapshot itself"]);
    // Fifteen words are not the fingerprint.
    room.write("short.txt", words[..15].join(" "));
    seal("1.json", "3.json", &["--email", "n@x.org", "--fingerprint-file", "short.txt"], 2, &["16 fingerprint words"]);
    seal("1.json", "3.json", &["--email", "n@x.org", "--fingerprint", &words[..15].join(" ")], 2, &["16 fingerprint"]);
}
