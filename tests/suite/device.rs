//! The backup of a device by the real program: two organizations at different times, both ways of opening, reset, restore, and all that
//! must be refused by its name.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use conclave::domain::inventory::DeviceShares;
use conclave::domain::pin::Pin;
use conclave::snapshot::cloud_key::CloudKey;
use conclave::snapshot::container::unpack;
use conclave::snapshot::v1::layout;
use conclave::snapshot::v1::model::Labels;
use conclave::snapshot::v1::read::read;
use conclave::training::{DEVICE_EXPECTED, DEVICE_SAMPLES, DEVICE_SHARES, SAMPLES};
use serde_json::{Value, json};

use crate::support::*;

const PIN: &str = "485163";

struct Device {
    folder: tempfile::TempDir,
}

/// How a run ended: its exit code, and all that it said.
struct Ran(i32, String);

impl Ran {
    #[track_caller]
    fn is(&self, code: i32, says: &[&str]) {
        assert_eq!(self.0, code, "{}", self.1);
        for part in says {
            assert!(self.1.contains(part), "no {part:?} in:\n{}", self.1);
        }
    }
}

fn shares() -> Value {
    json!({
        "format": "conclave-device-shares", "version": 1, "device": "Phone", "user": "ann@example.org",
        "organizations": [
            {"id": "acme", "name": "Acme", "changed": "2026-05-05T10:00:00Z",
             "shares": [{"id": "ecdsa", "value": "YWNtZSBzaGFyZSBvbmU="}, {"id": "eddsa", "value": "YWNtZSBzaGFyZSB0d28="}]},
            {"id": "bank", "name": "Bank", "changed": "2026-06-06T10:00:00Z", "colour": "red",
             "shares": [{"id": "ecdsa", "value": "YmFuayBzaGFyZQ=="}]},
        ],
    })
}

impl Device {
    /// With a folder for backups, and one for what opens them.
    fn new() -> Self {
        let device = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["b", "k", "out"] {
            fs::create_dir(device.path(folder)).unwrap();
        }
        device.write("shares.json", &shares().to_string());
        device.write_pin("k/pin", PIN);
        device
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn write_pin(&self, name: &str, pin: &str) {
        self.write(name, &format!("{pin}\n"));
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn run(&self, line: &str) -> Ran {
        let output = conclave().current_dir(&self.folder).arg("device").args(line.split(' ')).output().unwrap();
        Ran(output.status.code().unwrap(), said(&output))
    }

    fn by_cloud(&self) {
        self.run("backup shares.json --organization acme --purpose training --cloud google --account ann --new-pin k/pin --cloud-key-out k/key.json --out b/1.json")
            .is(0, &["Backup of Acme was successful: Backed up.", "upload it to Google", "days on one core"]);
    }

    fn by_phrase(&self) {
        self.run("backup shares.json --organization acme --purpose training --phrase --phrases-out k/phrase.txt --out b/1.json")
            .is(0, &["Backup of Acme was successful: Backed up."]);
    }

    fn status(&self, file: &str) -> Vec<String> {
        let ran = self.run(&format!("status shares.json {file} --json"));
        let json: Value = serde_json::from_str(&ran.1).unwrap();
        let organizations = json["organizations"].as_array().unwrap();
        organizations
            .iter()
            .map(|one| format!("{} {}", one["id"].as_str().unwrap(), one["status"].as_str().unwrap()))
            .collect()
    }

    /// The restored contents; both readers give the same.
    fn restored(&self, file: &str, with: &str) -> Value {
        let _ = fs::remove_file(self.path("out/r.json"));
        self.run(&format!("restore {file} {with} --out out/r.json --format json --plaintext"))
            .is(0, &["This restores one person's device.", "Restored the shares of"]);
        let contents = fs::read(self.path("out/r.json")).unwrap();
        if let Some(mut python) = python() {
            let with: Vec<&str> = with.trim_start_matches("--phrases ").split(' ').collect();
            let reader = project("docs/emergency_reader.py");
            let read = python.current_dir(&self.folder).arg(reader).arg(file).args(with).output().unwrap();
            assert!(read.status.success() && read.stdout == contents, "{}", said(&read));
        }
        serde_json::from_slice(&contents).unwrap()
    }

    fn is_restored(&self, file: &str, with: &str, organizations: &[usize]) {
        let given = shares();
        let all = given["organizations"].as_array().unwrap();
        let wanted = organizations.iter().map(|place| {
            let mut item = all[*place].clone();
            let id = item.as_object_mut().unwrap().remove("id").unwrap();
            (item["organization"], item["user"]) = (id, given["user"].clone());
            item["device"] = given["device"].clone();
            item
        });
        assert_eq!(self.restored(file, with)["shares"], Value::Array(wanted.collect()));
    }

    /// An organization of the device has other shares from now on.
    fn change(&self, place: usize) {
        let mut now = shares();
        now["organizations"][place]["changed"] = "2026-07-07T00:00:00Z".into();
        now["organizations"][place]["shares"] = json!([{"id": "ecdsa", "value": "bmV3"}]);
        self.write("shares.json", &now.to_string());
    }
}

#[test]
fn two_organizations_at_different_times_by_cloud_key_and_pin() {
    let device = Device::new();
    device.run("status shares.json").is(0, &["Acme (acme): 2 shares, changed 2026-05-05\n", "of the right form"]);
    device.by_cloud();
    assert_eq!(device.status("b/1.json"), ["acme backed-up", "bank not-backed-up"]);
    let with = "--cloud-key k/key.json --pin k/pin";
    device
        .run(&format!("backup shares.json --organization bank --into b/1.json {with} --out b/2.json"))
        .is(0, &["Backup of Bank was successful", "b/1.json is unchanged"]);
    assert_eq!(device.status("b/2.json"), ["acme backed-up", "bank backed-up"]);
    device.is_restored("b/1.json", with, &[0]);
    device.is_restored("b/2.json", with, &[0, 1]);
    // The device changes: that is seen, and made good.
    device.change(0);
    assert_eq!(device.status("b/2.json"), ["acme outdated", "bank backed-up"]);
    let restore = |file: &str, out: &str| {
        device.run(&format!("restore {file} {with} --shares shares.json --out {out} --format json --plaintext"))
    };
    restore("b/2.json", "out/old.json").is(7, &["Acme: Outdated", "Bank: Backed up"]);
    device.run(&format!("backup shares.json --organization acme --into b/2.json {with} --out b/3.json")).is(0, &[]);
    assert_eq!(device.status("b/3.json"), ["acme backed-up", "bank backed-up"]);
    restore("b/3.json", "out/new.json").is(0, &["Acme: Backed up"]);
    assert!(
        !fs::read_to_string(device.path("out/new.json")).unwrap().contains("YWNtZS"),
        "the old shares are not in it"
    );
    // Other shares with the same time, and a device that knows less.
    let mut other = shares();
    other["organizations"][0]["changed"] = "2026-07-07T00:00:00Z".into();
    device.write("shares.json", &other.to_string());
    restore("b/3.json", "out/differs.json").is(7, &["Acme: Differs"]);
    other["organizations"] = json!([other["organizations"][1]]);
    device.write("shares.json", &other.to_string());
    assert_eq!(device.status("b/3.json"), ["bank backed-up", "acme not-here"]);
}

#[test]
fn a_reset_changes_what_opens_it_and_takes_all_organizations_along() {
    let device = Device::new();
    device.by_phrase();
    let with = "--phrases k/phrase.txt";
    device.run(&format!("backup shares.json --organization bank --into b/1.json {with} --out b/2.json")).is(0, &[]);
    device.is_restored("b/2.json", with, &[0, 1]);
    let to_cloud = "--cloud icloud --new-pin k/pin --cloud-key-out k/key.json";
    device
        .run(&format!("reset b/2.json {with} {to_cloud} --out b/3.json"))
        .is(0, &["Backup of Bank was successful", "does not open this one", "still opens the old file"]);
    device.is_restored("b/3.json", "--cloud-key k/key.json --pin k/pin", &[0, 1]);
    device.is_restored("b/2.json", with, &[0, 1]);
    let restore =
        |file: &str, with: &str| device.run(&format!("restore {file} {with} --out out/x --format json --plaintext"));
    restore("b/3.json", with).is(4, &["the cloud key is missing"]);
    // And anew by the same way: the old key and the old phrase open the old file alone.
    let again = "--cloud other --new-pin k/pin --cloud-key-out k/key2.json";
    device.run(&format!("reset b/3.json --cloud-key k/key.json --pin k/pin {again} --out b/4.json")).is(0, &[]);
    restore("b/4.json", "--cloud-key k/key.json --pin k/pin").is(4, &["of another backup"]);
    device.is_restored("b/4.json", "--cloud-key k/key2.json --pin k/pin", &[0, 1]);
    let to_phrase = "--phrase --phrases-out k/phrase2.txt";
    device.run(&format!("reset b/2.json {with} {to_phrase} --out b/5.json")).is(0, &[]);
    restore("b/5.json", with).is(4, &["not the phrase of this backup"]);
    device.is_restored("b/5.json", "--phrases k/phrase2.txt", &[0, 1]);
    assert!(!device.path("out/x").exists());
}

#[test]
fn what_is_missing_or_wrong_is_named_before_anything_is_typed() {
    let device = Device::new();
    device.by_cloud();
    device.write_pin("k/wrong", "485164");
    device.write_pin("k/short", "4851");
    device.write("k/open", PIN);
    let restore = |with: &str| device.run(&format!("restore b/1.json {with} --out out/x --format json --plaintext"));
    let missing = ["the cloud key is missing", "kept at Google / ann (unverified)", "make a new one from the device"];
    restore("--pin k/pin").is(4, &missing);
    restore("--cloud-key k/key.json").is(4, &["the PIN is missing"]);
    restore("--cloud-key k/key.json --pin k/wrong")
        .is(4, &["do not open this backup", "Most likely the PIN is another one"]);
    restore("--cloud-key k/key.json --pin k/short").is(4, &["6 to 12 digits"]);
    restore("--cloud-key k/key.json --pin k/open").is(4, &["k/open", "600"]);
    restore("--cloud-key k/pin --pin k/pin").is(3, &["not the cloud key file"]);
    // A file that is taken for another is named.
    restore("--cloud-key shares.json --pin k/pin").is(3, &["this is what a device holds", "not the cloud key file"]);
    restore("--cloud-key b/1.json --pin k/pin").is(3, &["the backup of one person's device", "not the cloud key file"]);
    device.run("status b/1.json").is(3, &["the backup of one person's device", "not what the device holds"]);
    device.run("status k/key.json").is(3, &["the cloud key file of a device backup", "not what the device holds"]);
    device.run("status shares.json shares.json").is(3, &["what a device holds", "conclave device backup"]);
    device.run("status shares.json k/key.json").is(3, &["the cloud key file of a device backup"]);
    // Whoever finds the folder of a backup must not find its key there.
    device
        .run("backup shares.json --organization bank --into b/1.json --cloud-key k/key.json --pin k/pin --out k/2.json")
        .is(2, &["k/key.json", "whoever finds the folder has both"]);
    assert!(!device.path("k/2.json").exists());
    // One is not taken for the other.
    let organization = project("assets/training/2-of-3/snapshot.json");
    let organization = organization.to_str().unwrap();
    device
        .run(&format!("restore {organization} --phrases k/pin --out out/x --format json --plaintext"))
        .is(3, &["a backup of an organization", "conclave recover"]);
    let codes = project("assets/training/codes/snapshot.json");
    device
        .run(&format!("restore {} --phrases k/pin --out out/x --format json --plaintext", codes.to_str().unwrap()))
        .is(3, &["a file of recovery codes", "conclave codes list"]);
    for command in [
        "recover b/1.json --phrases k/pin --out out/x --format json --plaintext",
        "seal b/1.json --email a@b.org --out out/x",
        "rotate b/1.json --phrases k/pin --compact --out out/x",
        "codes list b/1.json --phrases k/pin",
    ] {
        let output = conclave().current_dir(&device.folder).args(command.split(' ')).output().unwrap();
        Ran(output.status.code().unwrap(), said(&output))
            .is(3, &["one person's device", "cannot rebuild", "conclave device restore"]);
    }
    assert!(!device.path("out/x").exists());
}

#[test]
fn every_line_of_a_file_of_phrases_is_tried_and_a_wrong_one_beside_the_right_one_is_named() {
    let device = Device::new();
    device.by_phrase();
    let right = fs::read_to_string(device.path("k/phrase.txt")).unwrap();
    let wrong = SAMPLES[0].phrases.lines().next().unwrap();
    let restore =
        |out: &str| device.run(&format!("restore b/1.json --phrases k/p --out out/{out} --format json --plaintext"));
    device.write("k/p", wrong);
    restore("a").is(4, &["Line 1: not a phrase of this backup"]);
    device.write("k/p", &format!("{wrong}\n{right}"));
    restore("b")
        .is(7, &["Line 1: not a phrase", "Line 2: verified: the user", "Restored the shares of 1 organization"]);
    device.write("k/p", &right);
    restore("c").is(0, &["verified: the user"]);
}

#[test]
fn shares_of_another_user_or_organization_and_a_second_way_are_refused() {
    let device = Device::new();
    device.by_phrase();
    let mut other = shares();
    other["user"] = "ben@example.org".into();
    device.write("ben.json", &other.to_string());
    let with = "--phrases k/phrase.txt";
    device
        .run(&format!("backup ben.json --organization bank --into b/1.json {with} --out b/2.json"))
        .is(3, &["shares of ann@example.org", "the device is of ben@example.org"]);
    device
        .run(&format!("restore b/1.json {with} --shares ben.json --out out/x --format json --plaintext"))
        .is(3, &["ben@"]);
    device
        .run(&format!("backup shares.json --organization none --into b/1.json {with} --out b/2.json"))
        .is(2, &["the id none"]);
    device.run(&format!("backup shares.json --organization bank --into b/1.json {with} --cloud google --new-pin k/pin --cloud-key-out k/x --out b/2.json")).is(2, &["cannot be used with"]);
    device
        .run("backup shares.json --organization bank --purpose training --out b/2.json")
        .is(2, &["how the backup is to be opened"]);
    device.run(&format!("backup shares.json --organization bank {with} --out b/2.json")).is(2, &["--into"]);
    device
        .run("backup shares.json --organization bank --phrase --phrases-out k/x --out b/2.json")
        .is(2, &["--i-know-this-writes-phrases"]);
    for beside in ["b/key", "b/deeper/key"] {
        device
            .run(&format!(
                "backup shares.json --all --cloud google --new-pin k/pin --cloud-key-out {beside} --out b/2.json"
            ))
            .is(2, &["would lie beside the backup"]);
    }
    device.write_pin("k/easy", "123456");
    device
        .run("backup shares.json --all --cloud google --new-pin k/easy --cloud-key-out k/x --out b/2.json")
        .is(2, &["in steps"]);
    device
        .run(&format!("restore b/1.json {with} --out out/x --format csv --plaintext"))
        .is(2, &["not written in the form csv"]);
    device.run(&format!("restore b/1.json {with} --out out/x")).is(2, &["--passphrase FILE"]);
    device.write("broken.json", "{\"format\":\"conclave-device-shares\",\"version\":1}");
    device.run("status broken.json").is(3, &["the member device is missing", "docs/device.md"]);
    assert_eq!(fs::read_dir(device.path("b")).unwrap().count(), 1);
    assert!(!device.path("k/x").exists());
}

#[test]
fn shares_of_another_device_of_the_same_user_are_not_replaced() {
    let device = Device::new();
    device.by_phrase();
    let into = |file: &str| {
        device.run(&format!("backup {file} --organization acme --into b/1.json --phrases k/phrase.txt --out b/{file}"))
    };
    // What was restored to it is the same: from now on it is of the new device.
    let mut other = shares();
    other["device"] = json!("Laptop");
    device.write("same.json", &other.to_string());
    into("same.json").is(0, &["b/1.json is unchanged, and lacks what is new"]);
    other["organizations"][0]["shares"] = json!([{"id": "ecdsa", "value": "bGFwdG9w"}]);
    other["organizations"][0]["changed"] = "2026-07-07T00:00:00Z".into();
    device.write("other.json", &other.to_string());
    into("other.json").is(3, &["shares of Acme from the device Phone, and this is Laptop", "a backup each"]);
    assert!(!device.path("b/other.json").exists());
    // Gone on with as that device.
    device
        .run("backup other.json --organization acme --into b/same.json --phrases k/phrase.txt --out b/3.json")
        .is(0, &["Backup of Acme was successful"]);
}

#[test]
fn a_list_of_organizations_that_somebody_altered_is_seen_when_it_is_opened() {
    let device = Device::new();
    device.by_phrase();
    let mut snapshot = read(&fs::read(device.path("b/1.json")).unwrap()).unwrap().snapshot().unwrap();
    let Labels::Device(labels) = &mut snapshot.labels else { panic!("it is of a device") };
    labels.organizations[0].changed = time("2030-01-01T00:00:00Z");
    snapshot.section.digests.labels = conclave::crypto::digest::digest("labels", &snapshot.labels);
    snapshot.section.checksum = Some(snapshot.section.right_checksum());
    fs::write(device.path("b/forged.json"), layout::to_bytes(&snapshot)).unwrap();
    device.change(0);
    assert_eq!(device.status("b/forged.json")[0], "acme newer", "that is what it claims");
    let restore = |file: &str| {
        device.run(&format!(
            "restore {file} --phrases k/phrase.txt --shares shares.json --out out/{}.json --format json --plaintext",
            file.len()
        ))
    };
    restore("b/forged.json").is(7, &["CHECK: The list of organizations", "Acme: Outdated"]);
    restore("b/1.json").is(7, &["Acme: Outdated"]);
    // What does not check is not gone on from.
    device
        .run("backup shares.json --organization acme --into b/forged.json --phrases k/phrase.txt --out b/2.json")
        .is(3, &["does not all check", "make a new backup"]);
}

#[test]
fn the_pin_and_the_key_are_in_no_file_but_those_that_were_asked_for() {
    let device = Device::new();
    device.by_cloud();
    let with = "--cloud-key k/key.json --pin k/pin";
    device.run(&format!("backup shares.json --organization bank --into b/1.json {with} --out b/2.json")).is(0, &[]);
    device.restored("b/2.json", with);
    let key = CloudKey::read(&fs::read(device.path("k/key.json")).unwrap()).unwrap();
    let digits = serde_json::from_slice::<Value>(key.to_bytes().reveal()).unwrap()["key"].as_str().unwrap().to_owned();
    let raw = data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap();
    let holds = |needle: &[u8]| -> BTreeSet<PathBuf> {
        let files = files_below(device.folder.path()).into_iter();
        let files = files.filter(|file| fs::read(file).unwrap().windows(needle.len()).any(|window| window == needle));
        files.map(|file| file.strip_prefix(device.folder.path()).unwrap().to_owned()).collect()
    };
    assert_eq!(holds(digits.as_bytes()), BTreeSet::from(["k/key.json".into()]));
    assert_eq!(holds(&raw[..8]), BTreeSet::new());
    assert_eq!(holds(PIN.as_bytes()), BTreeSet::from(["k/pin".into()]));
    assert_eq!(holds(b"YWNtZSBzaGFyZSBvbmU="), BTreeSet::from(["shares.json".into(), "out/r.json".into()]));
    let mode = |name: &str| fs::metadata(device.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("k/key.json"), mode("b/1.json"), mode("out/r.json")), (0o600, 0o600, 0o600));
}

#[test]
fn keepassxc_shows_the_shares_of_a_restored_device() {
    if program("keepassxc-cli").is_none() {
        return;
    }
    let device = Device::new();
    device.by_phrase();
    device.write("k/pass", "a passphrase of some length 4711\n");
    device
        .run("restore b/1.json --phrases k/phrase.txt --passphrase k/pass --out out/r.kdbx")
        .is(0, &["Restored the shares of 1 organization into out/r.kdbx."]);
    let show = |path: &Path| {
        let mut command = Command::new("keepassxc-cli");
        command.args(["show", "--quiet", "--all", "--show-protected"]).arg(path).arg("Shares of this device/Acme");
        piped(&mut command, "a passphrase of some length 4711\n")
    };
    let shown = show(&device.path("out/r.kdbx"));
    for part in
        ["Organization ID: acme", "User", "Share ecdsa: YWNtZSBzaGFyZSBvbmU=", "Share eddsa: YWNtZSBzaGFyZSB0d28="]
    {
        assert!(shown.contains(part), "no {part:?} in:\n{shown}");
    }
}

#[test]
fn the_example_of_the_documentation_is_of_the_right_form() {
    let page = fs::read_to_string(project("docs/device.md")).unwrap();
    let begin = page.find("{\n \"format\": \"conclave-device-shares\"").unwrap();
    let example = &page[begin..begin + page[begin..].find("\n```").unwrap()];
    assert_eq!(DeviceShares::read(example.as_bytes()).unwrap().items().len(), 1);
    // So are the PINs that the page calls refused.
    for pin in ["123456", "112233"] {
        assert!(page.contains(pin) && Pin::chosen(pin).is_err());
    }
}

#[test]
fn the_training_backups_are_restored_in_every_container_frozen_and_fresh() {
    let device = Device::new();
    for (folder, option) in [("frozen", None), ("fresh", Some("--fresh"))] {
        let made = conclave().current_dir(&device.folder).args(["sample", folder]).args(option).output().unwrap();
        assert!(made.status.success(), "{}", said(&made));
        for (sample, with) in DEVICE_SAMPLES.iter().zip([
            format!("--phrases {folder}/device-phrase/phrases.txt"),
            format!("--cloud-key {folder}/cloud-account/cloud-key.json --pin {folder}/device-cloud/pin.txt"),
        ]) {
            let of = |name: &str| fs::read(device.path(folder).join(sample.name).join(name)).unwrap();
            assert!(of("SHARES.json") == DEVICE_SHARES && of("expected.json") == DEVICE_EXPECTED);
            assert_eq!(of("snapshot.json") == sample.snapshot, folder == "frozen");
            // In any container it is the same file.
            let original = read(&of("snapshot.json")).unwrap().snapshot();
            for (name, bytes, _) in containers::all(&of("snapshot.json")) {
                let reading = read(&unpack(bytes, name).unwrap().text).unwrap();
                assert!(reading.snapshot() == original && original.is_some(), "{folder} {name}");
            }
            device.restored(&format!("{folder}/{}/snapshot.json", sample.name), &with);
            assert!(fs::read(device.path("out/r.json")).unwrap() == DEVICE_EXPECTED, "{folder} {}", sample.name);
            if folder == "fresh" {
                continue;
            }
            let shares = format!("{folder}/{}/SHARES.json", sample.name);
            let compared = format!("restore {folder}/{}/snapshot.json {with} --shares {shares}", sample.name);
            let out = format!("out/{folder}-{}", sample.name);
            device.run(&format!("{compared} --out {out} --format json --plaintext")).is(
                7,
                &[
                    "Northwind Training Co-operative (training): Backed up",
                    "Harbour Museum Trust (training): Outdated",
                    "Lighthouse Fund (training): Not backed up",
                ],
            );
        }
    }
}

#[test]
fn a_damaged_file_is_not_called_backed_up_and_nothing_is_made_of_what_does_not_check() {
    let device = Device::new();
    device.by_phrase();
    let whole = fs::read(device.path("b/1.json")).unwrap();
    fs::write(device.path("b/cut.json"), &whole[..1_200]).unwrap();
    device.run("status shares.json b/cut.json").is(3, &["DAMAGED:"]);
    let mut hollow: Value = serde_json::from_slice(&whole).unwrap();
    hollow["boxes"][0]["ciphertext"] = json!("AAAA");
    device.write("b/hollow.json", &hollow.to_string());
    let said = device.run("status shares.json b/hollow.json");
    said.is(3, &["Acme (acme): 2 shares, changed 2026-05-05: In a DAMAGED backup", "Bank (bank)", "Not backed up"]);
    assert!(!said.1.contains(": Backed up"), "{}", said.1);
    let with = "--phrases k/phrase.txt";
    device
        .run(&format!("restore b/cut.json {with} --out out/x --format json --plaintext"))
        .is(5, &["nothing came out"]);
    let mut snapshot = read(&whole).unwrap().snapshot().unwrap();
    let Labels::Device(labels) = &mut snapshot.labels else { panic!("it is of a device") };
    labels.organizations[0].changed = time("2030-01-01T00:00:00Z");
    snapshot.section.digests.labels = conclave::crypto::digest::digest("labels", &snapshot.labels);
    snapshot.section.checksum = Some(snapshot.section.right_checksum());
    fs::write(device.path("b/forged.json"), layout::to_bytes(&snapshot)).unwrap();
    let to_cloud = "--cloud other --new-pin k/pin --cloud-key-out k/x --out b/2.json";
    device.run(&format!("reset b/forged.json {with} {to_cloud}")).is(3, &["CHECK: The list of", "does not all check"]);
    assert!(!device.path("out/x").exists() && !device.path("k/x").exists() && !device.path("b/2.json").exists());
}

#[test]
fn older_shares_take_the_place_of_no_newer_ones_and_no_option_is_ignored() {
    let device = Device::new();
    device.change(0);
    device.by_phrase();
    device.write("shares.json", &shares().to_string());
    let into = "backup shares.json --organization acme --into b/1.json --phrases k/phrase.txt";
    device.run(&format!("{into} --out b/2.json")).is(3, &["shares of Acme that changed later"]);
    for ignored in ["--phrases-out k/x", "--new-pin k/pin --cloud-key-out k/x", "--purpose training"] {
        assert_eq!(device.run(&format!("{into} {ignored} --out b/2.json")).0, 2, "{ignored}");
    }
    device
        .run("restore b/1.json --phrases k/phrase.txt --out out/x --format json --plaintext --export-dir k")
        .is(5, &["out/x"]);
    // What the device holds and the backup does not is no silence.
    device.change(0);
    device
        .run("restore b/1.json --phrases k/phrase.txt --shares shares.json --out out/y --format json --plaintext")
        .is(7, &["Acme: Backed up", "Bank: Not backed up"]);
    assert!(!device.path("b/2.json").exists() && !device.path("out/x").exists());
}
